"""Sign a user in to an app under test, with a ``StandIn`` as GitHub."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Generator, Mapping
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar, cast, overload
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from .fake_server import StandIn
    from .fake_server.messages import Reply

_LONGEST = 500


class _Response(Protocol):
    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def text(self) -> str: ...


class _Client(Protocol):
    # That of httpx, httpx2 or FastAPI's TestClient, which is based on either.
    @property
    def base_url(self) -> Any: ...
    def get(self, url: str, /, *, follow_redirects: bool) -> _Response: ...


class _AsyncClient(Protocol):
    @property
    def base_url(self) -> Any: ...
    def get(self, url: str, /, *, follow_redirects: bool) -> Awaitable[_Response]: ...


C = TypeVar("C", bound=_Client)
A = TypeVar("A", bound=_AsyncClient)
_Steps: TypeAlias = Generator[str, _Response, None]


@overload
def sign_in_user(
    client: A, github: StandIn, *, login: str = ..., path: str = ...
) -> Awaitable[A]: ...
@overload
def sign_in_user(client: C, github: StandIn, *, login: str = ..., path: str = ...) -> C: ...
def sign_in_user(
    client: Any, github: StandIn, *, login: str = "octocat", path: str = "/login"
) -> Any:
    """Sign a user in, as a browser does, and return the client with the session's cookie.

    ::

        def test_profile(github, app):
            with TestClient(app, base_url="https://app.example.com") as client:
                sign_in_user(client, github, login="ada-example")
                assert client.get("/me").json() == "ada-example"

    It requests `path`, authorizes the app at GitHub as the user does with a click, and requests the
    callback. With an ``AsyncClient`` of httpx or httpx2, await it.

    Args:
        client: a client of the app, such as FastAPI's ``TestClient``. Its ``base_url`` has the host
            of the callback, because cookies belong to a host.
        github: the server that the app's own client calls.
        login: who signs in.
        path: the path at which sign-in begins.

    Raises:
        AssertionError: the user is not signed in; the text says why.
    """
    steps = _steps(client.base_url.host, github, login, path)
    response: Any = client.get(next(steps), follow_redirects=False)
    if isawaitable(response):
        return _await_steps(client, steps, response)
    while (url := _next(steps, response)) is not None:
        response = client.get(url, follow_redirects=False)
    return client


async def _await_steps(client: A, steps: _Steps, response: Awaitable[_Response]) -> A:
    while (url := _next(steps, await response)) is not None:
        response = client.get(url, follow_redirects=False)
    return client


def _next(steps: _Steps, response: _Response) -> str | None:
    try:
        return steps.send(response)
    except StopIteration:
        return None


def _steps(host: str, github: StandIn, login: str, path: str) -> _Steps:
    """Yield the URLs to request from the app; receive their responses."""
    begun = yield path
    target = _location(begun, f"GET {path}")
    callback = _authorized(github, target, login)
    wanted = urlsplit(callback).hostname
    if wanted != host:
        raise AssertionError(
            f"The callback is at {wanted!r}, and the client at {host!r}, which would not get its "
            f"cookies: pass base_url={_origin(callback)!r} to the client."
        )
    done = yield callback
    _location(done, "The callback")


def _authorized(github: StandIn, target: str, login: str) -> str:
    """Return the URL of the callback to which GitHub sends the user who authorizes the app."""
    from .fake_server.messages import Request

    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query))
    if "client_id" not in query:
        raise AssertionError(f"Sign-in leads to {_origin(target)}{parts.path}, and not to GitHub.")
    known = [app.client_id for app in github.apps]
    if query["client_id"] not in known:
        raise AssertionError(
            f"The app has the client ID {query['client_id']!r}, and the fake server has "
            f"{', '.join(map(repr, known)) or 'no app'}: register it, with "
            "StandIn(apps=[AppSeed(client_id=..., client_secret=...)])."
        )
    query |= {"auto": "1", "login": login}
    reply = github.respond(Request("GET", parts.path, query, {}, b"", _origin(target)))
    location = str(reply.headers.get("location", ""))
    back = dict(parse_qsl(urlsplit(location).query))
    if "code" not in back:
        reason = back.get("error_description") or back.get("error") or _text(reply)
        raise AssertionError(f"GitHub did not authorize the app: {reason}")
    return location


def _location(response: _Response, what: str) -> str:
    if response.status_code not in (302, 303, 307) or "location" not in response.headers:
        raise AssertionError(
            f"{what} answered {response.status_code} instead of a redirect: "
            f"{_without_tags(response.text)}"
        )
    return response.headers["location"]


def _text(reply: Reply) -> str:
    body = reply.body
    return _without_tags(body.decode() if isinstance(body, bytes) else str(cast("object", body)))


def _without_tags(text: str) -> str:
    text = re.sub(r"<style.*?</style>|<[^>]*>", " ", text[: 10 * _LONGEST], flags=re.DOTALL)
    return " ".join(text.split())[:_LONGEST]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
