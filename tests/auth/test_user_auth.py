"""A signed-in user's token: refreshed once for all callers, saved before it is used."""

import asyncio
from contextlib import asynccontextmanager

import httpx
import pytest

from sdk import ConnectFailed, InvalidInput, Sdk, Unauthorized
from sdk.auth import OAuthApp, UserAuth, UserToken
from sdk.auth.errors import SignInExpired
from sdk.transport.auth import identity_of
from sdk.transport.single_flight import SingleFlight
from tests.transport.support import FakeClock, turns

APP = OAuthApp("Iv23liTest", "pl4nted")


class GitHub:
    """Refreshes each pair of tokens once, and accepts the newest token only."""

    def __init__(self):
        self.clock = FakeClock()
        self.number = 1
        self.renewals = 0
        self.down = False
        self.used = []

    def token(self, number=1, **changes):
        fields = {
            "token": f"ghu_{number}",
            "expires_at": self.clock.time + 28800,
            "refresh_token": f"ghr_{number}",
        }
        return UserToken(**(fields | changes))

    async def __call__(self, request):
        await asyncio.sleep(0)
        if request.url.path == "/login/oauth/access_token":
            if self.down:
                raise httpx.ConnectError("down")
            self.renewals += 1
            if f"refresh_token=ghr_{self.number}" not in request.content.decode():
                return httpx.Response(200, json={"error": "bad_refresh_token"})
            self.number += 1
            body = {
                "access_token": f"ghu_{self.number}",
                "expires_in": 28800,
                "refresh_token": f"ghr_{self.number}",
            }
            return httpx.Response(200, json=body)
        token = request.headers["authorization"].removeprefix("Bearer ")
        self.used.append(token)
        return httpx.Response(200 if token == f"ghu_{self.number}" else 401, json={"is": token})

    def sdk(self, auth, **options):
        client = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return Sdk(auth=auth, http_client=client, clock=self.clock.clock, pacing=None, **options)


class Store:
    """Tokens in memory with a lock, shared as between processes."""

    def __init__(self):
        self.tokens = {}
        self.locked = asyncio.Lock()
        self.log = []

    async def read(self, key):
        self.log.append("read")
        return self.tokens.get(key)

    async def save(self, key, token):
        self.log.append("save")
        self.tokens[key] = token

    @asynccontextmanager
    async def lock(self, key):
        async with self.locked:
            self.log.append(f"lock {key}")
            yield
            self.log.append("unlock")


async def call(sdk, method="GET"):
    return (await sdk.request(method, "/user")).json()["is"]


async def test_ten_callers_with_an_expired_token_refresh_it_once():
    github = GitHub()
    auth = UserAuth(APP, github.token(expires_at=github.clock.time - 1))
    async with github.sdk(auth) as sdk:
        assert await asyncio.gather(*(call(sdk) for _ in range(10))) == ["ghu_2"] * 10
    assert github.renewals == 1


async def test_a_token_is_refreshed_5_minutes_before_it_expires():
    github = GitHub()
    auth = UserAuth(APP, github.token())
    async with github.sdk(auth) as sdk:
        github.clock.time += 28800 - 301
        assert await call(sdk) == "ghu_1"
        github.clock.time += 2
        assert await call(sdk) == "ghu_2"


async def test_new_tokens_are_saved_before_they_are_used():
    github, saved = GitHub(), []

    async def save(token):
        assert "ghu_2" not in github.used
        await asyncio.sleep(0)
        saved.append(token)

    auth = UserAuth(APP, github.token(expires_at=0.0), save=save)
    async with github.sdk(auth) as sdk:
        assert await call(sdk) == "ghu_2"
    assert [token.token for token in saved] == ["ghu_2"]
    assert auth.token == saved[0]


async def test_a_cancelled_caller_does_not_lose_the_new_tokens():
    github, saved, go = GitHub(), [], asyncio.Event()

    async def save(token):
        await go.wait()
        saved.append(token)

    auth = UserAuth(APP, github.token(expires_at=0.0), save=save)
    async with github.sdk(auth) as sdk:
        caller = asyncio.ensure_future(call(sdk))
        await turns()
        caller.cancel()
        await asyncio.wait([caller])
        later = asyncio.ensure_future(call(sdk))
        await asyncio.sleep(0)
        go.set()
        assert await later == "ghu_2"
    assert github.renewals == 1
    assert len(saved) == 1


