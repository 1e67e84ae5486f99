"""GitHub Actions: token, inputs, event and OIDC token; and the token of ``gh``."""

import json

import httpx
import pytest

from sdk import CredentialsError, InvalidInput, Sdk
from sdk.auth import ActionsAuth, GhAuth
from sdk.auth.actions import id_token, read_event, read_input
from sdk.github import GitHubDialect
from tests.transport.support import Upstream

TOKEN = "ghs_pl4nted"
NAMES = ("GITHUB_TOKEN", "INPUT_GITHUB_TOKEN", "INPUT_GITHUB-TOKEN", "INPUT_TOKEN")


@pytest.fixture(autouse=True)
def no_workflow(monkeypatch):
    for name in (
        *NAMES,
        "GITHUB_EVENT_NAME",
        "GITHUB_EVENT_PATH",
        "GITHUB_API_URL",
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", NAMES)
async def test_the_token_is_in_the_environment_or_an_input(monkeypatch, name):
    monkeypatch.setenv(name, TOKEN)
    upstream = Upstream()
    async with Sdk(auth=ActionsAuth(), http_client=upstream.http_client()) as sdk:
        await sdk.request("GET", "/x")
    assert upstream.last.headers["authorization"] == f"Bearer {TOKEN}"


async def test_two_tokens_and_none_are_refused(monkeypatch):
    with pytest.raises(InvalidInput, match="no token in the environment"):
        ActionsAuth()
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("INPUT_TOKEN", TOKEN)
    with pytest.raises(InvalidInput, match=r"GITHUB_TOKEN and INPUT_TOKEN are both set") as caught:
        ActionsAuth()
    assert TOKEN not in str(caught.value)
    monkeypatch.delenv("GITHUB_TOKEN")
    monkeypatch.setenv("INPUT_TOKEN", f"Bearer {TOKEN}")
    with pytest.raises(InvalidInput, match=r"variable INPUT_TOKEN: .*Pass the token") as caught:
        ActionsAuth()
    assert TOKEN not in str(caught.value) + repr(caught.value.__context__)


async def test_the_token_goes_to_github_alone(monkeypatch, caplog):
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    upstream = Upstream()
    auth = ActionsAuth()
    assert TOKEN not in repr(auth)
    client = upstream.http_client()
    async with Sdk(auth=auth, http_client=client, base_url="https://elsewhere.example") as sdk:
        await sdk.request("GET", "/x")
        await sdk.request("GET", "/x")
    assert "authorization" not in upstream.last.headers
    assert caplog.text.count("is not sent to https://elsewhere.example") == 1
    monkeypatch.setenv("GITHUB_API_URL", "https://ghes.example/api/v3")
    async with Sdk(auth=auth, http_client=client, base_url="https://ghes.example/api/v3") as sdk:
        await sdk.request("GET", "/x")
    assert upstream.last.headers["authorization"] == f"Bearer {TOKEN}"


def test_inputs_are_read_by_their_names(monkeypatch):
    monkeypatch.setenv("INPUT_WHO_TO-GREET", " Mona ")
    assert read_input("who to-greet") == "Mona"
    assert read_input("other", default="x") == "x"
    with pytest.raises(InvalidInput, match="The input 'other' is required"):
        read_input("other")


def test_the_event_is_typed(monkeypatch, tmp_path):
    from sdk.models.webhooks import WebhookIssuesOpened

    file = tmp_path / "event.json"
    file.write_text(json.dumps({"action": "opened", "issue": {"number": 7}}))
    monkeypatch.setenv("GITHUB_EVENT_NAME", "issues")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(file))
    event = read_event()
    assert isinstance(event, WebhookIssuesOpened)
    assert event.issue.number == 7
    monkeypatch.setenv("GITHUB_EVENT_NAME", "schedule")
    file.write_text(json.dumps({"schedule": "0 0 * * *"}))
    assert read_event().schedule == "0 0 * * *"


