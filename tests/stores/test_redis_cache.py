"""The cache on Redis: what it keeps there, and that it returns what is there now."""

import os

import pytest

from sdk.stores import RedisCache

SECRET = "pl4nted-cache-secret"


@pytest.fixture
async def open_cache(redis):
    made = []

    def open_one(**options):
        made.append(RedisCache.from_url(redis.url, **{"secret": SECRET, **options}))
        return made[-1]

    yield open_one
    for cache in made:
        await cache.aclose()


@pytest.mark.parametrize("value", [b"", b"short", b"page " * 100_000, os.urandom(200_000)], ids=len)
async def test_another_process_reads_what_one_has_kept(open_cache, value):
    await open_cache().put("k?1", value, 60)

    assert await open_cache().get("k?1") == value
    assert await open_cache(secret="another-cache-secret").get("k?1") is None


async def test_a_page_is_compressed_to_a_tenth_and_encrypted(open_cache, redis):
    page = b'{"title": "pl4nted issue"}' * 20_000
    await open_cache().put("k?1", page, 60)

    (key,) = redis.keys()
    kept = int(redis.command("STRLEN", key).strip()[1:])
    assert kept < len(page) / 10
    assert b"pl4nted" not in redis.dump()


async def test_what_another_process_wrote_replaces_what_was_read_before(open_cache):
    one, other = open_cache(), open_cache()
    await one.put("k?1", b"old", 60)
    assert [await one.get("k?1"), await one.get("k?1")] == [b"old", b"old"]

    await other.put("k?1", b"new", 60)
    assert await one.get("k?1") == b"new"

    await other.drop("k")
    assert await one.get("k?1") is None


async def test_a_value_that_was_moved_to_another_key_is_not_returned(open_cache, redis):
    cache = open_cache()
    await cache.put("k?1", b"of one", 60)
    assert await cache.get("k?1") == b"of one"

    redis.command("RENAME", "sdk:cache:k?1", "sdk:cache:k?2")
    assert await cache.get("k?2") is None


async def test_many_large_values_are_all_returned(open_cache):
    # More than what is remembered of them.
    cache, values = open_cache(), {f"k?{n}": b"%d" % n * 1_500_000 for n in range(9)}
    for key, value in values.items():
        await cache.put(key, value, 60)

    for _ in range(2):
        assert {key: await cache.get(key) for key in values} == values
