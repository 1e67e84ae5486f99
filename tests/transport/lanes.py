"""The five HTTP clients that the transport runs on; one set of tests holds for all of them."""

from __future__ import annotations

import os
import ssl
from contextlib import AsyncExitStack
from functools import cache
from typing import Any

import httpx
import httpx2
import httpx_aiohttp

from sdk import ApiClient, Timeout
from tests.transport.support import Api

LANES = ("default", "httpcore2", "httpx", "httpx2", "aiohttp")

# Those that the transport builds itself: the engine, and httpcore2 under httpx's face.
OWN = ("default", "httpcore2")

# Long enough for a machine with much else to do.
TIMEOUT = Timeout(connect=10, read=10, write=10, pool=10, total=20)

# For the tests in which a time limit is to run out.
SHORT = Timeout(connect=10, read=0.05, write=10, pool=0.05, total=20)


class Lane:
    """Makes API clients on one kind of HTTP client, and closes them all at the end.

    Attributes:
        name: one of ``LANES``; "default" is the client that the transport builds itself.
    """

    def __init__(self, name: str, stack: AsyncExitStack) -> None:
        self.name = name
        self._stack = stack

    async def api(
        self, base_url: str, *, max_connections: int = 100, cls: Any = Api, **options: Any
    ) -> Any:
        """Return an open API client that does not retry, unless `options` say otherwise."""
        options = {"retry": None, "timeout": TIMEOUT, **options}
        if self.name in OWN:
            options["max_connections"] = max_connections
            # Over http, the pool that knows HTTP/2 speaks 1.1; proxies go through it too.
            options["http2"] = self.name == "httpcore2"
        else:
            client = self.http_client(max_connections)
            options["http_client"] = await self._stack.enter_async_context(client)
        api: ApiClient = cls(base_url=base_url, **options)
        return await self._stack.enter_async_context(api)

    def http_client(self, max_connections: int = 100) -> Any:
        """Return an HTTP client as a user would build it, with cookies."""
        if self.name == "httpx2":
            limits = httpx2.Limits(max_connections=max_connections)
            return httpx2.AsyncClient(limits=limits, verify=_tls(os.environ.get("SSL_CERT_FILE")))
        limits = httpx.Limits(max_connections=max_connections)
        if self.name == "aiohttp":
            transport = httpx_aiohttp.AiohttpTransport(
                limits=limits, verify=_tls(os.environ.get("SSL_CERT_FILE"))
            )
            return httpx.AsyncClient(transport=transport)
        return httpx.AsyncClient(limits=limits, verify=_tls(os.environ.get("SSL_CERT_FILE")))


@cache
def _tls(cert_file: str | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=cert_file)
