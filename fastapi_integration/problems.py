"""The app's responses to failed upstream calls: problem details (RFC 9457).

The app responds as a gateway (RFC 9110, 15.6.3): a failure between the app and the API is a 502,
503 or 504, because the app's caller cannot fix it. The caller gets a 4xx only for their own request
and for calls with their own credentials.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any, NamedTuple

from fastapi.responses import JSONResponse
from pydantic import BaseModel

from sdk.auth.errors import SignInExpired
from sdk.transport import errors

MEDIA_TYPE = "application/problem+json"

_LONGEST_WAIT = 3600


class Problem(NamedTuple):
    """One kind of response.

    Attributes:
        status: the HTTP status code.
        type: the last part of the URN that names the kind.
        title: a short text for people.
    """

    status: int
    type: str
    title: str


# By error class; the nearest class of an error decides.
PROBLEMS: Mapping[type[Exception], Problem] = {
    errors.NotFound: Problem(404, "not-found", "The upstream service has no such resource"),
    errors.Gone: Problem(410, "gone", "The upstream service no longer has this"),
    errors.UnavailableForLegalReasons: Problem(451, "legal", "Withheld for legal reasons"),
    errors.ApiError: Problem(502, "refused", "The upstream service refused the app's request"),
    errors.ServerError: Problem(502, "failed", "The upstream service failed"),
    errors.TransportError: Problem(502, "no-response", "The upstream service did not respond"),
    errors.CredentialsError: Problem(502, "refused", "The upstream service refused the app"),
    errors.StoreUnavailable: Problem(503, "store", "The app's own store is not available"),
    errors.DecodeError: Problem(502, "unreadable", "The upstream response could not be read"),
    errors.RateLimited: Problem(503, "rate-limit", "The app's upstream rate limit is used up"),
    errors.PoolTimeout: Problem(503, "busy", "The app has too many upstream requests at once"),
    errors.TimedOut: Problem(504, "timeout", "The upstream service took too long"),
}
PROBLEMS_AS_CALLER: Mapping[type[Exception], Problem] = {
    SignInExpired: Problem(401, "signed-out", "Sign in"),
    errors.Unauthorized: Problem(401, "token", "The upstream service refused your credentials"),
    errors.Forbidden: Problem(403, "forbidden", "The upstream service does not let you do this"),
    errors.RateLimited: Problem(429, "your-rate-limit", "Your upstream rate limit is used up"),
}


class UpstreamProblem(BaseModel):
    """The body of a response to a failed upstream call (RFC 9457).

    Attributes:
        type: a URN that names the kind of problem.
        title: a short text for people.
        status: the HTTP status code of this response.
        upstream_request_id: the upstream API's id of the failed request, if there was a response.
    """

    type: str
    title: str
    status: int
    upstream_request_id: str | None = None


class _ProblemContent(dict[str, Any]):
    """The content of a documented response, by media type.

    FastAPI puts a response's model under the media type of the endpoint's own responses, which is
    JSON. Here it goes under that of problem documents.
    """

    def setdefault(self, key: str, default: Any = None, /) -> Any:
        del key
        return super().setdefault(MEDIA_TYPE, default)


def _documented(description: str) -> dict[str, Any]:
    return {
        "model": UpstreamProblem,
        "description": description,
        "content": _ProblemContent({MEDIA_TYPE: {}}),
    }


UPSTREAM_RESPONSES: dict[int | str, dict[str, Any]] = {
    404: _documented("The upstream service has no such resource"),
    502: _documented("The upstream service failed, or refused the app's request"),
    503: _documented("The upstream service limits requests: retry after Retry-After"),
    504: _documented("The upstream service took too long"),
}
"""For ``responses=`` of an endpoint, a router or the app: responses to failed upstream calls."""

CALLER_RESPONSES: dict[int | str, dict[str, Any]] = UPSTREAM_RESPONSES | {
    problem.status: _documented(problem.title) for problem in PROBLEMS_AS_CALLER.values()
}
"""The same for an endpoint that calls with its caller's own credentials (``as_caller``)."""


def problem_for(error: errors.SdkError, statuses: Mapping[type[errors.SdkError], int]) -> Problem:
    """Return the problem for an error, with the status from `statuses` if its class is there."""
    status: int | None = None
    for cls in type(error).__mro__:
        status = status or statuses.get(cls)
        problem = (error.on_behalf and PROBLEMS_AS_CALLER.get(cls)) or PROBLEMS.get(cls)
        if problem:
            return problem._replace(status=status or problem.status)
    return Problem(status or 500, "error", "The request could not be passed on")


def problem_response(problem: Problem, error: errors.SdkError) -> JSONResponse:
    """Return a problem document; of the upstream response it contains only the request id."""
    content: dict[str, object] = {
        "type": f"urn:problem-type:upstream:{problem.type}",
        "title": problem.title,
        "status": problem.status,
    }
    if request_id := getattr(error, "request_id", None):
        content["upstream_request_id"] = request_id
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    # A connection of the pool will soon be free.
    wait = 1 if isinstance(error, errors.PoolTimeout) else getattr(error, "retry_after", None)
    if wait is not None and problem.status in (429, 503):
        # A nonsensical time of the API must not stop the application's own clients for good.
        headers["Retry-After"] = str(min(ceil(wait), _LONGEST_WAIT))
    return JSONResponse(content, problem.status, headers, MEDIA_TYPE)
