"""Parse HTTP/1.1 responses with llhttp in its strict mode, plus further rules.

llhttp refuses the means of request smuggling: a length together with chunks, two lengths, folded
header lines, a bare CR or LF, control characters. This module adds the rules that depend on the
request or are a matter of policy: limits, responses to HEAD, transfer encodings other than
``chunked``, a switch of protocols, and any byte after the end of a response.
"""

from __future__ import annotations

import re
import sys

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

MAX_HEAD_BYTES = 64 * 1024
"""The largest head of a response, status line and headers, in bytes; also for trailers."""

_MAX_INTERIM_RESPONSES = 20
_CRLF = b"\r\n\r\n"
# Neither another version nor an interim response.
_ORDINARY = re.compile(rb"HTTP/1\.1 [2-5]")
_FRAMING = re.compile(
    rb"\r\n(transfer-encoding|content-length|content-encoding|keep-alive):", re.IGNORECASE
)
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*\r")
_IDLE_LIMIT = re.compile(rb"\r\nkeep-alive:[^\r]{0,100}?timeout=(\d{1,6})\b")
# The maximum overhead of chunks: the smallest chunk of one byte takes five more.
_FRAMING_PER_BYTE = 8
# This many small pieces of a body are joined: each takes more memory than its bytes.
_MAX_PIECES = 256


class ProtocolError(Exception):
    """The server violated HTTP/1.1; the text names the rule and quotes no received data."""


