"""Brings schemas of every dialect (2.0, 3.0, 3.1, 3.2) into one spelling; see ``document``."""

from __future__ import annotations

from typing import Any, cast

from sdk.codegen.component_names import component_name
from sdk.codegen.document import Schema
from sdk.codegen.names import free
from sdk.codegen.normal_enums import as_declared, is_time, of_kind
from sdk.codegen.notes import Notes
from sdk.codegen.references import Node, Pointer, References
from sdk.codegen.values import items as items_of

_TYPES = {"string", "integer", "number", "boolean", "object", "array", "null"}
_KEPT = (
    "title", "description", "deprecated", "readOnly", "writeOnly", "default", "example", "examples",
    "minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems",
    "x-enum-varnames", "x-enum-descriptions", "x-ms-discriminator-value", "format",
)  # fmt: skip
# Keywords that may stand beside a reference without changing its type.
_BESIDE_A_REFERENCE = ("description", "deprecated", "readOnly", "writeOnly", "default", "example")
_REFERENCES = {"$ref", "$dynamicRef"}
_ONLY_SAYS = {
    "title", "description", "deprecated", "readOnly", "writeOnly", "default", "example", "examples",
    "nullable",
}  # fmt: skip
_CONSTRAINTS = {"not", "if", "then", "else", "dependentSchemas", "dependentRequired"}
_DEEPEST = 60


