"""Invalid bodies are refused as GitHub refuses them, and never crash the server."""

import json
import random

import httpx
import pytest

from sdk.operations import OPERATIONS
from sdk.testing import StandIn
from sdk.testing.fake_server.messages import Request, parse_query

ISSUES = "/repos/octocat/hello-world/issues"


async def post(path, body, *, method="POST"):
    transport = httpx.ASGITransport(StandIn())
    headers = {"authorization": "Bearer any"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://stand-in", headers=headers
    ) as client:
        return await client.request(method, path, json=body)


@pytest.mark.parametrize(
    ("method", "path", "body", "field", "code"),
    [
        ("POST", ISSUES, {}, "title", "missing_field"),
        ("POST", ISSUES, {"title": ""}, "title", "missing_field"),
        ("POST", ISSUES, {"title": "x", "labels": "bug"}, "labels", "invalid"),
        ("POST", ISSUES, {"title": "x", "body": 3}, "body", "invalid"),
        ("PATCH", f"{ISSUES}/1", {"state": "done"}, "state", "invalid"),
        ("PATCH", f"{ISSUES}/1", {"title": None, "locked": 1, "state": 1}, "state", "invalid"),
        ("POST", "/user/repos", {"name": "x", "private": "yes"}, "private", "invalid"),
        ("POST", "/gists", {"files": {"a": 1}}, "files", "invalid"),
        ("POST", "/user/repos", {"name": "hello-world"}, "name", "custom"),
    ],
)
async def test_invalid_fields_are_refused_by_name(method, path, body, field, code):
    response = await post(path, body, method=method)
    assert (response.status_code, response.json()["message"]) == (422, "Validation Failed")
    [error] = response.json()["errors"]
    assert (error["field"], error["code"]) == (field, code)


async def test_a_body_that_is_not_an_object_is_refused():
    response = await post(ISSUES, ["x"])
    assert (response.status_code, response.json()["message"]) == (
        400,
        "Body should be a JSON object",
    )


@pytest.mark.parametrize(
    "body",
    [
        rb'{"title":"\ud800"}',
        rb'{"title":"x","labels":["\ud800"]}',
        b'{"title":"\xed\xa0\x80"}',
        b"[" * 200_000,
        b'{"title":"x","body":' + b"[" * 500 + b"]" * 500 + b"}",
        b'{"title":"x","milestone":NaN}',
        b'{"title":"x","milestone":1e999}',
        b"\xff",
    ],
)
async def test_json_that_cannot_be_returned_is_refused(body):
    app = StandIn()
    headers = {"authorization": "Bearer any"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://stand-in", headers=headers
    ) as client:
        response = await client.post(ISSUES, content=body)
        assert (response.status_code, response.json()["message"]) == (400, "Problems parsing JSON")
        assert len((await client.get(ISSUES)).json()) == 3


async def test_a_surrogate_pair_is_accepted():
    response = await post(ISSUES, {"title": "\U0001f419"})
    assert response.json()["title"] == "\U0001f419"


@pytest.mark.parametrize(("field", "status"), [("assignee", 201), ("body", 422)])
async def test_null_is_accepted_where_the_description_allows_it(field, status):
    assert (await post(ISSUES, {"title": "x", field: None})).status_code == status


VALUES = [
    *(None, 1, -1, True, 1.5, "", "x", "é", "2026-01-01T00:00:00Z"),
    *([], [1], ["a"], [None], [{}], [["x"]], {}, {"a": 1}, {"name": None}, {"content": 3}),
]
SEGMENTS = ["1", "x", "-1", "%2e%2e", "a%2Fb", "%00", "%F0%9F%90%99", "9" * 30, "main", "bug"]
QUERIES = ["", "page=2", "per_page=0", "per_page=x", f"page={'9' * 30}", "state=closed", "q=%FF"]
SEEDED = {"owner": "octocat", "repo": "hello-world", "org": "octo-org", "username": "octocat"}


def test_no_random_request_crashes_the_server():
    chance = random.Random(7)  # noqa: S311  the same requests in every run
    app = StandIn(rate_limit=1_000_000)
    operations = list(OPERATIONS.values())
    seen = set()
    for _ in range(1500):
        info = chance.choice(operations)
        parts = [
            SEEDED.get(part[1:-1], chance.choice(SEGMENTS)) if part.startswith("{") else part
            for part in info.path.split("/")
        ]
        fields = {
            parameter.github_name: chance.choice(VALUES)
            for parameter in info.parameters
            if parameter.place in ("field", "body") and chance.random() < 0.8
        }
        body = chance.choice([fields, fields, fields, chance.choice(VALUES)])
        request = Request(
            method=info.method,
            path="/".join(parts),
            query=parse_query(chance.choice(QUERIES).encode()),
            headers={"authorization": "Bearer any"},
            body=b"" if info.method == "GET" else json.dumps(body).encode(),
            base_url="http://stand-in",
        )
        reply = app.respond(request)
        reply.content()
        seen.add(reply.status)
    assert (
        {200, 201, 204, 400, 404, 422} <= seen <= {200, 201, 202, 204, 205, 304, 400, 401, 404, 422}
    )


async def test_bodies_that_are_not_json(http):
    response = await http.post(
        "/repos/octocat/hello-world/issues",
        content=b"{",
        headers={"authorization": "Bearer any"},
    )
    assert (response.status_code, response.json()["message"]) == (400, "Problems parsing JSON")
