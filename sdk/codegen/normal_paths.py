"""Reads paths that say more than OpenAPI has them say.

They have a query (``/search?type=repo&q={q}``), a template (``/{name=items/*}``, of gRPC's
gateways) or a sign for parameters with slashes (``/{proxy+}``, of Amazon's).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote

from sdk.codegen.document import Parameter

# As in items/[^/]+/parts/[^/]+, the pattern of a resource's name behind gRPC's gateways.
_RESOURCE_NAME = re.compile(r"(?:[\w-]+/\[\^/\]\+/?)+(?<!/)")


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


def without_templates(path: str) -> tuple[str, dict[str, str]]:
    """Return a path with the names of its parameters only, and the templates of these."""
    found = dict(re.findall(r"\{([^{}=]+)=([^{}]*)\}", path))
    return re.sub(r"\{([^{}=]+)=[^{}]*\}", r"{\1}", path), found


def keeps_slashes(parameter: Parameter, template: str) -> bool:
    """Return whether the slashes in a parameter's value separate segments of the path."""
    pattern = parameter.schema.get("pattern")
    named = isinstance(pattern, str) and _RESOURCE_NAME.fullmatch(pattern) is not None
    return parameter.name.endswith("+") or named or "/" in template or "**" in template
