"""A large body is parsed in pieces, with the same result as at once."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from pydantic_core import from_json

from sdk.transport.decoding import steps
from sdk.transport.decoding.steps import STEP, parse_in_steps

SCALARS: list[Any] = [1, -2.5, True, None, "a", '\\"x', "],}", "{,", "é\n", "x" * 40, 10**30, "😀"]
KEYS = ["a", 'b"', "c\\", "d,", "e" * 20]
DAMAGE = [b"", b",", b"]", b"}", b"[", b"{", b'"', b":", b" ", b"\\", b",,", b"[]", b"{}", b"\xff"]


def value(rng: random.Random, depth: int) -> Any:
    kind = rng.random()
    if depth == 0 or kind < 0.4:
        return rng.choice(SCALARS)
    count = rng.randint(0, 5)
    if kind < 0.7:
        return [value(rng, depth - 1) for _ in range(count)]
    return {f"{rng.choice(KEYS)}{rng.randint(0, 3)}": value(rng, depth - 1) for _ in range(count)}


def damaged(rng: random.Random, body: bytes) -> bytes:
    at = rng.randrange(len(body) + 1)
    return body[:at] + rng.choice(DAMAGE) + body[at + rng.randint(0, 2) :]


def outcome(parse: Callable[[bytes], Any], body: bytes) -> str:
    try:
        return repr(parse(body))
    except ValueError as error:
        return f"refused: {error}"


@pytest.mark.parametrize("seed", range(6))
def test_the_result_and_the_error_are_those_of_parsing_at_once(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - not for security
    for _ in range(100):
        tree = value(rng, rng.randint(1, 9))
        body = json.dumps(tree, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 1]))
        sent = body.encode()
        if rng.random() < 0.5:
            sent = damaged(rng, sent)
        step = rng.choice([1, 5, 30, 80])

        assert outcome(lambda b: parse_in_steps(b, step), sent) == outcome(from_json, sent)  # noqa: B023


@pytest.mark.parametrize("levels", [9, 190, 199, 200, 201])
@pytest.mark.parametrize("inner", [b"1", b"[[[1,2],3],4]", b'{"a":{"b":1}}'])
@pytest.mark.parametrize("step", [16, 100])
def test_as_many_levels_are_allowed(levels: int, inner: bytes, step: int) -> None:
    arrays = b"[" * levels + b"1234567," * 20 + inner + b"]" * levels
    objects = b'{"a":' * levels + inner + b"}" * levels
    for sent in (arrays, objects):
        assert outcome(lambda b: parse_in_steps(b, step), sent) == outcome(from_json, sent)


MANY = 8_000


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the pieces that are parsed, in bytes."""
    found: list[int] = []

    def noted(piece: bytes) -> Any:
        found.append(len(piece))
        return from_json(piece)

    monkeypatch.setattr(steps, "from_json", noted)
    return found


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param({f"key {n}": n for n in range(MANY)}, id="wide"),
        pytest.param({"a": {f"key {n}": n for n in range(MANY)}, "b": 1}, id="wide-inside"),
        pytest.param([{"a": [n], "b": {"c": {}}} for n in range(MANY)], id="list"),
        pytest.param([[[[[[[[[[[n]]]]]]]]]] for n in range(MANY // 2)], id="deep"),
        pytest.param({"a": [["x" * 90, n] for n in range(MANY)]}, id="list-inside"),
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_no_piece_is_much_larger_than_a_step(
    tree: Any, indent: int | None, sizes: list[int]
) -> None:
    sent = json.dumps(tree, indent=indent).encode()

    assert parse_in_steps(sent) == tree
    assert len(sizes) > 1
    assert max(sizes) < STEP + 20


@pytest.mark.parametrize("end", [b"", b"]", b"}}", b"} 1", b',"b":}'])
def test_the_error_of_a_broken_body_is_found_in_its_last_piece(
    end: bytes, sizes: list[int]
) -> None:
    whole = json.dumps({f"key {n}": n for n in range(MANY)}, indent=1).encode()
    sent = whole[:-1] + end

    assert outcome(parse_in_steps, sent) == outcome(from_json, sent)
    assert max(sizes) < 2 * STEP
