"""The base of a typed client: options, views, and calls by method and path."""

import asyncio
import gzip
from typing import Annotated

import httpx
import pytest
from pydantic import BaseModel, Field

from sdk import (
    OMIT,
    ApiClient,
    DeadlineExceeded,
    DecodeError,
    InvalidInput,
    NotFound,
    Operation,
    Resource,
    Response,
    Retry,
    ServerError,
    Timeout,
    metadata,
)
from tests.transport.support import BASE_URL, Api, FakeClock, Upstream


class Thing(BaseModel):
    id: int


class Things(Resource):
    async def get(self, id):
        return await self._call(Operation("GET", "/things/{id}", returns=Thing), id=id)


class Shop(ApiClient):
    base_url = BASE_URL

    @property
    def things(self):
        return Things(self)


class Key:
    """Credentials in a header of the API's own."""

    def __init__(self, key):
        self.key = key

    async def headers(self):
        return {"x-api-key": self.key}


FAILING = httpx.Response(500)
THING = httpx.Response(200, json={"id": 1})

# ------------------------------------------------------------------ views


async def test_a_view_has_its_own_options_and_does_not_change_the_client():
    upstream = Upstream()
    api = upstream.api(auth=Key("mine"), headers={"x-team": "blue", "x-a": "1"})
    view = api.with_options(auth=Key("theirs"), headers={"X-Team": "red"})

    await view.request("GET", "/x")
    await api.request("GET", "/x")

    theirs, mine = (request.headers for request in upstream.requests)
    assert (theirs["x-api-key"], theirs["x-team"], theirs["x-a"]) == ("theirs", "red", "1")
    assert (mine["x-api-key"], mine["x-team"], mine["x-a"]) == ("mine", "blue", "1")


async def test_a_view_is_of_the_same_class_with_resources_that_use_its_options():
    upstream = Upstream(THING)
    shop = Shop(http_client=upstream.http_client())
    view = shop.with_options(headers={"x-team": "red"})
    assert type(view) is Shop
    await view.things.get(1)
    assert upstream.last.headers["x-team"] == "red"


async def test_none_as_auth_of_a_view_sends_no_credentials():
    upstream = Upstream()
    await upstream.api(auth=Key("mine")).with_options(auth=None).request("GET", "/x")
    assert "x-api-key" not in upstream.last.headers


@pytest.mark.parametrize(
    "error", [OSError("no such file"), TimeoutError(), ValueError("expired"), httpx.ReadError("x")]
)
async def test_an_exception_of_the_credentials_is_raised_unchanged(error):
    class Locked:
        async def headers(self):
            raise error

    upstream = Upstream()
    with pytest.raises(type(error)) as caught:
        await upstream.api(auth=Locked()).request("GET", "/x")
    assert caught.value is error
    assert upstream.requests == []


async def test_a_view_of_a_view_keeps_what_it_does_not_change():
    upstream = Upstream(FAILING)
    view = upstream.api().with_options(retry=None).with_options(headers={"x-a": "1"})
    with pytest.raises(ServerError):
        await view.request("GET", "/x")
    assert len(upstream.requests) == 1
    assert upstream.last.headers["x-a"] == "1"


async def test_concurrent_views_do_not_mix_up_their_credentials():
    upstream = Upstream(lambda request: httpx.Response(200, json=request.headers["x-api-key"]))
    api = upstream.api()

    async def call(number):
        view = api.with_options(auth=Key(str(number)))
        return await view.request("GET", "/x", returns=str)

    responses = await asyncio.gather(*(call(number) for number in range(100)))
    assert responses == [str(number) for number in range(100)]


# ------------------------------------------------------------------ options of a call


async def test_options_of_a_call_apply_to_that_call_only():
    upstream = Upstream(FAILING)
    api = upstream.api(clock=FakeClock().clock)
    with pytest.raises(ServerError):
        await api.request("GET", "/x", options={"retry": None})
    assert len(upstream.requests) == 1
    with pytest.raises(ServerError):
        await api.request("GET", "/x", options={"retry": Retry(attempts=5)})
    assert len(upstream.requests) == 6


async def test_extra_query_and_extra_body_are_sent_too():
    upstream = Upstream()
    await upstream.api().request(
        "POST",
        "/x",
        params={"a": 1},
        json={"b": 2},
        options={"extra_query": {"c": [3, 4]}, "extra_body": {"d": None}},
    )
    assert upstream.last.url.query == b"c=3&c=4&a=1"
    assert upstream.last.content == b'{"b":2,"d":null}'


async def test_extra_body_needs_an_object_to_add_to():
    with pytest.raises(InvalidInput, match="extra_body needs a JSON object"):
        await Upstream().api().request("POST", "/x", json=[1], options={"extra_body": {"a": 1}})


async def test_omit_leaves_a_query_value_out_and_is_refused_inside_a_body():
    upstream = Upstream()
    api = upstream.api()
    await api.request("GET", "/x", params={"a": OMIT, "b": [1, OMIT]})
    assert upstream.last.url.query == b"b=1"
    with pytest.raises(InvalidInput, match="Leave a nested field out"):
        await api.request("POST", "/x", json={"a": {"b": OMIT}})


