// Prints, for each query, the locations that the search of the site gives, best first.
// It runs the theme's own search worker, which builds the lunr index as in a browser.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const [worker, index, ...queries] = process.argv.slice(2);
const handlers = [], answers = [];
const context = {
  Intl, URL, TextDecoder, console,
  addEventListener: (_, handler) => handlers.push(handler),
  postMessage: (message) => answers.push(message),
};
context.self = context;
vm.runInContext(readFileSync(worker, "utf8"), vm.createContext(context));

const SETUP = 0, QUERY = 2;

async function ask(type, data) {
  for (const handler of handlers) await handler({ data: { type, data } });
  return answers.pop().data;
}

await ask(SETUP, { ...JSON.parse(readFileSync(index, "utf8")), options: { suggest: false } });
const found = {};
for (const query of queries) {
  const { items } = await ask(QUERY, query);
  found[query] = items.map(([best]) => best.location);
}
console.log(JSON.stringify(found));
