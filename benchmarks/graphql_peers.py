"""GraphQL in other GitHub SDKs, observed by a server on this machine, and ariadne-codegen's code.

    python -m benchmarks.graphql_peers

The first table shows what each library does in a situation, with its defaults: how often the server
was asked, and how the program ended. The second one compares the code that is generated for a query
and a mutation. It needs pip, npm and node, and takes two minutes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.peer_behaviour import Probe, Reply, probe
from benchmarks.peers import OURS, ROOT, python
from sdk.graphql.generator.schema import load_schema

LIBRARIES = (OURS, "githubkit", "pygithub", "gidgethub", "octokit")

QUERY = "query Q { viewer { login } }"
MUTATION = "mutation M { addStar(input: {}) { clientMutationId } }"
ONE_VARIABLE = "query Q($login: String) { user(login: $login) { id } }"
# The first object of the response has no pageInfo: the connection is one level further down.
PAGES = (
    "query Q($cursor: String) { viewer { status { emoji } repositories(first: 2, after: $cursor) "
    "{ pageInfo { hasNextPage endCursor } nodes { name } } } rateLimit { cost } }"
)
LIMIT = {"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}

DOCUMENTS = """
query RepoIssues($owner: String!, $name: String!, $cursor: String) {
  repository(owner: $owner, name: $name) {
    issues(first: 100, after: $cursor, states: [OPEN]) {
      pageInfo { hasNextPage endCursor }
      nodes { number title url author { login } }
    }
  }
}
mutation AddStar($input: AddStarInput!) {
  addStar(input: $input) { starrable { id stargazerCount } }
}
"""
IMPORTING = """
import sys, time
import httpx
from pydantic import AwareDatetime, BaseModel, Field
class Known(BaseModel):
    number: int
    time: AwareDatetime
sys.path.insert(0, sys.argv[1])
started = time.process_time()
import {module}
print((time.process_time() - started) * 1000)
"""


def queried(text: str, variables: str = "{}") -> dict[str, str]:
    """Return the call of each library that sends a query or a mutation."""
    method = "mutate" if text == MUTATION else "query"
    named = f", **{variables}" if variables != "{}" else ""
    return {
        "githubkit": f"gh.graphql({text!r}, {variables})",
        "pygithub": f"gh.requester.graphql_query({text!r}, {variables})",
        "gidgethub": f"await gh.graphql({text!r}, endpoint=sys.argv[1] + '/graphql'{named})",
        "octokit": f"await gh.graphql({text!r}, {variables})",
        OURS: f"await gh.graphql.{method}({text!r}, {variables})",
    }


def paged() -> dict[str, str]:
    """Return the call of each library that reads all pages of a connection."""
    return {
        "githubkit": f"""
            for page in gh.graphql.paginate({PAGES!r}):
                for node in page["viewer"]["repositories"]["nodes"]: print(node["name"], end=" ")
            """,
        "octokit": f"""
            try {{
              const all = await gh.graphql.paginate({PAGES!r})
              console.log(all.viewer.repositories.nodes.map(node => node.name).join(" "))
            }} catch (error) {{ console.log("raises", error.constructor.name) }}
            """,
        OURS: f"""
            async for node in gh.graphql.pages({PAGES!r}): print(node["name"], end=" ")
            """,
    }


def two_pages(*, stuck: bool = False) -> Callable[[str], Reply]:
    """Return a server of two pages; one that is stuck sends the cursor of the first page again.

    The stuck one sends nothing besides the connection, so that each library finds it.
    """
    asked = 0

    def respond(_path: str) -> Reply:
        nonlocal asked
        asked += 1
        more = asked == 1 or stuck
        info = {"hasNextPage": more, "endCursor": "c1" if more else None}
        nodes = [{"name": f"repository-{asked}"}]
        viewer: dict[str, Any] = {} if stuck else {"status": {"emoji": "x"}}
        viewer["repositories"] = {"pageInfo": info, "nodes": nodes}
        return Reply(body={"data": {"viewer": viewer, "rateLimit": {"cost": 1}}})

    return respond


def requests(seen: list[str], _: set[Any]) -> str:
    """Return the number of requests."""
    return f"requests: {len(seen)}"


def probes() -> tuple[Probe, ...]:
    """Return the situations; their servers count from the start."""
    limited = Reply(body={"errors": [LIMIT]}, headers={"x-ratelimit-remaining": "0"})
    unknown = {"data": {"user": None}}
    return (
        Probe("A mutation is answered 502", lambda _: Reply(502), queried(MUTATION), requests),
        Probe("A query is answered 502", lambda _: Reply(502), queried(QUERY), requests),
        Probe(
            "A variable is misspelt",
            lambda _: Reply(body=unknown),
            queried(ONE_VARIABLE, "{'logn': 'octocat'}"),
            requests,
        ),
        Probe("A 200 reports a rate limit", lambda _: limited, queried(QUERY), requests),
        Probe("Two pages, pageInfo below", two_pages(), paged(), requests),
        Probe("The cursor does not move", two_pages(stuck=True), paged(), requests),
    )


def behaviour() -> None:
    """Print the table of situations."""
    cells = {name: [probe(one, name) for one in probes()] for name in LIBRARIES}
    print("| |", " | ".join(LIBRARIES), "|")
    print("|---" * (len(LIBRARIES) + 1) + "|")
    for number, one in enumerate(probes()):
        print("|", one.name, "|", " | ".join(cells[name][number] for name in LIBRARIES), "|")


def generated(
    interpreter: str, command: list[str], folder: Path, module: str
) -> tuple[float, int, float]:
    """Return the seconds of CPU, the lines, and the milliseconds of the import."""
    before = os.times()
    started = before.children_user + before.children_system
    subprocess.run([interpreter, *command], check=True, cwd=folder, capture_output=True)
    after = os.times()
    files = [*folder.rglob("*.py")]
    lines = sum(len(path.read_text().splitlines()) for path in files)
    run = [interpreter, "-c", IMPORTING.format(module=module), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    # The first run writes the bytecode.
    taken = [
        float(
            subprocess.run(run, check=True, capture_output=True, text=True, env=environment).stdout
        )
        for _ in range(6)
    ][1:]
    return after.children_user + after.children_system - started, lines, min(taken)


def generators() -> None:
    """Print the table of generated code."""
    from graphql import print_schema

    schema = print_schema(load_schema())
    print("| | seconds of CPU | lines | ms of import above pydantic and httpx |\n|---|---|---|---|")
    for name in (OURS, "ariadne-codegen", "ariadne-codegen, all inputs and enums"):
        with tempfile.TemporaryDirectory() as directory:
            folder = Path(directory)
            folder.joinpath("items.graphql").write_text(DOCUMENTS)
            if name == OURS:
                command = ["-m", "sdk.graphql", "items.graphql"]
                interpreter, module = sys.executable, "items"
            else:
                every = "false" if name == "ariadne-codegen" else "true"
                folder.joinpath("schema.graphql").write_text(schema)
                folder.joinpath("pyproject.toml").write_text(
                    "[tool.ariadne-codegen]\n"
                    'schema_path = "schema.graphql"\nqueries_path = "items.graphql"\n'
                    f"include_all_inputs = {every}\ninclude_all_enums = {every}\n"
                )
                command = ["-m", "ariadne_codegen"]
                interpreter, module = python("ariadne_codegen"), "graphql_client"
            seconds, lines, taken = generated(interpreter, command, folder, module)
        print(f"| {name} | {seconds:.1f} | {lines:,} | {taken:.0f} |")


if __name__ == "__main__":
    generators()
    behaviour()
