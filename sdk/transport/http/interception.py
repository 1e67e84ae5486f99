"""Detect tools that have patched httpx: mocks, recorders, tracers.

Such a tool expects every call to go through httpx, so the engine is not used then. Nothing is
imported here: a library that is not imported cannot be patched.
"""

from __future__ import annotations

import operator
import sys
from types import FunctionType, ModuleType
from typing import Any

# The methods that respx, pytest-httpx, VCR.py, Sentry, OpenTelemetry and similar tools patch: the
# module, the class, the method, and the end of the path of the file that defines it.
_CLIENT = ("httpx", "AsyncClient", "httpx/_client.py")
_TRANSPORT = ("httpx", "AsyncHTTPTransport", "httpx/_transports/default.py")
_POOLS = tuple(
    (f"{name}._async.connection_pool", "AsyncConnectionPool", f"{name}/_async/connection_pool.py")
    for name in ("httpcore", "httpcore2")
)
_PLACES = (
    # Some tools add hooks to each client, or replace the class by a subclass that does.
    (*_CLIENT, "__init__"),
    (*_CLIENT, "send"),
    (*_CLIENT, "_send_single_request"),
    (*_CLIENT, "_transport_for_url"),
    (*_TRANSPORT, "handle_async_request"),
    *((*pool, "handle_async_request") for pool in _POOLS),
)


def is_intercepted() -> bool:
    """Return whether anything on the path of a call through httpx is patched."""
    global _seen, _outcome  # noqa: PLW0603  the last look, because there is one at each call
    found = [_method(*place) for place in _PLACES]
    # By identity: a proxy may compare equal to the object that it wraps.
    if any(map(operator.is_not, found, _seen)):
        _outcome = any(
            method is not None and _is_patched(method, file)
            for method, (_, _, file, _) in zip(found, _PLACES, strict=True)
        )
        _seen = found
    return _outcome


def client_is_patched() -> bool:
    """Return whether a tool has patched the client."""
    return any(_is_place_patched(*_CLIENT, name) for name in ("send", "_send_single_request"))


def transport_is_patched() -> bool:
    """Return whether a tool has patched httpx's transport."""
    return _is_place_patched(*_TRANSPORT, "handle_async_request")


def pool_is_patched() -> bool:
    """Return whether a tool has patched httpcore's connection pool."""
    return any(_is_place_patched(*pool, "handle_async_request") for pool in _POOLS)


_seen: list[Any] = [None] * len(_PLACES)
_outcome = False


def _is_place_patched(module: str, cls: str, file: str, name: str) -> bool:
    method = _method(module, cls, file, name)
    return method is not None and _is_patched(method, file)


def _method(module: str, cls: str, _file: str, name: str) -> Any:
    found: ModuleType | None = sys.modules.get(module)
    # While another thread is importing the module, its classes may not exist yet.
    return getattr(getattr(found, cls, None), name, None)


def _is_patched(method: Any, file: str) -> bool:
    # A wrapper copies the name and the module of the wrapped function, a proxy even its code.
    if type(method) is not FunctionType:
        return True
    return not method.__code__.co_filename.replace("\\", "/").endswith(file)
