"""Faults on request: by header, by call, with GitHub's statuses and texts."""

import pytest

from sdk import (
    ConnectionLost,
    NotFound,
    RateLimitExceeded,
    Sdk,
    SecondaryRateLimited,
    ServerError,
    metadata,
)
from sdk.testing import StandIn, serve

BASE_URL = "http://github.test"


@pytest.fixture
def sdk(http):
    return Sdk(base_url=BASE_URL, http_client=http, token="any", retry=None, pacing=None)


@pytest.mark.parametrize(
    "fault",
    [
        *(f"status={status}" for status in (-1, 99, 101, 200, 204, 304, 1000)),
        *("delay=nan", "delay=inf", "delay=-1", "retry-after=-1", "retry-after=x"),
        *("explode", "status=x", "rate-limit=some", "status"),
    ],
)
async def test_an_invalid_fault_header_is_refused(http, fault):
    response = await http.get("/users/octocat", headers={"x-stand-in-fault": fault})
    assert response.status_code == 400
    assert "x-stand-in-fault knows" in response.json()["message"]


@pytest.mark.parametrize(
    "told",
    [
        *({"status": status} for status in ("x", True, 99, 204, 1000)),
        *({"delay": delay} for delay in ("1", float("nan"), float("inf"), -1)),
        {"rate_limit": "foo"},
        {"status": 500, "times": -1},
        {"status": 500, "times": 1.5},
        {"status": 429, "retry_after": -1},
        {"status": 429, "retry_after": "soon"},
        {},
    ],
)
def test_invalid_arguments_of_fail_are_refused(server, told):
    with pytest.raises(ValueError, match=r"status|delay|rate_limit|times|retry_after"):
        server.fail(**told)


async def test_zero_times_is_no_fault(server, http):
    server.fail(status=500, times=0)
    assert (await http.get("/users/octocat")).status_code == 200


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("rate-limit, retry-after=7", 403),
        ("rate-limit=secondary, retry-after=7", 403),
        ("status=503, retry-after=7", 503),
        ("delay=0.001, retry-after=7", 200),
    ],
)
async def test_retry_after_goes_with_every_fault(http, fault, status):
    response = await http.get("/users/octocat", headers={"x-stand-in-fault": fault})
    assert (response.status_code, response.headers["retry-after"]) == (status, "7")


async def test_a_fault_of_an_operation_applies_to_head(server, http):
    server.fail("users/get-by-username", status=503)
    assert (await http.head("/users/octocat")).status_code == 503


async def test_reset_restores_the_rate_limit(server, http):
    server.fail(rate_limit="primary")
    assert (await http.get("/users/octocat")).status_code == 403
    server.reset()
    response = await http.get("/users/octocat")
    assert (response.status_code, response.headers["x-ratelimit-used"]) == (200, "1")


async def test_the_rate_limit_can_be_read_when_nothing_is_left(server, http):
    server.fail("/users/octocat", rate_limit="primary")
    await http.get("/users/octocat")
    response = await http.get("/rate_limit")
    assert (response.status_code, response.json()["rate"]["remaining"]) == (200, 0)


def test_a_negative_rate_limit_is_refused():
    with pytest.raises(ValueError, match="rate_limit must not be negative: -5"):
        StandIn(rate_limit=-5)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("status=503", ServerError),
        ("status=404", NotFound),
        ("rate-limit", RateLimitExceeded),
        ("rate-limit=secondary, retry-after=7", SecondaryRateLimited),
        ("drop", ConnectionLost),
        ("cut", ConnectionLost),
        ("delay=0.001, status=500", ServerError),
    ],
)
async def test_faults_by_header(sdk, fault, error):
    with pytest.raises(error):
        await sdk.users.get("octocat", options={"headers": {"x-stand-in-fault": fault}})


@pytest.mark.parametrize("fault", ["drop", "cut"])
async def test_broken_connections_over_a_socket(server, fault):
    async with serve(server) as base_url, Sdk(base_url=base_url, token=None, retry=None) as sdk:
        with pytest.raises(ConnectionLost):
            await sdk.users.get("octocat", options={"headers": {"x-stand-in-fault": fault}})
        assert (await sdk.users.get("octocat")).login == "octocat"


async def test_faults_by_call(server, sdk):
    server.fail("users/get-by-username", status=502, times=2)
    for _ in range(2):
        with pytest.raises(ServerError):
            await sdk.users.get("octocat")
    user = await sdk.users.get("octocat")
    assert metadata(user).attempts == 1


async def test_faults_by_path_and_for_good(server, sdk):
    server.fail("/repos/octocat/*", times=None, rate_limit="secondary", retry_after=3)
    for _ in range(3):
        with pytest.raises(SecondaryRateLimited) as caught:
            await sdk.repos.get("octocat", "hello-world")
        assert caught.value.retry_after == 3
    assert (await sdk.repos.get("ada-example", "engine")).name == "engine"
    server.reset()
    assert (await sdk.repos.get("octocat", "hello-world")).name == "hello-world"


async def test_a_retry_succeeds_after_a_fault(server, http):
    sdk = Sdk(base_url=BASE_URL, http_client=http, token="any", pacing=None)
    server.fail(drop=True)
    user = await sdk.users.get("octocat")
    assert metadata(user).attempts == 2


async def test_a_used_up_limit_stays_used_up(server, sdk):
    server.fail(rate_limit="primary")
    for _ in range(2):
        with pytest.raises(RateLimitExceeded) as caught:
            await sdk.users.get("octocat")
    assert caught.value.headers["x-ratelimit-remaining"] == "0"
