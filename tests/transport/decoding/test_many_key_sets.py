"""To choose among the branches of a union takes few steps, however much the objects differ."""

from __future__ import annotations

import random
import sys
from typing import Any, Union

import pytest
from pydantic import create_model

from sdk.transport.decoding import Decoder, TakesLongError
from tests.transport.decoding.shapes import Model, body
from tests.transport.decoding.test_bounds import block_union

KEYS = [f"field_{n}" for n in range(50)]


def union(field: Any) -> Any:
    """Return a list of one of 20 models with 30 keys each, most of which others have too."""
    models: list[Any] = []
    for n in range(20):
        fields: Any = dict.fromkeys(KEYS[n : n + 30], field)
        models.append(create_model(f"M{n}", __base__=Model, **fields))
    return list[Union[tuple(models)]]  # type: ignore[misc]  # noqa: UP007


def different(count: int, **others: int) -> list[dict[str, int]]:
    """Return objects of which each has keys of its own."""
    chosen = random.Random(1)  # noqa: S311
    return [{**dict.fromkeys(chosen.sample(KEYS, 4), 1), **others} for _ in range(count)]


def calls(type_: Any, sent: bytes) -> int:
    """Return how many Python functions are called to decode a body."""
    Decoder[Any](type_, operation="o").decode(sent)
    decoder = Decoder[Any](type_, operation="o")
    counted = 0

    def count(_: Any, event: str, __: Any) -> None:
        nonlocal counted
        counted += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        decoder.decode(sent)
    finally:
        sys.setprofile(before)
    return counted


@pytest.mark.parametrize(
    ("field", "others"),
    [
        pytest.param((int, ...), {}, id="required"),
        pytest.param((int, ...), {"unknown": 1}, id="unknown-keys"),
        pytest.param((int | None, None), {}, id="optional"),
    ],
)
def test_objects_with_different_keys(field: Any, others: dict[str, int]) -> None:
    sent = different(1000, **others)

    # With a comparison of each key for each branch it is 340 to 770 for each object.
    assert calls(union(field), body(sent)) < 150 * len(sent)


def test_unknown_tags_below_many_levels() -> None:
    def chain(levels: int) -> dict[str, Any]:
        sent: dict[str, Any] = {"type": "new", "text": "x", "children": []}
        for _ in range(levels):
            sent = {"type": "b1", "text": "x", "children": [sent]}
        return sent

    levels = 40
    sent = [chain(levels) for _ in range(20)]

    # With a comparison at each level of all that is below it is 3,700 for each.
    assert calls(list[block_union(20)], body(sent)) < 100 * levels * len(sent)


@pytest.mark.parametrize("value", [1, "refused"])
def test_a_body_with_many_unclear_objects_is_not_decoded_at_once(value: object) -> None:
    sent = body([dict.fromkeys(each, value) for each in different(3000)])
    decoder = Decoder[Any](union((int | None, None)), operation="o")

    with pytest.raises(TakesLongError):
        decoder.decode(sent, at_once=True)

    items, drifts = decoder.decode(sent)
    assert len(items) == 3000
    assert bool(drifts) is (value == "refused")


def test_a_decoder_expects_that_the_next_large_body_takes_as_long_as_the_last_one() -> None:
    decoder = Decoder[Any](union((int | None, None)), operation="o")
    many, few = body(different(3000)), body(different(800))
    for _ in range(2):
        assert len(decoder.decode(few, at_once=True)[0]) == 800

    for sent in (many, few):
        with pytest.raises(TakesLongError):
            decoder.decode(sent, at_once=True)
        decoder.decode(sent)

    assert len(decoder.decode(few, at_once=True)[0]) == 800
