"""Credentials that have only ``headers()``: after a 401 changed headers are sent once more."""

import httpx
import pytest

from sdk import ApiError, OnBehalf, Operation, Unauthorized
from tests.transport.support import Upstream

UPLOAD = Operation("PUT", "/file", body="data", media="application/octet-stream")


class Changing:
    """Credentials that have only ``headers()``, which return one token after the other."""

    identity = "changing"

    def __init__(self, *tokens):
        self.tokens, self.asked = tokens, 0

    async def headers(self):
        self.asked += 1
        return {"authorization": self.tokens[min(self.asked, len(self.tokens)) - 1]}


def accepting(token, status=401):
    def answer(request):
        accepted = request.headers["authorization"] == token
        return httpx.Response(200 if accepted else status, json={"message": "no"})

    return Upstream(answer)


@pytest.mark.parametrize("wrapped", [lambda auth: auth, OnBehalf])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_after_a_401_changed_headers_are_sent_once_more(wrapped, method):
    upstream = accepting("new")
    async with upstream.api(auth=wrapped(Changing("old", "new")), retry=None) as api:
        assert (await api.request(method, "/x")).status == 200
    assert [request.headers["authorization"] for request in upstream.requests] == ["old", "new"]


@pytest.mark.parametrize(
    ("status", "tokens", "sent"),
    [
        (403, ["old", "new"], ["old"]),
        (401, ["a", "b", "c", "d", "e", "f"], ["a", "c"]),
    ],
)
async def test_headers_are_sent_once_more_at_the_most_and_only_if_they_changed(
    status, tokens, sent
):
    upstream = accepting("never", status)
    async with upstream.api(auth=Changing(*tokens)) as api:
        with pytest.raises(ApiError):
            await api.request("GET", "/x")
    assert [request.headers["authorization"] for request in upstream.requests] == sent


async def test_a_body_that_cannot_be_sent_again_is_not():
    async def data():
        yield b"content"

    upstream = accepting("new")
    async with upstream.api(auth=Changing("old", "new")) as api:
        with pytest.raises(Unauthorized):
            await api.caller.call(UPLOAD, None, {"data": data()})
    assert len(upstream.requests) == 1
