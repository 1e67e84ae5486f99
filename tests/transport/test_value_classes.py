"""Frozen dataclasses with shared methods behave like any other frozen dataclass."""

from __future__ import annotations

import copy
import gc
import pickle
from dataclasses import FrozenInstanceError, asdict, replace
from datetime import UTC, datetime

import pytest

from sdk import Drift, RateLimit, Retry, Timeout
from sdk.transport.dialect import Failure
from sdk.transport.errors import NotFound

END = datetime(2026, 11, 28, tzinfo=UTC)


def test_equal_fields_are_equal_values_with_one_hash():
    assert Retry(attempts=5) == Retry(attempts=5)
    assert hash(Retry(attempts=5)) == hash(Retry(attempts=5))
    assert Retry(attempts=5) != Retry(attempts=4)
    assert len({Timeout(), Timeout(), Timeout(connect=1)}) == 2


def test_a_field_that_may_hold_anything_is_compared_but_not_hashed():
    drift, other = (Drift("o", "token", "wrong_type", "str", [sent]) for sent in "ab")
    assert drift != other
    assert hash(drift) == hash(other)


def test_values_of_two_classes_are_not_equal():
    class Other(Retry):
        __slots__ = ()

    assert Retry() != Timeout()
    assert Retry() != Other()
    assert Retry() != 3


def test_a_field_can_neither_be_set_nor_deleted():
    retry = Retry()
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'attempts'"):
        retry.attempts = 9  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'attempts'"):
        del retry.attempts  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(FrozenInstanceError):
        retry.atempts = 9  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    assert retry == Retry()


def test_a_value_shows_its_fields_but_not_those_that_may_hold_a_secret():
    failure = Failure(NotFound, message="no such token: ghp_secret", retry_after=3)
    assert repr(failure) == f"Failure(error_class={NotFound!r}, retry_after=3)"
    assert repr(Timeout(total=None)).startswith("Timeout(connect=5.0, read=30.0, ")


def test_a_value_is_copied_replaced_pickled_and_matched():
    limit = RateLimit(limit=60, remaining=59, used=1, reset=END, resource="core")
    assert copy.deepcopy(limit) == pickle.loads(pickle.dumps(limit)) == limit
    assert replace(limit, remaining=0).remaining == 0
    assert asdict(limit)["resource"] == "core"
    match limit:
        case RateLimit(remaining=59):
            pass
        case _:
            pytest.fail("not matched")


def test_one_class_is_kept_of_each():
    gc.collect()
    classes = [each for each in object.__subclasses__() if each.__module__ == Drift.__module__]
    assert [each for each in classes if each.__name__ == "Drift"] == [Drift]
