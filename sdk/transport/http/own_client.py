"""The HTTP client that a session builds: the engine, and httpx's interface on top of it."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sdk.transport.errors import InvalidInput

from .engine.client import Engine
from .interception import is_intercepted
from .tls import check_certificates, tls_context

if TYPE_CHECKING:
    import ssl

    from .default_client import DefaultClient

_PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy")


class OwnClient:
    """One connection pool with two interfaces.

    The SDK's calls use the engine directly. ``httpx_client()`` returns an ``httpx.AsyncClient`` on
    the same connections. The calls use it too while a tool has patched httpx, or if hooks or
    headers were added to that client.

    The engine does not support proxies and HTTP/2: with them, all calls use that client, which is
    built on httpcore2 then.

    Args:
        max_connections: the maximum number of connections.
        http2: whether to offer HTTP/2.

    Attributes:
        engine: the engine; None if it is not used.
        face: the ``httpx.AsyncClient``; None before somebody asks for it.

    Raises:
        InvalidInput: a proxy or a certificate file of the environment cannot be used, or a package
            is missing.
    """

    def __init__(self, *, max_connections: int, http2: bool) -> None:
        if http2 and find_spec("h2") is None:
            raise InvalidInput("http2=True needs the h2 package: install github-sdk[http2].")
        self._max_connections = max_connections
        self._http2 = http2
        self.engine: Engine | None = None
        self.face: DefaultClient | None = None
        if http2 or _may_name_proxy():
            self.face = self._build_face()
        else:
            check_certificates()
            self.engine = Engine(max_connections, _tls)

    def sender(self) -> Engine | DefaultClient:
        """Return the engine or the client to send a call with."""
        engine, face = self.engine, self.face
        if engine is None or is_intercepted() or (face is not None and face.is_customized()):
            return self.httpx_client()
        return engine

    def httpx_client(self) -> DefaultClient:
        """Return the ``httpx.AsyncClient``, which is created at the first call."""
        if self.face is None:
            self.face = self._build_face()
        return self.face

    async def aclose(self) -> None:
        """Close every connection."""
        if self.face is not None:
            await self.face.aclose()
        if self.engine is not None:
            await self.engine.aclose()

    def _build_face(self) -> DefaultClient:
        from .default_client import build_default_client

        return build_default_client(
            self.engine, max_connections=self._max_connections, http2=self._http2
        )


def _tls() -> ssl.SSLContext:
    return tls_context(http2=False)


def _may_name_proxy() -> bool:
    """Return whether there may be a proxy, so that the exact parsing needs to be imported."""
    if sys.platform in ("darwin", "win32"):
        # On these platforms proxies are also in the system's settings.
        from urllib.request import getproxies

        return any(name in getproxies() for name in ("http", "https", "all"))
    return any(os.environ.get(name) or os.environ.get(name.upper()) for name in _PROXY_VARIABLES)
