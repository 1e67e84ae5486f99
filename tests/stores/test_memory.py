"""The cache in memory: bounded by bytes, by time, and by the size of an entry."""

from __future__ import annotations

import pytest

from sdk import InvalidInput
from sdk.stores import MemoryCache
from tests.transport.support import FakeClock


async def test_the_least_recently_used_value_is_dropped_first() -> None:
    cache = MemoryCache(max_bytes=5000)
    for name in "abc":
        await cache.put(name, bytes(1000), 60)
    await cache.get("a")
    await cache.put("d", bytes(1000), 60)
    assert [await cache.get(name) is not None for name in "abcd"] == [True, False, True, True]
    assert cache.size <= 5000


async def test_the_size_never_exceeds_its_limit() -> None:
    cache = MemoryCache(max_bytes=100_000)
    for number in range(1000):
        await cache.put(str(number % 300), bytes(number % 700), 60)
        assert cache.size <= 100_000
    for number in range(300):
        await cache.drop(str(number))
    assert (cache.size, len(cache)) == (0, 0)


async def test_the_counted_bytes_are_close_to_python_s_own() -> None:
    import tracemalloc

    tracemalloc.start()
    try:
        cache = MemoryCache()
        before = tracemalloc.get_traced_memory()[0]
        for number in range(2000):
            await cache.put(f"{number:0100}", bytes(500), 60)
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert 0.6 < taken / cache.size < 1.1


async def test_a_value_expires() -> None:
    clock = FakeClock()
    cache = MemoryCache(clock=clock.clock)
    await cache.put("a", b"value", 60)
    clock.time += 59
    assert await cache.get("a") == b"value"
    clock.time += 1
    assert await cache.get("a") is None
    assert cache.size == 0


async def test_a_value_that_is_too_large_is_not_kept_and_replaces_the_old_one() -> None:
    cache = MemoryCache(max_entry=1000)
    await cache.put("a", b"old", 60)
    await cache.put("a", bytes(1001), 60)
    assert await cache.get("a") is None


async def test_dropping_a_prefix_drops_every_key_below_it() -> None:
    cache = MemoryCache()
    for key in ("a/b?1", "a/b/c?1", "a/bc?1"):
        await cache.put(key, b"value", 60)
    await cache.drop("a/b/")
    assert [await cache.get(key) for key in ("a/b?1", "a/b/c?1", "a/bc?1")] == [
        b"value",
        None,
        b"value",
    ]


async def test_a_closed_cache_can_be_used_again() -> None:
    cache = MemoryCache()
    await cache.put("a", b"value", 60)
    await cache.aclose()
    assert await cache.get("a") == b"value"
    assert repr(cache) == "<MemoryCache, 1 responses, 0.0 MiB>"


@pytest.mark.parametrize("sizes", [{"max_bytes": 0}, {"max_entry": -1}, {"max_bytes": 1.5}])
def test_an_invalid_size_is_refused(sizes: dict[str, int]) -> None:
    with pytest.raises(InvalidInput, match="must be a whole number"):
        MemoryCache(**sizes)  # pyright: ignore[reportArgumentType]
