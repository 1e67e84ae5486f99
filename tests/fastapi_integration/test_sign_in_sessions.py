"""Sessions of signed-in users: who is signed in, for how long, and with which token."""

import asyncio

import pytest

from fastapi_integration import (
    MemorySessions,
    SignedIn,
)
from sdk import InvalidInput
from sdk.auth import UserToken
from tests.fastapi_integration.sign_in_fake import (
    GitHub,
    browser,
    make_app,
    sign_in_with,
)


@pytest.fixture
def github():
    return GitHub()


async def test_a_session_gets_a_new_id_at_each_sign_in(github):
    async with browser(make_app(github)) as client:
        await sign_in_with(client, github)
        before = dict(client.cookies)["__Host-gh-session"]
        await sign_in_with(client, github, user="hubot")
        after = dict(client.cookies)["__Host-gh-session"]
        assert before != after
        assert (await client.get("/who")).json() == "hubot 5"
        client.cookies.set("__Host-gh-session", before, domain="app.example", path="/")
        old = await client.get("/who", headers={"cookie": f"__Host-gh-session={before}"})
        assert old.status_code == 200
    other = make_app(github)
    async with browser(other) as client:
        client.cookies.set("__Host-gh-session", before)
        assert (await client.get("/who")).json() == "nobody"


async def test_a_browser_is_sent_to_sign_in_and_others_get_a_401(github):
    for handlers in (True, False):
        async with browser(make_app(github, handlers=handlers)) as client:
            page = await client.get("/me?a=1&b=2", headers={"accept": "text/html,*/*"})
            assert page.status_code == 303
            assert page.headers["location"] == "/login?return_to=/me%3Fa%3D1%26b%3D2"
            api = await client.get("/me")
            assert api.status_code == 401
            assert api.headers["www-authenticate"] == "Bearer"
            if handlers:
                assert api.headers["content-type"] == "application/problem+json"
                assert api.json()["type"] == "urn:problem-type:upstream:signed-out"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://app.example.evil"])
async def test_another_site_cannot_sign_out(github, origin):
    async with browser(make_app(github)) as client:
        await sign_in_with(client, github)
        response = await client.post("/logout", headers={"origin": origin})
        assert response.status_code == 403
        response = await client.post("/logout", headers={"sec-fetch-site": "cross-site"})
        assert response.status_code == 403
        assert (await client.get("/who")).json() == "octocat 7"


async def test_ten_requests_with_an_expired_token_renew_it_once(github):
    async with browser(make_app(github)) as client:
        await sign_in_with(client, github)
        github.clock.time += 28800
        responses = await asyncio.gather(*(client.get("/me") for _ in range(10)))
        assert [response.json() for response in responses] == ["octocat"] * 10
        assert github.renewals == 1
        assert (await client.get("/me")).json() == "octocat"
    assert github.renewals == 1


async def test_a_user_who_revoked_access_has_to_sign_in_again(github):
    async with browser(make_app(github)) as client:
        await sign_in_with(client, github)
        github.revoked.update(github.users)
        github.refresh_tokens.clear()
        assert (await client.get("/me")).status_code == 401


async def test_a_session_expires(github):
    async with browser(make_app(github, session_seconds=3600)) as client:
        await sign_in_with(client, github)
        github.clock.time += 3601
        assert (await client.get("/who")).json() == "nobody"


async def test_renewing_the_token_does_not_prolong_the_session(github):
    async with browser(make_app(github, session_seconds=100_000)) as client:
        await sign_in_with(client, github)
        for _ in range(3):
            github.clock.time += 30_000
            assert (await client.get("/me")).json() == "octocat"
        assert github.renewals == 3
        github.clock.time += 10_001
        assert (await client.get("/who")).json() == "nobody"


async def test_a_token_that_is_renewed_at_the_end_of_its_session_is_not_kept(github):
    sessions = MemorySessions(monotonic=lambda: github.clock.time)
    async with browser(make_app(github, sessions=sessions, session_seconds=30_000)) as client:
        await sign_in_with(client, github)
        github.clock.time += 29_990
        renewing = github._exchange

        def slow(form):
            github.clock.time += 20
            return renewing(form)

        github._exchange = slow
        assert (await client.get("/me")).json() == "octocat"
        assert (await client.get("/who")).json() == "nobody"


async def test_session_ids_are_not_stored_and_tokens_are_not_sent(github):
    sessions = MemorySessions(monotonic=lambda: github.clock.time)
    app = make_app(github, sessions=sessions)
    async with browser(app) as client:
        await sign_in_with(client, github)
        cookie = dict(client.cookies)["__Host-gh-session"]
        openapi = (await client.get("/openapi.json")).text
    assert cookie not in repr(sessions._sessions)
    assert "pl4nted" not in repr(sessions) + repr(sessions._sessions) + openapi + repr(
        dict(client.cookies)
    )
    assert "/login" not in openapi


async def test_memory_sessions_are_bounded_and_expire():
    now = [0.0]
    sessions = MemorySessions(2, monotonic=lambda: now[0])
    user = SignedIn(1, "a", UserToken("t"))
    for key in "abc":
        await sessions.save(key, user, 10)
    assert [await sessions.read(key) for key in "abc"] == [None, user, user]
    now[0] = 11
    assert await sessions.read("b") is None
    await sessions.delete("b")
    lock = sessions.lock("c")
    assert sessions.lock("c") is lock
    assert repr(sessions) == "MemorySessions(1 sessions)"


def test_a_store_of_no_sessions_is_refused():
    with pytest.raises(InvalidInput, match="max_sessions"):
        MemorySessions(0)
