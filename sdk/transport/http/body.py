"""Read a response body to its end: decompressed in bounded steps, up to a size limit."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

from sdk.transport.errors import ConnectionLost, ResponseTooLarge
from sdk.transport.headers import Headers

from .adapter import RawResponse
from .engine.exchange import MAX_ERROR_BYTES, Exchange

_SLACK = 1 << 16

# The maximum output of one step in bytes, which bounds the memory that a gzip bomb can take.
STEP = 1 << 20

_PART = 1 << 14
_MANY = 100

_GZIP = 31
_GZIP_NAMES = ("gzip", "x-gzip")
# https://www.iana.org/assignments/http-parameters: all but "identity".
_COMPRESSIONS = frozenset(
    (*_GZIP_NAMES, "aes128gcm", "br", "compress", "x-compress", "dcb", "dcz", "deflate", "exi",
     "pack200-gzip", "zstd")
)  # fmt: skip
_GZIP_MAGIC = b"\x1f\x8b"


async def read_body(response: RawResponse, headers: Headers, most: int) -> bytes:
    """Read the body of `response`, at most `most` bytes after decompression.

    The body of an error is read up to ``MAX_ERROR_BYTES`` only, and as far as it can be
    decompressed: the status says more than that.

    Raises:
        ResponseTooLarge: there is more.
        ConnectionLost: the compressed body is corrupt or ends early.
    """
    is_error = response.status_code >= 400
    limit = _limit(response.status_code, most)
    cut = limit < most
    try:
        compressed = is_compressed(headers)
    except ConnectionLost:
        if is_error:
            return b""
        raise
    if response.is_stream_consumed:
        # The body of a mocked response is read already.
        body = response.content
        if len(body) > limit and not cut:
            raise _too_large(most)
        return body[:limit]
    whole = isinstance(response, Exchange) and not response.streamed
    chunks = _once(response.content) if whole else response.aiter_raw()
    if compressed:
        return await _read_gzip(chunks, limit, cut=cut, is_error=is_error)
    return await _read_plain(chunks, limit, cut=cut)


def whole_body(response: Exchange, headers: Headers, most: int) -> bytes | None:
    """Decompress the body of a response that the engine has read to its end, in one step.

    None if it cannot be: ``read_body`` reads it in more steps, or raises.
    """
    inflater = zlib.decompressobj(wbits=_GZIP)
    try:
        data = inflater.decompress(response.content, STEP) if is_compressed(headers) else b""
    except (zlib.error, ConnectionLost):
        return None
    is_all = inflater.eof and not inflater.unused_data
    return data if is_all and len(data) <= _limit(response.status_code, most) else None


def _limit(status: int, most: int) -> int:
    return MAX_ERROR_BYTES if status >= 400 and most > MAX_ERROR_BYTES else most


def received_headers(response: RawResponse) -> Headers:
    """Return the headers of a response as plain data."""
    if isinstance(response, Exchange):
        return Headers.parse(response.head)
    raw: Any = response.headers.raw
    return Headers(raw)


def is_compressed(headers: Headers) -> bool:
    """Return whether the body is compressed with gzip.

    Raises:
        ConnectionLost: it is compressed in another way, which was not requested.
    """
    encoding = headers.get("content-encoding", "").strip().lower()
    if not encoding:
        return False
    if encoding in _GZIP_NAMES:
        return True
    # Some servers name a charset here, "none", or how the file was uploaded ("aws-chunked").
    codings = [each for name in encoding.split(",") if (each := name.strip()) in _COMPRESSIONS]
    if codings and (len(codings) > 1 or codings[0] not in _GZIP_NAMES):
        raise ConnectionLost(
            f"The body is compressed as {encoding[:20]!r}, which was not requested.", permanent=True
        )
    return bool(codings)


def _too_large(most: int) -> ResponseTooLarge:
    return ResponseTooLarge(f"The response's body is larger than {most:,} bytes.")


async def _read_plain(chunks: AsyncIterator[bytes], most: int, *, cut: bool) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        pieces.append(chunk)
        if size > most:
            if not cut:
                # The traceback of a failed call keeps this frame alive.
                pieces.clear()
                raise _too_large(most)
            break
    body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    return body[:most]


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def _read_gzip(
    chunks: AsyncIterator[bytes], most: int, *, cut: bool, is_error: bool
) -> bytes:
    gunzip = Gunzip()
    body = bytearray()
    received = 0
    async for chunk in chunks:
        received += len(chunk)
        try:
            for data in gunzip.feed(chunk):
                body += data
                if len(body) > most:
                    break
                if len(data) == STEP or not data:
                    # Other tasks run, and the call's time limit is checked.
                    await asyncio.sleep(0)
        except ConnectionLost:
            if is_error:
                return bytes(body[:most])
            raise
        # A body that decompresses to nothing may be endless. Incompressible data takes slightly
        # more than its size.
        if len(body) > most or received > most * 1.01 + _SLACK:
            if cut:
                return bytes(body[:most])
            body.clear()
            raise _too_large(most)
    if not is_error:
        gunzip.finish()
    return bytes(body)


class Gunzip:
    """A gzip decompressor that takes the pieces of a body as they arrive."""

    __slots__ = ("_inflater", "_members", "_received", "_rest")

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(wbits=_GZIP)
        self._received = False
        self._members = 0
        # The bytes after the end of a member, as long as they may be the start of another.
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the decompressed data, at most ``STEP`` bytes at a time; raise ConnectionLost.

        Empty data is yielded now and then while many members follow each other, for other tasks to
        run.
        """
        self._received = self._received or bool(chunk)
        # In parts, because what follows a member is copied.
        for start in range(0, len(chunk), _PART):
            yield from self._feed(chunk[start : start + _PART])

    def _feed(self, chunk: bytes) -> Iterator[bytes]:
        while chunk:
            if self._inflater.eof:
                # RFC 1952, 2.2: a gzip body may consist of several members.
                if len(self._rest) == len(_GZIP_MAGIC):
                    return
                chunk = self._rest + chunk
                self._rest = chunk[: len(_GZIP_MAGIC)]
                if self._rest != _GZIP_MAGIC:
                    return
                self._inflater, self._rest = zlib.decompressobj(wbits=_GZIP), b""
                self._members += 1
                if self._members % _MANY == 0:
                    yield b""
            try:
                data = self._inflater.decompress(chunk, STEP)
            except zlib.error as error:
                raise ConnectionLost(f"The compressed body is broken: {error}.") from error
            if data:
                yield data
            chunk = self._inflater.unused_data or self._inflater.unconsumed_tail

    def finish(self) -> None:
        """Check that the body is complete; raise ConnectionLost."""
        if self._received and not self._inflater.eof:
            raise ConnectionLost("The compressed body ends too early.")
