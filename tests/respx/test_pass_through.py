"""``pass_through`` sends the call for real, with respx still looking on."""

import httpx
import pytest
import respx

from sdk import Sdk
from sdk.testing import StandIn, serve


@pytest.mark.parametrize("using", ["httpcore", "httpx"])
@pytest.mark.parametrize("opened", ["inside", "before"])
async def test_pass_through_reaches_the_real_server(using, opened):
    async with serve(StandIn()) as base_url:
        sdk = Sdk(token=None, base_url=base_url)
        if opened == "before":
            await sdk.open()
        with respx.mock(using=using) as router:
            route = router.route(host="127.0.0.1").pass_through()
            async with sdk:
                user = await sdk.users.get("octocat")
            counted = route.call_count
            async with httpx.AsyncClient() as plain:
                await plain.get(f"{base_url}/users/octocat")
        assert user.login == "octocat"
        # respx counts what passes through httpcore twice, at the pool and at the connection; what
        # matters is that ours looks to it like httpx's own client.
        assert counted == route.call_count - counted


async def test_one_route_passes_through_and_another_is_mocked():
    async with serve(StandIn()) as base_url, Sdk(token=None, base_url=base_url) as sdk:
        with respx.mock() as router:
            router.get(f"{base_url}/users/octocat").pass_through()
            router.get(f"{base_url}/users/octocat/followers").respond(json=[])
            assert (await sdk.users.get("octocat")).login == "octocat"
            assert len(await sdk.users.list_followers_for_user("octocat")) == 0
