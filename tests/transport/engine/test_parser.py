"""What the parser accepts and refuses, and what it keeps within bounds."""

import time
import tracemalloc

import pytest

from sdk.transport.http.engine.exchange import header_lines
from sdk.transport.http.engine.parser import MAX_HEAD_BYTES, ProtocolError, ResponseParser

OK = b"HTTP/1.1 200 OK\r\n"


def read(raw, method="GET", *, eof=False):
    parser = ResponseParser()
    parser.start(method)
    parser.feed(raw)
    if eof:
        parser.feed_eof()
    return parser


# ------------------------------------------------------------------ accepted


def test_a_response_with_a_length():
    parser = read(OK + b"Content-Length: 2\r\nX-A:  b \r\n\r\nok")
    assert (parser.status, parser.complete, parser.keep_alive) == (200, True, True)
    assert parser.take() == b"ok"
    assert header_lines(parser.head) == [(b"Content-Length", b"2"), (b"X-A", b"b")]


def test_several_responses_on_one_connection():
    parser = ResponseParser()
    for number in (b"1", b"2", b"3"):
        parser.start("GET")
        parser.feed(OK + b"content-length: 1\r\n\r\n" + number)
        assert (parser.complete, parser.keep_alive, parser.take()) == (True, True, number)


def test_a_body_in_chunks_with_extensions_and_trailers():
    parser = read(
        OK + b"transfer-encoding: chunked\r\n\r\n2;a=b\r\nok\r\n1\r\n!\r\n0\r\nx-t: 1\r\n\r\n"
    )
    assert (parser.complete, parser.keep_alive, parser.take()) == (True, True, b"ok!")


def test_a_body_that_ends_with_the_connection():
    parser = read(OK + b"\r\nok", eof=True)
    assert (parser.complete, parser.keep_alive, parser.take()) == (True, False, b"ok")


def test_a_response_to_head_has_no_body_and_the_next_request_is_answered():
    parser = ResponseParser()
    for _ in range(2):
        parser.start("HEAD")
        parser.feed(OK + b"content-length: 100\r\n\r\n")
        assert (parser.complete, parser.keep_alive, parser.take()) == (True, True, b"")
    parser.start("GET")
    parser.feed(OK + b"content-length: 2\r\n\r\nok")
    assert parser.take() == b"ok"


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_statuses_without_a_body(status):
    parser = read(b"HTTP/1.1 " + status + b"\r\ncontent-length: 5\r\n\r\n")
    assert (parser.complete, parser.keep_alive, parser.take()) == (True, True, b"")


def test_a_body_on_a_204_is_surplus():
    parser = read(b"HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello")
    assert (parser.complete, parser.keep_alive, parser.take()) == (True, False, b"")


def test_interim_responses_are_skipped():
    hints = b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"
    parser = read(b"HTTP/1.1 100 Continue\r\n\r\n" + hints + OK + b"content-length: 1\r\n\r\nx")
    assert (parser.status, parser.take()) == (200, b"x")


@pytest.mark.parametrize(
    "line",
    [b"connection: close", b"Connection: keep-alive, close", b"CONNECTION:\tClose"],
)
def test_connection_close_is_obeyed(line):
    assert not read(OK + line + b"\r\ncontent-length: 0\r\n\r\n").keep_alive


def test_http_1_0_keeps_a_connection_only_when_it_says_so():
    plain = b"HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n"
    assert not read(plain).keep_alive
    assert read(plain.replace(b"OK\r\n", b"OK\r\nconnection: keep-alive\r\n")).keep_alive


@pytest.mark.parametrize(
    ("line", "limit"),
    [
        (b"keep-alive: timeout=5", 5.0),
        (b"Keep-Alive: max=100, timeout=20", 20.0),
        (b"keep-alive: timeout=soon", None),
        (b"x-keep-alive: timeout=5", None),
        (b"keep-alive: timeout=99999999999", None),
    ],
)
def test_the_server_s_own_limit_for_idle_connections(line, limit):
    assert read(OK + line + b"\r\ncontent-length: 0\r\n\r\n").idle_limit == limit


# ------------------------------------------------------------------ refused

