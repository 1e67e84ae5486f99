"""A body that is parsed first is decoded like one that the validators read themselves."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import json
from decimal import Decimal
from ipaddress import IPv4Address
from pathlib import Path
from time import process_time
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

import pytest
from pydantic import (
    AfterValidator,
    AnyUrl,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Json,
    PrivateAttr,
    RootModel,
    WrapValidator,
    create_model,
    field_validator,
    model_validator,
)
from typing_extensions import TypedDict

from sdk.transport.decoding import LARGE, Decoder, Undecodable
from tests.transport.decoding.shapes import Model, body, places


class Color(enum.StrEnum):
    RED = "red"


class Level(enum.IntEnum):
    LOW = 1


class Mixed(enum.Enum):
    ONE = 1
    TWO = "two"


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)
    at: dt.datetime
    color: Color = Color.RED


class Checked(Model):
    at: Annotated[dt.datetime, BeforeValidator(lambda sent: sent)]
    day: dt.date | None = None
    size: Annotated[int, WrapValidator(lambda sent, read: read(sent))] = 1
    inside: Strict | None = None

    @model_validator(mode="before")
    @classmethod
    def renamed(cls, sent: Any) -> Any:
        if isinstance(sent, dict) and "when" in sent:
            return {**sent, "at": sent["when"]}
        return sent


class Complete(Model):
    name: str
    _length: int = PrivateAttr(default=0)

    def model_post_init(self, context: object, /) -> None:
        self._length = len(self.name) + len(self.model_extra or {})


class Upper(Model):
    name: str

    @field_validator("name")
    @classmethod
    def upper(cls, name: str) -> str:
        if not name:
            raise ValueError("empty")
        return name.upper()


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int


class Open(BaseModel):
    a: int


class Typed(TypedDict, total=False):
    a: int


@dataclasses.dataclass
class Point:
    x: int
    at: dt.datetime | None = None


class Pair(NamedTuple):
    x: int
    y: str


class Cat(Model):
    kind: Literal["cat"]
    lives: int


class Dog(Model):
    kind: Literal["dog"]
    age: int
    friend: Pet | None = None


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]


class Leaf(Model):
    value: int


class Branch(Model):
    left: Leaf | Branch
    right: Leaf | Branch | None = None


class Many(RootModel[list[Leaf | Cat]]):
    pass


WIDE = {f"unknown {n}": n for n in range(500)}
TEXTS: list[Any] = [
    *("", "a", "1", "1.5", "red", "two", "2026-03-01", "2026-03-01T10:00:00Z", "10:00:00"),
    *("2022-07-01T01:52:24.083333300Z", "2026-03-01T24:00:00Z", "2016-12-31T23:59:60Z"),
    *("0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "1.5e-5", "P1D", "127.0.0.1", "[1]"),
    *("https://example.com/a b", "12345678-1234-5678-1234-567812345678", "Zm9v"),
]
OTHERS: list[Any] = [None, True, 0, 1, -1, 1.0, 1.5, 10**30, [], [1, "a"], [[1, 1]], {}, {"a": 1}]


@pytest.mark.parametrize(
    "type_",
    [
        *(int, float, bool, str, bytes, Decimal, UUID, Path, AnyUrl, IPv4Address, Any, object),
        *(dt.datetime, dt.date, dt.time, dt.timedelta, Color, Level, Mixed, Json[list[int]]),
        *(Literal["red", 1], Literal[Color.RED], int | float | None),
        *(dt.datetime | str, str | dt.date | list[dt.date], UUID | int | None),
        *(list[int], set[int], frozenset[str], tuple[int, str], tuple[int, ...], dict[str, int]),
        *(dict[int, str], Annotated[list[int], Field(max_length=1)], Typed, Point, Pair, Closed),
        *(Annotated[str, AfterValidator(str.upper)], Annotated[int, Field(gt=0, strict=False)]),
    ],
    ids=repr,
)
@pytest.mark.parametrize("strict", [False, True])
def test_values_of_every_type(type_: Any, strict: bool) -> None:
    # Within a list, what does not fit is no error.
    small, large = decoders(list[type_])

    # Values that fit are read together, and so are the others.
    fitting: list[Any] = []
    drifting: list[Any] = []
    for value in (*TEXTS, *OTHERS):
        _, drifts = small.decode(body([value]))
        (drifting if drifts else fitting).append(value)
    for sent in (fitting, drifting, fitting + drifting):
        assert outcome(large, padded(sent), strict) == outcome(small, body(sent), strict)


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        (
            Checked,
            [{"at": "2026-03-01T10:00:00Z"}, {"when": "2026-03-01T10:00:00Z"}, {"at": 1}, {}],
        ),
        (
            Checked,
            [{"at": None, "day": "2026-03-01", "inside": {"at": "2026-03-01T10:00:00Z", "x": 1}}],
        ),
        (Checked, [{"at": "2026-03-01T10:00:00Z", "size": "7", **WIDE}, {"at": 5, **WIDE}]),
        (Complete, [{"name": "a"}, {"name": "a", **WIDE}, {"name": 1, **WIDE}, {}]),
        (Upper, [{"name": "a"}, {"name": ""}, {"name": "a", **WIDE}, {"name": None, **WIDE}]),
        (Closed, [{"a": 1}, {"a": 1, "b": 2}, {"a": 1, **WIDE}, {"a": None, **WIDE}]),
        (Open, [{"a": 1, **WIDE}, {"a": None, **WIDE}, WIDE]),
        (Typed, [{"a": 1, **WIDE}, {"a": None, **WIDE}, WIDE]),
        (Point, [{"x": 1, **WIDE}, {"x": 1, "at": "2026-03-01T10:00:00Z"}, {"x": None}]),
        (Pet, [{"kind": "cat", "lives": 9, **WIDE}, {"kind": "fox", **WIDE}, {"kind": "dog"}]),
        (Pet, [{"kind": "dog", "age": 1, "friend": {"kind": "cat", **WIDE}}, {"lives": 1}]),
        (Leaf | Cat, [{"value": 1, **WIDE}, {"lives": 1, **WIDE}, {"value": "x"}, WIDE]),
        (Leaf | Cat | list[Leaf], [[{"value": 1}], [{"value": None}], {"value": 1}, 5]),
        (Branch, [{"left": {"value": 1}, "right": {"left": {"value": 2, **WIDE}}}, {"left": 1}]),
        (dict[str, Leaf | Cat], [{"a": {"value": 1}, "b": {"lives": None, **WIDE}}, {}]),
        (Leaf | Cat | None, [None, {"value": None}]),
        (Many, [[{"value": 1}, {"kind": "cat", "lives": None}], {}]),
        (list[list[int]], [[list(range(5000)), [1] * 4999 + ["x"]]]),
        (dict[str, int], [{str(n): n for n in range(5000)}, {**WIDE, "x": "y"}]),
        (tuple[set[int], frozenset[int]], [[list(range(5000)), [1] * 5000]]),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_structures(type_: Any, values: list[Any], strict: bool) -> None:
    small, large = decoders(type_)

    for sent in values:
        assert outcome(large, padded(sent), strict) == outcome(small, body(sent), strict)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b'\xef\xbb\xbf[{"value": 1}]', id="byte-order-mark"),
        pytest.param(b'[{"value": 1, "text": "\xff"}]', id="invalid-text"),
        pytest.param(b'[{"value": 1, "text": "\\ud800"}]', id="lone-surrogate"),
        pytest.param(b'[{"value": 1, "value": 2}]', id="repeated-key"),
        pytest.param(b'[{"value": NaN}, {"value": 1e400}]', id="no-number"),
        pytest.param(b'[{"value": 1}', id="truncated"),
        pytest.param(b"<html>", id="html"),
        pytest.param(b"[" * 300, id="deep"),
        pytest.param(b'[{"value": ' + b"9" * 5000 + b"}]", id="huge-number"),
    ],
)
def test_odd_json(sent: bytes) -> None:
    small, large = decoders(list[Leaf])
    padding = b" " * LARGE

    assert outcome(large, sent + padding, False) == outcome(small, sent + b" " * 10, False)


def test_the_models_have_all_that_was_sent() -> None:
    leaf, _ = Decoder[Leaf](Leaf, operation="o").decode(padded({"value": 1, **WIDE}))

    assert leaf.model_extra == WIDE
    assert leaf.model_fields_set == {"value", *WIDE}
    assert leaf.model_dump() == {"value": 1, **WIDE}


def test_refused_values_of_a_long_list_are_counted() -> None:
    sent = [1] * 400_000

    value, drifts = Decoder[Any](list[str], operation="o").decode(body(sent))

    assert value == sent
    assert len(drifts) + drifts.omitted == len(sent)


FIELDS: Any = {f"field_{n}": (int, ...) for n in range(10)}
MODELS: list[Any] = [
    create_model(f"Wide{n}", __base__=Model, known=(str, ...), **{f"own_{n}": (int, ...)}, **FIELDS)
    for n in range(50)
]


def union(count: int) -> Any:
    found = MODELS[0]
    for model in MODELS[1:count]:
        found |= model
    return found


@pytest.mark.parametrize(("count", "strict"), [(2, False), (8, True), (50, False)])
def test_a_union_costs_little_more_than_one_model(count: int, strict: bool) -> None:
    sent = body({"known": "a", **{f"unknown_{n:050}": n for n in range(17_000)}})
    one = Decoder[Any](MODELS[0], operation="o")
    several = Decoder[Any](union(count), operation="o")
    small = body({"known": "a"}) + b" " * LARGE
    one.decode(small, strict=strict)
    several.decode(small, strict=strict)

    # With a copy for each branch it is ten times as much.
    assert seconds(several, sent, strict) < 3 * seconds(one, sent, strict)


def seconds(decoder: Decoder[Any], sent: bytes, strict: bool) -> float:
    found: list[float] = []
    for _ in range(2):
        began = process_time()
        decoder.decode(sent, strict=strict)
        found.append(process_time() - began)
    return min(found)


def decoders(type_: Any) -> tuple[Decoder[Any], Decoder[Any]]:
    return Decoder[Any](type_, operation="o"), Decoder[Any](type_, operation="o")


def padded(sent: Any) -> bytes:
    return body(sent) + b" " * LARGE


def outcome(decoder: Decoder[Any], sent: bytes, strict: bool) -> Any:
    try:
        value, drifts = decoder.decode(sent, strict=strict)
    except Undecodable as error:
        return error.reason, str(error).split(" at line")[0]
    fields = value.model_fields_set if isinstance(value, BaseModel) else None
    return repr(value), fields, places(drifts), json.dumps(repr(drifts))
