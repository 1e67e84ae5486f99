"""GitHub's errors: their fields, and which 403 is a rate limit."""

import httpx
import pytest

from sdk import (
    ApiError,
    Forbidden,
    RateLimited,
    RateLimitExceeded,
    Sdk,
    SecondaryRateLimited,
    ValidationFailed,
)
from tests.transport.support import Upstream

DATE = "Sun, 22 Nov 2026 12:00:00 GMT"
NOON = 1_795_348_800


async def error_of(status, message="", headers=None, **body):
    reply = httpx.Response(status, json={"message": message, **body}, headers=headers)
    client = Sdk(http_client=Upstream(reply).http_client(), token=None, retry=None)
    with pytest.raises(ApiError) as caught:
        await client.request("GET", "/x")
    return caught.value


async def test_the_documentation_url_and_the_request_id_are_kept():
    error = await error_of(
        422,
        "Validation Failed",
        {"x-github-request-id": "AB:1"},
        errors=[{"resource": "Issue", "field": "title", "code": "missing_field"}],
        documentation_url="https://docs.github.com/rest",
    )
    assert type(error) is ValidationFailed
    assert error.request_id == "AB:1"
    assert error.documentation_url == "https://docs.github.com/rest"
    assert error.errors[0]["field"] == "title"


@pytest.mark.parametrize("url", [None, 7, "", ["https://docs.github.com"]])
async def test_an_invalid_documentation_url_is_left_out(url):
    assert (await error_of(404, documentation_url=url)).documentation_url is None


@pytest.mark.parametrize("status", [403, 429])
async def test_the_primary_limit_has_its_remaining_time(status):
    error = await error_of(
        status,
        "API rate limit exceeded for 192.0.2.1.",
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOON + 90), "date": DATE},
    )
    assert type(error) is RateLimitExceeded
    assert error.retry_after == 91.0


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize(
    "message",
    [
        "You have exceeded a secondary rate limit. Please wait a few minutes.",
        "You have triggered an abuse detection mechanism.",
    ],
)
async def test_a_secondary_limit_is_recognized_by_its_message_and_lasts_a_minute(status, message):
    error = await error_of(status, message)
    assert type(error) is SecondaryRateLimited
    assert error.retry_after == 60.0


async def test_a_secondary_limit_lasts_for_its_retry_after():
    error = await error_of(403, "You have exceeded a secondary rate limit.", {"retry-after": "7"})
    assert (type(error), error.retry_after) == (SecondaryRateLimited, 7.0)


async def test_429_without_a_message_is_a_rate_limit():
    assert type(await error_of(429)) is RateLimited


@pytest.mark.parametrize(
    "message", ["Resource not accessible by integration", "Must have admin rights", ""]
)
async def test_any_other_403_is_forbidden(message):
    error = await error_of(403, message, {"x-ratelimit-remaining": "4999"})
    assert type(error) is Forbidden
    assert error.retry_after is None


@pytest.mark.parametrize(
    ("status", "message"),
    [(429, ""), (429, "Too many requests"), (403, "API rate limit exceeded for user ID 1.")],
)
async def test_a_rate_limit_without_a_time_lasts_a_minute(status, message):
    error = await error_of(status, message, {"x-ratelimit-remaining": "4935"})
    assert isinstance(error, RateLimited)
    assert error.retry_after == 60.0


@pytest.mark.parametrize("reset", ["0", "30", "9999999999", str((NOON + 90) * 1000)])
async def test_a_rate_limit_with_a_nonsensical_reset_lasts_a_minute(reset):
    told = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset, "date": DATE}
    error = await error_of(403, "API rate limit exceeded for user ID 1.", told)
    assert error.retry_after == 60.0


@pytest.mark.parametrize(
    "message", ["Resource not accessible by integration", "Must have admin rights to Repository."]
)
async def test_a_missing_permission_on_the_last_call_of_the_hour_is_forbidden(message):
    error = await error_of(
        403,
        message,
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOON + 90), "date": DATE},
    )
    assert type(error) is Forbidden
    assert error.retry_after is None


async def test_a_secondary_limit_on_the_last_call_of_the_hour_is_secondary():
    error = await error_of(
        403,
        "You have exceeded a secondary rate limit. Please wait a few minutes.",
        {"x-ratelimit-remaining": "0", "retry-after": "30"},
    )
    assert type(error) is SecondaryRateLimited
    assert error.retry_after == 30.0


async def test_control_characters_in_a_documentation_url_are_not_kept():
    error = await error_of(404, documentation_url="https://docs.example.com/\x1b[31m\nFORGED line")
    assert "\x1b" not in str(error)
    assert "\n" not in str(error)


async def test_control_characters_in_a_request_id_are_not_kept():
    error = await error_of(404, "x", {"x-github-request-id": "AB:1\x1b[2J"})
    assert "\x1b" not in str(error)
