"""Assign each operation to a resource and name its method.

In this order: the settings, what the last run wrote, a vendor's extension, and then by rules: the
id without what frameworks add to it, or the method and the path.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass

from sdk.codegen import names
from sdk.codegen.document import Operation
from sdk.codegen.notes import CodegenError
from sdk.codegen.path_names import VERSION, by_path, made_of_path, one_of

# With no more untagged operations than this, they share one resource.
FEW_UNTAGGED = 8
ROOT = "root"

_ARTICLES = {"a", "an", "the"}
# What frameworks add to the name of a resource: springdoc's tag is "pet-controller".
_OF_FRAMEWORKS = re.compile(r"(?<=.)_(?:controller|api)$")
_EXTENSIONS = ("x-fern-sdk-method-name", "x-speakeasy-name-override", "x-codegen-method-name")
_METHODS = "get|put|post|delete|options|head|patch|trace"
_GROUPS = ("x-fern-sdk-group-name", "x-speakeasy-group")

# Attributes of ApiClient, which a resource must not hide.
CLIENT_ATTRIBUTES = frozenset(
    [
        "aclose",
        "base_url",
        "call",
        "caller",
        "credentials",
        "dialect",
        "download",
        "drift_counts",
        "http_client",
        "open",
        "rate_limits",
        "request",
        "session",
        "title",
        "with_options",
    ]
)


@dataclass(frozen=True)
class Named:
    """Where an operation's method is, and which rule said so."""

    resource: str
    method: str
    rule: str

    @property
    def dotted(self) -> str:
        """The resource and the method, as a program writes them."""
        return f"{self.resource}.{self.method}"


def named(
    operations: Sequence[Operation],
    chosen: Mapping[str, str],
    kept: Mapping[str, str],
    taken_by_client: Collection[str] = (),
) -> dict[str, Named]:
    """Return the name of each operation, by its key (see ``keys``).

    Args:
        operations: all operations of the description.
        chosen: names from the settings, such as {"list_all": "invoices.list"}.
        kept: names that the last run wrote, by key.
        taken_by_client: attributes of the client beside those of every client.

    Raises:
        CodegenError: the settings use one name for two operations, or an invalid name.
    """
    by_key = keys(operations)
    attributes = CLIENT_ATTRIBUTES.union(taken_by_client)
    result: dict[str, Named] = {}
    taken: dict[str, str] = {}
    for key, operation in by_key.items():
        if (name := chosen.get(operation.id)) is not None:
            _claim(name, key, taken, attributes)
            resource, _, method = name.partition(".")
            result[key] = Named(resource, method, "settings")
    for key in by_key:
        name = kept.get(key)
        if (
            key not in result
            and name is not None
            and name not in taken
            and _legal(name, attributes)
        ):
            resource, _, method = name.partition(".")
            taken[name] = key
            result[key] = Named(resource, method, "kept from the last run")
    resources = _resources(by_key, attributes)
    # The shorter path has the plain name: POST /customers is create, not POST /customers/batch.
    # The order in which the description lists its operations does not matter.
    for key, operation in sorted(by_key.items(), key=lambda each: (_depth(each[1]), each[0])):
        if key not in result:
            result[key] = _free(operation, resources[key], taken)
            taken[result[key].dotted] = key
    return {key: result[key] for key in by_key}


def _depth(operation: Operation) -> int:
    return sum(bool(segment) for segment in operation.path.split("/"))


def keys(operations: Sequence[Operation]) -> dict[str, Operation]:
    """Return the operations by their unique keys: their ids, or method and path."""
    counts = Counter(operation.id for operation in operations)
    return {
        operation.id
        if counts[operation.id] == 1
        else f"{operation.method} {operation.path}": operation
        for operation in operations
    }


def _claim(name: str, key: str, taken: dict[str, str], attributes: Container[str]) -> None:
    if not _legal(name, attributes):
        raise CodegenError(
            f"names: {name!r} is not a method name. Write it as resource.method, such as "
            "invoices.list."
        )
    if name in taken:
        raise CodegenError(f"names: {taken[name]} and {key} are both called {name}.")
    taken[name] = key


def _legal(name: str, attributes: Container[str]) -> bool:
    resource, dot, method = name.partition(".")
    spelled = {resource_name(resource, attributes), resource_name(resource[:-1], attributes)}
    return bool(dot) and resource in spelled and names.method(method) == method


