"""Rewrite a core schema, so that missing fields cost little, however large their object is.

For each required field that an object lacks, pydantic keeps a copy of the whole object with the
error. An object with a thousand times as much data as was declared is copied as often as it lacks
fields. Here a required field gets a default that its own schema refuses: the field is refused as
before, and the error holds that default instead of the object.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final, cast

from pydantic_core import core_schema

from .core_schema import Definitions, Schema


class Absent:
    """The type of `ABSENT`."""

    __slots__ = ()


ABSENT: Final = Absent()
"""The default of a field that was not sent. No schema that describes JSON accepts it."""

_FIELDS = frozenset({"model-field", "typed-dict-field", "dataclass-field"})

_REFUSING = frozenset(
    {
        *("none", "bool", "int", "float", "str", "decimal", "bytes", "uuid", "url"),
        *("multi-host-url", "date", "time", "datetime", "timedelta", "literal"),
        *("list", "tuple", "set", "frozenset", "dict", "model", "typed-dict", "dataclass"),
    }
)

# What a schema consists of, if it refuses what one of these parts refuses, or what all of them do.
_PARTS: dict[str, tuple[str, ...]] = {
    "nullable": ("schema",),
    "function-after": ("schema",),
    "json-or-python": ("json_schema", "python_schema"),
    "lax-or-strict": ("lax_schema", "strict_schema"),
}


def with_cheap_refusals(schema: Schema, definitions: Definitions) -> Schema:
    """Return a copy of `schema` that accepts the same JSON.

    Args:
        schema: for strict validation; it calls no functions of the type's author.
        definitions: the schemas that it may refer to.
    """
    return cast("Schema", _Copying(definitions).copied(schema))


class _Copying:
    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def copied(self, tree: Any) -> Any:
        if isinstance(tree, dict):
            node = cast("dict[str, Any]", tree)
            kind = node.get("type")
            whole = {
                # The schemas of other ways to use a type stay as they are.
                key: value if key in {"serialization", "metadata"} else self.copied(value)
                for key, value in node.items()
            }
            return self._field(node, whole) if isinstance(kind, str) and kind in _FIELDS else whole
        if isinstance(tree, list):
            return [self.copied(item) for item in cast("list[Any]", tree)]
        if tree.__class__ is tuple:
            return tuple(self.copied(item) for item in cast("tuple[Any, ...]", tree))
        return tree

    def _field(self, field: Schema, copied: dict[str, Any]) -> dict[str, Any]:
        declared: Schema = field["schema"]
        optional = declared["type"] == "default" or field.get("required") is False
        if optional or not self._refuses(declared, frozenset()):
            return copied
        refused = core_schema.with_default_schema(
            copied["schema"], default=ABSENT, validate_default=True
        )
        # A typed dictionary says of each field whether it is required, and then it has no default.
        needed = {"required": False} if field["type"] == "typed-dict-field" else {}
        return {**copied, "schema": refused, **needed}

    def _refuses(self, schema: Schema, seen: frozenset[str]) -> bool:
        """Return whether `schema` refuses `ABSENT` without calling a function of its author."""
        kind = schema["type"]
        if kind in _REFUSING:
            return True
        if kind == "definition-ref":
            ref = schema["schema_ref"]
            known = ref in seen or ref not in self._definitions
            return ref in seen if known else self._refuses(self._definitions[ref], seen | {ref})
        if kind == "enum":
            return _refuses_other_values(schema["cls"])
        if kind == "union":
            choices = [each[0] if each.__class__ is tuple else each for each in schema["choices"]]
            return all(self._refuses(each, seen) for each in choices)
        if kind == "tagged-union":
            return _is_ours(schema["discriminator"]) and all(
                self._refuses(each, seen) or number.__class__ is int
                for number, each in schema["choices"].items()
            )
        parts = _PARTS.get(kind)
        return parts is not None and all(self._refuses(schema[part], seen) for part in parts)


def _refuses_other_values(enumeration: type[Enum]) -> bool:
    # A method of the author's may find a member for any value.
    found: Any = enumeration._missing_
    own: Any = Enum._missing_
    return found.__func__ is own.__func__


def _is_ours(discriminator: object) -> bool:
    module: str = getattr(discriminator, "__module__", "")
    return isinstance(discriminator, str) or module.rpartition(".")[0] == __package__
