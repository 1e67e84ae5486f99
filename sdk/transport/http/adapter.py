"""The interface to the HTTP client of either library.

An injected client may be an ``httpx.AsyncClient`` or an ``httpx2.AsyncClient``. Their methods have
the same names, so this module imports neither, and passes plain str, bytes and dict.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from sdk.transport.errors import InvalidInput, TransportError

if TYPE_CHECKING:
    import httpx

    class Httpx2Client(Protocol):
        """An ``httpx2.AsyncClient``, as type checkers see it where that library is not installed.

        Without it, an import would make the type of every client partially unknown.
        """

        params: Any
        cookies: Any
        headers: Any

        @property
        def is_closed(self) -> bool: ...  # noqa: D102
        def build_request(self, *args: Any, **options: Any) -> Any: ...  # noqa: D102
        async def send(self, *args: Any, **options: Any) -> Any: ...  # noqa: D102
        async def request(self, *args: Any, **options: Any) -> Any: ...  # noqa: D102
        async def get(self, *args: Any, **options: Any) -> Any: ...  # noqa: D102
        async def post(self, *args: Any, **options: Any) -> Any: ...  # noqa: D102
        async def put(self, *args: Any, **options: Any) -> Any: ...  # noqa: D102
        async def patch(self, *args: Any, **options: Any) -> Any: ...  # noqa: D102
        async def delete(self, *args: Any, **options: Any) -> Any: ...  # noqa: D102
        def stream(self, *args: Any, **options: Any) -> Any: ...  # noqa: D102
        async def aclose(self) -> None: ...  # noqa: D102


HttpClient: TypeAlias = "httpx.AsyncClient | Httpx2Client"
"""An async client of either library; a str at runtime, because neither is imported for it."""

_FAMILIES = ("httpx", "httpx2")

# An allow-list, because any other header may be a credential of some scheme.
FOREIGN_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "connection",
        "host",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "range",
        "user-agent",
    }
)


class RawResponse(Protocol):
    """The common interface of both libraries' responses."""

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
    """Raise InvalidInput if it is not an async client of either library."""
    names = {(package_of(cls), cls.__name__) for cls in type(client).__mro__}
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
    content: bytes | AsyncIterable[bytes] | None,
    timeout: Mapping[str, float | None],
    *,
    foreign: bool,
    on_behalf: bool = False,
) -> RawResponse:
    """Send one request and return its response, body unread. The caller closes it.

    With `foreign`, for a redirect to another origin, only headers without information about the
    caller are sent, and no default headers of the injected client. With `on_behalf`, for calls with
    a user's credentials, the injected client's default credentials are not sent.
    """
    request: Any = client.build_request(
        method,
        url,
        headers=headers,
        content=content,
        extensions={"timeout": timeout},
    )
    if client.params:
        # The injected client's auth would replace the call's, and be sent to any host.
        request.url = type(request.url)(url)
    # The client's cookie jar is shared: a cookie of one response must not be sent for others.
    if client.cookies and "cookie" not in headers and "cookie" not in client.headers:
        request.headers.pop("cookie", None)
    if on_behalf:
        # Default credentials of the injected client are the application's, not the user's.
        _drop(request, {"authorization", "cookie"} - headers.keys())
    if foreign:
        for name in request.headers.keys() - FOREIGN_HEADERS:
            del request.headers[name]
    # Type checkers cannot check one call against both libraries.
    any_client: Any = client
    try:
        response: RawResponse = await any_client.send(
            request, stream=True, auth=None, follow_redirects=False
        )
    except Exception as error:
        if type(error).__name__ != "InvalidURL":
            raise
    else:
        return response
    finally:
        # The traceback of a failed call keeps these frames alive, which contain the token.
        del request, headers, url
    # The request's own URL was valid. Both libraries parse the target of a redirect even if they
    # do not follow it.
    raise bad_redirect()


def bad_redirect() -> TransportError:
    """Return the error of a redirect to an address that cannot be requested."""
    return TransportError("The server redirected to an address that is not valid", sent=True)


def _drop(request: Any, names: set[str]) -> None:
    for name in names:
        request.headers.pop(name, None)


def package_of(cls: type) -> str:
    """Return the name of the top-level package that defines a class."""
    return cls.__module__.partition(".")[0]
