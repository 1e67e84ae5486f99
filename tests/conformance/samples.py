"""Values that fit the description's schemas: plain ones, or awkward text where text may stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.conformance.operations import Described, Values

Schema = dict[str, Any]

AWKWARD = "#?%/&+;é x"
"""What breaks a URL that is put together carelessly."""

_TEXTS = (
    "text",
    "1.0.0",
    "github",
    "https://example.com",
    "ssh-ed25519 AAAA",
    "sha256:" + "0" * 64,
    "0" * 40,
)

_FORMATS = {
    "date-time": "2026-01-02T03:04:05Z",
    "date": "2026-01-02",
    "time": "03:04:05Z",
    "uri": "https://example.com/a",
    "email": "mona@example.com",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
}


class Sampler:
    """Makes values.

    Args:
        resolve: follows references.
        text: stands for every string that is not bound to a format; None to pick a plain one.
        optional: whether what is not required is sent too.
        segments: whether a path parameter that may hold slashes does.
    """

    def __init__(
        self,
        resolve: Callable[[Schema], Schema],
        *,
        text: str | None = None,
        optional: bool = True,
        segments: bool = True,
    ) -> None:
        self._resolve = resolve
        self._text = text
        self._optional = optional
        self._segments = segments

    def values(self, described: Described) -> Values:
        """Everything that the operation takes, but for lists in its query: those have own rules."""
        values = Values()
        for parameter in described.parameters:
            name, place = parameter["name"], parameter["in"]
            if place == "path":
                values.path[name] = self._path_value(parameter)
            elif place == "query" and (self._optional or parameter.get("required")):
                value = self._parameter(parameter)
                if not isinstance(value, list):
                    values.query[name] = value
        media = described.media
        if media == "application/json":
            values.body = self.value(described.body[media]["schema"])
        elif media is not None:
            schema = self._resolve(described.body[media]["schema"])
            values.body = b"bytes" if schema.get("format") == "binary" else self._text or "text"
        return values

    def _path_value(self, parameter: Schema) -> Any:
        value = self._parameter(parameter)
        if not parameter.get("x-multi-segment") or not isinstance(value, str):
            return value
        if not self._segments:
            return value.rpartition("/")[2]
        # Awkward text holds a slash already, in places where an empty part would be refused.
        return f"one/{value}/two" if self._text is None else f"one/{value}"

    def _parameter(self, parameter: Schema) -> Any:
        example = parameter.get("example")
        if self._text is None and isinstance(example, str | int) and "[]" not in str(example):
            return example
        return self.value(self._scalar(parameter["schema"]))

    def _scalar(self, schema: Schema) -> Schema:
        schema = self._resolve(schema)
        options = [self._resolve(o) for o in schema.get("oneOf") or schema.get("anyOf") or []]
        plain = [option for option in options if option.get("type") != "array"]
        # A number would do for text as well, and then more than one alternative holds.
        return next((o for o in plain if o.get("type") == "string"), (plain or [schema])[0])

    def value(self, schema: Schema, depth: int = 0) -> Any:  # noqa: C901
        """A value of this schema."""
        schema = self._resolve(schema)
        if "const" in schema:
            return schema["const"]
        if members := [member for member in schema.get("enum", ()) if member is not None]:
            return members[0]
        if "allOf" in schema:
            return self._merged(schema["allOf"], depth)
        for key in ("oneOf", "anyOf"):
            if key in schema:
                return self._chosen(schema, key, depth)
        kind = schema.get("type")
        kind = next((k for k in kind if k != "null"), None) if isinstance(kind, list) else kind
        match kind or ("object" if "properties" in schema else None):
            case "string":
                return self._string(schema)
            case "integer":
                return max(int(schema.get("minimum", 1)), 1)
            case "number":
                return 1.5
            case "boolean":
                return True
            case "array":
                count = max(schema.get("minItems", 1), 1)
                return [self.value(schema.get("items", {}), depth + 1) for _ in range(count)]
            case "object":
                return self._object(schema, depth)
            case _:
                return "anything"

    def _string(self, schema: Schema) -> str:
        if found := _FORMATS.get(schema.get("format", "")):
            return found
        if self._text is not None:
            return self._text
        for example in (schema.get("example"), schema.get("default"), *schema.get("examples", ())):
            if isinstance(example, str) and re.search(schema.get("pattern", "."), example):
                return example
        if "pattern" in schema:
            return _matching(schema["pattern"])
        return "text".ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]

    def _object(self, schema: Schema, depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        if "properties" not in schema:
            of = schema.get("additionalProperties")
            return {"key": self.value(of, depth + 1)} if isinstance(of, dict) and of else {}
        return {
            name: self.value(each, depth + 1)
            for name, each in schema.get("properties", {}).items()
            if name in required or (self._optional and depth < 3)
        }

    def _chosen(self, schema: Schema, key: str, depth: int) -> Any:
        first = next(o for o in map(self._resolve, schema[key]) if o.get("type") != "null")
        if "properties" not in schema:
            return self.value(first, depth)
        # Alternatives beside properties say which of those must come together.
        required = [*schema.get("required", ()), *first.get("required", ())]
        theirs = {name for option in schema[key] for name in option.get("required", ())}
        properties = {
            name: each
            for name, each in {**schema["properties"], **first.get("properties", {})}.items()
            if name not in theirs or name in required
        }
        return self._object({"properties": properties, "required": required}, depth)

    def _merged(self, parts: list[Schema], depth: int) -> Any:
        values = [self.value(part, depth) for part in parts]
        if all(isinstance(value, dict) for value in values):
            return {name: item for value in values for name, item in value.items()}
        return values[0]


def _matching(pattern: str) -> str:
    """Text for the few patterns of the description, each of them simple."""
    return next((text for text in _TEXTS if re.search(pattern, text)), "text")
