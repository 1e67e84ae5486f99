"""Remembered rate limits are bounded, and an invalid response blocks nobody."""

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable

import httpx
import pytest

from sdk import Pacing, RateLimitExceeded, Sdk, Unauthorized
from tests.virtual_time import EPOCH, clock, run

LIMIT = {"x-ratelimit-limit": "5000", "x-ratelimit-resource": "core"}

Handler = Callable[[httpx.Request], httpx.Response]


def over(handler: Handler, main: Callable[[Sdk], Awaitable[None]], **options: object) -> None:
    async def everything() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as http:
            given = {"pacing": Pacing(max_wait=4000), "timeout": None, "retry": None, **options}
            await main(Sdk(token="t", http_client=http, clock=clock(), **given))  # type: ignore[arg-type]

    run(everything())


def used_up(reset: float) -> dict[str, str]:
    return {**LIMIT, "x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{reset:.0f}"}


def test_a_reset_in_another_century_is_waited_for_no_longer_than_an_hour() -> None:
    sent: list[float] = []

    def answer(_: httpx.Request) -> httpx.Response:
        sent.append(asyncio.get_running_loop().time())
        return httpx.Response(200, json={}, headers=used_up(9_999_999_999))

    async def main(sdk: Sdk) -> None:
        await sdk.request("GET", "/x")
        await sdk.request("GET", "/x")

    over(answer, main)
    assert sent[1] - sent[0] <= 3601


def test_a_valid_response_corrects_a_nonsensical_reset() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/odd":
            return httpx.Response(200, json={}, headers=used_up(9_999_999_999))
        sane = {**LIMIT, "x-ratelimit-remaining": "40", "x-ratelimit-reset": f"{EPOCH + 60:.0f}"}
        return httpx.Response(200, json={}, headers=sane)

    async def main(sdk: Sdk) -> None:
        # Both are under way at once: the sane one arrives last.
        await asyncio.gather(sdk.request("GET", "/odd"), sdk.request("GET", "/even"))
        before = asyncio.get_running_loop().time()
        await sdk.request("GET", "/x")
        assert asyncio.get_running_loop().time() - before < 1

    over(answer, main)


def test_the_rate_limit_endpoint_is_never_paced() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={}, headers=used_up(EPOCH + 3000))

    async def main(sdk: Sdk) -> None:
        await sdk.request("GET", "/x")
        before = asyncio.get_running_loop().time()
        await sdk.request("GET", "/rate_limit")
        await sdk.request("GET", "/rate_limit")
        assert asyncio.get_running_loop().time() == before
        with pytest.raises(RateLimitExceeded):
            await sdk.request("GET", "/x")

    over(answer, main, pacing=Pacing(max_wait=0))


def test_a_refused_token_leaves_the_limits_of_others_as_they_are() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "invented" in request.headers["authorization"]:
            return httpx.Response(401, json={"message": "Bad credentials"})
        return httpx.Response(200, json={}, headers=used_up(EPOCH + 3000))

    async def main(sdk: Sdk) -> None:
        await sdk.request("GET", "/x")
        for number in range(1100):
            with pytest.raises(Unauthorized):
                await sdk.with_options(token=f"invented-{number}").request("GET", "/x")
        assert sdk.rate_limits["core"].remaining == 0

    over(answer, main)


def test_no_more_than_a_fixed_number_of_credentials_is_remembered() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={}, headers=used_up(EPOCH + 3000))

    async def main(sdk: Sdk) -> None:
        await sdk.with_options(token="first").request("GET", "/x")
        for number in range(1100):
            await sdk.with_options(token=f"user-{number}").request("GET", "/x")
        assert sdk.with_options(token="first").rate_limits == {}
        assert sdk.with_options(token="user-1099").rate_limits["core"].remaining == 0

    over(answer, main)


class Mine:
    async def headers(self) -> dict[str, str]:
        return {"authorization": "Bearer secret"}


def test_a_credential_is_not_kept_alive() -> None:
    async def main(sdk: Sdk) -> None:
        auth = Mine()
        gone = weakref.ref(auth)
        await sdk.with_options(auth=auth).request("GET", "/x")
        del auth
        gc.collect()
        assert gone() is None

    over(lambda _: httpx.Response(200, json={}), main)


def test_memory_for_limit_names_and_literal_paths_is_bounded() -> None:
    names = iter(range(1000))

    def answer(_: httpx.Request) -> httpx.Response:
        state = {"x-ratelimit-remaining": "40", "x-ratelimit-reset": f"{EPOCH + 60:.0f}"}
        name = {"x-ratelimit-resource": f"made-up-{next(names)}"}
        return httpx.Response(200, json={}, headers={**LIMIT, **state, **name})

    async def main(sdk: Sdk) -> None:
        for number in range(200):
            await sdk.request("GET", f"/x/{number}")
        assert len(sdk.rate_limits) <= 64

    over(answer, main)
