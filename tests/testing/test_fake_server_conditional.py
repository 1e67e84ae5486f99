"""Conditional requests at the fake server, with tags like GitHub's."""

import hashlib

import httpx
import pytest

from sdk.testing import StandIn

LIST = "/repos/octocat/hello-world/issues?per_page=1"


@pytest.fixture
async def http():
    transport = httpx.ASGITransport(StandIn())
    async with httpx.AsyncClient(transport=transport, base_url="http://github.test") as client:
        yield client


async def test_the_tag_is_githubs_formula(http):
    headers = {"accept": "application/json", "authorization": "Bearer one"}
    response = await http.get("/users/octocat", headers=headers)
    digest = hashlib.sha256(b"application/json:Bearer one::" + response.content).hexdigest()
    assert response.headers["etag"] == f'W/"{digest}"'


@pytest.mark.parametrize("changed", [{"authorization": "Bearer two"}, {"accept": "text/json"}])
async def test_another_token_or_accept_header_has_another_tag(http, changed):
    headers = {"accept": "application/json", "authorization": "Bearer one"}
    tag = (await http.get("/users/octocat", headers=headers)).headers["etag"]
    again = {**headers, "if-none-match": tag}
    assert (await http.get("/users/octocat", headers=again)).status_code == 304
    other = await http.get("/users/octocat", headers={**again, **changed})
    assert other.status_code == 200
    assert other.headers["etag"] != tag


async def test_a_304_has_no_link_no_body_and_is_not_counted(http):
    first = await http.get(LIST)
    assert "link" in first.headers
    second = await http.get(LIST, headers={"if-none-match": first.headers["etag"]})
    assert (second.status_code, second.content) == (304, b"")
    assert "link" not in second.headers
    assert second.headers["x-ratelimit-used"] == first.headers["x-ratelimit-used"]


async def test_vary_has_github_s_header_names(http):
    response = await http.get("/users/octocat")
    assert response.headers["vary"] == (
        "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With"
    )
    assert response.headers["cache-control"].startswith("public")


async def test_the_rate_limit_is_never_conditional(http):
    first = await http.get("/rate_limit")
    assert "etag" not in first.headers
    again = await http.get("/rate_limit", headers={"if-none-match": "*"})
    assert again.status_code == 200
