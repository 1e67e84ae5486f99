"""A response whose body is read piece by piece."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator

from sdk.transport.errors import ConnectionLost
from sdk.transport.headers import Headers, whole_number
from sdk.transport.response.response import Response

from .adapter import RawResponse
from .body import STEP, Gunzip, is_compressed, received_headers


class OpenResponse(Response):
    """A response with an open connection; the holder must close its ``stream``."""

    __slots__ = ("stream",)

    def __init__(self, status: int, headers: Headers, url: str, stream: BodyStream) -> None:
        super().__init__(status, headers, b"", url)
        self.stream = stream


class BodyStream(AsyncIterator[bytes]):
    """The body of a response in decompressed pieces, of which it keeps one at a time.

    Errors of reading are raised as the HTTP library raises them, or as ConnectionLost.

    Attributes:
        size: the size of the body in bytes, if known, else None.
        received: the number of bytes read so far.
    """

    def __init__(self, response: RawResponse, headers: Headers) -> None:
        self._response = response
        self._promised = _content_length(headers)
        self._gunzip: Gunzip | None = None
        if is_compressed(headers):
            self.size = None
            if response.is_stream_consumed:
                # The body of a mocked response is read and decompressed already.
                self._promised = None
            else:
                self._gunzip = Gunzip()
        else:
            self.size = self._promised
        self._raw = _already_read(response) if response.is_stream_consumed else response.aiter_raw()
        self._arrived = 0
        self._ready: Iterator[bytes] | None = None
        self.received = 0

    async def begin(self) -> None:
        """Wait for the first piece, and keep it for the reader."""
        piece = await anext(self, b"")
        self.received = 0
        if piece:
            self._ready = itertools.chain((piece,), self._ready or ())

    async def __anext__(self) -> bytes:
        while True:
            if self._ready is not None:
                for piece in self._ready:
                    self.received += len(piece)
                    if len(piece) == STEP or not piece:
                        # Other tasks run while a large body is decompressed.
                        await asyncio.sleep(0)
                    if piece:
                        return piece
                self._ready = None
            try:
                raw = await anext(self._raw)
            except StopAsyncIteration:
                self._check_end()
                raise
            self._arrived += len(raw)
            if self._gunzip is not None:
                self._ready = self._gunzip.feed(raw)
            elif raw:
                self.received += len(raw)
                return raw

    async def aclose(self) -> None:
        """Return the connection to the pool, or close it if the body is incomplete."""
        self._ready = None
        close = getattr(self._raw, "aclose", None)
        if close is not None:
            await close()
        await self._response.aclose()

    def _check_end(self) -> None:
        # Not every HTTP library checks it.
        if self._promised is not None and self._arrived < self._promised:
            raise ConnectionLost(
                f"The body ended after {self._arrived:,} of {self._promised:,} bytes"
            )
        if self._gunzip is not None:
            self._gunzip.finish()


async def open_response(response: RawResponse, url: str) -> OpenResponse:
    """Return the response as soon as the first piece of its body has arrived."""
    try:
        headers = received_headers(response)
        stream = BodyStream(response, headers)
        await stream.begin()
    except BaseException:
        await response.aclose()
        raise
    return OpenResponse(response.status_code, headers, url, stream)


async def _already_read(response: RawResponse) -> AsyncIterator[bytes]:
    yield response.content


def _content_length(headers: Headers) -> int | None:
    # Several equal values, joined by commas, are valid (RFC 9110, 8.6).
    values = {whole_number(value) for value in headers.get("content-length", "").split(",")}
    return values.pop() if len(values) == 1 else None
