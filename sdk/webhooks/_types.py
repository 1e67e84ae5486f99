"""The types of handlers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from typing import Protocol, TypeAlias, TypeVar

from .delivery import Delivery

T = TypeVar("T")

Handler: TypeAlias = Callable[[Delivery[T]], Awaitable[object]]
"""An async function that takes a delivery."""

Key: TypeAlias = Callable[[Delivery[T]], Hashable]
"""Returns what identifies the deliveries that must be handled one after another."""


class Registration(Protocol[T]):
    """The decorator that ``Webhooks.on`` returns: it returns the handler as it is."""

    def __call__(self, handler: Handler[T], /) -> Handler[T]:
        """Register the handler."""
        ...
