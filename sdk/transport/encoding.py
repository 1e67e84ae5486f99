"""Encode Python values as query strings and request bodies."""

from __future__ import annotations

import enum
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeGuard, cast
from urllib.parse import quote

from .errors import InvalidInput
from .omit import OMIT

if TYPE_CHECKING:
    from decimal import Decimal

# Their classes have a text form that is no secret.
_WITH_TEXT = frozenset({"ipaddress", "pydantic.networks"})
_NO_LISTS: tuple[type, ...] = (str, bytes, bytearray, memoryview)
_TEXT_KEYS = (enum.Enum, date, time)


def encode_query(
    pairs: Iterable[tuple[str, object]], *, list_suffix: str = "", naive_times: bool = False
) -> str:
    """Encode a query string, without ``?``; ``""`` if there is nothing to send.

    ``None`` and ``OMIT`` are not sent, because a query string has no null. A list, tuple or set
    sends its name once for each item (the OpenAPI default: style "form", exploded), with
    `list_suffix` after it; a mapping sends each of its values under its own key.

    Raises:
        InvalidInput: a value has no text form.
    """
    try:
        return "&".join(
            f"{quote(_list_name(name, value, list_suffix), safe='[]')}={quote(text, safe='')}"
            for name, value in _spread(pairs)
            for text in _query_texts(name, value, naive_times)
        )
    except UnicodeEncodeError:
        raise InvalidInput(
            "A query value contains a lone surrogate, which UTF-8 cannot encode."
        ) from None


def _spread(pairs: Iterable[tuple[str, object]]) -> Iterator[tuple[str, object]]:
    for name, given in pairs:
        value = given if isinstance(given, str) else plain(given)
        if isinstance(value, Mapping):
            yield from (
                (key_text(key), each) for key, each in cast("Mapping[Any, Any]", value).items()
            )
        else:
            yield name, value


def encode_form(fields: Mapping[str, object], *, naive_times: bool = False) -> bytes:
    """Encode a form body (``application/x-www-form-urlencoded``).

    Nested keys are in brackets: ``card[number]=1&lines[0][sku]=A``.
    """
    pairs = [pair for name, value in fields.items() for pair in nested(name, value)]
    return encode_query(pairs, naive_times=naive_times).encode()


def nested(name: str, value: object, *, lists: bool = False) -> Iterator[tuple[str, object]]:
    """Yield the parts of a value, each with its path in brackets after the name.

    A list of plain values is one part, unless `lists` is set: then its items are numbered too.
    """
    value = plain(value)
    if isinstance(value, Mapping):
        for key, each in cast("Mapping[Any, Any]", value).items():
            yield from nested(f"{name}[{key_text(key)}]", each, lists=lists)
    elif isinstance(value, (list, tuple)):
        items = [plain(each) for each in cast("Iterable[object]", value)]
        if lists or any(isinstance(each, (Mapping, list, tuple)) for each in items):
            for index, each in enumerate(items):
                yield from nested(f"{name}[{index}]", each, lists=lists)
        else:
            yield name, items
    else:
        yield name, value


def plain(value: object) -> object:
    """Return a model or a dataclass as a mapping of its fields, others as they are.

    Fields of a model that were not set are left out if they are None.
    """
    dump = getattr(value, "model_dump", None)
    if callable(dump):
        # Sending a model back must not clear fields that it did not have.
        given = dump(mode="json", by_alias=True, exclude_unset=True)
        return _with_defaults(given, dump(mode="json", by_alias=True))
    fields = getattr(value, "__dataclass_fields__", None)
    if fields is None or isinstance(value, type):
        return value
    return {name: getattr(value, name) for name in fields}


def _with_defaults(given: Any, complete: Any) -> Any:
    """Return what was set in a model, and those of its defaults that are not None."""
    if isinstance(given, dict) and isinstance(complete, dict):
        fields = cast("dict[str, Any]", given)
        return {
            name: _with_defaults(fields.get(name, {}), value)
            for name, value in cast("dict[str, Any]", complete).items()
            if name in fields or value is not None
        }
    if isinstance(given, list) and isinstance(complete, list):
        pairs = zip(cast("list[Any]", given), cast("list[Any]", complete), strict=False)
        return [_with_defaults(*pair) for pair in pairs]
    return complete


def key_text(key: object) -> str:
    """Return the text of a key of a mapping; for an Enum that of its value."""
    if isinstance(key, enum.Enum):
        key = key.value
    return format_time(key) if isinstance(key, (date, time, timedelta)) else str(key)


