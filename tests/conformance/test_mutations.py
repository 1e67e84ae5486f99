"""GitHub's examples with random damage: nothing raises, nothing is lost, the rest stays typed."""

from __future__ import annotations

import copy
import json
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from sdk.transport.decoding import Decoder, Undecodable
from tests.conformance.fidelity import losses, plain
from tests.conformance.operations import resolver
from tests.conformance.test_examples import ANOTHER_SHAPE, examples, is_reference
from tests.property_tests import unhurried

GONE = object()
MUTATIONS = 800

# Keys that an error object may have.
OF_ERRORS = {
    "code",
    "detail",
    "documentation_url",
    "error",
    "errors",
    "message",
    "status",
    "title",
    "type",
}

# What an API may one day send in place of what it declares.
values = st.one_of(
    st.just(GONE),
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "new_member", "2026-13-01T00:00:00Z", "2026-03-01T10:00:00Z", "null"]),
    st.sampled_from([[], {}, [None], {"a": 1}, [[{}]], [{"id": "x"}], {"login": None}]),
)


@pytest.fixture(scope="module")
def samples(document, described, methods):
    """The decoder and the body of every example that is JSON."""
    resolve = resolver(document)
    found = []
    for operation in described:
        if operation.id in ANOTHER_SHAPE:
            continue
        for status, media, body in examples(operation, resolve):
            decoder = methods.answering(operation.id, media).operation.decoder(status)
            is_json = media.endswith("json") and not is_reference(body)
            if is_json and isinstance(decoder, Decoder):
                found.append((decoder, body))
    return found


def paths(value, above=()):
    """The way to everything within a JSON value."""
    inner = value.items() if isinstance(value, dict) else ()
    for step, each in enumerate(value) if isinstance(value, list) else inner:
        yield (*above, step)
        yield from paths(each, (*above, step))


def replaced(body, path, value):
    result = copy.deepcopy(body)
    *way, last = path
    parent = result
    for step in way:
        parent = parent[step]
    if value is not GONE:
        parent[last] = value
    elif isinstance(parent, dict):
        del parent[last]
    return result


def untouched(before, after, way):
    """Pairs of values beside the changed one, as far down as both are of one type."""
    if type(before) is not type(after) or not way:
        # A union may go to another branch when its members change.
        return
    step, *rest = way
    for key, old, new in _members(before, after):
        if key == step:
            yield from untouched(old, new, rest)
        else:
            yield old, new


def _members(before, after):
    if isinstance(before, BaseModel):
        fields = type(before).model_fields
        for name in fields:
            yield fields[name].alias or name, getattr(before, name), getattr(after, name)
        before, after = before.model_extra or {}, after.model_extra or {}
    pairs = enumerate(before) if isinstance(before, list) else before.items()
    for key, old in pairs:
        if isinstance(before, list) or key in after:
            yield key, old, after[key]


def required(declared):
    """The required keys of a model; of a union, those of all its members."""
    return {
        field.alias or name
        for model in get_args(declared) or (declared,)
        for name, field in getattr(model, "model_fields", {}).items()
        if field.is_required()
    }


def test_damaged_examples(samples, report):
    count = drifted = 0

    @settings(unhurried, max_examples=MUTATIONS // 8)
    @given(st.data())
    def damage(data):
        nonlocal count, drifted
        for decoder, body in data.draw(st.lists(st.sampled_from(samples), min_size=8, max_size=8)):
            places = list(paths(body))
            if not places:
                continue
            path, value = data.draw(st.sampled_from(places)), data.draw(values)
            sent = replaced(body, path, value)

            try:
                decoded, drifts = decoder.decode(json.dumps(sent).encode())
            except Undecodable:
                # Only what lacks all required keys is refused, or looks like an error object.
                assert isinstance(sent, dict)
                assert sent.keys() <= OF_ERRORS or sent.keys().isdisjoint(required(decoder.type))
                continue
            original, _ = decoder.decode(json.dumps(body).encode())

            assert list(losses(sent, plain(decoded))) == []
            if isinstance(decoded, dict) and isinstance(original, BaseModel):
                # The tag of a union has a value that no branch has: the plain value, reported.
                assert len(path) == 1
                assert drifts
                continue
            assert isinstance(decoded, BaseModel) is isinstance(original, BaseModel)
            for old, new in untouched(original, decoded, path):
                assert type(new) is type(old)
                assert new == old
            count += 1
            drifted += bool(drifts)

    damage()
    report(f"damaged examples: {count}, raised 0, lost 0, drifted {drifted}")


def test_unknown_keys_survive_at_any_depth(samples):
    extra = {"new_key": {"a": [1, None, {"b": 0.5}]}}

    def extended(value):
        if isinstance(value, dict):
            return {key: extended(each) for key, each in value.items()} | extra
        if isinstance(value, list):
            return [extended(each) for each in value]
        return value

    for decoder, body in samples:
        sent = extended(body)
        decoded, _ = decoder.decode(json.dumps(sent).encode())
        assert list(losses(sent, plain(decoded))) == []
