"""Plain access to an OpenAPI description: operations and parameters as values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from sdk.codegen.document import Schema

_METHODS = ("get", "head", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Parameter:
    """A parameter of the path, the query or the headers."""

    name: str
    place: str
    required: bool
    schema: Schema
    multi_segment: bool
    description: str


@dataclass(frozen=True)
class Response:
    """One declared response; `content` has its schemas by media type."""

    status: int
    content: dict[str, Schema]
    links: bool
    """Whether the description declares a Link header."""


@dataclass(frozen=True, eq=False)
class Operation:
    """One method of one path, with GitHub's extensions."""

    id: str
    tag: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    body: dict[str, Schema]
    body_required: bool
    body_name: str | None
    responses: tuple[Response, ...]
    docs: str | None
    server: str | None
    deprecated: bool
    subcategory: str | None

    def succeeded(self) -> tuple[Response, ...]:
        """Return the declared responses with a status of success."""
        return tuple(response for response in self.responses if 200 <= response.status < 300)

    def declares(self, status: int) -> bool:
        """Return whether the description has a response with this status."""
        return any(response.status == status for response in self.responses)


class Description:
    """An OpenAPI document, read on demand."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._read: dict[str, Any] = normal(document)

    @cached_property
    def components(self) -> dict[str, Schema]:
        """Return the named schemas."""
        schemas: dict[str, Schema] = self._read.get("components", {}).get("schemas", {})
        return schemas

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        """Follow references to the node that they lead to."""
        while "$ref" in node:
            if node["$ref"] in self.components:
                node = self.components[node["$ref"]]
                continue
            target: Any = self._read
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """Return all operations, by tag and then by name."""
        found = [
            self._operation(path, method, item)
            for path, item in self._read.get("paths", {}).items()
            for method in _METHODS
            if method in item
        ]
        return tuple(sorted(found, key=lambda operation: (operation.tag, operation.id)))

    def webhooks(self) -> Iterator[tuple[str, Schema]]:
        """Return the name of each webhook event with the schema of its payload."""
        for item in self._read.get("x-webhooks", {}).values():
            post = item["post"]
            event = post.get("x-github", {}).get("subcategory") or post["operationId"]
            for media in post["requestBody"]["content"].values():
                yield event, media["schema"]

    def _operation(self, path: str, method: str, item: dict[str, Any]) -> Operation:
        raw = item[method]
        body = self.resolve(raw["requestBody"]) if "requestBody" in raw else {}
        extras = raw.get("x-github", {})
        return Operation(
            id=raw["operationId"],
            tag=(raw.get("tags") or [raw["operationId"].partition("/")[0]])[0],
            method=method.upper(),
            path=path,
            parameters=tuple(
                self._parameter(parameter)
                for parameter in [*item.get("parameters", []), *raw.get("parameters", [])]
            ),
            body=_schemas(body),
            body_required=bool(body.get("required")),
            body_name=extras.get("requestBodyParameterName"),
            responses=tuple(self._response(*entry) for entry in raw["responses"].items()),
            docs=raw.get("externalDocs", {}).get("url"),
            server=_server(raw),
            deprecated=bool(raw.get("deprecated")),
            subcategory=extras.get("subcategory"),
        )

    def _parameter(self, node: dict[str, Any]) -> Parameter:
        raw = self.resolve(node)
        return Parameter(
            name=raw["name"],
            place=raw["in"],
            required=bool(raw.get("required")),
            schema=raw.get("schema", {}),
            multi_segment=bool(raw.get("x-multi-segment")),
            description=raw.get("description") or "",
        )

    def _response(self, status: str, node: dict[str, Any]) -> Response:
        raw = self.resolve(node)
        # "default" and "4XX" are not single statuses; the type of a method cannot use them.
        number = int(status) if status.isdigit() else 0
        return Response(number, _schemas(raw), "Link" in raw.get("headers", {}))


def _server(raw: dict[str, Any]) -> str | None:
    servers: list[dict[str, str]] = raw.get("servers") or []
    return servers[0]["url"] if servers else None


def _schemas(node: dict[str, Any]) -> dict[str, Schema]:
    return {kind: media.get("schema", {}) for kind, media in node.get("content", {}).items()}


def normal(node: Any) -> Any:
    """Return a document as ``sdk.codegen`` reads schemas: references are keys, choices anyOf."""
    if isinstance(node, list):
        return [normal(each) for each in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    result: dict[str, Any] = {}
    for key, value in cast("dict[str, Any]", node).items():
        if key == "properties" and isinstance(value, dict):
            # Its keys are names of fields, which may be called "$ref".
            fields = cast("dict[str, Any]", value)
            result[key] = {name: normal(each) for name, each in fields.items()}
        elif key == "$ref":
            result[key] = str(value).removeprefix("#/components/schemas/")
        elif (key, value) != ("additionalProperties", True):
            result["anyOf" if key == "oneOf" else key] = normal(value)
    return result