def encode_text(text: str) -> bytes:
    """Encode a text body in UTF-8.

    Raises:
        InvalidInput: the text contains a lone surrogate.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise InvalidInput(
            "The body contains a lone surrogate, which UTF-8 cannot encode."
        ) from None


def _list_name(name: str, value: object, suffix: str) -> str:
    if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidInput(f"The name of a query value must be a str, not {type(name).__name__}.")
    is_list = isinstance(value, (list, tuple, set, frozenset))
    return name + suffix if is_list and not name.endswith(suffix) else name


def _query_texts(name: str, value: object, naive_times: bool) -> list[str]:
    if value is None or value is OMIT:
        return []
    if isinstance(value, (list, tuple, set, frozenset)):
        return [
            text
            for item in cast("Iterable[object]", value)
            for text in _query_texts(name, item, naive_times)
        ]
    return [scalar_text(name, value, naive_times=naive_times)]


def scalar_text(name: str, value: object, *, naive_times: bool = False) -> str:
    """Return the text form of a plain value: a str, a number, a bool, a UUID, a time, an Enum.

    Raises:
        InvalidInput: it has none.
    """
    if isinstance(value, enum.Enum):
        value = value.value
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _finite(name, value)
        case date() | time() | timedelta():
            return format_time(value, naive_times=naive_times)
        case _ if _is_decimal(value):
            return _finite(name, value)
        case _ if _is_uuid(value) or type(value).__module__ in _WITH_TEXT:
            return str(value)
        case _:
            raise InvalidInput(
                f"{name!r} has no text form: pass a str, a number, a time or a UUID, "
                f"not {type(value).__name__}."
            )


def _finite(name: str, value: float | Decimal) -> str:
    if not math.isfinite(value):
        raise InvalidInput(f"{name!r} is not a finite number: {value}.")
    return str(value)


# Importing these modules takes 3 ms. Without them, there are no such values.
def _is_decimal(value: object) -> TypeGuard[Decimal]:
    return isinstance(value, getattr(sys.modules.get("decimal"), "Decimal", ()))


def _is_uuid(value: object) -> bool:
    return isinstance(value, getattr(sys.modules.get("uuid"), "UUID", ()))


def format_time(value: date | time | timedelta, *, naive_times: bool = False) -> str:
    """Return a time in ISO 8601: a datetime in UTC, with fractions of a second only if it has any.

    Raises:
        InvalidInput: a datetime has no time zone, and `naive_times` is not set; or UTC cannot
            express it.
    """
    if isinstance(value, timedelta):
        return _duration(value)
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        if naive_times:
            return value.isoformat()
        raise InvalidInput(
            f"{value!r} has no time zone. Use an aware datetime, such as datetime.now(UTC), or set "
            "naive_times = True on the client's class if its API takes times without one."
        )
    try:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        raise InvalidInput(
            f"{value!r} is in UTC outside of the years 1 to 9999. Leave it out, or give it "
            "tzinfo=UTC."
        ) from None


def _duration(value: timedelta) -> str:
    """Return a duration in ISO 8601, as pydantic does: P1DT2H3M4.5S."""
    sign, value = ("-", -value) if value < timedelta(0) else ("", value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{value.microseconds:06d}".rstrip("0") if value.microseconds else ""
    days = f"{value.days}D" if value.days else ""
    clock = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number)
    if seconds or fraction or not (days or clock):
        clock += f"{seconds}{fraction}S"
    return f"{sign}P{days}{'T' if clock else ''}{clock}"


def encode_json(value: object, *, naive_times: bool = False, as_text: bool = False) -> bytes:
    """Encode a JSON body: UTF-8, no white space; models, times, enums and sequences too.

    Args:
        value: the body.
        naive_times: whether times without a zone are sent.
        as_text: whether keys of other types than JSON's have been replaced by their text.

    Raises:
        InvalidInput: a value has no JSON form (NaN and infinities have none either).
    """
    try:
        return _encoder(naive_times)(value).encode()
    except (TypeError, ValueError) as error:
        if isinstance(error, InvalidInput):
            raise
        if not as_text and str(error).startswith("keys must be"):
            # Rare, and so not looked for before.
            texts = _with_text_keys(value)
            return encode_json(texts, naive_times=naive_times, as_text=True)
        raise InvalidInput(f"The body has no JSON form: {error}.") from None
    except RecursionError:
        raise InvalidInput("The body has no JSON form: it is nested too deeply.") from None


def _with_text_keys(value: Any) -> Any:
    """Return a copy of lists and mappings whose keys are text."""
    if isinstance(value, Mapping):
        items = cast("Mapping[Any, Any]", value).items()
        return {
            key_text(key) if _is_uuid(key) or isinstance(key, _TEXT_KEYS) else key: (
                _with_text_keys(each)
            )
            for key, each in items
        }
    if isinstance(value, (list, tuple)):
        return [_with_text_keys(each) for each in cast("Iterable[Any]", value)]
    return value


def _jsonable(value: Any, *, naive_times: bool = False) -> object:
    if isinstance(value, (date, time, timedelta)):
        return format_time(value, naive_times=naive_times)
    if _is_decimal(value) or _is_uuid(value) or type(value).__module__ in _WITH_TEXT:
        return str(value)
    if value is OMIT:
        raise InvalidInput("OMIT is for arguments only. Leave a nested field out instead.")
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return dict(cast("Mapping[Any, Any]", value))
    if (fields := plain(value)) is not value:
        return fields
    if isinstance(value, _NO_LISTS) or not isinstance(value, Iterable):
        raise TypeError(f"{type(value).__name__} is not a JSON value")
    return list(cast("Iterable[Any]", value))


# Made once: json.dumps() makes an encoder for each call, which takes as long as a small body.
@cache
def _encoder(naive_times: bool) -> Callable[[object], str]:
    from json import JSONEncoder

    default = partial(_jsonable, naive_times=naive_times)
    return JSONEncoder(
        ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=default
    ).encode