async def test_tokens_that_cannot_be_saved_are_kept_and_saved_at_the_next_use(caplog):
    github, saved, broken = GitHub(), [], [True]

    async def save(token):
        if broken:
            raise OSError("pl4nted")
        saved.append(token.token)

    auth = UserAuth(APP, github.token(expires_at=0.0), save=save)
    async with github.sdk(auth) as sdk:
        assert await call(sdk) == "ghu_2"
        broken.clear()
        assert await call(sdk) == "ghu_2"
        assert await call(sdk) == "ghu_2"
    assert saved == ["ghu_2"]
    assert "could not be saved (OSError)" in caplog.text
    for secret in ("ghu_", "ghr_", "pl4nted"):
        assert secret not in caplog.text


async def test_a_refused_token_is_refreshed_once_for_all_callers():
    github = GitHub()
    auth = UserAuth(APP, github.token(1, token="ghu_revoked"))
    async with github.sdk(auth) as sdk:
        assert await asyncio.gather(*(call(sdk, "POST") for _ in range(10))) == ["ghu_2"] * 10
    assert github.renewals == 1


async def test_with_a_store_the_refresh_holds_its_lock_and_reads_it_first():
    github, store = GitHub(), Store()
    store.tokens["7"] = github.token()
    auth = UserAuth(APP, github.token(expires_at=0.0), key="7", store=store)
    async with github.sdk(auth) as sdk:
        assert await call(sdk) == "ghu_2"
    assert store.log == ["lock refresh:7", "read", "save", "unlock"]
    assert store.tokens["7"].token == "ghu_2"


async def test_a_token_that_another_process_refreshed_is_used():
    github, store = GitHub(), Store()
    processes = [
        UserAuth(APP, github.token(expires_at=0.0), key="7", store=store) for _ in range(8)
    ]
    async with github.sdk(None) as sdk:
        views = [sdk.with_options(auth=auth) for auth in processes]
        assert await asyncio.gather(*map(call, views)) == ["ghu_2"] * 8
    assert github.renewals == 1


async def test_objects_of_one_process_can_share_their_refreshes():
    github, flight = GitHub(), SingleFlight()
    auths = [
        UserAuth(APP, github.token(expires_at=0.0), key="7", renewals=flight) for _ in range(8)
    ]
    async with github.sdk(None) as sdk:
        views = [sdk.with_options(auth=auth) for auth in auths]
        assert await asyncio.gather(*map(call, views)) == ["ghu_2"] * 8
    assert github.renewals == 1


async def test_a_used_refresh_token_raises_sign_in_expired():
    github = GitHub()
    auth = UserAuth(APP, github.token(9, expires_at=0.0))
    async with github.sdk(auth) as sdk:
        with pytest.raises(SignInExpired, match=r"bad_refresh_token.*sign in again") as caught:
            await call(sdk)
    assert caught.value.on_behalf is True
    assert caught.value.credentials is True
    assert "ghr_" not in str(caught.value)


async def test_an_expired_token_without_a_refresh_token_raises_sign_in_expired():
    github = GitHub()
    expired = UserToken("ghu_1", expires_at=github.clock.time - 1)
    async with github.sdk(UserAuth(APP, expired)) as sdk:
        with pytest.raises(SignInExpired, match="has expired"):
            await call(sdk)
    async with github.sdk(UserAuth(APP, UserToken("gho_other"))) as sdk:
        with pytest.raises(Unauthorized) as caught:
            await call(sdk)
        assert caught.value.on_behalf is True


async def test_a_failed_refresh_is_not_an_error_while_the_token_is_valid():
    github = GitHub()
    github.down = True
    auth = UserAuth(APP, github.token())
    async with github.sdk(auth, retry=None) as sdk:
        github.clock.time += 28800 - 100
        assert await call(sdk) == "ghu_1"
        github.clock.time += 101
        with pytest.raises(ConnectFailed):
            await call(sdk)


async def test_users_have_separate_identities_and_reprs_without_secrets():
    one, two = UserAuth(APP, UserToken("ghu_a")), UserAuth(APP, UserToken("ghu_b"))
    assert identity_of(one) != identity_of(two)
    assert identity_of(UserAuth(APP, UserToken("ghu_a"), key="7")) == "user:Iv23liTest:7"
    assert "ghu_" not in repr(one) + one.identity
    with pytest.raises(InvalidInput, match="needs a client"):
        await one.headers()
