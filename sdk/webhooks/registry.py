"""The handlers of a ``Webhooks``: registered, checked, and found for a delivery."""

from __future__ import annotations

import difflib
import functools
import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from sdk.transport.errors import InvalidInput

from ._events import EVENTS
from ._types import Handler, Key


@dataclass(frozen=True, slots=True)
class Registered:
    """A handler and what it was registered for.

    Attributes:
        event: the event's name, or ``"*"`` for every event.
        action: the action, or None for every action.
        function: the handler itself.
        key: returns what identifies the deliveries to handle one after another, or None.
    """

    event: str
    action: str | None
    function: Handler[Any]
    key: Key[Any] | None

    def handles(self, event: str, action: str | None) -> bool:
        """Return whether the handler is registered for an event and action."""
        return self.event in ("*", event) and self.action in (None, action)


class HandlerRegistry:
    """Handlers, in the order in which they were registered."""

    def __init__(self) -> None:
        self._handlers: list[Registered] = []

    @property
    def events(self) -> frozenset[str]:
        """The events that have a handler; ``"*"`` if a handler takes every event."""
        return frozenset(handler.event for handler in self._handlers)

    def find(self, event: str, action: str | None) -> list[Registered]:
        """Return the handlers for an event and action."""
        return [handler for handler in self._handlers if handler.handles(event, action)]

    def listens_to(self, event: str) -> bool:
        """Return whether any handler may want the event, whatever its action."""
        return not self.events.isdisjoint({"*", event})

    def decorator(
        self, event: str, action: str | None, key: Key[Any] | None
    ) -> Callable[[Handler[Any]], Handler[Any]]:
        """Return the decorator that registers a handler.

        Raises:
            InvalidInput: there is no such event or action, or `key` is not callable.
        """
        check_event(event, action)
        if key is not None and not callable(key):
            raise InvalidInput("key must be a function that takes a Delivery, or None.")

        def register(function: Handler[Any]) -> Handler[Any]:
            _check_handler(function, event, action)
            self._handlers.append(Registered(event, action, function, key))
            return function

        return register


def check_event(event: object, action: object) -> None:
    """Raise InvalidInput, with the nearest names, unless the description has them."""
    if not isinstance(event, str) or not isinstance(action, str | None):
        raise InvalidInput(
            'Write @hooks.on("issues", "opened"), @hooks.on("issues") or @hooks.on("*").'
        )
    if event == "*":
        if action is not None:
            raise InvalidInput('on("*") takes no action: look at delivery.action in the handler.')
        return
    actions = EVENTS.get(event)
    if actions is None:
        raise InvalidInput(
            f"GitHub has no event {event!r}.{_nearest(event, EVENTS)} "
            'For an event that is newer than this package, use on("*").'
        )
    if action is None or action in actions or (set(actions) == {None} and _has_free_action(event)):
        return
    known = [name for name in actions if name is not None]
    raise InvalidInput(
        f"The event {event!r} has no action {action!r}."
        + (_nearest(action, known) if known else f' Write on("{event}").')
        + f' For an action that is newer than this package, use on("{event}").'
    )


def _has_free_action(event: str) -> bool:
    # The sender of the event chooses its action freely.
    return event == "repository_dispatch"


def _nearest(name: str, known: typing.Iterable[str]) -> str:
    candidates = list(known)
    near = difflib.get_close_matches(name.lower().replace("-", "_"), candidates, n=3, cutoff=0.5)
    if near:
        return f" Do you mean {' or '.join(map(repr, near))}?"
    return f" Known: {', '.join(candidates)}."


def _check_handler(function: object, event: str, action: str | None) -> None:
    name = str(getattr(function, "__qualname__", type(function).__qualname__))
    called = function
    while isinstance(called, functools.partial):
        called = cast("functools.partial[object]", called).func
    if not inspect.isroutine(called):
        called = getattr(type(called), "__call__", None)  # noqa: B004 - whether it is async is asked
    if called is None or not inspect.iscoroutinefunction(called):
        raise InvalidInput(f"A handler is an `async def` that takes a Delivery; {name} is not.")
    try:
        inspect.signature(cast("Any", function)).bind(None)
    except TypeError:
        raise InvalidInput(
            f"A handler is called with one argument, the Delivery: write `async def "
            f"{name.rpartition('.')[2]}(delivery)`."
        ) from None
    wanted = _annotated_models(called)
    if event == "*" or not wanted:
        return
    actions = EVENTS[event]
    sent = {actions.get(action, actions.get(None))} if action else set(actions.values())
    if not wanted & {model for model in sent if model}:
        raise InvalidInput(
            f"{name} takes a Delivery of "
            f"{' | '.join(sorted(wanted))}, but {event}{f'.{action}' if action else ''} is sent as "
            f"{' | '.join(sorted(model for model in sent if model))}."
        )


def _annotated_models(function: Callable[..., object]) -> set[str]:
    """Return the names of the models in the annotation of a handler's first argument."""
    try:
        hints = typing.get_type_hints(function)
        parameters = list(inspect.signature(function).parameters)
    except Exception:  # noqa: BLE001 - names that only type checkers import cannot be resolved
        return set()
    names = [name for name in parameters if name != "self"]
    hint: Any = hints.get(names[0]) if names else None
    payloads = typing.get_args(hint)
    options = typing.get_args(payloads[0]) or payloads[:1] if payloads else ()
    specific = {
        option.__name__
        for option in options
        if isinstance(option, type) and option.__module__.startswith("sdk.models.webhooks")
    }
    return specific if len(specific) == len(options) else set()
