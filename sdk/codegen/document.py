"""A description in normal form, independent of its dialect, for all later passes.

A normal schema is a dictionary with some of these keys and no others:

- ``$ref``: the key of a schema in ``Document.schemas`` (nothing else beside it but ``nullable``
  and what documents or marks a field);
- ``type`` (one name, never a list), ``format``, ``nullable``, ``enum`` (without null);
- ``properties``, ``required``, ``additionalProperties`` (False or a schema);
- ``items``, ``prefixItems``, ``allOf``, ``anyOf`` (``oneOf`` too), ``discriminator``;
- ``title``, ``description``, ``deprecated``, ``readOnly``, ``writeOnly``, ``default``, ``example``
  and limits such as ``minimum``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sdk.codegen.notes import Notes

Schema = dict[str, Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter of the path, the query, the headers or the cookies."""

    name: str
    place: str
    required: bool
    schema: Schema
    style: str = ""
    """How lists and objects are written: "" for the usual way, else as ``Operation.styles``."""
    description: str = ""
    multi_segment: bool = False


@dataclass(frozen=True)
class Media:
    """One form of a body: its schema, and the media types of parts that have their own."""

    schema: Schema | None
    parts: Mapping[str, str] = field(default_factory=dict[str, str])
    styles: Mapping[str, str] = field(default_factory=dict[str, str])
    """How lists and objects among the fields of a form are written."""
    item_schema: Schema | None = None
    """Of a stream: the schema of one item (OpenAPI 3.2)."""
    example: object = None


@dataclass(frozen=True)
class Response:
    """One declared response; `status` is a number, a range such as "4XX", or "default"."""

    status: str
    content: Mapping[str, Media]
    links: bool = False
    """Whether a Link header is declared for it."""
    description: str = ""

    @property
    def code(self) -> int:
        """The status as a number: 0 for a default, 400 for "4XX"."""
        if self.status.isdecimal():
            return int(self.status)
        return int(self.status[0]) * 100 if self.status[:1].isdecimal() else 0


@dataclass(frozen=True, eq=False)
class Operation:
    """One method of one path."""

    id: str
    """As the description has it; "METHOD /path" if it has none."""
    named: bool
    """Whether the description has the id."""
    tags: tuple[str, ...]
    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    body: Mapping[str, Media] = field(default_factory=dict[str, Media])
    body_required: bool = False
    body_description: str = ""
    responses: tuple[Response, ...] = ()
    security: tuple[tuple[str, ...], ...] | None = None
    """Alternatives, each the schemes that are sent together; () for nothing; None: not said."""
    server: str | None = None
    summary: str = ""
    description: str = ""
    docs: str | None = None
    deprecated: bool = False
    extensions: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def schemas(self) -> Iterator[Schema]:
        """Yield the schemas of its parameters and bodies."""
        for parameter in self.parameters:
            yield parameter.schema
        for content in [self.body, *(response.content for response in self.responses)]:
            for media in content.values():
                yield from filter(None, (media.schema, media.item_schema))

    def succeeded(self) -> tuple[Response, ...]:
        """Return the responses that are a success: 2xx, or the default if there are none."""
        found = tuple(each for each in self.responses if 200 <= each.code < 300)
        if found:
            return found
        ranges = tuple(each for each in self.responses if each.status == "default")
        errors_only = all(each.code >= 400 or each.code == 0 for each in self.responses)
        return ranges if errors_only else ()


@dataclass(frozen=True)
class Scheme:
    """A security scheme."""

    name: str
    kind: str
    """"bearer", "basic", "header", "query", "cookie", "client_credentials" or "other"."""
    parameter: str = ""
    """The name of the header, query parameter or cookie."""
    token_url: str = ""
    description: str = ""


@dataclass(frozen=True)
class Server:
    """An address of the API; variables stand in braces and have defaults."""

    url: str
    description: str = ""
    variables: Mapping[str, tuple[str, tuple[str, ...]]] = field(
        default_factory=dict[str, tuple[str, tuple[str, ...]]]
    )
    """By name: the default and the values that are allowed, () for any."""

    @property
    def usual(self) -> str:
        """The address with the defaults of its variables."""
        url = self.url
        for name, (default, _) in self.variables.items():
            url = url.replace(f"{{{name}}}", default)
        return url


@dataclass
class Document:
    """A description in normal form."""

    title: str
    description: str
    version: str
    servers: tuple[Server, ...]
    schemas: dict[str, Schema]
    operations: tuple[Operation, ...]
    webhooks: dict[str, Schema]
    schemes: dict[str, Scheme]
    tags: dict[str, str]
    """The description of each tag."""
    notes: Notes


def properties(schema: Schema) -> dict[str, Schema]:
    """Return the fields that a schema declares itself."""
    found: dict[str, Schema] = schema.get("properties") or {}
    return found


def alternatives(schema: Schema) -> list[Schema]:
    """Return the schemas of which a value fits at least one."""
    found: list[Schema] = schema.get("anyOf") or []
    return found


def parts(schema: Schema) -> list[Schema]:
    """Return the schemas of which a value fits all."""
    found: list[Schema] = schema.get("allOf") or []
    return found
