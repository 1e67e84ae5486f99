"""The mock together with respx, other mocks, local servers and own clients."""

import socket

import httpx
import httpx2
import pytest
import respx

from sdk import ApiClient, ConnectFailed, ConnectionLost, Operation, Resource, Response, Sdk
from sdk.models import PublicUser
from sdk.testing import GitHubMock, StandIn, UnmockedCall, fake, serve

OCTOCAT = fake(PublicUser, login="octocat").model_dump(mode="json")
ELSEWHERE = "https://example.com/"


async def answered(github):
    """Return the responses of GitHub and of another host to every kind of client."""
    found = []
    async with Sdk(token=None) as own:
        for sdk in (github.sdk, own):
            found.append((await sdk.users.get("ada")).login)
            found.append((await sdk.users.get("octocat")).login)
            found.append((await sdk.http_client.get(ELSEWHERE)).text)
    async with httpx.AsyncClient() as client:
        found.append((await client.get(ELSEWHERE)).text)
    async with httpx2.AsyncClient() as client:
        found.append((await client.get(ELSEWHERE)).text)
    return found


def prepare(github, router):
    github.on(github.sdk.users.get, "ada").respond(login="ada")
    # The mock's own routes take precedence over those of respx.
    router.get("https://api.github.com/users/ada").respond(500)
    router.get("https://api.github.com/users/octocat").respond(json=OCTOCAT)
    router.get(ELSEWHERE).respond(text="theirs")


ALL = ["ada", "octocat", "theirs"] * 2 + ["theirs"] * 2


async def test_a_mock_inside_of_respx():
    with respx.mock(assert_all_called=False) as router, GitHubMock() as github:
        prepare(github, router)
        assert await answered(github) == ALL
        github.check()


@pytest.mark.parametrize("using", ["httpcore", "httpx", "httpcore2"])
async def test_respx_inside_of_a_mock(using):
    with GitHubMock() as github, respx.mock(assert_all_called=False, using=using) as router:
        prepare(github, router)
        assert await answered(github) == ALL
        github.check()
    assert not httpx.AsyncClient._transport_for_url.__module__.startswith("respx")


async def test_both_fixtures_in_one_test(github, respx_mock):
    prepare(github, respx_mock)
    respx_mock.get("https://api.github.com/users/ada").pass_through()
    assert await answered(github) == ALL
    respx_mock.clear()


async def test_a_download_redirected_to_a_host_that_respx_mocks(github, sdk, respx_mock):
    github.on(sdk.repos.download_zipball_archive, "o", "r", "main").respond_raw(
        302, headers={"location": "https://codeload.example.com/x"}
    )
    respx_mock.get("https://codeload.example.com/x").respond(content=b"PK")
    assert await sdk.repos.download_zipball_archive("o", "r", "main") == b"PK"


async def test_the_innermost_mock_responds_and_records():
    with GitHubMock() as outer:
        scene = outer.on_any(outer.sdk.users.get).respond(login="outer")
        with GitHubMock() as inner:
            inner.on(inner.sdk.users.get, "ada").respond(login="inner")
            async with Sdk(token=None) as own:
                for sdk in (outer.sdk, inner.sdk, own):
                    assert (await sdk.users.get("ada")).login == "inner"
                assert (await own.users.get("bob")).login == "outer"
                with pytest.raises(UnmockedCall):
                    await own.users.list()
        assert (scene.call_count, len(outer.unexpected), len(inner.unexpected)) == (1, 0, 1)
        assert (await outer.sdk.users.get("ada")).login == "outer"


async def test_mocks_that_exit_out_of_order_restore_everything():
    connect, first, second = socket.socket.connect, GitHubMock(), GitHubMock()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.on(second.sdk.users.get, "x").respond(login="x")
    async with Sdk(token=None) as sdk:
        assert (await sdk.users.get("x")).login == "x"
    second.__exit__(None, None, None)
    assert socket.socket.connect is connect
    assert Sdk().caller.settings.clock.sleep.__module__ == "asyncio.tasks"
    assert "respx" not in httpx.AsyncHTTPTransport().handle_async_request.__module__


@pytest.mark.parametrize("module", [httpx, httpx2])
async def test_local_servers_are_reachable_by_http_clients(github, module):
    async with serve(StandIn()) as base_url, module.AsyncClient() as client:
        for address in (base_url, base_url.replace("127.0.0.1", "LOCALHOST")):
            assert (await client.get(f"{address}/users/octocat")).status_code == 200
        async with Sdk(token=None, base_url=base_url) as own:
            assert (await own.users.get("octocat")).login == "octocat"
        assert (await github.sdk.http_client.get(f"{base_url}/zen")).status_code == 200


