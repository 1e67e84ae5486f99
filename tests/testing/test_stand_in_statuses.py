"""Success has the status that GitHub's description gives it."""

import httpx
import pytest

from sdk.testing import StandIn

H = "/repos/octocat/hello-world"


@pytest.fixture
async def api():
    headers = {"authorization": "Bearer x"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(StandIn()), base_url="http://s", headers=headers
    ) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("statuses/abc", {"state": "success"}, 201),
        ("actions/runs/1/cancel", {}, 202),
        ("actions/runs/1/rerun", {}, 201),
        ("actions/variables", {"name": "A", "value": "b"}, 201),
        ("environments/example/deployment-branch-policies", {"name": "x"}, 200),
        ("hooks/1/pings", {}, 204),
        ("issues/1/reactions", {"content": "+1"}, 201),
    ],
)
async def test_a_post(api, path, body, status):
    assert (await api.post(f"{H}/{path}", json=body)).status_code == status


async def test_what_is_marked_as_read(api):
    body = {"last_read_at": "2026-01-01T00:00:00Z"}
    assert (await api.put("/notifications", json=body)).status_code == 205
    assert (await api.patch("/notifications/threads/1")).status_code == 205
