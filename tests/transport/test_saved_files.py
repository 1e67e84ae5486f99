"""The file that a download is saved to: replaced when complete, with its mode and links kept."""

import asyncio
import os
import stat
import sys
import threading

import httpx
import pytest

from sdk import InvalidInput
from sdk.transport.errors import (
    ConnectionLost,
)
from sdk.transport.files import AtomicFile, in_thread
from tests.transport.downloads import download, streamed


async def test_the_old_file_stays_until_the_new_one_is_complete(tmp_path):
    place = tmp_path / "a"
    place.write_text("old")
    file, _ = download(streamed(b"abc", httpx.ReadError("gone")), streamed(b"new"), retry=None)

    with pytest.raises(ConnectionLost):
        await file.save(place)
    assert place.read_text() == "old"

    await file.save(str(place))
    assert place.read_text() == "new"
    assert list(tmp_path.iterdir()) == [place]


async def test_a_new_file_has_the_usual_permissions(tmp_path):
    file, _ = download(streamed(b"new"))
    await file.save(tmp_path / "a")
    (tmp_path / "b").write_text("by hand")
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in "ab"}
    assert len(modes) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions there")
async def test_a_replaced_file_keeps_its_mode(tmp_path):
    place = tmp_path / "secret.zip"
    place.write_text("old")
    place.chmod(0o600)
    file, _ = download(streamed(b"new"))
    await file.save(place)
    assert place.read_text() == "new"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
async def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    file, _ = download(streamed(b"new"))
    await file.save(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


async def test_an_invalid_destination_is_refused_before_a_request(tmp_path):
    file, upstream = download(streamed(b"new"))
    with pytest.raises(FileNotFoundError):
        await file.save(tmp_path / "missing" / "a")
    with pytest.raises(IsADirectoryError):
        await file.save(tmp_path)
    with pytest.raises(InvalidInput, match="not a regular file"):
        await file.save(os.devnull)
    assert upstream.requests == []


async def test_a_file_that_was_not_opened_is_not_written(tmp_path):
    file = AtomicFile(tmp_path / "a")
    with pytest.raises(ValueError, match="not open"):
        file.write(b"x")
    file.commit()
    file.discard()
    assert list(tmp_path.iterdir()) == []


async def test_cancelling_waits_for_the_thread_that_uses_the_file():
    begun, go, done = threading.Event(), threading.Event(), []

    def work():
        begun.set()
        go.wait()
        done.append(True)

    task = asyncio.create_task(in_thread(work))
    await asyncio.to_thread(begun.wait)
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    assert not task.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done


async def test_two_downloads_to_one_path_leave_one_complete_file(tmp_path):
    one, _ = download(streamed(b"1" * 1000, b"1" * 1000))
    two, _ = download(streamed(b"2" * 1000, b"2" * 1000))
    await asyncio.gather(one.save(tmp_path / "a"), two.save(tmp_path / "a"))
    assert (tmp_path / "a").read_bytes() in (b"1" * 2000, b"2" * 2000)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
