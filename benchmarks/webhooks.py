"""CPU per webhook delivery: verify and decode, and a whole request to a FastAPI app.

Run it with ``python -m benchmarks.webhooks``. Each figure is the median of interleaved rounds in
one process, in microseconds of CPU time. The route by hand verifies with hmac and parses with
json.loads.
"""

from __future__ import annotations

import asyncio
import gc
import hmac
import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response

from benchmarks import peers
from benchmarks.peers import ROOT
from fastapi_integration import webhook_router
from sdk.testing.deliveries import payload_of, signed
from sdk.webhooks import Webhooks, parse, verify
from tests.conformance.npm import installed

SECRET = "a secret"  # noqa: S105  of the benchmark alone
ROUNDS, CALLS = 15, 400


def delivery() -> tuple[dict[str, str], bytes]:
    """Return the headers and body of an issue that was opened, of 11.6 KB as GitHub's are."""
    labels: list[dict[str, object]] = []
    payload = payload_of("issues", "opened", issue={"title": "It breaks"})
    while len(json.dumps(payload, separators=(",", ":"))) < 8_000:
        labels.append({"name": f"label {len(labels)}"})
        payload = payload_of("issues", "opened", issue={"title": "It breaks", "labels": labels})
    payload["issue"]["body"] = "x" * (11_600 - len(json.dumps(payload, separators=(",", ":"))))
    return signed("issues", payload, secret=SECRET)


def app_with_both() -> tuple[FastAPI, Webhooks]:
    """Return an app with the webhook router and a minimal route by hand."""
    by_hand = APIRouter()

    @by_hand.post("/by-hand")
    async def receive(request: Request) -> Response:
        body = await request.body()
        digest = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
        if not hmac.compare_digest(f"sha256={digest}", request.headers["x-hub-signature-256"]):
            return Response(status_code=401)
        json.loads(body)
        return Response(status_code=202)

    hooks = Webhooks(secret=SECRET)

    @hooks.on("issues", "opened")
    async def handler(delivery: Any) -> None:
        pass

    app = FastAPI()
    app.include_router(by_hand)
    app.include_router(webhook_router(hooks, path="/webhooks"))
    return app, hooks


def request_to(
    app: FastAPI, path: str, headers: dict[str, str], body: bytes
) -> Callable[[int], Awaitable[None]]:
    """Return a function that posts the delivery to an app, each time with another GUID."""
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    guid = next(index for index, (name, _) in enumerate(encoded) if name == b"x-github-delivery")

    async def call(number: int) -> None:
        sent = [*encoded]
        sent[guid] = (b"x-github-delivery", str(number).encode())
        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": b"",
            "headers": [*sent, (b"content-length", str(len(body)).encode())],
        }
        status = 0

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)

        await app(scope, receive, send)
        if status != 202:
            raise RuntimeError(f"answered {status}")

    return call


async def main() -> None:
    """Measure all lanes and print the table."""
    headers, body = delivery()
    signature = headers["X-Hub-Signature-256"]
    app, hooks = app_with_both()
    by_hand = request_to(app, "/by-hand", headers, body)
    ours = request_to(app, "/webhooks", headers, body)
    number = 0

    async def each(call: Callable[[int], Awaitable[None]]) -> None:
        nonlocal number
        for _ in range(CALLS):
            number += 1
            await call(number)
            # The handler runs here, as on a server's loop between two requests.
            await asyncio.sleep(0)

    async def verified(_: int) -> None:
        verify(body, signature, SECRET)

    async def verified_and_decoded(_: int) -> None:
        verify(body, signature, SECRET)
        parse("issues", body)

    async def hmac_and_loads(_: int) -> None:
        hmac.new(SECRET.encode(), body, "sha256").hexdigest()
        json.loads(body)

    lanes = {
        "verify": verified,
        "hmac + json.loads": hmac_and_loads,
        "verify + decode": verified_and_decoded,
        "FastAPI, hmac + json.loads by hand": by_hand,
        "FastAPI, webhook_router": ours,
    }
    figures: dict[str, list[float]] = {name: [] for name in lanes}
    async with hooks.running():
        for call in lanes.values():
            await each(call)
        gc.collect()
        for _ in range(ROUNDS):
            for name, call in lanes.items():
                started = time.process_time()
                await each(call)
                figures[name].append((time.process_time() - started) / CALLS * 1e6)
    medians = {name: statistics.median(values) for name, values in figures.items()}
    print(f"a body of {len(body):,} bytes; us of CPU, medians of {ROUNDS} rounds of {CALLS}")
    for name, value in medians.items():
        print(f"{name:36}{value:8.1f}")
    ratio = medians["FastAPI, webhook_router"] / medians["FastAPI, hmac + json.loads by hand"]
    print(f"webhook_router / by hand: {ratio:.2f}")


async def sustained() -> None:
    """Send 1,000 deliveries a second for three seconds to handlers that await 10 ms."""
    headers, body = delivery()
    hooks = Webhooks(secret=SECRET)
    handled = 0

    @hooks.on("issues", "opened")
    async def handler(_: Any) -> None:
        nonlocal handled
        await asyncio.sleep(0.01)
        handled += 1

    app = FastAPI()
    app.include_router(webhook_router(hooks, path="/webhooks"))
    call = request_to(app, "/webhooks", headers, body)
    loop = asyncio.get_running_loop()
    async with hooks.running():
        started, used = loop.time(), time.process_time()
        for number in range(3000):
            await call(number)
            await asyncio.sleep(max(0.0, started + number / 1000 - loop.time()))
        seconds = loop.time() - started
    cpu = time.process_time() - used
    print(
        f"3,000 deliveries in {seconds:.1f} s, handlers await 10 ms: {handled:,} handled, "
        f"{100 * cpu / seconds:.0f} % of a core"
    )


def peer_figures() -> None:
    """Print the figures of other libraries for the same delivery."""
    headers, body = delivery()
    signature = headers["X-Hub-Signature-256"]
    programs = ROOT / "benchmarks" / "programs"
    package = installed("@octokit/webhooks-methods") / "dist-node" / "index.js"
    commands = {
        "githubkit, verify + parse": [
            peers.python("githubkit"),
            str(programs / "webhooks_githubkit.py"),
            SECRET,
            signature,
        ],
        "octokit, verify + JSON.parse": [
            shutil.which("node") or "node",
            str(programs / "webhooks_octokit.mjs"),
            package.as_uri(),
            SECRET,
            signature,
        ],
    }
    for name, command in commands.items():
        done = subprocess.run(command, input=body, capture_output=True, check=True)
        print(f"{name:36}{float(done.stdout):8.1f}")


if __name__ == "__main__":
    asyncio.run(main())
    asyncio.run(sustained())
    peer_figures()
