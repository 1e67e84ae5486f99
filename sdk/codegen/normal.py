"""Reads a description of any dialect into its normal form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sdk.codegen import inheritance, swagger2
from sdk.codegen.document import (
    Document,
    Media,
    Operation,
    Parameter,
    Response,
    Schema,
    Scheme,
    Server,
)
from sdk.codegen.normal_paths import keeps_slashes, with_query, without_templates
from sdk.codegen.normal_schemas import Schemas
from sdk.codegen.normal_security import TOKEN, scheme, security
from sdk.codegen.normal_styles import style_of
from sdk.codegen.notes import Notes
from sdk.codegen.references import Node, References
from sdk.codegen.values import items, mapping, text

_METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace", "query")
_IGNORED_HEADERS = {"accept", "content-type", "authorization"}


def normalised(
    raw: Mapping[str, Any], base: Path | None = None, notes: Notes | None = None
) -> Document:
    """Return the normal form of a description that lies in the folder `base`."""
    notes = notes or Notes()
    if str(raw.get("swagger", "")).startswith("2"):
        raw = swagger2.upgraded(raw)
    return _Normaliser(raw, References(raw, base, notes), notes).document()


class _Normaliser:
    def __init__(self, raw: Mapping[str, Any], references: References, notes: Notes) -> None:
        self._raw = raw
        self._references = references
        self._notes = notes
        self._schemas = Schemas(references, notes)

    def document(self) -> Document:
        info = mapping(self._raw.get("info"))
        components = mapping(self._raw.get("components"))
        operations = tuple(self._operations())
        webhooks = dict(self._webhooks())
        self._extensions(operations, webhooks)
        return Document(
            title=text(info.get("title")) or "API",
            description=text(info.get("description")),
            version=text(info.get("version")),
            servers=tuple(self._servers(self._raw.get("servers"))),
            schemas=self._schemas.components,
            operations=operations,
            webhooks=webhooks,
            schemes=dict(self._schemes(mapping(components.get("securitySchemes")))),
            tags={
                text(tag.get("name")): text(tag.get("description"))
                for tag in map(mapping, items(self._raw.get("tags")))
            },
            notes=self._notes,
        )

    def _extensions(self, operations: Sequence[Operation], webhooks: Mapping[str, Schema]) -> None:
        """Read what extends the schemas with discriminators, and make those unions."""
        place = "definitions" if "definitions" in self._raw else "components/schemas"
        steps = place.split("/")
        named = mapping(self._raw.get(steps[0]))
        named = mapping(named.get("schemas")) if steps[1:] else named
        inheritance.read_extending(named, f"#/{place}/", self._schemas.referred)
        inline = [each for operation in operations for each in operation.schemas()]
        inheritance.unfold(self._schemas.components, [*inline, *webhooks.values()], self._notes)

    def _operations(self) -> Iterator[Operation]:
        seen: set[tuple[str, str]] = set()
        for path, item in mapping(self._raw.get("paths")).items():
            if not str(path).startswith("/"):
                if not str(path).startswith("x-"):
                    self._notes.add("paths that do not begin with a slash", str(path)[:60])
                continue
            node = self._references.resolve(Node(item))
            known = mapping(node.raw)
            extra = mapping(known.get("additionalOperations"))
            named = [name for name in extra if str(name).isalpha()]
            methods = [*(name for name in _METHODS if name in known), *named]
            for method in methods:
                found = known.get(method, extra.get(method))
                if (path, method) not in seen and isinstance(found, dict):
                    seen.add((path, method))
                    yield self._operation(path, method, node, node.at(found))

    def _operation(self, path: str, method: str, item: Node, node: Node) -> Operation:
        raw = mapping(node.raw)
        shared = mapping(item.raw)
        given = self._parameters(item, shared.get("parameters"))
        given |= self._parameters(node, raw.get("parameters"))
        cleaned, _, query = path.partition("#")[0].partition("?")
        cleaned, templates = without_templates(cleaned)
        given = dict(with_query(query, given))
        body = self._references.resolve(node.at(raw.get("requestBody") or {}))
        known_body = mapping(body.raw)
        declared_id = text(raw.get("operationId")).strip()
        return Operation(
            id=declared_id or f"{method.upper()} {path}",
            named=bool(declared_id),
            tags=tuple(text(tag) for tag in items(raw.get("tags")) if text(tag)),
            method=method.upper(),
            path=cleaned,
            parameters=tuple(self._placed(cleaned, given, templates)),
            body=self._content(body),
            body_required=known_body.get("required") is True,
            body_description=text(known_body.get("description")),
            responses=tuple(self._responses(node)),
            security=security(raw.get("security", self._raw.get("security"))),
            server=next(
                (
                    server.usual
                    for server in self._servers(raw.get("servers") or shared.get("servers"))
                    if server.url.startswith("http")
                ),
                None,
            ),
            summary=text(raw.get("summary")),
            description=text(raw.get("description")),
            docs=text(mapping(raw.get("externalDocs")).get("url")) or None,
            deprecated=raw.get("deprecated") is True,
            extensions={name: value for name, value in raw.items() if str(name).startswith("x-")},
        )

    def _parameters(self, node: Node, declared: object) -> dict[tuple[str, str], Parameter]:
        found: dict[tuple[str, str], Parameter] = {}
        for each in items(declared):
            target = self._references.resolve(node.at(each))
            raw = mapping(target.raw)
            name, place = text(raw.get("name")), text(raw.get("in"))
            if not name or place not in {"path", "query", "header", "cookie", "querystring"}:
                self._notes.add("parameters without a name or a place", str(raw)[:60])
                continue
            if place == "header" and name.lower() in _IGNORED_HEADERS:
                continue
            if place in {"header", "cookie"} and not TOKEN.fullmatch(name):
                self._notes.add(
                    f"{place} parameters with names that are not valid in HTTP", name[:60]
                )
                continue
            if place == "querystring":
                self._notes.add("parameters that are a whole query string", name)
                continue
            found[place, name] = self._parameter(name, place, target.at(raw))
        return found

    def _parameter(self, name: str, place: str, node: Node) -> Parameter:
        raw = mapping(node.raw)
        content = mapping(raw.get("content"))
        if content:
            schema = self._schemas.normal(
                node.at(mapping(next(iter(content.values()))).get("schema") or {})
            )
            style = "json"
        else:
            schema = self._schemas.normal(node.at(raw.get("schema") or {}))
            style = style_of(raw, place)
        if raw.get("deprecated") is True:
            schema = {**schema, "deprecated": True}
        return Parameter(
            name=name,
            place=place,
            required=raw.get("required") is True or place == "path",
            schema=schema,
            style=style,
            description=text(raw.get("description")) or text(schema.get("description")),
            multi_segment=raw.get("x-multi-segment") is True,
        )

    def _placed(
        self,
        path: str,
        given: dict[tuple[str, str], Parameter],
        templates: Mapping[str, str],
    ) -> Iterator[Parameter]:
        """Yield the parameters; those of the path are the ones that the path names."""
        named = swagger2.path_names(path)
        for name in named:
            known = given.get(("path", name)) or Parameter(name, "path", True, {"type": "string"})
            kept = known.multi_segment or keeps_slashes(known, templates.get(name, ""))
            yield replace(known, multi_segment=kept)
        for (place, name), parameter in given.items():
            if place != "path":
                yield parameter
            elif name not in named:
                self._notes.add("path parameters that the path does not name", f"{name} of {path}")

    def _content(self, node: Node) -> dict[str, Media]:
        return {
            str(media).strip().lower(): self._media(node, each)
            for media, each in mapping(mapping(node.raw).get("content")).items()
        }

    def _media(self, node: Node, declared: object) -> Media:
        target = self._references.resolve(node.at(declared))
        raw = mapping(target.raw)
        schema: Any = raw.get("schema")
        item: Any = raw.get("itemSchema")
        encoding = {str(name): mapping(each) for name, each in mapping(raw.get("encoding")).items()}
        parts = {name: text(each.get("contentType")) for name, each in encoding.items()}
        styles = {
            name: style_of(each, "query")
            for name, each in encoding.items()
            if {"style", "explode"} & each.keys()
        }
        return Media(
            schema=self._schemas.normal(target.at(schema)) if isinstance(schema, dict) else None,
            # A part has one media type: of several, the file's own is sent.
            parts={name: media for name, media in parts.items() if media and "," not in media},
            styles={name: style for name, style in styles.items() if style},
            item_schema=self._schemas.normal(target.at(item)) if isinstance(item, dict) else None,
            example=_example(raw),
        )

    def _responses(self, node: Node) -> Iterator[Response]:
        for status, each in mapping(mapping(node.raw).get("responses")).items():
            code = str(status).strip()
            if code.startswith("x-"):
                continue
            if not ((code.isdecimal() and len(code) == 3) or code == "default" or _is_range(code)):
                self._notes.add("responses with an invalid status", code[:40])
                continue
            target = self._references.resolve(node.at(each))
            raw = mapping(target.raw)
            headers = {str(name).lower() for name in mapping(raw.get("headers"))}
            yield Response(
                status=code.upper() if _is_range(code) else code,
                content=self._content(target),
                links="link" in headers,
                description=text(raw.get("description")),
            )

    def _webhooks(self) -> Iterator[tuple[str, Schema]]:
        """Yield the schema of each event: of webhooks, and of the callbacks of operations."""
        declared = {**mapping(self._raw.get("x-webhooks")), **mapping(self._raw.get("webhooks"))}
        found: dict[str, Schema] = {}
        for event, item in declared.items():
            if (schema := self._sent_by_itself(Node(item))) is not None:
                found[str(event)] = schema
        for event, node in self._callbacks():
            schema = self._sent_by_itself(node)
            if schema is not None and found.get(event, schema) == schema:
                found[event] = schema
        yield from found.items()

    def _sent_by_itself(self, item: Node) -> Schema | None:
        node = self._references.resolve(item)
        for method in ("post", "put", "get"):
            operation = mapping(mapping(node.raw).get(method))
            body = self._references.resolve(node.at(operation.get("requestBody") or {}))
            for media in self._content(body).values():
                if media.schema is not None:
                    return media.schema
        return None

    def _callbacks(self) -> Iterator[tuple[str, Node]]:
        for path in mapping(self._raw.get("paths")).values():
            item = self._references.resolve(Node(path))
            for method, operation in mapping(item.raw).items():
                if method not in _METHODS:
                    continue
                for event, callback in mapping(mapping(operation).get("callbacks")).items():
                    node = self._references.resolve(item.at(callback))
                    for each in mapping(node.raw).values():
                        yield str(event), node.at(each)

    def _servers(self, declared: object) -> Iterator[Server]:
        for raw in map(mapping, items(declared)):
            variables = {
                str(name): (
                    str(mapping(each).get("default", "")),
                    tuple(str(value) for value in items(mapping(each).get("enum"))),
                )
                for name, each in mapping(raw.get("variables")).items()
            }
            if url := text(raw.get("url")):
                url = f"https:{url}" if url.startswith("//") else url
                yield Server(url, text(raw.get("description")), variables)

    def _schemes(self, declared: dict[str, Any]) -> Iterator[tuple[str, Scheme]]:
        for name, each in declared.items():
            raw = mapping(self._references.resolve(Node(each)).raw)
            found = scheme(str(name), raw)
            if found.kind == "other":
                self._notes.add("security schemes that are not sent", str(name))
            yield str(name), found


def _is_range(code: str) -> bool:
    return len(code) == 3 and code[0].isdecimal() and code[1:].upper() == "XX"


def _example(raw: dict[str, Any]) -> object:
    if "example" in raw:
        return raw["example"]
    for each in mapping(raw.get("examples")).values():
        return mapping(each).get("value")
    return None