LENGTH = b"content-length: 2\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n"


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(LENGTH + CHUNKED, id="length and chunks"),
        pytest.param(CHUNKED + LENGTH, id="chunks and length"),
        pytest.param(LENGTH + b"content-length: 3\r\n", id="two lengths"),
        pytest.param(LENGTH + LENGTH, id="the same length twice"),
        pytest.param(b"content-length: +2\r\n", id="a length with a sign"),
        pytest.param(b"content-length: 2 2\r\n", id="a length with a space"),
        pytest.param(b"content-length:\r\n", id="an empty length"),
        pytest.param(b"content-length: 99999999999999999999999\r\n", id="an endless length"),
        pytest.param(b"transfer-encoding: gzip, chunked\r\n", id="another encoding and chunks"),
        pytest.param(b"transfer-encoding: xchunked\r\n", id="an encoding that ends in chunked"),
        pytest.param(b"transfer-encoding: identity\r\n", id="identity"),
        pytest.param(CHUNKED + CHUNKED, id="chunks twice"),
        pytest.param(b"x: a\r\n b\r\n" + LENGTH, id="a folded line"),
        pytest.param(b" x: a\r\n" + LENGTH, id="a line that begins with a space"),
        pytest.param(b"x: a\n" + LENGTH, id="a bare LF"),
        pytest.param(b"x: a\rb\r\n" + LENGTH, id="a bare CR"),
        pytest.param(b"x: a\0b\r\n" + LENGTH, id="a NUL"),
        pytest.param(b"x : a\r\n" + LENGTH, id="a space before the colon"),
        pytest.param(b"x\r\n" + LENGTH, id="no colon"),
        pytest.param(b": a\r\n" + LENGTH, id="no name"),
    ],
)
def test_an_ambiguous_head_is_refused(head):
    with pytest.raises(ProtocolError):
        read(OK + head + b"\r\nok")


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/2.0 200 OK",
        b"HTTP/1.2 200 OK",
        b"HTTP/0.9 200 OK",
        b"RTSP/1.0 200 OK",
        b"ICE/1.0 200 OK",
        b"http/1.1 200 OK",
        b"\r\nHTTP/1.1 200 OK",
        b"HTTP/1.1  200 OK",
        b"HTTP/1.1 099 OK",
        b"HTTP/1.1 000 OK",
        b"HTTP/1.1 20 OK",
        b"HTTP/1.1 101 Switching Protocols",
    ],
)
def test_an_invalid_status_line_is_refused(start):
    with pytest.raises(ProtocolError):
        read(start + b"\r\nupgrade: x\r\nconnection: upgrade\r\ncontent-length: 0\r\n\r\n")


def test_chunks_in_http_1_0_are_refused():
    with pytest.raises(ProtocolError, match="transfer encoding"):
        read(b"HTTP/1.0 200 OK\r\n" + CHUNKED + b"\r\n2\r\nok\r\n0\r\n\r\n")


@pytest.mark.parametrize(
    "chunks",
    [
        b"2\nok\r\n0\r\n\r\n",
        b"2 \r\nok\r\n0\r\n\r\n",
        b"0x2\r\nok\r\n0\r\n\r\n",
        b"-2\r\nok\r\n0\r\n\r\n",
        b"2\r\nok!\r\n0\r\n\r\n",
        b"2\r\nok0\r\n\r\n",
        b"FFFFFFFFFFFFFFFFF\r\nok\r\n0\r\n\r\n",
        b"0\r\ncontent-length: 3\r\n\r\n",
    ],
)
def test_ambiguous_chunks_are_refused(chunks):
    with pytest.raises(ProtocolError):
        read(OK + CHUNKED + b"\r\n" + chunks)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200",
        OK + b"content-length: 2\r\n\r\no",
        OK + CHUNKED + b"\r\n2\r\nok\r\n0\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
)
def test_a_connection_that_ends_too_early(raw):
    with pytest.raises(ProtocolError, match="the connection was closed"):
        read(raw, eof=True)


def test_what_is_not_http_is_refused_at_its_first_bytes():
    with pytest.raises(ProtocolError):
        read(b"SSH-2.0-OpenSSH_9")


# ------------------------------------------------------------------ bounds


def feed_often(parser, data, times):
    for _ in range(times):
        parser.feed(data)


@pytest.mark.parametrize(
    "endless",
    [b"x: " + b"a" * 1000, b"a: b\r\n" * 200, b"a" * 1000],
    ids=["value", "lines", "name"],
)
def test_an_endless_head_ends(endless):
    parser = ResponseParser()
    parser.start("GET")
    parser.feed(OK)
    with pytest.raises(ProtocolError, match="too large"):
        feed_often(parser, endless, MAX_HEAD_BYTES // 500)


@pytest.mark.parametrize(
    "endless", [b"1;a=" + b"b" * 1000, b"0\r\nx: " + b"a" * 1000], ids=["extension", "trailer"]
)
def test_endless_framing_ends(endless):
    parser = ResponseParser()
    parser.start("GET")
    parser.feed(OK + CHUNKED + b"\r\n" + endless)
    with pytest.raises(ProtocolError, match="overhead of the chunks"):
        feed_often(parser, b"b" * 1000, 100)


def test_endless_interim_responses_end():
    with pytest.raises(ProtocolError, match="too many interim responses"):
        read(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 30)


def test_tiny_chunks_take_little_more_memory_than_their_body():
    parser = ResponseParser()
    parser.start("GET")
    parser.feed(OK + CHUNKED + b"\r\n")
    tracemalloc.start()
    for _ in range(1000):
        parser.feed(b"3\r\nabc\r\n" * 100)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert parser.size == 300_000
    assert peak < 1_500_000
    assert parser.take() == b"abc" * 100_000


def test_a_head_that_drips_is_read_in_linear_time():
    def seconds(size):
        parser = ResponseParser()
        parser.start("GET")
        parser.feed(OK + b"x: ")
        begun = time.process_time()
        for _ in range(size):
            parser.feed(b"a")
        return time.process_time() - begun

    seconds(1000)
    # Quadratic would be a hundred times as long.
    assert min(seconds(30_000) for _ in range(3)) < 60 * max(seconds(3_000), 0.002)
