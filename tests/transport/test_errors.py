"""The error tree: what each class promises, walked over all of them."""

import copy
import pickle
import re

import httpx
import pytest

import sdk
from sdk import (
    ApiError,
    BadRequest,
    Conflict,
    ConnectFailed,
    DecodeError,
    Forbidden,
    Gone,
    InvalidInput,
    LifecycleError,
    NotFound,
    NotModified,
    PayloadTooLarge,
    RateLimited,
    Redirected,
    SdkError,
    ServerError,
    TimedOut,
    TransportError,
    Unauthorized,
    UnavailableForLegalReasons,
    ValidationFailed,
)
from sdk.transport import errors
from sdk.transport.errors import error_class_for
from sdk.transport.headers import Headers
from tests.transport.support import FakeClock, Upstream


def tree(root):
    return [root, *(cls for child in root.__subclasses__() for cls in tree(child))]


# The classes of this package, and not those that another test made for itself.
ALL = list(dict.fromkeys(cls for cls in tree(SdkError) if cls.__module__ == errors.__name__))

ATTRIBUTES = {
    "method": "GET",
    "route": "/users/{username}",
    "attempts": 3,
    "status": 404,
    "message": "No such thing",
    "errors": ({"field": "a"},),
    "documentation_url": "https://docs.example.com",
    "request_id": "r1",
    "retry_after": 1.5,
    "headers": Headers([(b"x-a", b"1")]),
    "sent": False,
    "content_type": "text/html",
    "drift": ("a", "b"),
}


def pickled(error):
    return pickle.loads(pickle.dumps(error))


def full(cls):
    return cls("What happened.", **ATTRIBUTES)


@pytest.mark.parametrize("cls", ALL)
@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, pickled])
def test_every_error_copies_and_pickles_with_all_that_it_carries(cls, duplicate):
    other = duplicate(full(cls))
    assert type(other) is cls
    assert str(other) == "What happened."
    assert vars(other) == ATTRIBUTES


@pytest.mark.parametrize("cls", ALL)
def test_notes_survive_pickling(cls):
    error = full(cls)
    error.add_note("Seen on Friday.")
    assert pickled(error).__notes__ == ["Seen on Friday."]


@pytest.mark.parametrize("cls", ALL)
def test_every_error_can_be_made_from_its_text_alone(cls):
    error = cls("What happened.")
    assert str(error) == "What happened."
    assert repr(error) == f"{cls.__name__}('What happened.')"
    assert (error.method, error.route, error.attempts) == (None, None, 0)


@pytest.mark.parametrize("cls", ALL)
def test_every_error_is_public_and_documented(cls):
    assert getattr(sdk, cls.__name__) is cls
    assert cls.__name__ in errors.__all__
    assert cls.__doc__


def test_the_tree_in_the_docstring_is_the_real_one():
    drawn = re.findall(r"^([ │├└─]*)([A-Z]\w+)", errors.__doc__.partition("\n\n")[2], re.MULTILINE)
    path: list[str] = []
    parents = {}
    for prefix, name in drawn:
        depth = (len(prefix) - 4) // 4
        path[depth:] = [name]
        parents[name] = path[depth - 1] if depth else "Exception"
    del parents["All"]
    assert parents == {cls.__name__: cls.__bases__[0].__name__ for cls in ALL}


def test_an_invalid_input_is_a_value_error_too():
    assert issubclass(InvalidInput, ValueError)


@pytest.mark.parametrize(
    ("status", "cls"),
    [
        (300, Redirected),
        (302, Redirected),
        (304, NotModified),
        (400, BadRequest),
        (401, Unauthorized),
        (402, ApiError),
        (403, Forbidden),
        (404, NotFound),
        (405, ApiError),
        (408, ApiError),
        (409, Conflict),
        (410, Gone),
        (413, PayloadTooLarge),
        (418, ApiError),
        (422, ValidationFailed),
        (429, RateLimited),
        (451, UnavailableForLegalReasons),
        (500, ServerError),
        (502, ServerError),
        (503, ServerError),
        (504, ServerError),
        (599, ServerError),
        (999, ServerError),
    ],
)
async def test_a_status_becomes_its_class_whether_it_was_declared_or_not(status, cls):
    assert error_class_for(status) is cls
    upstream = Upstream(httpx.Response(status, json={"message": "No."}))
    with pytest.raises(ApiError) as caught:
        await upstream.api(retry=None).request("GET", "/x")
    assert type(caught.value) is cls
    assert caught.value.status == status


async def test_the_error_of_a_response_has_all_its_details():
    reply = httpx.Response(
        422,
        json={"message": "Validation Failed", "errors": [{"field": "a"}]},
        headers={"x-request-id": "r1"},
    )
    with pytest.raises(ValidationFailed) as caught:
        await Upstream(reply).api().request("GET", "/a/{b}", path_params={"b": "c"})
    error = caught.value
    assert (error.method, error.route, error.attempts) == ("GET", "/a/{b}", 1)
    assert (error.status, error.message) == (422, "Validation Failed")
    assert error.errors == ({"field": "a"},)
    assert error.request_id == "r1"
    assert error.headers["content-type"] == "application/json"
    assert str(error) == (
        "GET /a/{b} (c) answered 422: Validation Failed (request id r1). "
        "See .errors for the invalid values."
    )


async def test_the_error_without_a_response_names_the_cause_and_the_attempts():
    upstream = Upstream(httpx.ConnectError("refused"))
    with pytest.raises(ConnectFailed) as caught:
        await upstream.api(clock=FakeClock().clock).request("GET", "/a")
    error = caught.value
    assert (error.method, error.route, error.attempts, error.sent) == ("GET", "/a", 3, False)
    assert str(error) == (
        "GET /a failed: No connection to api.example.com: refused (3 attempts). "
        "Check base_url, the proxy settings and the network."
    )


def test_families_can_be_caught_by_their_base():
    assert issubclass(RateLimited, Forbidden)
    assert issubclass(TimedOut, TransportError)
    assert all(
        issubclass(
            cls,
            (
                ApiError,
                TransportError,
                LifecycleError,
                InvalidInput,
                sdk.DecodeError,
                sdk.CredentialsError,
                sdk.StoreUnavailable,
            ),
        )
        for cls in ALL[1:]
    )


async def test_the_error_of_decoding_has_the_context_of_its_call():
    reply = httpx.Response(200, json=[], headers={"x-request-id": "A:1"})
    async with Upstream(lambda _: reply).api() as api:
        with pytest.raises(
            DecodeError, match=r"^GET /users/\{name\} \(octocat\) answered 200"
        ) as caught:
            await api.request("GET", "/users/{name}", path_params={"name": "octocat"}, returns=int)
    error = caught.value
    assert (error.method, error.route) == ("GET", "/users/{name}")
    assert (error.status, error.request_id, error.attempts) == (200, "A:1", 1)
