"""A drifted model can be served by FastAPI, copied, pickled and compared."""

from __future__ import annotations

import copy
import json
import pickle
import warnings

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, TypeAdapter, field_serializer

from sdk.models import Issue, SimpleUser
from sdk.models._base import Model, Timestamp
from tests.transport.decoding.shapes import decode

SENT = {
    "login": None,
    "id": "seven",
    "type": ["User"],
    "new": {"a": [1, None]},
    "site_admin": {"odd": 1.5},
}


class Report(BaseModel):
    author: SimpleUser
    others: list[SimpleUser]


@pytest.fixture
def user():
    value, drifts = decode(SimpleUser, SENT)
    assert len(drifts) > 4
    return value


@pytest.fixture(autouse=True)
def strict_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_it_serializes_to_the_json_that_was_sent(user):
    assert user.model_dump(by_alias=True, exclude_unset=True, mode="json") == SENT
    assert json.loads(user.model_dump_json(by_alias=True, exclude_unset=True)) == SENT


def test_it_copies_pickles_and_compares(user):
    for other in (
        pickle.loads(pickle.dumps(user)),
        copy.copy(user),
        copy.deepcopy(user),
        user.model_copy(),
        user.model_copy(deep=True),
    ):
        assert type(other) is SimpleUser
        assert other == user
        assert other.model_fields_set == user.model_fields_set
        assert other.model_extra == user.model_extra
    assert user != decode(SimpleUser, SENT | {"id": "eight"})[0]
    assert "seven" in repr(user)


def test_an_endpoint_serves_it(user):
    app = FastAPI()

    @app.get("/user", response_model_exclude_unset=True)
    async def one() -> SimpleUser:
        return user

    @app.get("/all")
    async def whole() -> SimpleUser:
        return user

    @app.get("/users", response_model_exclude_unset=True)
    async def many() -> list[SimpleUser]:
        return [user]

    @app.get("/report", response_model_exclude_unset=True)
    async def report() -> Report:
        return Report(author=user, others=[user])

    @app.get("/untyped")
    async def untyped():
        return user

    with TestClient(app) as client:
        assert client.get("/user").json() == SENT
        assert client.get("/all").json() == user.model_dump(mode="json")
        assert client.get("/users").json() == [SENT]
        assert client.get("/report").json() == {"author": SENT, "others": [SENT]}
        assert client.get("/untyped").status_code == 200
        assert client.get("/openapi.json").status_code == 200


def test_the_schema_of_a_model_is_that_of_its_fields():
    schema = SimpleUser.model_json_schema(mode="serialization")

    assert schema["properties"]["id"]["type"] == "integer"
    assert "login" in schema["required"]
    assert TypeAdapter(Issue).json_schema(mode="serialization")["title"] == "Issue"


def test_a_serializer_of_a_users_own_subclass_is_kept():
    class Shout(SimpleUser):
        @field_serializer("login")
        def _shout(self, value: str) -> str:
            return value.upper()

    assert Shout.model_construct(login="a").model_dump(exclude_unset=True) == {"login": "A"}


class Event(Model):
    at: Timestamp | None


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"),
        ("2026-03-01T10:00:00.120Z", "2026-03-01T10:00:00.120000Z"),
        ("2026-03-01T10:00:00.1234560000Z", "2026-03-01T10:00:00.123456Z"),
        ("2026-03-01T10:00:00.1234567Z", "2026-03-01T10:00:00.123456Z"),
        ("2026-03-01T10:00:00.083333300Z", "2026-03-01T10:00:00.083333Z"),
        ("2026-03-01T10:00:00.999999999+00:00", "2026-03-01T10:00:00.999999Z"),
        ("2026-03-01T10:00:00.123456789-0130", "2026-03-01T10:00:00.123456-01:30"),
        ("2026-03-01t10:00:00.5z", "2026-03-01T10:00:00.500000Z"),
        ("2026-03-01T10:00:00-08:00", "2026-03-01T10:00:00-08:00"),
    ],
)
def test_a_timestamp_serializes_to_the_same_microsecond(sent, kept):
    value, drifts = decode(Event, {"at": sent})

    assert drifts == []
    assert value.at.tzinfo is not None
    assert value.model_dump(mode="json") == {"at": kept}
    assert Event(at=value.at) == Event.model_validate({"at": sent}) == value


@pytest.mark.parametrize(
    "sent",
    [
        "0",
        "1700000000",
        "2026-03-01",
        "2026-03-01T10:00:00",
        "20260301",
        "2026-03-01T10:00:60Z",
        "2026-02-30T10:00:00Z",
        "",
    ],
)
def test_text_that_is_not_a_timestamp_is_kept(sent):
    value, drifts = decode(Event, {"at": sent})

    assert value.at == sent
    assert [(drift.kind, drift.expected) for drift in drifts] == [("malformed", "datetime | None")]


def test_the_schema_of_a_timestamp():
    schema = Event.model_json_schema(mode="serialization")

    assert schema["properties"]["at"]["anyOf"][0] == {"type": "string", "format": "date-time"}
