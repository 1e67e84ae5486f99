"""What the app's own callers are told of a failed call: problem details (RFC 9457).

The app answers as a gateway (RFC 9110, 15.6.3): whatever is wrong between it and the API is a 502,
503 or 504, because whoever calls the app cannot mend it. Theirs is only what they asked for, and
what was done with their own credentials.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any, NamedTuple

from fastapi.responses import JSONResponse

from sdk.auth.errors import SignInExpired
from sdk.transport import errors

MEDIA_TYPE = "application/problem+json"


class Problem(NamedTuple):
    """One kind of response: its HTTP status, the end of its ``type``, its ``title``."""

    status: int
    type: str
    title: str


# By error class; an error goes by the nearest of its classes.
PROBLEMS: Mapping[type[Exception], Problem] = {
    errors.NotFound: Problem(404, "not-found", "The upstream service has no such thing"),
    errors.Gone: Problem(410, "gone", "The upstream service no longer has this"),
    errors.UnavailableForLegalReasons: Problem(451, "legal", "Withheld for legal reasons"),
    errors.ApiError: Problem(502, "refused", "The upstream service refused the app's request"),
    errors.ServerError: Problem(502, "failed", "The upstream service failed"),
    errors.TransportError: Problem(502, "no-answer", "The upstream service gave no response"),
    errors.CredentialsError: Problem(502, "refused", "The upstream service refused the app"),
    errors.DecodeError: Problem(502, "unreadable", "The upstream response could not be read"),
    errors.RateLimited: Problem(503, "rate-limit", "The app's upstream rate limit is used up"),
    errors.PoolTimeout: Problem(503, "busy", "The app has too many upstream requests at once"),
    errors.TimedOut: Problem(504, "timeout", "The upstream service took too long"),
}
PROBLEMS_AS_CALLER: Mapping[type[Exception], Problem] = {
    SignInExpired: Problem(401, "signed-out", "Sign in again"),
    errors.Unauthorized: Problem(401, "token", "The upstream service refused your credentials"),
    errors.Forbidden: Problem(403, "forbidden", "The upstream service does not let you do this"),
    errors.RateLimited: Problem(429, "your-rate-limit", "Your upstream rate limit is used up"),
}

_PROPERTIES = {"type": "string", "title": "string", "status": "integer"}
_SCHEMA = {
    "title": "UpstreamProblem",
    "type": "object",
    "required": [*_PROPERTIES],
    "properties": {
        name: {"type": kind}
        for name, kind in {**_PROPERTIES, "upstream_request_id": "string"}.items()
    },
}
UPSTREAM_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {MEDIA_TYPE: {"schema": _SCHEMA}}}
    for status, text in {
        404: "The upstream service has no such thing",
        502: "The upstream service failed, or refused the app's request",
        503: "The upstream service takes no more requests for now: see Retry-After",
        504: "The upstream service took too long",
    }.items()
}
"""For ``responses=`` of an endpoint, a router or the app: what failed upstream calls look like."""

CALLER_RESPONSES: dict[int | str, dict[str, Any]] = UPSTREAM_RESPONSES | {
    problem.status: {
        "description": problem.title,
        "content": {MEDIA_TYPE: {"schema": _SCHEMA}},
    }
    for problem in PROBLEMS_AS_CALLER.values()
}
"""The same for an endpoint that calls with its caller's own credentials (``as_caller``)."""


def problem_for(error: errors.SdkError, statuses: Mapping[type[errors.SdkError], int]) -> Problem:
    """Return the answer for an error; where `statuses` has the nearest class, with its status."""
    status: int | None = None
    for cls in type(error).__mro__:
        status = status or statuses.get(cls)
        problem = (error.on_behalf and PROBLEMS_AS_CALLER.get(cls)) or PROBLEMS.get(cls)
        if problem:
            return problem._replace(status=status or problem.status)
    return Problem(status or 500, "error", "The request could not be passed on")


def problem_response(problem: Problem, error: errors.SdkError) -> JSONResponse:
    """Write a problem document. All that it holds of the upstream response is the request id."""
    content: dict[str, object] = {
        "type": f"urn:problem-type:upstream:{problem.type}",
        "title": problem.title,
        "status": problem.status,
    }
    if request_id := getattr(error, "request_id", None):
        content["upstream_request_id"] = request_id
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == 401 else {}
    # A connection of the pool is free again in no time.
    wait = 1 if isinstance(error, errors.PoolTimeout) else getattr(error, "retry_after", None)
    if wait is not None and problem.status in (429, 503):
        headers["Retry-After"] = str(ceil(wait))
    return JSONResponse(content, problem.status, headers, MEDIA_TYPE)
