"""A response cache in a file, for tools that are started often."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sdk.transport.clock import Clock
from sdk.transport.errors import InvalidInput
from sdk.transport.options import check_counts
from sdk.transport.refusals import hides_arguments

from .sealing import Sealing
from .sqlite_file import SqliteFile, own_key

T = TypeVar("T")

_MIB = 1024 * 1024
_PURPOSE = "responses"


class SqliteCache:
    """Keeps responses in an SQLite file, which several processes may use at once.

    The file can be read and written by its owner only, and its content is encrypted (extra
    ``cache``). All work is done in one thread, which is started at the first use and stopped by
    ``aclose``; a later use starts it again.

    Args:
        path: the path of the file, which is created if needed; "~" is the home directory.
        secret: the encryption secret: an App's private key, or at least 32 random bytes. Without
            it, a random key in a separate file beside `path` (``.key``) is used, or created: then a
            copy of the cache alone, in a backup or a bug report, cannot be read.
        sealed: whether to encrypt.
        max_bytes: the largest size of the file; when it is full, the least recently used
            responses are removed.
        max_entry: the largest response to keep, in bytes.
        clock: the source of time, for tests.

    Raises:
        InvalidInput: the secret is empty, given although `sealed` is False, or the ``cryptography``
            package is missing; or a size is too small.
    """

    @hides_arguments
    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        secret: str | bytes | None = None,
        sealed: bool = True,
        max_bytes: int = 1024 * _MIB,
        max_entry: int = 4 * _MIB,
        clock: Clock = Clock(),  # noqa: B008  immutable
    ) -> None:
        check_counts(_MIB, max_bytes=max_bytes)
        check_counts(1, max_entry=max_entry)
        if secret is not None and not sealed:
            raise InvalidInput("Pass either secret or sealed=False, not both.")
        if os.fspath(path) == ":memory:":
            raise InvalidInput("SqliteCache is a file. For a cache in memory write MemoryCache().")
        self._path = Path(path).expanduser()
        self._max_bytes = max_bytes
        self._max_entry = max_entry
        self._now = clock.now
        self._sealed = sealed
        self._sealing: Sealing | None = None
        if sealed:
            # Also created without a secret, so that a missing package is noticed here.
            given = Sealing(_PURPOSE, b"?" if secret is None else secret)
            self._sealing = None if secret is None else given
        self._worker: _Worker | None = None

    async def open(self) -> None:
        """Open the file. Any other use opens it too, but may have a shorter time limit."""
        await self._in_thread(lambda _: None)

    async def get(self, key: str) -> bytes | None:
        """Return the value under a key, or None."""
        return await self._in_thread(lambda file: self._get(file, key))

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Store a value for a number of seconds, unless it is too large."""
        if len(value) <= self._max_entry:
            await self._in_thread(lambda file: self._put(file, key, value, seconds))

    async def drop(self, prefix: str) -> None:
        """Delete the values whose keys begin with `prefix`."""
        await self._in_thread(lambda file: file.drop(prefix))

    async def aclose(self) -> None:
        """Close the file and stop the thread; a later use opens the file again."""
        worker, self._worker = self._worker, None
        if worker is not None and worker.process == os.getpid():
            await worker.aclose()

    async def _in_thread(self, work: Callable[[SqliteFile], T]) -> T:
        worker = self._worker
        if worker is None or worker.process != os.getpid():
            # SQLite connections must not be used across a fork: the child opens its own.
            worker = self._worker = _Worker(self._open)
        return await worker.run(work)

    # The methods below run in the thread.

    def _open(self) -> SqliteFile:
        if self._sealed and self._sealing is None:
            self._sealing = Sealing(_PURPOSE, own_key(self._path))
        return SqliteFile(self._path, self._max_bytes)

    def _get(self, file: SqliteFile, key: str) -> bytes | None:
        value = file.get(key, self._now())
        if value is None or self._sealing is None:
            return value
        return self._sealing.open(key, value)

    def _put(self, file: SqliteFile, key: str, value: bytes, seconds: int) -> None:
        if self._sealing is not None:
            value = self._sealing.seal(key, value)
        file.put(key, value, self._now(), seconds)

    def __repr__(self) -> str:
        return f"<SqliteCache {self._path.name!r}>"


class _Worker:
    """One thread and the file that it works on, opened at the first use."""

    def __init__(self, opener: Callable[[], SqliteFile]) -> None:
        self.process = os.getpid()
        self._opener = opener
        self._file: SqliteFile | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sdk-cache")

    async def run(self, work: Callable[[SqliteFile], T]) -> T:
        """Run a function on the file, after all functions submitted before."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._with_file, work)

    async def aclose(self) -> None:
        """Close the file after all functions submitted before, and stop the thread."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        finally:
            self._thread.shutdown(wait=False)

    def _with_file(self, work: Callable[[SqliteFile], T]) -> T:
        if self._file is None:
            self._file = self._opener()
        return work(self._file)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
