"""Error responses, as read by the default dialect of a plain JSON API."""

import codecs
import json

import httpx
import pytest

from sdk import ApiError, NotFound
from tests.transport.support import Upstream


async def error_of(status=404, **reply):
    with pytest.raises(ApiError) as caught:
        await Upstream(httpx.Response(status, **reply)).api().request("GET", "/things/1")
    return caught.value


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"message": "No such thing"}, "No such thing"),
        ({"title": "Missing", "detail": "No such thing", "status": 404}, "No such thing"),
        ({"title": "Missing"}, "Missing"),
        ({"error": "no_such_thing"}, "no_such_thing"),
        ({"message": "", "error": "no_such_thing"}, "no_such_thing"),
    ],
)
async def test_the_message_is_found_where_apis_put_it(body, message):
    error = await error_of(json=body)
    assert error.message == message
    assert str(error).startswith(f"GET /things/1 answered 404: {message}.")


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"content": b"   "},
        {"text": "No such thing"},
        {"html": "<html><body>nginx</body></html>"},
        {"content": b'{"message": "cut o'},
        {"content": b"[" * 100_000},
        {"content": b'{"a":' * 100_000},
        {"content": b"\xff\xfe\x00"},
        {"content": b'{"message": "\xff"}'},
        {"json": []},
        {"json": "No such thing"},
        {"json": None},
        {"json": {}},
        {"json": {"message": None}},
        {"json": {"message": 42}},
        {"json": {"message": {"text": "deep"}}},
        {"json": {"message": ["a"]}},
        {"json": {"unexpected": "shape"}},
    ],
)
async def test_an_error_body_of_any_other_shape_leaves_the_phrase_of_the_status(reply):
    error = await error_of(**reply)
    assert type(error) is NotFound
    assert error.message == "Not Found"
    assert error.errors == ()


async def test_a_web_page_where_an_api_should_be_names_the_fix():
    error = await error_of(html="<html>Not Found</html>")
    assert str(error) == (
        "GET /things/1 answered 404: Not Found. "
        "The response is a web page: check base_url and the proxy settings."
    )


async def test_a_byte_order_mark_does_not_hide_the_message():
    body = codecs.BOM_UTF8 + json.dumps({"message": "No such thing"}).encode()
    assert (await error_of(content=body)).message == "No such thing"


async def test_a_status_without_a_phrase_of_its_own_says_so():
    error = await error_of(status=499)
    assert type(error) is ApiError
    assert error.message == "no reason given"


@pytest.mark.parametrize(
    ("errors", "kept"),
    [
        ([{"field": "a"}, "plain"], ({"field": "a"}, "plain")),
        ({"a": ["is missing"]}, ({"a": ["is missing"]},)),
        ("is missing", ("is missing",)),
        ([], ()),
        (None, ()),
    ],
)
async def test_the_single_errors_are_kept_as_sent(errors, kept):
    assert (await error_of(status=422, json={"message": "x", "errors": errors})).errors == kept


async def test_a_message_is_shown_as_one_printable_line():
    error = await error_of(json={"message": "a\r\nINFO forged\tline\x1b[31m\u202e end"})
    assert str(error).isprintable()
    assert "a INFO forged line" in str(error)


async def test_a_long_message_is_shortened():
    assert len(str(await error_of(json={"message": "x" * 10_000_000}))) < 2000


async def test_the_request_id_is_kept_and_shown():
    error = await error_of(headers={"X-Correlation-Id": "c-1"})
    assert error.request_id == "c-1"
    assert "(request id c-1)" in str(error)


async def test_retry_after_is_kept_and_shown():
    upstream = Upstream(httpx.Response(503, headers={"retry-after": "120"}))
    with pytest.raises(ApiError) as caught:
        await upstream.api(retry=None).request("GET", "/things/1")
    assert caught.value.retry_after == 120.0
    assert "retry after 120 s" in str(caught.value)
