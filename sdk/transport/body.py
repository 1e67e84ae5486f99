"""Reads a response body to its end, decompressed, and never more of it than allowed."""

from __future__ import annotations

import zlib

from .errors import ConnectionLost, ResponseTooLarge
from .headers import Headers
from .seam import RawResponse

# How much one step of decompression may give. It bounds what a gzip bomb makes us hold.
_STEP = 1 << 20

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
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return await _read_plain(response, most)
    if encoding in ("gzip", "x-gzip"):
        return await _read_gzip(response, most)
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
    inflater = zlib.decompressobj(wbits=_GZIP)
    body = bytearray()
    received = False
    try:
        async for chunk in response.aiter_raw():
            data = chunk
            received = received or bool(data)
            while data:
                body += inflater.decompress(data, _STEP)
                if len(body) > most:
                    raise _too_large(most)
                data = inflater.unconsumed_tail
                # RFC 1952, 2.2: a gzip body may be several members, one after the other.
                if inflater.eof and inflater.unused_data.startswith(_GZIP_MAGIC):
                    data = inflater.unused_data
                    inflater = zlib.decompressobj(wbits=_GZIP)
    except zlib.error as error:
        raise ConnectionLost(f"The compressed body is broken: {error}.") from error
    if received and not inflater.eof:
        raise ConnectionLost("The compressed body ends too early.")
    return bytes(body)
