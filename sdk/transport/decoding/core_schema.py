"""Analyse pydantic's core schemas: which JSON they accept, and where unions are ambiguous.

A core schema is a tree of dictionaries, each with a ``type``. A validator is built from it
(``TypeAdapter.core_schema``, ``pydantic_core.core_schema``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from math import inf
from types import NoneType
from typing import Any, cast

from pydantic import VERSION
from pydantic_core import SchemaValidator

# Whether a validator can be made that ignores those of the classes within its schema.
_HAS_OPTION = tuple(int(part) for part in VERSION.split(".")[:2]) >= (2, 13)

Schema = Mapping[str, Any]
Definitions = Mapping[str, Schema]
"""The schemas that a ``definition-ref`` may name, by their ``ref``."""

_OBJECT: frozenset[type] = frozenset({dict})
_ARRAY: frozenset[type] = frozenset({list})
_ANYTHING: frozenset[type] = frozenset({dict, list, str, int, float, bool, NoneType})

# The Python types of the JSON values that a schema may accept. A type that is missing here (most
# likely a user's own) may accept anything.
_ACCEPTS: dict[str, frozenset[type]] = {
    "none": frozenset({NoneType}),
    "bool": frozenset({bool}),
    "int": frozenset({int}),
    "float": frozenset({int, float}),
    "decimal": frozenset({int, float, str}),
    "complex": frozenset({int, float, str}),
    "timedelta": frozenset({int, float, str}),
    **dict.fromkeys(
        ("str", "bytes", "date", "time", "datetime", "url", "multi-host-url", "uuid", "json"),
        frozenset({str}),
    ),
    **dict.fromkeys(("list", "tuple", "set", "frozenset", "generator"), _ARRAY),
    **dict.fromkeys(
        ("dict", "model", "model-fields", "typed-dict", "dataclass", "dataclass-args"),
        _OBJECT,
    ),
}

# Schemas that only add something to another one, each with the key of that other one.
_WRAPPERS: Mapping[str, str] = {
    **dict.fromkeys(
        ("default", "function-after", "function-before", "function-wrap", "definitions"), "schema"
    ),
    "json-or-python": "json_schema",
    "lax-or-strict": "strict_schema",
}

_MAX_LITERALS = 8
_MAX_DEPTH = 3

# Keys that have no part in the validation of JSON.
_UNRELATED = frozenset(
    {"serialization", "metadata", "config", "expected", "members", "python_schema", "default"}
)
_OWN_CODE = frozenset({"function-before", "function-wrap"})


def made(schema: Schema) -> SchemaValidator:
    """Return a validator that reads by `schema`, even if a class has its own."""
    build: Any = SchemaValidator
    if not _HAS_OPTION:
        from .stand_ins import with_stand_ins

        return cast("SchemaValidator", build(with_stand_ins(schema, {})))
    return cast("SchemaValidator", build(schema, _use_prebuilt=False))


def unwrap(schema: Schema, definitions: Definitions) -> Schema:
    """Return the schema that decides which JSON is accepted, below validators and defaults."""
    while True:
        kind = schema["type"]
        if kind == "definition-ref":
            schema = definitions[schema["schema_ref"]]
        elif kind == "model" and schema.get("root_model"):
            schema = schema["schema"]
        elif kind == "json-or-python" and schema["python_schema"]["type"] in _ACCEPTS:
            # A type with its own JSON schema: its Python schema identifies it.
            schema = schema["python_schema"]
        elif kind in _WRAPPERS:
            schema = schema[_WRAPPERS[kind]]
        else:
            return schema


def branches(schema: Schema, definitions: Definitions) -> Iterator[Schema]:
    """Yield the branches of a union and of the unions within it; of another schema, itself."""
    bare = unwrap(schema, definitions)
    kind = bare["type"]
    if kind == "nullable":
        yield from branches(bare["schema"], definitions)
        yield {"type": "none"}
    elif kind == "union":
        for choice in bare["choices"]:
            yield from branches(_unlabelled(choice), definitions)
    elif kind == "tagged-union":
        for choice in bare["choices"].values():
            yield from branches(choice, definitions)
    else:
        yield schema


def _unlabelled(choice: Any) -> Schema:
    # A choice may come with a label for error messages.
    return cast("Schema", choice[0] if isinstance(choice, tuple) else choice)


def accepts(schema: Schema, definitions: Definitions) -> frozenset[type]:
    """Return the Python types of the JSON values that `schema` may accept."""
    found: set[type] = set()
    for branch in branches(schema, definitions):
        bare = unwrap(branch, definitions)
        members = literals(bare)
        if members is None:
            found |= _ACCEPTS.get(bare["type"], _ANYTHING)
        else:
            found.update(map(type, members))
    return frozenset(found)


def by_json_type(
    schemas: Iterable[Schema], definitions: Definitions
) -> tuple[list[Schema], list[Schema], list[Schema]]:
    """Split schemas into those of objects, of arrays, and others, without duplicates."""
    objects: list[Schema] = []
    arrays: list[Schema] = []
    others: list[Schema] = []
    for schema in schemas:
        accepted = accepts(schema, definitions)
        part = objects if accepted == _OBJECT else arrays if accepted == _ARRAY else others
        if schema not in part:
            part.append(schema)
    return objects, arrays, others


def literals(bare: Schema) -> list[Any] | None:
    """Return the JSON values that a Literal or an Enum accepts, None for any other schema."""
    if bare["type"] == "literal":
        return list(bare["expected"])
    if bare["type"] == "enum":
        return [member.value for member in bare["members"]]
    return None


def has_literals(schema: Schema, definitions: Definitions, kind: type) -> bool:
    """Return whether values of this JSON type are declared one by one."""
    for branch in branches(schema, definitions):
        members = literals(unwrap(branch, definitions)) or ()
        if any(type(member) is kind for member in members):
            return True
    return False


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


def runs_code(model: Schema) -> bool:
    """Return whether a model has an ``__init__`` or a ``model_post_init`` of its own."""
    name = model.get("post_init")
    # pydantic before 2.14 initializes private attributes in this way.
    after = name and getattr(model["cls"], name).__name__ != "init_private_attributes"
    return bool(after or model.get("custom_init"))


class Survey:
    """Where a core schema needs more than pydantic's own validator.

    Attributes:
        definitions: the schemas that others may refer to.
        own_code: values pass through Python functions before they are validated.
        choices: how the branches of a union are compared, by the id of the union and the kind of
            JSON; each with the union, so that its id stays unique. See `Rewrite`.
    """

    def __init__(self, schema: Schema) -> None:
        self.definitions: Definitions = {
            each["ref"]: each for each in schema.get("definitions", ())
        }
        self.own_code = any(
            node["type"] in _OWN_CODE or node.get("custom_init") for node in _nodes(schema)
        )
        self.choices: dict[tuple[int, str], tuple[Schema, Any]] = {}
        self._ambiguous: set[str] = set()
        self._inside: dict[int, bool] = {}
        self._depths: dict[str, float] = {}
        while found := {
            ref
            for ref, definition in self.definitions.items()
            if ref not in self._ambiguous and self.holds_ambiguity(definition)
        }:
            self._ambiguous |= found
            self._inside.clear()

    def forget(self) -> None:
        """Free what was remembered of each node; it is found again when it is needed."""
        self._inside.clear()

    def holds_ambiguity(self, schema: Schema) -> bool:
        """Return whether there is an ambiguous union anywhere in `schema`."""
        return self._holds_ambiguity(schema)

    def _holds_ambiguity(self, tree: object) -> bool:
        # The parts of the schema outlive this survey, so their ids are unique.
        known = self._inside.get(id(tree))
        if known is None:
            known = self._inside[id(tree)] = self._looks_ambiguous(tree)
        return known

    def _looks_ambiguous(self, tree: object) -> bool:
        if isinstance(tree, dict):
            node = cast("dict[str, Any]", tree)
            if node.get("type") == "definition-ref":
                return node["schema_ref"] in self._ambiguous
            if isinstance(node.get("type"), str) and self.is_ambiguous(node):
                return True
            return any(map(self._holds_ambiguity, _parts(node)))
        if isinstance(tree, list | tuple):
            return any(self._holds_ambiguity(part) for part in cast("list[Any]", tree))
        return False

    @cached_property
    def is_deep(self) -> bool:
        """Whether ambiguous unions lie in each other without end."""
        return any(self._nesting(each) == inf for each in self.definitions.values())

    def nesting(self, schema: Schema) -> float:
        """Return how many ambiguous unions lie in each other; infinite in a recursive type."""
        return self._nesting(schema)

    def _nesting(self, tree: object) -> float:
        if not self._holds_ambiguity(tree):
            return 0
        if isinstance(tree, dict):
            node = cast("dict[str, Any]", tree)
            if node.get("type") == "definition-ref":
                ref = node["schema_ref"]
                if ref not in self._depths:
                    # A second visit during the first one means that the type is recursive.
                    self._depths[ref] = inf
                    self._depths[ref] = self._nesting(self.definitions[ref])
                return self._depths[ref]
            own = isinstance(node.get("type"), str) and self.is_ambiguous(node)
            parts = _parts(node)
        else:
            own, parts = False, cast("list[Any]", tree)
        return own + max((self._nesting(part) for part in parts), default=0)

    def has_lists_in_maps(self, schema: Schema) -> bool:
        """Return whether lists occur in the values of a map."""
        maps = [node for node in _nodes(schema) if node["type"] == "dict"]
        return any(
            node["type"] == "list"
            or (
                node["type"] == "definition-ref"
                and any(
                    inner["type"] == "list"
                    for inner in _nodes(self.definitions[node["schema_ref"]])
                )
            )
            for each in maps
            for node in _nodes(each.get("values_schema"))
        )

    def is_recursive(self, schema: Schema) -> bool:
        """Return whether `schema` is a definition that refers to itself."""
        ref = schema.get("ref")
        return ref is not None and ref in self._reachable(schema, frozenset())

    def _reachable(self, schema: Schema, seen: frozenset[str]) -> frozenset[str]:
        for node in _nodes(schema):
            ref = node["schema_ref"] if node["type"] == "definition-ref" else None
            if ref is not None and ref not in seen:
                seen = self._reachable(self.definitions[ref], seen | {ref})
        return seen

    def is_ambiguous(self, schema: Schema) -> bool:
        """Return whether `schema` is a union of several object types, or of several array types."""
        if schema["type"] not in {"union", "tagged-union"}:
            return False
        objects, arrays, _ = by_json_type(branches(schema, self.definitions), self.definitions)
        return len(objects) > 1 or len(arrays) > 1


def failing_fast(tree: Any) -> Any:
    """Return a copy of a schema whose lists stop at the first item that does not fit."""
    if isinstance(tree, dict):
        node = cast("dict[str, Any]", tree)
        kept = _UNRELATED if isinstance(node.get("type"), str) else ()
        copied = {key: value if key in kept else failing_fast(value) for key, value in node.items()}
        is_list = node.get("type") == "list"
        return {**copied, "fail_fast": True} if is_list else copied
    if isinstance(tree, list):
        return [failing_fast(item) for item in cast("list[Any]", tree)]
    if isinstance(tree, tuple):
        return tuple(failing_fast(item) for item in cast("tuple[Any, ...]", tree))
    return tree


def _parts(node: dict[str, Any]) -> list[Any]:
    # The fields of a model are a dictionary too, and any may be called "type" or "members".
    skipped = _UNRELATED if isinstance(node.get("type"), str) else ()
    return [part for key, part in node.items() if key not in skipped]


def _nodes(tree: object) -> Iterator[Schema]:
    """Yield every schema within `tree` once, however often it is used."""
    seen: set[int] = set()
    unread: list[Any] = [tree]
    while unread:
        part = unread.pop()
        if id(part) in seen:
            continue
        if isinstance(part, dict):
            seen.add(id(cast("object", part)))
            node = cast("dict[str, Any]", part)
            if isinstance(node.get("type"), str):
                yield node
            unread += _parts(node)
        elif isinstance(part, list | tuple):
            unread += part
