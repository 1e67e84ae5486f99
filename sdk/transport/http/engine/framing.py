"""Bodies of requests whose headers say how long they are: a wrong length must not be sent.

Bytes beyond the length would be read as the next request on the connection; with too few of them,
the server waits.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Mapping

from sdk.transport.errors import InvalidInput
from sdk.transport.headers import whole_number


def checked_body(
    headers: Mapping[str, str], content: bytes | AsyncIterable[bytes] | None
) -> bytes | AsyncIterable[bytes] | None:
    """Return the body of a request with a length, or a transfer encoding, among its headers.

    Raises:
        InvalidInput: the body is of another length, or is not sent in chunks. A body that is sent
            in pieces raises it when this is known.
    """
    in_memory = content is None or isinstance(content, bytes)
    encoding = headers.get("transfer-encoding")
    if encoding is not None:
        if encoding.lower() != "chunked" or "content-length" in headers or in_memory:
            raise InvalidInput(
                "The header transfer-encoding does not fit the body. Leave it out: the HTTP client "
                "sets it."
            )
        return content
    length = whole_number(headers["content-length"])
    if length is None:
        raise _wrong("the header is not a number")
    if content is None or isinstance(content, bytes):
        size = len(content or b"")
        if size != length:
            raise _wrong(f"the body has {size:,} bytes")
        return content
    return Measured(content, length)


class Measured(AsyncIterator[bytes]):
    """A body that is sent in pieces, which ends exactly at its length."""

    def __init__(self, content: AsyncIterable[bytes], length: int) -> None:
        self._pieces = aiter(content)
        self._left = length

    async def __anext__(self) -> bytes:
        try:
            piece = await anext(self._pieces)
        except StopAsyncIteration:
            if self._left:
                raise _wrong(f"the body ends {self._left:,} bytes earlier") from None
            raise
        self._left -= len(piece)
        if self._left < 0:
            raise _wrong("the body is longer")
        return piece


def _wrong(why: str) -> InvalidInput:
    return InvalidInput(
        f"The header content-length does not fit the body: {why}. Leave it out, or pass the exact "
        "number of bytes."
    )
