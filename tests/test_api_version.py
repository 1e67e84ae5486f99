"""GitHub's API versions: which one is requested, and that one set of models covers both."""

import json

import httpx
import pytest

from sdk import Sdk
from sdk.operations import OPERATIONS
from tests.transport.support import Upstream

OLD, NEW = "2022-11-28", "2026-03-10"


async def requested(**options):
    upstream = Upstream(httpx.Response(200, json={"resources": {}}))
    async with Sdk(token=None, http_client=upstream.http_client(), **options) as sdk:
        await sdk.rate_limit.get()
    return upstream.last.headers["x-github-api-version"]


@pytest.mark.parametrize(
    ("base_url", "version"),
    [
        (None, NEW),
        ("https://api.octocorp.ghe.com", NEW),
        ("https://ghe.example.com/api/v3", OLD),
        ("https://gateway.example.com/github/api/v3", OLD),
    ],
)
async def test_the_default_depends_on_the_server(base_url, version):
    assert await requested(base_url=base_url) == version


async def test_a_version_can_be_chosen():
    assert await requested(api_version=OLD) == OLD
    assert await requested(api_version=NEW, base_url="https://ghe.example.com/api/v3") == NEW


async def test_a_header_takes_precedence():
    assert await requested(headers={"X-GitHub-Api-Version": OLD}) == OLD


async def test_an_unknown_version_is_sent_with_a_warning():
    with pytest.warns(UserWarning, match="api_version='2030-01-01' is not known"):
        assert await requested(api_version="2030-01-01") == "2030-01-01"


async def test_a_view_can_request_another_version():
    upstream = Upstream(httpx.Response(200, json={"resources": {}}))
    async with Sdk(token=None, http_client=upstream.http_client()) as sdk:
        old = sdk.with_options(api_version=OLD, headers={"x-mark": "1"})
        await old.rate_limit.get()
        assert upstream.last.headers["x-github-api-version"] == OLD
        assert upstream.last.headers["x-mark"] == "1"
        await sdk.rate_limit.get()
        assert upstream.last.headers["x-github-api-version"] == NEW
    assert (sdk.api_version, old.api_version) == (NEW, OLD)


LIMIT = {"limit": 60, "remaining": 59, "reset": 1, "used": 1}


@pytest.mark.parametrize("body", [{"rate": LIMIT}, {}])
async def test_a_field_of_one_version_is_no_drift_in_the_other(body):
    drifts = []
    whole = {"resources": {"core": LIMIT, "search": LIMIT}, **body}
    upstream = Upstream(httpx.Response(200, content=json.dumps(whole)))
    async with Sdk(
        token=None, http_client=upstream.http_client(), strict=True, on_drift=drifts.append
    ) as sdk:
        limits = await sdk.rate_limit.get()
    assert (limits.rate is None) == (body == {})
    assert drifts == []


async def test_a_status_of_one_version_is_a_success_in_the_other():
    for status in (202, 204):
        upstream = Upstream(httpx.Response(status))
        async with Sdk(token="x", http_client=upstream.http_client()) as sdk:
            assert await sdk.apps.delete_installation(1) is None
    assert OPERATIONS["apps/delete-installation"].statuses == (202, 204)


@pytest.mark.parametrize("version", [OLD, NEW])
async def test_types_and_values_of_both_versions_are_read(version):
    setup = {"state": "configured", "languages": ["javascript", "javascript-typescript"]}
    upstream = Upstream(httpx.Response(200, json=setup))
    async with Sdk(
        token="x", http_client=upstream.http_client(), strict=True, api_version=version
    ) as sdk:
        found = await sdk.code_scanning.get_default_setup("o", "r")
    assert found.languages == ["javascript", "javascript-typescript"]


async def test_a_dispatched_workflow_run_is_returned_if_the_response_names_it():
    run = {"workflow_run_id": 1, "run_url": "https://x.example", "html_url": "https://x.example"}
    upstream = Upstream(httpx.Response(204), httpx.Response(200, json=run))
    async with Sdk(token="x", http_client=upstream.http_client(), strict=True) as sdk:
        assert await sdk.actions.create_workflow_dispatch("o", "r", 1, ref="main") is None
        found = await sdk.actions.create_workflow_dispatch("o", "r", 1, ref="main")
    assert found is not None
    assert found.workflow_run_id == 1


def test_an_operation_lists_what_a_version_changed():
    texts = {change.text for change in OPERATIONS["issues/update"].changes}
    assert {"assignee is not accepted", "Issue: assignee is not sent"} <= texts
    assert {change.version for change in OPERATIONS["issues/update"].changes} == {NEW}
    assert OPERATIONS["meta/get-zen"].changes == ()
