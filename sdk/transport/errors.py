"""Every error that a call can raise.

    SdkError
    ├── ApiError                      the API responded with an error status
    │   ├── NotModified               304: the stored response is still current
    │   ├── Redirected                3xx that could not be followed
    │   ├── BadRequest                400
    │   ├── Unauthorized              401
    │   ├── Forbidden                 403
    │   │   └── RateLimited           403 or 429
    │   │       ├── RateLimitExceeded     the primary limit is used up
    │   │       └── SecondaryRateLimited  too many calls in a short time
    │   ├── NotFound                  404
    │   ├── Conflict                  409
    │   ├── Gone                      410
    │   ├── PayloadTooLarge           413
    │   ├── ValidationFailed          422
    │   ├── UnavailableForLegalReasons 451
    │   └── ServerError               5xx
    ├── TransportError                no complete response arrived
    │   ├── ConnectFailed             no connection: refused, DNS, TLS
    │   ├── ConnectionLost            cut off while sending or reading
    │   ├── ResponseTooLarge          the body is larger than allowed
    │   └── TimedOut
    │       ├── ConnectTimeout
    │       ├── ReadTimeout
    │       ├── WriteTimeout
    │       ├── PoolTimeout           no connection of the pool became free
    │       └── DeadlineExceeded      the whole call took longer than allowed
    ├── CredentialsError              the credentials could not be obtained or used
    ├── StoreUnavailable              the store that processes share does not respond
    ├── DecodeError                   the response does not match the declared type
    ├── LifecycleError                the client cannot be used now or in this event loop
    │   ├── ClientNotOpen
    │   ├── ClientClosed
    │   └── WrongEventLoop
    └── InvalidInput                  refused before anything was sent (also a ValueError)

All of them can be pickled, refer to no open request or response, and never contain a credential.
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
    "StoreUnavailable",
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
    """Base class of the errors of this package.

    Attributes:
        method: HTTP method of the call, such as ``"GET"``; None outside a call.
        route: route template of the call, such as ``"/users/{username}"``; None outside a call.
        attempts: the number of requests that were sent for this call.
        on_behalf: whether the credentials were those of an end user (see ``OnBehalf``) rather than
            the application's own.
        credentials: whether the credentials could not be obtained, so that the call was not sent.
        page: the number of the failed page of a paginated list; None for any other call.
    """

    hint: ClassVar[str] = ""
    method: str | None = None
    route: str | None = None
    attempts: int = 0
    on_behalf: bool = False
    credentials: bool = False
    page: int | None = None

    def __init__(self, text: str = "", /, **attributes: Any) -> None:
        # `args` has only the text, and `__dict__` the rest: the layout that BaseException pickles
        # and copies without further methods, subclasses included.
        super().__init__(text)
        for name, value in attributes.items():
            setattr(self, name, value)


class ApiError(SdkError):
    """The API responded with a status that is not a success.

    Attributes:
        status: the HTTP status code.
        message: the API's own message, or the standard phrase of the status.
        errors: the API's list of single errors, as sent (empty if there is none).
        documentation_url: the page that the API points to, if any.
        request_id: the API's id of this request, for its support.
        retry_after: the seconds to wait before a retry, if the API sent them.
        headers: the response's headers, names in lower case.
        body: the decoded body: of the type that the operation declares for this status with
            ``errors=``, else JSON, else text; None if it was empty.
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
    """304: the response with the ETag sent in ``if-none-match`` is still current.

    It is not a failure: it does not count against GitHub's rate limit, and observers receive no
    error. See RFC 9110, section 15.4.5.
    """


class Redirected(ApiError):
    """The API redirected to a URL that the call must not follow."""

    hint = (
        "Check base_url: the API may have moved. A body that can be read only once is not sent "
        "again: pass bytes or a path instead."
    )


class BadRequest(ApiError):
    """400: the API could not understand the request."""


class Unauthorized(ApiError):
    """401: the token is missing, wrong, expired or revoked."""

    hint = "Check the token: it is missing, mistyped, expired or revoked."


class Forbidden(ApiError):
    """403: the token may not do this."""

    hint = "Check the token's scopes or permissions, and the organization's policies."


class RateLimited(Forbidden):
    """403 or 429: a rate limit was hit; ``retry_after`` has the seconds to wait."""

    hint = "Wait for retry_after seconds, or make fewer calls."


