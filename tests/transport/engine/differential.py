"""Generated responses, valid and broken, read by our parser, by h11's and by aiohttp's."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple
from unittest import mock

import aiohttp.http_exceptions
import h11
from aiohttp.http_parser import HttpResponseParser

from sdk.transport.http.engine.exchange import header_lines
from sdk.transport.http.engine.parser import ProtocolError, ResponseParser

CRLF = b"\r\n"


class Read(NamedTuple):
    """What a reader made of a response: its values, or ``refused``."""

    refused: bool
    status: int = 0
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""


REFUSED = Read(refused=True)


class Generated(NamedTuple):
    """A response as bytes, the method that it answers, and whether it was left as it was made."""

    raw: bytes
    method: str
    intact: bool


# ------------------------------------------------------------------ what is read


def generate(chance: random.Random) -> Generated:
    """Make a response; in two of three something is broken, once or several times."""
    method = "HEAD" if chance.random() < 0.1 else "GET"
    head, body = _response(chance, method)
    raw = head + body
    intact = chance.random() < 1 / 3
    if not intact:
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            raw = _broken(chance, raw)
    return Generated(raw, method, intact)


def _response(chance: random.Random, method: str) -> tuple[bytes, bytes]:
    status = chance.choice((200, 200, 200, 201, 204, 301, 304, 404, 422, 503))
    version = b"1.0" if chance.random() < 0.1 else b"1.1"
    reason = chance.choice((b" OK", b" ", b"", b" Not quite \xe9"))
    lines = [b"HTTP/%b %d%b" % (version, status, reason)]
    names = [b"Content-Type", b"x-a", b"X-RateLimit-Reset", b"Link", b"ETag", b"Set-Cookie"]
    for name in chance.sample(names, chance.randrange(4)):
        value = chance.choice((b"a", b"", b"a b, c", b'W/"x"', b"\xc3\xa9", b'<u>; rel="next"'))
        lines.append(name + chance.choice((b": ", b":", b":  \t")) + value)
    body = bytes(chance.choices(range(256), k=chance.choice((0, 1, 2, 9, 30))))
    framing = chance.choice(("length", "length", "chunked", "close"))
    if framing == "chunked" and version == b"1.0":
        framing = "length"
    if framing == "length":
        lines.append(b"Content-Length: %d" % len(body))
    elif framing == "chunked":
        lines.append(b"Transfer-Encoding: chunked")
        body = _chunks(chance, body)
    if chance.random() < 0.2:
        lines.append(chance.choice((b"Connection: close", b"Connection: keep-alive")))
    interim = b""
    if chance.random() < 0.05:
        interim = b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
    if status in (204, 304) or method == "HEAD":
        body = b""
    return interim + CRLF.join([*lines, b"", b""]), body


def _chunks(chance: random.Random, body: bytes) -> bytes:
    out = b""
    while body:
        size = chance.randrange(1, len(body) + 1)
        extension = chance.choice((b"", b"", b";a=b", b';a="b;c"'))
        out += b"%x%b\r\n%b\r\n" % (size, extension, body[:size])
        body = body[size:]
    trailer = chance.choice((b"", b"", b"x-t: 1\r\n"))
    return out + b"0\r\n" + trailer + CRLF


_LINES = (
    b"Content-Length: 3",
    b"Content-Length: 3, 3",
    b"Content-Length: +3",
    b"Content-Length: 0x3",
    b"Content-Length: 99999999999999999999",
    b"Content-Length : 3",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: identity",
    b"Transfer-Encoding: xchunked",
    b"Transfer-Encoding: \x0bchunked",
    b" folded: 1",
    b"\tfolded",
    b"no colon",
    b"a\x00b: 1",
    b"a: b\x00c",
    b"a: b\rc",
    b"a: b\nc: d",
    b": empty name",
    b"a b: 1",
    b"\xc3\xa9: 1",
    b"Upgrade: x",
    b"a: " + b"b" * 300,
)
_BYTES = (b"\r", b"\n", b"\r\n", b"\0", b" ", b"\t", b":", b"0", b"f", b"\x7f", b"\xff", b";")


def _broken(chance: random.Random, raw: bytes) -> bytes:
    place = chance.randrange(len(raw) + 1)
    match chance.randrange(7):
        case 0:
            return raw[:place] + chance.choice(_BYTES) + raw[place:]
        case 1:
            return raw[:place] + raw[place + chance.choice((1, 1, 2, 5)) :]
        case 2:
            return raw[:place] + chance.choice(_BYTES) + raw[place + 1 :]
        case 3:
            return raw[:place]
        case 4:
            return raw.replace(
                CRLF, chance.choice((b"\n", b"\r", b"\r\r\n")), chance.choice((1, 9))
            )
        case 5:
            start = chance.choice((b"HTTP/1.1", b"HTTP/2.0", b"HTTP/1.1  ", b"http/1.1", b"\r\n"))
            return start + raw[8:]
        case _:
            first, _, rest = raw.partition(CRLF)
            return CRLF.join((first, chance.choice(_LINES), rest))


# ------------------------------------------------------------------ who reads it


def ours(raw: bytes, method: str = "GET", cuts: tuple[int, ...] = ()) -> Read:
    """Read it with the engine's parser, in the pieces that the cuts make."""
    parser = ResponseParser()
    parser.start(method)
    try:
        for start, end in zip((0, *cuts), (*cuts, len(raw)), strict=True):
            parser.feed(raw[start:end])
        if not parser.complete:
            parser.feed_eof()
    except ProtocolError:
        return REFUSED
    return Read(False, parser.status, _lower(header_lines(parser.head)), parser.take())


