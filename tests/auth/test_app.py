"""A GitHub App: its JWT, its installations' tokens, and what is said when they are refused."""

import asyncio
import json
import re
from collections import Counter
from pathlib import Path

import jwt
import pytest

from sdk import GitHubApp, InvalidInput, NotFound, Pacing, Sdk, ServerError, Unauthorized
from sdk.auth.errors import (
    AppRefused,
    CredentialsError,
    InstallationGone,
    InstallationSuspended,
    ScopeRefused,
)
from sdk.auth.keys import read_private_key
from sdk.transport.auth import identity_of, sees_of
from tests.auth.fake_github import CLIENT_ID, FakeGitHub
from tests.auth.keys import pem, public_pem, rsa_key, text


async def call(view, method="GET"):
    return (await view.request(method, "/repos/o/r/issues")).json()


async def settle():
    for _ in range(20):
        await asyncio.sleep(0)


# ------------------------------------------------------------------ the JWT


async def test_calls_of_the_app_carry_a_jwt_dated_by_the_rules():
    github = FakeGitHub()
    async with github.sdk() as sdk:
        await sdk.request("GET", "/app")
    token = github.seen[0][2].removeprefix("Bearer ")
    claims = jwt.decode(
        token,
        public_pem(),
        algorithms=["RS256"],
        options={"verify_exp": False, "verify_iat": False},
    )
    now = int(github.clock.time)
    assert claims == {"iat": now - 60, "exp": now + 540, "iss": CLIENT_ID}


async def test_an_app_id_works_as_the_issuer_too():
    github = FakeGitHub()
    for app_id in (12345, "12345"):
        async with github.sdk(github.app(client_id=None, app_id=app_id)) as sdk:
            await sdk.request("GET", "/app")


async def test_a_jwt_is_used_for_8_minutes():
    github = FakeGitHub()
    async with github.sdk() as sdk:
        for seconds in (0, 479, 2, 470):
            github.clock.time += seconds
            await sdk.request("GET", "/app")
    assert len({auth for _, _, auth in github.seen}) == 2


@pytest.mark.parametrize("skew", [90, -90, 3000, -3000, -100_000])
async def test_a_wrong_clock_costs_one_more_request_in_all(skew):
    github = FakeGitHub(skew=skew)
    async with github.sdk() as sdk:
        for _ in range(5):
            assert (await sdk.request("GET", "/app")).status == 200
            # Each time a JWT of its own.
            github.clock.time += 500
        assert (await call(sdk.as_installation(42)))["token"] == "ghs_1"
        github.clock.time += 2000
        assert (await call(sdk.as_installation(42)))["token"] == "ghs_1"
    # A JWT of a clock that is 90 s behind is as good as any.
    assert github.count["jwt"] == 5 + 1 + (skew != 90)
    assert github.count["mint"] == 1


async def test_ten_callers_with_a_wrong_clock_learn_it_together():
    github = FakeGitHub(skew=-3000)
    async with github.sdk(pacing=None) as sdk:
        results = await asyncio.gather(*(sdk.request("GET", "/app") for _ in range(10)))
    assert [result.status for result in results] == [200] * 10
    assert github.count["jwt"] == 20


async def test_a_refused_key_is_named_by_its_fingerprint():
    github = FakeGitHub()
    other = text(rsa_key(2049))
    async with github.sdk(github.app(private_key=other)) as sdk:
        with pytest.raises(AppRefused) as caught:
            await sdk.request("GET", "/app")
        assert github.count["jwt"] == 1
        with pytest.raises(AppRefused) as of_call:
            await call(sdk.as_installation(42))
    fingerprint = read_private_key(other).fingerprint
    for error in (caught.value, of_call.value):
        assert fingerprint in str(error)
        assert "could not be decoded" in str(error)
        assert error.credentials is True
        assert (error.status, error.request_id) == (401, "R1")
    assert "/app/installations/{installation_id}/access_tokens" in str(of_call.value)
    assert of_call.value.__notes__ == ["Credentials were needed for GET /repos/o/r/issues"]


async def test_a_wrong_id_is_refused_with_github_s_text():
    github = FakeGitHub()
    async with github.sdk(github.app(client_id="Iv23liOther")) as sdk:
        with pytest.raises(AppRefused, match=r"AppAuth\('Iv23liOther'\).*Integration not found"):
            await sdk.request("GET", "/app")


