"""Decompression of a gzip body, however it is cut into pieces."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdk.transport.errors import ConnectionLost
from sdk.transport.http.body import STEP, Gunzip
from tests.property_tests import unhurried


def inflated(body, size):
    gunzip = Gunzip()
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    data = [part for piece in pieces for part in gunzip.feed(piece)]
    gunzip.finish()
    return data


@unhurried
@given(st.binary(), st.binary(), st.integers(1, 50))
def test_one_or_two_members_in_pieces_of_any_size(first, second, size):
    body = gzip.compress(first, mtime=0) + gzip.compress(second, mtime=0)
    assert b"".join(inflated(body, size)) == first + second


@pytest.mark.parametrize(
    "rest", [b"\0", b"\x1f", b"garbage" + gzip.compress(b"x", mtime=0), bytes(1000)]
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_what_follows_the_end_is_ignored(rest, size):
    assert b"".join(inflated(gzip.compress(b"hello", mtime=0) + rest, size)) == b"hello"


def test_no_step_returns_more_than_its_limit():
    parts = inflated(gzip.compress(bytes(5 * STEP + 1)), 10_000)
    assert max(map(len, parts)) == STEP
    assert sum(map(len, parts)) == 5 * STEP + 1


def test_an_empty_body_is_complete():
    assert inflated(b"", 1) == []


@pytest.mark.parametrize("end", [-1, -8, 11, 5])
def test_a_truncated_body_is_detected(end):
    with pytest.raises(ConnectionLost, match="too early"):
        inflated(gzip.compress(b"hello" * 100, mtime=0)[:end], 4)


@pytest.mark.parametrize(
    "body", [b"<html>", zlib.compress(b"hello"), gzip.compress(b"a", mtime=0)[:-8] + b"x" * 8]
)
def test_a_broken_body_is_an_error(body):
    with pytest.raises(ConnectionLost, match="broken"):
        inflated(body, 100)
