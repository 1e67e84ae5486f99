"""A class that a program has built and uses is read by the same rules, and stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Generic, Literal, NamedTuple, Self, TypeVar

import pytest
from pydantic import BaseModel, ConfigDict, RootModel, TypeAdapter
from pydantic.dataclasses import dataclass

from tests.transport.decoding.shapes import decode, places

T = TypeVar("T")
_Attributes = dict[str, Any]


class Point(NamedTuple):
    x: int = 0


class Leaf(BaseModel):
    model_config = ConfigDict(extra="allow")

    count: int
    at: Point = Point()


class Box(BaseModel, Generic[T]):
    content: T


class Tree(BaseModel):
    branches: list[Tree] = []
    leaf: Leaf | None = None


class Leaves(RootModel[list[Leaf]]):
    pass


class Private(BaseModel):
    leaf: Leaf
    _seen: int = 3


class Made(BaseModel):
    """Records the classes whose instances are made."""

    made: ClassVar[list[type]] = []

    leaf: Leaf

    def __new__(cls, *_: Any, **__: Any) -> Self:
        cls.made.append(cls)
        return super().__new__(cls)


class OwnInit(BaseModel):
    leaf: Leaf

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)


@dataclass
class Pair:
    leaf: Leaf
    after: int = 0

    def __post_init__(self) -> None:
        self.after = 7


@dataclass(slots=True)
class Slotted:
    leaf: Leaf


class Cat(BaseModel):
    kind: Literal["cat"]
    leaf: Leaf


class Dog(BaseModel):
    kind: Literal["dog"]
    leaf: Leaf


_SENT = {"count": "many", "extra": 1}
_BUILT: list[tuple[Any, Any, Callable[[Any], Any]]] = [
    (Box[Leaf], {"content": _SENT}, lambda value: value.content),
    (Box[Box[Leaf]], {"content": {"content": _SENT}}, lambda value: value.content.content),
    (Tree, {"branches": [{"leaf": _SENT}]}, lambda value: value.branches[0].leaf),
    (Leaves, [_SENT], lambda value: value.root[0]),
    (Private, {"leaf": _SENT}, lambda value: value.leaf),
    (dict[str, list[Tree]], {"a": [{"leaf": _SENT}]}, lambda value: value["a"][0].leaf),
    (list[Cat | Dog], [{"kind": "dog", "leaf": _SENT}], lambda value: value[0].leaf),
]
_CLASSES: tuple[type[Any], ...] = (
    *(
        Leaf,
        Box[Leaf],
        Box[Box[Leaf]],
        Tree,
        Leaves,
        Private,
        Made,
        OwnInit,
        Pair,
        Slotted,
        Cat,
        Dog,
    ),
)


def _state() -> list[_Attributes]:
    return [
        {name: value for name, value in vars(each).items() if name.startswith("__pydantic")}
        for each in _CLASSES
    ]


@pytest.mark.parametrize(("type_", "sent", "leaf"), _BUILT, ids=[str(each[0]) for each in _BUILT])
def test_a_wrong_value_far_inside_leaves_the_rest_as_declared(
    type_: Any, sent: Any, leaf: Callable[[Any], Any]
):
    TypeAdapter(type_).validator.title  # noqa: B018 - built, as by FastAPI
    before = _state()

    value, drifts = decode(type_, sent)

    read = leaf(value)
    assert isinstance(read, Leaf)
    assert (read.count, read.model_extra) == ("many", {"extra": 1})
    assert type(read.at) is Point
    assert [kind for _, kind in places(drifts)] == ["wrong_type"]
    assert _state() == before


_FITS = {"leaf": {"count": 1}}


@pytest.mark.parametrize("cls", [Private, Made, OwnInit, Pair, Slotted])
def test_an_instance_beside_a_wrong_value_is_made_by_its_class(cls: type[Any]):
    value, drifts = decode(dict[str, list[cls | int]], {"a": [_FITS, "wrong"]})

    made, wrong = value["a"]
    assert wrong == "wrong"
    assert type(made) is cls
    assert (made, made.leaf.at) == (cls(leaf=Leaf(count=1)), Point())
    assert len(drifts) == 1


def test_code_of_a_class_runs_for_instances_beside_a_wrong_value():
    value, _ = decode(list[Pair | Private | Made], [_FITS | {"after": 1}, "wrong"])
    seen, _ = decode(list[Private], [_FITS, "wrong"])
    Made.made.clear()
    made, _ = decode(list[Made], [_FITS, "wrong"])

    assert value[0].after == 7
    assert seen[0]._seen == 3
    assert type(made[0]) is Made
    assert set(Made.made) == {Made}
