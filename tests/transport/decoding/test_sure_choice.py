"""Trying the branch that must be the best returns the same as comparing all branches."""

from __future__ import annotations

import random
from typing import Any, ClassVar, Literal, Union

import pytest
from pydantic import create_model

from sdk.transport.decoding import Decoder, choosing, validators
from sdk.transport.decoding.validators import Validators
from tests.transport.decoding.shapes import Model, body, decode, dumped, places


class Small(Model):
    p: int | None = None


class Large(Model):
    p: int | None = None
    q: int | None = None


KEYS = "abcde"
VALUES: dict[Any, list[object]] = {
    Small: [{"p": 1}, {}],
    Large: [{"p": 1, "q": 2}],
    int: [1, 2],
    str: ["x", "y"],
    Literal["x"]: ["x"],
    Literal["y"]: ["y"],
    int | None: [None, 3],
}


class Labeled(Model):
    __stands_for__: ClassVar = {"event": ("labeled",)}
    event: str
    label: str


class Unlabeled(Model):
    __stands_for__: ClassVar = {"event": ("unlabeled",)}
    event: str
    label: str


class Renamed(Model):
    __stands_for__: ClassVar = {"event": ("renamed",)}
    event: str
    label: str | None = None
    before: str


Event = Labeled | Unlabeled | Renamed


def some_union(choose: random.Random) -> Any:
    branches: list[Any] = []
    for number in range(choose.randint(2, 4)):
        keys = choose.sample(KEYS, choose.randint(1, 4))
        declared = {key: choose.choice(list(VALUES)) for key in keys}
        fields: dict[str, Any] = {
            key: (type_, ...) if choose.random() < 0.6 else (type_ | None, None)
            for key, type_ in declared.items()
        }
        branches.append(create_model(f"Branch{number}", __base__=Model, **fields))
    return Union[tuple(branches)]  # noqa: UP007


def some_object(choose: random.Random) -> dict[str, object]:
    values = [value for each in VALUES.values() for value in each]
    keys = choose.sample(KEYS + "z", choose.randint(0, 5))
    return {key: choose.choice(values) for key in keys}


def decoded(union: Any, sent: list[dict[str, object]]) -> list[list[Any]]:
    decoder = Decoder[list[Any]](list[union], operation="x")
    return [decoder.decode(body([each]))[0] for each in sent]


def no_choice(*_: object) -> None:
    return None


def not_shared(type_: Any, _: str) -> Validators:
    return Validators(type_)


@pytest.mark.parametrize("seed", range(30))
def test_it_is_the_branch_that_comparing_all_gives(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose = random.Random(seed)  # noqa: S311
    union = some_union(choose)
    sent = [some_object(choose) for _ in range(60)]
    quick = decoded(union, sent)
    monkeypatch.setattr(choosing, "sure_choice", no_choice)
    monkeypatch.setattr(validators, "_shared", not_shared)
    compared = decoded(union, sent)

    assert [type(value) for [value] in quick] == [type(value) for [value] in compared]
    assert quick == compared


@pytest.mark.parametrize(
    ("sent", "cls"),
    [
        ({"event": "labeled", "label": "bug"}, Labeled),
        ({"event": "unlabeled", "label": "bug"}, Unlabeled),
        # With a key that nobody knows, and with one that does not fit.
        ({"event": "unlabeled", "label": "bug", "new": 1}, Unlabeled),
        ({"event": "unlabeled", "label": 7}, Unlabeled),
        # The keys say more than the value of one of them.
        ({"event": "unlabeled", "label": "bug", "before": "x"}, Renamed),
        ({"event": "renamed", "label": "bug"}, Labeled),
        ({"event": "invented", "label": "bug"}, Labeled),
    ],
)
def test_a_value_identifies_a_branch_among_those_with_the_same_keys(
    sent: dict[str, object], cls: type[Model]
) -> None:
    [value], _ = decode(list[Event], [sent])

    assert type(value) is cls
    assert dumped(value) == sent


def test_nested_keys_outweigh_the_smaller_type() -> None:
    class One(Model):
        inner: Small

    class Two(Model):
        inner: Large
        note: str | None = None

    values, _ = decode(list[One | Two], [{"inner": {"p": 1}}, {"inner": {"p": 1, "q": 2}}])

    assert [type(value) for value in values] == [One, Two]


def test_an_item_that_does_not_fit_is_reported_once() -> None:
    sent = [{"event": "labeled", "label": "a"}, {"event": "unlabeled", "label": 7}]
    decoder = Decoder[list[Event]](list[Event], operation="x")

    for _ in range(2):
        value, drifts = decoder.decode(body(sent))
        assert [type(each) for each in value] == [Labeled, Unlabeled]
        assert places(drifts) == [("[1].label", "wrong_type")]
