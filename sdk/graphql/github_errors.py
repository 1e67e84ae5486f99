"""Errors of GitHub's GraphQL API that concern the call as a whole, sent with status 200.

Rate limits and transient failures become the errors that the REST API would send, so that waits,
pacing and retries are the same. All other errors belong to fields and stay in the response.

Sources: https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
and https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
"""

from __future__ import annotations

from typing import Any

from sdk.transport import Failure, Response
from sdk.transport.dialect import one_line
from sdk.transport.errors import RateLimitExceeded, SecondaryRateLimited, ServerError

from .errors import dictionaries

_LIMITED = frozenset({"RATE_LIMIT", "RATE_LIMITED"})
_SECONDARY = ("secondary rate limit", "abuse detection")
_PASSING = "something went wrong while executing your query"
_UNNAMED_WAIT = 60.0
_LONGEST_WAIT = 3600.0


def failure_in_success(response: Response, now: float) -> Failure | None:
    """Return the failure of the whole call; None if the call succeeded or only fields failed."""
    errors = _errors(response)
    for error in errors:
        message = str(error.get("message") or "")
        lower = message.lower()
        if any(words in lower for words in _SECONDARY):
            return Failure(
                SecondaryRateLimited, one_line(message), errors, retry_after=_retry_after(response)
            )
        # A type that is not text may be unhashable.
        type_ = error.get("type")
        if isinstance(type_, str) and type_ in _LIMITED:
            wait = _until_reset(response, now)
            return Failure(RateLimitExceeded, one_line(message), errors, retry_after=wait)
        if lower.startswith(_PASSING):
            return Failure(ServerError, one_line(message), errors)
    return None


def _errors(response: Response) -> tuple[dict[str, Any], ...]:
    try:
        body = response.json()
    except ValueError:
        return ()
    objects = dictionaries([body])
    return tuple(dictionaries(objects[0].get("errors"))) if objects else ()


def _retry_after(response: Response) -> float:
    seconds = response.headers.integer("retry-after")
    return _UNNAMED_WAIT if seconds is None else float(seconds)


def _until_reset(response: Response, now: float) -> float:
    reset = response.headers.integer("x-ratelimit-reset")
    if "retry-after" in response.headers or reset is None:
        return _retry_after(response)
    return min(_LONGEST_WAIT, max(1.0, reset - now))
