"""An operation with some arguments: its responses and its calls."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, NoReturn, ParamSpec, Self, TypeVar
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


def _refuse_mock_names(_: object, _value: object = None) -> NoReturn:
    raise AttributeError(
        "A route has no return_value and no side_effect: write .respond(...) for a success, or a "
        "method such as .not_found(); several of them, one after another, for several calls."
    )


class BaseRoute(ABC, Generic[P]):
    """The methods of every route.

    Each of the response methods adds a response. They are used in this order, one per request;
    the last one is used for all further requests.

    Attributes:
        calls: the requests that it has responded to.
    """

    def __init__(self, expected: ExpectedCall, now: Callable[[], float]) -> None:
        self._expected = expected
        self._now = now
        self._responders: list[Responder] = []
        self.calls: list[Call] = []

    # ------------------------------------------------------------ responses

    @abstractmethod
    def respond(self) -> Self:
        """Respond with success, with a generated body."""

    def respond_raw(
        self,
        status: int,
        *,
        json: object = ...,
        content: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Respond with exactly this: nothing is generated, and nothing is checked.

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
        """Respond with 404: the call raises NotFound, or returns False if it is a check."""
        return self.fails(404, "Not Found")

    def unauthorized(self, message: str = "Bad credentials") -> Self:
        """Respond with 401: the call raises Unauthorized."""
        return self.fails(401, message)

    def forbidden(self, message: str = "Resource not accessible by personal access token") -> Self:
        """Respond with 403: the call raises Forbidden."""
        return self.fails(403, message)

    def conflict(self, message: str = "Conflict") -> Self:
        """Respond with 409: the call raises Conflict."""
        return self.fails(409, message)

    def validation_failed(self, *errors: Mapping[str, str], message: str = "") -> Self:
        """Respond with 422: the call raises ValidationFailed, with these `errors`.

        Args:
            errors: in GitHub's format, such as
                ``{"resource": "Issue", "field": "title", "code": "missing_field"}``.
            message: the error message; by default GitHub's.
        """
        listed = [dict(error) for error in errors]
        return self._add(lambda _: problem(422, message or "Validation Failed", errors=listed))

    def rate_limited(self, retry_after: int = 60) -> Self:
        """Respond with 403 and Retry-After, GitHub's secondary limit: the call waits and retries.

        Without a retry, it raises SecondaryRateLimited.

        Args:
            retry_after: the value of the header, in seconds.
        """
        return self.fails(
            403,
            "You have exceeded a secondary rate limit.",
            headers={"retry-after": str(retry_after)},
        )

    def rate_limit_exceeded(self, resets_in: int = 3600) -> Self:
        """Respond with 403 as when the hour's calls are used up: the call raises RateLimitExceeded.

        Args:
            resets_in: seconds until the limit resets.
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
        """Respond with 5xx: the call is retried if that is safe, and then raises ServerError.

        Raises:
            TypeError: it is not a status of the server's failure.
        """
        if not 500 <= status <= 599:
            raise TypeError(
                f"server_error() takes a status from 500 to 599, not {status}. Write "
                f"fails({status}, ...), or a method such as not_found()."
            )
        return self.fails(status, "Server Error")

    def fails(self, status: int, message: str, *, headers: Mapping[str, str] | None = None) -> Self:
        """Respond with an error status, in GitHub's error format.

        Raises:
            TypeError: it is not a status of a failure.
        """
        if not 400 <= status <= 599:
            raise TypeError(
                f"fails() takes a status from 400 to 599, not {status}. For a success write "
                "respond(), for anything else respond_raw()."
            )
        return self._add(lambda _: problem(status, message, headers=dict(headers or {})))

    def drop_connection(self) -> Self:
        """Drop the connection before a response: the call raises ConnectionLost."""
        return self._add(network_failure(httpx.RemoteProtocolError, "Server disconnected"))

    def refuse_connection(self) -> Self:
        """Refuse the connection: the call raises ConnectFailed."""
        return self._add(network_failure(httpx.ConnectError, "Connection refused"))

    def time_out(self) -> Self:
        """Time out, without making the test wait: the call raises ReadTimeout."""
        return self._add(network_failure(httpx.ReadTimeout, "No response"))

    if not TYPE_CHECKING:
        # Names of unittest.mock, which would be set and never used.
        return_value = property(_refuse_mock_names, _refuse_mock_names)
        side_effect = return_value

    def _add(self, response: Responder) -> Self:
        self._responders.append(response)
        return self

    # ------------------------------------------------------------ calls

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

    # ------------------------------------------------------------ matching

    @property
    def base_url(self) -> str:
        """The base URL of the API."""
        return self._expected.base_url

    def covers(self, other: BaseRoute[Any]) -> bool:
        """Return whether this route matches every call that `other` matches."""
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
        """Return the reply to a request, or None if it does not match."""
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
    """A route of an operation that returns a `T`; created by ``on``.

    The default response is that of ``respond()``.
    """

    def respond(self, _status: int | None = None, /, **fields: object) -> Self:
        """Respond with success: the given fields, and generated values for the rest of the body.

        Args:
            _status: the HTTP status code; by default the one that GitHub declares, else 200 or 204.
            fields: fields of the response's model; a mapping sets some fields of a nested object.

        Raises:
            TypeError: the model has no such field (the error suggests the nearest one), or a value
                is not valid. ``respond_raw(200, json=...)`` checks nothing.
        """
        if isinstance(_status, int) and not 200 <= _status <= 399:
            raise TypeError(
                f"respond() is for successful responses, and {_status} is the status of an error: "
                f"write fails({_status}, ...), or a method such as not_found() or server_error()."
            )
        operation = self._expected.operation

        def make() -> Responder:
            reply = generated_response(operation, fields, _status)
            return lambda _: reply

        return self._add(by_version(make))

    def respond_with(self, value: T, /, *, status: int | None = None) -> Self:
        """Respond with success and exactly this value, of the type that the method returns."""
        if self._expected.operation.returns(status or 200) is bool and not value:
            return self.not_found()
        reply = complete_response(self._expected.operation, value, status)
        return self._add(lambda _: reply)


class ListRoute(BaseRoute[P], Generic[P, T]):
    """A route of an operation that returns a paginated list of `T`; created by ``on``.

    The default response is an empty list.
    """

    def respond(self, *items: T | Mapping[str, object], count: int = 0) -> Self:
        """Respond with these items, in pages of the requested size (30 by default).

        The operation's rule turns the pages: a cursor, an offset, a page number, the next page's
        address. Without a rule that is ``page`` and ``per_page``, with a Link header.

        Args:
            items: complete items, or mappings with some of their fields; the rest is generated.
            count: the number of further items to generate, of the type of the last one.

        Raises:
            TypeError: the items' model has no such field (the error suggests the nearest one), or a
                value is not valid. ``respond_raw(200, json=...)`` checks nothing.
        """
        if len(items) == 1 and isinstance(items[0], list):
            # The list would be taken for a single item.
            raise TypeError("respond() takes items one by one: write respond(*items).")
        operation = self._expected.operation
        return self._add(by_version(lambda: paginated(operation, items, count)))

    def pages(self, *pages: Sequence[T | Mapping[str, object]]) -> Self:
        """Respond with exactly these pages, whatever page size the call requests.

        Raises:
            TypeError: a page is not a list.
        """
        if not all(isinstance(page, (list, tuple)) for page in pages):
            raise TypeError("pages() takes a list for each page: write pages([...], [...]).")
        return self._add(fixed_pages(self._expected.operation, pages))
