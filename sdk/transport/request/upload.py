"""Bodies that are sent in chunks: from memory, from a file, from an async iterator."""

from __future__ import annotations

import inspect
import io
import os
import stat
from collections.abc import AsyncIterable
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeAlias, cast, runtime_checkable

from sdk.transport.encoding import encode_text
from sdk.transport.errors import InvalidInput
from sdk.transport.files import Progress, in_daemon_thread, in_thread

from .body import Content, Source


@runtime_checkable
class Readable(Protocol):
    """A file that was opened for reading bytes."""

    def read(self, size: int = -1, /) -> bytes: ...  # noqa: D102


UploadData: TypeAlias = (
    bytes | bytearray | memoryview | str | os.PathLike[str] | Readable | AsyncIterable[bytes]
)
"""What can be uploaded: bytes; text, sent as UTF-8; a path (``pathlib.Path``: a str is text) or a
binary file from where it stands, both read while they are sent; or an async iterator of bytes,
which can be read only once, so that the call is never tried again."""


def content_of(data: object, progress: Progress | None = None) -> Content:
    """Return `data` as the body of a request.

    Raises:
        InvalidInput: it cannot be sent.
        OSError: the file cannot be looked at.
    """
    return data if isinstance(data, Content) else Content(source_of(data), progress)


def source_of(data: object) -> Source:
    """Return where the bytes of `data` come from.

    Raises:
        InvalidInput: it cannot be sent.
        OSError: the file cannot be looked at.
    """
    if isinstance(data, str):
        data = encode_text(data)
    if isinstance(data, (bytes, bytearray, memoryview)):
        view = memoryview(cast("bytes", data))
        return _Memory(view.cast("B") if view.c_contiguous else memoryview(view.tobytes()))
    if isinstance(data, os.PathLike):
        return _Path(Path(cast("os.PathLike[str]", data)))
    if isinstance(data, AsyncIterable):
        return _Pieces(cast("AsyncIterable[bytes]", data))
    if isinstance(data, Readable):
        return _File(data)
    raise InvalidInput(
        "Pass the data to upload as bytes, text, a pathlib.Path, a file opened for reading bytes, "
        f"or an async iterator of bytes, not {type(data).__name__}."
    )


class _Memory:
    replayable = True

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._position = 0
        self.length: int | None = len(self._data)

    async def rewind(self) -> None:
        self._position = 0

    async def read(self, most: int) -> bytes:
        chunk = bytes(self._data[self._position : self._position + most])
        self._position += len(chunk)
        return chunk

    def close(self) -> None:
        pass


class _Path:
    replayable = True

    def __init__(self, path: Path) -> None:
        # Made absolute at once: the working directory may change before a retry.
        self._path = path.absolute()
        status = self._path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInput(f"{str(path)!r} is not a regular file. Open it, and pass the file.")
        self._file: BinaryIO | None = None
        self.length: int | None = status.st_size

    async def rewind(self) -> None:
        self.close()
        self._file = await in_thread(self._path.open, "rb")

    async def read(self, most: int) -> bytes:
        return b"" if self._file is None else await in_thread(self._file.read, most)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class _File:
    """A file of the caller: it is read from its current position, and not closed."""

    def __init__(self, file: Readable) -> None:
        # Most files have more methods than reading needs.
        self._file = cast("Any", file)
        if isinstance(self._file, io.TextIOBase):
            raise InvalidInput('The file was opened for reading text. Open it with mode "rb".')
        if inspect.iscoroutinefunction(self._file.read):
            raise InvalidInput(
                "The file is read asynchronously. Pass the one underneath (such as upload.file of "
                "a FastAPI UploadFile), or an async iterator of bytes."
            )
        if getattr(self._file, "closed", False) is True:
            raise InvalidInput("The file is closed. Upload it before it is closed.")
        if isinstance(self._file, io.IOBase) and not self._file.readable():
            raise InvalidInput('The file was opened for writing only. Open it with mode "rb".')
        self._start: int | None = None
        self.length: int | None = None
        if hasattr(file, "seekable") and self._file.seekable():
            start = self._start = self._file.tell()
            self.length = max(0, self._file.seek(0, os.SEEK_END) - start)
            self._file.seek(start)
        self.replayable = self._start is not None

    async def rewind(self) -> None:
        if self._start is not None:
            await in_thread(self._file.seek, self._start)

    async def read(self, most: int) -> bytes:
        # A file that cannot seek may be a pipe, and a read of it may wait without end.
        run = in_thread if self.replayable else in_daemon_thread
        return _checked(await run(self._file.read, most))

    def close(self) -> None:
        pass


_END: Any = object()


class _Pieces:
    replayable = False

    def __init__(self, chunks: AsyncIterable[bytes]) -> None:
        self._pieces = aiter(chunks)
        self.length: int | None = None

    async def rewind(self) -> None:
        pass

    async def read(self, most: int) -> bytes:  # noqa: ARG002  its chunks are of its own size
        while True:
            chunk = await anext(self._pieces, _END)
            if chunk is _END:
                return b""
            # An empty chunk would be taken for the end.
            if data := _checked(chunk):
                return data

    def close(self) -> None:
        pass


def _checked(chunk: Any) -> bytes:
    if isinstance(chunk, bytes):
        return chunk
    if isinstance(chunk, (bytearray, memoryview)):
        return bytes(cast("bytearray", chunk))
    raise InvalidInput(f"The data to upload must come as bytes, not {type(chunk).__name__}.")