def by_h11(raw: bytes, method: str) -> Read:
    """Read it with h11, as httpx does."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method=method, target="/", headers=[("host", "x")]))
    connection.send(h11.EndOfMessage())
    response, body = None, b""
    try:
        connection.receive_data(raw)
        connection.receive_data(b"")
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Response):
                response = event
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                break
            elif not isinstance(event, h11.InformationalResponse) or event.status_code == 101:
                return REFUSED
    except h11.RemoteProtocolError:
        return REFUSED
    assert response is not None
    return Read(False, response.status_code, _lower(response.headers.raw_items()), body)


def by_aiohttp(raw: bytes, method: str, loop: asyncio.AbstractEventLoop) -> Read:
    """Read it with aiohttp's parser, as its client does."""
    parser = HttpResponseParser(
        mock.Mock(_reading_paused=False),
        loop,
        2**16,
        payload_exception=aiohttp.ClientPayloadError,
        response_with_body=method != "HEAD",
        read_until_eof=True,
        auto_decompress=False,
    )
    messages = []
    try:
        found, upgraded, _ = parser.feed_data(raw)
        messages += found
        if not upgraded:
            parser.feed_eof()
    except (aiohttp.http_exceptions.HttpProcessingError, aiohttp.ClientPayloadError):
        # What came after the first response may have been broken.
        pass
    while messages and messages[0][0].code < 200 and messages[0][0].code != 101:
        messages.pop(0)
    if not messages or messages[0][0].code == 101:
        return REFUSED
    message, payload = messages[0]
    if payload.exception() is not None or not payload.is_eof():
        return REFUSED
    body = b"".join(getattr(payload, "_buffer", ()))
    return Read(False, message.code, _lower(message.raw_headers), body)


def _lower(headers) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((bytes(name).lower(), bytes(value).strip(b" \t")) for name, value in headers)


# ------------------------------------------------------------------ the comparison


@dataclass
class Comparison:
    """How the readers agreed.

    Attributes:
        counts: how often each pair of outcomes was seen.
        alone: responses that we accept and both others refuse.
        torn: responses that we read in pieces otherwise than in one piece.
        lost: intact responses that we do not read as both others do.
        different: responses that we read with other values than one who accepts them too.
    """

    counts: Counter[str] = field(default_factory=Counter)
    alone: list[Generated] = field(default_factory=list)
    torn: list[tuple[Generated, int]] = field(default_factory=list)
    lost: list[Generated] = field(default_factory=list)
    different: list[Generated] = field(default_factory=list)


def compare(count: int, seed: int) -> Comparison:
    """Generate so many responses and let all read them; ours also cut at every byte."""
    chance = random.Random(seed)  # noqa: S311  no secret
    comparison = Comparison()
    loop = asyncio.new_event_loop()
    try:
        for _ in range(count):
            _compare(generate(chance), comparison, loop)
    finally:
        loop.close()
    return comparison


def _compare(made: Generated, comparison: Comparison, loop: asyncio.AbstractEventLoop) -> None:
    raw, method, intact = made
    us, h, a = ours(raw, method), by_h11(raw, method), by_aiohttp(raw, method, loop)
    for cut in range(1, len(raw)):
        if ours(raw, method, (cut,)) != us:
            comparison.torn.append((made, cut))
            break
    if ours(raw, method, tuple(range(1, len(raw)))) != us:
        comparison.torn.append((made, -1))
    comparison.counts[
        " ".join(
            f"{name} {'refuses' if read.refused else 'accepts'}"
            for name, read in (("engine", us), ("h11", h), ("aiohttp", a))
        )
    ] += 1
    if intact and not us == h == a:
        comparison.lost.append(made)
    if us.refused:
        return
    if h.refused and a.refused:
        comparison.alone.append(made)
    if any(not read.refused and read != us for read in (h, a)):
        comparison.different.append(made)
