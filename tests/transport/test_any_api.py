"""What APIs other than GitHub's ask of a call: values, bodies, errors, answers without a type."""

import datetime as dt
import enum
import uuid
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from sdk import Conflict, InvalidInput, NotFound, Operation, Resource, ValidationFailed
from sdk.transport import NoAuth
from tests.transport.support import Api, FakeClock, Upstream


class Color(enum.Enum):
    red = "red"


class Calls(Resource):
    async def go(self, operation, **values):
        return await self._call(operation, **values)

    def events(self, operation):
        return self._events(operation)


ID = uuid.UUID("12345678-1234-5678-1234-567812345678")
NAIVE = dt.datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001  the point of the test


async def sent(operation, api=Api, **values):
    upstream = Upstream()
    await Calls(api(http_client=upstream.http_client())).go(operation, **values)
    return upstream.last


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (ID, f"/things/{ID}"),
        (Color.red, "/things/red"),
        (1.5, "/things/1.5"),
        (dt.date(2026, 1, 2), "/things/2026-01-02"),
        (dt.time(10, 30), "/things/10:30:00"),
        (dt.timedelta(days=1, hours=2, seconds=3.5), "/things/P1DT2H3.5S"),
    ],
)
async def test_plain_values_of_any_type_in_a_path(value, path):
    request = await sent(Operation("GET", "/things/{id}", returns=Any), id=value)
    assert request.url.path == path


@pytest.mark.parametrize(
    ("style", "value", "path"),
    [
        ("comma", ["a", "b/c"], "/things/a,b%2Fc"),
        ("label*", ["a", "b"], "/things/.a.b"),
        ("matrix", ["a", "b"], "/things/;id=a,b"),
        ("matrix*", {"x": 1}, "/things/;x=1"),
    ],
)
async def test_styles_in_a_path(style, value, path):
    operation = Operation("GET", "/things/{id}", styles={"id": style}, returns=Any)
    request = await sent(operation, id=value)
    assert request.url.raw_path.decode() == path


@pytest.mark.parametrize(
    ("style", "value", "query"),
    [
        ("comma", ["a", "b"], "v=a%2Cb"),
        ("space", ["a", "b"], "v=a%20b"),
        ("pipe", [1, 2], "v=1%7C2"),
        ("deep", {"a": 1, "b": {"c": [2, 3]}}, "v[a]=1&v[b][c][0]=2&v[b][c][1]=3"),
        ("json", {"a": [1]}, "v=%7B%22a%22%3A%5B1%5D%7D"),
        (None, {"a": 1, "b": "x"}, "a=1&b=x"),
        (None, ["a", "b"], "v=a&v=b"),
    ],
)
async def test_styles_in_a_query(style, value, query):
    styles = {"v": style} if style else {}
    operation = Operation("GET", "/things", query=("v",), styles=styles, returns=Any)
    assert (await sent(operation, v=value)).url.query.decode() == query


async def test_times_without_a_zone_are_sent_only_if_the_client_allows_them():
    class Naive(Api):
        naive_times = True

    operation = Operation("POST", "/things", query=("since",), body=("at",), returns=Any)
    with pytest.raises(InvalidInput, match="naive_times = True"):
        await sent(operation, at=NAIVE)
    request = await sent(operation, Naive, at=NAIVE, since=NAIVE)
    assert request.content == b'{"at":"2026-01-02T03:04:05"}'
    assert request.url.params["since"] == "2026-01-02T03:04:05"


async def test_headers_and_cookies_take_numbers_and_lists():
    operation = Operation(
        "GET",
        "/things",
        headers={"version": "x-version", "tags": "x-tags"},
        cookies={"session": "sid"},
        returns=Any,
    )
    request = await sent(operation, version=5, tags=["a", "b"], session="a;b")
    assert request.headers["x-version"] == "5"
    assert request.headers["x-tags"] == "a,b"
    assert request.headers["cookie"] == "sid=a%3Bb"


async def test_a_json_patch_and_a_nested_form():
    patch = Operation("PATCH", "/x", body="data", media="application/json-patch+json", returns=Any)
    request = await sent(patch, data=[{"op": "add"}])
    assert request.content == b'[{"op":"add"}]'
    assert request.headers["content-type"] == "application/json-patch+json"
    media = "application/x-www-form-urlencoded"
    form = Operation("POST", "/x", body=("card", "tags", "lines"), media=media, returns=Any)
    request = await sent(form, card={"number": "4"}, tags=["a", "b"], lines=[{"sku": 1}])
    assert request.content == b"card[number]=4&tags=a&tags=b&lines[0][sku]=1"


async def test_the_user_agent_has_the_title_of_the_client():
    class Billing(Api):
        title = "Billing client/2"

    request = await sent(Operation("GET", "/x", returns=Any), Billing)
    assert request.headers["user-agent"].startswith("Billing-client-2 github-sdk/")


async def test_an_idempotency_key_is_made_where_none_is_given():
    operation = Operation(
        "POST", "/x", headers={"key": "Idempotency-Key"}, idempotency_key="key", returns=Any
    )
    first, second = [(await sent(operation)).headers["idempotency-key"] for _ in range(2)]
    assert uuid.UUID(first) != uuid.UUID(second)
    assert (await sent(operation, key="mine")).headers["idempotency-key"] == "mine"


# ------------------------------------------------------------------ errors


