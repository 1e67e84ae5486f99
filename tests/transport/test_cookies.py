"""Cookies are neither kept nor sent, except those of the caller."""

from tests.faults import FaultServer, ok
from tests.transport.support import Api

FILE = [ok({"file": True})]


async def test_a_cookie_of_a_response_is_not_sent_with_later_calls(lane):
    given = [ok(headers={"set-cookie": "session=s3cret; Path=/"})]
    async with FaultServer(given, FILE) as server:
        api = await lane.api(server.url)
        await api.request("GET", "/login")
        await api.with_options(headers={"x-other": "1"}).request("GET", "/x")
    assert "cookie" not in server.requests[1].headers


async def test_a_cookie_header_of_the_caller_is_sent(lane):
    given = [ok(headers={"set-cookie": "session=s3cret; Path=/"})]
    async with FaultServer(given, FILE) as server:
        api = await lane.api(server.url)
        await api.request("GET", "/login")
        await api.request("GET", "/x", options={"headers": {"cookie": "mine=1"}})
    assert server.requests[1].headers["cookie"] == "mine=1"


async def test_the_default_client_keeps_no_cookie_for_other_uses():
    given = [ok(headers={"set-cookie": "session=s3cret; Path=/"})]
    async with FaultServer(given, FILE) as server, Api(base_url=server.url) as api:
        await api.http_client.get(f"{server.url}/a")
        await api.http_client.get(f"{server.url}/b")
    assert "cookie" not in server.requests[1].headers
