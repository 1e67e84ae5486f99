"""Every error that a call can raise.

    SdkError
    ├── ApiError                      the API answered with an error status
    │   ├── NotModified               304: what you have is still current
    │   ├── Redirected                3xx that could not be followed
    │   ├── BadRequest                400
    │   ├── Unauthorized              401
    │   ├── Forbidden                 403
    │   │   └── RateLimited           403 or 429
    │   │       ├── RateLimitExceeded     the primary limit is used up
    │   │       └── SecondaryRateLimited  too much in too short a time
    │   ├── NotFound                  404
    │   ├── Conflict                  409
    │   ├── Gone                      410
    │   ├── PayloadTooLarge           413
    │   ├── ValidationFailed          422
    │   ├── UnavailableForLegalReasons 451
    │   └── ServerError               5xx
    ├── TransportError                no complete answer arrived
    │   ├── ConnectFailed             no connection: refused, DNS, TLS
    │   ├── ConnectionLost            cut off while sending or reading
    │   ├── ResponseTooLarge          the body is larger than allowed
    │   └── TimedOut
    │       ├── ConnectTimeout
    │       ├── ReadTimeout
    │       ├── WriteTimeout
    │       ├── PoolTimeout           every connection of the pool stayed busy
    │       └── DeadlineExceeded      the whole call took longer than allowed
    ├── CredentialsError              the credentials could not be got, or cannot be used
    ├── DecodeError                   the answer arrived, but is not what was declared
    ├── LifecycleError                the client is not usable here and now
    │   ├── ClientNotOpen
    │   ├── ClientClosed
    │   └── WrongEventLoop
    └── InvalidInput                  refused before anything was sent (also a ValueError)

All of them pickle, hold no live request or response, and never contain a credential.
"""

from __future__ import annotations

from typing import Any, ClassVar

from .headers import Headers

__all__ = [
    "ApiError",
    "BadRequest",
    "ClientClosed",
    "ClientNotOpen",
    "Conflict",
    "ConnectFailed",
    "ConnectTimeout",
    "ConnectionLost",
    "CredentialsError",
    "DeadlineExceeded",
    "DecodeError",
    "Forbidden",
    "Gone",
    "InvalidInput",
    "LifecycleError",
    "NotFound",
    "NotModified",
    "PayloadTooLarge",
    "PoolTimeout",
    "RateLimitExceeded",
    "RateLimited",
    "ReadTimeout",
    "Redirected",
    "ResponseTooLarge",
    "SdkError",
    "SecondaryRateLimited",
    "ServerError",
    "TimedOut",
    "TransportError",
    "Unauthorized",
    "UnavailableForLegalReasons",
    "ValidationFailed",
    "WriteTimeout",
    "WrongEventLoop",
    "error_class_for",
]


class SdkError(Exception):
    """Base of everything that this package raises on purpose.

    Attributes:
        method: HTTP method of the call, such as ``"GET"``; None outside a call.
        route: route template of the call, such as ``"/users/{username}"``; None outside a call.
        attempts: how many requests were sent for this call; 0 when none left.
        on_behalf: whether the credentials were those of an end user (see ``OnBehalf``) rather than
            the application's own.
        credentials: whether getting the credentials failed, so that nothing of the call was sent.
        page: number of the page that failed, in a walk along a list; None for any other call.
    """

    hint: ClassVar[str] = ""
    method: str | None = None
    route: str | None = None
    attempts: int = 0
    on_behalf: bool = False
    credentials: bool = False
    page: int | None = None

    def __init__(self, text: str = "", /, **attributes: Any) -> None:
        # `args` holds the text only, and the rest lives in `__dict__`: that is the one layout that
        # BaseException pickles and copies without help, subclasses included.
        super().__init__(text)
        for name, value in attributes.items():
            setattr(self, name, value)


class ApiError(SdkError):
    """The API answered with a status that is not a success.

    Attributes:
        status: the HTTP status code.
        message: the API's own message, or the standard phrase of the status.
        errors: the API's list of single errors, as sent (empty when there is none).
        documentation_url: the page that the API points to, if any.
        request_id: the API's id of this request, for its support desk.
        retry_after: seconds after which the API said that a retry may work, if it said so.
        headers: the response's headers, names in lower case.
        body: what the response held: of the type that the operation declares for this status with
            ``errors=``, else decoded JSON, else text; None when it was empty.
    """

    status: int = 0
    message: str = ""
    errors: tuple[Any, ...] = ()
    documentation_url: str | None = None
    request_id: str | None = None
    retry_after: float | None = None
    headers: Headers = Headers()
    body: Any = None


class NotModified(ApiError):
    """304: what you have is still current, because you sent ``if-none-match`` with its ETag.

    It is no failure: it does not count against GitHub's rate limit, and observers are not told of
    an error. See RFC 9110, section 15.4.5.
    """


