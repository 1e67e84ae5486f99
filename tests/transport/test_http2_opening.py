"""HTTP/2: a call that is cancelled while it opens a connection for several."""

from __future__ import annotations

import asyncio

import pytest
import trustme

from sdk.transport.http import network
from tests.transport.secure import Http2Server, whole
from tests.transport.support import Api


async def test_a_cancelled_opening_fails_no_other_call(
    trusted: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening, may_go = asyncio.Event(), asyncio.Event()
    write = network._Stream._write_whole

    async def held(self: network._Stream, buffer: bytes, timeout: float | None) -> None:
        opening.set()
        await may_go.wait()
        await write(self, buffer, timeout)

    monkeypatch.setattr(network._Stream, "_write_whole", held)
    async with (
        Http2Server(trusted, whole()) as server,
        Api(base_url=server.url, http2=True, retry=None, timeout=5) as api,
    ):
        first = asyncio.create_task(api.request("GET", "/x"))
        others = [asyncio.create_task(api.request("GET", "/x")) for _ in range(3)]
        await opening.wait()
        first.cancel()
        await asyncio.sleep(0)
        may_go.set()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert [response.status for response in await asyncio.gather(*others)] == [200] * 3
