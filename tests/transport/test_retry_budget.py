"""The retry budget limits retries, so that an outage is not multiplied."""

import asyncio

import httpx
import pytest

from sdk import Sdk, ServerError
from sdk.transport.calls.retry_budget import RetryBudget
from tests.virtual_time import clock, run


def test_when_everything_fails_few_calls_are_retried() -> None:
    async def main() -> int:
        sent = 0

        def response(request: httpx.Request) -> httpx.Response:
            nonlocal sent
            sent += 1
            return httpx.Response(503)

        async with httpx.AsyncClient(transport=httpx.MockTransport(response)) as http:
            sdk = Sdk(token=None, http_client=http, clock=clock())
            view = sdk.with_options(timeout=30)
            outcomes = await asyncio.gather(
                *(sdk.request("GET", "/x") for _ in range(150)),
                *(view.request("GET", "/x") for _ in range(150)),
                return_exceptions=True,
            )
        assert all(isinstance(outcome, ServerError) for outcome in outcomes)
        return sent

    # A full budget of 20, a fifth of the 300 calls, and 1 a second.
    assert 300 < run(main()) <= 300 + 20 + 60 + 10


def test_a_used_up_budget_refills_with_time_and_with_calls() -> None:
    now = 0.0
    budget = RetryBudget(lambda: now)
    while budget.take():
        pass

    now += 1.0
    assert [budget.take(), budget.take()] == [True, False]
    for _ in range(5):
        budget.calls += 1
    assert [budget.take(), budget.take()] == [True, False]


def test_without_a_retry_budget_the_error_of_the_response_is_raised() -> None:
    async def main() -> None:
        transport = httpx.MockTransport(lambda _: httpx.Response(503))
        async with httpx.AsyncClient(transport=transport) as http:
            sdk = Sdk(token=None, http_client=http, clock=clock())
            while sdk.caller.shared.budget.take():
                pass
            with pytest.raises(ServerError) as refused:
                await sdk.request("GET", "/x")
        assert refused.value.attempts == 1

    run(main())
