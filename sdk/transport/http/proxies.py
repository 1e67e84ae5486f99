"""The proxies of the environment: ``HTTP_PROXY``, ``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY``.

httpx reads them too, but fails on the IPv6 forms of ``NO_PROXY`` and ignores networks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.request import getproxies

import httpx

from sdk.transport.errors import InvalidInput

from .no_proxy import NoProxy

_SCHEMES = ("http", "https", "all")


def environment_mounts(
    direct: httpx.AsyncBaseTransport,
    proxied: Callable[[httpx.Proxy], httpx.AsyncBaseTransport],
) -> dict[str, httpx.AsyncBaseTransport]:
    """Return the transports of a client's ``mounts=``, one for each proxy.

    Args:
        direct: the transport for hosts in ``NO_PROXY``.
        proxied: builds the transport for a proxy.

    Raises:
        InvalidInput: the URL of a proxy is not valid.
    """
    # On macOS and Windows this falls back to the system's settings.
    found = getproxies()
    no_proxy = NoProxy.parse(found.get("no", ""))
    if no_proxy.excludes_all:
        return {}
    proxies = _proxies(found)
    if proxies is not None:
        return {
            pattern: _UnlessExcluded(proxied(proxy), direct, no_proxy)
            for pattern, proxy in proxies.items()
        }
    # Neither the cause nor a variable of its frames refers to the URLs: they may contain passwords.
    del found
    raise InvalidInput(
        "A proxy in the environment (HTTP_PROXY, HTTPS_PROXY or ALL_PROXY) is not an http://, "
        "https:// or socks5:// address. In a password write / as %2F, @ as %40 and # as %23."
    )


def _proxies(found: Mapping[str, str]) -> dict[str, httpx.Proxy] | None:
    """Return the proxy of each pattern of URLs; None if the URL of one is not valid."""
    try:
        return {
            f"{scheme}://": httpx.Proxy(url if "://" in url else f"http://{url}")
            for scheme in _SCHEMES
            if (url := found.get(scheme))
        }
    except (ValueError, httpx.InvalidURL):
        return None


class _UnlessExcluded(httpx.AsyncBaseTransport):
    """A transport that uses a proxy, except for the hosts in ``NO_PROXY``."""

    def __init__(
        self,
        proxied: httpx.AsyncBaseTransport,
        direct: httpx.AsyncBaseTransport,
        no_proxy: NoProxy,
    ) -> None:
        self._proxied = proxied
        self._direct = direct
        self._no_proxy = no_proxy

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        excluded = self._no_proxy.excludes(request.url)
        transport = self._direct if excluded else self._proxied
        return await transport.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the transport to the proxy; the client closes the direct one."""
        await self._proxied.aclose()