@pytest.mark.parametrize("wrong", [{"path": None}, {"params": {1: 2}}])
async def test_a_malformed_call_is_refused(wrong):
    upstream = Upstream()
    with pytest.raises(InvalidInput, match="must be a str, not"):
        await upstream.api().request("GET", **{"path": "/x", **wrong})
    assert upstream.requests == []


async def test_a_response_has_metadata():
    response = await Upstream(httpx.Response(201, json={})).api().request("POST", "/x")
    assert metadata(response).status == 201


async def test_a_number_as_timeout_changes_the_total_only():
    upstream = Upstream()
    api = upstream.api(timeout=Timeout(read=120, total=None))
    view = api.with_options(timeout=300)
    await view.request("GET", "/x")
    assert upstream.last.extensions["timeout"]["read"] == 120
    await api.request("GET", "/x", options={"timeout": 300})
    assert upstream.last.extensions["timeout"]["read"] == 120


async def test_a_deadline_of_a_call_ends_it():
    async def never(_):
        await asyncio.Event().wait()

    async with httpx.AsyncClient(transport=httpx.MockTransport(never)) as client:
        api = Api(http_client=client)
        with pytest.raises(DeadlineExceeded, match=r"No response within 0\.01 s in all"):
            await api.request("GET", "/x", options={"timeout": 0.01})


# ------------------------------------------------------------------ calls by method and path


async def test_the_whole_response_comes_back_by_default():
    response = await Upstream(THING).api().request("get", "/things/1")
    assert isinstance(response, Response)
    assert response.json() == {"id": 1}


@pytest.mark.parametrize(
    ("returns", "value"), [(Thing, Thing(id=1)), (dict[str, int], {"id": 1}), (str, '{"id":1}')]
)
async def test_a_response_is_decoded_as_the_requested_type(returns, value):
    assert await Upstream(THING).api().request("GET", "/x", returns=returns) == value


async def test_the_decoder_of_a_type_is_built_once(monkeypatch):
    built = []
    real = Operation.__init__
    monkeypatch.setattr(
        Operation, "__init__", lambda self, *a, **o: built.append(a) or real(self, *a, **o)
    )
    api = Upstream(httpx.Response(200, json=[{"id": 1}])).api()
    for _ in range(3):
        assert await api.request("GET", "/built/once", returns=list[Thing]) == [Thing(id=1)]
    assert len(built) == 1


async def test_an_unhashable_type_can_be_requested():
    odd = Annotated[int, Field(json_schema_extra={"not": ["hashable"]})]
    reply = httpx.Response(200, json=7)
    assert await Upstream(reply).api().request("GET", "/odd", returns=odd) == 7


async def test_an_error_status_raises_whatever_type_was_requested():
    with pytest.raises(NotFound):
        await Upstream(httpx.Response(404)).api().request("GET", "/x")


async def test_a_body_that_does_not_match_the_type_is_a_decode_error():
    with pytest.raises(DecodeError, match=r"GET /x answered 200 with application/json"):
        await Upstream(httpx.Response(200, json=[])).api().request("GET", "/x", returns=Thing)


@pytest.mark.parametrize(("body", "sent"), [(None, b"null"), ({}, b"{}"), ([], b"[]"), (OMIT, b"")])
async def test_any_json_value_can_be_sent_and_none_is_sent_as_null(body, sent):
    upstream = Upstream()
    await upstream.api().request("POST", "/x", json=body)
    assert upstream.last.content == sent


@pytest.mark.parametrize("path", ["/a/../b", "/..", "/./a", "/{name}/..", "/%2e%2E/a", "/a/.%2e"])
async def test_a_path_with_dot_segments_of_its_own_is_refused(path):
    with pytest.raises(InvalidInput, match=r"no '\.' or '\.\.'"):
        await Upstream().api().request("GET", path, path_params={"name": "x"})


@pytest.mark.parametrize("path", ["/{user-name}", "/{", "/a}", "/{}", "/{{name}}"])
async def test_an_unbalanced_brace_in_a_path_is_refused(path):
    with pytest.raises(InvalidInput, match="brace that belongs to no parameter"):
        await Upstream().api().request("GET", path, path_params={"name": "x"})


async def test_an_unknown_path_parameter_is_refused():
    with pytest.raises(InvalidInput, match="no parameter 'nmae'"):
        await Upstream().api().request("GET", "/{name}", path_params={"name": "x", "nmae": "y"})


async def test_a_body_of_exactly_the_allowed_size_is_accepted():
    upstream = Upstream(httpx.Response(200, content=b"x" * 100))
    assert len((await upstream.api(max_response_bytes=100).request("GET", "/x")).body) == 100


async def test_a_compressed_response_of_a_mock_is_read():
    body = gzip.compress(b'{"id": 1}')
    reply = httpx.Response(200, content=body, headers={"content-encoding": "gzip"})
    assert await Upstream(reply).api().request("GET", "/x", returns=Thing) == Thing(id=1)


def test_every_limit_has_a_default():
    settings = Api().caller.settings
    assert settings.timeout == Timeout()
    assert None not in (settings.timeout.total, settings.timeout.read, settings.timeout.connect)
    assert settings.max_response_bytes > 0
