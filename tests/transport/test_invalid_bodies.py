"""Bodies that do not match what was declared, and errors of any shape, on every HTTP client."""

import json

import pytest

from sdk import (
    DecodeError,
    NotFound,
    NotModified,
    Operation,
    Response,
    ServerError,
)
from tests.faults import (
    FaultServer,
)
from tests.transport.raw_responses import JSON, User, call, json_response, response

HTML = b"<!doctype html><title>Sign in</title>"


@pytest.mark.parametrize(
    ("script", "why"),
    [
        pytest.param(
            response(HTML, content_type="text/html"),
            r"text/html.*not JSON.*Check base_url: is this the API\?",
            id="login page",
        ),
        pytest.param(json_response(HTML), "the body is not JSON", id="login page that says JSON"),
        pytest.param(json_response(JSON[:-3]), "the JSON ends too early", id="truncated"),
        pytest.param(json_response(JSON + b" x"), "the body is not JSON", id="junk behind it"),
        pytest.param(json_response(b""), "the body is empty", id="empty"),
        pytest.param(
            [b"HTTP/1.1 204 No Content\r\n\r\n"], "no content type.*the body is empty", id="204"
        ),
        pytest.param(json_response(b"[]"), "expected User, got an array", id="another shape"),
        pytest.param(json_response(b"null"), "expected User, got null", id="null"),
        pytest.param(
            json_response(b'{"a":' * 10_000 + b"1" + b"}" * 10_000), "nested deeper", id="deep"
        ),
        pytest.param(json_response(b"[" * 10_000), "nested deeper", id="deep and open"),
        pytest.param(
            json_response(b'{"n":' + b"9" * 5000 + b"}"), "4,300 digits", id="long number"
        ),
        pytest.param(json_response(JSON.decode().encode("utf-16")), "not JSON", id="UTF-16"),
    ],
)
async def test_a_body_that_is_not_what_was_declared_is_a_decode_error(lane, script, why):
    with pytest.raises(DecodeError, match=rf"^GET /users/zoe answered 20\d with .*{why}") as caught:
        await call(lane, script)
    assert caught.value.status in (200, 204)
    assert caught.value.attempts == 1


def declared(charset, status="200 OK", key="name"):
    body = json.dumps({key: "Zoë"}, ensure_ascii=False).encode(charset)
    return response(body, status=status, content_type=f"application/json; charset={charset}")


@pytest.mark.parametrize(
    ("script", "name"),
    [
        pytest.param(json_response(b"\xef\xbb\xbf" + JSON), "Zoë", id="byte order mark"),
        pytest.param(
            json_response('{"name":"Zoë"}'.encode("latin-1"), content_type="application/json"),
            "Zo\ufffd",
            id="Latin-1 that says nothing",
        ),
        pytest.param(
            json_response(JSON, content_type="application/json; charset=ebcdic"),
            "Zoë",
            id="UTF-8 that says something else",
        ),
        pytest.param(declared("iso-8859-1"), "Zoë", id="Latin-1"),
        pytest.param(declared("windows-1252"), "Zoë", id="Windows-1252"),
        pytest.param(declared("utf-16"), "Zoë", id="UTF-16 that says so"),
        pytest.param(declared("utf-16-le"), "Zoë", id="UTF-16 without a byte order mark"),
        pytest.param(
            json_response('{"name":"Zoë"}'.encode(), content_type="text/plain; charset=latin1"),
            "Zoë",
            id="UTF-8 that says Latin-1",
        ),
        pytest.param(response(JSON), "Zoë", id="no content type"),
        pytest.param(json_response(b'{"name":"a","name":"Zoe"}'), "Zoe", id="a key twice"),
        pytest.param(json_response(b'{"name":"\\ud800"}'), "\ufffd", id="half a character"),
    ],
)
async def test_a_body_that_can_be_read_is_read(lane, script, name):
    assert (await call(lane, script)).name == name


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16"])
async def test_an_error_is_read_in_the_charset_that_it_declares(lane, charset):
    with pytest.raises(NotFound) as caught:
        await call(lane, declared(charset, "404 Not Found", key="message"))
    assert caught.value.message == "Zoë"
    assert caught.value.body == {"message": "Zoë"}


