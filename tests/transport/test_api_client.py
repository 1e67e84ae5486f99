"""The base of a typed client: options, views, and calls by method and path."""

import asyncio
import gzip
import traceback
from typing import Annotated

import httpx
import pytest
from pydantic import BaseModel, Field

from sdk import (
    OMIT,
    Answer,
    ApiClient,
    DeadlineExceeded,
    DecodeError,
    InvalidInput,
    NotFound,
    Operation,
    Resource,
    ResponseTooLarge,
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

# ------------------------------------------------------------------ base_url


def test_a_client_tells_its_address():
    assert Shop().base_url == BASE_URL
    own = Shop(base_url="http://127.0.0.1:8000/")
    assert own.base_url == own.with_options(timeout=1).base_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("base_url", "path", "address"),
    [
        ("https://api.example.com", "/x", "https://api.example.com/x"),
        ("https://api.example.com/", "/x", "https://api.example.com/x"),
        ("https://ghe.example.com/api/v3/", "/x/y", "https://ghe.example.com/api/v3/x/y"),
        ("http://127.0.0.1:8000", "/", "http://127.0.0.1:8000/"),
        ("http://[::1]:8000", "/x", "http://[::1]:8000/x"),
    ],
)
async def test_paths_are_appended_to_the_base_url(base_url, path, address):
    upstream = Upstream()
    await upstream.api(base_url=base_url).request("GET", path)
    assert str(upstream.last.url) == address


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "api.example.com",
        "localhost:8000",
        "//api.example.com",
        "ftp://api.example.com",
        "https://",
        "https:///x",
        "https://api.example.com:port",
        "https://api.example.com:99999",
        "https://[::1",
        "https://exämple.com",
        "https://api.example.com\n",
        "https://api example.com",
        b"https://api.example.com",
        443,
    ],
)
def test_a_base_url_that_is_no_web_address_is_refused(base_url):
    with pytest.raises(InvalidInput, match="base_url must be"):
        Api(base_url=base_url)


@pytest.mark.parametrize(
    "base_url",
    [
        "https://user:s3cret@api.example.com",
        "https://api.example.com?token=s3cret",
        "https://api.example.com/#s3cret",
        "https://api.example.com?",
        "https://api.example.com/#",
        "api.example.com?token=s3cret",
        "user:s3cret@api.example.com",
    ],
)
def test_a_base_url_with_more_than_an_address_is_refused_and_not_shown(base_url):
    with pytest.raises(InvalidInput) as caught:
        Api(base_url=base_url)
    assert "s3cret" not in str(caught.value)


async def test_default_parameters_of_an_injected_client_are_not_sent_and_take_nothing_away():
    upstream = Upstream()
    async with upstream.http_client(params={"key": "s3cret"}) as client:
        await Api(http_client=client).request("GET", "/x", params={"per_page": 100})
    assert str(upstream.last.url) == f"{BASE_URL}/x?per_page=100"


# ------------------------------------------------------------------ credentials


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
async def test_credentials_among_the_headers_are_refused_with_the_fix(name):
    api = Upstream().api()
    for give in (
        lambda headers: Api(headers=headers),
        lambda headers: api.with_options(headers=headers),
    ):
        with pytest.raises(InvalidInput, match="auth=") as caught:
            give({name: "Bearer s3cret"})
        assert "s3cret" not in str(caught.value)
    with pytest.raises(InvalidInput, match="auth="):
        await api.request("GET", "/x", options={"headers": {name: "Bearer s3cret"}})


class Given:
    """Credentials that are given as they are."""

    def __init__(self, headers):
        self._headers = headers

    async def headers(self):
        return self._headers


async def test_credentials_take_the_place_of_a_header_in_whatever_letters():
    upstream = Upstream()
    api = upstream.api(headers={"x-api-key": "old"}, auth=Given({"X-API-Key": "new"}))
    await api.request("GET", "/x")
    assert upstream.last.headers.get_list("x-api-key") == ["new"]


@pytest.mark.parametrize("headers", [{"authorization": "Bearer s3crét"}, {"x-a": None}, "s3cret"])
async def test_credentials_that_are_no_headers_are_refused_and_not_shown(headers):
    upstream = Upstream()
    with pytest.raises(InvalidInput) as caught:
        await upstream.api(auth=Given(headers)).request("GET", "/x")
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in shown.stack if "/sdk/transport/" in frame.filename]
    assert ours
    assert "s3cr" not in str(caught.value)
    assert not [frame for frame in ours if "s3cr" in str(frame.locals)]
    assert upstream.requests == []


# ------------------------------------------------------------------ other options


