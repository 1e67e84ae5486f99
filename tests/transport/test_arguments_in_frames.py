"""Frames of failed calls, which error reporters show, do not repeat what the caller passed."""

import asyncio

import httpx
import pytest

from sdk import InvalidInput, SdkError
from sdk.graphql import GraphQL
from tests.faults import HANG, FaultServer
from tests.tracebacks import frames
from tests.transport.support import Upstream

SECRET = "pl4nted-argument"
ONE = "query($key: String!) { a(key: $key) }"
PAGES = (
    "query($key: String!, $after: String) "
    "{ a(key: $key, after: $after) { nodes pageInfo { hasNextPage endCursor } } }"
)
VARIABLES = {"key": SECRET}
OPTIONS = {"headers": {"x-key": SECRET}}


def shown(failure):
    return [
        (frame.f_code.co_qualname, name)
        for frame in frames(failure)
        for name, value in frame.f_locals.items()
        if SECRET in repr(value)
    ]


WAYS = {
    "query": lambda api: GraphQL(api).query(ONE, VARIABLES, options=OPTIONS),
    "mutate": lambda api: GraphQL(api).mutate(
        ONE.replace("query", "mutation"), VARIABLES, options=OPTIONS
    ),
    "try_query": lambda api: GraphQL(api).try_query(ONE, VARIABLES, options=OPTIONS),
    "pages": lambda api: GraphQL(api).pages(PAGES, VARIABLES, options=OPTIONS).collect(),
    "json": lambda api: api.request("POST", "/x", json=VARIABLES, options=OPTIONS),
    "params": lambda api: api.request("GET", "/x", params=VARIABLES, options=OPTIONS),
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_call_that_fails(way):
    async with Upstream(httpx.Response(422, json={"message": "no"})).api() as api:
        with pytest.raises(SdkError) as caught:
            await WAYS[way](api)
    assert list(frames(caught.value))
    assert shown(caught.value) == []


@pytest.mark.parametrize("way", WAYS)
async def test_a_call_that_its_caller_gives_up(way, lane):
    async with FaultServer([HANG]) as server:
        api = await lane.api(server.url, timeout=None)
        with pytest.raises(TimeoutError) as caught:
            async with asyncio.timeout(0.05):
                await WAYS[way](api)
    assert list(frames(caught.value))
    assert shown(caught.value) == []


@pytest.mark.parametrize("method", ["query", "try_query", "pages"])
@pytest.mark.parametrize("variables", [{"kee": SECRET}, {"key": SECRET, "x": 1}])
async def test_variables_that_are_refused(method, variables):
    async with Upstream().api() as api:
        with pytest.raises(InvalidInput) as caught:
            await getattr(GraphQL(api), method)(PAGES, variables)
    assert shown(caught.value) == []


async def test_graphql_that_is_called_itself():
    async with Upstream().api() as api:
        with pytest.raises(TypeError, match=r"write sdk\.graphql\.query") as caught:
            GraphQL(api)(ONE, VARIABLES)
    assert shown(caught.value) == []
