"""What arrives at the server, byte for byte, whichever HTTP client sent it."""

import asyncio
import gzip

import pytest

from sdk import Operation, Response
from tests.faults import FaultServer, ok


async def target(lane, path, values=None, query=None):
    async with FaultServer([ok({})]) as server:
        api = await lane.api(server.url)
        await api.request("GET", path, path_params=values, params=query)
        return server.requests[0].path


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("a/b", "a%2Fb"),
        ("a?b", "a%3Fb"),
        ("a#b", "a%23b"),
        ("a%2Fb", "a%252Fb"),
        ("a b", "a%20b"),
        ("a\nb", "a%0Ab"),
        ("a\\b", "a%5Cb"),
        ("ü", "%C3%BC"),
        ("...", "..."),
        ("a;b=c,d", "a;b=c,d"),
        ("a&b+c", "a&b+c"),
        ("@octocat", "@octocat"),
        ("a|b^c`d", "a%7Cb%5Ec%60d"),
        ('a"b<c>d', "a%22b%3Cc%3Ed"),
        ("[a]{b}", "%5Ba%5D%7Bb%7D"),
    ],
)
async def test_a_path_value_arrives_as_it_was_encoded(lane, value, sent):
    assert await target(lane, "/x/{v}/y", {"v": value}) == f"/x/{sent}/y"


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("a b", "a%20b"),
        ("a+b", "a%2Bb"),
        ("a&b=c", "a%26b%3Dc"),
        ("a#b", "a%23b"),
        ("ü", "%C3%BC"),
        ("100%", "100%25"),
        ("%41", "%2541"),
    ],
)
async def test_a_query_value_arrives_as_it_was_encoded(lane, value, sent):
    assert await target(lane, "/x", query={"q": value}) == f"/x?q={sent}"


async def test_a_query_value_keeps_its_meaning_on_every_client(lane):
    # aiohttp's own URL class writes some characters bare that need no encoding.
    arrived = await target(lane, "/x", query={"q": "repo:a/b is:open @me,you;(x)!*'~"})
    same = "/x?q=repo:a/b%20is:open%20@me,you%3B(x)!*'~"
    strict = "/x?q=repo%3Aa%2Fb%20is%3Aopen%20%40me%2Cyou%3B%28x%29%21%2A%27~"
    assert arrived == (same if lane.name == "aiohttp" else strict)


async def test_headers_arrive_once_each(lane):
    async with FaultServer([ok({})]) as server:
        api = await lane.api(server.url, headers={"X-A": "1", "user-agent": "mine/1.0"})
        await api.request("POST", "/x", json={"a": "ü"}, options={"headers": {"x-b": "2, 3"}})
    request = server.requests[0]
    assert request.line == "POST /x HTTP/1.1"
    assert request.body == '{"a":"ü"}'.encode()
    assert request.headers["host"] == server.url.removeprefix("http://")
    expected = {
        "x-a": "1",
        "x-b": "2, 3",
        "user-agent": "mine/1.0",
        "accept": "application/json",
        "accept-encoding": "gzip",
        "content-type": "application/json",
        "content-length": "10",
    }
    assert {name: request.headers[name] for name in expected} == expected


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_every_method_is_sent_with_and_without_a_body(lane, method):
    script = [ok() if method == "HEAD" else ok({})]
    async with FaultServer(script) as server:
        api = await lane.api(server.url)
        assert (await api.request(method, "/x")).status == 200
        assert (await api.request(method, "/x", json=[1])).status == 200
    assert [request.body for request in server.requests] == [b"", b"[1]"]
    assert [request.line for request in server.requests] == [f"{method} /x HTTP/1.1"] * 2
    # aiohttp names a type for the body that is not there.
    named = lane.name == "aiohttp" and method in ("POST", "PUT", "PATCH")
    assert ("content-type" in server.requests[0].headers) == named


async def test_a_large_body_arrives_whole(lane):
    body = bytes(range(256)) * 4096
    upload = Operation("PUT", "/x", body="raw", media="application/octet-stream", returns=Response)
    async with FaultServer([ok({})]) as server:
        api = await lane.api(server.url)
        await api.caller.call(upload, None, {"raw": body})
    assert server.requests[0].body == body


async def test_a_large_response_arrives_whole(lane):
    body = bytes(range(256)) * 4096
    packed = gzip.compress(body)
    script = [
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed)
    ]
    async with FaultServer([*script, packed]) as server:
        api = await lane.api(server.url)
        assert (await api.request("GET", "/x")).body == body


async def test_successive_calls_share_a_connection(lane):
    async with FaultServer([ok({})]) as server:
        api = await lane.api(server.url)
        for _ in range(5):
            await api.request("GET", "/x")
        assert server.connections == 1


async def test_concurrent_calls_open_no_more_connections_than_allowed(lane):
    async with FaultServer([ok({})]) as server:
        api = await lane.api(server.url, max_connections=3, timeout=10)
        await asyncio.gather(*(api.request("GET", "/x") for _ in range(30)))
        assert server.connections <= 3
        assert len(server.requests) == 30


async def test_response_headers_are_the_same_on_every_client(lane):
    headers = b"Link: <a>\r\nX-Name: na\xefve\r\nlink: <b>\r\ncontent-length: 0\r\n"
    async with FaultServer([b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n"]) as server:
        api = await lane.api(server.url)
        response = await api.request("GET", "/x")
    assert response.headers == {"link": "<a>, <b>", "x-name": "naïve", "content-length": "0"}
