"""OAuth 2.0 client credentials: one token for all callers, renewed before its end."""

import asyncio
from urllib.parse import parse_qs

import httpx
import pytest

from sdk import ClientCredentials, ConnectFailed, CredentialsError, InvalidInput, Unauthorized
from tests.transport.support import Api, FakeClock, Upstream, turns

SECRET = "pl4nted/s3cret"
URL = "https://login.example.com/oauth/token"


class Server:
    """An API and its token server."""

    def __init__(self, lifetime=3600, **answer):
        self.asked = []
        self.good = None
        self.down = False
        self.answer = answer
        self.lifetime = lifetime
        self.calls = []

    async def __call__(self, request):
        if request.url.host != "login.example.com":
            self.calls.append(request)
            good = request.headers["authorization"] == f"Bearer {self.good}"
            return httpx.Response(200 if good else 401, json={})
        await asyncio.sleep(0)
        self.asked.append(request)
        if self.down:
            raise httpx.ConnectError("down")
        self.good = f"token-{len(self.asked)}"
        body = {"access_token": self.good, "token_type": "Bearer", "expires_in": self.lifetime}
        return httpx.Response(200, json=body | self.answer)

    def api(self, auth, clock=None, **options):
        client = httpx.AsyncClient(transport=httpx.MockTransport(self))
        return Api(
            http_client=client,
            auth=auth,
            clock=(clock or FakeClock()).clock,
            pacing=None,
            **options,
        )


def credentials(**options):
    return ClientCredentials(URL, "billing", SECRET, ["invoices", "read"], **options)


async def test_the_request_is_that_of_the_rfc():
    server = Server()
    async with server.api(credentials(extra={"audience": "x"}), headers={"x-key": "mine"}) as api:
        await api.request("GET", "/x")
    (asked,) = server.asked
    assert str(asked.url) == URL
    assert asked.method == "POST"
    assert parse_qs(asked.content.decode()) == {
        "grant_type": ["client_credentials"],
        "scope": ["invoices read"],
        "audience": ["x"],
    }
    assert (
        httpx.BasicAuth("billing", "pl4nted%2Fs3cret")._auth_header
        == asked.headers["authorization"]
    )
    # What the client sends to its own API is not for another host.
    assert "x-key" not in asked.headers
    assert server.calls[0].headers["x-key"] == "mine"


async def test_id_and_secret_can_be_sent_in_the_body():
    server = Server()
    async with server.api(credentials(secret_in_body=True)) as api:
        await api.request("GET", "/x")
    form = parse_qs(server.asked[0].content.decode())
    assert (form["client_id"], form["client_secret"]) == (["billing"], [SECRET])
    assert "authorization" not in server.asked[0].headers


async def test_fifty_callers_fetch_one_token_even_if_the_first_is_cancelled():
    server = Server()
    async with server.api(credentials()) as api:
        calls = [asyncio.ensure_future(api.request("GET", "/x")) for _ in range(50)]
        await asyncio.sleep(0)
        calls[0].cancel()
        results = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert all(result.status == 200 for result in results[1:])
    assert len(server.asked) == 1


async def test_a_token_is_renewed_in_the_background_and_later_waited_for():
    server, clock = Server(lifetime=3600), FakeClock()
    async with server.api(credentials(), clock) as api:
        await api.request("GET", "/x")
        clock.time += 2990
        await api.request("GET", "/x")
        assert len(server.asked) == 1
        clock.time += 20
        old = server.good
        call = await api.request("GET", "/x")
        assert call.status == 200
        assert server.calls[-1].headers["authorization"] == f"Bearer {old}"
        await turns()
        assert len(server.asked) == 2
        clock.time += 3400
        await api.request("GET", "/x")
        assert len(server.asked) == 3


async def test_a_failed_renewal_is_not_an_error_while_the_token_is_valid():
    server, clock = Server(lifetime=3600), FakeClock()
    async with server.api(credentials(), clock, retry=None) as api:
        await api.request("GET", "/x")
        server.down = True
        clock.time += 3010
        assert (await api.request("GET", "/x")).status == 200
        await turns()
        assert len(server.asked) == 2
        # Not again at once.
        assert (await api.request("GET", "/x")).status == 200
        await turns()
        assert len(server.asked) == 2
        clock.time += 350
        assert (await api.request("GET", "/x")).status == 200
        clock.time += 300
        with pytest.raises(ConnectFailed) as caught:
            await api.request("GET", "/x")
        assert caught.value.credentials is True
        assert "Credentials were needed for GET /x" in caught.value.__notes__
        server.down = False
        assert (await api.request("GET", "/x")).status == 200


