"""Credentials that make calls, are renewed after a refusal, or depend on the operation."""

import asyncio

import httpx
import pytest

from sdk import (
    Basic,
    ConnectFailed,
    CredentialsError,
    DeadlineExceeded,
    Forbidden,
    OnBehalf,
    Operation,
    Retry,
    Sdk,
    ServerError,
    TokenAuth,
    Unauthorized,
)
from sdk.transport.auth import NoAuth, identity_of, sees_of
from tests.transport.support import Api, FakeClock, Upstream

LOGIN = Operation("POST", "/login", returns=dict)


class Fetching:
    """Fetches a token with its own call; counts the fetches and the refusals."""

    identity = "fetching"

    def __init__(self, *, renewed=True):
        self.token = None
        self.fetched = 0
        self.renewed = renewed
        self.refusals = []

    async def headers(self):
        raise AssertionError("headers_for is used instead")

    async def headers_for(self, call):
        if self.token is None:
            answer = await call.caller.with_auth(Basic("id", "secret")).call(LOGIN, None, {})
            self.fetched += 1
            self.token = answer["token"]
        call.note = self.token
        return {"authorization": f"Bearer {self.token}"}

    async def refused(self, call, response):
        self.refusals.append((call.refusals, response.status, call.note))
        if self.renewed:
            self.token = None
        return self.renewed


class Server:
    """Issues numbered tokens and accepts those from `good_from` on."""

    def __init__(self, *, good_from=1, status=401):
        self.given = 0
        self.good_from = good_from
        self.status = status
        self.seen = []

    def __call__(self, request):
        self.seen.append((request.method, request.url.path, request.content))
        if request.url.path == "/login":
            assert request.headers["authorization"].startswith("Basic ")
            self.given += 1
            return httpx.Response(200, json={"token": f"t{self.given}"})
        number = int(request.headers["authorization"].removeprefix("Bearer t"))
        if number < self.good_from:
            return httpx.Response(self.status, json={"message": "No."})
        return httpx.Response(200, json={"with": number})


async def test_credentials_make_calls_over_the_same_client():
    server, auth = Server(), Fetching()
    async with Upstream(server).api(auth=auth) as api:
        assert (await api.request("GET", "/x")).json() == {"with": 1}
        assert (await api.request("GET", "/x")).json() == {"with": 1}
    assert auth.fetched == 1
    assert [path for _, path, _ in server.seen] == ["/login", "/x", "/x"]


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_call_is_sent_again_with_new_credentials_for_any_method(method, status):
    server, auth = Server(good_from=2, status=status), Fetching()
    async with Upstream(server).api(auth=auth, retry=None) as api:
        answer = await api.request(method, "/x", json={"a": 1})
    assert answer.json() == {"with": 2}
    assert answer.attempts == 2
    sent = [content for _, path, content in server.seen if path == "/x"]
    assert sent[0] == sent[1] != b""
    assert auth.refusals == [(0, status, "t1")]


async def test_a_refusal_without_new_credentials_is_raised_unchanged():
    server, auth = Server(good_from=9), Fetching(renewed=False)
    async with Upstream(server).api(auth=auth) as api:
        with pytest.raises(Unauthorized) as caught:
            await api.request("GET", "/x")
    assert caught.value.attempts == 1


async def test_the_number_of_retries_with_new_credentials_is_limited():
    server, auth = Server(good_from=99), Fetching()
    async with Upstream(server).api(auth=auth) as api:
        with pytest.raises(Unauthorized) as caught:
            await api.request("GET", "/x")
    assert caught.value.attempts == 6
    assert [refusals for refusals, _, _ in auth.refusals] == [0, 1, 2, 3, 4]


async def test_a_rate_limit_is_not_a_refusal_of_credentials():
    auth = Fetching()
    limited = httpx.Response(403, headers={"retry-after": "1000"}, json={"message": "Slow down"})

    def reply(request):
        return (
            httpx.Response(200, json={"token": "t1"}) if request.url.path == "/login" else limited
        )

    async with Sdk(
        auth=auth, http_client=Upstream(reply).http_client(), base_url="https://x.example"
    ) as sdk:
        with pytest.raises(Forbidden):
            await sdk.request("GET", "/x")
    assert auth.refusals == []


