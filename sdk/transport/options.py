"""Options of a client, of a view, or of one call."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from .errors import InvalidInput
from .value_classes import value_class


def _is_whole(value: object) -> bool:
    # True is an int, and was most likely meant for another option.
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, float) or _is_whole(value)


@value_class
@dataclass(frozen=True, slots=True, repr=False, eq=False, kw_only=True)
class Timeout:
    """Time limits, in seconds; None for no limit.

    Attributes:
        connect: for making a connection, TLS included.
        read: between two chunks of the response.
        write: between two chunks of the request.
        pool: for waiting for a free connection.
        total: for the whole call: all attempts, waits and redirects. The client's does not limit
            how long a file is uploaded, or downloaded once its first byte has arrived.
    """

    connect: float | None = 5.0
    read: float | None = 30.0
    write: float | None = 30.0
    pool: float | None = 10.0
    total: float | None = 60.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            seconds = getattr(self, name)
            if seconds is None:
                continue
            if not _is_number(seconds) or not 0 < seconds < math.inf:
                raise InvalidInput(
                    f"Timeout.{name} must be a positive number of seconds, or None for no "
                    f"limit, not {seconds!r}."
                )

    def changed(self, value: Timeout | float | None) -> Timeout:
        """Return a Timeout unchanged; a number limits the whole call, None means no limits."""
        if isinstance(value, Timeout):
            return value
        if value is None:
            return Timeout(connect=None, read=None, write=None, pool=None, total=None)
        return Timeout(
            connect=self.connect, read=self.read, write=self.write, pool=self.pool, total=value
        )

    def phases(self, left: float | None) -> dict[str, float | None]:
        """Return the limits of one attempt, each cut to the time `left` for the whole call."""
        return {
            "connect": _shorter(self.connect, left),
            "read": _shorter(self.read, left),
            "write": _shorter(self.write, left),
            "pool": _shorter(self.pool, left),
        }


def _shorter(a: float | None, b: float | None) -> float | None:
    if a is None or b is None:
        return b if a is None else a
    return min(a, b)


@value_class
@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Retry:
    """The retry policy of failed calls.

    Only safe requests are repeated: GET, HEAD, PUT, DELETE and OPTIONS after 408, 429, 500, 502,
    503, 504, a rate limit or a network failure; POST and PATCH only when nothing was sent.

    Attributes:
        attempts: the maximum number of requests, the first one included.
        initial_delay: upper bound of the first random wait, in seconds; it doubles each time.
        max_delay: upper bound of any random wait, in seconds.
        max_retry_after: the longest ``Retry-After`` to obey, in seconds; for a longer one the call
            fails at once, with ``retry_after`` set. It never waits less than the server asks for.
    """

    attempts: int = 3
    initial_delay: float = 0.5
    max_delay: float = 8.0
    max_retry_after: float = 60.0

    def __post_init__(self) -> None:
        if not _is_whole(self.attempts) or self.attempts < 1:
            raise InvalidInput(
                f"Retry.attempts counts the first request too, so it is at least 1, "
                f"not {self.attempts!r}. Use retry=None for no retries."
            )
        for name in ("initial_delay", "max_delay", "max_retry_after"):
            seconds = getattr(self, name)
            if not _is_number(seconds) or not seconds >= 0:
                raise InvalidInput(
                    f"Retry.{name} must be a number of seconds, 0 or more, not {seconds!r}."
                )

    @classmethod
    def of(cls, value: Retry | None) -> Retry:
        """Return a Retry unchanged; None means a single attempt."""
        if value is None:
            return NO_RETRY
        if not isinstance(value, Retry):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidInput(
                f"retry must be a Retry or None, not {value!r}. Write Retry(attempts=...)."
            )
        return value


NO_RETRY = Retry(attempts=1)


@value_class
@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Pacing:
    """The policy for staying within the API's rate limits.

    Attributes:
        max_wait: a call that would have to wait longer than this many seconds for a limit to
            end is refused at once with RateLimitExceeded or SecondaryRateLimited, and not sent.
            0 refuses rather than wait.
        max_concurrency: calls of one credential that are under way at once; GitHub allows 100.
    """

    max_wait: float = 60.0
    max_concurrency: int = 100

    def __post_init__(self) -> None:
        whole, most = self.max_concurrency, self.max_wait
        if not (_is_whole(whole) and whole >= 1 and _is_number(most) and most >= 0):
            raise InvalidInput(
                "Pacing.max_wait is 0 or more seconds and max_concurrency at least 1, not "
                f"{self.max_wait!r} and {self.max_concurrency!r}."
            )

    @classmethod
    def checked(cls, value: Pacing | None) -> Pacing | None:
        """Return a Pacing or None unchanged; raise InvalidInput for any other value."""
        if value is not None and not isinstance(value, Pacing):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidInput(
                f"pacing must be a Pacing or None, not {value!r}. Write Pacing(max_wait=...)."
            )
        return value


def check_flags(**arguments: bool) -> None:
    """Raise InvalidInput for a value that is not True or False: ``"no"`` would mean yes.

    Raises:
        InvalidInput: names the argument.
    """
    for name, value in arguments.items():
        if not isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidInput(f"{name} must be True or False, not {value!r}.")


def check_counts(least: int, **arguments: int) -> None:
    """Raise InvalidInput for a count that is too small or not a whole number.

    Raises:
        InvalidInput: names the argument.
    """
    for name, value in arguments.items():
        if not _is_whole(value) or value < least:
            raise InvalidInput(f"{name} must be a whole number, {least} or more, not {value!r}.")


def checked_seconds(**arguments: float) -> float:
    """Return a duration that is 0 or more.

    Raises:
        InvalidInput: names the argument.
    """
    [(name, value)] = arguments.items()
    if not _is_number(value) or not 0 <= value < math.inf:
        raise InvalidInput(f"{name} must be a number of seconds, 0 or more, not {value!r}.")
    return value


class CallOptions(TypedDict, total=False):
    """Options of one call: ``await sdk.users.get("octocat", options={"timeout": 5})``.

    Keys:
        timeout: a Timeout, or the limit of the whole call in seconds, or None for no limit.
        retry: a Retry, or None for a single attempt.
        headers: request headers, merged over the client's headers.
        extra_query: query parameters that the method has no argument for.
        extra_body: fields of the JSON body that the method has no argument for.
    """

    timeout: Timeout | float | None
    retry: Retry | None
    headers: Mapping[str, str]
    extra_query: Mapping[str, object]
    extra_body: Mapping[str, object]


def check_options(options: CallOptions) -> None:
    """Raise InvalidInput for misspelt options of a call and for fields without names.

    Raises:
        InvalidInput: names the option, and never shows its value.
    """
    if not isinstance(options, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidInput(
            "options must be a mapping of the options of the call, such as {'timeout': 5}, not "
            f"{type(options).__name__}."
        )
    unknown = options.keys() - CallOptions.__optional_keys__
    if unknown:
        raise InvalidInput(
            f"A call has no option {', '.join(map(repr, unknown))}; it has "
            f"{', '.join(sorted(CallOptions.__optional_keys__))}.{_of_a_view(unknown)}"
        )
    for name in ("headers", "extra_query", "extra_body"):
        if not isinstance(options.get(name, {}), Mapping):
            raise InvalidInput(f"{name} must be a mapping of names to values.")


def _of_a_view(unknown: Iterable[str]) -> str:
    options = sorted(
        {"auth", "cache", "fresh_for", "pacing", "strict", "token"}.intersection(unknown)
    )
    return f" For another {options[0]} write with_options({options[0]}=...)." if options else ""
