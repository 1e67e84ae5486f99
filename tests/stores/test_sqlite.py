"""The cache in a file: shared by processes, sealed, and never the cause of a failed call."""

from __future__ import annotations

import logging
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sdk import InvalidInput
from sdk.auth import TokenAuth
from sdk.stores import SqliteCache
from sdk.stores.sqlite_file import SqliteFile
from tests.caching.origin import Origin
from tests.transport.support import FakeClock

SECRET = b"s" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "cache.db"


async def test_stored_values_are_found_by_the_next_process(path: Path) -> None:
    origin = Origin()
    for _ in range(2):
        async with origin.api(cache=SqliteCache(path), auth=TokenAuth("t")) as api:
            assert (await api.request("GET", "/thing")).json() == {"value": 1}
    assert origin.statuses == [200, 304]


async def test_planted_secrets_are_not_in_its_files(path: Path) -> None:
    origin = Origin()
    origin.documents = {"/planted-path": {"value": "planted-body"}}
    origin.headers["x-planted"] = "planted-header"
    async with origin.api(cache=SqliteCache(path), auth=TokenAuth("planted-token")) as api:
        await api.request("GET", "/planted-path")
        await api.request("GET", "/planted-path")
        kept = b"".join(file.read_bytes() for file in path.parent.iterdir())
    kept += b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert origin.statuses == [200, 304]
    assert len(kept) > 4096
    assert b"planted" not in kept


