"""Conditional requests at the fake server, with tags like GitHub's."""

import hashlib

import pytest

LIST = "/repos/octocat/hello-world/issues?per_page=1"


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


async def test_a_known_etag_is_a_304_that_is_not_counted(http):
    first = await http.get("/users/octocat")
    etag = first.headers["etag"]
    again = await http.get("/users/octocat", headers={"if-none-match": f'"other", {etag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert again.headers["x-ratelimit-used"] == first.headers["x-ratelimit-used"] == "1"
    changed = await http.get("/users/octocat", headers={"if-none-match": '"other"'})
    assert changed.status_code == 200


async def test_tags_in_several_lines_are_one_list(http):
    etag = (await http.get("/users/octocat")).headers["etag"]
    lines = [("if-none-match", etag), ("if-none-match", '"other"')]
    assert (await http.get("/users/octocat", headers=lines)).status_code == 304


async def test_a_change_changes_the_tag(http):
    path, token = "/repos/octocat/hello-world/issues/1", {"authorization": "Bearer any"}
    etag = (await http.get(path, headers=token)).headers["etag"]
    await http.patch(path, json={"title": "Other"}, headers=token)
    response = await http.get(path, headers={"if-none-match": etag, **token})
    assert (response.status_code, response.json()["title"]) == (200, "Other")
