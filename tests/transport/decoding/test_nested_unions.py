"""A value that a union refuses is not read anew for each branch of each union above it."""

from __future__ import annotations

from time import process_time
from typing import Annotated, Any, Literal, Union

import pytest
from pydantic import Field, create_model

from sdk.transport.decoding import Decoder
from tests.transport.decoding.shapes import Model, body, places


class Leaf(Model):
    value: int


class Branch(Model):
    inner: Leaf | Branch


class Cat(Model):
    kind: Literal["cat"]
    lives: int


class Dog(Model):
    kind: Literal["dog"]
    friend: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]

MODELS: list[Any] = [
    create_model(f"M{n}", __base__=Model, **{f"field_{k}": (int, ...) for k in range(n, n + 30)})
    for n in range(20)
]
LEVELS = 150


@pytest.mark.parametrize(
    ("type_", "sent", "drifted"),
    [
        (
            Branch,
            b'{"inner": ' * LEVELS + b'{"value": "x"}' + b"}" * LEVELS,
            "inner." * LEVELS + "value",
        ),
        (
            Pet,
            b'{"kind": "dog", "friend": ' * LEVELS
            + b'{"kind": "cat", "lives": "x"}'
            + b"}" * LEVELS,
            "friend." * LEVELS + "lives",
        ),
    ],
)
def test_a_recursive_union(type_: Any, sent: bytes, drifted: str) -> None:
    decoder = Decoder[Any](type_, operation="o")
    decoder.decode(body({"kind": "cat", "lives": 1, "inner": {"value": 1}}))
    began = process_time()

    _, drifts = decoder.decode(sent)

    assert places(drifts)[0][0][:900] == drifted[:900]
    # Without a memory of what was refused it takes more than a second.
    assert process_time() - began < 0.5


def test_a_tuple_of_a_union_is_read_as_the_best_branches() -> None:
    sent = [{"field_5": 1}] * 3000
    decoder = Decoder[Any](tuple[Union[tuple(MODELS)], ...], operation="o")  # type: ignore[misc]  # noqa: UP007
    fitting = {f"field_{n}": n for n in range(3, 33)}
    value, drifts = decoder.decode(body([fitting]))
    assert (type(value[0]), drifts) == (MODELS[3], [])
    began = process_time()

    value, drifts = decoder.decode(body(sent))

    assert value == sent
    assert places(drifts) == [("", "malformed")]
    # With an error for each field of each branch of each item it takes seconds.
    assert process_time() - began < 0.5
