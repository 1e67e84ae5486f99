"""The one file that knows which HTTP library is in use.

An injected client may be an ``httpx.AsyncClient`` or an ``httpx2.AsyncClient``. The two are alike
by name, so everything here goes by name and imports neither: only plain str, bytes and dict are
handed over, and exceptions of both families are told apart by one table.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from . import errors
from .errors import InvalidInput, SdkError, TransportError

if TYPE_CHECKING:
    import httpx
    import httpx2

    HttpClient = httpx.AsyncClient | httpx2.AsyncClient

_FAMILIES = ("httpx", "httpx2")


class RawResponse(Protocol):
    """The part of both libraries' response that we use."""

    @property
    def status_code(self) -> int: ...  # noqa: D102
    @property
    def headers(self) -> Any: ...  # noqa: D102
    @property
    def content(self) -> bytes: ...  # noqa: D102
    @property
    def is_stream_consumed(self) -> bool: ...  # noqa: D102
    def aiter_raw(self) -> AsyncIterator[bytes]: ...  # noqa: D102
    async def aclose(self) -> None: ...  # noqa: D102


def check_client(client: object) -> None:
    """Refuse what is not an async client of either family, with the fix in the text."""
    names = {(_root(cls), cls.__name__) for cls in type(client).__mro__}
    if any((family, "AsyncClient") in names for family in _FAMILIES):
        return
    if any((family, "Client") in names for family in _FAMILIES):
        raise InvalidInput(
            "http_client is a synchronous Client. Pass an httpx.AsyncClient or httpx2.AsyncClient."
        )
    raise InvalidInput(
        "http_client must be an httpx.AsyncClient or httpx2.AsyncClient instance, "
        f"not {type(client).__module__}.{type(client).__qualname__}."
    )


async def send(
    client: HttpClient,
    method: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes | None,
    timeout: Mapping[str, float | None],
    *,
    foreign: bool,
) -> RawResponse:
    """Send one request and give its response, body unread. The caller closes it.

    With `foreign`, for a redirect to another origin, the injected client's own default headers that
    prove who is calling stay at home too.
    """
    request: Any = client.build_request(
        method,
        url,
        headers=headers,
        content=content,
        extensions={"timeout": timeout},
    )
    # A cookie that one answer set must not reach the next caller: the jar is the client's, shared.
    if client.cookies:
        request.headers.pop("cookie", None)
    if foreign:
        for name in ("authorization", "proxy-authorization"):
            request.headers.pop(name, None)
    # One call that fits both libraries' types is one that fits neither for a checker.
    any_client: Any = client
    response: RawResponse = await any_client.send(
        request, stream=True, auth=None, follow_redirects=False
    )
    return response


def translate(error: Exception) -> SdkError | None:
    """Give our error for one of the HTTP library's, or None when it is no failure of the network.

    The text says what failed and never repeats a URL, which may hold secrets.
    """
    for cls in type(error).__mro__:
        if _root(cls) in ("httpx", "httpx2", "httpcore", "httpcore2"):
            found = _TABLE.get(cls.__name__)
            if found:
                ours, sent, text = found
                return _forgetful(ours, sent, text, error)
    if isinstance(error, ssl.SSLError):
        return _forgetful(errors.ConnectionLost, True, "The TLS connection broke", error)
    # What asyncio, anyio and h2 let escape from under the HTTP libraries.
    if isinstance(error, OSError) or _root(type(error)) in ("anyio", "h2", "h11"):
        return _forgetful(errors.ConnectionLost, True, "The connection broke", error)
    return None


def _forgetful(ours: type[SdkError], sent: bool, text: str, error: Exception) -> SdkError:
    # The cause would keep the request alive, and with it the token in its headers.
    if hasattr(error, "_request"):
        vars(error)["_request"] = None
    detail = _detail(error)
    message = f"{text}: {detail}" if detail else text
    if issubclass(ours, TransportError):
        return ours(message, sent=sent)
    return ours(message)


def _detail(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    root: BaseException = error
    while root.__cause__ is not None or root.__context__ is not None:
        root = root.__cause__ or root.__context__ or root
    if isinstance(root, OSError) and root.strerror:
        return root.strerror
    return type(error).__name__


def _root(cls: type) -> str:
    return cls.__module__.partition(".")[0]


# By class name, most derived first along the MRO: our class, whether anything may have been sent,
# and what happened. "Provably unsent" is what allows a POST to be sent again.
_TABLE: dict[str, tuple[type[SdkError], bool, str]] = {
    "ConnectTimeout": (errors.ConnectTimeout, False, "No connection in time"),
    "PoolTimeout": (errors.PoolTimeout, False, "No free connection in time"),
    "ReadTimeout": (errors.ReadTimeout, True, "The answer stopped coming"),
    "WriteTimeout": (errors.WriteTimeout, True, "The request could not be sent in time"),
    "TimeoutException": (errors.TimedOut, True, "A time limit ran out"),
    "ConnectError": (errors.ConnectFailed, False, "No connection"),
    "ProxyError": (errors.ConnectFailed, False, "The proxy made no connection"),
    "ReadError": (errors.ConnectionLost, True, "The connection broke while reading"),
    "WriteError": (errors.ConnectionLost, True, "The connection broke while sending"),
    "CloseError": (errors.ConnectionLost, True, "The connection broke while closing"),
    "NetworkError": (errors.ConnectionLost, True, "The connection broke"),
    "RemoteProtocolError": (errors.ConnectionLost, True, "The server broke the HTTP protocol"),
    "LocalProtocolError": (InvalidInput, False, "The request is not legal HTTP"),
    "ProtocolError": (errors.ConnectionLost, True, "The HTTP protocol was broken"),
    "DecodingError": (errors.ConnectionLost, True, "The body is not compressed as it says"),
    "UnsupportedProtocol": (InvalidInput, False, "The URL must begin with http:// or https://"),
    "InvalidURL": (InvalidInput, False, "The URL is not valid"),
    "TransportError": (errors.TransportError, True, "The transport failed"),
    "StreamError": (errors.ConnectionLost, True, "The body could not be read"),
}
