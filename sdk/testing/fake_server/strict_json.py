"""Reads JSON as strictly as GitHub does, so that nothing gets in which no response could hold."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any, cast

_DEEPEST = 100


def parse(body: bytes) -> Any:
    """Return what a body of JSON says.

    Raises:
        ValueError: it is no JSON in UTF-8, or nested too deep.
    """
    text = body.decode()
    try:
        value = json.loads(text, parse_constant=_refused, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if _is_deep(value):
        raise ValueError("nested too deep")
    if "\\u" in text:
        # Half of a surrogate pair is a text to Python, and to no encoding.
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"{text} is too large")
    return value


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return cast("dict[str, Any]", value).values()
    return cast("list[Any]", value) if isinstance(value, list) else ()