async def test_a_key_in_a_vault_signs_by_a_function():
    github, key, signed = FakeGitHub(), read_private_key(pem()), []

    async def sign(data):
        signed.append(data)
        return await key.sign(data)

    app = github.app(private_key=sign)
    assert app.fingerprint is None
    async with github.sdk(app) as sdk:
        await asyncio.gather(*(sdk.request("GET", "/app") for _ in range(10)))
    assert len(signed) == 1


@pytest.mark.parametrize(
    ("outcome", "error_class", "said"),
    [
        (OSError("vault s3cret"), CredentialsError, "function that signs .* failed: OSError"),
        ("text", InvalidInput, "must return the signature as bytes, not str"),
    ],
)
async def test_a_function_that_does_not_sign_is_named(outcome, error_class, said):
    async def sign(data):
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    github = FakeGitHub()
    async with github.sdk(github.app(private_key=sign)) as sdk:
        with pytest.raises(error_class, match=said) as caught:
            await sdk.request("GET", "/app")
    assert "s3cret" not in str(caught.value)
    assert github.seen == []


# ------------------------------------------------------------------ tokens of installations


async def test_fifty_cold_callers_mint_once_also_when_the_first_is_cancelled():
    github = FakeGitHub()
    async with github.sdk(pacing=None) as sdk:
        calls = [asyncio.ensure_future(call(sdk.as_installation(42))) for _ in range(50)]
        await asyncio.sleep(0)
        calls[0].cancel()
        results = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert results[1:] == [{"token": "ghs_1"}] * 49
    assert github.count["mint"] == 1


async def test_ten_callers_after_a_revocation_are_all_answered_with_one_more_mint():
    github = FakeGitHub()
    async with github.sdk(pacing=None) as sdk:
        view = sdk.as_installation(42)
        await call(view)
        github.clock.time += 100
        github.tokens.clear()
        results = await asyncio.gather(*(call(view, "POST") for _ in range(10)))
    assert results == [{"token": "ghs_2"}] * 10
    assert github.count["mint"] == 2


async def test_one_pacer_place_is_enough_for_call_and_mint():
    github = FakeGitHub()
    async with github.sdk(pacing=Pacing(max_concurrency=1)) as sdk:
        views = [sdk.as_installation(42) for _ in range(5)]
        assert await asyncio.gather(*map(call, views)) == [{"token": "ghs_1"}] * 5


async def test_a_token_is_renewed_in_the_background_and_waited_for_at_the_end():
    github = FakeGitHub()
    async with github.sdk() as sdk:
        view = sdk.as_installation(42)
        await call(view)
        github.clock.time += 3600 - 599
        assert await call(view) == {"token": "ghs_1"}
        await settle()
        assert github.count["mint"] == 2
        github.clock.time += 3600 - 299
        assert await call(view) == {"token": "ghs_3"}


async def test_the_lifetime_counts_by_github_s_clock():
    github = FakeGitHub(skew=-3000)
    async with github.sdk() as sdk:
        view = sdk.as_installation(42)
        await call(view)
        github.clock.time += 2000
        assert await call(view) == {"token": "ghs_1"}


async def test_an_outage_of_the_mint_is_no_error_while_the_token_lives():
    github = FakeGitHub()
    async with github.sdk(retry=None) as sdk:
        view = sdk.as_installation(42)
        await call(view)
        github.clock.time += 3400
        github.status_of_mint = [502] * 9
        assert await call(view) == {"token": "ghs_1"}
        github.clock.time += 300
        with pytest.raises(ServerError) as caught:
            await call(view)
        assert caught.value.credentials is True


async def test_a_mint_is_sent_again_after_a_failure():
    github = FakeGitHub()
    github.status_of_mint = [502, 503]
    async with github.sdk() as sdk:
        assert await call(sdk.as_installation(42)) == {"token": "ghs_3"}


async def test_replication_is_waited_for_without_another_mint():
    github = FakeGitHub()
    github.replication = 2.5
    async with github.sdk() as sdk:
        assert await call(sdk.as_installation(42)) == {"token": "ghs_1"}
    assert github.clock.slept == [1.0, 2.0]
    assert github.count == Counter(call=3, jwt=1, mint=1)


async def test_permissions_of_a_scoped_token_are_waited_for():
    github = FakeGitHub()
    github.replication, github.forbidden_at_first = 1.5, True
    async with github.sdk() as sdk:
        view = sdk.as_installation(42, permissions={"issues": "read"})
        assert await call(view) == {"token": "ghs_1"}
        assert github.clock.slept == [1.0, 2.0]
        with pytest.raises(Exception, match="not accessible"):
            await call(sdk.as_installation(42))
    assert github.clock.slept == [1.0, 2.0]