async def test_allowed_hosts_are_reachable_by_http_clients(monkeypatch):
    async with serve(StandIn()) as base_url:
        host, port = base_url.removeprefix("http://").split(":")
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, int(port)))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        with GitHubMock(allow_hosts=["db.example.com"]) as github:
            async with httpx.AsyncClient() as client:
                response = await client.get(f"http://db.example.com:{port}/users/octocat")
                assert response.status_code == 200
            github.check()


async def test_a_mocked_local_api_is_not_called():
    with (
        GitHubMock(base_url="http://127.0.0.1:9") as github,
        pytest.raises(UnmockedCall, match="users/list"),
    ):
        await github.sdk.users.list()


@pytest.mark.parametrize("url", [ELSEWHERE, "http://api.github.com/users/x"])
def test_any_other_request_counts_as_unexpected(url):
    with GitHubMock() as github:
        with pytest.raises(UnmockedCall, match="not mocked"):
            httpx.get(url)
        with pytest.raises(AssertionError, match="not mocked"):
            github.check()


GET = Operation("GET", "/invoices/{invoice_id}", id="invoices/get", query=("full",), returns=dict)
PDF = Operation("GET", "/invoices/{invoice_id}/pdf", returns=bytes)


class OpenInvoices(Resource):
    async def get(self, invoice_id: str, *, full: bool = False) -> dict[str, int]:
        return await self._call(GET, invoice_id=invoice_id, full=full)

    def pdf(self, invoice_id: str):
        return self._download(PDF, invoice_id=invoice_id)


class Billing(ApiClient):
    base_url = "https://billing.example.com/v1"


async def test_an_unmocked_call_of_an_own_api_is_named_by_its_method():
    with GitHubMock() as github:
        async with Billing() as billing:
            open_invoices = OpenInvoices(billing)
            for call in (open_invoices.get("i", full=True), open_invoices.pdf("i")):
                with pytest.raises(UnmockedCall) as caught:
                    await call
                (line,) = [line for line in str(caught.value).splitlines() if "github.on(" in line]
                eval(line, {"github": github, "open_invoices": open_invoices})  # noqa: S307
            assert "is invoices/get," in str(github.unexpected[0])
            assert "open_invoices is a client's OpenInvoices" in str(github.unexpected[0])
            assert await open_invoices.get("i", full=True) == {}
            assert await open_invoices.pdf("i") == b"..."
            assert github.routes[0].last_call.arguments == {"invoice_id": "i", "full": True}
        with pytest.raises(AssertionError, match="invoices/get"):
            github.check()


RAW = Operation("GET", "/invoices/{invoice_id}", id="x", returns=bytes, accept="text/csv")
WHOLE = Operation("GET", "/status", returns=Response)


class Forms(OpenInvoices):
    def csv(self, invoice_id: str):
        return self._download(RAW, invoice_id=invoice_id)

    async def status(self) -> Response:
        return await self._call(WHOLE)


async def test_media_types_of_an_own_api():
    with GitHubMock() as github:
        async with Billing() as billing:
            forms = Forms(billing)
            github.on_any(forms.get).respond_with({"amount": 1})
            with pytest.raises(UnmockedCall, match=r"forms\.csv"):
                await forms.csv("i")
            github.on_any(forms.csv).respond_with(b"1;2")
            assert await forms.csv("i") == b"1;2"
            assert await forms.get("i") == {"amount": 1}


async def test_whole_responses_of_an_own_api(github):
    async with Billing() as billing:
        forms = Forms(billing)
        github.on(forms.status).respond(up=True).respond_raw(200, content="down")
        first, second = await forms.status(), await forms.status()
        github.on(forms.status).respond_with(second)
        assert (first.body, second.body) == (b'{"up":true}', b"down")
        assert (await forms.status()).body == b"down"


async def test_mocked_network_failures_have_the_texts_of_real_ones(github):
    github.on_any(github.sdk.users.get).drop_connection().refuse_connection()
    async with Sdk(token=None, retry=None) as sdk:
        with pytest.raises(ConnectionLost, match="Server disconnected"):
            await sdk.users.get("x")
        with pytest.raises(ConnectFailed, match=r"No connection to .*: Connection refused"):
            await sdk.users.get("x")
