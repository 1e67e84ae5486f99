"""Reading a response body to its end: decompressed in bounded steps, up to a size limit."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

from sdk.transport.errors import ConnectionLost, ResponseTooLarge
from sdk.transport.headers import Headers

from .adapter import RawResponse
from .engine.exchange import Exchange

_SLACK = 1 << 16

# How much one step may give. It bounds what a gzip bomb makes us hold.
STEP = 1 << 20

_GZIP = 31
_GZIP_MAGIC = b"\x1f\x8b"


async def read_body(response: RawResponse, headers: Headers, most: int) -> bytes:
    """Read the body of `response`; at most `most` bytes after decompression.

    Raises:
        ResponseTooLarge: there is more.
        ConnectionLost: the compressed body is broken or ends early.
    """
    if response.is_stream_consumed:
        # A mocked response arrives with its body read.
        return _limited(response.content, most)
    if isinstance(response, Exchange) and not response.streamed:
        body = response.content
        return await _read_gzip(_once(body), most) if body and is_compressed(headers) else body
    if is_compressed(headers):
        return await _read_gzip(response.aiter_raw(), most)
    return await _read_plain(response, most)


def received_headers(response: RawResponse) -> Headers:
    """Return the headers of a response as plain data."""
    if isinstance(response, Exchange):
        return Headers.parse(response.head)
    raw: Any = response.headers.raw
    return Headers(raw)


def is_compressed(headers: Headers) -> bool:
    """Whether the body is compressed with gzip.

    Raises:
        ConnectionLost: it is compressed in another way, which nobody asked for.
    """
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return False
    if encoding in ("gzip", "x-gzip"):
        return True
    raise ConnectionLost(f"The body is compressed as {encoding[:20]!r}, which was not asked for.")


def _limited(body: bytes, most: int) -> bytes:
    if len(body) > most:
        raise _too_large(most)
    return body


def _too_large(most: int) -> ResponseTooLarge:
    return ResponseTooLarge(f"The response's body is larger than {most:,} bytes.")


async def _read_plain(response: RawResponse, most: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > most:
            raise _too_large(most)
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _read_gzip(chunks: AsyncIterator[bytes], most: int) -> bytes:
    gunzip = Gunzip()
    body = bytearray()
    received = 0
    async for chunk in chunks:
        # A body that holds nothing may have no end either. What cannot be packed takes a little
        # more than its size.
        received += len(chunk)
        if received > most * 1.01 + _SLACK:
            raise _too_large(most)
        for data in gunzip.feed(chunk):
            body += data
            if len(body) > most:
                raise _too_large(most)
    gunzip.finish()
    return bytes(body)


class Gunzip:
    """Takes the pieces of a gzip body as they arrive and gives what is in them."""

    __slots__ = ("_inflater", "_received", "_rest")

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(wbits=_GZIP)
        self._received = False
        # What came behind the end of a member, as long as it may be the beginning of another.
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Give what this piece holds, at most ``STEP`` bytes at a time; raises ConnectionLost."""
        self._received = self._received or bool(chunk)
        while chunk:
            if self._inflater.eof:
                # RFC 1952, 2.2: a gzip body may be several members, one after the other.
                if len(self._rest) == len(_GZIP_MAGIC):
                    return
                chunk = self._rest + chunk
                self._rest = chunk[: len(_GZIP_MAGIC)]
                if self._rest != _GZIP_MAGIC:
                    return
                self._inflater, self._rest = zlib.decompressobj(wbits=_GZIP), b""
            try:
                data = self._inflater.decompress(chunk, STEP)
            except zlib.error as error:
                raise ConnectionLost(f"The compressed body is broken: {error}.") from error
            if data:
                yield data
            chunk = self._inflater.unused_data or self._inflater.unconsumed_tail

    def finish(self) -> None:
        """Check that the body was whole; raises ConnectionLost."""
        if self._received and not self._inflater.eof:
            raise ConnectionLost("The compressed body ends too early.")