async def test_a_body_that_can_be_sent_once_only_is_not_sent_again():
    async def pieces():
        yield b"abc"

    upload = Operation("POST", "/x", body="data", media="application/octet-stream", returns=dict)
    server, auth = Server(good_from=2), Fetching()
    async with Upstream(server).api(auth=auth) as api:
        with pytest.raises(Unauthorized):
            await api.caller.call(upload, None, {"data": pieces()})
    assert auth.refusals == []


async def test_a_refusal_after_a_retry_gets_new_credentials_too():
    server, auth, clock = Server(good_from=2), Fetching(), FakeClock()
    replies = [httpx.Response(503)]

    def reply(request):
        return replies.pop() if replies and request.url.path == "/x" else server(request)

    async with Upstream(reply).api(auth=auth, clock=clock.clock) as api:
        assert (await api.request("GET", "/x")).json() == {"with": 2}


async def test_new_credentials_do_not_use_the_retry_budget():
    server = Server()

    class Restless(Fetching):
        async def refused(self, call, response):
            return call.refusals == 0

    refuse = {"next": False}

    def reply(request):
        if request.url.path != "/login":
            refuse["next"] = not refuse["next"]
            if refuse["next"]:
                return httpx.Response(401)
        return server(request)

    async with Upstream(reply).api(auth=Restless(), pacing=None) as api:
        for _ in range(100):
            assert (await api.request("GET", "/x")).attempts == 2


# ---------------------------------------------------------------- failures of the credentials


@pytest.mark.parametrize(
    ("failure", "error_class"),
    [
        (httpx.ConnectError("no"), ConnectFailed),
        (httpx.Response(502), ServerError),
        (httpx.Response(401), Unauthorized),
    ],
)
async def test_a_failure_to_get_credentials_ends_the_call_without_retries(failure, error_class):
    requests = []

    def reply(request):
        requests.append(request.url.path)
        if isinstance(failure, Exception):
            raise failure
        return failure

    async with Upstream(reply).api(
        auth=Fetching(), retry=Retry(attempts=3), clock=FakeClock().clock
    ) as api:
        with pytest.raises(error_class) as caught:
            await api.request("GET", "/x")
    assert caught.value.credentials is True
    assert caught.value.route == "/login"
    assert "/x" not in requests
    # The login's own rules hold for it: a POST is repeated only when it was certainly not sent.
    assert len(requests) == (3 if error_class is ConnectFailed else 1)


async def test_an_error_raised_by_refused_ends_the_call():
    class Ending(Fetching):
        async def refused(self, call, response):
            raise CredentialsError("over")

    async with Upstream(Server(good_from=9)).api(auth=Ending()) as api:
        with pytest.raises(CredentialsError, match="over") as caught:
            await api.request("GET", "/x")
    assert caught.value.credentials is True


async def test_waiting_for_credentials_counts_against_the_call_s_timeout():
    async def never(request):
        await asyncio.sleep(60)

    client = httpx.AsyncClient(transport=httpx.MockTransport(never))
    async with client, Api(http_client=client, auth=Fetching(), timeout=0.05) as api:
        with pytest.raises(DeadlineExceeded, match=r"0\.05 s in all"):
            await api.request("GET", "/x")


# ---------------------------------------------------------------- by operation, on behalf


class ByOperation:
    identity = "mixed"

    async def headers(self):
        return {"authorization": "Bearer usual"}

    def for_operation(self, operation):
        return Basic("id", "secret") if operation.path.startswith("/admin") else self


async def test_credentials_and_pacer_are_chosen_by_operation():
    upstream = Upstream()
    async with upstream.api(auth=ByOperation()) as api:
        await api.request("GET", "/x")
        assert upstream.last.headers["authorization"] == "Bearer usual"
        await api.request("GET", "/admin/x")
        assert upstream.last.headers["authorization"].startswith("Basic ")
        pacers = api.caller.shared.pacers
        assert pacers.of(Basic("id", "secret")) is not pacers.of(ByOperation())


