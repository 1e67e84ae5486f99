"""Streams of events: server-sent events, or lines of JSON."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from .decoding import Decoder, Undecodable
from .download import Download
from .errors import DecodeError, ResponseTooLarge

if TYPE_CHECKING:
    from types import TracebackType

    from .calls.executor import Executor
    from .download import DownloadStream
    from .request.request import StreamRequest

T = TypeVar("T")

# Some APIs send this as the data of the last event; it is not JSON.
_END = "[DONE]"


class EventStream(AsyncIterator[T], Generic[T]):
    """The events of one response; nothing is sent until they are iterated over.

    ::

        async with client.jobs.events(job_id) as events:
            async for event in events: ...

    ``async for`` over the stream itself works too; the block also closes the connection if the
    loop is left early. Depending on the content type it parses server-sent events and yields their
    data, or lines of JSON (ndjson). It is retried only until the first byte arrives.
    """

    def __init__(self, caller: Executor, request: StreamRequest) -> None:
        self._caller = caller
        self._request = request
        self._download = Download(caller, request)
        self._stream: DownloadStream | None = None
        self._events: AsyncIterator[str] | None = None
        self._ended = False

    async def __anext__(self) -> T:
        try:
            text = None if self._ended else await self._next()
            if text is not None:
                return cast("T", self._decoded(text))
        except BaseException:
            await self.aclose()
            raise
        await self.aclose()
        raise StopAsyncIteration

    async def _next(self) -> str | None:
        """Return the data of the next event; None after the last."""
        if self._events is None:
            self._stream = await self._download.__aenter__()
            self._events = _texts(self._stream, self._most)
        text = await anext(self._events, None)
        return None if text is None or text.strip() == _END else text

    async def aclose(self) -> None:
        """Stop, and return the connection to the pool. May be called twice."""
        self._ended = True
        stream, self._stream = self._stream, None
        if stream is not None:
            await self._download.__aexit__(None, None, None)

    async def __aenter__(self) -> EventStream[T]:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    @property
    def _most(self) -> int:
        return self._caller.settings.max_response_bytes

    def _decoded(self, text: str) -> Any:
        operation = self._request.operation
        decoder = operation.decoder(200)
        if not isinstance(decoder, Decoder):
            return text
        if operation.returns(200) is Any:
            try:
                return json.loads(text)
            except (ValueError, RecursionError):
                return text
        reporter = self._caller.settings.reporter
        try:
            value, drifts = decoder.decode(text.encode())
        except Undecodable as error:
            raise self._refused(str(error)) from error
        if drifts:
            reporter.report(drifts)
            if reporter.strict:
                raise self._refused(f"it differs from the description in {len(drifts)} place(s)")
        return value

    def _refused(self, reason: str) -> DecodeError:
        text = f"{self._request} sent an event that cannot be read as declared: {reason}."
        return self._request.operation.call_error(DecodeError, text)

    def __repr__(self) -> str:
        return f"<EventStream {self._request.operation}: use async for>"


async def _texts(stream: DownloadStream, most: int) -> AsyncIterator[str]:
    """Yield the data of each event."""
    by_line = stream.content_type != "text/event-stream"
    data: list[str] = []
    size = 0
    async for line in _lines(stream, most):
        if by_line:
            if text := line.strip("\x1e \t"):
                yield text
            continue
        if not line:
            if data:
                yield "\n".join(data)
            data, size = [], 0
            continue
        name, _, value = line.partition(":")
        if name == "data":
            data.append(value.removeprefix(" "))
            size += len(value)
            if size > most:
                raise ResponseTooLarge(f"An event is larger than {most:,} bytes.")
    if by_line:
        return
    if data:
        yield "\n".join(data)


async def _lines(stream: DownloadStream, most: int) -> AsyncIterator[str]:
    """Yield lines that end with LF, CR or both, in UTF-8, without a byte order mark."""
    # The pieces of the line that has not ended yet.
    pieces: list[bytes] = []
    size = 0
    after_cr, at_start = False, True
    async for received in stream:
        # A CR has ended the line; the LF that belongs to it may be in the next chunk.
        chunk = received[1:] if after_cr and received.startswith(b"\n") else received
        after_cr = received.endswith(b"\r")
        pieces.append(chunk)
        size += len(chunk)
        if b"\n" not in chunk and b"\r" not in chunk:
            if size > most:
                raise ResponseTooLarge(f"An event is larger than {most:,} bytes.")
            continue
        *whole, last = b"".join(pieces).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        pieces, size = [last], len(last)
        for line in whole:
            yield _text(line, at_start=at_start)
            at_start = False
    if size:
        yield _text(b"".join(pieces), at_start=at_start)


def _text(line: bytes, *, at_start: bool) -> str:
    return (line.removeprefix(BOM_UTF8) if at_start else line).decode("utf-8", "replace")
