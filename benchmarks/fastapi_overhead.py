"""The overhead of FastAPI and our dependency over a call of the SDK, in memory.

    python -m benchmarks.fastapi_overhead

CPU time in microseconds, the best of several interleaved rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from fastapi import FastAPI, Response

from benchmarks.fastapi_seed import USER
from fastapi_integration import SdkDep, install_error_handlers, sdk_lifespan
from sdk import Sdk

_RESPONSE = json.dumps(USER).encode()
_DONE = Response(b"{}")


def _upstream(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=_RESPONSE, headers={"content-type": "application/json"})


def _client() -> Sdk:
    http_client = httpx.AsyncClient(transport=httpx.MockTransport(_upstream))
    return Sdk(base_url="http://api", token=None, http_client=http_client)


def _app() -> FastAPI:
    app = FastAPI(lifespan=sdk_lifespan(_client))
    install_error_handlers(app)

    @app.get("/empty")
    async def empty() -> Response:
        return _DONE

    @app.get("/dependency")
    async def dependency(_sdk: SdkDep) -> Response:
        return _DONE

    @app.get("/call")
    async def call(sdk: SdkDep) -> Response:
        await sdk.users.get("octocat")
        return _DONE

    return app


async def measure(rounds: int, repeats: int) -> dict[str, float]:
    """Return the microseconds of each step."""
    app = _app()
    async with app.router.lifespan_context(app) as state, _client() as sdk:

        async def request(path: str) -> None:
            async def receive() -> Any:
                return {"type": "http.request", "body": b"", "more_body": False}

            async def send(message: Any) -> None:
                pass

            scope = {
                "type": "http",
                "http_version": "1.1",
                "method": "GET",
                "path": path,
                "raw_path": path.encode(),
                "root_path": "",
                "query_string": b"",
                "headers": [(b"host", b"app")],
                "scheme": "http",
                "server": ("app", 80),
                "client": ("caller", 1),
                "state": dict(state or {}),
            }
            await app(scope, receive, send)

        async def both() -> None:
            # Interleaved, so that all have the same state of the processor's caches.
            await request("/empty")
            await sdk.users.get("octocat")

        steps: dict[str, Callable[[], Awaitable[object]]] = {
            "sdk.users.get, called directly": lambda: sdk.users.get("octocat"),
            "an empty endpoint": lambda: request("/empty"),
            "an empty endpoint with SdkDep": lambda: request("/dependency"),
            "an empty endpoint, then sdk.users.get": both,
            "an endpoint that calls sdk.users.get": lambda: request("/call"),
        }
        best = dict.fromkeys(steps, float("inf"))
        for _ in range(rounds):
            for name, step in steps.items():
                started = time.process_time()
                for _ in range(repeats):
                    await step()
                used = (time.process_time() - started) / repeats * 1e6
                best[name] = min(best[name], used)
        return best


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fastapi_overhead")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--repeats", type=int, default=200)
    arguments = parser.parse_args()
    for name, microseconds in asyncio.run(measure(arguments.rounds, arguments.repeats)).items():
        print(f"{microseconds:6.0f} µs  {name}")


if __name__ == "__main__":
    main()
