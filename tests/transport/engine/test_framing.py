"""Lengths and transfer encodings that the caller's headers declare."""

import pytest

from sdk.transport.errors import InvalidInput
from tests.faults import FaultServer, ok
from tests.transport.engine.calling import call, engine, pieces, status_and_body


@pytest.mark.parametrize(
    ("content", "length", "why"),
    [
        (b"1234567", "5", "has 7 bytes"),
        (b"1234567", "9", "has 7 bytes"),
        (None, "5", "has 0 bytes"),
        (b"1234567", "seven", "is not a number"),
        (("123", "4567"), "5", "is longer"),
        (("123", "4567"), "9", "ends 2 bytes earlier"),
        (("1",), "-1", "is not a number"),
    ],
)
async def test_a_wrong_length_is_refused_and_its_connection_is_not_used_again(content, length, why):
    body = pieces(*map(str.encode, content)) if isinstance(content, tuple) else content
    async with FaultServer([ok({})]) as server, engine() as made:
        with pytest.raises(InvalidInput, match=f"content-length does not fit.*{why}"):
            await call(made, server.url, "POST", body, content_length=length)
        assert status_and_body(await call(made, server.url)) == (200, b"{}")
        assert server.requests[-1].line == "GET / HTTP/1.1"


@pytest.mark.parametrize("content", [None, b"abc", ("abc",)])
async def test_the_right_length_is_accepted(content):
    body = pieces(*map(str.encode, content)) if isinstance(content, tuple) else content
    async with FaultServer([ok({})]) as server, engine() as made:
        length = "0" if content is None else "3"
        await call(made, server.url, "POST", body, content_length=length)
        assert server.requests[0].body == (b"" if content is None else b"abc")
        assert server.requests[0].headers["content-length"] == length


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"abc", {"transfer_encoding": "chunked"}),
        (None, {"transfer_encoding": "chunked"}),
        (("abc",), {"transfer_encoding": "gzip"}),
        (("abc",), {"transfer_encoding": "chunked", "content_length": "3"}),
    ],
)
async def test_a_transfer_encoding_that_is_not_the_body_s_is_refused(content, headers):
    body = pieces(*map(str.encode, content)) if isinstance(content, tuple) else content
    async with FaultServer([ok({})]) as server, engine() as made:
        with pytest.raises(InvalidInput, match="transfer-encoding does not fit"):
            await call(made, server.url, "POST", body, **headers)
        assert server.requests == []
