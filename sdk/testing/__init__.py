"""What a program that uses this SDK is tested with; needs the ``testing`` extra.

``StandIn`` is an ASGI app that answers like api.github.com, without network or token::

    from sdk.testing import StandIn, serve

    async with serve(StandIn()) as base_url, Sdk(base_url=base_url) as sdk:
        user = await sdk.users.get("octocat")

Any ASGI server can run it too, and ``python -m sdk.testing`` starts it from a shell.

Importing this package loads none of it: each name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .fakes import fake
    from .standin import StandIn, serve

__all__ = ["StandIn", "fake", "serve"]

_HOMES = {"StandIn": "standin", "fake": "fakes", "serve": "standin"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
