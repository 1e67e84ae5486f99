"""``respx``, as its users know it, catches the default ``Sdk()``: nothing has to be injected."""

import httpx
import pytest
import respx

from sdk import ConnectFailed, NotFound, Sdk, metadata
from sdk.models import PublicUser
from sdk.testing import fake

URL = "https://api.github.com/users/octocat"
OCTOCAT = fake(PublicUser, login="octocat").model_dump(mode="json")


async def login() -> str:
    async with Sdk(token=None) as sdk:
        return (await sdk.users.get("octocat")).login


def response() -> httpx.Response:
    return httpx.Response(200, json=OCTOCAT)


@respx.mock
async def test_decorator():
    route = respx.get(URL).mock(return_value=response())
    assert await login() == "octocat"
    assert route.call_count == 1


@respx.mock
async def test_decorator_with_the_router_as_argument(respx_mock):
    respx_mock.get(URL).mock(return_value=response())
    assert await login() == "octocat"


@respx.mock(base_url="https://api.github.com", assert_all_called=False)
async def test_decorator_with_settings(respx_mock):
    respx_mock.get("/users/octocat").mock(return_value=response())
    respx_mock.get("/never/called")
    assert await login() == "octocat"


async def test_fixture(respx_mock):
    respx_mock.get(URL) % response()
    assert await login() == "octocat"


@pytest.mark.respx(base_url="https://api.github.com")
async def test_fixture_with_settings(respx_mock):
    respx_mock.get("/users/octocat").respond(json=OCTOCAT)
    assert await login() == "octocat"


@pytest.mark.parametrize("using", ["httpcore", "httpx"])
async def test_context_manager_with_either_way_of_patching(using):
    with respx.mock(using=using) as router:
        route = router.get(URL).respond(json=OCTOCAT)
        assert await login() == "octocat"
    assert route.called


async def test_asynchronous_context_manager():
    async with respx.mock() as router:
        router.get(URL).respond(json=OCTOCAT)
        assert await login() == "octocat"


@pytest.mark.parametrize("using", ["httpcore", "httpx"])
async def test_started_after_the_client_was_opened(using):
    async with Sdk(token=None) as sdk:
        with respx.mock(using=using) as router:
            router.get(URL).respond(json=OCTOCAT)
            assert (await sdk.users.get("octocat")).login == "octocat"


@pytest.mark.parametrize("using", ["httpcore", "httpx"])
async def test_started_after_the_client_was_built_and_before_it_opens(using):
    sdk = Sdk(token=None)
    with respx.mock(using=using) as router:
        router.get(URL).respond(json=OCTOCAT)
        async with sdk:
            assert (await sdk.users.get("octocat")).login == "octocat"


async def test_the_same_client_through_several_mocks_and_none_between(refused):
    async with Sdk(token=None, base_url=refused, retry=None) as sdk:
        for _ in range(2):
            with respx.mock() as router:
                router.get(f"{refused}/users/octocat").respond(json=OCTOCAT)
                assert (await sdk.users.get("octocat")).login == "octocat"
            # Outside, the call goes out for real, to a port that nobody listens on.
            with pytest.raises(ConnectFailed):
                await sdk.users.get("octocat")


async def test_what_was_sent_can_be_looked_at(respx_mock):
    route = respx_mock.get(URL, headers={"authorization": "Bearer secret"}).respond(json=OCTOCAT)
    async with Sdk(token="secret") as sdk:
        await sdk.users.get("octocat")
    request = route.calls.last.request
    assert request.headers["accept"] == "application/vnd.github+json"


async def test_headers_of_the_response_reach_metadata(respx_mock):
    respx_mock.get(URL).respond(json=OCTOCAT, headers={"x-github-request-id": "A:B"})
    async with Sdk(token=None) as sdk:
        assert metadata(await sdk.users.get("octocat")).request_id == "A:B"


async def test_an_error_status(respx_mock):
    respx_mock.get(URL).respond(404, json={"message": "Not Found"})
    with pytest.raises(NotFound):
        await login()


async def test_a_network_failure_as_side_effect(respx_mock):
    route = respx_mock.get(URL).mock(side_effect=[httpx.ConnectError("no"), response()])
    async with Sdk(token=None) as sdk:
        user = await sdk.users.get("octocat")
    assert metadata(user).attempts == route.call_count == 2


async def test_an_unmocked_call_is_not_sent(respx_mock):
    with pytest.raises(AssertionError, match="not mocked"):
        await login()


async def test_a_route_that_was_not_called_fails_at_the_end():
    with (
        pytest.raises(AssertionError, match="not called"),
        respx.mock(assert_all_called=True) as router,
    ):
        router.get(URL)


async def test_a_list_over_two_pages(respx_mock):
    url = "https://api.github.com/users/octocat/followers"
    respx_mock.get(url, params={"page": "2"}).respond(json=[OCTOCAT])
    respx_mock.get(url, params={"per_page": "1"}).respond(
        json=[OCTOCAT], headers={"link": f'<{url}?page=2>; rel="next"'}
    )
    async with Sdk(token=None) as sdk:
        followers = [
            user async for user in sdk.users.list_followers_for_user("octocat", per_page=1)
        ]
    assert [user.login for user in followers] == ["octocat", "octocat"]
