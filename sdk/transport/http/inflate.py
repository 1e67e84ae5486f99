"""Decompression of a gzip body in bounded steps."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from sdk.transport.errors import ConnectionLost

# How much one step may give. It bounds what a gzip bomb makes us hold.
STEP = 1 << 20

_GZIP = 31
_GZIP_MAGIC = b"\x1f\x8b"


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
