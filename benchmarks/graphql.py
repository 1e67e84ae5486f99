"""GraphQL: CPU of a small decoded query, import of generated code, a mutation with a 502.

    python -m benchmarks.graphql

    python -m benchmarks.graphql instructions

counts the instructions of a call with valgrind, which other programs on the machine do not change.

The calls go to a transport in memory, so that only what the SDK does is measured: a GET and a POST
with the same fields, then the query that asks for them. Figures are medians of interleaved rounds.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel

from benchmarks.peers import ROOT
from sdk import Sdk
from sdk.transport import Operation
from sdk.transport.errors import SdkError

ROUNDS, CALLS = 15, 200
SCHEMA = ROOT / "tests" / "graphql" / "shop.graphql"
DOCUMENT = "query U($login: String!) { user(login: $login) { login id name bio company } }"
MUTATION = "mutation { addStar(input: {}) { id } }"
TWO_OPERATIONS = """
query GetItem($id: ID!) { item(id: $id) { name color madeAt price } }
mutation AddItem($input: ItemInput!) { addItem(input: $input) { id } }
"""
IMPORTING = """
import sys, time
import pydantic, typing_extensions
from pydantic import AwareDatetime, BaseModel, Field
class Known(BaseModel):
    number: int
    time: AwareDatetime
sys.path[:0] = sys.argv[1:]
started = time.process_time()
import items
print((time.process_time() - started) * 1000)
"""


class User(BaseModel):
    """What is asked for."""

    login: str
    id: int
    name: str | None
    bio: str | None
    company: str | None


class Data(BaseModel):
    """The data of the query."""

    user: User


class Envelope(BaseModel):
    """The response to the query, for a plain POST."""

    data: Data


USER = {"login": "octocat", "id": 1, "name": "Mona", "bio": "x" * 40, "company": "y"}
BODIES = {"GET": json.dumps(USER), "POST": json.dumps({"data": {"user": USER}})}
POST: Operation[Envelope] = Operation(
    "POST", "/graphql", body=("query", "variables", "operationName"), returns=Envelope
)


class Upstream(httpx.AsyncBaseTransport):
    """Responds at once, or with 502, and counts the requests."""

    def __init__(self, *, failing: bool = False) -> None:
        self.requests = 0
        self._failing = failing

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response to a request."""
        self.requests += 1
        if self._failing:
            return httpx.Response(502)
        headers = {"content-type": "application/json"}
        return httpx.Response(200, headers=headers, text=BODIES[request.method])


@asynccontextmanager
async def lanes() -> AsyncGenerator[dict[str, Callable[[], Awaitable[object]]]]:
    """Yield the calls to compare."""
    async with (
        httpx.AsyncClient(transport=Upstream()) as client,
        Sdk(token="t", http_client=client, pacing=None) as sdk,  # noqa: S106
    ):
        values: dict[str, Any] = {
            "query": DOCUMENT,
            "variables": {"login": "octocat"},
            "operationName": "U",
        }
        yield {
            "GET": lambda: sdk.request("GET", "/users/octocat", returns=User),
            "POST": lambda: sdk.caller.call(POST, None, values),
            "query": lambda: sdk.graphql.query(DOCUMENT, {"login": "octocat"}, returns=Data),
        }


async def calls() -> None:
    """Print the CPU time of a call of each kind."""
    async with lanes() as compared:
        figures: dict[str, list[float]] = {name: [] for name in compared}
        for number in range(ROUNDS + 1):
            for name, call in compared.items():
                started = time.process_time()
                for _ in range(CALLS):
                    await call()
                if number:
                    figures[name].append((time.process_time() - started) / CALLS * 1e6)
    report({name: statistics.median(found) for name, found in figures.items()}, "us of CPU")


def report(found: dict[str, float], unit: str) -> None:
    """Print what each lane takes, and the ratios."""
    for name, figure in found.items():
        print(f"{name:8}{figure:12,.1f} {unit}")
    for name in ("GET", "POST"):
        print(f"query / {name}: {found['query'] / found[name]:.2f}")


async def repeated(lane: str, times: int) -> None:
    """Make the calls of one lane, for a program that counts its instructions."""
    async with lanes() as compared:
        for _ in range(times):
            await compared[lane]()


def instructions() -> None:
    """Print the instructions of a call of each kind: the difference of two runs."""
    found: dict[str, float] = {}
    for lane in ("GET", "POST", "query"):
        # Writes the bytecode, which only the first run would do.
        asyncio.run(repeated(lane, 1))
        counts = [_counted(lane, times) for times in (100, 250)]
        found[lane] = (counts[1] - counts[0]) / 150
    report(found, "instructions")


def _counted(lane: str, times: int) -> int:
    program = (
        "import asyncio; from benchmarks.graphql import repeated; "
        f"asyncio.run(repeated({lane!r}, {times}))"
    )
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    done = subprocess.run(
        [*valgrind, sys.executable, "-c", program],
        check=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    [counted] = re.findall(r"Collected : (\d+)", done.stderr)
    return int(counted)


def imports() -> None:
    """Print the time to import the generated code of two operations, above pydantic."""
    with tempfile.TemporaryDirectory() as directory:
        document = Path(directory, "items.graphql")
        document.write_text(TWO_OPERATIONS)
        command = [sys.executable, "-m", "sdk.graphql", str(document), "--schema", str(SCHEMA)]
        started = time.perf_counter()
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        generated = time.perf_counter() - started
        run = [sys.executable, "-c", IMPORTING, directory, str(ROOT)]
        # The first run writes the bytecode.
        taken = [
            float(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
            for _ in range(8)
        ][1:]
    print(f"two operations: generated in {generated:.1f} s, import {min(taken):.1f} ms of CPU")


async def mutation() -> None:
    """Print how often a mutation with a 502 is sent."""
    upstream = Upstream(failing=True)
    async with (
        httpx.AsyncClient(transport=upstream) as client,
        Sdk(token="t", http_client=client) as sdk,  # noqa: S106
    ):
        try:
            await sdk.graphql.mutate(MUTATION)
        except SdkError as error:
            print(f"a mutation answered 502: {type(error).__name__}, sent {upstream.requests}x")


if __name__ == "__main__":
    if sys.argv[1:] == ["instructions"]:
        instructions()
    else:
        asyncio.run(calls())
        imports()
        asyncio.run(mutation())
