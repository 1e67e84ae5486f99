"""What goes wrong on purpose: only what can, as often as was said, and as GitHub would say it."""

import httpx
import pytest

from sdk.testing import StandIn, serve

BEARER = {"authorization": "Bearer x"}


@pytest.fixture
def app():
    return StandIn()


@pytest.fixture
async def api(app):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://s", headers=BEARER
    ) as client:
        yield client


@pytest.mark.parametrize(
    "fault",
    [
        *(f"status={status}" for status in (-1, 99, 101, 200, 204, 304, 1000)),
        *("delay=nan", "delay=inf", "delay=-1", "retry-after=-1", "retry-after=x"),
    ],
)
async def test_an_invalid_fault_header_is_refused(app, fault):
    async with serve(app) as base_url, httpx.AsyncClient() as client:
        response = await client.get(
            f"{base_url}/users/octocat", headers={"x-stand-in-fault": fault}
        )
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
def test_invalid_arguments_of_fail_are_refused(app, told):
    with pytest.raises(ValueError, match=r"status|delay|rate_limit|times|retry_after"):
        app.fail(**told)


async def test_zero_times_is_no_fault(app, api):
    app.fail(status=500, times=0)
    assert (await api.get("/users/octocat")).status_code == 200


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("rate-limit, retry-after=7", 403),
        ("rate-limit=secondary, retry-after=7", 403),
        ("status=503, retry-after=7", 503),
        ("delay=0.001, retry-after=7", 200),
    ],
)
async def test_retry_after_goes_with_every_fault(api, fault, status):
    response = await api.get("/users/octocat", headers={"x-stand-in-fault": fault})
    assert (response.status_code, response.headers["retry-after"]) == (status, "7")


async def test_a_fault_of_an_operation_applies_to_head(app, api):
    app.fail("users/get-by-username", status=503)
    assert (await api.head("/users/octocat")).status_code == 503


async def test_reset_restores_the_rate_limit(app, api):
    app.fail(rate_limit="primary")
    assert (await api.get("/users/octocat")).status_code == 403
    app.reset()
    response = await api.get("/users/octocat")
    assert (response.status_code, response.headers["x-ratelimit-used"]) == (200, "1")


async def test_the_rate_limit_can_be_read_when_nothing_is_left(app, api):
    app.fail("/users/octocat", rate_limit="primary")
    await api.get("/users/octocat")
    response = await api.get("/rate_limit")
    assert (response.status_code, response.json()["rate"]["remaining"]) == (200, 0)


def test_a_negative_rate_limit_is_refused():
    with pytest.raises(ValueError, match="rate_limit must not be negative: -5"):
        StandIn(rate_limit=-5)
