"""The body of a request that is sent in chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from sdk.transport.errors import InvalidInput

if TYPE_CHECKING:
    from types import TracebackType

    from sdk.transport.files import Progress

# How much is read from its source, and handed to the HTTP library, at a time.
_PIECE = 256 * 1024


class Source(Protocol):
    """The source of an upload's bytes."""

    length: int | None
    replayable: bool

    async def rewind(self) -> None:
        """Go to the start, or open the file."""
        ...

    async def read(self, most: int) -> bytes:
        """Return the next chunk, of `most` bytes where there is a choice; b"" at the end."""
        ...

    def close(self) -> None:
        """Close the file that ``rewind`` opened."""
        ...


class Content:
    """The body of a request; each iteration over it begins anew.

    Attributes:
        length: the number of bytes; None if it is unknown.
        replayable: whether it can be sent a second time.
        failure: the error of reading it, which is not a network failure.
    """

    # Not derived from AsyncIterator: isinstance() of an abstract class takes four times as long.

    def __init__(self, source: Source, progress: Progress | None) -> None:
        self._source = source
        self._progress = progress
        self._begun = False
        self._given = 0
        self._traceback: TracebackType | None = None
        self.length = source.length
        self.replayable = source.replayable
        self.failure: Exception | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers that describe it; without a length, HTTP sends it in chunks."""
        return {} if self.length is None else {"content-length": str(self.length)}

    def __aiter__(self) -> Self:
        self._begun = False
        self._given = 0
        self.failure = None
        return self

    async def __anext__(self) -> bytes:
        try:
            chunk = await self._next()
        except Exception as error:
            self.failure, self._traceback = error, error.__traceback__
            raise
        if not chunk:
            raise StopAsyncIteration
        return chunk

    def close(self) -> None:
        """Close the file if it was opened here. A further iteration opens it again."""
        self._source.close()

    def own_failure(self) -> Exception | None:
        """Return ``failure``, without the frames of the HTTP library that it went through."""
        # They hold the request, and in it the token.
        return self.failure and self.failure.with_traceback(self._traceback)

    async def _next(self) -> bytes:
        if not self._begun:
            await self._source.rewind()
            self._begun = True
        elif self._progress is not None:
            # Asking for the next chunk says that the one before is on its way.
            self._progress(self._given, self.length)
        left = _PIECE if self.length is None else min(_PIECE, self.length - self._given)
        if left == 0:
            return b""
        chunk = await self._source.read(left)
        if not chunk and self.length is not None:
            raise InvalidInput(
                f"The file became shorter while it was sent: it had {self.length:,} bytes, and has "
                f"{self._given:,} now."
            )
        self._given += len(chunk)
        return chunk

    def __repr__(self) -> str:
        return f"<Content, {'unknown' if self.length is None else self.length} bytes>"
