"""What octokit sends for the same values, told by its own package."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.conformance.operations import Described, Values

_SCRIPT = Path(__file__).with_name("endpoint.mjs")


def sent(package: Path, requests: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Method, URL and body of each request, in one run of node."""
    done = subprocess.run(
        [shutil.which("node") or "node", str(_SCRIPT), str(package / "dist-bundle" / "index.js")],
        input=json.dumps(requests),
        check=True,
        capture_output=True,
        text=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def request(described: Described, values: Values, server: str) -> tuple[str, dict[str, Any]]:
    """The route and the parameters to give to octokit.

    Path parameters get names of their own, because octokit sends a body field of a path parameter's
    name in the path only. Where slashes are kept, each part is a parameter, because its two ways to
    fill in a path encode the slash too, or not even ``#``.
    """
    path, parameters = described.path, {}
    for number, name in enumerate(described.path_names):
        value = values.path[name]
        parts = value.split("/") if name in described.multi_segment else [value]
        names = [f"path_{number}_{index}" for index in range(len(parts))]
        parameters |= dict(zip(names, parts, strict=True))
        path = path.replace(f"{{{name}}}", "/".join(f"{{{each}}}" for each in names))
    if values.query:
        # As in octokit's own routes: a parameter that the route does not name goes into the body.
        path += "{?" + ",".join(values.query) + "}"
        parameters |= values.query
    if isinstance(values.body, dict) and not _SPECIAL & values.body.keys():
        parameters |= values.body
    elif values.body is not None:
        body = values.body
        parameters["data"] = body.decode() if isinstance(body, bytes) else body
    return f"{described.method} {server}{path}", parameters


# What octokit takes for itself, whatever it is meant for.
_SPECIAL = {"baseUrl", "data", "headers", "mediaType", "method", "request", "url"}
