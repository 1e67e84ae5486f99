"""A token that was just issued may be refused once; then the call is sent again after a second."""

import asyncio

import httpx
import pytest

from sdk import Basic, OnBehalf, Unauthorized
from sdk.transport.calls.first_refusals import FirstRefusals
from tests import virtual_time
from tests.transport.support import FakeClock, Upstream

REFUSED = httpx.Response(401, json={"message": "Bad credentials"})
ACCEPTED = httpx.Response(200, json={})


class Issued:
    """Credentials that have only ``headers()``, and always return the same token."""

    identity = "issued"

    def __init__(self, value="new"):
        self.value = value

    async def headers(self):
        return {"authorization": self.value}


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_new_token_that_is_refused_once_is_sent_again_after_a_second(method):
    upstream, time = Upstream(REFUSED, ACCEPTED), FakeClock()
    async with upstream.api(auth=Issued(), clock=time.clock, retry=None) as api:
        response = await api.request(method, "/x")
    assert (response.status, response.attempts) == (200, 2)
    assert time.slept == [1.0]


async def test_a_token_is_tried_twice_in_one_call_only():
    upstream, time = Upstream(REFUSED), FakeClock()
    async with upstream.api(auth=Issued(), clock=time.clock) as api:
        for attempts in (2, 1, 1):
            with pytest.raises(Unauthorized) as caught:
                await api.request("GET", "/x")
            assert caught.value.attempts == attempts
        with pytest.raises(Unauthorized) as caught:
            await api.with_options(auth=Issued("another")).request("GET", "/x")
        assert caught.value.attempts == 2
    assert time.slept == [1.0, 1.0]


@pytest.mark.parametrize("auth", [Basic("user", "password"), OnBehalf(Issued()), None])
async def test_fixed_credentials_and_those_of_an_end_user_are_not_sent_again(auth):
    upstream, time = Upstream(REFUSED), FakeClock()
    async with upstream.api(auth=auth, clock=time.clock) as api:
        with pytest.raises(Unauthorized) as caught:
            await api.request("GET", "/x")
    assert caught.value.attempts == 1
    assert time.slept == []


async def test_the_call_s_time_is_not_spent_on_the_wait():
    upstream, time = Upstream(REFUSED), FakeClock()
    async with upstream.api(auth=Issued(), clock=time.clock, timeout=0.9) as api:
        with pytest.raises(Unauthorized):
            await api.request("GET", "/x")
    assert time.slept == []


def test_calls_that_use_a_new_token_at_the_same_time_are_all_sent_again():
    replies = [REFUSED] * 5 + [ACCEPTED]

    async def main():
        upstream = Upstream(*replies)
        async with upstream.api(auth=Issued(), clock=virtual_time.clock(), retry=None) as api:
            calls = (api.request("GET", "/x") for _ in range(5))
            return [response.status for response in await asyncio.gather(*calls)]

    assert virtual_time.run(main()) == [200] * 5


def test_the_oldest_refusals_are_forgotten():
    refusals = FirstRefusals(most=2)
    for now, name in enumerate("abcab"):
        assert refusals.may_be_new({"authorization": name}, now * 10.0)
    assert not refusals.may_be_new({"authorization": "b"}, 50.0)
