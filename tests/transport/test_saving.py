"""Saving a download: a thread writes while the next chunks arrive."""

import asyncio
import os
import sys
import threading

import pytest

from tests.transport.downloads import download, streamed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="os.writev is not on Windows")

MEGABYTES = [bytes([number]) * (1 << 20) for number in range(7)]


async def test_what_the_system_did_not_take_at_once_is_written_after_it(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "writev", lambda file, chunks: os.write(file, chunks[0][:1000]))
    file, _ = download(streamed(*MEGABYTES))
    assert await file.save(tmp_path / "a") == 7 << 20
    assert (tmp_path / "a").read_bytes() == b"".join(MEGABYTES)


async def test_many_small_chunks_are_written_whole(tmp_path):
    chunks = [str(number).encode() for number in range(3000)]
    file, _ = download(streamed(*chunks))
    await file.save(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"".join(chunks)


async def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(file, chunks):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "writev", full)
    file, _ = download(streamed(*MEGABYTES))
    with pytest.raises(OSError, match="No space left"):
        await file.save(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


async def test_cancelling_during_a_write_waits_for_it_and_leaves_nothing_behind(
    tmp_path, monkeypatch
):
    begun, go, written = threading.Event(), threading.Event(), []

    def slow(file, chunks):
        begun.set()
        go.wait()
        # Raises an error if the file was closed meanwhile.
        written.append(os.write(file, b"".join(chunks)))
        return written[-1]

    monkeypatch.setattr(os, "writev", slow)
    file, _ = download(streamed(*MEGABYTES))
    saving = asyncio.create_task(file.save(tmp_path / "a"))
    await asyncio.to_thread(begun.wait)
    for _ in range(3):
        saving.cancel()
        await asyncio.sleep(0)
    assert not saving.done()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await saving
    assert written
    assert list(tmp_path.iterdir()) == []