class RateLimitExceeded(RateLimited):
    """The primary rate limit is used up until its reset."""

    hint = "Wait for retry_after seconds, or use a token with a higher limit."


class SecondaryRateLimited(RateLimited):
    """A secondary rate limit was hit: too many calls at once or in a short time."""

    hint = "Wait for retry_after seconds, then make fewer calls at once."


class NotFound(ApiError):
    """404: the resource does not exist, or the token may not read it."""

    hint = "Check the spelling, and that the token may read it."


class Conflict(ApiError):
    """409: the request conflicts with the current state of the resource."""


class Gone(ApiError):
    """410: the resource or the feature was removed."""


class PayloadTooLarge(ApiError):
    """413: the request body is larger than the API accepts."""


class ValidationFailed(ApiError):
    """422: a value is not valid; ``errors`` names it."""

    hint = "See .errors for the invalid values."


class UnavailableForLegalReasons(ApiError):
    """451: blocked for legal reasons."""


class ServerError(ApiError):
    """5xx: the API, or a proxy in front of it, failed."""

    hint = "The API failed: try again later."


class TransportError(SdkError):
    """No complete response arrived; the API may have acted, unless ``sent`` is False.

    Attributes:
        sent: False only if it is certain that no part of the request reached the API.
        permanent: whether another attempt would fail in the same way, as with an invalid
            certificate; such a call is not retried.
        host: the host of the request, with the port if it is not the default.
    """

    sent: bool = True
    permanent: bool = False
    host: str | None = None


class ConnectFailed(TransportError):
    """No connection could be made: refused, unknown host, TLS or proxy failure."""

    hint = "Check base_url, the proxy settings and the network."


class ConnectionLost(TransportError):
    """The connection broke while the request was sent or the response was read."""


class ResponseTooLarge(TransportError):
    """The response's body, after decompression, is larger than the client allows."""

    hint = "Raise max_response_bytes if a response of this size is expected."


class TimedOut(TransportError):
    """A time limit expired."""


class ConnectTimeout(TimedOut):
    """No connection within ``Timeout.connect`` seconds."""


class ReadTimeout(TimedOut):
    """No data arrived for ``Timeout.read`` seconds."""


class WriteTimeout(TimedOut):
    """No data could be sent for ``Timeout.write`` seconds."""


class PoolTimeout(TimedOut):
    """No connection of the pool became free within ``Timeout.pool`` seconds."""

    hint = "Make fewer calls at once, or raise max_connections."


class DeadlineExceeded(TimedOut):
    """The whole call, with retries and waits, took longer than ``Timeout.total`` seconds."""


class CredentialsError(SdkError):
    """The credentials of a call could not be obtained or used.

    Attributes:
        status: the HTTP status with which they were refused; 0 without a response.
        message: the message of that response.
        request_id: the API's id of that request.
    """

    status: int = 0
    message: str = ""
    request_id: str | None = None


class StoreUnavailable(SdkError):
    """The store that several processes share does not respond, and the call needs what is in it."""

    hint = "Check that the store runs and can be reached; calls that do not need it go on."


class DecodeError(SdkError):
    """The body of a successful response could not be decoded as the declared type.

    Attributes:
        status: the HTTP status code of the response.
        request_id: the API's id of the request.
        content_type: the response's media type.
        drift: the differences that were found, if ``strict=True`` made them an error.
    """

    status: int = 0
    request_id: str | None = None
    content_type: str | None = None
    drift: tuple[Any, ...] = ()


class LifecycleError(SdkError):
    """The client cannot be used in its current state or in this event loop."""


class ClientNotOpen(LifecycleError):
    """The client was used before it was opened."""


class ClientClosed(LifecycleError):
    """The client was used after it was closed."""


class WrongEventLoop(LifecycleError):
    """The client was opened on another event loop, or before the process was forked."""


class InvalidInput(SdkError, ValueError):
    """An argument is not valid; nothing was sent."""


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
    """Return the error class of an HTTP status; ``ApiError`` if there is no specific one."""
    if status >= 500:
        return ServerError
    if status == 304:
        return NotModified
    if 300 <= status < 400:
        return Redirected
    return _BY_STATUS.get(status, ApiError)
