"""An error object in place of what was declared is refused, whatever its status was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from typing_extensions import TypedDict

from sdk.transport.decoding import Decoder, Undecodable
from tests.transport.decoding.shapes import Issue, IssuePage, Model, User, body, decode, user

ERRORS = [
    {"message": "API rate limit exceeded", "documentation_url": "https://docs.github.com"},
    {"message": "Bad credentials", "status": "401"},
    {"error": "sign in first"},
    {"errors": ["no"]},
    {"detail": "Not authenticated"},
]


class Optional(Model):
    name: str | None = None
    size: int | None = None


class Job(Model):
    id: int
    status: str
    message: str


@dataclass
class Point:
    x: int
    y: int


@pytest.mark.parametrize("sent", [*ERRORS, {}])
@pytest.mark.parametrize("type_", [User, Issue, IssuePage, User | Issue, Job, Point, User | None])
def test_an_object_without_any_required_field(type_, sent):
    decoder = Decoder[Any](type_, operation="o")

    for _ in range(4):
        with pytest.raises(Undecodable) as caught:
            decoder.decode(body(sent))
        assert caught.value.reason == "wrong_shape"


class Pair(TypedDict):
    a: int
    b: int


@pytest.mark.parametrize(
    "sent",
    [
        {"Message": "User is not authorized"},
        {"status": "error", "reason": "quota"},
        {"timestamp": 1, "status": 500, "error": "Internal", "path": "/x", "traceId": "1"},
        {"type": "about:blank", "title": "Gone", "status": 410, "instance": "/x/1"},
        {"errorCode": 5, "error_message": "no", "request-id": "1"},
    ],
)
@pytest.mark.parametrize("type_", [User, IssuePage, Pair])
def test_an_error_object_of_a_gateway(type_, sent):
    with pytest.raises(Undecodable, match="without its required fields"):
        decode(type_, sent)


@pytest.mark.parametrize("type_", [User, IssuePage, User | Issue, Pair, User | None])
@pytest.mark.parametrize("sent", [{"reason": "x", "colour": "red"}, {"path": 5}, {"a b": {}}])
def test_an_object_of_unknown_keys_alone(type_, sent):
    with pytest.raises(Undecodable, match="without its required fields"):
        decode(type_, sent)


class Tag(Model):
    id: int
    name: str | None = None


def test_the_one_required_field_may_be_missing_if_another_one_was_sent():
    tag, drifts = decode(Tag, {"name": "v1", "colour": "red"})
    assert (tag.id, tag.name, len(drifts)) == (None, "v1", 1)
    with pytest.raises(Undecodable):
        decode(Tag, {"name": "v1", "message": "There is none."})


@pytest.mark.parametrize("sent", ERRORS)
@pytest.mark.parametrize("type_", [Optional, dict[str, int]])
def test_an_error_where_no_key_is_required(type_, sent):
    with pytest.raises(Undecodable):
        decode(type_, sent)


def test_githubs_error_in_a_map_of_texts():
    with pytest.raises(Undecodable):
        decode(dict[str, str], ERRORS[0])
    assert decode(dict[str, str], {"message": "a"})[0] == {"message": "a"}


def test_an_empty_object_where_no_key_is_required():
    assert decode(Optional, {}) == (Optional(), [])
    assert decode(dict[str, int], {}) == ({}, [])


@pytest.mark.parametrize("sent", [{"id": 1}, {"title": 7, "files": {}}, {"labels": "none"}])
def test_one_required_field_is_enough(sent):
    assert type(decode(Issue, sent)[0]) is Issue


class Measured(Model):
    status: str
    data: dict[str, int]


def test_a_declared_status_alone_is_not_an_error():
    measured, drifts = decode(Measured, {"status": "success"})
    assert (measured.status, measured.data) == ("success", None)
    assert [(drift.path, drift.kind) for drift in drifts] == [("data", "missing")]
    with pytest.raises(Undecodable):
        decode(Measured, {"status": "error", "message": "There is none."})


@pytest.mark.parametrize("sent", [{"score": 1}, {"files": {}, "new": 1}])
def test_optional_fields_without_any_required_one(sent):
    with pytest.raises(Undecodable, match="without its required fields"):
        decode(Issue, sent)


def test_a_declared_message_is_not_an_error():
    sent = {"id": 1, "status": "done", "message": "text"}

    assert decode(Job, sent) == (Job(**sent), [])


def test_an_item_without_any_required_field_is_reported():
    value, drifts = decode(list[User], [user(), {}])

    assert type(value[1]) is User
    assert len(drifts) == 2
