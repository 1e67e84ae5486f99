"""The behaviour of other GitHub SDKs on failures, observed by a server on this machine.

    python -m benchmarks.peer_behaviour

Each library runs with its defaults, in an environment of its own, against a server with one fixed
behaviour. The table shows the requests that the server received, and how the program ended. It
needs pip, npm and node, and takes two minutes; the libraries are installed once, in .cache.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

from benchmarks.peers import CACHE, OURS, ROOT, python
from sdk.operations import OPERATIONS

OCTOKIT = "octokit@5.0.5"
LIBRARIES = (OURS, "githubkit", "pygithub", "gidgethub", "aiogithubapi", "octokit")
PATIENCE = 25

# The setup of each library; a probe adds one or two lines.
SETUPS = {
    "githubkit": """
        import sys
        from githubkit import GitHub
        gh = GitHub("token", base_url=sys.argv[1])
        """,
    "pygithub": """
        import sys
        from github import Auth, Github
        gh = Github(auth=Auth.Token("token"), base_url=sys.argv[1])
        """,
    "gidgethub": """
        import asyncio, sys, httpx2
        from gidgethub.httpx import GitHubAPI
        async def main():
            async with httpx2.AsyncClient() as client:
                gh = GitHubAPI(client, "me", oauth_token="token", base_url=sys.argv[1])
        BODY
        asyncio.run(main())
        """,
    "aiogithubapi": """
        import asyncio, sys
        from aiogithubapi import GitHubAPI
        async def main():
            async with GitHubAPI(token="token", base_url=sys.argv[1]) as gh:
        BODY
        asyncio.run(main())
        """,
    "octokit": """
        import { Octokit } from "octokit"
        const gh = new Octokit({ auth: "token", baseUrl: process.argv[1] })
        """,
    OURS: """
        import asyncio, sys
        from sdk import Sdk
        async def main():
            async with Sdk(token="token", base_url=sys.argv[1]) as gh:
        BODY
        asyncio.run(main())
        """,
}


@dataclass
class Reply:
    """The response of the server: a status, JSON, further headers."""

    status: int = 200
    body: Any = field(default_factory=dict[str, Any])
    headers: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Probe:
    """One situation: the server's responses, and the call of each library.

    Attributes:
        shows: describes the requests that the server received; by default nothing.
    """

    name: str
    response: Callable[[str], Reply]
    code: dict[str, str]
    shows: Callable[[list[str], set[Any]], str] = lambda _seen, _connections: ""


def _issue(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "number": number,
        "title": f"issue {number}",
        "state": "open",
        # The description does not allow null.
        "comments": None if number == 2 else 0,
    }


_TOO_FAST = {"message": "You have exceeded a secondary rate limit."}

PROBES = (
    Probe(
        "A POST is answered 502",
        lambda _path: Reply(502),
        {
            "githubkit": "gh.rest.issues.create_comment('o', 'r', 1, body='x')",
            "pygithub": "gh.get_repo('o/r', lazy=True).create_label('x', 'ff0000')",
            "octokit": "await gh.rest.issues.createComment("
            "{ owner: 'o', repo: 'r', issue_number: 1, body: 'x' })",
            "gidgethub": "await gh.post('/repos/o/r/issues/1/comments', data={'body': 'x'})",
            "aiogithubapi": "await gh.repos.issues.create_comment('o/r', 1, 'x')",
            OURS: "await gh.issues.create_comment('o', 'r', 1, body='x')",
        },
        lambda seen, _: f"POSTs sent: {sum(line.startswith('POST') for line in seen)}",
    ),
    Probe(
        "The user's name is ../user",
        lambda _path: Reply(404),
        {
            "githubkit": "gh.rest.users.get_by_username('../user')",
            "pygithub": "gh.get_user('../user')",
            "octokit": "await gh.rest.users.getByUsername({ username: '../user' })",
            "gidgethub": "await gh.getitem('/users{/username}', {'username': '../user'})",
            "aiogithubapi": "await gh.users.get('../user')",
            OURS: "await gh.users.get('../user')",
        },
        lambda seen, _: seen[0] if seen else "nothing sent",
    ),
    Probe(
        "One of three issues has a null that the description does not know",
        lambda _path: Reply(body=[_issue(1), _issue(2), _issue(3)]),
        {
            "githubkit": "print(len(gh.rest.issues.list_for_repo('o', 'r').parsed_data), 'issues')",
            "pygithub": "print(len(list(gh.get_repo('o/r', lazy=True).get_issues())), 'issues')",
            "octokit": "console.log("
            "(await gh.rest.issues.listForRepo({ owner: 'o', repo: 'r' })).data.length, 'issues')",
            "gidgethub": "print(len([i async for i in gh.getiter('/repos/o/r/issues')]), 'issues')",
            "aiogithubapi": "print(len((await gh.repos.issues.list('o/r')).data), 'issues')",
            OURS: "print(len(await gh.issues.list_for_repo('o', 'r')), 'issues')",
        },
    ),
    Probe(
        "The API asks for two hours of patience",
        lambda _path: Reply(429, _TOO_FAST, {"retry-after": "7200"}),
        {
            "githubkit": "gh.rest.users.get_by_username('octocat')",
            "pygithub": "gh.get_user('octocat')",
            "octokit": "await gh.rest.users.getByUsername({ username: 'octocat' })",
            "gidgethub": "await gh.getitem('/users/octocat')",
            "aiogithubapi": "await gh.users.get('octocat')",
            OURS: "await gh.users.get('octocat')",
        },
    ),
    Probe(
        "An error is pickled, as process pools and task queues do",
        lambda _path: Reply(404, {"message": "Not Found"}),
        {
            "githubkit": """
                import pickle
                try: gh.rest.users.get_by_username('octocat')
                except Exception as e: print(pickle.loads(pickle.dumps(e)).response.status_code)
                """,
            "pygithub": """
                import pickle
                try: gh.get_user('octocat')
                except Exception as e: print(pickle.loads(pickle.dumps(e)).status)
                """,
            "gidgethub": """
                import pickle
                try: await gh.getitem('/users/octocat')
                except Exception as e: print(pickle.loads(pickle.dumps(e)).status_code)
                """,
            "aiogithubapi": """
                import pickle
                try: await gh.users.get('octocat')
                except Exception as e: print(type(pickle.loads(pickle.dumps(e))).__name__)
                """,
            OURS: """
                import pickle
                try: await gh.users.get('octocat')
                except Exception as e: print(pickle.loads(pickle.dumps(e)).status)
                """,
        },
    ),
    Probe(
        "20 requests of an app share the client that its lifespan entered",
        lambda _path: Reply(404, {"message": "Not Found"}),
        {
            # A server runs the lifespan and each request in tasks of their own.
            "githubkit": """
                import asyncio
                async def lifespan(ready, over):
                    async with gh:
                        ready.set(); await over.wait()
                async def request():
                    try: await gh.rest.users.async_get_by_username('octocat')
                    except Exception: pass
                async def main():
                    ready, over = asyncio.Event(), asyncio.Event()
                    task = asyncio.create_task(lifespan(ready, over)); await ready.wait()
                    for _ in range(20): await asyncio.create_task(request())
                    over.set(); await task
                asyncio.run(main())
                """,
            "gidgethub": """
                async def request():
                    try: await gh.getitem('/users/octocat')
                    except Exception: pass
                for _ in range(20): await asyncio.create_task(request())
                """,
            "aiogithubapi": """
                async def request():
                    try: await gh.users.get('octocat')
                    except Exception: pass
                for _ in range(20): await asyncio.create_task(request())
                """,
            OURS: """
                async def lifespan(ready, over):
                    async with Sdk(base_url=sys.argv[1]) as client:
                        clients.append(client); ready.set(); await over.wait()
                async def request():
                    try: await clients[0].users.get('octocat')
                    except Exception: pass
                clients, ready, over = [], asyncio.Event(), asyncio.Event()
                task = asyncio.create_task(lifespan(ready, over)); await ready.wait()
                for _ in range(20): await asyncio.create_task(request())
                over.set(); await task
                """,
        },
        lambda _, connections: f"connections: {len(connections)}",
    ),
)


class _Upstream(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, response: Callable[[str], Reply]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.response = response
        self.seen: list[str] = []
        self.connections: set[Any] = set()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Upstream

    def _serve(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.seen.append(f"{self.command} {self.path}")
        self.server.connections.add(self.client_address)
        reply = self.server.response(self.path)
        body = json.dumps(reply.body).encode()
        self.send_response(reply.status)
        headers = {"content-type": "application/json", "content-length": str(len(body))}
        for name, value in {**headers, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _serve  # noqa: N815  the names that http.server calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def probe(one: Probe, library: str) -> str:
    """Run one library in one situation, and describe the result."""
    if library not in one.code:
        return "-"
    with _Upstream(one.response) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        outcome = _run(library, _program(library, one.code[library]), url)
        server.shutdown()
        reported = one.shows(server.seen, server.connections)
    return ", ".join(part for part in (reported, outcome) if part)


def _program(library: str, code: str) -> str:
    setup, body = dedent(SETUPS[library]), dedent(code).strip()
    if "BODY" in setup:
        return setup.replace("BODY", indent(body, " " * 8))
    return f"{setup}\n{body}"


def _run(library: str, program: str, url: str) -> str:
    if library == "octokit":
        command = ["node", "--input-type=module", "-e", program, url]
        folder = _octokit()
    else:
        command = [python(library), "-c", program, url]
        folder = ROOT
    run = partial(subprocess.run, capture_output=True, text=True, check=False, timeout=PATIENCE)
    try:
        done = run(command, cwd=folder)
    except subprocess.TimeoutExpired:
        return f"still waiting after {PATIENCE} s"
    if done.returncode == 0:
        return done.stdout.strip()
    if library == "octokit":
        found = re.search(r"^(\w*Error)\b", done.stderr, re.MULTILINE)
        return f"raises {found[1] if found else done.stderr[:60]}"
    # The exception's own line is the last one that is not indented and begins with its name.
    named = re.findall(r"^(?:\w+\.)*([A-Z]\w+)(?::.*| for .*)?$", done.stderr, re.MULTILINE)
    return f"raises {named[-1] if named else done.stderr[-60:]}"


def _octokit() -> Path:
    target = CACHE / OCTOKIT.replace("@", "-")
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not installed")
    if not target.is_dir():
        target.mkdir(parents=True)
        options = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run([npm, "install", *options, "--prefix", str(target), OCTOKIT], check=True)
    return target


def operations() -> dict[str, str]:
    """Count the GitHub operations for which each library has a method, from its source."""
    ours = {_route(info.method, info.path) for info in OPERATIONS.values()}
    call = r"(GET|POST|PUT|PATCH|DELETE) (/[^\s`<]*)"
    found = {
        "githubkit": _routes("githubkit", "githubkit_schemas/*/rest/*.py", rf"^\s+{call}$"),
        "pygithub": _routes("pygithub", "github/*.py", rf":calls: `{call}"),
    }
    script = (
        'import { Octokit } from "octokit"; for (const group of Object.values(new Octokit().rest))'
        " for (const name of Object.keys(group)) { const one = group[name].endpoint.DEFAULTS;"
        " console.log(one.method, one.url) }"
    )
    lines = _run("octokit", script, "").splitlines()
    found["octokit"] = {_route(*line.split()) for line in lines}
    counts = {name: f"{len(routes & ours):,}" for name, routes in found.items()}
    (packages,) = (CACHE / "aiogithubapi" / "lib").glob("python*/site-packages")
    namespaces = packages.glob("aiogithubapi/namespaces/*.py")
    methods = re.findall(
        r"^    async def [a-z]", "\n".join(map(Path.read_text, namespaces)), re.MULTILINE
    )
    return {**counts, "gidgethub": "0", "aiogithubapi": str(len(methods)), OURS: f"{len(ours):,}"}


def _routes(library: str, files: str, pattern: str) -> set[tuple[str, str]]:
    (packages,) = (CACHE / library / "lib").glob("python*/site-packages")
    text = "\n".join(path.read_text() for path in packages.glob(files))
    return {_route(*found) for found in re.findall(pattern, text, re.MULTILINE)}


def _route(method: str, path: str) -> tuple[str, str]:
    return method, re.sub(r"\{[^}]*\}", "{}", path).rstrip("/")


def main() -> None:
    """Print the table."""
    for library in LIBRARIES:
        if library != "octokit":
            python(library)
    rows = [("Operations with a method", operations())]
    rows += [(one.name, {name: probe(one, name) for name in LIBRARIES}) for one in PROBES]
    print("| |", " | ".join(LIBRARIES), "|")
    print("|---" * (len(LIBRARIES) + 1) + "|")
    for name, cells in rows:
        print("|", name, "|", " | ".join(cells[library] for library in LIBRARIES), "|")


if __name__ == "__main__":
    main()
