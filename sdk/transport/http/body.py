"""Reads a response body to its end, decompressed, and never more of it than allowed."""

from __future__ import annotations

from sdk.transport.errors import ConnectionLost, ResponseTooLarge
from sdk.transport.headers import Headers

from .adapter import RawResponse
from .inflate import Gunzip

_SLACK = 1 << 16


async def read_body(response: RawResponse, headers: Headers, most: int) -> bytes:
    """Read the body of `response`; at most `most` bytes after decompression.

    Raises:
        ResponseTooLarge: there is more.
        ConnectionLost: the compressed body is broken or ends early.
    """
    if response.is_stream_consumed:
        # A mocked response arrives with its body read.
        return _limited(response.content, most)
    if is_compressed(headers):
        return await _read_gzip(response, most)
    return await _read_plain(response, most)


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
    return ResponseTooLarge(f"The answer's body is larger than {most:,} bytes.")


async def _read_plain(response: RawResponse, most: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_raw():
        size += len(chunk)
        if size > most:
            raise _too_large(most)
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _read_gzip(response: RawResponse, most: int) -> bytes:
    gunzip = Gunzip()
    body = bytearray()
    received = 0
    async for chunk in response.aiter_raw():
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
