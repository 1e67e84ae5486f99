"""Describe in a few words what a schema accepts, for reports of differences."""

from __future__ import annotations

from .core_schema import Definitions, Schema, branches, literals, unwrap

_MAX_LITERALS = 8
_MAX_DEPTH = 3


def describe(schema: Schema, definitions: Definitions, depth: int = _MAX_DEPTH) -> str:
    """Describe in a few words what `schema` accepts: ``'open' | 'closed' | None``."""
    if depth == 0:
        return "..."
    parts = (_describe_one(branch, definitions, depth) for branch in branches(schema, definitions))
    return " | ".join(dict.fromkeys(parts))


def _describe_one(schema: Schema, definitions: Definitions, depth: int) -> str:
    bare = unwrap(schema, definitions)
    members = literals(bare)
    if members is not None:
        shown = [repr(member) for member in members[:_MAX_LITERALS]]
        hidden = len(members) - len(shown)
        return " | ".join([*shown, f"{hidden} more"] if hidden else shown)
    match bare["type"]:
        case "none":
            return "None"
        case "any":
            return "Any"
        case "list" | "set" | "frozenset" as kind:
            item: Schema = bare.get("items_schema", {"type": "any"})
            return f"{kind}[{describe(item, definitions, depth - 1)}]"
        case "dict":
            value: Schema = bare.get("values_schema", {"type": "any"})
            return f"dict[str, {describe(value, definitions, depth - 1)}]"
        case "model" | "dataclass" | "typed-dict":
            return bare["cls"].__name__ if "cls" in bare else "object"
        case kind:
            return str(kind)
