"""Retries: which calls, how often and when, and the notes of the final error."""

import asyncio
import pickle

import httpx
import pytest

from sdk import (
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    Retry,
    Sdk,
    SdkError,
    ServerError,
)
from tests.virtual_time import clock, hold_up, run

IDEMPOTENT = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]


class Upstream(httpx.AsyncBaseTransport):
    """Responds with the next outcome, later requests with the last; records times and bodies."""

    def __init__(self, *outcomes: httpx.Response | Exception) -> None:
        self.outcomes = list(outcomes)
        self.times: list[float] = []
        self.bodies: list[bytes] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.times.append(asyncio.get_running_loop().time())
        self.bodies.append(await request.aread())
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return httpx.Response(outcome.status_code, headers=outcome.headers, content=outcome.content)


def call(upstream: Upstream, method: str = "GET", **options: object) -> SdkError | None:
    """Make one call; return its error."""

    async def main() -> SdkError | None:
        async with httpx.AsyncClient(transport=upstream) as http:
            sdk = Sdk(token=None, http_client=http, clock=clock(), **options)  # type: ignore[arg-type]
            body = {"json": {"a": 1}} if method in ("POST", "PATCH", "PUT") else {}
            try:
                await sdk.request(method, "/x", **body)  # type: ignore[arg-type]
            except SdkError as error:
                return error
            return None

    return run(main())


OK = httpx.Response(200, json={})


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("method", IDEMPOTENT)
def test_an_idempotent_method_is_retried_after_a_transient_failure(
    method: str, status: int
) -> None:
    upstream = Upstream(httpx.Response(status, headers={"retry-after": "1"}), OK)

    assert call(upstream, method) is None
    assert len(upstream.times) == 2


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_post_or_patch_with_a_response_is_not_retried(method: str, status: int) -> None:
    upstream = Upstream(httpx.Response(status), OK)

    assert call(upstream, method) is not None
    assert len(upstream.times) == 1


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("failure", [httpx.ConnectError("refused"), httpx.PoolTimeout("busy")])
def test_a_post_that_was_not_sent_is_retried(method: str, failure: Exception) -> None:
    upstream = Upstream(failure, OK)

    assert call(upstream, method) is None
    assert upstream.bodies == [b'{"a":1}', b'{"a":1}']


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("failure", [httpx.ReadError("cut"), httpx.ReadTimeout("late")])
def test_a_post_that_may_have_arrived_is_not_retried(method: str, failure: Exception) -> None:
    upstream = Upstream(failure, OK)

    assert call(upstream, method) is not None
    assert len(upstream.times) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 422, 501])
def test_a_permanent_refusal_is_not_retried(status: int) -> None:
    upstream = Upstream(httpx.Response(status), OK)

    assert call(upstream) is not None
    assert len(upstream.times) == 1


def test_waits_grow_up_to_max_delay() -> None:
    upstream = Upstream(httpx.Response(502))

    call(upstream, retry=Retry(attempts=5, initial_delay=1.0, max_delay=3.0), timeout=None)

    waits = [
        after - before for before, after in zip(upstream.times, upstream.times[1:], strict=False)
    ]
    # The injected random number is always 0.5.
    assert waits == pytest.approx([0.5, 1.0, 1.5, 1.5])


def test_a_wait_is_never_shorter_than_retry_after() -> None:
    upstream = Upstream(httpx.Response(503, headers={"retry-after": "7"}), OK)

    assert call(upstream) is None
    assert 7 <= upstream.times[1] <= 8


def test_a_retry_after_above_the_maximum_is_an_error_at_once() -> None:
    upstream = Upstream(httpx.Response(503, headers={"retry-after": "259200"}))

    error = call(upstream)

    assert isinstance(error, ServerError)
    assert error.retry_after == 259200
    assert upstream.times == [0.0]


def test_a_wait_that_would_outlast_the_deadline_is_not_begun() -> None:
    upstream = Upstream(httpx.Response(503, headers={"retry-after": "30"}))

    error = call(upstream, timeout=10)

    assert isinstance(error, ServerError)
    assert upstream.times == [0.0]


def test_the_deadline_holds_over_all_attempts() -> None:
    class Slow(Upstream):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(4)
            return await super().handle_async_request(request)

    upstream = Slow(httpx.Response(502))

    error = call(upstream, timeout=10, retry=Retry(attempts=100))

    assert isinstance(error, DeadlineExceeded)
    assert str(error).startswith("GET /x failed: No response within 10 s in all (3 attempts)")


def test_a_read_timeout_at_the_deadline_is_a_deadline_exceeded() -> None:
    class Busy(Upstream):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            hold_up(10)
            return await super().handle_async_request(request)

    upstream = Busy(httpx.ReadTimeout("nothing came"))

    error = call(upstream, timeout=10, retry=Retry(attempts=3, initial_delay=0))

    assert isinstance(error, DeadlineExceeded)
    assert str(error) == "GET /x failed: No response within 10 s in all"
    assert len(upstream.times) == 1


def test_retry_none_means_a_single_attempt() -> None:
    upstream = Upstream(httpx.Response(502))

    error = call(upstream, retry=None)

    assert isinstance(error, ServerError)
    assert error.attempts == 1
    assert upstream.times == [0.0]


def test_the_error_has_a_note_for_every_attempt_also_after_pickling() -> None:
    upstream = Upstream(httpx.Response(502), httpx.ConnectError("refused"), httpx.ReadError("cut"))

    error = call(upstream)

    assert isinstance(error, ConnectionLost)
    assert error.attempts == 3
    for each in (error, pickle.loads(pickle.dumps(error))):
        assert each.__notes__ == [
            "Attempt 1: status 502, then a wait of 0.2 s",
            "Attempt 2: ConnectFailed, then a wait of 0.5 s",
            "Attempt 3: ConnectionLost",
        ]


def test_an_error_of_a_single_attempt_has_no_notes() -> None:
    error = call(Upstream(httpx.ConnectError("refused")), retry=None)

    assert isinstance(error, ConnectFailed)
    assert not hasattr(error, "__notes__")


def test_two_hundred_concurrent_calls_that_are_retried_each_get_their_own_response() -> None:
    seen: set[str] = set()

    async def response(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        await asyncio.sleep(0.01)
        if path not in seen:
            seen.add(path)
            return httpx.Response(429, headers={"retry-after": "0"})
        return httpx.Response(200, json={"path": path})

    async def main() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(response)) as http:
            sdk = Sdk(token=None, http_client=http, clock=clock(), pacing=None)
            responses = await asyncio.gather(*(sdk.request("GET", f"/{n}") for n in range(200)))
            assert [response.json()["path"] for response in responses] == [
                f"/{n}" for n in range(200)
            ]

    run(main())