async def test_its_files_can_be_read_by_their_owner_only(path: Path) -> None:
    cache = SqliteCache(path)
    await cache.put("a", b"value", 60)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    await cache.aclose()
    assert set(modes) >= {"cache.db", "cache.db-wal", "cache.db.key"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_the_mode_of_an_existing_file_is_restricted(path: Path) -> None:
    path.parent.mkdir()
    path.touch(0o644)
    cache = SqliteCache(path, secret=SECRET)
    await cache.put("a", b"value", 60)
    await cache.aclose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_with_another_secret_nothing_is_found_and_nothing_fails(path: Path) -> None:
    cache, other = SqliteCache(path, secret=SECRET), SqliteCache(path, secret=b"o" * 32)
    await cache.put("a", b"value", 60)
    assert (await cache.get("a"), await other.get("a")) == (b"value", None)
    await cache.aclose()
    await other.aclose()


async def test_it_can_be_left_unsealed(path: Path) -> None:
    cache = SqliteCache(path, sealed=False)
    await cache.put("a", b"a value in clear", 60)
    assert await cache.get("a") == b"a value in clear"
    await cache.aclose()
    assert b"a value in clear" in path.read_bytes()
    assert not path.with_name("cache.db.key").exists()


async def test_a_value_expires(path: Path) -> None:
    clock = FakeClock()
    cache = SqliteCache(path, secret=SECRET, clock=clock.clock)
    await cache.put("a", b"value", 60)
    clock.time += 59
    assert await cache.get("a") == b"value"
    clock.time += 1
    assert await cache.get("a") is None
    await cache.aclose()


async def test_dropping_a_prefix_drops_every_key_below_it(path: Path) -> None:
    cache = SqliteCache(path, secret=SECRET)
    keys = ("a/b?1", "a/b/c?1", "a/bc?1")
    for key in keys:
        await cache.put(key, b"value", 60)
    await cache.drop("a/b/")
    assert [await cache.get(key) for key in keys] == [b"value", None, b"value"]
    await cache.drop("")
    assert [await cache.get(key) for key in keys] == [None] * 3
    await cache.aclose()


async def test_a_full_cache_drops_the_least_recently_used(path: Path) -> None:
    clock = FakeClock()
    cache = SqliteCache(path, sealed=False, max_bytes=1024 * 1024, clock=clock.clock)
    await cache.put("used", bytes(20_000), 10**6)
    for number in range(100):
        clock.time += 3601
        await cache.get("used")
        await cache.put(str(number), bytes(20_000), 10**6)
    assert await cache.get("used") is not None
    assert await cache.get("0") is None
    assert await cache.get("99") is not None
    await cache.aclose()
    assert path.stat().st_size <= 1.2 * 1024 * 1024


async def test_a_value_that_is_too_large_is_not_kept(path: Path) -> None:
    cache = SqliteCache(path, max_entry=1000)
    await cache.put("a", bytes(1001), 60)
    assert not path.exists()


@pytest.mark.parametrize("damage", ["header kept", "middle"])
async def test_a_damaged_file_is_replaced(path: Path, damage: str) -> None:
    cache = SqliteCache(path, sealed=False)
    for number in range(50):
        await cache.put(str(number), bytes(5000), 60)
    await cache.aclose()
    raw = bytearray(path.read_bytes())
    begin = 100 if damage == "header kept" else 4096
    raw[begin:] = b"\x5a" * (len(raw) - begin)
    path.write_bytes(raw)
    for _ in range(3):
        await cache.get("1")
    await cache.put("1", b"new", 60)
    assert await cache.get("1") == b"new"
    await cache.aclose()


@pytest.mark.parametrize("content", [b"my notes, not a database\n" * 100, None])
async def test_a_file_of_another_format_is_not_changed(
    path: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    if content is None:
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE notes (text)")
        connection.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    origin = Origin()
    async with origin.api(cache=SqliteCache(path)) as api:
        for _ in range(2):
            assert (await api.request("GET", "/thing")).status == 200
    assert path.read_bytes() == before
    assert len([one for one in caplog.records if one.levelno >= logging.WARNING]) == 1


async def test_a_directory_that_cannot_be_created_is_a_miss(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    origin = Origin()
    async with origin.api(cache=SqliteCache(tmp_path / "file" / "cache.db")) as api:
        for _ in range(2):
            assert (await api.request("GET", "/thing")).status == 200
    assert origin.statuses == [200, 200]
    assert len([one for one in caplog.records if one.levelno >= logging.WARNING]) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
async def test_a_directory_that_is_read_only_is_a_miss(path: Path) -> None:
    path.parent.mkdir(mode=0o500)
    origin = Origin()
    async with origin.api(cache=SqliteCache(path)) as api:
        assert (await api.request("GET", "/thing")).status == 200


PROGRAM = """
import asyncio, sys
from sdk.stores import SqliteCache
from sdk.stores.sqlite_file import SqliteFile

async def main():
    cache = SqliteCache(sys.argv[1])
    for number in range(100):
        key = f"{sys.argv[2]}-{number}"
        await cache.put(key, key.encode() * 50, 600)
        value = await cache.get(key)
        assert value in (None, key.encode() * 50), value
    print(sum([await cache.get(f"{sys.argv[2]}-{n}") is not None for n in range(100)]))
    await cache.aclose()

asyncio.run(main())
"""


async def test_two_processes_use_it_at_once(path: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(path), name], stdout=subprocess.PIPE, text=True
        )
        for name in "ab"
    ]
    found = [int(process.communicate(timeout=60)[0]) for process in running]
    assert [process.returncode for process in running] == [0, 0]
    # A write that met one of the other process may be left out.
    assert all(count >= 50 for count in found)
    cache = SqliteCache(path)
    values = [await cache.get(f"{name}-{number}") for name in "ab" for number in range(100)]
    assert sum(value is not None for value in values) == sum(found)
    await cache.aclose()


def test_a_new_file_can_be_opened_by_several_processes_at_once(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def store(_: int) -> None:
        for turn in range(10):
            together.wait(10)
            file = SqliteFile(tmp_path / f"{turn}.db", 1 << 20)
            file.put("key", b"value", 0.0, 60)  # left out while another one writes
            file.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(store, range(8)))
    for turn in range(10):
        file = SqliteFile(tmp_path / f"{turn}.db", 1 << 20)
        assert file.get("key", 1.0) == b"value"
        file.close()


async def test_a_long_write_of_another_process_is_not_waited_for(path: Path) -> None:
    cache = SqliteCache(path, secret=SECRET)
    await cache.put("a", b"value", 60)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await cache.put("b", b"value", 60)
    assert (await cache.get("a"), await cache.get("b")) == (b"value", None)
    other.execute("ROLLBACK")
    other.close()
    await cache.put("b", b"value", 60)
    assert await cache.get("b") == b"value"
    await cache.aclose()


async def test_closing_ends_the_thread_and_the_next_use_opens_the_file_again(path: Path) -> None:
    cache = SqliteCache(path, secret=SECRET)
    await cache.aclose()
    await cache.put("a", b"value", 60)
    await cache.aclose()
    await cache.aclose()
    assert await cache.get("a") == b"value"
    await cache.aclose()
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("sdk-cache")]
    for thread in threads:
        thread.join(5)
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
async def test_a_forked_process_opens_the_file_for_itself(path: Path) -> None:
    cache = SqliteCache(path, secret=SECRET)
    await cache.put("a", b"value", 60)
    worker = cache._worker
    cache._worker.process = 1  # type: ignore[union-attr]  # as a child sees it
    assert await cache.get("a") == b"value"
    assert cache._worker is not worker
    await cache.aclose()
    assert worker is not None
    worker.process = os.getpid()
    await worker.aclose()


async def test_an_invalid_key_file_is_a_miss(path: Path) -> None:
    path.parent.mkdir()
    path.with_name("cache.db.key").write_bytes(b"short")
    cache = SqliteCache(path)
    with pytest.raises(OSError, match=r"cache\.db\.key does not hold a key of 32 bytes: delete it"):
        await cache.get("a")
    await cache.aclose()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"secret": ""}, "secret to encrypt with is empty", id="empty secret"),
        pytest.param({"secret": "s", "sealed": False}, "secret or sealed=False", id="both"),
        pytest.param({"max_bytes": 1000}, "max_bytes must be a whole number", id="too small"),
    ],
)
def test_wrong_options_name_the_fix(path: Path, options: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        SqliteCache(path, **options)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_its_repr_shows_no_secret(path: Path) -> None:
    assert repr(SqliteCache(path, secret="planted")) == "<SqliteCache 'cache.db'>"
