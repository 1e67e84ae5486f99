"""Faults, requested by a header or by the test."""

from __future__ import annotations

import fnmatch
import math
from dataclasses import dataclass
from typing import Literal

from .messages import Refused, problem

HEADER = "x-stand-in-fault"

RateLimitKind = Literal["primary", "secondary"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One or several faults of a response.

    Attributes:
        status: the error status of the response, 400 to 599.
        delay: seconds to wait before the response.
        drop: close the connection without a response.
        cut: close the connection in the middle of the body.
        rate_limit: respond as when the hour's calls are used up ("primary"), or as when calls
            come too fast ("secondary").
        retry_after: the value of the Retry-After header, in seconds.

    Raises:
        ValueError: a value is not valid.
    """

    status: int | None = None
    delay: float = 0.0
    drop: bool = False
    cut: bool = False
    rate_limit: RateLimitKind | None = None
    retry_after: int | None = None

    def __post_init__(self) -> None:
        if self.status is not None and not _is_whole(self.status, 400, 599):
            raise ValueError(
                f"status must be an error status from 400 to 599, not {self.status!r}."
            )
        if not _is_duration(self.delay):
            raise ValueError(f"delay must be a number of seconds, not {self.delay!r}.")
        if self.rate_limit not in (None, "primary", "secondary"):
            raise ValueError(
                f"rate_limit must be 'primary' or 'secondary', not {self.rate_limit!r}."
            )
        if self.retry_after is not None and not _is_whole(self.retry_after, 0):
            raise ValueError(
                f"retry_after must be a whole number of seconds, not {self.retry_after!r}."
            )


def _is_whole(value: object, least: int, most: float = math.inf) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_duration(value: object) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value) and value >= 0


class Faults:
    """The faults that the test has added, in order."""

    def __init__(self) -> None:
        self._added: list[tuple[str, Fault, int | None]] = []

    def add(self, where: str, fault: Fault, times: int | None) -> None:
        """Make requests to `where`, an operation's name or a path, fail this many times.

        Raises:
            ValueError: no fault is given, or `times` is negative or not a whole number.
        """
        if fault == Fault():
            raise ValueError(
                "Pass at least one fault: status, delay, drop, cut, rate_limit or retry_after."
            )
        if times is not None and not _is_whole(times, 0):
            raise ValueError(f"times must be a number of requests, or None for all, not {times!r}.")
        if times != 0:
            self._added.append((where, fault, times))

    def clear(self) -> None:
        """Remove every fault."""
        self._added.clear()

    def take(self, operation: str, path: str) -> Fault | None:
        """Return the fault for a request, and count the request."""
        for position, (where, fault, times) in enumerate(self._added):
            if fnmatch.fnmatchcase(operation, where) or fnmatch.fnmatchcase(path, where):
                if times is not None and times <= 1:
                    del self._added[position]
                elif times is not None:
                    self._added[position] = (where, fault, times - 1)
                return fault
        return None


def read_fault(header: str) -> Fault:
    """Parse a header such as ``status=503, retry-after=2`` or ``delay=0.2, cut``.

    Raises:
        Refused: 400, the header is not valid.
    """
    values: dict[str, str] = {}
    for part in filter(None, map(str.strip, header.split(","))):
        name, _, value = part.partition("=")
        values[name.strip()] = value.strip()
    try:
        fault = Fault(
            status=int(values.pop("status")) if "status" in values else None,
            delay=float(values.pop("delay", "0")),
            drop=values.pop("drop", None) is not None,
            cut=values.pop("cut", None) is not None,
            rate_limit=_rate_limit(values.pop("rate-limit", None)),
            retry_after=int(values.pop("retry-after")) if "retry-after" in values else None,
        )
    except ValueError:
        values[header] = ""
        fault = Fault()
    if values:
        raise Refused(
            problem(
                400,
                f"{HEADER} knows status=400 to 599, delay=SECONDS, drop, cut, rate-limit, "
                f"rate-limit=secondary and retry-after=SECONDS, not {next(iter(values))!r}.",
            )
        )
    return fault


def _rate_limit(text: str | None) -> RateLimitKind | None:
    match text:
        case None:
            return None
        case "" | "primary":
            return "primary"
        case "secondary":
            return "secondary"
        case _:
            raise ValueError(text)