async def test_on_behalf_delegates_every_hook():
    server, auth = Server(good_from=2), Fetching()
    auth.sees = "eyes"
    wrapped = OnBehalf(auth)
    assert identity_of(wrapped) == "fetching"
    assert sees_of(wrapped) == "eyes"
    async with Upstream(server).api(auth=wrapped) as api:
        assert (await api.request("GET", "/x")).json() == {"with": 2}
    async with Upstream(Server(good_from=99)).api(auth=OnBehalf(Fetching(renewed=False))) as api:
        with pytest.raises(Unauthorized) as caught:
            await api.request("GET", "/x")
    assert caught.value.on_behalf is True
    upstream = Upstream()
    async with upstream.api(auth=OnBehalf(ByOperation())) as api:
        await api.request("GET", "/admin/x")
    assert upstream.last.headers["authorization"].startswith("Basic ")


def test_sees_is_the_identity_by_default():
    assert sees_of(TokenAuth("abc")) == identity_of(TokenAuth("abc"))


# ---------------------------------------------------------------- operations


async def test_a_repeatable_operation_is_sent_again_although_it_is_a_post():
    mint = Operation("POST", "/mint", returns=dict, repeatable=True)
    upstream = Upstream(httpx.Response(502), httpx.ReadError("cut"), httpx.Response(200, json={}))
    async with upstream.api(clock=FakeClock().clock) as api:
        assert await api.caller.call(mint, None, {}) == {}
    assert len(upstream.requests) == 3


async def test_an_operation_that_reads_is_not_paced_as_a_write():
    clock = FakeClock()
    query = Operation("POST", "/query", returns=dict, reads=True)
    write = Operation("POST", "/write", returns=dict)
    limits = {"limit": 5000, "remaining": 4000, "used": 1000, "reset": 1_700_003_600}
    headers = {f"x-ratelimit-{name}": str(value) for name, value in limits.items()}
    upstream = Upstream(httpx.Response(200, json={}, headers=headers))
    async with Sdk(
        token=None, http_client=upstream.http_client(), clock=clock.clock, base_url="https://x.test"
    ) as sdk:
        for _ in range(40):
            await sdk.caller.call(query, None, {})
        assert clock.slept == []
        for _ in range(25):
            await sdk.caller.call(write, None, {})
    assert clock.slept != []


async def test_a_subclass_of_fixed_credentials_may_return_other_headers():
    class Numbered(TokenAuth):
        count = 0

        async def headers(self):
            type(self).count += 1
            return {"authorization": f"Bearer t{self.count}"}

    server = Server()
    async with Upstream(server).api(auth=Numbered("fixed")) as api:
        answers = [await api.request("GET", "/x") for _ in range(2)]
    assert [answer.json() for answer in answers] == [{"with": 1}, {"with": 2}]


class _Proxy:
    """Passes on what it does not have itself, as wrappers and mocks do."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        return getattr(self._inner, name)

    async def headers(self):
        return {"authorization": "Bearer t7"}


class _Named(NoAuth):
    async def headers(self):
        return {"authorization": "Bearer t7"}


@pytest.mark.parametrize(
    "auth", [_Named(), _Proxy(TokenAuth("fixed")), OnBehalf(_Proxy(TokenAuth("fixed")))]
)
async def test_headers_of_credentials_around_fixed_ones_are_sent(auth):
    async with Upstream(Server()).api(auth=auth) as api:
        assert (await api.request("GET", "/x")).json() == {"with": 7}


async def test_a_subclass_of_fixed_credentials_may_add_a_query():
    class Signed(Basic):
        def query(self):
            return {"signature": "s"}

    asked = []

    def reply(request):
        asked.append(request.url.query)
        return httpx.Response(200, json={})

    async with Upstream(reply).api(auth=Signed("id", "secret")) as api:
        await api.request("GET", "/x")
    assert asked == [b"signature=s"]