def _resources(operations: Mapping[str, Operation], attributes: Container[str]) -> dict[str, str]:
    untagged = [operation for operation in operations.values() if not _tag(operation)]
    few = len(untagged) <= FEW_UNTAGGED
    found: dict[str, str] = {}
    for key, operation in operations.items():
        tag = _tag(operation)
        if not tag:
            tag = ROOT if few else _first_segment(operation.path)
        found[key] = resource_name(tag, attributes)
    return found


def resource_name(tag: str, attributes: Container[str] = CLIENT_ATTRIBUTES) -> str:
    """Return the attribute of the client for a tag; `attributes` are those that it has."""
    name = names.module(_OF_FRAMEWORKS.sub("", names.snake(tag)) or tag)
    return f"{name}_" if name in attributes else name


def _tag(operation: Operation) -> str:
    for extension in _GROUPS:
        given: object = operation.extensions.get(extension)
        if isinstance(given, list) and given:
            given = "_".join(map(str, given))  # pyright: ignore[reportUnknownArgumentType]
        if isinstance(given, str) and given:
            return given
    if operation.tags:
        return operation.tags[0]
    if "/" in operation.id and operation.named:
        return operation.id.partition("/")[0]
    return ""


def _first_segment(path: str) -> str:
    segments = [segment for segment in path.split("/") if segment]
    telling = [segment for segment in segments if not VERSION.fullmatch(segment)]
    return telling[0] if telling else ROOT


def _free(operation: Operation, resource: str, taken: Mapping[str, str]) -> Named:
    """Return the first name by the rules that is not taken."""
    for name, rule in _candidates(operation, resource):
        spelled = names.method(name)
        if spelled.strip("_") and f"{resource}.{spelled}" not in taken:
            return Named(resource, spelled, rule)
    last = names.method(by_path(operation, resource)[0])
    numbered = names.free(f"{resource}.{last}", taken).removeprefix(f"{resource}.")
    return Named(resource, numbered, "method and path, numbered")


def _candidates(operation: Operation, resource: str) -> list[tuple[str, str]]:
    for extension in _EXTENSIONS:
        given = operation.extensions.get(extension)
        if isinstance(given, str) and given:
            return [(given, extension)]
    routes = [(name, "method and path") for name in by_path(operation, resource)]
    if not operation.named:
        return routes
    plain, rule = _plain_id(operation)
    if made_of_path(operation):
        routes = [(name, "the id is made of the path") for name, _ in routes]
        return [routes[0], (plain, rule), *routes[1:]]
    without = _without_resource(plain, resource)
    found = [(without, f"{rule}, without the resource's name")] if without != plain else []
    return [*found, (plain, rule), (f"{plain}_{operation.method.lower()}", rule)]


def _plain_id(operation: Operation) -> tuple[str, str]:
    """Return the id without the parts that a framework adds, and the name of the framework."""
    given = operation.id
    route = re.sub(r"\W", "_", operation.path)
    suffix = f"{route}_{operation.method.lower()}"
    # A route of several methods has the id of one of them for all.
    if found := re.fullmatch(rf"(.+){re.escape(route)}_(?:{_METHODS})", given):
        return found[1], "FastAPI's id"
    # A router's prefix may have been cut off the path by a gateway.
    if found := re.fullmatch(rf"(.+?)_(?:\w+_)?{re.escape(suffix.lstrip('_'))}", given):
        return found[1], "FastAPI's id"
    if found := re.fullmatch(r"(\w+?)Controller_(\w+)", given):
        return found[2], "NestJS's id"
    if "/" in given:
        return given.rpartition("/")[2], "the id after its slash"
    if "." in given:
        return given.rpartition(".")[2], "the id after its last dot"
    return given, "the id"


def _without_resource(name: str, resource: str) -> str:
    """Return a name without the resource's: "list" for list_invoices of invoices."""
    own, spelled = names.words(resource), names.words(name)
    singular = [*own[:-1], names.singular(own[-1])] if own else own
    for noun in (own, singular):
        rest = spelled[len(noun) :]
        if noun and spelled[: len(noun)] == noun and rest:
            return "_".join(rest)
        verb, *object_ = [word for word in spelled if word not in _ARTICLES] or [""]
        if noun and object_ == noun:
            return verb
        if noun and object_[:1] == ["all"] and one_of("_".join(object_[1:])) == one_of(resource):
            return f"{verb}_all"
    return name