async def test_an_app_that_was_removed_at_once_is_told_after_the_wait():
    github = FakeGitHub()
    async with github.sdk() as sdk:
        view = sdk.as_installation(42)
        await call(view)
        github.gone = True
        github.tokens.clear()
        with pytest.raises(InstallationGone):
            await call(view)
    assert sum(github.clock.slept) >= 5


async def test_a_token_that_is_always_refused_ends_in_the_api_s_error():
    github = FakeGitHub()
    async with github.sdk() as sdk:
        view = sdk.as_installation(42)
        await call(view)
        github.clock.time += 100
        github.replication = 10**6
        github.tokens.clear()
        with pytest.raises(Unauthorized):
            await call(view)
    assert github.count["mint"] == 2


async def test_an_installation_that_is_gone_or_suspended_has_an_error_of_its_own():
    github = FakeGitHub()
    async with github.sdk() as sdk:
        view = sdk.as_installation(42)
        await call(view)
        github.suspended = True
        with pytest.raises(InstallationSuspended, match=r"Installation 42 .* is suspended"):
            await call(view)
        with pytest.raises(InstallationSuspended, match="answered 403") as caught:
            await call(view)
        assert caught.value.status == 403
        github.suspended, github.gone = False, True
        with pytest.raises(InstallationGone, match="answered 404") as caught:
            await call(view)
        assert isinstance(caught.value.__cause__, NotFound)
        github.gone = False
        assert (await call(view))["token"].startswith("ghs_")


async def test_a_scope_that_the_installation_has_not_is_refused_by_name():
    github = FakeGitHub()
    github.status_of_mint = [422]
    async with github.sdk() as sdk:
        with pytest.raises(ScopeRefused, match=r"permissions=\{'issues': 'write'\}"):
            await call(sdk.as_installation(42, permissions={"issues": "write"}))


async def test_closing_ends_a_mint_that_is_under_way():
    github = FakeGitHub()
    github.hold = asyncio.Event()
    async with github.sdk() as sdk:
        waiting = asyncio.ensure_future(call(sdk.as_installation(42)))
        await settle()
        waiting.cancel()
        await asyncio.wait([waiting])
        github.hold.set()
        await settle()
    assert github.count["mint"] == 1


def test_two_event_loops_use_one_app():
    github = FakeGitHub()
    app = github.app()

    async def one():
        async with github.sdk(app) as sdk:
            return await call(sdk.as_installation(42))

    assert asyncio.run(one()) == asyncio.run(one()) == {"token": "ghs_1"}


async def test_a_token_goes_to_no_other_api():
    ours, theirs = FakeGitHub(), FakeGitHub()
    theirs.count["mint"] = 100
    app = ours.app()
    async with ours.sdk(app) as one, theirs.sdk(app, base_url="https://ghes.example/api/v3") as two:
        assert await call(one.as_installation(42)) == {"token": "ghs_1"}
        assert await call(two.as_installation(42)) == {"token": "ghs_101"}
    assert "Bearer ghs_1" not in [auth for _, _, auth in theirs.seen]


# ------------------------------------------------------------------ scopes


async def test_the_same_scope_in_another_order_shares_a_token():
    github = FakeGitHub()
    async with github.sdk() as sdk:
        one = sdk.as_installation(
            42, repositories=["b", "a"], permissions={"issues": "read", "contents": "write"}
        )
        two = sdk.as_installation(
            42, repositories=["a", "b", "a"], permissions={"contents": "write", "issues": "read"}
        )
        assert await call(one) == await call(two)
    assert [json.loads(body) for body in github.bodies] == [
        {"repositories": ["a", "b"], "permissions": {"contents": "write", "issues": "read"}}
    ]


async def test_write_and_admin_are_two_tokens():
    github = FakeGitHub()
    async with github.sdk() as sdk:
        levels = [
            sdk.as_installation(42, permissions={"repository_projects": level})
            for level in ("write", "admin")
        ]
        assert await call(levels[0]) != await call(levels[1])
        assert await call(sdk.as_installation(42)) not in [await call(view) for view in levels]
    assert github.count["mint"] == 3


