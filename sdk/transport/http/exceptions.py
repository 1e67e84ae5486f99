"""Translation of the HTTP libraries' exceptions into this package's errors, by class name."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from types import SimpleNamespace

from sdk.transport import errors
from sdk.transport.errors import InvalidInput, SdkError, TransportError

from .adapter import package_of

_HTTPX = ("httpx", "httpx2", "httpcore", "httpcore2")


def translate(error: Exception) -> SdkError | None:
    """Return this package's error for an HTTP library's; None if it is not a network error.

    The text never contains a URL, which may have secrets. `error` itself, which becomes the cause
    of ours, loses its references to the request, which contains the token.
    """
    kind = _kind(error)
    if kind is None:
        return None
    ours, sent, text = kind
    detail = _detail(error)
    permanent = any(
        isinstance(found, ssl.SSLCertVerificationError)
        for link in _causes(error)
        # httpcore raises its own error from within the handler of this one, without a cause.
        for found in (link, link.__context__)
    )
    # The cause of a timeout is an implementation detail.
    message = f"{text}: {detail}" if detail and not issubclass(ours, errors.TimedOut) else text
    _forget_request(error, detail)
    if issubclass(ours, TransportError):
        return ours(message, sent=sent, permanent=permanent)
    return ours(message)


_Kind = tuple[type[SdkError], bool, str]


def _kind(error: Exception) -> _Kind | None:
    cause = error.__cause__
    if cause is not None and package_of(type(cause)) == "aiohttp":
        # httpx-aiohttp reports a connection that broke after the request was sent as one that was
        # never made. aiohttp's own error is right, and a POST must not be sent again.
        found = _find(cause, _AIOHTTP)
        if found is not None:
            return found
    root = package_of(type(error))
    if root in _HTTPX:
        if any(package_of(type(link.__context__)) in ("h2", "hpack") for link in _causes(error)):
            # httpcore raises LocalProtocolError for all errors of h2, also for the server's.
            return _TABLE["RemoteProtocolError"]
        found = _find(error, _TABLE)
        return _by_text(str(error)) or found if found is _TABLE["RemoteProtocolError"] else found
    if root == "aiohttp":
        return _find(error, _AIOHTTP)
    if isinstance(error, ssl.SSLError):
        return errors.ConnectionLost, True, "The TLS connection broke"
    if isinstance(error, UnicodeError):
        return errors.ConnectFailed, False, "The host name is not valid"
    # Exceptions of asyncio, anyio and h2 that the HTTP libraries do not convert.
    if isinstance(error, OSError) or root in ("anyio", "h2", "h11"):
        return errors.ConnectionLost, True, "The connection broke"
    return None


def _by_text(text: str) -> _Kind | None:
    if text.startswith(_BAD_LOCATION):
        return errors.TransportError, True, "The server redirected to an address that is not valid"
    if _REFUSED_STREAM.match(text):
        # RFC 9113, 8.7: the server guarantees that it did not process the request.
        return errors.ConnectionLost, False, "The server accepts no more requests"
    return None


def _find(error: BaseException, table: Mapping[str, _Kind]) -> _Kind | None:
    return next((table[cls.__name__] for cls in type(error).__mro__ if cls.__name__ in table), None)


_WORDS = re.compile(r"[A-Za-z][\w ,.()/-]{3,120}", re.ASCII)

# h2's text about the last frame.
_FRAME = re.compile(r"<(\w+) ")
_TLS = re.compile(r"\[SSL[^]]*\] (.+?)\.?(?: \(_ssl\.c:\d+\))?$")
# httpx and httpx2 parse the target of a redirect even if they do not follow it.
_BAD_LOCATION = "Invalid URL in location header"
_REFUSED_STREAM = re.compile(r"<StreamReset .*error_code:(7|ErrorCodes\.REFUSED_STREAM)\b")


def _detail(error: BaseException) -> str:
    first = _causes(error)[-1]
    if isinstance(first, OSError) and first.strerror and not isinstance(first, ssl.SSLError):
        return first.strerror
    for link in (first, error):
        refused = _TLS.match(str(link))
        if refused:
            return refused[1]
        # The libraries' texts quote sent or received data only after a colon.
        text = str(link).partition(":")[0].strip()
        if _WORDS.fullmatch(text):
            return text
        frame = _FRAME.match(text)
        if frame:
            return frame[1]
    # Our text replaces those of the libraries' own classes.
    return "" if package_of(type(first)) in _HTTPX else type(first).__name__


def _causes(error: BaseException) -> list[BaseException]:
    # Not the contexts: the outermost of those is the user's own exception.
    causes = [error]
    while causes[-1].__cause__ is not None and causes[-1].__cause__ not in causes:
        causes.append(causes[-1].__cause__)
    return causes


def _forget_request(error: BaseException, detail: str) -> None:
    # The frames of the HTTP library refer to the request.
    error.__traceback__ = error.__cause__ = error.__context__ = None
    if not isinstance(error, OSError):
        # Its text may quote sent or received data.
        error.args = (detail,)
    if hasattr(error, "_request"):
        vars(error)["_request"] = None
    if hasattr(error, "request_info"):
        # aiohttp's error of an invalid response, which builds its text from these.
        forgotten = SimpleNamespace(real_url="")
        vars(error).update(request_info=forgotten, history=(), message=detail)


# By class name, the most derived first: our class, whether anything may have been sent, and the
# text. A POST is retried only if certainly nothing was sent.
_TABLE: dict[str, _Kind] = {
    "ConnectTimeout": (errors.ConnectTimeout, False, "Timed out while connecting"),
    "PoolTimeout": (errors.PoolTimeout, False, "Timed out waiting for a free connection"),
    "ReadTimeout": (errors.ReadTimeout, True, "Timed out while reading the response"),
    "WriteTimeout": (errors.WriteTimeout, True, "Timed out while sending the request"),
    "TimeoutException": (errors.TimedOut, True, "Timed out"),
    "ConnectError": (errors.ConnectFailed, False, "No connection"),
    "ProxyError": (errors.ConnectFailed, False, "The proxy could not connect"),
    "ReadError": (errors.ConnectionLost, True, "The connection broke while reading"),
    "WriteError": (errors.ConnectionLost, True, "The connection broke while sending"),
    "CloseError": (errors.ConnectionLost, True, "The connection broke while closing"),
    "NetworkError": (errors.ConnectionLost, True, "The connection broke"),
    "RemoteProtocolError": (errors.ConnectionLost, True, "The server violated the HTTP protocol"),
    "LocalProtocolError": (InvalidInput, False, "The request is not valid HTTP"),
    "ProtocolError": (errors.ConnectionLost, True, "The HTTP protocol was broken"),
    "DecodingError": (errors.ConnectionLost, True, "The body is not compressed as declared"),
    "UnsupportedProtocol": (InvalidInput, False, "The URL must begin with http:// or https://"),
    "InvalidURL": (InvalidInput, False, "The URL is not valid"),
    "TransportError": (errors.TransportError, True, "The transport failed"),
    "StreamError": (errors.ConnectionLost, True, "The body could not be read"),
}

_AIOHTTP: dict[str, _Kind] = {
    "ClientConnectorError": (errors.ConnectFailed, False, "No connection"),
    "ClientHttpProxyError": (errors.ConnectFailed, False, "The proxy could not connect"),
    "ConnectionTimeoutError": (errors.ConnectTimeout, False, "Timed out while connecting"),
    "SocketTimeoutError": (errors.ReadTimeout, True, "Timed out while reading the response"),
    "ServerTimeoutError": (errors.TimedOut, True, "Timed out"),
    "ClientPayloadError": (errors.ConnectionLost, True, "The connection broke while reading"),
    "ClientConnectionError": (errors.ConnectionLost, True, "The connection broke"),
    "ClientResponseError": (errors.ConnectionLost, True, "The server violated the HTTP protocol"),
    "InvalidURL": (InvalidInput, False, "The URL is not valid"),
    "NonHttpUrlClientError": (InvalidInput, False, "The URL must begin with http:// or https://"),
    "ClientError": (errors.TransportError, True, "The transport failed"),
}
