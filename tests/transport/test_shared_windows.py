"""A rate limit that several processes use: what the others have under way is estimated."""

from sdk.transport.rate_limits.limits import Window
from sdk.transport.response.rate_limit import LimitState


def window_with(remaining: int) -> Window:
    window = Window("core", 100, workers=4)
    window.merge(LimitState(600, remaining, 600 - remaining, 1000, "core"), seconds=900.0, now=0.0)
    return window


def test_the_others_are_assumed_to_have_as_many_calls_under_way_as_this_process_had():
    window = window_with(30)
    for _ in range(10):
        window.begin(0.0)
    assert not window.free(0.0)
    window.in_flight = 0
    assert not window.free(1.0)
    assert window.wait(1.0) == 1.0
    assert window.free(2.0)
    assert window.wait(2.0) == 0.0


def test_a_process_without_calls_of_late_may_use_its_part():
    window = window_with(4)
    assert window.free(0.0)
    window.begin(0.0)
    assert not window.free(0.0)


def test_fewer_calls_than_processes_wait_for_the_end_of_the_window():
    window = window_with(3)
    assert not window.free(0.0)
    assert window.wait(0.0) == 900.0
