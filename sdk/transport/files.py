"""Read and write files without blocking the event loop."""

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
"""Called after each chunk with the number of bytes so far and the total (None if unknown)."""


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `function` in a thread.

    If the caller is cancelled, it waits until the function has returned, because two threads must
    not use one file at once.
    """
    # A future and not a task: code that cancels all tasks does not cancel it.
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
    """Run `function(size)` in a thread; a cancelled caller does not wait for it.

    For reads that may never return, such as those of a pipe.
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
    """A file that appears under its name only when it is complete.

    It is written under another name in the same directory and renamed at the end, which replaces an
    existing file. All methods block.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        # Resolved now, as the working directory may change; a symbolic link stays a link.
        self._path = Path(path).resolve()
        self._part = self._path.with_name(f".{secrets.token_hex(8)}.part")
        self._file: BinaryIO | None = None

    def check(self) -> None:
        """Check, before anything is fetched, that the file can be written.

        Raises:
            OSError: the directory does not exist, or the path is a directory.
            InvalidInput: there is something at the path that is not a regular file.
        """
        if not self._path.parent.is_dir():
            directory = str(self._path.parent)
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), directory)
        if self._path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(self._path))
        if self._path.exists() and not self._path.is_file():
            raise InvalidInput(f"{str(self._path)!r} is not a regular file and is not replaced.")

    def open(self) -> None:
        """Open the temporary file; raise the errors of ``check``, and OSError."""
        self.check()
        self._file = self._part.open("xb")
        with contextlib.suppress(FileNotFoundError):
            # Before the first byte: the file gets the permissions of the one that it replaces.
            self._part.chmod(stat.S_IMODE(self._path.stat().st_mode))

    def write(self, chunks: Iterable[bytes]) -> None:
        """Write some chunks; raise OSError."""
        if self._file is None:
            raise ValueError("the file is not open")
        self._file.writelines(chunks)

    def commit(self) -> None:
        """Rename the file to its name; raise OSError."""
        if self._file is not None:
            self._file.close()
            self._part.replace(self._path)
            self._file = None

    def discard(self) -> None:
        """Remove the temporary file, unless it was renamed."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._part.unlink(missing_ok=True)
            self._file = None
