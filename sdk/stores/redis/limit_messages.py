"""The JSON messages in which processes exchange rate limits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, NamedTuple, cast

from sdk.transport.shared_state import LimitsState, WindowState

# Upper bounds on the durations and numbers in a message.
_LONGEST = 3600.0 + 61.0
_LARGEST = 10**10
_MOST_WINDOWS = 64
_MOST_WORKERS = 10_000
_MOST_SHORT = 256


def encode_state(state: LimitsState) -> list[Any]:
    """Return the known state of one credential, as JSON values."""
    windows = [[*window[:5], round(window.seconds, 3)] for window in state.windows]
    return [windows, round(state.pause, 3), round(state.careful, 3)]


def decode_state(value: object, age: float = 0.0) -> LimitsState | None:
    """Read the state that another process wrote so many seconds ago; None if it is not valid."""
    try:
        windows, pause, careful = cast("list[Any]", value)
        if len(windows) > _MOST_WINDOWS:
            return None
        return LimitsState(
            tuple(_window(window, age) for window in windows),
            _seconds(pause, age),
            _seconds(careful, age),
        )
    except (ValueError, TypeError, OverflowError):
        return None


def is_worth_keeping(state: LimitsState) -> bool:
    """Return whether a process that starts later needs it before its first response."""
    nearly_used = any(window.remaining * 2 < window.limit for window in state.windows)
    return nearly_used or state.pause > 0 or state.careful > 0


def longest(state: LimitsState) -> float:
    """Return the number of seconds for which any part of it is valid."""
    return max([state.pause, state.careful, *(window.seconds for window in state.windows)])


def encode_message(
    sender: str,
    states: Mapping[str, LimitsState],
    workers: int | None = None,
    short: Sequence[str] = (),
) -> bytes:
    """Return a message of a process.

    Args:
        sender: the name of the process.
        states: the state of several credentials, by the hashes of their names.
        workers: the number of processes, if it has changed.
        short: credentials that have no reserved calls left, while other processes have some.
    """
    limits = {key: encode_state(state) for key, state in states.items()}
    content = {"from": sender, "limits": limits, "workers": workers, "short": short}
    return json.dumps(content, separators=(",", ":")).encode()


class Message(NamedTuple):
    """What another process published; see ``encode_message``."""

    states: Mapping[str, LimitsState] = {}
    workers: int | None = None
    short: Sequence[str] = ()


def decode_message(data: object, own: str) -> Message:
    """Read a message; nothing of one that is this process's own or cannot be read."""
    try:
        content: Any = json.loads(cast("bytes", data))
        if content["from"] == own:
            return Message()
        workers, short = content.get("workers"), content.get("short", ())
        states = {key: decode_state(value) for key, value in content["limits"].items()}
        short = [key for key in short if isinstance(key, str)][:_MOST_SHORT]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return Message()
    known = {key: state for key, state in states.items() if state is not None}
    is_number = isinstance(workers, int) and not isinstance(workers, bool)
    count = workers if is_number and 0 < workers <= _MOST_WORKERS else None
    return Message(known, count, short)


def _window(value: list[Any], age: float) -> WindowState:
    limit, remaining, used, reset, resource, seconds = value
    for number in (limit, remaining, used, reset):
        if not isinstance(number, int) or not -_LARGEST < number < _LARGEST:
            raise ValueError(number)
    if not isinstance(resource, str):
        raise TypeError(resource)
    return WindowState(limit, remaining, used, reset, resource[:100], _seconds(seconds, age))


def _seconds(value: object, age: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise TypeError(value)
    if value > _LONGEST:
        raise ValueError(value)
    return max(0.0, value - age)
