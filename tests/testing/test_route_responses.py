"""Responses of a route: successes with stated fields, errors, sequences."""

from datetime import UTC, datetime
from unittest.mock import ANY

import pytest

import sdk as s
from sdk import models as m
from sdk.operations import OPERATIONS
from sdk.testing import fake


async def test_success_with_the_fields_that_matter(github, sdk):
    github.on(sdk.users.get, "octocat").respond(login="octocat", followers=3)
    user = await sdk.users.get("octocat")
    assert type(user) is m.PublicUser
    assert (user.login, user.followers) == ("octocat", 3)


async def test_success_without_stated_fields(github, sdk):
    github.on(sdk.issues.get, "o", "r", 1)
    assert type(await sdk.issues.get("o", "r", 1)) is m.Issue


async def test_an_int_is_the_account_id(github, sdk):
    github.on(sdk.users.get, 7).respond(login="seven")
    assert (await sdk.users.get(7)).login == "seven"


async def test_respond_with_returns_exactly_the_value(github, sdk):
    issue = fake(m.Issue, title="x", created_at=datetime(2020, 1, 1, tzinfo=UTC))
    github.on(sdk.issues.create, "o", "r", title="x").respond_with(issue)
    assert await sdk.issues.create("o", "r", title="x") == issue


async def test_inner_objects_are_completed(github, sdk):
    github.on_any(sdk.issues.get).respond(user={"login": "ada"}, labels=[{"name": "bug"}])
    issue = await sdk.issues.get("o", "r", 1)
    assert issue.user.login == "ada"
    assert issue.labels[0].name == "bug"


async def test_an_unknown_field_is_refused_with_the_nearest_name(github, sdk):
    route = github.on_any(sdk.users.get)
    with pytest.raises(TypeError, match="did you mean 'login'"):
        route.respond(logn="x")
    await sdk.users.get("x")


async def test_no_content(github, sdk):
    github.on(sdk.users.follow, "ada").respond()
    assert await sdk.users.follow("ada") is None


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("users/get-by-username", 200),
        ("issues/create", 201),
        ("repos/transfer", 202),
        # 200 would say that the reaction was there already.
        ("reactions/create-for-issue", 201),
        ("users/follow", 204),
        ("activity/mark-thread-as-read", 205),
    ],
)
async def test_success_has_the_status_that_github_declares(github, sdk, name, status):
    info = OPERATIONS[name]
    github.on_any(getattr(getattr(sdk, info.resource), info.name)).respond()
    values = {"content": "+1", "new_owner": "ada"}
    path = {parameter.github_name: 1 for parameter in info.parameters if parameter.place == "path"}
    response = await sdk.request(info.method, info.path, path_params=path, json=values)
    assert response.status == status


async def test_a_check_is_true_or_false(github, sdk):
    github.on(sdk.users.check_blocked, "ada").respond().not_found().respond_with(False)
    assert [await sdk.users.check_blocked("ada") for _ in range(3)] == [True, False, False]


async def test_fields_for_an_operation_without_a_body_are_refused(github, sdk):
    route = github.on(sdk.users.follow, "ada")
    with pytest.raises(TypeError, match="does not respond with an object"):
        route.respond(login="x")
    await sdk.users.follow("ada")


async def test_plain_text(github, sdk):
    github.on(sdk.markdown.render, text="*hi*").respond_with("<em>hi</em>")
    assert await sdk.markdown.render(text="*hi*") == "<em>hi</em>"


