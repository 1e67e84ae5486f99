"""A cache that fails, hangs or holds nonsense neither fails a call nor delays it for long."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import pytest

from sdk.stores import MemoryCache
from tests.caching.origin import Origin, Shelf


class Failing(Shelf):
    """Does in each method what it is told to do.

    Attributes:
        trouble: an exception to raise, or seconds to take; None to work.
    """

    trouble: Exception | float | None = None

    async def _suffer(self) -> None:
        if isinstance(self.trouble, Exception):
            raise self.trouble
        if self.trouble is not None:
            await asyncio.sleep(self.trouble)

    async def get(self, key: str) -> bytes | None:
        value = await super().get(key)
        await self._suffer()
        return value

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        await super().put(key, value, seconds)
        await self._suffer()

    async def drop(self, prefix: str) -> None:
        await super().drop(prefix)
        await self._suffer()

    async def aclose(self) -> None:
        await super().aclose()
        await self._suffer()


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_failed_cache_is_skipped_for_five_seconds_and_then_tried_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    origin, cache = Origin(), Failing()
    cache.trouble = ConnectionRefusedError("redis://user:planted@host")
    async with origin.api(cache=cache, fresh_for=60) as api:
        for _ in range(3):
            assert (await api.request("GET", "/thing")).json() == {"value": 1}
            await api.request("POST", "/thing")
        assert cache.calls == ["get"]
        origin.clock.time += 5
        await api.request("GET", "/thing")
        assert cache.calls == ["get", "get"]
        origin.clock.time += 5
        cache.trouble = None
        await api.request("GET", "/thing")
        assert cache.calls == ["get", "get", "get", "put"]
    [warning] = warnings_of(caplog)
    assert warning == (
        "The cache Failing failed (ConnectionRefusedError): calls go on without it, "
        "and it is tried again every 5 s."
    )
    assert "The cache Failing works again." in caplog.text
    assert "planted" not in caplog.text


async def test_only_one_of_many_calls_tries_a_failed_cache_again() -> None:
    origin, cache = Origin(), Failing()
    cache.trouble = OSError()
    async with origin.api(cache=cache) as api:
        await api.request("GET", "/thing")
        origin.clock.time += 5
        cache.calls.clear()
        # Others do not wait for the one that tries it.
        cache.trouble = 30.0
        await asyncio.gather(*(api.request("GET", "/thing") for _ in range(20)))
        cache.trouble = None
    assert cache.calls == ["get"]


async def test_a_silent_cache_costs_fifty_milliseconds_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    origin, cache = Origin(), Failing()
    cache.trouble = 30.0
    async with origin.api(cache=cache) as api:
        began = time.perf_counter()
        for _ in range(5):
            await api.request("GET", "/thing")
        took = time.perf_counter() - began
        cache.trouble = None
    assert cache.calls == ["get"]
    assert 0.05 <= took < 1
    [warning] = warnings_of(caplog)
    assert "no result in time" in warning


async def test_a_call_that_is_cancelled_while_it_waits_for_the_cache_is_cancelled() -> None:
    origin, cache = Origin(), Failing()
    cache.trouble = 30.0
    async with origin.api(cache=cache) as api:
        call = asyncio.create_task(api.request("GET", "/thing"))
        await asyncio.sleep(0)
        assert cache.calls == ["get"]
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        cache.trouble = None
    assert origin.requests == []


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"1",
        b"1\x00\x00\x00\x02[]",
        b"1\x00\x00\x00\x04null",
        b"1\xff\xff\xff\xff{}",
        b"9" * 100,
        b'1\x00\x00\x00\x0b["a",1,2,3]',
        b'1\x00\x00\x00\x16["a","b",true,"c",4,{}]',
        b'1\x00\x00\x00\x15["a","b",true,1,2,[3]]',
    ],
)
async def test_an_invalid_value_is_a_miss_and_is_replaced(value: bytes) -> None:
    origin, shelf = Origin(), Shelf()
    async with origin.api(cache=shelf, fresh_for=60) as api:
        await api.request("GET", "/thing")
        [key] = shelf.values
        shelf.values[key] = value
        for _ in range(2):
            assert (await api.request("GET", "/thing")).json() == {"value": 1}
    assert origin.statuses == [200, 200]


async def test_a_cache_that_cannot_be_closed_does_not_stop_the_client(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cache = Failing()
    async with Origin().api(cache=cache):
        cache.trouble = OSError("planted")
    assert warnings_of(caplog) == ["Closing the cache Failing failed (OSError)."]


async def test_a_call_with_little_time_does_not_wait_for_the_cache() -> None:
    origin, cache = Origin(), Failing()
    async with origin.api(cache=cache, timeout=0.05) as api:
        await api.request("GET", "/thing")
        await api.with_options(cache=MemoryCache()).request("GET", "/thing")
    assert cache.calls == []


async def test_a_cache_that_cannot_be_opened_is_skipped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Closed(Shelf):
        async def open(self) -> None:
            raise OSError("planted")

    shelf = Closed()
    async with Origin().api(cache=shelf) as api:
        await api.request("GET", "/thing")
    assert shelf.calls == []
    assert "The cache Closed failed (OSError)" in caplog.text
    assert "planted" not in caplog.text


async def test_a_cache_with_synchronous_methods_is_skipped() -> None:
    class Plain:
        def get(self, key: str) -> None: ...
        def put(self, key: str, value: bytes, seconds: int) -> None: ...
        def drop(self, prefix: str) -> None: ...
        async def aclose(self) -> None: ...

    cache: Any = Plain()
    async with Origin().api(cache=cache) as api:
        assert (await api.request("GET", "/thing")).status == 200


async def test_a_response_dropped_between_lookup_and_304_is_fetched_again() -> None:
    """The body is at hand from before the request on, whatever becomes of the stored one."""
    origin, cache = Origin(), MemoryCache()
    async with origin.api(cache=cache) as api:
        await api.request("GET", "/thing")

        def forget(_: Any) -> None:
            cache._entries.clear()

        origin.interfere = forget
        assert (await api.request("GET", "/thing")).json() == {"value": 1}
    assert origin.statuses == [200, 304]
