"""The pagination of a list that the settings or a vendor's extension state."""

from __future__ import annotations

import re
from typing import Any

from sdk.codegen import names
from sdk.codegen.document import Operation
from sdk.codegen.notes import CodegenError
from sdk.codegen.paging import OFFSETS, Rule
from sdk.codegen.values import items as list_of
from sdk.codegen.values import mapping, text


def from_extensions(operation: Operation) -> tuple[Rule, str | None] | None:
    """Return the rule that a vendor's extension states, with the path of the list."""
    known = mapping(operation.extensions.get("x-ms-pageable"))
    if known:
        link = text(known.get("nextLinkName"))
        if link:
            rule = Rule("NextUrl", {"field": link}, "x-ms-pageable")
            return rule, text(known.get("itemName")) or "value"
    fern = mapping(operation.extensions.get("x-fern-pagination"))
    if fern:
        results = _last_part(fern.get("results")) or None
        if text(fern.get("cursor")):
            arguments = {
                "parameter": _last_part(fern["cursor"]),
                "field": _last_part(fern.get("next_cursor")),
            }
            return Rule("Cursor", arguments, "x-fern-pagination"), results
        if text(fern.get("offset")):
            parameter = _last_part(fern["offset"])
            counted = names.snake(parameter) in OFFSETS
            kind = "Offset" if counted else "PageNumber"
            return Rule(
                kind,
                {"parameter": parameter, "size": _last_part(fern.get("step")) or None},
                "x-fern-pagination",
            ), results
    speakeasy = mapping(operation.extensions.get("x-speakeasy-pagination"))
    return _speakeasy(speakeasy) if speakeasy else None


def _speakeasy(given: dict[str, Any]) -> tuple[Rule, str | None] | None:
    inputs = {
        text(mapping(each).get("type")): text(mapping(each).get("name"))
        for each in list_of(given.get("inputs"))
    }
    outputs = {key: _last_part(value) for key, value in mapping(given.get("outputs")).items()}
    results = outputs.get("results") or None
    said = "x-speakeasy-pagination"
    if "cursor" in inputs and "nextCursor" in outputs:
        return Rule(
            "Cursor", {"parameter": inputs["cursor"], "field": outputs["nextCursor"]}, said
        ), results
    if "nextUrl" in outputs:
        return Rule("NextUrl", {"field": outputs["nextUrl"]}, said), results
    size, pages = inputs.get("limit"), outputs.get("numPages")
    if "page" in inputs:
        return Rule(
            "PageNumber", {"parameter": inputs["page"], "size": size, "pages": pages}, said
        ), results
    if "offset" in inputs:
        return Rule("Offset", {"parameter": inputs["offset"], "size": size}, said), results
    return None


def _last_part(expression: object) -> str:
    """Return the path in "$response.meta.next" or "$.meta.next": "meta.next"."""
    return re.sub(r"^\$(request|response)?\.?", "", text(expression))


_SETTINGS = {
    "cursor": "Cursor", "next_url": "NextUrl", "last_item": "LastItem", "page": "PageNumber",
    "offset": "Offset",
}  # fmt: skip


def from_settings(name: str, given: object) -> tuple[Rule | None, str | None]:
    """Return the rule that the settings state, with the path of the list; None for no paging.

    Raises:
        CodegenError: the settings are not a pagination rule.
    """
    if given is False:
        return None, None
    known = mapping(given)
    kinds = [key for key in _SETTINGS if key in known]
    if known.get("link") is True:
        return Rule("Link", found_by="settings"), text(known.get("items")) or None
    if len(kinds) != 1:
        raise CodegenError(
            f"paging of {name!r} must be false, or have one of link, "
            f"{', '.join(_SETTINGS)}; it has {', '.join(known) or 'none'}."
        )
    kind, first = _SETTINGS[kinds[0]], known[kinds[0]]
    main = "field" if kind == "NextUrl" else "parameter"
    renamed = {"next": "field", "id": "field", "limit": "size"}
    rest = {
        renamed.get(key, key): value
        for key, value in known.items()
        if key not in {kinds[0], "items"}
    }
    return Rule(kind, {main: first, **rest}, "settings"), text(known.get("items")) or None
