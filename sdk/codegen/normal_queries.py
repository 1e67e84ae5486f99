"""Reads the query that some descriptions write into a path, such as ``/search?type=repo&q={q}``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote

from sdk.codegen.document import Parameter


def with_query(
    query: str, given: Mapping[tuple[str, str], Parameter]
) -> Iterator[tuple[tuple[str, str], Parameter]]:
    """Yield the parameters of an operation, and those that a query in its path names or fixes."""
    named: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        named[unquote(name)] = unquote(value)
    moved = {("path", value[1:-1]) for value in named.values() if value.startswith("{")}
    yield from (each for each in given.items() if each[0] not in moved)
    for name, value in named.items():
        if ("query", name) in given:
            continue
        known = given.get(("path", value[1:-1]))
        if known is not None:
            yield ("query", name), replace(known, name=name, place="query", style="")
        else:
            fixed = {} if value.startswith("{") else {"enum": [value]}
            yield ("query", name), Parameter(name, "query", True, {"type": "string", **fixed})
