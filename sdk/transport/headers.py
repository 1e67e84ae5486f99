"""Response headers as plain data: a read-only, case-insensitive mapping of text to text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar, overload

T = TypeVar("T")

# int() of a very long run of digits is slow.
_MOST_DIGITS = 18

_LONGEST_DATE = 64

_NAMES = "JanFebMarAprMayJunJulAugSepOctNovDec"
_MONTHS: Mapping[str, int] = {_NAMES[at : at + 3]: 1 + at // 3 for at in range(0, 36, 3)}


class DefaultHeader(str):
    """The value of a header that nobody chose, so that the API may ask for another one."""

    __slots__ = ()


class FixedHeaders(dict[str, str]):
    """Request headers that were checked, are sent many times and are never changed.

    Attributes:
        lines: how HTTP/1.1 writes them, kept from the first request on: 2 us less for each.
    """

    __slots__ = ("lines",)

    lines: str | None

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__(headers)
        self.lines = None

    def without(self, *names: str) -> FixedHeaders:
        """Return those of other names."""
        if self.keys().isdisjoint(names):
            return self
        return FixedHeaders({name: value for name, value in self.items() if name not in names})

    def __repr__(self) -> str:
        # Values may be secret.
        return f"FixedHeaders({', '.join(self)})"


class Headers(Mapping[str, str]):
    """The headers of a response; names in lower case, repeats joined by a comma (RFC 9110, 5.3).

    It has no reference to objects of the HTTP client, so that errors and metadata can be pickled.
    Headers of the engine stay as they arrived until one is asked for: reading the 20 that GitHub
    sends takes 7 us.
    """

    __slots__ = ("_head", "_read")

    def __init__(self, raw: Iterable[tuple[bytes, bytes]] = ()) -> None:
        values: dict[str, str] = {}
        for raw_name, raw_value in raw:
            name = raw_name.decode("ascii", "replace").lower()
            value = raw_value.decode("latin-1")
            values[name] = f"{values[name]}, {value}" if name in values else value
        self._read: dict[str, str] | None = values
        self._head = b""

    @classmethod
    def parse(cls, head: bytes) -> Headers:
        """Take the head of a response, a status line and headers, which a parser has checked."""
        headers = object.__new__(cls)
        headers._head = head
        headers._read = None
        return headers

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Headers:
        """Return headers with these values; the names are in lower case already."""
        headers = cls()
        headers._read = dict(values)
        return headers

    def over(self, stored: Mapping[str, str], left_out: frozenset[str]) -> Headers:
        """Return `stored` headers, replaced by these except for the names in `left_out`."""
        values = self._values
        if not left_out.isdisjoint(values):
            values = {name: value for name, value in values.items() if name not in left_out}
        merged = Headers()
        merged._read = {**stored, **values}
        return merged

    @property
    def _values(self) -> dict[str, str]:
        if self._read is None:
            self._read = _read_lines(self._head[self._head.index(b"\r\n") + 2 : -4])
            self._head = b""
        return self._read

    def search(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """Search the head as it arrived; return None also if it was read into values already."""
        return pattern.search(self._head)

    def beginning(self, prefix: str) -> Mapping[str, str]:
        """Return the headers whose names begin so; the others are not read for it."""
        head, start = self._head, b"\r\n" + prefix.encode()
        if self._read is None:
            lower = head.lower()
            first = lower.find(start)
            if first < 0:
                return {}
            last = lower.find(b"\r\n", lower.rfind(start) + 2)
            found = _read_lines(head[first + 2 : last])
        else:
            found = self._read
        return {name: value for name, value in found.items() if name.startswith(prefix)}

    def without(self, secrets: Sequence[str]) -> Headers:
        """Return the headers with "***" in place of secrets."""
        if self._read is None:
            found = any(secret.encode("latin-1", "replace") in self._head for secret in secrets)
        else:
            found = any(secret in value for value in self._read.values() for secret in secrets)
        if not found:
            return self
        values = dict(self._values)
        for secret in secrets:
            values = {name: value.replace(secret, "***") for name, value in values.items()}
        return Headers.of(values)

    # Mapping.get catches a KeyError, which takes a microsecond for each missing header.
    @overload
    def get(self, name: str, default: None = None, /) -> str | None: ...
    @overload
    def get(self, name: str, default: str, /) -> str: ...
    @overload
    def get(self, name: str, default: T, /) -> str | T: ...
    def get(self, name: str, default: Any = None, /) -> Any:
        """Return the value of a header, or `default` if it is missing."""
        return self._values.get(name.lower(), default)

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; ``""`` if there is none."""
        return media_type(self._values.get("content-type", ""))

    def integer(self, name: str) -> int | None:
        """Return the value of a header as a whole number; None if it is missing or not valid."""
        value = self._values.get(name)
        return None if value is None else whole_number(value)

    def date(self, name: str) -> float | None:
        """Return a date (RFC 9110, 5.6.7) in seconds since the epoch; None if it is not valid."""
        value = self._values.get(name)
        if not value or len(value) > _LONGEST_DATE:
            return None
        moment = _usual_date(value) or _unusual_date(value)
        return None if moment is None else moment.timestamp()

    def __repr__(self) -> str:
        # Values may be secret (Set-Cookie, a signed Location): the repr names the headers only.
        return f"Headers({', '.join(self._values)})"


def _usual_date(value: str) -> datetime | None:
    """Parse the form that servers must send, ``Sat, 28 Nov 2026 09:58:34 GMT``."""
    month = _MONTHS.get(value[8:11])
    numbers = (value[12:16], value[5:7], value[17:19], value[20:22], value[23:25])
    separators = value[3:5] + value[7] + value[11] + value[16] if len(value) == 29 else ""
    digits = "".join(numbers)
    if (
        separators != ",    "
        or month is None
        or value[25:] != " GMT"
        or value[19] + value[22] != "::"
        or not (digits.isascii() and digits.isdigit())
    ):
        return None
    year, day, hour, minute, second = map(int, numbers)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _unusual_date(value: str) -> datetime | None:
    # It is rarely needed, and imports much.
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def media_type(content_type: str) -> str:
    """Return the media type of a Content-Type value, in lower case and without parameters."""
    return content_type.partition(";")[0].strip().lower()


def _read_lines(lines: bytes) -> dict[str, str]:
    values: dict[str, str] = {}
    for line in lines.decode("latin-1").split("\r\n") if lines else ():
        name, _, value = line.partition(":")
        name, value = name.lower(), value.strip(" \t")
        values[name] = f"{values[name]}, {value}" if name in values else value
    return values


def whole_number(text: str) -> int | None:
    """Parse a number of one or more ASCII digits; None for any other text.

    A number of more than 18 digits is returned as 10**18.
    """
    text = text.strip()
    # float() and int() would also accept "nan", "1e400", "1_000" and digits of other scripts.
    if not (text.isascii() and text.isdigit()):
        return None
    return int(text) if len(text) <= _MOST_DIGITS else 10**_MOST_DIGITS
