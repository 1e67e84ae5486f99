"""Schemas made of annotations alone: the same as pydantic's, and none where there is more to it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar

import pytest
from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    RootModel,
    TypeAdapter,
    field_validator,
    model_validator,
)

from sdk import models
from sdk.model import AwareTime, Model
from sdk.transport.decoding.declared import declared

T = TypeVar("T")

# What has no part in the validation of JSON, or is the default.
_UNRELATED = {"serialization", "metadata", "ref", "computed_fields", "model_name", "config"}
_UNRELATED |= {"custom_init", "root_model", "serialization_alias"}


class Node(Model):
    name: Annotated[str, Field(alias="nodeName")]
    children: list[Node] | None = None
    parent: Node | None = None


class Tree(Model):
    root: Node | None
    type: dict[str, Node | str]
    config: list[Node] | None = None
    metadata: Literal["a", 1, True] | None = "a"
    at: AwareTime | None = None
    amount: Annotated[int, Field(ge=0)] = 0


@pytest.mark.parametrize(
    "type_",
    [
        models.Issue,
        list[models.TimelineIssueEvents],
        models.Event,
        models.RepositoryRuleset,
        models.BillingUsageReport,
        models.PrivateUser | models.PublicUser,
        Tree,
        dict[str, Any],
    ],
)
def test_it_is_the_schema_that_pydantic_makes(type_: Any) -> None:
    ours, _ = declared(type_)
    # pydantic adds metadata to each model.
    assert not any("metadata" in each for each in ours.get("definitions", ()))
    theirs = TypeAdapter(type_)
    theirs.rebuild()
    assert _essence(ours) == _essence(theirs.core_schema)


def _essence(schema: Mapping[str, Any]) -> object:
    definitions = {each["ref"]: each for each in schema.get("definitions", ())}

    def reduced(part: Any, inside: tuple[str, ...]) -> object:
        if isinstance(part, (list, tuple)):
            return [reduced(each, inside) for each in part]
        if not isinstance(part, Mapping):
            return part
        if part.get("type") == "definition-ref":
            return reduced(definitions[part["schema_ref"]], inside)
        if part.get("type") == "model":
            # A model within itself is told by its class.
            if part["cls"].__name__ in inside:
                return part["cls"]
            inside = (*inside, part["cls"].__name__)
        if not isinstance(part.get("type"), str):
            return {key: reduced(value, inside) for key, value in part.items()}
        kept = {key: value for key, value in part.items() if key not in _UNRELATED}
        if kept["type"] == "union":
            kept.setdefault("mode", "smart")
        return {key: reduced(value, inside) for key, value in kept.items()}

    return reduced(schema.get("schema", schema) if definitions else schema, ())


class Validated(Model):
    name: str

    @field_validator("name")
    @classmethod
    def _shorten(cls, name: str) -> str:
        return name.strip()


class Whole(Model):
    name: str

    @model_validator(mode="after")
    def _shorten(self) -> Whole:
        return self.model_copy(update={"name": self.name.strip()})


class Stripping(Model):
    model_config = ConfigDict(str_strip_whitespace=True)

    name: str


class Marked(Model):
    name: str
    _seen: list[str] = PrivateAttr(default_factory=lambda: ["x"])

    def model_post_init(self, context: Any, /) -> None:
        self.name = self.name.strip()


class Other(Model):
    name: Annotated[str, Field(validation_alias=AliasChoices("title", "name"))]
    tags: list[str] = Field(default_factory=lambda: ["x"])


class Text(RootModel[str]):
    pass


class Box(Model, Generic[T]):
    name: T


class Colour(enum.Enum):
    RED = "red"


class Plain(BaseModel):
    name: Colour


class Hooked(Model):
    names: ClassVar[list[str]] = []
    name: str

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        schema = super().__get_pydantic_core_schema__(source, handler)
        cls.names.append("x")
        return schema


@pytest.mark.parametrize("type_", [Validated, Whole, Stripping, Marked, Other, Box[str], Hooked])
def test_a_model_with_more_than_annotations_is_read_as_pydantic_reads_it(type_: Any) -> None:
    from sdk.transport.decoding import Decoder

    body = b'{"name": " a "}'
    value, drifts = Decoder[Any](list[type_], operation="x").decode(b"[" + body + b"]")
    assert value == [type_.model_validate_json(body)]
    assert not drifts
