"""An object with far more in it than its type declares is not copied for each missing field."""

from __future__ import annotations

import enum
import json
from collections.abc import Callable
from time import process_time
from typing import Annotated, Any, Literal, NotRequired

import pytest
from pydantic import BeforeValidator, Field, create_model
from pydantic_core import from_json
from typing_extensions import TypedDict

from sdk.transport.decoding import Decoder, Drifts, Undecodable
from tests.transport.decoding.shapes import (
    Issue,
    IssuePage,
    Label,
    Model,
    User,
    body,
    issue,
    places,
    user,
)

FIELDS: Any = {f"field_{n}": (int, ...) for n in range(150)}
Wide: Any = create_model("Wide", __base__=Model, known=(str, ...), **FIELDS)
Other: Any = create_model("Other", __base__=Model, known=(str, ...), other=(str, ...), **FIELDS)
Outer: Any = create_model("Outer", __base__=Model, known=(str, ...), inner=(Wide, ...))
Checked: Any = create_model(
    "Checked",
    __base__=Model,
    known=(str, ...),
    other=(Annotated[int, BeforeValidator(lambda sent: sent)], ...),
    **FIELDS,
)


class Leaf(Model):
    leaf: int


class Branch(Model):
    inner: Leaf | Branch


Typed = TypedDict("Typed", {"known": str, **dict.fromkeys(FIELDS, int)})  # type: ignore[misc]

UNKNOWN = {"known": "a", **{f"unknown_{n}": n for n in range(20_000)}}
LONG = {"known": "a", "text": "x" * 3_000_000}
REPEATED = b'{"known": "a", ' + b",".join([b'"again": 1'] * 40_000) + b"}"


def nested(sent: dict[str, Any], levels: int) -> bytes:
    return b'{"inner": ' * levels + body(sent) + b"}" * levels


def cheapest(action: Callable[[], object]) -> float:
    seconds: list[float] = []
    for _ in range(3):
        began = process_time()
        action()
        seconds.append(process_time() - began)
    return min(seconds)


@pytest.mark.parametrize(
    ("type_", "sent"),
    [
        pytest.param(Wide, body(UNKNOWN), id="object"),
        pytest.param(Wide, body(LONG), id="string"),
        pytest.param(Wide, REPEATED, id="repeated-key"),
        pytest.param(Outer, body({"known": "a", "inner": UNKNOWN}), id="nested"),
        pytest.param(list[Wide], body([UNKNOWN] * 2), id="list"),
        pytest.param(list[Outer], body([{"inner": UNKNOWN}] * 2), id="list-nested"),
        pytest.param(dict[str, Wide], body({"a": UNKNOWN}), id="map"),
        pytest.param(Wide | Other, body(UNKNOWN), id="union"),
        pytest.param(list[Typed], body([UNKNOWN]), id="typed-dict"),
        pytest.param(Checked, body(UNKNOWN), id="before-validator"),
        pytest.param(dict[str, Checked | Wide], body({"a": UNKNOWN}), id="union-in-map"),
        pytest.param(Branch, nested(UNKNOWN, levels=50), id="nested-union"),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_reading_it_costs_a_few_times_as_much_as_parsing_it(type_, sent, strict):
    def read() -> tuple[Any, Drifts]:
        # Each is the first response of its operation: the strict pass is never skipped.
        return Decoder[Any](type_, operation="o").decode(sent, strict=strict)

    _, drifts = read()
    assert drifts

    parsing = cheapest(lambda: from_json(sent))

    # With a copy for each of the 150 fields it is more than a hundred times as much.
    assert cheapest(read) < 60 * parsing + 0.05


class Color(enum.Enum):
    RED = "red"

    @classmethod
    def _missing_(cls, value: object) -> Color:
        return cls.RED


class Painted(Model):
    color: Color
    anything: Any
    maybe: Label | None
    either: User | Label
    kind: Literal["a", "b"]


class Entry(TypedDict):
    name: str
    size: NotRequired[int]


class Tree(Model):
    name: str
    left: Tree | None
    right: list[Tree] = Field(default_factory=list["Tree"])


PAINTED = {"color": "red", "anything": 1, "maybe": None, "either": user(), "kind": "a"}


def without_each(value: dict[str, Any]) -> list[dict[str, Any]]:
    return [value, {}, *({k: v for k, v in value.items() if k != key} for key in value)]


@pytest.mark.parametrize(
    ("type_", "values"),
    [
        (Issue, without_each(issue())),
        (list[Issue], [[issue(), each] for each in without_each(issue(user=None))]),
        (IssuePage, [{"total_count": 1, "items": without_each(issue())}, {"items": []}]),
        (Painted, without_each(PAINTED)),
        (dict[str, Painted], [{"a": each} for each in without_each(PAINTED)]),
        (Entry, [{"name": "a"}, {"size": 1}, {"name": 1}]),
        (list[Entry], [[{"name": "a"}, {"size": 1}]]),
        (Tree, without_each({"name": "a", "left": {"name": "b"}, "right": [{}]})),
        (User | Label, without_each(user(color="red"))),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_a_large_body_is_decoded_like_a_small_one(type_, values, strict):
    for value in values:
        small = outcome(type_, json.dumps(value).encode(), strict)
        large = outcome(type_, json.dumps(value).encode() + b" " * 100_000, strict)

        assert large == small


def outcome(type_: Any, sent: bytes, strict: bool) -> Any:
    try:
        value, drifts = Decoder[Any](type_, operation="o").decode(sent, strict=strict)
    except Undecodable as error:
        return error.reason, str(error)
    return value, repr(value), places(drifts)
