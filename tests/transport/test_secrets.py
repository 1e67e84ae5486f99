"""Planted secrets are in no log, event, repr, error, note or traceback of any failure."""

import asyncio
import copy
import logging
import pickle
import traceback

import pytest
from pydantic import BaseModel

from sdk import (
    ApiError,
    ConnectionLost,
    DeadlineExceeded,
    DecodeError,
    Redirected,
    Response,
    ResponseTooLarge,
    Retry,
    TokenAuth,
    TransportError,
)
from tests.faults import (
    CLOSE,
    GARBAGE,
    HANG,
    NO_RESPONSE,
    FaultServer,
    cut_chunked,
    head,
    ok,
    short_body,
)
from tests.tracebacks import chain, frames
from tests.transport.lanes import SHORT, TIMEOUT
from tests.transport.support import Api

TOKEN = "ghp_pl4ntedToken"
QUERY = "pl4ntedQuery"
HEADER = "pl4ntedHeader"
BODY = "pl4ntedBody"
ANSWER = "pl4ntedAnswer"
PLANTED = (TOKEN, QUERY, HEADER, BODY, ANSWER)

FAST = Retry(initial_delay=0, max_delay=0)


class Model(BaseModel):
    id: int


def error(status):
    return [ok({"message": "No.", "echo": ANSWER}, status=status, headers={"set-cookie": ANSWER})]


def success(body):
    return [head(headers={"content-length": str(len(body))}) + body]


SECRET_LINK = f"/elsewhere?sig={QUERY}"

FAILURES = {
    "400": (error("400 No"), ApiError),
    "401": (error("401 No"), ApiError),
    "403": (error("403 No"), ApiError),
    "404": (error("404 No"), ApiError),
    "422": (error("422 No"), ApiError),
    "429": (error("429 No"), ApiError),
    "500": (error("500 No"), ApiError),
    "redirect": ([ok(status="302 No", headers={"location": f"ftp://x/?{QUERY}"})], Redirected),
    "circle": ([ok(status="302 No", headers={"location": SECRET_LINK})], TransportError),
    "no response": (NO_RESPONSE, ConnectionLost),
    "garbage": (GARBAGE, ConnectionLost),
    "secret garbage": ([f"{ANSWER} {ANSWER}\r\n\r\n".encode(), CLOSE], ConnectionLost),
    "secret header": ([f"HTTP/1.1 200 OK\r\n: {ANSWER}\r\n\r\n".encode(), CLOSE], ConnectionLost),
    "short body": (short_body(), ConnectionLost),
    "cut chunked": (cut_chunked(), ConnectionLost),
    "gzip lie": (
        [head(headers={"content-encoding": "gzip", "content-length": "13"}), ANSWER.encode()],
        ConnectionLost,
    ),
    "silence": ([HANG], TransportError),
    "deadline": ([HANG], DeadlineExceeded),
    "too large": (success(ANSWER.encode() * 1000), ResponseTooLarge),
    "not JSON": (success(ANSWER.encode()), DecodeError),
    "truncated": (success(f'{{"id": "{ANSWER}'.encode()), DecodeError),
    "another shape": (success(f'["{ANSWER}"]'.encode()), DecodeError),
    "strict": (success(f'{{"id": "{ANSWER}"}}'.encode()), DecodeError),
}


async def fail(lane, name):
    """Fail in one way; return the error, and all output about the call and its client."""
    script, expected = FAILURES[name]
    seen = []
    async with FaultServer(script) as server:
        api = await lane.api(
            server.url,
            auth=TokenAuth(TOKEN),
            headers={"x-key": HEADER},
            retry=FAST,
            strict=name == "strict",
            observers=[lambda event: seen.append(repr(event))],
            max_response_bytes=5000,
            timeout={"deadline": 0.05, "silence": SHORT}.get(name, TIMEOUT),
        )
        with pytest.raises(expected) as caught:
            await api.request(
                "PUT",
                "/things/{id}",
                path_params={"id": 7},
                params={"key": QUERY},
                json={"password": BODY},
                returns=Model,
                options={"headers": {"x-signature": HEADER}},
            )
        seen += [repr(api), repr(api.session), repr(api.with_options(timeout=5))]
        seen += [repr(api.caller.settings), repr(api.caller.settings.auth)]
    return caught.value, seen


