"""Turns a schema that others extend, and that has a discriminator, into a union of them.

Descriptions of statically typed services say so: ``Pet`` has a discriminator, ``Cat`` is all of
``Pet`` and more. What a response declares as ``Pet`` is then a ``Cat`` or a ``Dog``. Here ``Pet``
becomes the union, and its own fields become ``PetBase``, which stands for kinds not yet known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast
from urllib.parse import quote, unquote

from sdk.codegen import names
from sdk.codegen.document import Schema, alternatives, parts, properties
from sdk.codegen.notes import Notes
from sdk.codegen.values import items, mapping

# A union of more is too large to be of use: responses are read as the parent.
_MOST = 50


def read_extending(raw: Mapping[str, Any], prefix: str, read: Callable[[str], str | None]) -> None:
    """Read the schemas that extend one with a discriminator: nothing else may refer to them.

    Args:
        raw: the description's named schemas, not normalised.
        prefix: what their names follow in a reference.
        read: reads the schema that a reference leads to.
    """
    parents = {name for name, schema in raw.items() if "discriminator" in mapping(schema)}
    waiting = {name: mapping(schema).get("allOf") for name, schema in raw.items()}
    found = parents
    while found:
        found = {
            name
            for name, whole in waiting.items()
            if any(_name(part, prefix) in parents for part in items(whole))
        }
        for name in sorted(found):
            del waiting[name]
            read(f"{prefix}{_escaped(name)}")
        parents |= found


def _escaped(name: str) -> str:
    return quote(name.replace("~", "~0").replace("/", "~1"))


def _name(part: object, prefix: str) -> str:
    reference = str(mapping(part).get("$ref", ""))
    name = reference.removeprefix(prefix) if reference.startswith(prefix) else ""
    return unquote(name).replace("~1", "/").replace("~0", "~")


def unfold(schemas: dict[str, Schema], inline: Iterable[Schema], notes: Notes) -> None:
    """Turn all such schemas into unions, in place.

    Args:
        schemas: the named schemas in normal form.
        inline: further schemas that may refer to them.
        notes: where schemas are noted that more than 50 others extend.
    """
    children: dict[str, list[str]] = {}
    for key, schema in schemas.items():
        for part in parts(schema):
            if "$ref" in part:
                children.setdefault(part["$ref"], []).append(key)
    families = {
        key: found
        for key, schema in schemas.items()
        if "discriminator" in schema and (found := _descendants(key, children))
    }
    for key, found in list(families.items()):
        if len(found) > _MOST:
            notes.add(f"schemas that more than {_MOST} extend are read as themselves", key)
            del families[key]
    if not families:
        return
    bases = _split(schemas, families)
    for key, schema in schemas.items():
        _extend(schema, bases, named=True)
        if key in families:
            _unite(key, schemas, families[key], bases)
    for schema in inline:
        _extend(schema, bases)


def _descendants(key: str, children: Mapping[str, list[str]]) -> list[str]:
    found: dict[str, None] = {}
    todo = [key]
    while todo:
        for child in children.get(todo.pop(), ()):
            if child not in found and child != key:
                found[child] = None
                todo.append(child)
    return sorted(found)


def _split(schemas: dict[str, Schema], families: Mapping[str, list[str]]) -> dict[str, str]:
    """Name the fields of each parent separately; return the names by the parent's key."""
    bases: dict[str, str] = {}
    for key in families:
        whole = schemas[key]
        bases[key] = names.free(f"{key} Base", schemas)
        own = {name: value for name, value in whole.items() if name not in {"anyOf", "nullable"}}
        schemas[bases[key]] = {**own, "type": "object"}
        schemas[bases[key]].pop("discriminator")
        schemas[key] = {
            name: value
            for name, value in whole.items()
            if name in {"anyOf", "discriminator", "description", "title", "nullable"}
        }
    return bases


def _extend(schema: Schema, bases: Mapping[str, str], *, named: bool = False) -> None:
    """Let everything that extends a parent extend the parent's own fields.

    All of one schema and nothing else is no extension but a reference, unless it has a name.
    """
    todo: list[object] = [schema]
    seen: set[int] = set()
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        todo += items(node)
        if known := mapping(node):
            todo += known.values()
            whole = [mapping(part) for part in items(known.get("allOf"))]
            if len(whole) > 1 or "properties" in known or (named and known is schema):
                for part in whole:
                    if part.get("$ref") in bases:
                        part["$ref"] = bases[part["$ref"]]


def _unite(
    key: str, schemas: dict[str, Schema], found: list[str], bases: Mapping[str, str]
) -> None:
    """Make a parent the union of those that extend it, and give each its tag."""
    schema = schemas[key]
    name: str = schema["discriminator"]["propertyName"]
    known: list[str] = properties(schemas[bases[key]]).get(name, {}).get("enum", [])
    stated: dict[str, list[str]] = {}
    for tag, target in schema["discriminator"]["mapping"].items():
        stated.setdefault(target, []).append(tag)
    members: dict[str, list[str]] = {}
    for each in dict.fromkeys([*found, *(target for target in stated if target != key)]):
        own = bases.get(each, each)
        members[own] = stated.get(each) or _own_tags(schemas[own], each, known)
        _tag(schemas[own], name, members[own])
    if not alternatives(schema):
        schema["anyOf"] = [{"$ref": each} for each in [*members, bases[key]]]
    schema["discriminator"] = {
        "propertyName": name,
        "mapping": {tag: own for own, tags in members.items() for tag in tags},
    }
    itself = stated.get(key) or _own_tags(schemas[bases[key]], key, known)
    _tag(schemas[bases[key]], name, [*(tag for tags in members.values() for tag in tags), *itself])


def _own_tags(schema: Schema, key: str, known: list[str]) -> list[str]:
    """Return the tag of a schema without a stated one: its name, as the field's values have it."""
    stated = schema.get("x-ms-discriminator-value")
    if isinstance(stated, str):
        return [stated]
    if not known or key in known:
        return [key]
    return [value for value in known if names.snake(str(value)) == names.snake(key)][:1]


def _tag(schema: Schema, name: str, tags: list[str]) -> None:
    """Let a field have these values only, unless the schema itself says which."""
    declared = properties(schema).get(name, {})
    if not tags or "enum" in declared or "$ref" in declared:
        return
    kept = {key: value for key, value in declared.items() if key != "nullable"}
    field = {**kept, "type": "string", "enum": tags}
    schema["properties"] = {**properties(schema), name: field}
    required = cast("list[str]", schema.get("required", []))
    schema["required"] = [*required, *([name] if name not in required else [])]
