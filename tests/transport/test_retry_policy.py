"""The retry rules: what may be sent again, and how long to wait before."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdk import (
    BadRequest,
    ConnectFailed,
    ConnectionLost,
    ConnectTimeout,
    DeadlineExceeded,
    Forbidden,
    NotFound,
    PoolTimeout,
    RateLimitExceeded,
    ReadTimeout,
    ResponseTooLarge,
    Retry,
    SecondaryRateLimited,
    ServerError,
    TransportError,
    WriteTimeout,
)
from sdk.transport.calls.retry_policy import (
    random_wait,
    retryable_failure,
    retryable_response,
)
from sdk.transport.headers import Headers
from sdk.transport.response import rate_limit
from tests.property_tests import unhurried

REPEATABLE = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]
ONE_TIME = ["POST", "PATCH"]
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def headers(**values):
    return Headers(
        (name.replace("_", "-").encode(), value.encode("utf-8", "surrogatepass"))
        for name, value in values.items()
    )


def wait_of(now=NOON, status=429, **values):
    return rate_limit.retry_after(status, headers(**values), now.timestamp())


def http_date(moment):
    return format_datetime(moment, usegmt=True)


# ------------------------------------------------------------------ Retry-After


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("1", 1.0),
        ("120", 120.0),
        ("007", 7.0),
        ("  30  ", 30.0),
        ("259200", 259_200.0),
        ("99999999999999999999", 1e10),
        ("9" * 5000, 1e10),
    ],
)
def test_retry_after_in_whole_seconds_is_taken(text, seconds):
    assert wait_of(retry_after=text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "-5",
        "+5",
        "1.5",
        "1,5",
        "nan",
        "NaN",
        "inf",
        "-inf",
        "Infinity",
        "1e400",
        "1e3",
        "1_000",
        "0x10",
        "٣",
        "²",
        "three days",
        "soon",
        "null",
        "5 seconds",
        "5;q=1",
        "5, 10",
        "tomorrow at noon",
        "Sun, 99 Nov 2026 12:00:00 GMT",
        "Sun, 22 Nov 99999 12:00:00 GMT",
        ",,,",
        "\x00",
    ],
)
def test_an_invalid_retry_after_is_ignored(text):
    assert wait_of(retry_after=text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 22 Nov 2026 12:02:00 GMT",
        "Sunday, 22-Nov-26 12:02:00 GMT",
        "Sun Nov 22 12:02:00 2026",
        "Sun, 22 Nov 2026 12:02:00",
        "Sun, 22 Nov 2026 14:02:00 +0200",
    ],
    ids=["RFC 1123", "RFC 850", "asctime", "no zone", "numeric zone"],
)
def test_retry_after_as_a_date_is_the_time_until_then(text):
    assert wait_of(retry_after=text) == 120.0


def test_retry_after_three_days_ahead_is_three_days():
    assert wait_of(retry_after=http_date(NOON + timedelta(days=3))) == 259_200.0


def test_retry_after_in_the_past_is_no_wait_at_all():
    assert wait_of(retry_after="Fri, 31 Dec 1999 23:59:59 GMT") == 0.0


def test_a_date_is_read_by_the_server_s_own_clock():
    # This machine is an hour ahead of the server.
    wait = wait_of(
        now=NOON + timedelta(hours=1),
        date=http_date(NOON),
        retry_after=http_date(NOON + timedelta(seconds=30)),
    )
    assert wait == 30.0


def test_with_an_invalid_server_date_the_local_clock_is_used():
    assert wait_of(date="whenever", retry_after=http_date(NOON + timedelta(seconds=30))) == 30.0


@unhurried
@given(st.text())
def test_no_text_of_retry_after_raises_an_exception(text):
    wait = wait_of(retry_after=text, date=text)
    assert wait is None or 0.0 <= wait < 1e12


# ------------------------------------------------------------------ x-ratelimit-reset


@pytest.mark.parametrize(("status", "wait"), [(403, 91.0), (503, 91.0), (404, None), (422, None)])
def test_the_end_of_the_window_is_returned_where_the_limit_may_be_the_cause(status, wait):
    reset = str(int(NOON.timestamp()) + 90)
    assert wait_of(status=status, x_ratelimit_remaining="0", x_ratelimit_reset=reset) == wait


def test_a_used_up_limit_is_waited_for_to_the_end_of_its_last_second():
    reset = int(NOON.timestamp()) + 90
    assert wait_of(x_ratelimit_remaining="0", x_ratelimit_reset=str(reset)) == 91.0


def test_a_reset_is_read_by_the_server_s_own_clock():
    wait = wait_of(
        now=NOON - timedelta(hours=1),
        date=http_date(NOON),
        x_ratelimit_remaining="0",
        x_ratelimit_reset=str(int(NOON.timestamp()) + 90),
    )
    assert wait == 91.0


@pytest.mark.parametrize("ago", [0, 1, 59])
def test_a_window_that_has_just_ended_is_waited_for_a_second(ago):
    reset = str(int(NOON.timestamp()) - ago)
    assert wait_of(x_ratelimit_remaining="0", x_ratelimit_reset=reset) == 1.0


@pytest.mark.parametrize("reset", [0, 30, 3600, 9_999_999_999, 1_795_000_000_000])
def test_a_reset_that_no_window_has_names_no_time(reset):
    assert wait_of(x_ratelimit_remaining="0", x_ratelimit_reset=str(reset)) is None


def test_a_reset_is_ignored_while_calls_are_left():
    reset = int(NOON.timestamp()) + 90
    assert wait_of(x_ratelimit_remaining="1", x_ratelimit_reset=str(reset)) is None


@pytest.mark.parametrize("reset", ["", "soon", "-1", "1e9", "nan"])
def test_an_invalid_reset_is_ignored(reset):
    assert wait_of(x_ratelimit_remaining="0", x_ratelimit_reset=reset) is None


def test_retry_after_takes_precedence_over_the_reset():
    reset = int(NOON.timestamp()) + 90
    assert wait_of(retry_after="5", x_ratelimit_remaining="0", x_ratelimit_reset=str(reset)) == 5.0


def test_with_an_invalid_retry_after_the_reset_is_used():
    reset = int(NOON.timestamp()) + 90
    assert (
        wait_of(retry_after="nan", x_ratelimit_remaining="0", x_ratelimit_reset=str(reset)) == 91.0
    )


# ------------------------------------------------------------------ what may be sent again


@pytest.mark.parametrize("method", REPEATABLE)
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_transient_failure_of_an_idempotent_method_is_retried(method, status):
    assert retryable_response(method, status, ServerError)


@pytest.mark.parametrize("method", ONE_TIME)
@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_no_response_to_an_unsafe_method_is_retried(method, status):
    assert not retryable_response(method, status, ServerError)


@pytest.mark.parametrize(
    ("status", "error_class"),
    [(400, BadRequest), (403, Forbidden), (404, NotFound), (501, ServerError), (505, ServerError)],
)
def test_a_permanent_failure_is_not_retried(status, error_class):
    assert not retryable_response("GET", status, error_class)


@pytest.mark.parametrize("error_class", [RateLimitExceeded, SecondaryRateLimited])
def test_a_rate_limit_is_waited_for_even_as_403(error_class):
    assert retryable_response("GET", 403, error_class)


@pytest.mark.parametrize("method", REPEATABLE)
@pytest.mark.parametrize(
    "error_class", [ConnectFailed, ConnectionLost, ConnectTimeout, ReadTimeout, WriteTimeout]
)
def test_a_network_failure_of_an_idempotent_method_is_retried(method, error_class):
    assert retryable_failure(method, error_class("broke"))


@pytest.mark.parametrize("method", ONE_TIME)
def test_an_unsafe_method_is_retried_only_when_nothing_was_sent(method):
    assert retryable_failure(method, ConnectFailed("refused", sent=False))
    assert retryable_failure(method, PoolTimeout("busy", sent=False))
    assert not retryable_failure(method, ConnectionLost("cut", sent=True))
    assert not retryable_failure(method, ReadTimeout("silent", sent=True))


@pytest.mark.parametrize("error_class", [DeadlineExceeded, ResponseTooLarge, TransportError])
def test_failures_that_would_recur_are_not_retried(error_class):
    assert not retryable_failure("GET", error_class("over", sent=False))


# ------------------------------------------------------------------ how long to wait


@pytest.mark.parametrize(
    ("failed", "ceiling"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 8.0), (5000, 8.0)]
)
def test_the_ceiling_of_the_random_wait_doubles_up_to_its_limit(failed, ceiling):
    assert random_wait(Retry(), failed, 1.0) == ceiling


def test_the_wait_is_spread_over_all_of_the_time_below_its_ceiling():
    assert [random_wait(Retry(), 3, chance) for chance in (0.0, 0.25, 0.5)] == [0.0, 0.5, 1.0]
