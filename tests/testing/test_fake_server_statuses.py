"""Successful responses have the status that GitHub's description declares."""

import pytest

H = "/repos/octocat/hello-world"


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
async def test_a_post_has_the_declared_status(stand_in, path, body, status):
    assert (await stand_in.post(f"{H}/{path}", json=body)).status_code == status


async def test_marking_as_read_has_its_status(stand_in):
    body = {"last_read_at": "2026-01-01T00:00:00Z"}
    assert (await stand_in.put("/notifications", json=body)).status_code == 205
    assert (await stand_in.patch("/notifications/threads/1")).status_code == 205
