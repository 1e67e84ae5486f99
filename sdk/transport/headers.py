"""Response headers as plain data: a read-only, case-insensitive mapping of text to text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime


class Headers(Mapping[str, str]):
    """The headers of an answer; names in lower case, repeats joined by a comma (RFC 9110, 5.3).

    It holds no reference to the HTTP client's own objects, so that errors and metadata pickle.
    """

    __slots__ = ("_values",)

    def __init__(self, raw: Iterable[tuple[bytes, bytes]] = ()) -> None:
        values: dict[str, str] = {}
        for raw_name, raw_value in raw:
            name = raw_name.decode("ascii", "replace").lower()
            value = raw_value.decode("latin-1")
            values[name] = f"{values[name]}, {value}" if name in values else value
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        # Values may be secret (Set-Cookie, a signed Location): the repr names the headers only.
        return f"Headers({', '.join(self._values)})"


def http_date(text: str | None) -> float | None:
    """Read a date (RFC 9110, 5.6.7) as seconds since the epoch; None when it is none."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp()