class Schemas:
    """Normalises schemas; those that are referred to get a key in ``components``."""

    def __init__(self, references: References, notes: Notes) -> None:
        self.components: dict[str, Schema] = {}
        self._references = references
        self._notes = notes
        self._keys: dict[Pointer, str] = {}
        self._waiting: list[tuple[str, Node]] = []

    def normal(self, node: Node) -> Schema:
        """Return a schema's normal form, with everything that it refers to."""
        result = self._normal(node, 0)
        while self._waiting:
            key, target = self._waiting.pop()
            self.components[key] = self._normal(target, 0)
        return result

    def referred(self, reference: str) -> str | None:
        """Read the schema that a reference leads to, and return its key."""
        key = self._key(reference, "")
        self.normal(Node({}))
        return key

    def _normal(self, node: Node, depth: int) -> Schema:
        raw: Any = node.raw
        if not isinstance(raw, dict):
            if raw is not True and raw is not None:
                self._notes.add(
                    "schemas that are not objects are treated as any value", repr(raw)[:40]
                )
            return {}
        if depth > _DEEPEST:
            self._notes.add("schemas nested too deeply are treated as any value", node.file or "-")
            return {}
        known = cast("dict[str, Any]", raw)
        node = self._references.scoped(node)
        if reference := known.keys() & _REFERENCES:
            (name, *_) = sorted(reference)
            return self._reference({**known, "$ref": known[name]}, node, depth)
        return self._inline(known, node, depth)

    def _reference(self, raw: dict[str, Any], node: Node, depth: int) -> Schema:
        key = self._key(raw["$ref"], node.file)
        if key is None:
            return {}
        result: Schema = {"$ref": key}
        beside = {name: value for name, value in raw.items() if name not in _REFERENCES}
        if beside.keys() & {"properties", "allOf", "required", "additionalProperties"}:
            rest = self._inline(beside, node, depth)
            return {"allOf": [result, rest]}
        if beside.get("nullable") is True:
            result["nullable"] = True
        for name in _BESIDE_A_REFERENCE:
            if name in beside:
                result[name] = beside[name]
        return result

    def _inline(self, raw: dict[str, Any], node: Node, depth: int) -> Schema:
        result: Schema = {name: raw[name] for name in _KEPT if name in raw}
        nullable = raw.get("nullable") is True or raw.get("x-nullable") is True
        kinds, null = self._kinds(raw)
        nullable = nullable or null
        self._enum(raw, result)
        nullable = nullable or "null" in result.pop("null", ())
        self._members(raw, node, depth, result)
        nullable = self._combined(raw, node, depth, result) or nullable
        if len(kinds) > 1:
            shared = {name: value for name, value in result.items() if name != "description"}
            result = {
                "anyOf": [of_kind(shared, kind) for kind in kinds],
                **{name: result[name] for name in ("title", "description") if name in result},
            }
        elif kinds:
            result["type"] = kinds[0]
        elif null and len(result) == len(result.keys() & set(_KEPT)):
            return {**result, "type": "null"}
        self._binary(raw, result)
        if dropped := raw.keys() & _CONSTRAINTS:
            self._notes.add("constraints that no type can express", ", ".join(sorted(dropped)))
        if nullable:
            result["nullable"] = True
        return result

    def _kinds(self, raw: dict[str, Any]) -> tuple[list[str], bool]:
        """Return the types other than null, and whether null is one."""
        declared: Any = raw.get("type")
        if declared is None:
            return [], False
        listed = cast("list[Any]", declared) if isinstance(declared, list) else [declared]
        null = "null" in listed
        kinds: list[str] = []
        for each in listed:
            kind = "string" if each == "file" else each
            if not isinstance(kind, str) or kind not in _TYPES:
                self._notes.add("unknown types are treated as any value", repr(each)[:40])
            elif kind != "null" and kind not in kinds:
                kinds.append(kind)
        return kinds, null

    def _enum(self, raw: dict[str, Any], result: Schema) -> None:
        values: Any = [raw["const"]] if "const" in raw else raw.get("enum")
        if not isinstance(values, list) or not values:
            return
        listed = cast("list[Any]", values)
        if None in listed:
            result["null"] = ("null",)
        listed = [as_declared(value, raw.get("type")) for value in listed if value is not None]
        kinds: set[type[Any]] = {type(value) for value in listed}
        if not listed:
            result["type"] = "null"
        elif not kinds <= {str, int, bool} or {int, bool} <= kinds:
            self._notes.add("enums of values other than texts and integers", str(listed)[:40])
        elif bool in kinds and raw.get("type") == "string":
            # YAML reads an unquoted yes or off as a boolean.
            self._notes.add("enums of texts that YAML reads as booleans", str(listed)[:40])
        elif not (is_time(raw) and kinds == {str}):
            result["enum"] = listed

    def _members(self, raw: dict[str, Any], node: Node, depth: int, result: Schema) -> None:
        """Set the schemas of fields and items in `result`."""
        declared: Any = raw.get("properties")
        if isinstance(declared, dict) and (declared or raw.get("type") == "object"):
            fields = cast("dict[Any, Any]", declared)
            result["properties"] = {
                str(name): self._normal(node.at(schema), depth + 1)
                for name, schema in fields.items()
            }
        required: Any = raw.get("required")
        if isinstance(required, list):
            result["required"] = [str(name) for name in cast("list[Any]", required)]
        extra: Any = raw.get("additionalProperties", raw.get("unevaluatedProperties"))
        patterns: Any = raw.get("patternProperties")
        if (
            extra in (None, False)
            and isinstance(patterns, dict)
            and len(cast("Any", patterns)) == 1
        ):
            extra = next(iter(cast("dict[str, Any]", patterns).values()))
        if isinstance(extra, dict):
            result["additionalProperties"] = self._normal(node.at(extra), depth + 1)
        elif extra is False and not patterns:
            result["additionalProperties"] = False
        items: Any = raw.get("items")
        if isinstance(items, list):
            # Before 2020-12 this is how tuples were written.
            raw, items = {**raw, "prefixItems": items}, raw.get("additionalItems")
        if isinstance(items, dict):
            result["items"] = self._normal(node.at(items), depth + 1)
        tuple_items: Any = raw.get("prefixItems")
        if isinstance(tuple_items, list):
            given = [
                self._normal(node.at(each), depth + 1) for each in cast("list[Any]", tuple_items)
            ]
            result["prefixItems"] = given
            if items is False:
                result.setdefault("maxItems", len(given))

    def _combined(self, raw: dict[str, Any], node: Node, depth: int, result: Schema) -> bool:
        """Return a schema's combination of others, and whether null is one of the alternatives."""
        whole: Any = raw.get("allOf")
        null = bool(items_of(whole)) and self._parts(items_of(whole), node, depth, result)
        options: list[Schema] = []
        for name in ("oneOf", "anyOf"):
            declared: Any = raw.get(name)
            if isinstance(declared, list):
                for each in cast("list[Any]", declared):
                    option = self._normal(node.at(each), depth + 1)
                    if option.get("type") == "null":
                        null = True
                    else:
                        options.append(option)
        if options:
            result["anyOf"] = options
            if found_tag := self._discriminator(raw, node):
                result["discriminator"] = found_tag
        elif null and not whole:
            result["type"] = "null"
        elif found_tag := self._discriminator(raw, node):
            result["discriminator"] = found_tag
        return null and bool(options or whole)

    def _parts(self, whole: list[Any], node: Node, depth: int, result: Schema) -> bool:
        """Set the parts of an `allOf` in `result`; return whether one of them allows null."""
        null = False
        found = [self._normal(node.at(each), depth + 1) for each in whole]
        for each in found:
            # A part without a type says something about the whole.
            if each.keys() <= _ONLY_SAYS:
                null = null or each.pop("nullable", False) is True
                result.update({key: each[key] for key in each if key not in result})
        result["allOf"] = [each for each in found if not each.keys() <= _ONLY_SAYS]
        return null

    def _discriminator(self, raw: dict[str, Any], node: Node) -> Schema | None:
        declared: Any = raw.get("discriminator")
        if isinstance(declared, str):
            return {"propertyName": declared, "mapping": {}}
        if not isinstance(declared, dict):
            return None
        known = cast("dict[str, Any]", declared)
        name: Any = known.get("propertyName")
        if not isinstance(name, str):
            return None
        mapping: dict[str, str] = {}
        targets: Any = known.get("mapping")
        if isinstance(targets, dict):
            for tag, target in cast("dict[Any, Any]", targets).items():
                reference = str(target)
                if "/" not in reference and "#" not in reference and "." not in reference:
                    reference = f"#/components/schemas/{reference}"
                if (key := self._key(reference, node.file)) is not None:
                    mapping[str(tag)] = key
        return {"propertyName": name, "mapping": mapping}

    def _binary(self, raw: dict[str, Any], result: Schema) -> None:
        media, encoding = raw.get("contentMediaType"), raw.get("contentEncoding")
        if raw.get("type") == "file":
            result["format"] = "binary"
        elif encoding in {"base64", "base64url"}:
            result["format"] = "byte"
        elif result.get("type") == "string" and isinstance(media, str) and not _is_text(media):
            result["format"] = "binary"

    def _key(self, reference: object, file: str) -> str | None:
        pointer = self._references.pointer(reference, file)
        seen: set[Pointer] = set()
        node: Node | None = None
        while pointer is not None:
            if pointer in seen:
                self._notes.add("references in a circle", "/".join(pointer.steps))
                return None
            seen.add(pointer)
            if pointer in self._keys:
                return self._keys[pointer]
            node = self._references.get(pointer)
            if node is None:
                return None
            raw: Any = node.raw
            if not (isinstance(raw, dict) and set(cast("Any", raw)) == {"$ref"}):
                break
            pointer = self._references.pointer(cast("dict[str, Any]", raw)["$ref"], node.file)
        if pointer is None or node is None:
            return None
        key = free(component_name(pointer), self.components)
        self._keys[pointer] = key
        self.components[key] = {}
        self._waiting.append((key, node))
        return key


def _is_text(media: str) -> bool:
    return media.startswith("text/") or media.endswith(("json", "xml", "yaml"))
