"""What the models of an API keep in memory."""

import json
import subprocess
import sys
from abc import ABC, abstractmethod
from typing import ClassVar, Generic, Literal, TypeVar

import pytest
from pydantic import ConfigDict, Field, ValidationError, field_validator

from sdk.model import AwareTime, DateTime, Model

T = TypeVar("T")


class Repository(Model):
    name: str
    description: str | None = None
    homepage: str | None = None
    archived: bool | None = None
    pushed_at: AwareTime | None = None
    created_at: AwareTime | None = None
    owner: str = Field(description="login of the owner")
    first: int = 1
    second: bool = True
    up: str | int
    down: int | str


def test_fields_that_are_declared_alike_have_one_description():
    fields = Repository.model_fields
    assert fields["description"] is fields["homepage"]
    assert fields["pushed_at"] is fields["created_at"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("name", "owner"),
        ("name", "description"),
        ("description", "archived"),
        ("first", "second"),
        ("up", "down"),
    ],
)
def test_fields_that_differ_do_not_share_theirs(one, other):
    fields = Repository.model_fields
    assert fields[one] is not fields[other]
    assert fields["owner"].description == "login of the owner"
    assert (fields["first"].default, fields["second"].default) == (1, True)
    assert fields["second"].default is True


def test_a_subclass_with_other_names_leaves_the_fields_of_its_base_alone():
    class Camel(Repository):
        model_config = ConfigDict(alias_generator=str.upper)

    assert Camel.model_fields["name"].alias == "NAME"
    assert Camel.model_fields["homepage"].alias == "HOMEPAGE"
    assert Repository.model_fields["homepage"].alias is None
    assert Repository.model_fields["name"].alias is None


def test_a_field_that_names_a_later_class_keeps_its_own_description():
    class Parent(Model):
        child: "Child | None" = None
        name: str

    class Child(Model):
        name: str

    Parent.model_rebuild()
    assert Parent.model_validate_json('{"name": "a", "child": {"name": "b"}}').child == Child(
        name="b"
    )


def test_fields_that_share_a_description_are_validated_and_documented_by_name():
    class Pair(Model):
        left: Literal["a"] | None = None
        begin: DateTime
        end: DateTime

    pair = Pair.model_validate_json('{"begin": "2026-01-01", "end": "2026-01-02T00:00:00Z"}')
    assert pair.begin.isoformat() == "2026-01-01T00:00:00"
    schema = Pair.model_json_schema()
    assert schema["properties"]["begin"] == {
        "format": "date-time",
        "title": "Begin",
        "type": "string",
    }
    assert schema["properties"]["end"]["title"] == "End"


def test_a_first_call_loads_no_decoding_that_only_other_bodies_need():
    code = """
import asyncio, json, sys
from sdk.models import PrivateUser, PublicUser
from sdk.transport.decoding import Decoder
Decoder(PrivateUser | PublicUser, operation="x").decode(b'{"login": "a"}')
from sdk import Sdk
Sdk(token=None)
print(json.dumps(list(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    unneeded = {
        "sdk.transport.decoding.tree_schema",
        "sdk.transport.decoding.cheap_refusals",
        "sdk.transport.shared_state",
        "sdk.transport.page_rules",
    }
    assert unneeded.isdisjoint(json.loads(done.stdout))


def test_a_model_without_validators_keeps_no_decorators_of_its_own():
    assert Repository.__pydantic_decorators__ is Model.__pydantic_decorators__


def test_a_subclass_of_such_a_model_may_have_validators_and_abstract_methods():
    class Checked(Repository, ABC):
        limit: ClassVar[int] = 3

        @field_validator("name")
        @classmethod
        def check(cls, name: str) -> str:
            if len(name) > cls.limit:
                raise ValueError("too long")
            return name

        @abstractmethod
        def describe(self) -> str: ...

    class Described(Checked):
        def describe(self) -> str:
            return self.name

    rest = {"owner": "o", "up": 1, "down": 1}
    assert Described(name="abc", **rest).describe() == "abc"
    assert Repository(name="abcd", **rest).name == "abcd"
    with pytest.raises(ValidationError, match="too long"):
        Described(name="abcd", **rest)
    with pytest.raises(TypeError, match="abstract"):
        Checked(name="abc", **rest)
    assert "limit" in Described.__class_vars__
    assert "limit" not in Repository.__class_vars__


def test_a_generic_model_knows_its_parameters():
    class Found(Model, Generic[T]):
        items: list[T]

    class Repositories(Found[int]):
        name: str

    assert Repositories(items=[1], name="a").items == [1]
    with pytest.raises(ValidationError):
        Found[int](items=["a"])
