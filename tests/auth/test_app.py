"""A GitHub App: its arguments, its views, and reprs without secrets."""

import asyncio
import re
from pathlib import Path

import pytest

from sdk import GitHubApp, InvalidInput, NotFound, Sdk, Unauthorized
from tests.auth.app_calls import call
from tests.auth.fake_github import CLIENT_ID, FakeGitHub
from tests.auth.keys import pem, public_pem


async def test_a_view_sends_the_jwt_where_the_operation_needs_it():
    github = FakeGitHub()
    async with github.sdk(github.app(client_secret="s3cret")) as sdk:
        view = sdk.as_installation(42)
        await view.request("GET", "/app")
        await view.request("GET", "/repos/o/r/installation")
        assert [len(auth.split(".")) for _, _, auth in github.seen] == [3, 3]
        await view.request("GET", "/apps/some-app")
        assert github.seen[-1][2] == "Bearer ghs_1"
        for user in (sdk, view):
            with pytest.raises(Unauthorized):
                await user.apps.check_token(CLIENT_ID, access_token="ghu_x")
            assert github.seen[-1][2].startswith("Basic ")


async def test_the_installation_is_found_by_repository_organization_or_user_and_cached():
    github = FakeGitHub()
    async with github.sdk() as sdk:
        assert await call(await sdk.for_repo("O", "r")) == {"token": "ghs_1"}
        views = await asyncio.gather(*(sdk.for_repo("o", "R") for _ in range(10)))
        assert await call(views[0]) == {"token": "ghs_1"}
        assert github.count["lookup"] == 1
        await sdk.for_org("o")
        await sdk.for_user("o")
        assert github.count["lookup"] == 3
        github.clock.time += 301
        await sdk.for_repo("o", "r")
        assert github.count["lookup"] == 4


async def test_a_missing_installation_is_cached_too():
    github = FakeGitHub()
    github.gone = True
    async with github.sdk() as sdk:
        for _ in range(3):
            with pytest.raises(NotFound) as caught:
                await sdk.for_repo("o", "r")
            assert caught.value.status == 404
    assert github.count["lookup"] == 1


async def test_without_an_app_the_error_names_the_fix():
    async with FakeGitHub().sdk() as sdk:
        assert (await sdk.for_repo("o", "r")).as_installation(43) is not None
    plain = Sdk(token=None)
    with pytest.raises(InvalidInput, match=r"Write Sdk\(app=GitHubApp\("):
        plain.as_installation(42)
    with pytest.raises(InvalidInput, match=r"Write Sdk\(app=GitHubApp\("):
        await plain.for_repo("o", "r")


def test_an_app_and_other_credentials_together_are_refused():
    app = FakeGitHub().app()
    with pytest.raises(InvalidInput, match="Pass one of app, token and auth"):
        Sdk(app=app, token="x")
    with pytest.raises(InvalidInput, match="Pass one of app, token and auth"):
        Sdk(app=app, auth=app.auth)
    with pytest.raises(InvalidInput, match=r"app must be a GitHubApp\(\.\.\.\), not str"):
        Sdk(app="Iv23")
    with pytest.raises(InvalidInput, match="not type"):
        Sdk(app=GitHubApp)


async def test_credentials_of_an_app_need_a_client():
    app = FakeGitHub().app()
    for auth in (app.auth, app.installation(42)):
        with pytest.raises(InvalidInput, match="needs a client"):
            await auth.headers()


WRONG = {
    "no id": ({"client_id": None}, r"Pass client_id= \(or app_id=\)"),
    "two ids": ({"app_id": 1}, "either client_id or app_id, not both"),
    "an id that is no number": ({"client_id": None, "app_id": "Iv23"}, "app_id is a number"),
    "a bool": ({"client_id": None, "app_id": True}, "app_id is a number"),
    "a strange client id": ({"client_id": "Iv 23\n"}, "letters and digits"),
    "no key": ({"private_key": None}, "private_key must be text"),
    "public key": ({"private_key": public_pem()}, "the public key"),
    "a path as text": ({"private_key": "/x.pem"}, r"Pass Path\(\.\.\.\)"),
    "empty secret": ({"client_secret": " "}, "client_secret is empty"),
    "empty webhook secret": ({"webhook_secret": ["a", ""]}, "webhook_secret is empty"),
}


@pytest.mark.parametrize("name", WRONG)
def test_invalid_arguments_of_an_app_are_refused_with_the_fix(name):
    options, said = WRONG[name]
    with pytest.raises(InvalidInput, match=said) as caught:
        FakeGitHub().app(**options)
    assert "BEGIN" not in str(caught.value)


def environment(monkeypatch, **variables):
    for name in ("CLIENT_ID", "ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH", "CLIENT_SECRET"):
        monkeypatch.delenv(f"GITHUB_APP_{name}", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(f"GITHUB_APP_{name}", value)


async def test_an_app_is_read_from_the_environment(monkeypatch, tmp_path):
    environment(monkeypatch, CLIENT_ID=CLIENT_ID, PRIVATE_KEY=pem().replace("\n", "\\n"))
    github = FakeGitHub()
    app = GitHubApp.from_env()
    async with github.sdk(app) as sdk:
        await sdk.request("GET", "/app")
    file = tmp_path / "app.pem"
    file.write_text(pem())
    environment(
        monkeypatch,
        ID="12345",
        PRIVATE_KEY_PATH=str(file),
        WEBHOOK_SECRET="hook",
        CLIENT_SECRET="s3cret",
    )
    other = GitHubApp.from_env(revoke_at_close=True)
    assert other.issuer == "12345"
    assert other.fingerprint == app.fingerprint
    assert other.webhook_secrets == ("hook",)
    assert other.revoke_at_close is True


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "Set the environment variable GITHUB_APP_CLIENT_ID or GITHUB_APP_ID"),
        ({"ID": "1"}, "GITHUB_APP_PRIVATE_KEY or GITHUB_APP_PRIVATE_KEY_PATH"),
        ({"ID": "1", "CLIENT_ID": "Iv1"}, "Set one of GITHUB_APP_CLIENT_ID and GITHUB_APP_ID"),
        (
            {"ID": "1", "PRIVATE_KEY": "s3cret"},
            "variable GITHUB_APP_PRIVATE_KEY: private_key is not",
        ),
        ({"ID": "1", "PRIVATE_KEY_PATH": "/none"}, "GITHUB_APP_PRIVATE_KEY_PATH: .*No such file"),
    ],
)
def test_an_invalid_environment_is_refused_by_the_variable_s_name(monkeypatch, variables, said):
    environment(monkeypatch, **variables)
    with pytest.raises(InvalidInput, match=said) as caught:
        GitHubApp.from_env()
    assert "s3cret" not in str(caught.value)


def test_no_repr_shows_a_secret():
    app = FakeGitHub().app(client_secret="s3cret", webhook_secret="s3cret")
    shown = repr([app, app.auth, app.installation(42), app._key, vars(app)["auth"]])
    assert "s3cret" not in shown
    assert not re.search("BEGIN|PRIVATE", shown)
    assert repr(app) == f"GitHubApp('{CLIENT_ID}')"


def test_a_key_is_read_from_a_path(tmp_path):
    file = Path(tmp_path) / "app.pem"
    file.write_text(pem())
    assert FakeGitHub().app(private_key=file).fingerprint.startswith("SHA256:")
