"""All calls of a credential stay within the API's limits."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from sdk import (
    ClientClosed,
    InvalidInput,
    Pacing,
    RateLimitExceeded,
    Response,
    Sdk,
    SecondaryRateLimited,
)
from sdk.transport.observability.events import CallFinished, Event
from tests.transport.simulated_github import SimulatedGitHub
from tests.virtual_time import EPOCH, clock, run

PATIENT = Pacing(max_wait=4000)


@asynccontextmanager
async def sdk_on(
    transport: httpx.AsyncBaseTransport, *, pacing: Pacing | None = PATIENT
) -> AsyncIterator[Sdk]:
    async with httpx.AsyncClient(transport=transport) as http:
        yield Sdk(token="t", http_client=http, timeout=None, pacing=pacing, clock=clock())


async def many(call: Callable[[], Awaitable[object]], *, tasks: int, each: int) -> None:
    async def worker() -> None:
        for _ in range(each):
            await call()

    async with asyncio.TaskGroup() as group:
        for _ in range(tasks):
            group.create_task(worker())


def test_after_the_first_refusal_two_hundred_tasks_exceed_no_limit_again() -> None:
    async def main() -> None:
        github = SimulatedGitHub(limit=1000)
        async with sdk_on(github) as sdk:
            await many(lambda: sdk.request("GET", "/x"), tasks=200, each=6)

        assert github.answered == 1200
        assert github.most_at_once <= 100
        first = github.refused[0]
        # Calls that were under way at the first refusal could not know of it.
        known = first + github.latency
        assert [when for when in github.refused if when > known] == []

    run(main())


def test_a_burst_of_writes_is_spread_before_the_api_refuses_any() -> None:
    async def main() -> None:
        github = SimulatedGitHub()
        async with sdk_on(github) as sdk:
            await sdk.request("GET", "/x")
            await many(lambda: sdk.request("POST", "/x", json={}), tasks=50, each=4)

        assert github.answered == 201
        assert github.refused == []

    run(main())


def test_reads_do_not_wait_behind_writes() -> None:
    async def main() -> None:
        github = SimulatedGitHub()
        async with sdk_on(github) as sdk:
            await sdk.request("GET", "/x")
            writes = asyncio.ensure_future(
                many(lambda: sdk.request("POST", "/x", json={}), tasks=60, each=1)
            )
            await asyncio.sleep(1)
            before = asyncio.get_running_loop().time()
            await sdk.request("GET", "/x")
            assert asyncio.get_running_loop().time() - before < 1
            await writes

    run(main())


def test_a_used_up_limit_is_waited_for_by_the_server_s_clock() -> None:
    async def main() -> None:
        github = SimulatedGitHub(limit=1, skew=-500.0)
        async with sdk_on(github) as sdk:
            await sdk.request("GET", "/x")
            await sdk.request("GET", "/x")

        assert github.refused == []
        assert 3600 <= github.arrivals[1] <= 3602

    run(main())


def test_a_reset_beyond_max_wait_is_an_error_and_nothing_is_sent() -> None:
    async def main() -> None:
        github = SimulatedGitHub(limit=1)
        async with sdk_on(github, pacing=Pacing(max_wait=60)) as sdk:
            await sdk.request("GET", "/x")
            with pytest.raises(
                RateLimitExceeded, match=r"GET /x was not sent: .*'core'"
            ) as refused:
                await sdk.request("GET", "/x")

        assert len(github.arrivals) == 1
        assert refused.value.attempts == 0
        assert refused.value.retry_after == pytest.approx(3600, abs=2)

    run(main())


def test_a_wait_beyond_the_call_s_deadline_is_an_error_at_once() -> None:
    async def main() -> None:
        github = SimulatedGitHub(limit=1)
        async with sdk_on(github) as sdk:
            await sdk.request("GET", "/x")
            with pytest.raises(RateLimitExceeded):
                await sdk.request("GET", "/x", options={"timeout": 30})

        assert asyncio.get_running_loop().time() < 1

    run(main())


class Scripted(httpx.AsyncBaseTransport):
    """Responds with the next response, then with 200; records the time of each request."""

    def __init__(self, *responses: httpx.Response, latency: float = 0.0) -> None:
        self.responses = list(responses)
        self.latency = latency
        self.times: list[float] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.times.append(asyncio.get_running_loop().time())
        response = self.responses.pop(0) if self.responses else httpx.Response(200, json={})
        await asyncio.sleep(self.latency)
        return response


def test_retry_after_pauses_all_callers_of_the_credential() -> None:
    async def main() -> None:
        limited = httpx.Response(
            403, json={"message": "secondary rate limit"}, headers={"retry-after": "30"}
        )
        transport = Scripted(limited)
        async with sdk_on(transport) as sdk:
            with pytest.raises(SecondaryRateLimited):
                await sdk.request("GET", "/x", options={"retry": None})
            await sdk.with_options(timeout=None).request("GET", "/x")
            await sdk.with_options(token="t").request("GET", "/x")
            await sdk.with_options(token="another").request("GET", "/x")

        assert [time >= 30 for time in transport.times] == [False, True, True, True]

    run(main())


def test_another_credential_does_not_pause() -> None:
    async def main() -> None:
        limited = httpx.Response(429, json={}, headers={"retry-after": "30"})
        transport = Scripted(limited)
        async with sdk_on(transport) as sdk:
            with pytest.raises(SecondaryRateLimited):
                await sdk.request("GET", "/x", options={"retry": None})
            await sdk.with_options(token="another").request("GET", "/x")

        assert transport.times == [0.0, 0.0]

    run(main())


def test_a_credential_without_identity_does_not_inherit_the_limits_of_a_deleted_one() -> None:
    class Key:
        async def headers(self) -> dict[str, str]:
            return {}

    async def main() -> None:
        limited = httpx.Response(429, json={}, headers={"retry-after": "30"})
        transport = Scripted(*[limited] * 20)
        async with sdk_on(transport) as sdk:
            for _ in range(20):
                with pytest.raises(SecondaryRateLimited):
                    # The id of the last one is free, and the next object likely to get it.
                    await sdk.with_options(auth=Key()).request("GET", "/x", options={"retry": None})

        assert transport.times == [0.0] * 20

    run(main())


def test_a_closed_client_fails_before_it_waits_for_the_rate_limit() -> None:
    async def main() -> None:
        limited = httpx.Response(429, json={}, headers={"retry-after": "30"})
        seen: list[Event] = []
        async with httpx.AsyncClient(transport=Scripted(limited)) as http:
            sdk = Sdk(
                token="t", http_client=http, retry=None, clock=clock(), observers=[seen.append]
            )
            with pytest.raises(SecondaryRateLimited):
                await sdk.request("GET", "/x")
        with pytest.raises(ClientClosed) as caught:
            await sdk.request("GET", "/x")

        assert asyncio.get_running_loop().time() == 0
        assert caught.value.attempts == 0
        assert isinstance(seen[-1], CallFinished)
        assert seen[-1].attempts == 0

    run(main())


def test_a_pause_longer_than_max_wait_is_an_error() -> None:
    async def main() -> None:
        limited = httpx.Response(429, json={}, headers={"retry-after": "3000"})
        async with sdk_on(Scripted(limited), pacing=Pacing(max_wait=0)) as sdk:
            with pytest.raises(SecondaryRateLimited):
                await sdk.request("GET", "/x")
            with pytest.raises(SecondaryRateLimited, match="was not sent") as refused:
                await sdk.request("GET", "/x")

        assert refused.value.retry_after == pytest.approx(3000)

    run(main())


def test_a_nonsensical_pause_ends_after_a_day() -> None:
    async def main() -> None:
        limited = httpx.Response(429, json={}, headers={"retry-after": "9999999999"})
        async with sdk_on(Scripted(limited)) as sdk:
            with pytest.raises(SecondaryRateLimited):
                await sdk.request("GET", "/x", options={"retry": None})
            await asyncio.sleep(24 * 3600)
            await sdk.request("GET", "/x")

    run(main())


def test_before_the_search_limit_is_known_few_searches_are_sent_at_once() -> None:
    async def main() -> None:
        transport = Scripted(latency=1.0)
        async with sdk_on(transport) as sdk:
            calls = [sdk.search.repos(q="x", options={"timeout": 0.5}) for _ in range(30)]
            await asyncio.gather(*calls, return_exceptions=True)

        assert len(transport.times) <= 9

    run(main())


def test_an_api_without_rate_limit_headers_is_not_paced() -> None:
    async def main() -> None:
        transport = Scripted(latency=0.1)
        async with sdk_on(transport) as sdk:
            await sdk.request("GET", "/x")
            await many(lambda: sdk.request("POST", "/x", json={}), tasks=100, each=10)

        assert asyncio.get_running_loop().time() < 2

    run(main())


def test_a_caller_cancelled_while_waiting_frees_its_turn() -> None:
    async def main() -> None:
        transport = Scripted(latency=1.0)
        async with sdk_on(transport, pacing=Pacing(max_concurrency=1)) as sdk:
            first, second, third = (asyncio.create_task(sdk.request("GET", "/x")) for _ in range(3))
            await asyncio.sleep(0.1)
            second.cancel()
            first.cancel()
            response = await third

        assert isinstance(response, Response)
        assert second.cancelled()
        assert len(transport.times) == 2

    run(main())


def test_rate_limits_are_those_of_the_last_responses() -> None:
    async def main() -> None:
        async with sdk_on(SimulatedGitHub(limit=60)) as sdk:
            assert sdk.rate_limits == {}
            await sdk.request("GET", "/x")
            core = sdk.rate_limits["core"]

        assert (core.limit, core.remaining, core.used) == (60, 59, 1)
        assert core.reset.timestamp() == EPOCH + 3600

    run(main())


def test_pacing_none_disables_pacing() -> None:
    async def main() -> None:
        github = SimulatedGitHub(limit=1)
        async with sdk_on(github, pacing=None) as sdk:
            await sdk.request("GET", "/x")
            with pytest.raises(RateLimitExceeded):
                await sdk.request("GET", "/x")

        assert len(github.arrivals) == 2
        assert sdk.rate_limits == {}

    run(main())


@pytest.mark.parametrize("wrong", [{"max_wait": -1.0}, {"max_concurrency": 0}])
def test_invalid_pacing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match="max_concurrency at least 1"):
        Pacing(**wrong)
