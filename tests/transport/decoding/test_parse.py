"""Bodies that are not JSON of the declared kind raise; damaged text is repaired."""

from __future__ import annotations

import inspect
import pickle
import sys
from datetime import datetime
from typing import Any, Literal

import pytest
from pydantic import BaseModel, RootModel

from sdk.transport.decoding import Decoder, Undecodable
from tests.transport.decoding.shapes import Issue, IssuePage, User, places

SECRET = "hunter2"


def read(body: bytes, type_: Any = Any):
    return Decoder[Any](type_, operation="o").decode(body)


def refused(body: bytes, type_: Any = Any) -> Undecodable:
    with pytest.raises(Undecodable) as caught:
        read(body, type_)
    return caught.value


@pytest.mark.parametrize("body", [b"", b" \r\n\t"])
def test_an_empty_body(body):
    assert refused(body).reason == "empty"


@pytest.mark.parametrize(
    "body",
    [
        b"<html>hunter2</html>",
        b"hunter2",
        b"{'a': 'hunter2'}",
        b'{"a": "hunter2",}',
        b'{"a": 1} hunter2',
        b'["hunter2" 1]',
        b"\x00hunter2",
        b"\xff\xfe[\x001\x00]\x00",
        b"undefined",
    ],
)
def test_a_body_in_another_format(body):
    error = refused(body)

    assert error.reason == "not_json"
    assert SECRET not in str(error)
    assert len(str(error)) < 200


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": "hunter2',
        b'{"a": 1',
        b'{"a": 1, ',
        b'{"a"',
        b"[1, 2",
        b"tru",
        b'["\xe2\x82',
        b'["\\u00',
        b"-",
        b'\xef\xbb\xbf{"a": ',
        b'["\xff", ',
    ],
)
def test_truncated_json(body):
    error = refused(body)

    assert error.reason == "truncated"
    assert SECRET not in str(error)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b'{"login": "a", "id": 1, "new": ' + b"[" * 300 + b"]" * 300 + b"}",
        b"9" * 5_000,
    ],
)
def test_json_beyond_the_limits(body):
    assert refused(body, User).reason == "beyond_limits"


def test_json_too_deep_for_the_rest_of_the_callers_stack():
    class Node(BaseModel):
        id: int
        child: Node | None = None

    body = b'{"id": null, "child": ' * 150 + b"null" + b"}" * 150

    def from_far_down(steps):
        return from_far_down(steps - 1) if steps else refused(body, Node)

    assert read(body, Node)[1]
    room = sys.getrecursionlimit() - len(inspect.stack())
    assert from_far_down(room - 250).reason == "beyond_limits"


def test_json_at_the_depth_limit_of_the_parser():
    depth = 190
    body = b'{"login": null, "id": 1, "new": ' + b"[" * depth + b"]" * depth + b"}"

    value, drifts = read(body, User)

    assert places(drifts) == [("login", "null")]
    assert value.model_dump_json(by_alias=True, warnings=False)


@pytest.mark.parametrize(
    ("type_", "body", "message"),
    [
        (list[User], b'{"message": "hunter2"}', "expected list[User], got an object"),
        (User, b"[]", "expected User, got an array"),
        (User, b'"hunter2"', "expected User, got a string"),
        (User, b"null", "expected User, got null"),
        (User, b"7", "expected User, got a number"),
        (User | None, b"true", "expected User | None, got a boolean"),
        (list[User] | None, b"{}", "expected list[User] | None, got an object"),
        (User | Issue, b"[]", "expected User | Issue, got an array"),
        (list[User] | list[Issue], b"{}", "expected list[User] | list[Issue], got an object"),
        (dict[str, User], b"[]", "expected dict[str, User], got an array"),
        (IssuePage, b"[]", "expected IssuePage, got an array"),
        (RootModel[list[int]], b"{}", "expected list[int], got an object"),
        (int, b'"hunter2"', "expected int, got a string"),
        (Literal["a"], b"1", "expected 'a', got a number"),
        (datetime, b"{}", "expected datetime, got an object"),
        (None, b"{}", "expected None, got an object"),
    ],
)
def test_a_different_outermost_type(type_, body, message):
    error = refused(body, type_)

    assert error.reason == "wrong_shape"
    assert str(error) == message


def test_the_error_is_not_chained_to_pydantics_which_quotes_the_body():
    error = refused(b'{"a": "hunter2')

    assert error.__cause__ is None
    assert error.__context__ is None


def test_the_error_can_be_pickled():
    error = pickle.loads(pickle.dumps(refused(b"[")))

    assert (error.reason, str(error)) == (refused(b"[").reason, str(refused(b"[")))


def test_a_byte_order_mark_is_ignored():
    value, drifts = read(b'\xef\xbb\xbf{"login": "a", "id": 1}', User)

    assert value.login == "a"
    assert drifts == []


@pytest.mark.parametrize(
    ("sent", "read_as"),
    [
        (b'"caf\xe9"', "caf\ufffd"),
        (b'"\\ud800"', "\ufffd"),
        (b'"a\\udc00b"', "a\ufffdb"),
        (b'"\\ud83d\\ude00 \\ud83d"', "\U0001f600 \ufffd"),
        (b'"\\ud83d\\ud83d\\ude00"', "\ufffd\U0001f600"),
        (b'"\\\\ud800 \\ud800"', "\\ud800 \ufffd"),
    ],
)
def test_damaged_text_is_repaired_and_reported(sent, read_as):
    value, drifts = read(b'{"id": 1, "login": ' + sent + b"}", User)

    assert value.login == read_as
    assert isinstance(value, User)
    assert places(drifts) == [("", "malformed")]
    assert read_as in value.model_dump_json().encode().decode().replace("\\\\", "\\")