def assert_clean(*texts):
    for secret in PLANTED:
        assert secret not in "\n".join(texts)


def assert_shows_nothing(failure):
    carried = [
        repr(value) for name, value in vars(failure).items() if name not in {"drift", "body"}
    ]
    notes = getattr(failure, "__notes__", [])
    assert_clean(str(failure), repr(failure), *notes, *carried)
    assert_clean(*traceback.format_exception(failure))


def assert_holds_no_request(failure):
    for frame in frames(failure):
        for name, value in frame.f_locals.items():
            where = f"{name} in {frame.f_code.co_qualname}"
            http_response = type(value).__name__ in ("Response", "ClientResponse")
            assert not http_response or isinstance(value, Response), where
            assert TOKEN not in repr(value), where
    for one in chain(failure):
        assert getattr(one, "_request", None) is None
        assert TOKEN not in repr(vars(one)) + repr(one.args)


def assert_travels(failure):
    packed = pickle.dumps(failure)
    assert TOKEN.encode() not in packed
    for other in (pickle.loads(packed), copy.copy(failure)):
        assert type(other) is type(failure)
        assert str(other) == str(failure)
        assert vars(other) == vars(failure)


@pytest.mark.parametrize("name", FAILURES)
async def test_no_failure_shows_a_secret(lane, name, caplog):
    caplog.set_level(logging.DEBUG)
    failure, seen = await fail(lane, name)

    assert_shows_nothing(failure)
    assert_holds_no_request(failure)
    assert_travels(failure)
    assert_clean(*seen)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("sdk")]
    assert ours
    assert_clean(*ours)
    assert TOKEN not in caplog.text
    assert HEADER not in caplog.text
    # At INFO, httpx logs every address with its query, but for our own client.
    if lane.name == "default":
        usual = [record for record in caplog.records if record.levelno >= logging.INFO]
        assert_clean(*(record.getMessage() for record in usual))


async def test_the_exception_that_the_caller_handles_is_unchanged():
    async def call_while_handling():
        try:
            {}[ANSWER]
        except KeyError as mine:
            handled.append(mine)
            await api.request("GET", "/x")

    handled = []
    async with FaultServer(NO_RESPONSE) as server, Api(base_url=server.url, retry=None) as api:
        with pytest.raises(ConnectionLost) as caught:
            await call_while_handling()
    assert handled[0].__traceback__ is not None
    assert ANSWER not in str(caught.value)
    assert handled[0] in chain(caught.value)


async def test_responses_and_cancellation_show_no_secret_either(lane, caplog):
    caplog.set_level(logging.DEBUG)
    seen = []
    async with FaultServer([ok({"id": 1})], [HANG]) as server:
        api = await lane.api(
            server.url, auth=TokenAuth(TOKEN), observers=[lambda event: seen.append(repr(event))]
        )
        seen.append(repr(await api.request("GET", "/x", params={"key": QUERY})))
        task = asyncio.ensure_future(api.request("GET", "/x", params={"key": QUERY}))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
    ours = [record.getMessage() for record in caplog.records if record.name == "sdk"]
    assert any("CancelledError" in text for text in ours)
    assert_clean(*seen, *ours)


async def test_a_call_that_its_caller_gives_up_holds_no_token(lane):
    async with FaultServer([HANG]) as server:
        api = await lane.api(server.url, auth=TokenAuth(TOKEN), timeout=None)
        with pytest.raises(TimeoutError) as caught:
            async with asyncio.timeout(0.05):
                await api.request("GET", "/x", params={"key": QUERY})
    assert_holds_no_request(caught.value)