class Limit(BaseModel):
    code: str
    limit: int


LIMITED = Operation("GET", "/x", errors={409: Limit, 4: dict[str, int]}, returns=Any)


async def failed(reply, operation=LIMITED):
    with pytest.raises(Exception) as caught:
        await Calls(Upstream(reply).api(retry=None)).go(operation)
    return caught.value


async def test_the_body_of_an_error_has_the_declared_type():
    error = await failed(httpx.Response(409, json={"code": "full", "limit": 5}))
    assert isinstance(error, Conflict)
    assert error.body == Limit(code="full", limit=5)


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (httpx.Response(404, json={"a": 1}), {"a": 1}),
        (httpx.Response(500, json=[1]), [1]),
        (httpx.Response(500, text="out of order"), "out of order"),
        (httpx.Response(404), None),
        (httpx.Response(409, text="<html>"), "<html>"),
    ],
)
async def test_the_body_of_an_undeclared_error_is_plain_data(reply, body):
    assert (await failed(reply)).body == body


async def test_a_validation_error_of_fastapi_is_named():
    details = [{"loc": ["body", "count"], "msg": "too small", "type": "ge", "input": "s3cret"}]
    error = await failed(httpx.Response(422, json={"detail": details}))
    assert isinstance(error, ValidationFailed)
    assert error.errors == tuple(details)
    assert "body.count: too small" in str(error)
    assert "s3cret" not in str(error)


async def test_a_message_inside_of_an_error_object():
    error = await failed(httpx.Response(402, json={"error": {"message": "Card declined."}}))
    assert error.message == "Card declined."


# ------------------------------------------------------------------ answers without a type


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        (httpx.Response(200, text="a,b", headers={"content-type": "text/csv"}), "a,b"),
        (
            httpx.Response(200, content=b"%PDF", headers={"content-type": "application/pdf"}),
            b"%PDF",
        ),
        (httpx.Response(200, json={"a": 1}), {"a": 1}),
        (httpx.Response(200, content=b""), None),
    ],
)
async def test_a_response_without_a_declared_type_is_read_by_its_content_type(reply, value):
    assert (
        await Calls(Upstream(reply).api()).go(Operation("GET", "/x", returns=lambda: Any)) == value
    )


class Progress(BaseModel):
    done: int


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (
            "text/event-stream",
            b': hi\r\ndata: {"done":\r\ndata: 1}\r\n\r\ndata:{"done":2}\n\ndata: [DONE]\n\n',
        ),
        ("application/x-ndjson", b'{"done": 1}\n\n{"done": 2}'),
        ("application/json-seq", b'\x1e{"done": 1}\n\x1e{"done": 2}\n'),
    ],
)
async def test_events_are_read_as_they_come(kind, content):
    upstream = Upstream(httpx.Response(200, content=content, headers={"content-type": kind}))
    calls = Calls(upstream.api())
    operation = Operation("GET", "/x", returns=Progress)
    async with calls.events(operation) as events:
        assert [event.done async for event in events] == [1, 2]


async def test_an_event_stream_that_is_refused_raises_as_any_call():
    calls = Calls(Upstream(httpx.Response(404)).api())
    with pytest.raises(NotFound):
        await anext(calls.events(Operation("GET", "/x", returns=Progress)))


def test_no_credentials_are_sent_if_an_operation_needs_none():
    from sdk.auth.schemes import ApiKey, BearerToken, SchemeAuth

    auth = SchemeAuth({"token": BearerToken("t"), "key": ApiKey(None, header="x-key")})
    login = Operation("POST", "/token", security=(), returns=Any)
    assert isinstance(auth.for_operation(login), NoAuth)
    assert "t'" not in repr(auth)


async def test_the_first_alternative_that_has_credentials_is_sent():
    from sdk.auth.schemes import ApiKey, BasicLogin, BearerToken, SchemeAuth

    auth = SchemeAuth(
        {
            "token": BearerToken(None),
            "key": ApiKey("k", header="X-Key"),
            "login": BasicLogin("u", "p"),
            "cookie": ApiKey("c", cookie="sid"),
            "query": ApiKey("s3cret", query="key"),
        }
    )
    both = (("token",), ("key", "cookie", "query"), ("login",))
    upstream = Upstream(httpx.Response(404))
    operation = Operation("GET", "/x", query=("a",), security=both, returns=Any)
    with pytest.raises(NotFound) as caught:
        await Calls(upstream.api(auth=auth)).go(operation, a=1)
    assert upstream.last.headers["x-key"] == "k"
    assert upstream.last.headers["cookie"] == "sid=c"
    assert "authorization" not in upstream.last.headers
    assert dict(upstream.last.url.params) == {"a": "1", "key": "s3cret"}
    assert "s3cret" not in repr(auth) + str(caught.value) + repr(vars(caught.value))


async def test_a_call_with_an_idempotency_key_is_retried_with_the_same_key():
    operation = Operation(
        "POST", "/x", headers={"key": "Idempotency-Key"}, idempotency_key="key", returns=Any
    )
    upstream = Upstream(httpx.Response(503), httpx.Response(200, json={"a": 1}))
    clock = FakeClock()
    assert await Calls(upstream.api(clock=clock.clock)).go(operation) == {"a": 1}
    first, second = [each.headers["idempotency-key"] for each in upstream.requests]
    assert first == second
