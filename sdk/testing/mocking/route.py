"""One operation with some arguments: what it answers, and how it was called."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, ParamSpec, Self, TypeVar
from unittest.mock import ANY

import httpx

from sdk.testing.fake_server.messages import Reply, problem

from .calls import Call
from .expected_call import ExpectedCall, capture
from .request_matching import as_sent, matches, sent_values, wants_this_form
from .responses import (
    Responder,
    by_version,
    complete_response,
    fixed_pages,
    generated_response,
    json_response,
    network_failure,
    paginated,
)

P = ParamSpec("P")
T = TypeVar("T")


class BaseRoute(ABC, Generic[P]):
    """What every route can do.

    Each of the methods that state a response adds one: they are given in that order, one per
    request, and the last one for every request after.

    Attributes:
        calls: the requests it answered so far.
    """

    def __init__(self, expected: ExpectedCall, now: Callable[[], float]) -> None:
        self._expected = expected
        self._now = now
        self._responders: list[Responder] = []
        self.calls: list[Call] = []

    # ------------------------------------------------------------ what it answers

    @abstractmethod
    def respond(self) -> Self:
        """Answer with success, everything made up."""

    def respond_raw(
        self,
        status: int,
        *,
        json: object = ...,
        content: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Answer with exactly this: nothing is made up, and nothing is checked.

        Args:
            status: the HTTP status code.
            json: the body, as JSON.
            content: the body, as it is.
            headers: response headers.
        """
        if json is not ...:
            return self._add(lambda _: json_response(status, json, headers))
        body = content.encode() if isinstance(content, str) else content
        return self._add(lambda _: Reply(status, body, dict(headers or {})))

    def not_found(self) -> Self:
        """Answer 404: the call raises NotFound, or gives False where it asks whether."""
        return self.fails(404, "Not Found")

    def unauthorized(self, message: str = "Bad credentials") -> Self:
        """Answer 401: the call raises Unauthorized."""
        return self.fails(401, message)

    def forbidden(self, message: str = "Resource not accessible by personal access token") -> Self:
        """Answer 403: the call raises Forbidden."""
        return self.fails(403, message)

    def conflict(self, message: str = "Conflict") -> Self:
        """Answer 409: the call raises Conflict."""
        return self.fails(409, message)

    def validation_failed(self, *errors: Mapping[str, str], message: str = "") -> Self:
        """Answer 422: the call raises ValidationFailed, with these `errors`.

        Args:
            errors: as GitHub words them, such as
                ``{"resource": "Issue", "field": "title", "code": "missing_field"}``.
            message: GitHub's is "Validation Failed".
        """
        listed = [dict(error) for error in errors]
        return self._add(lambda _: problem(422, message or "Validation Failed", errors=listed))

    def rate_limited(self, retry_after: int = 60) -> Self:
        """Answer 403 with Retry-After, GitHub's secondary limit: the call waits and tries again.

        When it does not try again, it raises SecondaryRateLimited.

        Args:
            retry_after: seconds.
        """
        return self.fails(
            403,
            "You have exceeded a secondary rate limit.",
            headers={"retry-after": str(retry_after)},
        )

    def rate_limit_exceeded(self, resets_in: int = 3600) -> Self:
        """Answer 403 as when the hour's calls are used up: the call raises RateLimitExceeded.

        Args:
            resets_in: seconds until the limit is renewed.
        """

        def response(_: httpx.Request) -> Reply:
            headers = {
                "x-ratelimit-limit": "5000",
                "x-ratelimit-remaining": "0",
                "x-ratelimit-used": "5000",
                "x-ratelimit-reset": str(int(self._now()) + resets_in),
            }
            return problem(403, "API rate limit exceeded for user ID 1.", headers=headers)

        return self._add(response)

    def server_error(self, status: int = 502) -> Self:
        """Answer 5xx: a call that may be repeated is, and then raises ServerError."""
        return self.fails(status, "Server Error")

    def fails(self, status: int, message: str, *, headers: Mapping[str, str] | None = None) -> Self:
        """Answer with an error status, in the form of GitHub's errors."""
        return self._add(lambda _: problem(status, message, headers=dict(headers or {})))

    def drop_connection(self) -> Self:
        """Break the connection before anything is answered: the call raises ConnectionLost."""
        return self._add(network_failure(httpx.RemoteProtocolError, "Server disconnected"))

    def refuse_connection(self) -> Self:
        """Let no connection be made: the call raises ConnectFailed."""
        return self._add(network_failure(httpx.ConnectError, "Connection refused"))

    def time_out(self) -> Self:
        """Answer nothing, without making the test wait: the call raises ReadTimeout."""
        return self._add(network_failure(httpx.ReadTimeout, "Nothing came"))

    def _add(self, response: Responder) -> Self:
        self._responders.append(response)
        return self

    # ------------------------------------------------------------ how it was called

    @property
    def call_count(self) -> int:
        """The number of requests that it responded to; each attempt of a call counts."""
        return len(self.calls)

    @property
    def called(self) -> bool:
        """Whether it responded to any request."""
        return bool(self.calls)

    @property
    def last_call(self) -> Call:
        """The last request that it responded to; raises AssertionError if there is none."""
        self.assert_called()
        return self.calls[-1]

    def assert_called(self) -> None:
        """Fail unless it was called."""
        if not self.calls:
            raise AssertionError(f"{self} was not called.")

    def assert_called_once(self) -> None:
        """Fail unless it was called exactly once."""
        if len(self.calls) != 1:
            raise AssertionError(f"{self} was called {len(self.calls)} times: {self.calls}")

    def assert_not_called(self) -> None:
        """Fail if it was called."""
        if self.calls:
            raise AssertionError(f"{self} was called: {self.calls}")

    def assert_called_with(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Fail unless the last call had these arguments and no others; ANY matches every value."""
        self.assert_called()
        self._compare(self.calls[-1:], args, kwargs)

    def assert_called_once_with(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Fail unless there was one call, with these arguments and no others."""
        self.assert_called_once()
        self._compare(self.calls, args, kwargs)

    def assert_any_call(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Fail unless one of the calls had these arguments and no others."""
        self.assert_called()
        self._compare(self.calls, args, kwargs)

    def _compare(
        self, calls: Sequence[Call], args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> None:
        expected = capture(self._expected.method, args, kwargs)
        for call in calls:
            if call.operation is expected.operation and matches(
                call.operation, expected.values, call.sent, exactly=True
            ):
                return
        shown = ", ".join(f"{name}={value!r}" for name, value in expected.values.items())
        raise AssertionError(
            f"Expected {expected.operation.id}({shown}), but was: {', '.join(map(repr, calls))}"
        )

    # ------------------------------------------------------------ for the router

    @property
    def base_url(self) -> str:
        """The address of the API that it is of."""
        return self._expected.base_url

    def covers(self, other: BaseRoute[Any]) -> bool:
        """Whether this one answers every call that `other` would."""
        mine, theirs = self._expected, other._expected
        if mine.operation is not theirs.operation or mine.base_url != theirs.base_url:
            return False
        sent = {
            name: as_sent(theirs.operation, name, value) for name, value in theirs.values.items()
        }
        return all(
            value is ANY
            or (
                sent.get(name, ANY) is not ANY
                and as_sent(mine.operation, name, value) == sent[name]
            )
            for name, value in mine.values.items()
        )

    def take(self, request: httpx.Request) -> Reply | None:
        """Return the reply to a request, or None when it is for another route."""
        expected = self._expected
        sent = sent_values(expected.operation, expected.base_url, request)
        if sent is None or not matches(expected.operation, expected.values, sent):
            return None
        if not wants_this_form(expected.operation, request):
            return None
        self.calls.append(Call(expected.operation, expected.method, request, sent))
        if not self._responders:
            self.respond()
        return self._responders[min(len(self.calls), len(self._responders)) - 1](request)

    def __str__(self) -> str:
        operation = self._expected.operation
        shown = ", ".join(f"{name}={value!r}" for name, value in self._expected.values.items())
        form = f" as {operation.accept}" if operation.accept else ""
        return f"{operation.id}({shown}){form}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}, {len(self.calls)} calls>"


class Route(BaseRoute[P], Generic[P, T]):
    """An operation that gives one thing, of type `T`; made by ``GitHubMock.on``.

    Without a response stated it answers as ``respond()`` does.
    """

    def respond(self, _status: int | None = None, /, **fields: object) -> Self:
        """Answer with success: the fields given, and the rest of the body made up.

        Args:
            _status: the HTTP status code; by default the one that GitHub declares, else 200 or 204.
            fields: fields of the response's model; a mapping states a part of an inner object.

        Raises:
            TypeError: the model has no such field, and the text names the nearest one; or a value
                does not fit its field. ``respond_raw(200, json=...)`` checks nothing.
        """
        operation = self._expected.operation

        def make() -> Responder:
            reply = generated_response(operation, fields, _status)
            return lambda _: reply

        return self._add(by_version(make))

    def respond_with(self, value: T, /, *, status: int | None = None) -> Self:
        """Answer with success and exactly this value, of the type that the method returns."""
        if self._expected.operation.returns(status or 200) is bool and not value:
            return self.not_found()
        reply = complete_response(self._expected.operation, value, status)
        return self._add(lambda _: reply)


class ListRoute(BaseRoute[P], Generic[P, T]):
    """An operation that gives a list in pages, of items of type `T`; made by ``GitHubMock.on``.

    Without a response stated the list is empty.
    """

    def respond(self, *items: T | Mapping[str, object], count: int = 0) -> Self:
        """Answer with these items, cut into pages as the call asks (``per_page``, 30 by default).

        Args:
            items: whole ones, or what is known of one: the rest is made up.
            count: how many more to make up, of the kind of the last one.

        Raises:
            TypeError: the items' model has no such field, and the text names the nearest one; or a
                value does not fit its field. ``respond_raw(200, json=...)`` checks nothing.
        """
        if len(items) == 1 and isinstance(items[0], list):
            # It would be one item, and, as drift is no error, a list of one strange thing.
            raise TypeError("respond() takes items one by one: write respond(*items).")
        operation = self._expected.operation
        return self._add(by_version(lambda: paginated(operation, items, count)))

    def pages(self, *pages: Sequence[T | Mapping[str, object]]) -> Self:
        """Answer with these very pages, whatever size the call asks for."""
        return self._add(fixed_pages(self._expected.operation, pages))
