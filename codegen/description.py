"""Plain access to an OpenAPI description: references followed, operations and parameters as values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Schema = dict[str, Any]

_METHODS = ("get", "head", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Parameter:
    name: str
    place: str
    required: bool
    schema: Schema
    multi_segment: bool


@dataclass(frozen=True)
class Response:
    status: int
    content: dict[str, Schema]
    links: bool
    """Whether the description says that a Link header comes with it."""


@dataclass(frozen=True, eq=False)
class Operation:
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
        return tuple(answer for answer in self.responses if 200 <= answer.status < 300)

    def declares(self, status: int) -> bool:
        return any(answer.status == status for answer in self.responses)


class Description:
    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    @cached_property
    def components(self) -> dict[str, Schema]:
        schemas: dict[str, Schema] = self._document.get("components", {}).get("schemas", {})
        return schemas

    @property
    def version(self) -> str:
        return str(self._document.get("info", {}).get("version", ""))

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        """Follow references until something else than a reference comes."""
        while "$ref" in node:
            target: Any = self._document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        found = [
            self._operation(path, method, item)
            for path, item in self._document.get("paths", {}).items()
            for method in _METHODS
            if method in item
        ]
        return tuple(sorted(found, key=lambda operation: (operation.tag, operation.id)))

    def webhooks(self) -> Iterator[tuple[str, Schema]]:
        """Each webhook event's name with the schema of its payload."""
        for item in self._document.get("x-webhooks", {}).values():
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
            server=(raw.get("servers") or [{}])[0].get("url"),
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
        )

    def _response(self, status: str, node: dict[str, Any]) -> Response:
        raw = self.resolve(node)
        # "default" and "4XX" name no one status; they are of no use to a method's type.
        number = int(status) if status.isdigit() else 0
        return Response(number, _schemas(raw), "Link" in raw.get("headers", {}))


def _schemas(node: dict[str, Any]) -> dict[str, Schema]:
    return {kind: media.get("schema", {}) for kind, media in node.get("content", {}).items()}
