"""How lists and objects are written in a path, a query, a header or a cookie."""

from __future__ import annotations

from typing import Any

from sdk.codegen.values import text


def style_of(raw: dict[str, Any], place: str) -> str:
    """Return the style of a parameter for ``Operation.styles``; "" for the default."""
    style = text(raw.get("style")) or ("form" if place in {"query", "cookie"} else "simple")
    explode = raw.get("explode", style == "form")
    named = {
        "spaceDelimited": "space",
        "pipeDelimited": "pipe",
        "tabDelimited": "tab",
        "deepObject": "deep",
        "label": "label",
        "matrix": "matrix",
    }
    if style in named:
        return (
            f"{named[style]}*" if explode is True and style in {"label", "matrix"} else named[style]
        )
    if style == "simple":
        return "simple*" if explode is True else "comma" if place == "path" else ""
    return "" if explode is True else "comma"