class Redirected(ApiError):
    """The API redirected to a place where the call must not follow."""

    hint = "Check base_url: the API now lives elsewhere."


class BadRequest(ApiError):
    """400: the API could not understand the request."""


class Unauthorized(ApiError):
    """401: the token is missing, wrong, expired or revoked."""

    hint = "Check the token: it is missing, mistyped, expired or revoked."


class Forbidden(ApiError):
    """403: the token may not do this."""

    hint = "Check the token's scopes or permissions, and the organization's policies."


class RateLimited(Forbidden):
    """403 or 429: a rate limit was hit; ``retry_after`` says for how many seconds to wait."""

    hint = "Wait for retry_after seconds, or send less."


class RateLimitExceeded(RateLimited):
    """The primary rate limit is used up until its reset."""

    hint = "Wait for retry_after seconds, or use a token with a higher limit."


class SecondaryRateLimited(RateLimited):
    """A secondary rate limit: too many calls at once, or too fast."""

    hint = "Wait for retry_after seconds, then send fewer calls at once."


class NotFound(ApiError):
    """404: there is no such thing, or the token may not see it."""

    hint = "Check the spelling, and that the token may see it."


class Conflict(ApiError):
    """409: the request does not fit the present state of the thing."""


class Gone(ApiError):
    """410: the thing or the feature was removed."""


class PayloadTooLarge(ApiError):
    """413: the request body is larger than the API takes."""


class ValidationFailed(ApiError):
    """422: a value was refused; ``errors`` says which."""

    hint = "See .errors for the refused values."


class UnavailableForLegalReasons(ApiError):
    """451: blocked for legal reasons."""


class ServerError(ApiError):
    """5xx: the API itself, or something on the way to it, failed."""

    hint = "The fault is the API's: try again later."


class TransportError(SdkError):
    """No complete answer arrived: it is unknown whether the API acted, unless ``sent`` is False.

    Attributes:
        sent: False only when it is certain that the API saw nothing of the request.
        permanent: whether another attempt would fail in the same way, as with a certificate that
            is not valid; the call is not retried then.
        host: the host, and the port if it is not the usual one, that the request was for.
    """

    sent: bool = True
    permanent: bool = False
    host: str | None = None


class ConnectFailed(TransportError):
    """No connection could be made: refused, unknown host, TLS failure, broken proxy."""

    hint = "Check base_url, the proxy settings and the network."


class ConnectionLost(TransportError):
    """The connection broke while the request was sent or the response was read."""


class ResponseTooLarge(TransportError):
    """The response's body is larger than the client allows, after decompression."""

    hint = "Raise max_response_bytes if a response of this size is expected."


class TimedOut(TransportError):
    """A time limit ran out."""


class ConnectTimeout(TimedOut):
    """No connection within ``Timeout.connect`` seconds."""


class ReadTimeout(TimedOut):
    """Nothing arrived for ``Timeout.read`` seconds."""


class WriteTimeout(TimedOut):
    """Nothing could be sent for ``Timeout.write`` seconds."""


class PoolTimeout(TimedOut):
    """Every connection of the pool stayed busy for ``Timeout.pool`` seconds."""

    hint = "Make fewer calls at once, or raise max_connections."


class DeadlineExceeded(TimedOut):
    """The whole call, retries and waits included, took longer than ``Timeout.total`` seconds."""


class CredentialsError(SdkError):
    """The credentials of a call could not be got, or cannot be used.

    Attributes:
        status: the HTTP status with which they were refused; 0 when no answer said so.
        message: the text of that answer.
        request_id: the id of that request.
    """

    status: int = 0
    message: str = ""
    request_id: str | None = None


class DecodeError(SdkError):
    """A response of success arrived whose body is not what the operation declares.

    Attributes:
        status: the HTTP status code of the response.
        request_id: the API's id of the request.
        content_type: the response's media type.
        drift: every difference that was found, when ``strict=True`` made it an error.
    """

    status: int = 0
    request_id: str | None = None
    content_type: str | None = None
    drift: tuple[Any, ...] = ()


class LifecycleError(SdkError):
    """The client cannot be used in the state, or at the place, it is in."""


class ClientNotOpen(LifecycleError):
    """The client was used before it was opened."""


class ClientClosed(LifecycleError):
    """The client was used after it was closed."""


class WrongEventLoop(LifecycleError):
    """The client was opened on another event loop, or before this process was forked."""


class InvalidInput(SdkError, ValueError):
    """A value was refused before anything was sent."""


_BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: Gone,
    413: PayloadTooLarge,
    422: ValidationFailed,
    429: RateLimited,
    451: UnavailableForLegalReasons,
}


def error_class_for(status: int) -> type[ApiError]:
    """Return the error class of an HTTP status; ``ApiError`` when there is no more specific one."""
    if status >= 500:
        return ServerError
    if status == 304:
        return NotModified
    if 300 <= status < 400:
        return Redirected
    return _BY_STATUS.get(status, ApiError)