def test_a_scope_pays_as_its_installation_and_sees_less():
    app = FakeGitHub().app()
    whole, part = app.installation(42), app.installation(42, repositories=["a"])
    assert identity_of(whole) == identity_of(part) == f"app:{CLIENT_ID}/42"
    assert sees_of(whole) == identity_of(whole) != sees_of(part)
    assert identity_of(app.installation(43)) != identity_of(whole)


WRONG_SCOPES = {
    "both": (
        {"repositories": ["a"], "repository_ids": [1]},
        "either repositories or repository_ids, not both",
    ),
    "too many": ({"repositories": [f"r{n}" for n in range(501)]}, "501; .* at most 500"),
    "too many ids": ({"repository_ids": list(range(1, 502))}, "501; .* at most 500"),
    "empty": ({"repositories": []}, "repositories is empty. Leave it out for all"),
    "text": ({"repositories": "abc"}, "must be a list, not str"),
    "with owner": ({"repositories": ["o/r"]}, "without the owner"),
    "ids as text": ({"repository_ids": ["1"]}, "holds whole numbers"),
    "a level it has not": (
        {"permissions": {"issues": "admin"}},
        "'issues' is 'read' or 'write', not 'admin'",
    ),
    "unknown": ({"permissions": {"isues": "read"}}, "no permission 'isues'. Did you mean 'issues'"),
    "no mapping": ({"permissions": ["issues"]}, "must be a mapping"),
    "no permissions": ({"permissions": {}}, "permissions is empty"),
}


@pytest.mark.parametrize("name", WRONG_SCOPES)
def test_a_scope_that_cannot_be_is_refused_before_anything_is_sent(name):
    scope, said = WRONG_SCOPES[name]
    with pytest.raises(InvalidInput, match=said):
        FakeGitHub().app().installation(42, **scope)


@pytest.mark.parametrize("wrong", ["42", 0, -1, True, None, 1.5])
def test_an_installation_id_is_a_whole_number(wrong):
    with pytest.raises(InvalidInput, match="An installation id is a whole number"):
        FakeGitHub().app().installation(wrong)


# ------------------------------------------------------------------ views


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


async def test_the_installation_is_found_by_repository_organization_or_user_and_kept():
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


async def test_that_it_is_not_installed_is_kept_too():
    github = FakeGitHub()
    github.gone = True
    async with github.sdk() as sdk:
        for _ in range(3):
            with pytest.raises(NotFound) as caught:
                await sdk.for_repo("o", "r")
            assert caught.value.status == 404
    assert github.count["lookup"] == 1


async def test_without_an_app_the_fix_is_named():
    async with FakeGitHub().sdk() as sdk:
        assert (await sdk.for_repo("o", "r")).as_installation(43) is not None
    plain = Sdk(token=None)
    with pytest.raises(InvalidInput, match=r"Write Sdk\(app=GitHubApp\("):
        plain.as_installation(42)
    with pytest.raises(InvalidInput, match=r"Write Sdk\(app=GitHubApp\("):
        await plain.for_repo("o", "r")


def test_an_app_goes_with_no_other_credentials():
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


# ------------------------------------------------------------------ revocation


async def test_tokens_are_revoked_at_close_on_request():
    for revoke in (True, False):
        github = FakeGitHub()
        sdk = github.sdk(github.app(revoke_at_close=revoke))
        async with sdk:
            await call(sdk.as_installation(42))
            await call(sdk.as_installation(43))
            github.tokens.pop("ghs_2")
        assert github.count["revoke"] == (2 if revoke else 0)
        assert (github.tokens == {}) is revoke


# ------------------------------------------------------------------ making one


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
def test_an_app_that_cannot_be_is_refused_with_the_fix(name):
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
def test_what_is_wrong_in_the_environment_is_named(monkeypatch, variables, said):
    environment(monkeypatch, **variables)
    with pytest.raises(InvalidInput, match=said) as caught:
        GitHubApp.from_env()
    assert "s3cret" not in str(caught.value)


def test_nothing_shows_a_secret():
    app = FakeGitHub().app(client_secret="s3cret", webhook_secret="s3cret")
    shown = repr([app, app.auth, app.installation(42), app._key, vars(app)["auth"]])
    assert "s3cret" not in shown
    assert not re.search("BEGIN|PRIVATE", shown)
    assert repr(app) == f"GitHubApp('{CLIENT_ID}')"


def test_a_file_may_be_given_as_a_path(tmp_path):
    file = Path(tmp_path) / "app.pem"
    file.write_text(pem())
    assert FakeGitHub().app(private_key=file).fingerprint.startswith("SHA256:")