class ResponseParser:
    """A parser of the responses of one connection, without input or output of its own.

    Call ``start`` before each request, then ``feed`` with received data and ``feed_eof`` at the end
    of the connection.

    Attributes:
        status: the status code, once ``has_head``.
        head: the status line and the headers of the response, as received.
        has_head: whether the head is complete.
        compressed: whether the head names a content encoding, once ``has_head``.
        complete: whether the response is complete.
        keep_alive: whether the connection may be used again, once ``complete``.
        idle_limit: the seconds for which the server keeps the connection, if it sent them.
        size: the number of received bytes of the body.
    """

    __slots__ = (
        "_chunked",
        "_expects_body",
        "_framing",
        "_interims",
        "_joined",
        "_left",
        "_llhttp",
        "_partial",
        "_pieces",
        "_spent",
        "_tail",
        "_until_close",
        "complete",
        "compressed",
        "has_head",
        "head",
        "idle_limit",
        "keep_alive",
        "size",
        "status",
    )

    def __init__(self) -> None:
        self._spent = True
        self.complete = True
        self.keep_alive = self.compressed = False
        self.idle_limit: float | None = None

    def start(self, method: str) -> None:
        """Expect the response to a request with this method."""
        if self._spent:
            self._llhttp = HttpResponseParser(self)
            self._spent = False
        self._expects_body = method != "HEAD"
        self._partial: bytearray | None = None
        self._pieces: list[bytes] = []
        self._joined: bytearray | None = None
        self._interims = 0
        self._framing = 0
        self._left: int | None = None
        self._tail = b""
        self._chunked = self._until_close = False
        self.status = self.size = 0
        self.head = b""
        self.has_head = self.complete = False
        self.keep_alive = True
        self.idle_limit = None

    def feed(self, data: bytes) -> None:
        """Parse received data.

        Raises:
            ProtocolError: it is not HTTP/1.1, or larger than the limits.
        """
        if self._partial is None and not self.has_head and self._expects_body:
            # Most responses arrive with their head in one piece: llhttp is called once, 3 us less.
            end = data.find(_CRLF) + 4
            if 4 <= end <= MAX_HEAD_BYTES and _ORDINARY.match(data):
                self.head = data[:end]
                self._execute(data)
                self._read_head()
                framing = len(data) - end - self.size
                if framing or self._chunked:
                    self._check_body(data[end:], framing)
                return
        while not self.has_head:
            if not data:
                return
            data = self._feed_head(data)
        if not data:
            return
        if self.complete:
            self.keep_alive = False
        else:
            self._feed_body(data)

    def count(self, size: int) -> bool:
        """Count a piece of a body of known length, in place of ``feed`` and ``take``.

        Return False if it has to be fed: it contains the end of the body, or something else.
        """
        left = self._left
        if left is None or size >= left:
            return False
        self._left = left - size
        self.size += size
        return True

    @property
    def left(self) -> int:
        """How many bytes of a body of known length are still to come; 0 if it is unknown."""
        if self._left is None:
            self._left = self._length_to_come()
        return 0 if self._until_close else self._left

    def feed_eof(self) -> None:
        """Handle the end of the connection, which completes a body without a length.

        Raises:
            ProtocolError: the response is incomplete.
        """
        self.keep_alive = False
        if self.has_head and self._until_close:
            self.complete = True
        elif not self.complete:
            raise ProtocolError(
                "the connection was closed before the response was complete"
                if self.has_head or self._partial
                else "the connection was closed without a response"
            )

    def take(self) -> bytes:
        """Return the bytes of the body that have arrived since the last call."""
        pieces = self._pieces
        if self._joined is not None:
            self._joined += b"".join(pieces)
            body = bytes(self._joined)
            self._joined = None
        elif len(pieces) == 1:
            body = pieces[0]
        else:
            body = b"".join(pieces)
        self._pieces = []
        return body

    def _feed_head(self, data: bytes) -> bytes:
        """Parse up to the end of the head; return the data after it."""
        before = self._partial
        if before is None:
            known, end = 0, data.find(_CRLF)
        else:
            known = len(before)
            before += data
            end = before.find(_CRLF, max(0, known - 3))
        size = known + len(data) if end < 0 else end + 4
        if size > MAX_HEAD_BYTES:
            raise ProtocolError("the headers are too large")
        if end < 0:
            if before is None:
                self._partial = bytearray(data)
            self._execute(data)
            return b""
        cut = size - known
        whole = cut == len(data)
        self._execute(data if whole else data[:cut])
        if before is not None:
            self.head = bytes(before[:size])
            self._partial = None
        else:
            self.head = data if whole else data[:cut]
        self._read_head()
        return b"" if whole else data[cut:]

    def _read_head(self) -> None:
        status = self.status
        # llhttp also accepts RTSP, ICE and HTTP/2.0 in the format of 1.1, and skips blank lines
        # before the status line.
        if not status or not self.head.startswith((b"HTTP/1.1 ", b"HTTP/1.0 ")):
            raise ProtocolError("the response has no valid status line")
        if status < 200:
            self._pass_over_interim(status)
            return
        # One search for all four, which takes a third of the time of four. Python looks for text in
        # text in a quarter of the time of bytes in bytes.
        said = b" ".join(_FRAMING.findall(self.head)).decode("ascii").lower()
        encoded = "transfer-encoding" in said
        if encoded and not _is_chunked(self.head.lower()):
            raise ProtocolError("the transfer encoding is not chunked")
        if not self.complete:
            if not self._expects_body:
                # Its headers describe the body of a GET; llhttp would wait for it.
                self.complete = self._spent = True
            elif not encoded and "content-length" not in said:
                self._until_close = True
        self._chunked = encoded
        self.compressed = "content-encoding" in said
        self.has_head = True
        if "keep-alive" in said and (hint := _IDLE_LIMIT.search(self.head.lower())):
            self.idle_limit = float(hint[1])

    def _pass_over_interim(self, status: int) -> None:
        self._interims += 1
        if status < 100 or status == 101 or not self.complete:
            raise ProtocolError(f"the response has the status {status}, which was not requested")
        if self._interims > _MAX_INTERIM_RESPONSES:
            raise ProtocolError("there are too many interim responses")
        self.complete = False
        self.status = 0

    def _feed_body(self, data: bytes) -> None:
        if self._left is None:
            self._left = self._length_to_come()
        if self._left:
            self._take_body(data, self._left)
        else:
            before = self.size
            self._execute(data)
            self._check_body(data, len(data) - (self.size - before))
        if len(self._pieces) > _MAX_PIECES:
            if self._joined is None:
                self._joined = bytearray()
            self._joined += b"".join(self._pieces)
            self._pieces.clear()

    def _length_to_come(self) -> int:
        """Return how much of the body llhttp need not see; 0 if it has to find its end."""
        if self._chunked:
            return 0
        if self._until_close:
            return sys.maxsize
        # llhttp has accepted it: there is one, of digits.
        length = _LENGTH.search(self.head.lower())
        return 0 if length is None else int(length[1]) - self.size

    def _take_body(self, data: bytes, left: int) -> None:
        """Take a piece of a body as it is; llhttp would copy it."""
        self._spent = True
        piece = data if len(data) <= left else data[:left]
        self._pieces.append(piece)
        self.size += len(piece)
        self._left = left - len(piece)
        self.complete = self._left == 0
        if len(piece) < len(data):
            self.keep_alive = False

    def _check_body(self, data: bytes, framing: int) -> None:
        if self._chunked:
            self._check_chunks(data, framing)
        elif framing:
            # Data after the end is not part of a body with a length.
            self.keep_alive = False

    def _check_chunks(self, data: bytes, framing: int) -> None:
        self._framing += framing
        if self._framing > MAX_HEAD_BYTES + _FRAMING_PER_BYTE * self.size:
            raise ProtocolError("the overhead of the chunks is too large")
        self._tail = (data if len(data) >= 5 else self._tail + data)[-5:]
        if self.complete and (self._tail[1:] != _CRLF or self._tail[0] in _CRLF):
            # llhttp skips blank lines after the end.
            self.keep_alive = False

    def _execute(self, data: bytes) -> None:
        try:
            self._llhttp.feed_data(data)
        except HttpParserUpgrade:
            raise ProtocolError("the server switches to another protocol") from None
        except HttpParserError as error:
            self._spent = True
            if self.complete and self.status >= 200:
                # The violation came after the end of the response.
                self.keep_alive = False
                return
            raise ProtocolError(_reason(error)) from None

    # ---------------------------------------------------------------- called by llhttp

    def on_headers_complete(self) -> None:  # noqa: D102
        if self.complete:
            # A second response, which nobody has requested.
            raise ProtocolError
        self.status = self._llhttp.get_status_code()
        self.keep_alive = self._llhttp.should_keep_alive()

    def on_body(self, body: bytes) -> None:  # noqa: D102
        self._pieces.append(body)
        self.size += len(body)

    def on_message_complete(self) -> None:  # noqa: D102
        self.complete = True


def _is_chunked(lower: bytes) -> bool:
    # HTTP/1.0 has no transfer encodings: an HTTP/1.0 proxy may have parsed the body differently.
    _, _, value = lower.partition(b"\r\ntransfer-encoding:")
    value, _, rest = value.partition(b"\r\n")
    return (
        value.strip(b" \t") == b"chunked"
        and b"\r\ntransfer-encoding:" not in b"\r\n" + rest
        and lower.startswith(b"http/1.1")
    )


def _reason(error: HttpParserError) -> str:
    # llhttp's reasons are fixed sentences that quote no data.
    text = str(error)
    return text[:1].lower() + text[1:] if text else "the response is not HTTP/1.1"
