"""From Python values to the bytes of a query string and of a request body."""

from __future__ import annotations

import enum
import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

from .errors import InvalidInput
from .omit import OMIT


def encode_query(pairs: Iterable[tuple[str, object]], *, list_suffix: str = "") -> str:
    """Encode a query string, without ``?``; ``""`` when there is nothing to send.

    ``None`` sends nothing, because a query string has no null, nor does ``OMIT``. A list, tuple or
    set sends its name once for each item (the OpenAPI default: style "form", exploded), with
    `list_suffix` after it.

    Raises:
        InvalidInput: a value has no text form.
    """
    try:
        return "&".join(
            f"{quote(_list_name(name, value, list_suffix), safe='[]')}={quote(text, safe='')}"
            for name, value in pairs
            for text in _query_texts(name, value)
        )
    except UnicodeEncodeError:
        raise InvalidInput("A query value holds a lone surrogate and has no UTF-8 form.") from None


def encode_form(fields: Mapping[str, object]) -> bytes:
    """Encode a form body (``application/x-www-form-urlencoded``), by the rules of a query."""
    return encode_query(fields.items()).encode()


def encode_text(text: str) -> bytes:
    """Encode a text body in UTF-8.

    Raises:
        InvalidInput: the text holds half a character.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise InvalidInput("The body holds a lone surrogate and has no UTF-8 form.") from None


def _list_name(name: str, value: object, suffix: str) -> str:
    if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidInput(f"The name of a query value must be a str, not {type(name).__name__}.")
    is_list = isinstance(value, (list, tuple, set, frozenset))
    return name + suffix if is_list and not name.endswith(suffix) else name


def _query_texts(name: str, value: object) -> list[str]:
    if value is None or value is OMIT:
        return []
    if isinstance(value, (list, tuple, set, frozenset)):
        return [
            text for item in cast("Iterable[object]", value) for text in _query_texts(name, item)
        ]
    return [_scalar(name, value)]


def _scalar(name: str, value: object) -> str:
    if isinstance(value, enum.Enum):
        value = value.value
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | UUID():
            return str(value)
        case float() | Decimal():
            if not math.isfinite(value):
                raise InvalidInput(f"{name!r} is not a finite number: {value}.")
            return str(value)
        case datetime() | date():
            return format_time(value)
        case _:
            raise InvalidInput(f"{name!r} has no text form in a query: {type(value).__name__}.")


def format_time(value: datetime | date) -> str:
    """Write a time as the API takes it: RFC 3339 in UTC, whole seconds unless it has fractions.

    Raises:
        InvalidInput: the time has no zone, so that it names no moment.
    """
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        raise InvalidInput(
            f"{value!r} has no time zone. Use an aware datetime, such as datetime.now(UTC)."
        )
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def encode_json(value: object) -> bytes:
    """Encode a JSON body: UTF-8, no white space; models, dates, enums and sequences too.

    Raises:
        InvalidInput: a value has no JSON form (NaN and infinities have none either).
    """
    try:
        return json.dumps(
            value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_jsonable
        ).encode()
    except (TypeError, ValueError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput(f"The body has no JSON form: {error}.") from None
    except RecursionError:
        raise InvalidInput("The body has no JSON form: it is nested too deeply.") from None


def _jsonable(value: Any) -> object:
    if isinstance(value, (datetime, date)):
        return format_time(value)
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if value is OMIT:
        raise InvalidInput("OMIT stands for an argument. Leave a field inside of one out instead.")
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return dict(cast("Mapping[Any, Any]", value))
    dump = getattr(value, "model_dump", None)
    if callable(dump):
        # What was never set stays out: a model sent back must not clear fields it did not carry.
        return dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, bytearray)):
        return list(cast("Iterable[Any]", value))
    raise TypeError(f"{type(value).__name__} is not a JSON value")
