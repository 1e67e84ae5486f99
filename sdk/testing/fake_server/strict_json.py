"""Parse JSON as strictly as GitHub does, so that every stored value can be sent again."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any, cast

_DEEPEST = 100


def parse(body: bytes) -> Any:
    """Return the value of a JSON body.

    Raises:
        ValueError: it is not JSON in UTF-8, or nested too deep.
    """
    text = body.decode()
    try:
        value = json.loads(text, parse_constant=_refused, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if _is_deep(value):
        raise ValueError("nested too deep")
    if "\\u" in text:
        # Python accepts half of a surrogate pair in a str, but cannot encode it.
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
