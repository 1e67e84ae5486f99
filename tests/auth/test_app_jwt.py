"""The JWT of a GitHub App: dates, wrong clocks, refused keys, signing functions."""

import asyncio

import jwt
import pytest

from sdk import InvalidInput
from sdk.auth.errors import (
    AppRefused,
    CredentialsError,
)
from sdk.auth.keys import read_private_key
from tests.auth.app_calls import call
from tests.auth.fake_github import CLIENT_ID, FakeGitHub
from tests.auth.keys import pem, public_pem, rsa_key, text


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
            # Each iteration needs a new JWT.
            github.clock.time += 500
        assert (await call(sdk.as_installation(42)))["token"] == "ghs_1"
        github.clock.time += 2000
        assert (await call(sdk.as_installation(42)))["token"] == "ghs_1"
    # A JWT from a clock that is 90 s behind is valid.
    assert github.count["jwt"] == 5 + 1 + (skew != 90)
    assert github.count["mint"] == 1


async def test_each_of_ten_concurrent_calls_with_a_wrong_clock_is_sent_again_once():
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


async def test_an_unknown_app_id_is_an_error_with_github_s_message():
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
async def test_a_signing_function_that_fails_is_named_in_the_error(outcome, error_class, said):
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