async def test_a_refused_token_is_replaced_once_for_all_callers():
    server = Server()
    async with server.api(credentials()) as api:
        await api.request("GET", "/x")
        server.good = "revoked"
        results = await asyncio.gather(*(api.request("POST", "/x") for _ in range(10)))
        assert [result.status for result in results] == [200] * 10
    assert len(server.asked) == 2


async def test_a_token_that_is_never_accepted_raises_after_two_requests():
    server = Server()
    async with server.api(credentials()) as api:
        server.answer = {"access_token": "never-good"}
        with pytest.raises(Unauthorized):
            await api.request("GET", "/x")
    assert len(server.calls) == 2


async def test_a_token_without_a_lifetime_is_used_until_it_is_refused():
    server, clock = Server(lifetime=None), FakeClock()
    async with server.api(credentials(), clock) as api:
        await api.request("GET", "/x")
        clock.time += 10**7
        await api.request("GET", "/x")
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_refused_client_is_an_error_of_its_own(status):
    refused = httpx.Response(status, json={"error": "invalid_client"})
    async with Upstream(refused).api(auth=credentials()) as api:
        with pytest.raises(CredentialsError, match=f"refused the client.*{status}") as caught:
            await api.request("GET", "/x")
    assert caught.value.status == status
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"no JSON",
        b"[]",
        b"{}",
        b'{"access_token": 7}',
        b'{"access_token": "a\\nb"}',
        b'{"access_token": "t", "token_type": "mac"}',
    ],
)
async def test_a_response_without_a_bearer_token_is_an_error(body):
    async with Upstream(httpx.Response(200, content=body)).api(auth=credentials()) as api:
        with pytest.raises(CredentialsError, match="without a bearer token"):
            await api.request("GET", "/x")


WRONG = {
    "no address": (("login", "a", SECRET), "token_url must be an address"),
    "plain http": (("http://login.example.com/t", "a", SECRET), "must begin with https"),
    "query": ((f"{URL}?a=b", "a", SECRET), "no user name, password, query"),
    "password": (("https://a:b@login.example.com/t", "a", SECRET), "no user name, password"),
    "no id": ((URL, "", SECRET), "must be text that is not empty"),
    "no secret": ((URL, "a", ""), "must be text that is not empty"),
    "scopes as text": ((URL, "a", SECRET, "read"), "scopes must be a list"),
    "scope": ((URL, "a", SECRET, ["a b"]), "A scope is a word"),
}


@pytest.mark.parametrize("name", WRONG)
def test_invalid_arguments_are_refused_and_the_secret_is_not_shown(name):
    arguments, said = WRONG[name]
    with pytest.raises(InvalidInput, match=said) as caught:
        ClientCredentials(*arguments)
    assert SECRET not in str(caught.value)


async def test_the_repr_shows_no_secret_and_headers_need_a_client():
    auth = credentials()
    assert SECRET not in repr(auth) + repr(auth.identity) + repr(auth._token)
    with pytest.raises(InvalidInput, match="needs a client"):
        await auth.headers()


class Stuck(Server):
    """The second request for a token gets no response."""

    def __init__(self):
        super().__init__()
        self.begun = asyncio.Event()
        self.ended = []

    async def __call__(self, request):
        if request.url.host == "login.example.com" and self.asked:
            self.begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                self.ended.append("cancelled")
        return await super().__call__(request)


async def renewing(server, clock, api):
    """Start a renewal in the background; the call itself is done."""
    await api.request("GET", "/x")
    clock.time += 3100
    await api.request("GET", "/x")
    await asyncio.wait_for(server.begun.wait(), 5)


async def test_closing_ends_a_renewal_in_the_background_on_a_borrowed_client():
    server, clock = Stuck(), FakeClock()
    async with server.api(credentials(), clock) as api:
        await renewing(server, clock, api)
        assert server.ended == []
    assert server.ended == ["cancelled"]
    assert len(asyncio.all_tasks()) == 1


async def test_closing_ends_a_renewal_whose_call_was_cancelled():
    server, clock = Stuck(), FakeClock()
    async with server.api(credentials(), clock) as api:
        await api.request("GET", "/x")
        clock.time += 3500
        call = asyncio.ensure_future(api.request("GET", "/x"))
        await asyncio.wait_for(server.begun.wait(), 5)
        call.cancel()
        await asyncio.wait([call])
        assert server.ended == []
    assert server.ended == ["cancelled"]


async def test_closing_one_client_leaves_a_renewal_that_a_call_of_another_waits_for():
    server, clock, auth = Stuck(), FakeClock(), credentials()
    async with server.api(auth, clock) as other:
        async with server.api(auth, clock) as api:
            await renewing(server, clock, api)
            clock.time += 300
            call = asyncio.ensure_future(other.request("GET", "/x"))
            await turns(5)
        assert server.ended == []
        call.cancel()
        await asyncio.wait([call])
    assert server.ended == ["cancelled"]
