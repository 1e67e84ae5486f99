"""Tokens of installations: minting, renewal, refusal, revocation."""

import asyncio
from collections import Counter

import pytest

from sdk import Forbidden, NotFound, Pacing, Sdk, ServerError, Unauthorized
from sdk.auth.errors import (
    InstallationGone,
    InstallationSuspended,
    ScopeRefused,
)
from tests.auth.app_calls import call
from tests.auth.fake_github import FakeGitHub
from tests.faults import HANG, FaultServer
from tests.transport.support import turns


async def test_fifty_concurrent_callers_mint_one_token_even_if_the_first_is_cancelled():
    github = FakeGitHub()
    async with github.sdk(pacing=None) as sdk:
        calls = [asyncio.ensure_future(call(sdk.as_installation(42))) for _ in range(50)]
        await asyncio.sleep(0)
        calls[0].cancel()
        results = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert results[1:] == [{"token": "ghs_1"}] * 49
    assert github.count["mint"] == 1


async def test_after_a_revocation_ten_callers_succeed_with_one_more_mint():
    github = FakeGitHub()
    async with github.sdk(pacing=None) as sdk:
        view = sdk.as_installation(42)
        await call(view)
        github.clock.time += 100
        github.tokens.clear()
        results = await asyncio.gather(*(call(view, "POST") for _ in range(10)))
    assert results == [{"token": "ghs_2"}] * 10
    assert github.count["mint"] == 2


async def test_one_concurrent_call_is_enough_for_a_call_and_its_mint():
    github = FakeGitHub()
    async with github.sdk(pacing=Pacing(max_concurrency=1)) as sdk:
        views = [sdk.as_installation(42) for _ in range(5)]
        assert await asyncio.gather(*map(call, views)) == [{"token": "ghs_1"}] * 5


async def test_a_token_is_renewed_in_the_background_and_waited_for_only_shortly_before_it_expires():
    github = FakeGitHub()
    async with github.sdk() as sdk:
        view = sdk.as_installation(42)
        await call(view)
        github.clock.time += 3600 - 599
        assert await call(view) == {"token": "ghs_1"}
        await turns()
        assert github.count["mint"] == 2
        github.clock.time += 3600 - 299
        assert await call(view) == {"token": "ghs_3"}


async def test_the_lifetime_is_measured_by_github_s_clock():
    github = FakeGitHub(skew=-3000)
    async with github.sdk() as sdk:
        view = sdk.as_installation(42)
        await call(view)
        github.clock.time += 2000
        assert await call(view) == {"token": "ghs_1"}


async def test_a_failed_mint_is_not_an_error_while_the_token_is_valid():
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


async def test_a_new_token_is_retried_until_it_is_replicated_without_another_mint():
    github = FakeGitHub()
    github.replication = 2.5
    async with github.sdk() as sdk:
        assert await call(sdk.as_installation(42)) == {"token": "ghs_1"}
    assert github.clock.slept == [1.0, 2.0]
    assert github.count == Counter(call=3, jwt=1, mint=1)


async def test_a_403_for_a_new_scoped_token_is_retried():
    github = FakeGitHub()
    github.replication, github.forbidden_at_first = 1.5, True
    async with github.sdk() as sdk:
        view = sdk.as_installation(42, permissions={"issues": "read"})
        assert await call(view) == {"token": "ghs_1"}
        assert github.clock.slept == [1.0, 2.0]
        with pytest.raises(Forbidden, match="not accessible"):
            await call(sdk.as_installation(42))
    assert github.clock.slept == [1.0, 2.0]


async def test_an_app_that_was_just_removed_is_reported_after_the_retries():
    github = FakeGitHub()
    async with github.sdk() as sdk:
        view = sdk.as_installation(42)
        await call(view)
        github.gone = True
        github.tokens.clear()
        with pytest.raises(InstallationGone):
            await call(view)
    assert sum(github.clock.slept) >= 5


async def test_a_token_that_is_always_refused_raises_the_api_s_error():
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


async def test_a_scope_that_was_not_granted_is_named_in_the_error():
    github = FakeGitHub()
    github.status_of_mint = [422]
    async with github.sdk() as sdk:
        with pytest.raises(ScopeRefused, match=r"permissions=\{'issues': 'write'\}"):
            await call(sdk.as_installation(42, permissions={"issues": "write"}))


async def test_closing_ends_a_mint_that_no_caller_waits_for():
    async with FaultServer([HANG]) as server:
        before = asyncio.all_tasks()
        async with Sdk(app=FakeGitHub().app(), base_url=server.url) as sdk:
            waiting = asyncio.ensure_future(call(sdk.as_installation(42)))
            await server.arrived.wait()
            waiting.cancel()
            await asyncio.wait([waiting])
            assert asyncio.all_tasks() > before
        await turns()
        assert asyncio.all_tasks() == before
    assert server.requests[0].path == "/app/installations/42/access_tokens"


def test_one_app_works_on_two_event_loops():
    github = FakeGitHub()
    app = github.app()

    async def one():
        async with github.sdk(app) as sdk:
            return await call(sdk.as_installation(42))

    assert asyncio.run(one()) == asyncio.run(one()) == {"token": "ghs_1"}


async def test_a_token_is_sent_to_its_own_api_only():
    ours, theirs = FakeGitHub(), FakeGitHub()
    theirs.count["mint"] = 100
    app = ours.app()
    async with ours.sdk(app) as one, theirs.sdk(app, base_url="https://ghes.example/api/v3") as two:
        assert await call(one.as_installation(42)) == {"token": "ghs_1"}
        assert await call(two.as_installation(42)) == {"token": "ghs_101"}
    assert "Bearer ghs_1" not in [auth for _, _, auth in theirs.seen]


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
