"""Options: their meaning, and values that are refused before anything is sent."""

import math

import pytest

from sdk import InvalidInput, Retry, Timeout

PHASES = ("connect", "read", "write", "pool", "total")


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("seconds", [0, -1, math.nan, math.inf, "5", [5]])
def test_an_invalid_timeout_is_refused_by_name(phase, seconds):
    with pytest.raises(InvalidInput, match=rf"Timeout\.{phase} must be a positive number"):
        Timeout(**{phase: seconds})


def test_a_number_is_the_limit_of_the_whole_call():
    assert Timeout(read=1).changed(5) == Timeout(read=1, total=5)


def test_none_disables_the_timeout():
    assert Timeout().changed(None) == Timeout(**dict.fromkeys(PHASES))


def test_no_phase_gets_more_than_the_time_that_is_left():
    assert Timeout(connect=5, read=30, write=None, pool=10).phases(7) == {
        "connect": 5,
        "read": 7,
        "write": 7,
        "pool": 7,
    }


def test_without_a_deadline_every_phase_keeps_its_own_limit():
    assert Timeout(connect=1, read=None, write=3, pool=4).phases(None) == {
        "connect": 1,
        "read": None,
        "write": 3,
        "pool": 4,
    }


def test_less_than_one_attempt_is_refused():
    with pytest.raises(InvalidInput, match="Use retry=None for no retries"):
        Retry(attempts=0)


@pytest.mark.parametrize("name", ["initial_delay", "max_delay", "max_retry_after"])
@pytest.mark.parametrize("seconds", [-1, math.nan, "5", None])
def test_an_invalid_wait_is_refused_by_name(name, seconds):
    with pytest.raises(InvalidInput, match=rf"Retry\.{name} must be a number of seconds"):
        Retry(**{name: seconds})


def test_none_is_a_single_attempt():
    assert Retry.of(None).attempts == 1


@pytest.mark.parametrize("value", [0, 3, True, "3"])
def test_a_bare_number_of_retries_is_refused_with_the_fix(value):
    with pytest.raises(InvalidInput, match=r"Write Retry\(attempts="):
        Retry.of(value)