async def test_a_file_can_be_read_and_saved(github, sdk, tmp_path):
    route = github.on(sdk.repos.download_zipball_archive, "o", "r", "main").respond_with(b"PK..")
    assert await sdk.repos.download_zipball_archive("o", "r", "main") == b"PK.."
    await sdk.repos.download_zipball_archive("o", "r", "main").save(tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == b"PK.."
    assert route.call_count == 2


async def test_a_list_that_does_not_come_in_pages(github, sdk):
    emails = [fake(m.Email, email="a@example.com")]
    github.on_any(sdk.users.add_email_for_authenticated_user).respond_with(emails)
    assert await sdk.users.add_email_for_authenticated_user(emails=["a@example.com"]) == emails


@pytest.mark.parametrize(
    ("say", "error"),
    [
        (lambda route: route.not_found(), s.NotFound),
        (lambda route: route.unauthorized(), s.Unauthorized),
        (lambda route: route.forbidden(), s.Forbidden),
        (lambda route: route.conflict(), s.Conflict),
        (lambda route: route.validation_failed(), s.ValidationFailed),
        (lambda route: route.rate_limited(retry_after=3), s.SecondaryRateLimited),
        (lambda route: route.rate_limit_exceeded(resets_in=90), s.RateLimitExceeded),
        (lambda route: route.server_error(), s.ServerError),
        (lambda route: route.fails(451, "Blocked"), s.UnavailableForLegalReasons),
        (lambda route: route.drop_connection(), s.ConnectionLost),
        (lambda route: route.refuse_connection(), s.ConnectFailed),
        (lambda route: route.time_out(), s.ReadTimeout),
        (lambda route: route.respond_raw(200, content="<html>"), s.DecodeError),
    ],
)
async def test_errors_by_kind(github, sdk, say, error):
    say(github.on(sdk.users.get, "octocat"))
    with pytest.raises(error):
        await sdk.users.get("octocat", options={"retry": None})


async def test_a_validation_error_has_its_details(github, sdk):
    github.on_any(sdk.issues.create).validation_failed(
        {"resource": "Issue", "field": "title", "code": "missing_field"}
    )
    with pytest.raises(s.ValidationFailed) as caught:
        await sdk.issues.create("o", "r", title="")
    assert caught.value.errors[0]["field"] == "title"
    assert caught.value.message == "Validation Failed"
    assert caught.value.request_id == "TEST:000001"


async def test_responses_come_in_order_and_the_last_one_repeats(github, sdk):
    github.on(sdk.users.get, "x").respond(login="a").not_found().respond(login="b")
    assert (await sdk.users.get("x")).login == "a"
    with pytest.raises(s.NotFound):
        await sdk.users.get("x")
    assert [(await sdk.users.get("x")).login for _ in range(2)] == ["b", "b"]


async def test_waits_take_no_time_and_are_recorded(github, sdk):
    route = github.on(sdk.users.get, "x").rate_limited(retry_after=30).respond(login="x")
    user = await sdk.users.get("x")
    assert s.metadata(user).attempts == route.call_count == 2
    assert sum(github.waits) >= 30


async def test_a_client_built_during_the_mock_uses_its_clock(github):
    github.on_any(github.sdk.users.get).server_error().rate_limited(20).respond(login="x")
    async with s.Sdk(token="secret") as client:
        assert (await client.users.get("x")).login == "x"
    assert sum(github.waits) >= 20


async def test_raw_responses(github, sdk):
    github.on(sdk.meta.get_zen).respond_raw(200, content="Hm.", headers={"x-own": "1"})
    github.on(sdk.repos.get, "o", "r").respond_raw(404, json={"message": "Gone fishing"})
    assert await sdk.meta.get_zen() == "Hm."
    with pytest.raises(s.NotFound, match="Gone fishing"):
        await sdk.repos.get("o", "r")


async def test_the_last_matching_route_responds(github, sdk):
    github.on(sdk.users.get, ANY).respond(login="anyone")
    github.on(sdk.users.get, "ada").respond(login="ada")
    assert (await sdk.users.get("ada")).login == "ada"
    assert (await sdk.users.get("bob")).login == "anyone"


async def test_views_and_untyped_requests_match_the_routes(github, sdk):
    route = github.on(sdk.users.get_by_username, "x").respond(login="x")
    assert (await sdk.with_options(token="t").users.get("x")).login == "x"
    assert (await sdk.request("GET", "/users/{u}", path_params={"u": "x"})).status == 200
    assert route.calls[0].headers["authorization"] == "Bearer t"
