// Expands requests as octokit does: a JSON array of [route, parameters] in, of requests out.
//
//     node endpoint.mjs PATH_OF_THE_ENDPOINT_MODULE <requests.json

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { endpoint } = await import(pathToFileURL(process.argv[2]).href);

const requests = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(
  JSON.stringify(
    requests.map(([route, parameters]) => {
      const { method, url, body } = endpoint(route, parameters);
      return { method, url, body };
    }),
  ),
);
