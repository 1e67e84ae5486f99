"""The functions that pydantic calls to find the branch of a union.

None of them is called for an object that `sure_choice` reads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from .pass_state import NotParsedError, PassState, current
from .union_choice import Choice


def fallback(choice: Choice, place: int) -> Callable[[object], int | None]:
    """Return a function that chooses the branch at this place of those to try after the best one.

    It is for values that the better branches refuse. A branch that recognises fewer keys than the
    best is chosen only if the pass allows it: the value would be less typed than it could be.
    """

    def choose(value: object) -> int | None:
        if value.__class__ is not dict and value.__class__ is not list:
            return None
        state = current()
        if state.fallbacks <= 0:
            return None
        others = _others(choice, value, choice.choose(value), state)
        if place >= len(others):
            return None
        state.fallbacks -= 1
        return others[place]

    return choose


def _others(choice: Choice, value: object, best: int | None, state: PassState) -> list[int]:
    """Return the branches to try after the best one."""
    ranked = choice.ranked(value)
    return [
        number
        for fit, number in ranked
        if number != best and (state.any_branch or fit.recognised == ranked[0][0].recognised)
    ]


def demand_parsed(value: object) -> None:
    """Raise `NotParsedError` for a value that a union has refused so far."""
    if value.__class__ is dict or value.__class__ is list:
        raise NotParsedError


def in_turn(
    choice: Choice, most: int
) -> tuple[Callable[[object], int | None], Callable[[Any, Callable[[Any], Any]], Any]]:
    """Return a discriminator, and a wrap validator around its union that tries several branches.

    They read a value of a parsed body as its best branch, then as up to `most` others. That none of
    these accepts a value is remembered for later passes over the body.
    """

    def selected(_: object) -> int | None:
        return current().selected

    def read(value: Any, handler: Callable[[Any], Any]) -> Any:
        state = current()
        key = (id(choice), id(value))
        best = None if key in state.refused else choice.choose(value)
        state.selected = best
        if best is None:
            return handler(value)
        try:
            return handler(value)
        except ValidationError as error:
            first = error
        others = _others(choice, value, best, state)[:most] if state.fallbacks > 0 else []
        for number in others[: state.fallbacks]:
            state.fallbacks -= 1
            state.selected = number
            try:
                return handler(value)
            except ValidationError:
                pass
        # The value is kept, so that its id stays unique.
        state.refused[key] = (value, best)
        raise first.with_traceback(None)

    return selected, read


def as_before(choice: Choice) -> Callable[[object], int | None]:
    """Return a function that chooses the best branch, which an earlier pass may have found."""

    def choose(value: object) -> int | None:
        refused = current().refused
        known = refused.get((id(choice), id(value))) if refused else None
        return choice.choose(value) if known is None else known[1]

    return choose