def test_an_unreadable_event_is_refused_with_the_reason(monkeypatch, tmp_path):
    with pytest.raises(InvalidInput, match="not a run of a GitHub Actions workflow"):
        read_event()
    monkeypatch.setenv("GITHUB_EVENT_NAME", "issues")
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "none.json"))
    with pytest.raises(InvalidInput, match=r"none\.json' cannot be read: No such file"):
        read_event()


async def test_the_oidc_token_is_requested_for_an_audience(monkeypatch):
    url = "https://pipelines.actions.example/abc/idtoken?api-version=2"
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", url)
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "pl4ntedRequest")
    upstream = Upstream(httpx.Response(200, json={"value": "a.b.c"}))
    for base_url in ("https://api.github.com", "https://ghes.example/api/v3"):
        async with Sdk(
            token="ghp_mine",
            http_client=upstream.http_client(),
            headers={"x-mine": "1"},
            base_url=base_url,
        ) as sdk:
            assert await id_token(sdk, "sts.example") == "a.b.c"
        assert str(upstream.last.url) == f"{url}&audience=sts.example"
        assert upstream.last.headers["authorization"] == "Bearer pl4ntedRequest"
        assert "x-mine" not in upstream.last.headers


async def test_without_the_permission_the_error_names_the_fix(monkeypatch):
    async with Sdk(token=None, http_client=Upstream().http_client()) as sdk:
        with pytest.raises(InvalidInput, match="permissions: id-token: write"):
            await id_token(sdk)
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", "https://x.example/y")
        monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "t")
        with pytest.raises(CredentialsError, match="answered without one"):
            await id_token(sdk)


def test_a_server_that_is_not_github_s_is_used_unchanged():
    server = GitHubDialect().server
    assert server("https://x.example", "https://ghes.example/api/v3") == "https://x.example"


# ------------------------------------------------------------------ gh


@pytest.fixture
def gh(monkeypatch, tmp_path):
    """A `gh` that prints the tokens in a file, and notes how it was called."""
    command = tmp_path / "gh"
    command.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/log\ncat {tmp_path}/token 2>/dev/null\n'
    )
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (tmp_path / "token").write_text("gho_one\n")
    return tmp_path


async def test_gh_is_run_once_for_the_host_that_is_called(gh):
    upstream = Upstream()
    async with Sdk(auth=GhAuth(), http_client=upstream.http_client()) as sdk:
        await sdk.request("GET", "/x")
        await sdk.request("GET", "/x")
    assert upstream.last.headers["authorization"] == "Bearer gho_one"
    assert (gh / "log").read_text() == "auth token --hostname github.com\n"
    ghes = "https://ghes.example/api/v3"
    async with Sdk(auth=GhAuth(), http_client=upstream.http_client(), base_url=ghes) as sdk:
        await sdk.request("GET", "/x")
    assert (gh / "log").read_text().endswith("--hostname ghes.example\n")


async def test_gh_is_run_again_when_its_token_was_refused(gh):
    def reply(request):
        good = request.headers["authorization"] == "Bearer gho_two"
        (gh / "token").write_text("gho_two")
        return httpx.Response(200 if good else 401, json={})

    async with Sdk(auth=GhAuth(), http_client=Upstream(reply).http_client()) as sdk:
        assert (await sdk.request("GET", "/x")).attempts == 2


async def test_without_gh_or_its_sign_in_the_error_names_the_fix(gh, monkeypatch):
    async with Sdk(auth=GhAuth(), http_client=Upstream().http_client()) as sdk:
        (gh / "token").unlink()
        with pytest.raises(CredentialsError, match=r"run `gh auth login --hostname github\.com`"):
            await sdk.request("GET", "/x")
        monkeypatch.setenv("PATH", str(gh / "none"))
        with pytest.raises(CredentialsError, match="command gh was not found"):
            await sdk.request("GET", "/x")
