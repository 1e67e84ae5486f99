"""Files, written and read without standing in the way of the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import secrets
import stat
import threading
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import BinaryIO, ParamSpec, TypeAlias, TypeVar, cast

from .errors import InvalidInput

P = ParamSpec("P")
T = TypeVar("T")

Progress: TypeAlias = Callable[[int, int | None], object]
"""Called after each piece with the bytes so far, and the size of the whole (None if unknown)."""


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `function` in a thread.

    When the caller is cancelled, it waits until the function is done, because two threads must not
    work on one file at once.
    """
    # A bare future and not a task: nobody who cancels "all tasks" finds it.
    loop = asyncio.get_running_loop()
    done = loop.run_in_executor(None, partial(function, *args, **kwargs))
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        while not done.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([done])
        if not done.cancelled():
            done.exception()
        raise


async def in_daemon_thread(function: Callable[[int], T], size: int) -> T:
    """Run `function(size)` in a thread that nobody waits for when the caller is cancelled.

    For reads that may never end, such as those of a pipe.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is None:
            done.set_result(cast("T", result))
        else:
            done.set_exception(error)

    def run() -> None:
        result, failure = None, None
        try:
            result = function(size)
        except BaseException as error:  # noqa: BLE001  raised in the caller
            failure = error
        # The loop may be closed by now.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=run, name="sdk-upload", daemon=True).start()
    return await done


class AtomicFile:
    """A file that is at its place whole or not at all.

    It is written under another name in the same directory and renamed at the end. What was at the
    place before stays until then. All methods block.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        # Resolved at once: the working directory may change, and a link stays a link.
        self._path = Path(path).resolve()
        self._part = self._path.with_name(f".{secrets.token_hex(8)}.part")
        self._file: BinaryIO | None = None

    def check(self) -> None:
        """Find out before anything is fetched that there is no place for the file.

        Raises:
            OSError: there is no such directory, or a directory stands at the place.
            InvalidInput: something that is no file stands at the place.
        """
        if not self._path.parent.is_dir():
            directory = str(self._path.parent)
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), directory)
        if self._path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(self._path))
        if self._path.exists() and not self._path.is_file():
            raise InvalidInput(f"{str(self._path)!r} is no ordinary file and is not replaced.")

    def open(self) -> None:
        """Begin to write; raises what ``check`` does, and OSError."""
        self.check()
        self._file = self._part.open("xb")
        with contextlib.suppress(FileNotFoundError):
            # Before the first byte: what replaces a private file is as private.
            self._part.chmod(stat.S_IMODE(self._path.stat().st_mode))

    def write(self, pieces: Iterable[bytes]) -> None:
        """Write some pieces; raises OSError."""
        if self._file is None:
            raise ValueError("the file is not open")
        self._file.writelines(pieces)

    def commit(self) -> None:
        """Put the file in its place; raises OSError."""
        if self._file is not None:
            self._file.close()
            self._part.replace(self._path)
            self._file = None

    def discard(self) -> None:
        """Remove what was written, unless it is in its place already."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._part.unlink(missing_ok=True)
            self._file = None