async def test_drift_in_another_charset_loses_no_character(lane):
    reports = []
    body = '{"name":1,"city":"Köln"}'.encode("latin-1")
    script = json_response(body, content_type="application/json; charset=iso-8859-1")
    user = await call(lane, script, returns=Anything, on_drift=reports.append)
    assert user.city == "Köln"
    assert [(each.path, each.kind) for each in reports] == [("name", "wrong_type")]
    found = await call(lane, script, returns=Response)
    assert found.json() == {"name": 1, "city": "Köln"}


async def test_a_large_body_in_another_charset_loses_no_character(lane):
    body = b'{"name":"%b"}' % ("ë" * 1_100_000).encode("latin-1")
    script = json_response(body, content_type="application/json; charset=iso-8859-1")
    assert (await call(lane, script)).name == "ë" * 1_100_000


class Anything(User, extra="allow"):
    pass


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity"])
async def test_an_invalid_number_does_not_lose_the_rest(lane, number):
    user = await call(lane, json_response(b'{"name":"Zoe","score":' + number + b"}"))
    assert user.name == "Zoe"


async def test_204_for_an_operation_without_a_body_returns_none(lane):
    async with FaultServer([b"HTTP/1.1 204 No Content\r\n\r\n"]) as server:
        api = await lane.api(server.url)
        delete = Operation("DELETE", "/x", returns=None)
        assert await api.caller.call(delete, None, {}) is None


NO_CONTENT = [b"HTTP/1.1 204 No Content\r\n\r\n"]
EMPTY = json_response(b" \r\n")


@pytest.mark.parametrize(
    ("operation", "script", "value"),
    [
        (Operation("GET", "/x", returns=lambda: User | None), NO_CONTENT, None),
        (Operation("GET", "/x", returns=lambda: User | None), EMPTY, None),
        (Operation("GET", "/x", returns=User, responses={202: None}), NO_CONTENT, None),
        (Operation("GET", "/x", returns=User, responses={204: None}), EMPTY, None),
        (Operation("GET", "/x", returns=list[User]), NO_CONTENT, []),
        (Operation("GET", "/x", returns=lambda: list[User] | None), NO_CONTENT, None),
    ],
)
async def test_a_response_without_a_body_is_a_value_if_the_type_has_one(
    lane, operation, script, value
):
    async with FaultServer(script) as server:
        api = await lane.api(server.url)
        assert await api.caller.call(operation, None, {}) == value


@pytest.mark.parametrize("type_", [User, dict])
async def test_a_204_is_never_none_where_the_type_says_otherwise(lane, type_):
    async with FaultServer(NO_CONTENT) as server:
        api = await lane.api(server.url)
        with pytest.raises(DecodeError, match="the body is empty"):
            await api.caller.call(Operation("GET", "/x", returns=type_), None, {})


@pytest.mark.parametrize(
    ("script", "error", "message"),
    [
        pytest.param(
            response(HTML, status="502 Bad Gateway", content_type="text/html"),
            ServerError,
            "Bad Gateway",
            id="502 in HTML",
        ),
        pytest.param(
            response(status="503 Service Unavailable"), ServerError, "Service Unavailable", id="503"
        ),
        pytest.param(
            json_response(b'["no"]', status="500 No"),
            ServerError,
            "Internal Server Error",
            id="500",
        ),
        pytest.param(
            json_response(b'{"message": {"a": 1}}', status="404 No"),
            NotFound,
            "Not Found",
            id="404",
        ),
        pytest.param(
            json_response(b"[" * 10_000, status="404 No"), NotFound, "Not Found", id="404, deep"
        ),
        pytest.param(response(status="299 Odd"), DecodeError, None, id="299"),
        pytest.param(response(status="304 Not Modified"), NotModified, "Not Modified", id="304"),
        pytest.param(response(status="600 Odd"), ServerError, "no reason given", id="600"),
    ],
)
async def test_an_error_in_any_shape_is_the_error_of_its_status(lane, script, error, message):
    with pytest.raises(error) as caught:
        await call(lane, script)
    assert type(caught.value) is error
    assert message is None or caught.value.message == message
