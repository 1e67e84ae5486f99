"""Each operation as GitHub describes it, beside the method that the SDK has for it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sdk import Sdk
from sdk.resources import Resources
from sdk.transport import Operation

_METHODS = ("get", "head", "post", "put", "patch", "delete")


@dataclass
class Values:
    """What to send, by GitHub's own names."""

    path: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Described:
    """An operation of the description, references followed one level."""

    id: str
    method: str
    path: str
    parameters: tuple[dict[str, Any], ...]
    body: dict[str, Any]
    responses: dict[str, dict[str, Any]]

    @property
    def path_names(self) -> list[str]:
        return re.findall(r"\{(.+?)\}", self.path)

    @property
    def multi_segment(self) -> set[str]:
        return {p["name"] for p in self.parameters if p.get("x-multi-segment")}

    @property
    def media(self) -> str | None:
        """The media type of the body: JSON wherever that is one of several."""
        kinds = list(self.body)
        return "application/json" if "application/json" in kinds else next(iter(kinds), None)


@dataclass(frozen=True)
class Method:
    """A method of the SDK, found by the operation that its code names."""

    resource: str
    name: str
    operation: Operation[Any]

    def __str__(self) -> str:
        return f"sdk.{self.resource}.{self.name}"

    def call(
        self, sdk: Sdk, described: Described, values: Values, **options: Any
    ) -> Awaitable[Any]:
        """Call it as a user would: path values by position, all else by name."""
        operation = self.operation
        github = {operation.names.get(name, name): name for name in operation.query}
        arguments = {github[name]: value for name, value in values.query.items()}
        if isinstance(operation.body, str):
            if values.body is not None:
                arguments[operation.body] = values.body
        elif isinstance(values.body, Mapping):
            fields = {operation.names.get(name, name): name for name in operation.body}
            arguments |= {fields[name]: value for name, value in values.body.items()}
        elif values.body is not None:
            raise TypeError(f"{self} takes a body of fields, not a {type(values.body).__name__}")
        method = getattr(getattr(sdk, self.resource), self.name)
        path = [values.path[name] for name in described.path_names]
        return method(*path, **arguments, options=options or None)


def resolver(document: dict[str, Any]):
    """Give a function that follows references until something else comes."""

    def resolve(node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            target: Any = document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    return resolve


def described(document: dict[str, Any]) -> list[Described]:
    """Every operation of the description, in its order."""
    resolve = resolver(document)
    return [
        Described(
            id=raw["operationId"],
            method=method.upper(),
            path=path,
            parameters=tuple(
                resolve(each) for each in [*item.get("parameters", []), *raw.get("parameters", [])]
            ),
            body=resolve(raw.get("requestBody", {})).get("content", {}),
            responses={status: resolve(each) for status, each in raw["responses"].items()},
        )
        for path, item in document["paths"].items()
        for method, raw in item.items()
        if method in _METHODS
    ]


class Methods:
    """The SDK's methods by the operation that each one calls."""

    def __init__(self) -> None:
        self._found: dict[str, list[Method]] = {}
        for method in _methods():
            self._found.setdefault(method.operation.id, []).append(method)

    def __contains__(self, id: str) -> bool:
        return id in self._found

    def __getitem__(self, id: str) -> Method:
        """The operation's usual method."""
        return min(self._found[id], key=lambda method: method.operation.accept is not None)

    def answering(self, id: str, media: str) -> Method:
        """The operation's method that asks for this media type, else its usual one."""
        asked = (method for method in self._found[id] if method.operation.accept == media)
        return next(asked, self[id])


def _methods() -> Iterator[Method]:
    sdk = Sdk(token=None)
    for resource in vars(Resources):
        if resource.startswith("_"):
            continue
        cls = type(getattr(sdk, resource))
        for name, function in vars(cls).items():
            code = getattr(inspect.unwrap(function), "__code__", None)
            for used in code.co_names if code else ():
                operation = inspect.unwrap(function).__globals__.get(used)
                if isinstance(operation, Operation):
                    yield Method(resource, name, operation)
