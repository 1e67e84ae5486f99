"""How often an operation is sent, and how rate limits inside of a 200 are taken."""

import pytest

from sdk import RateLimitExceeded, Retry, SecondaryRateLimited, ServerError

VIEWER = "query { viewer { login } }"
ADD = "mutation AddStar($id: ID!) { addStar(input: {starrableId: $id}) { clientMutationId } }"
LIMITED = {"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}
SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait."}
PASSING = {"message": "Something went wrong while executing your query. Please include `A:1`."}


@pytest.mark.parametrize("status", [502, 504])
async def test_a_mutation_with_a_5xx_is_sent_once(sdk, server, status):
    server.status(status)
    with pytest.raises(ServerError):
        await sdk.graphql.mutate(ADD, {"id": "x"})
    assert len(server.sent) == 1


@pytest.mark.parametrize("status", [502, 504])
async def test_a_query_with_a_5xx_is_retried_once(sdk, server, status):
    server.status(status)
    with pytest.raises(ServerError):
        await sdk.graphql.query(VIEWER)
    assert len(server.sent) == 2


async def test_a_query_recovers_from_a_5xx(sdk, server):
    server.status(502)
    server.data(viewer={"login": "o"})
    assert (await sdk.graphql.query(VIEWER))["viewer"]["login"] == "o"


async def test_a_retry_option_of_the_call_is_used_unchanged(sdk, server):
    server.status(502)
    with pytest.raises(ServerError):
        await sdk.graphql.query(VIEWER, options={"retry": Retry(attempts=3)})
    assert len(server.sent) == 3


async def test_a_transient_error_of_a_query_is_retried(sdk, server):
    server.errors(PASSING)
    server.data(viewer={"login": "o"})
    result = await sdk.graphql.query(VIEWER)
    assert (result["viewer"]["login"], len(server.sent)) == ("o", 2)


async def test_a_transient_error_of_a_mutation_is_not_retried(sdk, server):
    server.errors(PASSING)
    with pytest.raises(ServerError, match="Something went wrong"):
        await sdk.graphql.mutate(ADD, {"id": "x"})
    assert len(server.sent) == 1


@pytest.mark.parametrize("type_", ["RATE_LIMITED", "RATE_LIMIT"])
async def test_a_used_up_limit_has_its_remaining_time(sdk, server, clock, type_):
    reset = str(int(clock.time) + 1200)
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
    server.errors({**LIMITED, "type": type_}, headers=headers)
    with pytest.raises(RateLimitExceeded) as caught:
        await sdk.graphql.query(VIEWER)
    assert 1190 <= caught.value.retry_after <= 1200
    assert len(server.sent) == 1


async def test_a_secondary_limit_is_waited_for(sdk, server, clock):
    server.errors(SECONDARY, headers={"retry-after": "30"})
    server.data(viewer={"login": "o"})
    await sdk.graphql.query(VIEWER)
    assert sum(clock.slept) >= 30


async def test_a_secondary_limit_without_a_time_lasts_a_minute(sdk, server):
    server.errors(SECONDARY)
    with pytest.raises(SecondaryRateLimited) as caught:
        await sdk.graphql.query(VIEWER)
    assert caught.value.retry_after == 60


async def test_a_rate_limited_mutation_is_not_retried(sdk, server):
    server.errors(SECONDARY, headers={"retry-after": "1"})
    with pytest.raises(SecondaryRateLimited):
        await sdk.graphql.mutate(ADD, {"id": "x"})
    assert len(server.sent) == 1


async def test_queries_are_paced_as_reads_and_mutations_as_writes(sdk, server, clock):
    headers = {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "4000",
        "x-ratelimit-reset": str(int(clock.time) + 3600),
        "x-ratelimit-resource": "graphql",
    }
    server.status(200, json={"data": {"viewer": {"login": "o"}}}, headers=headers)
    for _ in range(40):
        await sdk.graphql.query(VIEWER)
    assert clock.slept == []
    for _ in range(25):
        await sdk.graphql.mutate(ADD, {"id": "x"})
    assert sum(clock.slept) >= 4