@pytest.mark.parametrize(
    ("options", "fix"),
    [
        ({"timeout": 0}, "positive number of seconds"),
        ({"timeout": "5"}, "positive number of seconds"),
        ({"retry": 3}, "Write Retry(attempts=...)"),
        ({"pacing": False}, "Write Pacing(longest_wait=...)"),
        ({"auth": "s3cret"}, 'TokenAuth("...")'),
        ({"auth": Key}, "an object with an async method headers()"),
        ({"headers": "s3cret"}, "a mapping of names to values"),
        ({"headers": [("x-a", "s3cret")]}, "a mapping of names to values"),
        ({"session": httpx.AsyncClient}, "Pass the session of another client"),
        ({"observers": print}, "a list of callables"),
        ({"observers": ["s3cret"]}, "a list of callables"),
        ({"on_drift": "s3cret"}, "on_drift must be a callable"),
        ({"max_connections": 0}, "max_connections must be a whole number, 1 or more"),
        ({"max_connections": "9"}, "max_connections must be a whole number, 1 or more"),
        ({"max_response_bytes": 0}, "max_response_bytes must be a whole number, 1 or more"),
        ({"max_response_bytes": "4M"}, "max_response_bytes must be a whole number, 1 or more"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_at_once_with_the_fix(options, fix):
    with pytest.raises(InvalidInput) as caught:
        Api(**options)
    assert fix in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("options", [{"auth": "s3cret"}, {"headers": "s3cret"}, {"retry": False}])
def test_an_option_of_a_view_that_cannot_be_used_is_refused_too(options):
    with pytest.raises(InvalidInput) as caught:
        Api().with_options(**options)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "options", [{"timeuot": 5}, {"headers": "s3cret"}, {"extra_query": "s3cret"}]
)
async def test_an_option_of_a_call_that_cannot_be_used_is_refused_too(options):
    upstream = Upstream()
    with pytest.raises(InvalidInput) as caught:
        await upstream.api().request("GET", "/x", options=options)
    assert next(iter(options)) in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert upstream.requests == []


async def test_headers_of_the_client_go_with_every_call():
    upstream = Upstream()
    api = upstream.api(headers={"X-Team": "blue", "Accept": "text/plain"})
    await api.request("GET", "/x")
    assert upstream.last.headers["x-team"] == "blue"
    assert upstream.last.headers.get_list("accept") == ["text/plain"]


async def test_the_client_says_who_it_is_and_which_compression_it_reads():
    upstream = Upstream()
    await upstream.api().request("GET", "/x")
    assert upstream.last.headers["user-agent"].startswith("github-sdk/")
    assert upstream.last.headers["accept-encoding"] == "gzip"
    assert upstream.last.headers["accept"] == "application/json"


async def test_headers_of_a_call_replace_those_of_the_client_for_that_call_alone():
    upstream = Upstream()
    api = upstream.api(headers={"X-Team": "blue"})
    await api.request("GET", "/x", options={"headers": {"x-team": "red"}})
    assert upstream.last.headers.get_list("x-team") == ["red"]
    await api.request("GET", "/x")
    assert upstream.last.headers.get_list("x-team") == ["blue"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x-a", "s3cret\r\nx-b: 1"),
        ("x-a", "s3cret\0"),
        ("x-a", "s3crét"),
        ("x-a", b"s3cret"),
        ("x-a", None),
        ("x a", "s3cret"),
        ("x-a\r\nx-b", "s3cret"),
        ("", "s3cret"),
        ("x-ä", "s3cret"),
    ],
)
async def test_a_header_that_could_split_a_request_is_refused_and_not_shown(name, value):
    api = Upstream().api()
    with pytest.raises(InvalidInput) as for_client:
        Api(headers={name: value})
    with pytest.raises(InvalidInput) as for_view:
        api.with_options(headers={name: value})
    with pytest.raises(InvalidInput) as for_call:
        await api.request("GET", "/x", options={"headers": {name: value}})
    texts = [str(caught.value) for caught in (for_client, for_view, for_call)]
    assert "s3c" not in "".join(texts)
    assert all(text.isprintable() for text in texts)


# ------------------------------------------------------------------ views


async def test_a_view_has_options_of_its_own_and_leaves_the_client_as_it_is():
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


async def test_none_as_auth_of_a_view_is_nobody():
    upstream = Upstream()
    await upstream.api(auth=Key("mine")).with_options(auth=None).request("GET", "/x")
    assert "x-api-key" not in upstream.last.headers


@pytest.mark.parametrize(
    "error", [OSError("no such file"), TimeoutError(), ValueError("expired"), httpx.ReadError("x")]
)
async def test_credentials_that_cannot_be_had_are_an_error_of_their_own(error):
    class Locked:
        async def headers(self):
            raise error

    upstream = Upstream()
    with pytest.raises(type(error)) as caught:
        await upstream.api(auth=Locked()).request("GET", "/x")
    assert caught.value is error
    assert upstream.requests == []


async def test_none_as_retry_is_a_single_attempt():
    upstream = Upstream(FAILING)
    view = upstream.api().with_options(retry=None)
    with pytest.raises(ServerError) as caught:
        await view.request("GET", "/x")
    assert (len(upstream.requests), caught.value.attempts) == (1, 1)


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

    answers = await asyncio.gather(*(call(number) for number in range(100)))
    assert answers == [f'"{number}"' for number in range(100)]


# ------------------------------------------------------------------ options of a call


async def test_options_of_a_call_hold_for_that_call():
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
    assert dict(upstream.last.url.params.multi_items()) == {"c": "4", "a": "1"}
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
    with pytest.raises(InvalidInput, match="Leave a field inside of one out"):
        await api.request("POST", "/x", json={"a": {"b": OMIT}})


@pytest.mark.parametrize("wrong", [{"path": None}, {"params": {1: 2}}])
async def test_a_call_that_is_none_is_refused(wrong):
    upstream = Upstream()
    with pytest.raises(InvalidInput, match="must be a str, not"):
        await upstream.api().request("GET", **{"path": "/x", **wrong})
    assert upstream.requests == []


async def test_an_answer_has_its_metadata():
    answer = await Upstream(httpx.Response(201, json={})).api().request("POST", "/x")
    assert metadata(answer).status == 201


async def test_a_number_is_the_limit_of_the_whole_call_and_leaves_the_others():
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
        with pytest.raises(DeadlineExceeded, match=r"No answer within 0\.01 s in all"):
            await api.request("GET", "/x", options={"timeout": 0.01})


# ------------------------------------------------------------------ calls by method and path


async def test_the_whole_answer_comes_back_by_default():
    answer = await Upstream(THING).api().request("get", "/things/1")
    assert isinstance(answer, Answer)
    assert answer.json() == {"id": 1}


@pytest.mark.parametrize(
    ("returns", "value"), [(Thing, Thing(id=1)), (dict[str, int], {"id": 1}), (str, '{"id":1}')]
)
async def test_a_type_may_be_asked_for(returns, value):
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


async def test_a_type_that_cannot_be_hashed_may_be_asked_for_too():
    odd = Annotated[int, Field(json_schema_extra={"not": ["hashable"]})]
    reply = httpx.Response(200, json=7)
    assert await Upstream(reply).api().request("GET", "/odd", returns=odd) == 7


async def test_an_error_status_is_an_error_whatever_type_was_asked_for():
    with pytest.raises(NotFound):
        await Upstream(httpx.Response(404)).api().request("GET", "/x")


async def test_what_cannot_be_read_as_the_type_is_a_decode_error():
    with pytest.raises(DecodeError, match=r"GET /x answered 200 with application/json"):
        await Upstream(httpx.Response(200, json=[])).api().request("GET", "/x", returns=Thing)


@pytest.mark.parametrize(("body", "sent"), [(None, b"null"), ({}, b"{}"), ([], b"[]"), (OMIT, b"")])
async def test_any_json_may_be_sent_and_none_is_null(body, sent):
    upstream = Upstream()
    await upstream.api().request("POST", "/x", json=body)
    assert upstream.last.content == sent


@pytest.mark.parametrize("path", ["/a/../b", "/..", "/./a", "/{name}/.."])
async def test_a_path_with_dot_segments_of_its_own_is_refused(path):
    with pytest.raises(InvalidInput, match=r"no '\.' or '\.\.'"):
        await Upstream().api().request("GET", path, path_params={"name": "x"})


@pytest.mark.parametrize("path", ["/{user-name}", "/{", "/a}", "/{}", "/{{name}}"])
async def test_a_brace_that_makes_no_parameter_is_refused(path):
    with pytest.raises(InvalidInput, match="brace that belongs to no parameter"):
        await Upstream().api().request("GET", path, path_params={"name": "x"})


async def test_an_unknown_path_parameter_is_refused():
    with pytest.raises(InvalidInput, match="no parameter 'nmae'"):
        await Upstream().api().request("GET", "/{name}", path_params={"name": "x", "nmae": "y"})


# ------------------------------------------------------------------ limits


async def test_a_body_larger_than_allowed_is_refused_with_the_fix():
    upstream = Upstream(httpx.Response(200, content=b"x" * 101))
    with pytest.raises(ResponseTooLarge, match=r"larger than 100 bytes.*Raise max_response_bytes"):
        await upstream.api(max_response_bytes=100).request("GET", "/x")
    assert len(upstream.requests) == 1


async def test_a_body_of_just_the_allowed_size_is_taken():
    upstream = Upstream(httpx.Response(200, content=b"x" * 100))
    assert len((await upstream.api(max_response_bytes=100).request("GET", "/x")).body) == 100


async def test_a_compressed_answer_of_a_mock_is_read():
    body = gzip.compress(b'{"id": 1}')
    reply = httpx.Response(200, content=body, headers={"content-encoding": "gzip"})
    assert await Upstream(reply).api().request("GET", "/x", returns=Thing) == Thing(id=1)


def test_every_limit_has_a_value_by_default():
    settings = Api().caller.settings
    assert settings.timeout == Timeout()
    assert None not in (settings.timeout.total, settings.timeout.read, settings.timeout.connect)
    assert settings.max_response_bytes > 0
