"""Types with validators of their own, such as a team's models of its own API."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, Self, TypeVar
from uuid import UUID

import pytest
from pydantic import (
    AfterValidator,
    AliasChoices,
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    PlainValidator,
    PrivateAttr,
    RootModel,
    SecretStr,
    field_validator,
    model_validator,
)
from typing_extensions import TypedDict

from sdk.transport.decoding import Undecodable
from tests.transport.decoding.shapes import Model, User, decode, dumped, places, user

T = TypeVar("T")


class Colour(enum.Enum):
    RED = "red"


class Many(BaseModel):
    colour: Colour
    price: Decimal
    uuid: UUID
    day: date
    tags: set[str]
    point: tuple[int, int]
    more: Sequence[User]
    map: Mapping[str, User]


MANY = {
    "colour": "red",
    "price": "1.50",
    "uuid": "12345678-1234-5678-1234-567812345678",
    "day": "2026-03-01",
    "tags": ["a"],
    "point": [1, 2],
    "more": [user()],
    "map": {"a": user()},
}


def test_many_kinds_of_types():
    value, drifts = decode(Many, MANY)

    assert drifts == []
    assert value.colour is Colour.RED
    assert value.price == Decimal("1.50")
    assert value.more == (User(**user()),) or value.more == [User(**user())]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"colour": "blue"}, ("colour", "unknown_value")),
        ({"price": "x"}, ("price", "malformed")),
        ({"uuid": "x"}, ("uuid", "malformed")),
        ({"day": "x"}, ("day", "malformed")),
        ({"tags": ["a", 1]}, ("tags", "malformed")),
        ({"point": [1]}, ("point", "malformed")),
        ({"more": [user(id="x")]}, ("more[0].id", "wrong_type")),
        ({"map": {"a": user(id="x")}}, ('map["a"].id', "wrong_type")),
    ],
)
def test_drift_in_many_kinds_of_types(changes, expected):
    sent = MANY | changes

    value, drifts = decode(Many, sent)

    assert places(drifts) == [expected]
    key = next(iter(changes))
    assert dumped(getattr(value, key)) == sent[key]


def test_a_root_model():
    users = RootModel[list[User]]

    value, drifts = decode(users, [user(), user(id="x")])

    assert type(value) is users
    assert type(value.root[1]) is User
    assert places(drifts) == [("[1].id", "wrong_type")]
    assert dumped(value) == [user(), user(id="x")]


def test_a_frozen_model_and_a_generic_one():
    class Page(BaseModel, Generic[T]):
        model_config = ConfigDict(frozen=True)
        items: list[T]

    value, drifts = decode(Page[User], {"items": [user(id=None)]})

    assert type(value) is Page[User]
    assert type(value.items[0]) is User
    assert places(drifts) == [("items[0].id", "null")]


class Comment(Model):
    text: str
    replies: list[Comment] = Field(default_factory=list)
    choice: Comment | Empty | None = None


class Empty(Model):
    pass


def test_a_recursive_model():
    sent = {"text": "a", "replies": [{"text": "b", "replies": [{"text": 5}, {}]}]}

    value, drifts = decode(Comment, sent)

    assert type(value.replies[0].replies[0]) is Comment
    assert places(drifts) == [
        ("replies[0].replies[0].text", "wrong_type"),
        ("replies[0].replies[1].text", "missing"),
    ]
    assert dumped(value) == sent


def test_a_union_in_a_recursive_model():
    sent = {"text": "a", "choice": {"text": "b", "choice": {"new": 1}}}

    value, drifts = decode(Comment, sent)

    assert drifts == []
    assert type(value.choice) is Comment
    assert type(value.choice.choice) is Empty


def test_deeply_nested_models():
    sent: dict[str, Any] = {"text": None}
    for _ in range(60):
        sent = {"text": "a", "replies": [sent]}

    value, drifts = decode(Comment, sent)

    assert len(drifts) == 1
    assert dumped(value) == sent


def test_unknown_keys_with_a_declared_type():
    class Sizes(BaseModel):
        model_config = ConfigDict(extra="allow")
        __pydantic_extra__: dict[str, int]
        name: str

    value, drifts = decode(Sizes, {"name": None, "a": 1, "b": "x"})

    assert value.model_extra == {"a": 1, "b": "x"}
    assert places(drifts) == [("name", "null"), ('["b"]', "wrong_type")]


def test_an_unknown_key_that_a_model_forbids_is_kept_and_reported():
    class Closed(BaseModel):
        model_config = ConfigDict(extra="forbid")
        name: str

    value, drifts = decode(Closed, {"name": "a", "new": 1})

    assert type(value) is Closed
    assert (value.name, value.model_extra) == ("a", {"new": 1})
    assert places(drifts) == [("", "malformed")]
    assert "extra_forbidden" in drifts[0].expected


def test_a_list_that_is_too_long_keeps_its_items():
    value, drifts = decode(Annotated[list[User], Field(max_length=1)], [user(), user()])

    assert [type(each) for each in value] == [User, User]
    assert places(drifts) == [("", "malformed")]


def test_constraints_of_a_value():
    class Limited(BaseModel):
        name: Annotated[str, Field(max_length=2)]
        size: Annotated[int, Field(gt=0)]

    value, drifts = decode(Limited, {"name": "abc", "size": 0})

    assert (value.name, value.size) == ("abc", 0)
    assert places(drifts) == [("name", "malformed"), ("size", "malformed")]


def test_all_kinds_of_aliases():
    class Aliased(BaseModel):
        model_config = ConfigDict(extra="allow")
        one: int = Field(validation_alias=AliasChoices("uno", "eins"))
        two: int = Field(validation_alias=AliasPath("numbers", 1))

    value, drifts = decode(Aliased, {"eins": 1, "numbers": [0, 2]})
    assert (value.one, value.two, drifts) == (1, 2, [])

    value, drifts = decode(Aliased, {"eins": "x", "numbers": [0]})
    assert places(drifts) == [("one", "wrong_type"), ("two", "missing")]


class Measured(Model):
    name: str
    low: int
    high: int
    at: datetime
    _seen: list[str] = PrivateAttr(default_factory=list)

    @field_validator("name")
    @classmethod
    def _no_spaces(cls, value: str) -> str:
        if " " in value:
            raise ValueError("a name has no spaces")
        return value.upper()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError("low is above high")
        self._seen.append("checked")
        return self


MEASURED = {"name": "a", "low": 1, "high": 2, "at": "2026-03-01T10:00:00Z"}


def test_own_validators_run_on_values_that_fit():
    value, drifts = decode(list[Measured], [MEASURED, MEASURED | {"low": None}])

    assert [each.name for each in value] == ["A", "A"]
    assert value[0]._seen == ["checked"]
    assert value[1]._seen == []
    assert places(drifts) == [("[1].low", "null")]


def test_a_value_that_the_models_validator_refuses_is_kept():
    value, drifts = decode(Measured, MEASURED | {"name": "a b"})

    assert value.name == "a b"
    assert value.at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert places(drifts) == [("name", "malformed")]


def test_a_model_that_its_after_validator_refuses_is_kept():
    value, drifts = decode(Measured, MEASURED | {"low": 9})

    assert type(value) is Measured
    assert (value.low, value.high) == (9, 2)
    assert places(drifts) == [("", "malformed")]
    assert value.model_copy() == value


class Enveloped(Model):
    id: int
    at: datetime

    @model_validator(mode="before")
    @classmethod
    def _open(cls, sent: Any) -> Any:
        return sent["data"] if isinstance(sent, dict) and "data" in sent else sent


def test_a_before_validator():
    sent = {"data": {"id": 1, "at": "2026-03-01T10:00:00Z"}}

    value, drifts = decode(Enveloped, sent)

    assert (value.id, value.at.year, drifts) == (1, 2026, [])

    value, drifts = decode(Enveloped, sent["data"] | {"id": "x"})
    assert (value.id, value.at.year) == ("x", 2026)
    assert places(drifts) == [("id", "wrong_type")]


def test_post_init_does_not_run_on_instances_with_gaps():
    class Named(Model):
        first: str
        _full: str = PrivateAttr(default="")

        def model_post_init(self, context: Any) -> None:
            self._full = self.first.upper()

    value, drifts = decode(list[Named], [{"first": "a"}, {"first": None}, {}])

    assert [each._full for each in value] == ["A", "", ""]
    assert len(drifts) == 2


@dataclass
class Point:
    x: int
    y: int


class Pair(TypedDict):
    a: int


def test_a_dataclass_or_typed_dict_that_does_not_fit_is_kept_whole():
    value, drifts = decode(list[Point | None], [{"x": 1, "y": 2}, {"x": 1}])
    assert value == [Point(1, 2), {"x": 1}]
    assert places(drifts) == [("[1]", "malformed")]

    value, drifts = decode(dict[str, Pair], {"b": {"a": "x"}})
    assert value == {"b": {"a": "x"}}


def test_a_typed_dict_that_drifts_is_returned_and_an_error_in_its_place_is_refused():
    for sent in ({"a": "x"}, {"a": None}):
        value, drifts = decode(Pair, sent)
        assert value == sent
        assert drifts
    with pytest.raises(Undecodable, match="without its required fields"):
        decode(Pair, {"message": "x"})


def test_pydantics_own_special_types():
    class Special(BaseModel):
        url: HttpUrl
        secret: SecretStr
        even: Annotated[int, AfterValidator(lambda value: value // 2 * 2)]

    value, drifts = decode(Special, {"url": "https://a.example", "secret": "x", "even": 3})
    assert (value.url.host, value.secret.get_secret_value(), value.even) == ("a.example", "x", 2)
    assert drifts == []

    value, drifts = decode(Special, {"url": "", "secret": 5, "even": "x"})
    assert (value.url, value.secret, value.even) == ("", 5, "x")
    assert [kind for _, kind in places(drifts)] == ["malformed", "wrong_type", "wrong_type"]


def test_a_default_is_used_for_a_field_with_validators():
    class Defaulted(Model):
        size: Annotated[int, AfterValidator(lambda value: value + 1)] = 5
        name: str = "none"
        broken: int

        @field_validator("name")
        @classmethod
        def _upper(cls, value: str) -> str:
            return value.upper()

    value, drifts = decode(Defaulted, {"broken": "x"})

    assert (value.size, value.name) == (5, "none")
    assert places(drifts) == [("broken", "wrong_type")]


@pytest.mark.parametrize("error", [ValueError, AssertionError])
def test_an_error_of_post_init_is_reported(error):
    class Refusing(Model):
        def model_post_init(self, context: Any) -> None:
            raise error("no")

    value, drifts = decode(Refusing, {"a": 1})

    assert type(value) is Refusing
    assert places(drifts) == [("", "malformed")]


def test_another_exception_of_post_init_is_raised():
    class Failing(Model):
        def model_post_init(self, context: Any) -> None:
            raise RuntimeError("a mistake in this method")

    with pytest.raises(RuntimeError, match="a mistake in this method"):
        decode(Failing, {})


def test_what_a_validator_stores_in_an_instance_is_not_changed():
    class Indexed(Model):
        id: int

        @model_validator(mode="after")
        def _index(self) -> Self:
            self.__dict__["index"] = {"a": [self.id]}
            return self

    value, drifts = decode(list[Indexed], [{"id": 1}, {"id": None}])

    assert value[0].index == {"a": [1]}
    assert places(drifts) == [("[1].id", "null")]


class Opened(Model):
    id: int
    at: datetime

    @model_validator(mode="before")
    @classmethod
    def _open(cls, sent: Any) -> Any:
        return sent["data"]["item"]


class Length(Model):
    text: Annotated[int, BeforeValidator(len)]
    other: int


class Plain(Model):
    text: Annotated[str, PlainValidator(lambda sent: sent.upper())]
    many: list[Annotated[str, PlainValidator(lambda sent: sent["name"])]] | None = None
    other: int = 0


class Share(Model):
    part: Annotated[float, BeforeValidator(lambda sent: 100 / sent)]
    other: int = 0


@pytest.mark.parametrize(
    ("type_", "sent", "path"),
    [
        (Plain, {"text": None}, "text"),
        (Plain, {"text": 5, "other": 1}, "text"),
        (Plain, {"text": "x", "many": [{"name": "a"}, None]}, "text"),
        (list[Plain], [{"text": 5}], "[0].text"),
        (Share, {"part": 0, "other": 1}, ""),
        (Share, {"part": None}, "part"),
        (Opened, {"id": 1, "at": "2026-03-01T10:00:00Z"}, ""),
        (Opened, {"id": 1, "at": "2026-03-01T10:00:00Z", "data": None}, ""),
        (Opened, {"id": "x", "at": "2026-03-01T10:00:00Z", "data": []}, "id"),
        (Length, {"text": 7, "other": 1}, ""),
        (list[Length], [{"text": "abc", "other": 1}, {"text": "abc", "other": None}], "[0].text"),
    ],
)
def test_a_before_validator_that_the_response_upsets(type_, sent, path):
    for _ in range(3):
        value, drifts = decode(type_, sent)

        assert type(value) is type_ or isinstance(value, list)
        assert drifts[0].path in {path, "[1].other"}
