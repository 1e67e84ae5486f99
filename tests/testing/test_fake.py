"""``fake`` makes a valid model around what a test states."""

from datetime import UTC, datetime

import pytest
from pydantic import BaseModel, ValidationError

from sdk import models as m
from sdk.testing import fake
from sdk.testing.synthesis import build
from sdk.transport.decoding import Decoder
from sdk.transport.encoding import encode_json


def test_stated_fields_are_kept_and_the_rest_is_generated():
    issue = fake(m.Issue, title="It breaks")
    assert type(issue) is m.Issue
    assert issue.title == "It breaks"
    assert issue.created_at.tzinfo is UTC or issue.created_at.utcoffset() is not None
    assert issue.user is not None


def test_equal_seeds_make_equal_instances_and_different_seeds_do_not():
    assert fake(m.Issue) == fake(m.Issue)
    first, second = fake(m.Issue, seed=1), fake(m.Issue, seed=2)
    assert (first.id, first.number, second.id, second.number) == (1, 1, 2, 2)
    assert first.user is not None
    assert second.user is not None
    assert first.user.login != second.user.login


def test_a_mapping_states_a_part_of_an_inner_object():
    issue = fake(m.Issue, user={"login": "octocat"}, labels=["bug", {"name": "ux"}])
    assert issue.user is not None
    assert (issue.user.login, issue.user.site_admin) == ("octocat", False)
    assert issue.labels[0] == "bug"
    assert issue.labels[1].name == "ux"


def test_an_inner_object_may_be_a_model_or_none():
    user = fake(m.SimpleUser, login="ada")
    issue = fake(m.Issue, user=user, assignee=None)
    assert issue.user == user
    assert issue.assignee is None


def test_python_values_are_kept():
    moment = datetime(2020, 2, 2, tzinfo=UTC)
    assert fake(m.Issue, created_at=moment).created_at == moment


def test_fields_are_accepted_by_our_name_and_by_the_api_s():
    ours, theirs = fake(m.ReactionRollup, plus_one=3), fake(m.ReactionRollup, **{"+1": 3})
    assert ours == theirs
    assert ours.plus_one == 3


def test_an_unknown_field_is_refused_with_the_nearest_name():
    with pytest.raises(TypeError, match="no field 'titel': did you mean 'title'"):
        fake(m.Issue, titel="x")


def test_a_value_that_does_not_fit_is_refused():
    with pytest.raises(ValidationError):
        fake(m.Issue, created_at="tomorrow")


def test_own_models_are_generated():
    class Line(BaseModel):
        amount: float
        note: str | None = None

    class Invoice(BaseModel):
        id: str
        lines: list[Line]

    invoice = fake(Invoice, lines=[{"amount": 3}, {}])
    assert [line.amount for line in invoice.lines] == [3, 0]


def test_every_model_is_valid_and_decodes_without_drift():
    # One test and not one per model: as eight hundred they take longer than all others together.
    models = [
        model
        for name in dir(m)
        if isinstance(model := getattr(m, name), type) and issubclass(model, BaseModel)
    ]
    failed = []
    for model in models:
        value, drift = Decoder(model, operation="test").decode(encode_json(build(model)))
        if type(value) is not model or drift or type(fake(model, seed=7)) is not model:
            failed.append((model, drift))
    assert len(models) > 800
    assert not failed
