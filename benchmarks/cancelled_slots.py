"""Count the slots of a pool of 10 that still work after 3 seconds of cancelled calls.

    python -m benchmarks.cancelled_slots

Callers cancel at random moments while a slow upstream responds, as users of a web app do.
Afterwards all slots are used at once: a slot with a response is alive.

Over HTTP/2 the calls share connections: there the calls that were not cancelled are counted, and
how many of them failed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import time
from collections import Counter
from typing import TYPE_CHECKING

import httpx
import trustme
from h2.connection import H2Connection
from h2.exceptions import ProtocolError

from sdk.transport import ApiClient
from sdk.transport.errors import SdkError
from sdk.transport.http.own_client import OwnClient
from tests.transport.secure import Http2Server, whole

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

SLOTS = 10


async def _serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    gone = (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError)
    with contextlib.suppress(*gone):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if b" /slow" in head:
                await asyncio.sleep(random.uniform(0.001, 0.02))  # noqa: S311  not a secret
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            await writer.drain()
    writer.close()


@contextlib.asynccontextmanager
async def upstream() -> AsyncGenerator[str]:
    """Serve on a free loopback port; yield the base URL."""
    server = await asyncio.start_server(_serve_one, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def cancel_for(seconds: float, client: httpx.AsyncClient, url: str, callers: int) -> int:
    """Run callers that call and cancel for some seconds; return the number of cancelled calls."""
    end = asyncio.get_running_loop().time() + seconds
    cancelled = 0

    async def caller() -> None:
        nonlocal cancelled
        while asyncio.get_running_loop().time() < end:
            try:
                async with asyncio.timeout(random.uniform(0.0, 0.02)):  # noqa: S311  not a secret
                    await client.get(f"{url}/slow")
            except TimeoutError:
                cancelled += 1
            except httpx.HTTPError:
                await asyncio.sleep(0)

    await asyncio.gather(*(caller() for _ in range(callers)))
    return cancelled


async def alive_slots(client: httpx.AsyncClient, url: str) -> int:
    """Return the number of the pool's slots that respond when all are used at once."""
    held: list[httpx.Response] = []
    with contextlib.suppress(httpx.PoolTimeout):
        for _ in range(SLOTS):
            request = client.build_request("GET", f"{url}/fast", timeout=1.0)
            held.append(await client.send(request, stream=True))
    for response in held:
        await response.aclose()
    return len(held)


async def measure(build: Callable[[], httpx.AsyncClient], seconds: float, callers: int) -> str:
    """Measure one client and describe the result."""
    async with upstream() as url, build() as client:
        cancelled = await cancel_for(seconds, client, url, callers)
        alive = await alive_slots(client, url)
        return f"{alive:>2} of {SLOTS} alive after {cancelled} cancelled calls"


async def measure_http2(seconds: float, callers: int) -> str:
    """Run our client over HTTP/2 through it, with no retries, and describe the outcome."""
    authority = trustme.CA()
    end = time.monotonic() + seconds
    outcomes: Counter[str] = Counter()
    with authority.cert_pem.tempfile() as path:
        os.environ["SSL_CERT_FILE"] = path
        async with (
            Http2Server(authority, _answer_later) as server,
            ApiClient(base_url=server.url, http2=True, retry=None, pacing=None) as client,
        ):

            async def caller() -> None:
                while time.monotonic() < end:
                    try:
                        async with asyncio.timeout(random.uniform(0.0, 0.1)):  # noqa: S311
                            await client.request("GET", "/slow")
                    except TimeoutError:
                        outcomes["cancelled"] += 1
                    except SdkError:
                        outcomes["failed"] += 1
                    else:
                        outcomes["complete"] += 1

            await asyncio.gather(*(caller() for _ in range(callers)))
    del os.environ["SSL_CERT_FILE"]
    failed, complete = outcomes["failed"], outcomes["complete"]
    return f"{failed} of {failed + complete} failed beside {outcomes['cancelled']} cancelled calls"


def _answer_later(connection: H2Connection, stream: int, writer: asyncio.StreamWriter) -> None:
    def answer() -> None:
        # The stream, or the whole connection, may have been closed meanwhile.
        if writer.is_closing():
            return
        with contextlib.suppress(ProtocolError):
            whole()(connection, stream, writer)
            writer.write(connection.data_to_send())

    asyncio.get_running_loop().call_later(random.uniform(0.001, 0.02), answer)  # noqa: S311


def _plain() -> httpx.AsyncClient:
    return httpx.AsyncClient(limits=httpx.Limits(max_connections=SLOTS))


def _ours() -> httpx.AsyncClient:
    return OwnClient(max_connections=SLOTS, http2=False).httpx_client()


async def _main(seconds: float) -> None:
    for callers in (8, 40):
        for name, build in (("plain httpx.AsyncClient", _plain), ("default client of Sdk", _ours)):
            print(f"{callers:>2} callers, {name:<24} {await measure(build, seconds, callers)}")
        outcome = await measure_http2(seconds, callers)
        print(f"{callers:>2} callers, {'the same over HTTP/2':<24} {outcome}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="how long to cancel calls")
    asyncio.run(_main(parser.parse_args().seconds))
