"""Lists and mappings in a query, a header or a cookie, in the styles that OpenAPI has names for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from .encoding import encode_json, key_text, nested, plain, scalar_text

_SEPARATORS = {"": ",", "simple": ",", "comma": ",", "space": " ", "tab": "\t", "pipe": "|"}


def in_query(
    name: str, value: object, style: str, naive_times: bool
) -> Iterator[tuple[str, object]]:
    """Yield the pairs of names and values that a query parameter becomes."""
    if value is None:
        return
    if style == "json":
        yield name, as_json(value, naive_times)
    elif style == "deep":
        yield from nested(name, value, lists=True)
    else:
        value = plain(value)
        if isinstance(value, (list, tuple, set, frozenset, Mapping)):
            if text := joined(name, cast("object", value), style, naive_times):
                yield name, text
        else:
            yield name, value


def joined(name: str, value: object, style: str, naive_times: bool) -> str:
    """Return a value as one text, its parts with a separator between them.

    Raises:
        InvalidInput: a part of it has no text form.
    """
    if style == "json":
        return as_json(value, naive_times)
    separator = _SEPARATORS.get(style.rstrip("*"), ",")
    parts = pieces(name, value, naive_times)
    if isinstance(plain(value), Mapping):
        if style.endswith("*"):
            return separator.join(f"{key}={text}" for key, text in parts)
        return separator.join(each for pair in parts for each in pair)
    return separator.join(text for _, text in parts)


def pieces(name: str, value: object, naive_times: bool) -> list[tuple[str, str]]:
    """Return the keys and texts of a mapping or a list, of anything else itself.

    Raises:
        InvalidInput: a part of it has no text form.
    """
    value = plain(value)
    if isinstance(value, Mapping):
        items = cast("Mapping[Any, Any]", value).items()
        return [
            (key_text(key), scalar_text(name, each, naive_times=naive_times))
            for key, each in items
            if each is not None
        ]
    if isinstance(value, (list, tuple, set, frozenset)):
        return [
            ("", scalar_text(name, each, naive_times=naive_times))
            for each in cast("Iterable[object]", value)
            if each is not None
        ]
    return [("", scalar_text(name, value, naive_times=naive_times))]


def as_json(value: object, naive_times: bool) -> str:
    """Return a value as JSON."""
    return encode_json(value, naive_times=naive_times).decode()
