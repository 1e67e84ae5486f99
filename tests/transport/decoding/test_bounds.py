"""A small body cannot take much memory or time, however much it differs from its type."""

from __future__ import annotations

import json
import tracemalloc
from time import process_time
from typing import Any, Literal

import pytest
from pydantic import Field, create_model

from sdk.transport.decoding import Decoder, Undecodable
from tests.transport.decoding.shapes import Model, body, places

Wide: Any = create_model("Wide", __base__=Model, **{f"field_{n}": (int, ...) for n in range(150)})


def decoded(type_: Any, sent: bytes) -> tuple[Any, Any, float, int]:
    """Decode, and return the value, the drift, CPU seconds and the peak of the memory in bytes."""
    decoder = Decoder[Any](type_, operation="o")
    # Build the validators first.
    decoder.decode(b"[]" if sent[:1] == b"[" else b'{"a": []}')
    tracemalloc.start()
    began = process_time()
    try:
        value, drifts = decoder.decode(sent)
        return value, drifts, process_time() - began, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_the_first_thousand_differences_are_kept_and_the_others_counted():
    value, drifts, _, _ = decoded(list[int], body(["x"] * 5_000))

    assert value == ["x"] * 5_000
    assert len(drifts) == 1_000
    assert drifts.omitted == 4_000
    assert places(drifts)[:2] == [("[0]", "wrong_type"), ("[1]", "wrong_type")]


def test_a_list_of_empty_objects_takes_no_more_memory_than_its_size_suggests():
    sent = b"[" + b",".join([b"{}"] * 20_000) + b"]"

    value, drifts, seconds, peak = decoded(list[Wide], sent)

    assert value == [{}] * 20_000
    assert len(drifts) == 1
    assert peak < 40_000_000
    assert seconds < 2


def test_an_object_that_lacks_far_too_many_fields_is_refused():
    page = create_model("WidePage", __base__=Model, a=(list[Wide], ...))

    with pytest.raises(Undecodable, match="too many") as caught:
        decoded(page, b'{"a": [' + b",".join([b"{}"] * 5_000) + b"]}")

    assert caught.value.reason == "beyond_limits"


def test_a_long_key_above_many_differences():
    sent = json.dumps({"k" * 100_000: ["x"] * 20_000}).encode()

    value, drifts, seconds, peak = decoded(dict[str, list[int]], sent)

    assert list(value) == ["k" * 100_000]
    assert len(drifts) == 1_000
    assert len(drifts[0].path) < 200
    assert drifts[0].place == "[][]"
    assert peak < 10_000_000
    assert seconds < 2


class Plain(Model):
    body: str
    replies: list[Plain | Note] = Field(default_factory=list)


class Note(Model):
    body: str
    replies: list[Plain | Note] = Field(default_factory=list)


def test_a_chain_of_branches_with_the_same_keys():
    sent: dict[str, Any] = {"body": 7, "replies": []}
    for _ in range(60):
        sent = {"body": "a", "replies": [sent]}

    _, drifts, seconds, _ = decoded(list[Plain | Note], body([sent]))

    assert len(drifts) == 1
    assert seconds < 2


def blocks(depth: int, tag: str) -> dict[str, Any]:
    inner = [blocks(depth - 1, "b1"), blocks(depth - 1, "b1")] if depth else []
    return {"type": tag, "text": "x", "children": inner}


def block_union(count: int) -> Any:
    names = [f"Block{n}" for n in range(count)]
    classes = [
        create_model(
            name,
            __base__=Model,
            type=(Literal[f"b{n}"], ...),
            text=(str, ...),
            children=(f"list[{' | '.join(names)}]", []),
        )
        for n, name in enumerate(names)
    ]
    union: Any = classes[0]
    for cls in classes:
        cls.model_rebuild(_types_namespace=dict(zip(names, classes, strict=True)))
        union |= cls
    return union


@pytest.mark.parametrize("tag", ["b1", "new"])
def test_a_tree_of_tagged_branches(tag):
    _, drifts, seconds, _ = decoded(list[block_union(8)], body([blocks(6, tag)]))

    assert places(drifts) == ([("[0].type", "unknown_value")] if tag == "new" else [])
    assert seconds < 2
