"""Observers receive events, and cannot slow or break calls."""

import asyncio
import logging

import pytest
import respx

from sdk import NotFound, Sdk
from sdk.transport.observability.events import (
    AttemptFinished,
    CallFinished,
    CallStarted,
    Event,
    RetryScheduled,
)
from tests.virtual_time import clock, run

URL = "https://api.github.com/users/octocat"
USER = {"login": "octocat", "id": 1}


def test_observers_get_all_events_of_a_retried_call() -> None:
    events: list[Event] = []

    async def main() -> None:
        with respx.mock:
            route = respx.get(URL)
            route.side_effect = [
                respx.MockResponse(502, text="<html>"),
                respx.MockResponse(200, json=USER, headers={"x-github-request-id": "A:1"}),
            ]
            async with Sdk(token=None, observers=[events.append], clock=clock()) as sdk:
                await sdk.users.get("octocat")

    run(main())

    assert [type(event) for event in events] == [
        CallStarted,
        AttemptFinished,
        RetryScheduled,
        AttemptFinished,
        CallFinished,
    ]
    assert {event.call for event in events} == {events[0].call}
    assert {event.route for event in events} == {"/users/{username}"}
    assert [e.status for e in events if isinstance(e, AttemptFinished)] == [502, 200]
    retry = next(event for event in events if isinstance(event, RetryScheduled))
    finished = events[-1]
    assert isinstance(finished, CallFinished)
    assert finished.seconds == pytest.approx(retry.wait)
    assert (finished.error, finished.attempts, finished.request_id) == (None, 2, "A:1")


@respx.mock
async def test_a_failed_call_ends_with_the_name_of_its_error() -> None:
    respx.get(URL).respond(404)
    events: list[Event] = []

    async with Sdk(token=None, observers=[events.append]) as sdk:
        with pytest.raises(NotFound):
            await sdk.users.get("octocat")

    assert isinstance(events[-1], CallFinished)
    assert (events[-1].error, events[-1].status) == ("NotFound", 404)


@respx.mock
async def test_a_cancelled_call_has_a_finished_event_too() -> None:
    events: list[Event] = []
    reached = asyncio.Event()

    async def never(request: object) -> None:
        reached.set()
        await asyncio.Event().wait()

    respx.get(URL).side_effect = never
    async with Sdk(token=None, observers=[events.append]) as sdk:
        task = asyncio.create_task(sdk.users.get("octocat"))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert isinstance(events[-1], CallFinished)
    assert events[-1].error == "CancelledError"


@respx.mock
async def test_a_failing_observer_is_logged_once_and_does_not_fail_the_call(
    caplog: pytest.LogCaptureFixture,
) -> None:
    respx.get(URL).respond(json=USER)
    received: list[Event] = []

    def broken(event: Event) -> None:
        raise ZeroDivisionError

    with caplog.at_level(logging.INFO, "sdk"):
        async with Sdk(token=None, observers=[broken, received.append]) as sdk:
            user = await sdk.users.get("octocat")
            await sdk.users.get("octocat")

    assert user.login == "octocat"
    assert len(received) == 6
    assert sum("An observer failed" in record.message for record in caplog.records) == 1


@respx.mock
async def test_the_log_shows_calls_at_debug_without_values_of_the_path_or_the_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    respx.get("https://api.github.com/search/users").respond(json={"items": [], "total_count": 0})

    with caplog.at_level(logging.DEBUG, "sdk"):
        async with Sdk(token="planted-token") as sdk:
            await sdk.search.users(q="planted-query")

    text = caplog.text
    assert "/search/users" in text
    assert "planted" not in text


@respx.mock
async def test_events_are_frozen() -> None:
    respx.get(URL).respond(json=USER)
    events: list[Event] = []
    async with Sdk(token=None, observers=[events.append]) as sdk:
        await sdk.users.get("octocat")

    with pytest.raises(AttributeError):
        events[0].route = "/other"  # type: ignore[misc]
