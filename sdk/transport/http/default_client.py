"""The default ``httpx.AsyncClient``: httpx's interface on the engine, or on httpcore2's pool."""

from __future__ import annotations

import http.cookiejar
from typing import TYPE_CHECKING, Any

import httpx

from .engine_transport import EngineTransport
from .httpcore2_transport import Httpcore2Transport
from .interception import client_is_patched
from .proxies import environment_mounts
from .tls import tls_context

if TYPE_CHECKING:
    from .engine.client import Engine


def build_default_client(
    engine: Engine | None, *, max_connections: int, http2: bool
) -> DefaultClient:
    """Build a client without cookies, redirects or a base URL of its own.

    Proxies are taken from the environment, see ``proxies``.

    Args:
        engine: sends the requests; None for httpcore2, which also supports proxies and HTTP/2.
        max_connections: the size of httpcore2's pool.
        http2: whether httpcore2 offers HTTP/2.

    Raises:
        InvalidInput: a proxy or a certificate file of the environment cannot be used.
    """

    def transport(proxy: httpx.Proxy | None = None) -> Httpcore2Transport:
        return Httpcore2Transport(
            tls_context(http2=http2), max_connections=max_connections, http2=http2, proxy=proxy
        )

    direct = transport() if engine is None else EngineTransport(engine)
    return DefaultClient(
        transport=direct,
        mounts=environment_mounts(direct, transport) if engine is None else None,
        cookies=_NoCookies(),
        follow_redirects=False,
        trust_env=False,
    )


class DefaultClient(httpx.AsyncClient):
    """An ``httpx.AsyncClient`` with a shortcut for the calls of the SDK.

    httpx's own ``send`` logs each URL with its query, but signed URLs, such as those of downloads,
    are secrets.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._made_transport = self._transport
        self._made_headers = len(self.headers)

    def is_customized(self) -> bool:
        """Whether hooks, headers or a transport were added that calls must use."""
        transport = self._transport
        hooks = self._event_hooks
        return (
            transport is not self._made_transport
            or "handle_async_request" in vars(transport)
            or "send" in vars(self)
            or bool(hooks["request"] or hooks["response"])
            or len(self.headers) != self._made_headers
            or bool(self.params)
            or bool(self._mounts)
        )

    async def send(
        self,
        request: httpx.Request,
        *,
        stream: bool = False,
        auth: Any = httpx.USE_CLIENT_DEFAULT,
        follow_redirects: Any = httpx.USE_CLIENT_DEFAULT,
    ) -> httpx.Response:
        """Send a request, as httpx does."""
        ours = stream and auth is None and follow_redirects is False
        hooks = self._event_hooks
        if not ours or client_is_patched() or hooks["request"] or hooks["response"]:
            return await super().send(
                request, stream=stream, auth=auth, follow_redirects=follow_redirects
            )
        # Private, but respx and others patch it.
        response = await self._transport_for_url(request.url).handle_async_request(request)
        response.request = request
        return response


class _NoCookies(http.cookiejar.CookieJar):
    """A cookie jar that stays empty: the client is shared, and cookies belong to one caller."""

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Ignore the cookies."""

    def set_cookie(self, cookie: http.cookiejar.Cookie) -> None:
        """Ignore the cookies."""
