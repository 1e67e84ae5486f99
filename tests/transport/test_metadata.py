"""What comes with a response besides its body."""

import copy
import enum
import gc
import itertools
import pickle
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import BaseModel

from sdk import Metadata, Operation, RateLimit, Resource, Response, metadata
from sdk.transport.headers import Headers
from sdk.transport.response.response import _table
from tests.transport.support import BASE_URL, Upstream

LIMITS = {
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "4987",
    "x-ratelimit-used": "13",
    "x-ratelimit-reset": "1700000000",
    "x-ratelimit-resource": "search",
}


class User(BaseModel):
    name: str


def response(headers=None, body=None):
    return httpx.Response(200, json=body or {"name": "o"}, headers=headers)


def plain(headers):
    return Headers((name.encode(), value.encode()) for name, value in headers.items())


async def test_a_model_has_the_metadata_of_its_response():
    upstream = Upstream(response({"X-Request-Id": "r1", "ETag": "e"}))
    user = await upstream.api().request("GET", "/users/o", returns=User, params={"q": "s3cret"})

    found = metadata(user)

    assert (found.status, found.request_id, found.attempts) == (200, "r1", 1)
    assert found.headers["etag"] == "e"
    assert found.url == f"{BASE_URL}/users/o"


class Colour(enum.Enum):
    RED = "red"


async def test_a_shared_value_has_no_metadata():
    upstream = Upstream(response(body="red", headers={"X-Request-Id": "r1"}))

    colour = await upstream.api().request("GET", "/colour", returns=Colour)

    assert colour is Colour.RED
    with pytest.raises(LookupError):
        metadata(colour)


async def test_metadata_is_not_part_of_the_model():
    user = await Upstream(response()).api().request("GET", "/x", returns=User)
    assert user == User(name="o")
    assert user.model_dump() == {"name": "o"}
    assert repr(user) == "User(name='o')"


async def test_equal_models_have_separate_metadata():
    upstream = Upstream(response({"x-request-id": "r1"}), response({"x-request-id": "r2"}))
    api = upstream.api()
    first = await api.request("GET", "/x", returns=User)
    second = await api.request("GET", "/x", returns=User)
    assert first == second
    assert [metadata(user).request_id for user in (first, second)] == ["r1", "r2"]


async def test_a_page_has_metadata_too():
    upstream = Upstream(response({"x-request-id": "r1"}, body=[{"name": "o"}]))
    api = upstream.api()
    operation = Operation("GET", "/users", returns=list[User])
    page = await Resource(api)._paginate(operation)
    assert metadata(page).request_id == page.metadata.request_id == "r1"


@pytest.mark.parametrize("of", [copy.copy, lambda user: user.name, lambda user: None])
async def test_a_copy_or_a_part_has_no_metadata_and_the_error_names_the_fix(of):
    user = await Upstream(response()).api().request("GET", "/x", returns=User)
    with pytest.raises(LookupError, match="pass the object that the call returned"):
        metadata(of(user))


async def test_for_plain_values_the_error_names_returns_response():
    body = await Upstream(response()).api().request("GET", "/x", returns=dict)
    with pytest.raises(LookupError, match=r"returns=Response"):
        metadata(body)


async def test_a_whole_response_has_its_status_and_headers():
    given = await Upstream(response({"x-request-id": "r1"})).api().request("GET", "/x")
    assert isinstance(given, Response)
    assert (given.status, given.headers["x-request-id"]) == (200, "r1")


async def test_metadata_is_dropped_with_its_object():
    user = await Upstream(response()).api().request("GET", "/x", returns=User)
    key = id(user)
    assert key in _table
    del user
    gc.collect()
    assert key not in _table


def test_metadata_can_be_pickled():
    found = Metadata(200, plain(LIMITS), "r1", BASE_URL, 1)
    assert pickle.loads(pickle.dumps(found)) == found


# ------------------------------------------------------------------ rate limit


def rate_limit(headers):
    return Metadata(200, plain(headers), None, BASE_URL, 1).rate_limit


def test_the_rate_limit_is_read_from_the_headers():
    assert rate_limit(LIMITS) == RateLimit(
        limit=5000,
        remaining=4987,
        used=13,
        reset=datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
        resource="search",
    )


def test_used_and_resource_have_defaults_without_their_headers():
    few = {
        name: LIMITS[name]
        for name in list(LIMITS)
        if name.split("-")[-1] not in ("used", "resource")
    }
    found = rate_limit(few)
    assert (found.used, found.resource) == (13, "core")


def test_without_its_headers_the_rate_limit_is_none():
    assert rate_limit({}) is None


def test_the_rate_limit_is_the_same_in_any_order_and_case_of_its_headers():
    found = set()
    for order in itertools.permutations(LIMITS.items()):
        lines = "".join(f"{name}: {value}\r\n" for name, value in [*order, ("date", "today")])
        for text in (lines, lines.title()):
            head = Headers.parse(f"HTTP/1.1 200 OK\r\n{text}\r\n".encode())
            limit = Metadata(200, head, None, BASE_URL, 1).rate_limit
            found.add((limit.limit, limit.remaining, limit.used, limit.resource.lower()))
    assert found == {(5000, 4987, 13, "search")}


def test_a_rate_limit_that_is_named_twice_is_ignored():
    lines = "".join(f"{name}: {value}\r\n" for name, value in LIMITS.items())
    head = Headers.parse(f"HTTP/1.1 200 OK\r\n{lines}x-ratelimit-limit: 1\r\n\r\n".encode())
    assert Metadata(200, head, None, BASE_URL, 1).rate_limit is None


@pytest.mark.parametrize("name", ["limit", "remaining", "used", "reset"])
@pytest.mark.parametrize(
    "value", ["", "many", "1.5", "-1", "+1", "1_000", "nan", "٣", "1700000000000", "9" * 5000]
)
def test_an_invalid_count_in_a_header_is_ignored(name, value):
    headers = Headers(
        (key.encode(), text.encode("utf-8"))
        for key, text in {**LIMITS, f"x-ratelimit-{name}": value}.items()
    )
    assert Metadata(200, headers, None, BASE_URL, 1).rate_limit is None


def test_a_count_may_have_space_around_it():
    assert rate_limit({**LIMITS, "x-ratelimit-limit": " 5000 "}).limit == 5000
