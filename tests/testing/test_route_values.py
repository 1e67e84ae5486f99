"""Values of a route's responses: members of unions, validation, types of items."""

import enum
from decimal import Decimal
from uuid import UUID

import pydantic
import pytest

from sdk import ApiClient, Operation, Resource
from sdk import models as m
from sdk.testing import GitHubMock, fake


@pytest.fixture
def lenient():
    with GitHubMock(assert_all_called=False) as mock:
        yield mock


async def test_literals_choose_the_member_of_a_union(github, sdk):
    github.on_any(sdk.repos.get_content).respond(type="submodule").respond(type="file")
    assert isinstance(await sdk.repos.get_content("o", "r", "p"), m.ContentSubmodule)
    assert isinstance(await sdk.repos.get_content("o", "r", "p"), m.ContentFile)


def test_when_no_member_fits_the_error_names_all(lenient):
    route = lenient.on_any(lenient.sdk.repos.get_content)
    members = "None of content-file, content-symlink, content-submodule has"
    with pytest.raises(TypeError, match=f"{members} type='dir'"):
        route.respond(type="dir")
    with pytest.raises(TypeError, match=f"{members} a field 'typ': did you mean 'type'"):
        route.respond(typ="file")


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("closed", m.StateChangeIssueEvent),
        ("labeled", m.LabeledIssueEvent),
        ("commented", m.TimelineCommentEvent),
        ("line-commented", m.TimelineLineCommentedEvent),
        ("cross-referenced", m.TimelineCrossReferencedEvent),
        ("reviewed", m.TimelineReviewedEvent),
        ("review_requested", m.ReviewRequestedIssueEvent),
        ("committed", m.TimelineCommittedEvent),
        ("assigned", m.TimelineAssignedIssueEvent),
        ("unassigned", m.TimelineUnassignedIssueEvent),
    ],
)
async def test_events_of_a_timeline(github, sdk, event, kind):
    github.on_any(sdk.issues.list_events_for_timeline).respond({"event": event}, count=1)
    events = await sdk.issues.list_events_for_timeline("o", "r", 1)
    assert [type(each) for each in events] == [kind, kind]
    assert events[0].event == event
    assert not sdk.drift_counts


async def test_generated_items_have_the_type_of_the_given_ones(github, sdk):
    whole = fake(m.TimelineCommentEvent, body="x")
    github.on_any(sdk.issues.list_events_for_timeline).respond(whole, count=2)
    events = await sdk.issues.list_events_for_timeline("o", "r", 1)
    assert [type(each) for each in events] == [m.TimelineCommentEvent] * 3
    assert events[0] == whole


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"title": 7}, "issues/get: title: Input should be a valid string, not 7"),
        ({"created_at": "no"}, "issues/get: created_at: .* not 'no'"),
        ({"user": {"login": 7}}, r"issues/get: user\.login: "),
        ({"labels": ["x", {"name": 3}]}, r"labels\.1\.\w+\.name: .* not 3"),
    ],
)
def test_values_are_checked_by_the_types_of_their_fields(lenient, fields, complaint):
    route = lenient.on_any(lenient.sdk.issues.get)
    with pytest.raises(TypeError, match=f"{complaint}.*For an invalid response, use respond_raw"):
        route.respond(**fields)


def test_items_of_lists_are_checked_too(lenient):
    route = lenient.on_any(lenient.sdk.issues.list_for_repo)
    with pytest.raises(TypeError, match=r"title: .* not 7"):
        route.respond({"title": 7})


@pytest.mark.parametrize(
    "module", ["code_scanning.update_default_setup", "code_quality.update_setup"]
)
async def test_a_body_is_returned_for_202_only(github, sdk, module):
    resource, _, name = module.partition(".")
    method = getattr(getattr(sdk, resource), name)
    github.on_any(method).respond().respond(run_id=3).respond_with(None)
    assert (await method("o", "r")) is not None
    assert (await method("o", "r")).run_id == 3
    assert (await method("o", "r")) is None
    assert not sdk.drift_counts


def test_a_file_needs_respond_with(lenient):
    route = lenient.on_any(lenient.sdk.repos.download_zipball_archive)
    with pytest.raises(TypeError, match=r'respond_with\(b"\.\.\."\)'):
        route.respond(b"PK")
    with pytest.raises(TypeError, match=r'respond_with\(b"\.\.\."\)'):
        route.respond(name="x")
    with pytest.raises(TypeError, match=r'respond_with\(b"\.\.\."\)'):
        route.respond_with({})


class Kind(enum.Enum):
    paper = "P"


class Invoice(pydantic.BaseModel):
    id: UUID
    kind: Kind
    amount: Decimal = pydantic.Field(gt=0)
    secret: pydantic.SecretStr
    due: int = pydantic.Field(validation_alias="dueInDays", ge=5)


class Invoices(Resource):
    async def get(self, invoice_id: str) -> Invoice:
        return await self._call(GET_INVOICE, invoice_id=invoice_id)


GET_INVOICE = Operation("GET", "/invoices/{invoice_id}", id="invoices/get", returns=Invoice)


class Billing(ApiClient):
    base_url = "https://billing.example.com"


async def test_models_of_an_own_api(github):
    whole = fake(Invoice, secret="s", due=9)
    async with Billing(strict=True) as billing:
        invoices = Invoices(billing)
        github.on(invoices.get, "i").respond().respond(
            id=UUID(int=3), kind=Kind.paper, amount=Decimal("2.50"), secret="t"
        ).respond_with(whole)
        assert (await invoices.get("i")).due == 5
        second = await invoices.get("i")
        assert (second.id, second.amount) == (UUID(int=3), Decimal("2.50"))
        assert second.secret.get_secret_value() == "t"
        assert await invoices.get("i") == whole
        with pytest.raises(TypeError, match=r"invoices/get: amount: .* greater than 0, not -1"):
            github.on(invoices.get, "i").respond(amount=-1)
        github.routes.pop()
