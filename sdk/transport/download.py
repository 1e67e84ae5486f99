"""Downloads: to disk, in chunks, or whole."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Generator
from typing import TYPE_CHECKING, Any

from .auth import is_on_behalf
from .calls.error_messages import with_call
from .errors import DecodeError, InvalidInput, ResponseTooLarge, SdkError
from .files import AtomicFile, Progress, in_thread
from .http.exceptions import translate
from .http.streaming import OpenResponse
from .response.response import Metadata

if TYPE_CHECKING:
    from types import TracebackType

    from .calls.executor import Executor
    from .request.request import Request, StreamRequest


# The statuses of a file (RFC 9110, 15.3), and with those of a part, if a range was requested.
_WHOLE_FILES = (200, 203)
_FILES = (*_WHOLE_FILES, 206)

# Chunks are collected up to this size before a thread writes them.
_WRITE = 4 << 20


class Download:
    """A file to download; nothing is sent until it is used.

    ::

        archive = sdk.repos.download_zipball_archive("octocat", "Hello-World", "main")

        await archive.save("hello.zip")         # to disk, whatever its size
        data = await archive                    # in memory
        async with archive as stream:           # in chunks
            async for chunk in stream: ...

    Each use fetches it again. It is retried only until the first byte has reached the caller. The
    limit of the whole call (``Timeout.total``) applies until the first byte; from then on only
    ``Timeout.read`` applies, from chunk to chunk.
    """

    __slots__ = ("_caller", "_in_use", "_request", "_stream")

    def __init__(self, caller: Executor, request: StreamRequest) -> None:
        self._caller = caller
        self._request = request
        self._in_use = False
        self._stream: DownloadStream | None = None

    def __await__(self) -> Generator[Any, None, bytes]:
        return self.read().__await__()

    async def read(self) -> bytes:
        """Fetch the file into memory; awaiting the download itself is the same.

        Raises:
            ResponseTooLarge: it is larger than the client's ``max_response_bytes``.
            SdkError: as any call.
        """
        async with self._again() as stream:
            return await stream.read(self._caller.settings.max_response_bytes)

    async def save(self, path: str | os.PathLike[str], *, progress: Progress | None = None) -> int:
        """Fetch the file to disk, and return its size in bytes.

        The file appears under its name once it is complete, and replaces an existing one. If
        anything fails, nothing is left behind.

        Args:
            path: the path of the file.
            progress: called after each chunk with the bytes so far and the size in bytes, or None
                if that is unknown.

        Raises:
            OSError: the file cannot be written.
            InvalidInput: there is something at the path that is not a regular file.
            SdkError: as any call.
        """
        file = AtomicFile(path)
        await in_thread(file.check)
        async with self._again() as stream:
            return await _write(stream, file, progress)

    async def __aenter__(self) -> DownloadStream:
        if self._in_use:
            raise InvalidInput("This download is open already. Make the call again for another.")
        self._in_use = True
        try:
            self._stream = await self._open()
        except BaseException:
            self._in_use = False
            raise
        return self._stream

    if not TYPE_CHECKING:
        # Type checkers find this mistake themselves; at run time the text names the fix.

        def __aiter__(self) -> Any:
            raise TypeError(
                "A Download is opened first: write `async with download as file:` and in it "
                "`async for chunk in file`, or `await download.save(path)`."
            )

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        stream, self._stream = self._stream, None
        self._in_use = False
        if stream is not None:
            await stream.aclose()

    async def _open(self) -> DownloadStream:
        response = await self._caller.execute(self._request)
        metadata = Metadata.of(response)
        if not isinstance(response, OpenResponse):
            raise _no_file(self._request, metadata)
        if response.status not in (_FILES if "range" in self._request.headers else _WHOLE_FILES):
            await response.stream.aclose()
            raise _no_file(self._request, metadata)
        return DownloadStream(response, metadata, self._request, self._caller)

    def _again(self) -> Download:
        # One object per use, so that concurrent uses do not share a stream.
        return Download(self._caller, self._request)

    def __repr__(self) -> str:
        operation = self._request.operation
        return f"<Download {operation.method} {operation.path}: save() it, await it, or async with>"


class DownloadStream(AsyncIterator[bytes]):
    """A file that is being received: iterate over its chunks once, or save the rest of it.

    Attributes:
        metadata: status, headers and request id of the response.
    """

    def __init__(
        self, response: OpenResponse, metadata: Metadata, request: Request, caller: Executor
    ) -> None:
        self._body = response.stream
        self._request = request
        self._caller = caller
        self._closed = False
        self.metadata = metadata

    @property
    def size(self) -> int | None:
        """The size in bytes; None if the server does not send it."""
        return self._body.size

    @property
    def received(self) -> int:
        """The number of bytes read so far."""
        return self._body.received

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; ``""`` if there is none."""
        return self.metadata.headers.content_type

    async def __anext__(self) -> bytes:
        if self._closed:
            raise InvalidInput("This download is closed: read it inside its `async with` block.")
        try:
            return await anext(self._body)
        except StopAsyncIteration:
            raise
        except SdkError as error:
            raise self._failed(error) from error.__cause__
        except Exception as error:
            translated = translate(error)
            if translated is None:
                raise
            raise self._failed(translated) from error

    async def save(self, path: str | os.PathLike[str], *, progress: Progress | None = None) -> int:
        """Write the unread rest to a file, as ``Download.save`` does; return its size in bytes."""
        return await _write(self, AtomicFile(path), progress)

    async def read(self, most: int | None = None) -> bytes:
        """Return the unread rest of the body.

        Args:
            most: the maximum number of bytes to accept.

        Raises:
            ResponseTooLarge: there are more than `most`.
            TransportError: the connection failed.
        """
        data = bytearray()
        if most is not None and (self.size or 0) - self.received > most:
            raise self._failed(_too_large(most))
        async for chunk in self:
            data += chunk
            if most is not None and len(data) > most:
                # The traceback of a failed call keeps this frame alive.
                data.clear()
                raise self._failed(_too_large(most))
        return bytes(data)

    async def aclose(self) -> None:
        """Return the connection to the pool; the end of the ``async with`` block does this."""
        self._closed = True
        await self._body.aclose()

    def _failed(self, error: SdkError) -> SdkError:
        if self._caller.session.is_closed:
            error = self._caller.session.closed_during_call()
        error.args = (f"{str(error).rstrip('.')} (after {self.received:,} bytes)",)
        error.on_behalf = is_on_behalf(self._caller.settings.auth)
        return with_call(error, self._request, self.metadata.attempts)


async def _write(stream: DownloadStream, file: AtomicFile, progress: Progress | None) -> int:
    size = 0
    gathered: list[bytes] = []
    waiting = 0
    try:
        await in_thread(file.open)
        async for chunk in stream:
            size += len(chunk)
            gathered.append(chunk)
            waiting += len(chunk)
            if waiting >= _WRITE:
                await in_thread(file.write, gathered)
                gathered, waiting = [], 0
            if progress is not None:
                progress(stream.received, stream.size)
        await in_thread(file.write, gathered)
        await in_thread(file.commit)
    except BaseException:
        await in_thread(file.discard)
        raise
    return size


def _no_file(request: Request, metadata: Metadata) -> DecodeError:
    text = f"{request} answered {metadata.status} and no file"
    if metadata.status == 202:
        text += ": it is not ready yet. Ask again later"
    elif metadata.status == 206:
        text += ", but a part of one that was not requested"
    return request.operation.call_error(DecodeError, f"{text}.", metadata)


def _too_large(most: int) -> ResponseTooLarge:
    return ResponseTooLarge(
        f"The file is larger than the {most:,} bytes that may be read into memory: save() it"
    )
