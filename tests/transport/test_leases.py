"""The reserved calls of a rate limit that several processes share."""

from sdk.transport.rate_limits.limits import Window
from sdk.transport.response.rate_limit import LimitState
from sdk.transport.shared_state import LeaseGrant


def window_with(remaining: int) -> Window:
    window = Window("core", 100, workers=4, reserved=True)
    window.merge(LimitState(600, remaining, 600 - remaining, 1000, "core"), seconds=900.0, now=0.0)
    return window


def grant(window: Window, calls: int, remaining: int, at: float = 0.0) -> None:
    window.grant(LeaseGrant(1000, remaining, calls), at)


def held(window: Window, at: float = 0.0) -> int:
    report = window.report(at, wanted=True, waiting=False)
    assert report is not None
    return report.held


def test_the_last_calls_need_a_reservation() -> None:
    window = window_with(400)
    assert not window.free(0.0)
    # Nobody knows when one comes: not the end of the window.
    assert window.wait(0.0) == 0.0
    grant(window, 2, 400)
    window.begin(0.0)
    window.begin(0.0)
    assert not window.free(0.0)
    assert held(window) == 2


def test_with_many_calls_left_there_is_no_need() -> None:
    window = window_with(401)
    assert window.free(0.0)
    window.begin(0.0)
    assert window.free(0.0)


def test_more_are_asked_for_before_they_are_used_up() -> None:
    window = window_with(400)
    assert window.is_short(0.0)
    grant(window, 4, 400)
    assert not window.is_short(0.0)
    window.begin(0.0)
    window.begin(0.0)
    assert window.is_short(0.0)
    assert window.free(0.0)


def test_what_was_given_back_is_not_asked_for_until_a_call_needs_it() -> None:
    window = window_with(400)
    grant(window, 0, 400)
    report = window.report(0.0, wanted=True, waiting=False)
    assert report is not None
    assert not report.wanted
    report = window.report(0.0, wanted=True, waiting=True)
    assert report is not None
    assert report.wanted


def test_the_fewest_calls_that_any_process_has_seen_count() -> None:
    window = window_with(300)
    grant(window, 5, 0)
    assert not window.free(0.0)
    assert window.wait(0.0) == 900.0


def test_a_reservation_ends_unless_it_is_confirmed() -> None:
    window = window_with(400)
    grant(window, 5, 400)
    assert window.free(11.9)
    assert not window.free(12.0)
    assert held(window, 12.0) == 0
    grant(window, 3, 400, at=12.5)
    assert held(window, 12.5) == 3


def test_a_reservation_of_another_window_is_not_used() -> None:
    window = window_with(400)
    window.grant(LeaseGrant(2000, 600, 5), 0.0)
    assert not window.free(0.0)
    grant(window, 5, 400)
    window.merge(LimitState(600, 390, 210, 2000, "core"), seconds=1900.0, now=0.0)
    assert not window.free(0.0)


def test_after_the_end_of_a_window_none_is_needed() -> None:
    window = window_with(0)
    assert not window.free(899.0)
    assert window.free(900.0)


def test_until_the_store_replies_one_call_of_an_unknown_limit_goes_ahead() -> None:
    window = Window("core", 100, workers=4, reserved=True, probing=True)
    assert window.free(0.0)
    window.begin(0.0)
    assert not window.free(0.0)
    window.probing = False
    assert window.free(0.0)
