"""Each change of an API version: the operations and models with it decode in both versions."""

import asyncio
import json
import warnings
from functools import cache

import httpx
import pytest
from pydantic import BaseModel

from sdk import ApiError, NotFound, Sdk, ValidationFailed, models
from sdk.models import webhooks
from sdk.operations import OPERATIONS
from sdk.resources._changes import CHANGES, REMOVED
from sdk.testing import StandIn
from sdk.testing.synthesis import build
from sdk.testing.synthesis.api_version import api_version
from sdk.transport.decoding import Decoder
from tests.testing.operation_calls import argument, call

OLD, NEW = "2022-11-28", "2026-03-10"


def client(app, version):
    return Sdk(
        token="t",
        http_client=httpx.AsyncClient(transport=httpx.ASGITransport(app)),
        api_version=version,
        strict=True,
        retry=None,
        pacing=None,
    )


def models_in(value):
    if isinstance(value, BaseModel):
        yield value
        value = [getattr(value, name) for name in value.model_fields_set]
    elif isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from models_in(item)


@cache
def results(version):
    """Call every operation with a change; return results or errors by operation id."""

    async def call_all():
        app, found = StandIn(), {}
        async with client(app, version) as sdk:
            for info in sorted(map(OPERATIONS.find, CHANGES), key=lambda i: i.method == "DELETE"):
                if info.method == "DELETE":
                    app.reset()
                try:
                    found[info.id] = await call(sdk, info)
                except Exception as error:  # noqa: BLE001  each is reported for its operation
                    found[info.id] = error
        return found

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return asyncio.run(call_all())


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize("id", CHANGES)
def test_an_operation_with_a_change_is_answered_without_drift(id, version):
    result = results(version)[id]
    assert not isinstance(result, Exception), result
    for model in models_in(result):
        removed = set(REMOVED.get(type(model).__name__, "").split()[1:])
        assert version == OLD or removed.isdisjoint(model.model_fields_set)


def test_fields_removed_in_the_newest_version_are_sent_in_the_oldest():
    sent = {}
    for result in results(OLD).values():
        for model in models_in(result):
            sent.setdefault(type(model).__name__, set()).update(model.model_fields_set)
    reached = REMOVED.keys() & sent.keys()
    assert len(reached) >= 15
    assert {name: set(REMOVED[name].split()[1:]) - sent[name] for name in reached} == {
        name: set() for name in reached
    }


@pytest.mark.parametrize("name", REMOVED)
def test_a_model_fits_both_versions(name):
    model = getattr(models, name, None) or getattr(webhooks, name)
    removed = REMOVED[name].split()[1:]
    for version in (OLD, NEW):
        with api_version(version):
            body = build(model, {}, seed=1)
        assert {field in body for field in removed} == {version == OLD}
        decoded, drifts = Decoder(model, operation="o").decode(json.dumps(body).encode())
        assert not drifts
        assert [getattr(decoded, field) is None for field in removed if version == NEW] == [
            True for _ in removed if version == NEW
        ]


@pytest.mark.parametrize(
    ("id", "name", "arguments"),
    [
        ("issues/create", "assignee", {"owner": "octocat", "repo": "hello-world", "title": "t"}),
        ("issues/update", "assignee", {"owner": "octocat", "repo": "hello-world"}),
        ("teams/create", "permission", {"org": "octo-org", "name": "t"}),
        ("orgs/update", "secret_scanning_push_protection_custom_link_enabled", {}),
        ("actions/create-workflow-dispatch", "return_run_details", {}),
    ],
)
async def test_an_argument_that_a_version_does_not_accept_is_sent_with_one_warning(
    id, name, arguments, caplog
):
    bodies = []

    def answer(request):
        bodies.append(json.loads(request.content))
        return httpx.Response(404, json={"message": "Not Found"})

    def mentions():
        return [record for record in caplog.records if f"'{name}'" in record.getMessage()]

    info = OPERATIONS[id]
    assert f"{NEW} {name} is not accepted" in {f"{c.version} {c.text}" for c in info.changes}
    values = {each.name: argument(info, each) for each in info.parameters if each.required}
    values |= {**arguments, name: argument(info, parameter(info, name))}
    http_client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    async with Sdk(token="t", http_client=http_client) as sdk:
        for version, warnings_ in ((OLD, 0), (NEW, 1), (NEW, 1)):
            view = sdk.with_options(api_version=version)
            with pytest.raises(NotFound):
                await getattr(getattr(view, info.resource), info.name)(**values)
            assert len(mentions()) == warnings_
    assert id in mentions()[0].getMessage()
    assert all(name in body for body in bodies)


def parameter(info, name):
    return next(each for each in info.parameters if each.name == name)


@pytest.mark.parametrize("version", [OLD, NEW])
async def test_the_fake_server_ignores_what_a_version_does_not_accept(version):
    async with client(StandIn(), version) as sdk:
        made = await sdk.issues.create("octocat", "hello-world", title="t", assignee="octocat")
        made = await sdk.issues.get("octocat", "hello-world", made.number)
    assert [user.login for user in made.assignees or ()] == (["octocat"] if version == OLD else [])


REFUSALS = [
    info.id
    for info in OPERATIONS.values()
    if any("422 instead of 451" in change.text for change in info.changes)
]


@pytest.mark.parametrize("id", REFUSALS)
async def test_a_refusal_for_trade_compliance_is_an_error_in_both_versions(id):
    for version, status, error in ((OLD, 451, ApiError), (NEW, 422, ValidationFailed)):
        reply = httpx.Response(status, json={"message": "trade"})
        http_client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _, r=reply: r))
        async with Sdk(token="t", http_client=http_client, api_version=version) as sdk:
            with pytest.raises(error) as caught:
                await call(sdk, OPERATIONS[id])
        assert (caught.value.status, caught.value.message) == (status, "trade")
