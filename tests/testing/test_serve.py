"""Any ASGI app over a real socket, with connections that break where the app says so."""

import httpx
import pytest

from sdk.testing import StandIn, serve


async def test_serves_on_a_free_port_and_keeps_connections_alive():
    async with serve(StandIn()) as base_url, httpx.AsyncClient() as client:
        first = await client.get(f"{base_url}/users/octocat")
        second = await client.get(first.json()["repos_url"])
    streams = {answer.extensions["network_stream"] for answer in (first, second)}
    assert (first.status_code, second.status_code, len(streams)) == (200, 200, 1)


async def test_is_gone_after_the_block():
    async with serve(StandIn()) as base_url:
        pass
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(base_url)


async def test_a_connection_error_of_the_app_breaks_the_connection():
    async def app(scope, receive, send):
        if scope["path"] == "/cut":
            headers = [(b"content-length", b"10")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"12345", "more_body": True})
        raise ConnectionError

    async with serve(app) as base_url, httpx.AsyncClient() as client:
        with pytest.raises(httpx.RemoteProtocolError, match="without sending"):
            await client.get(f"{base_url}/drop")
        with pytest.raises(httpx.RemoteProtocolError, match="received 5 bytes, expected 10"):
            await client.get(f"{base_url}/cut")


async def test_request_bodies_arrive():
    async def app(scope, receive, send):
        message, body = await receive(), b""
        body += message["body"]
        while message["more_body"]:
            message = await receive()
            body += message["body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async with serve(app) as base_url, httpx.AsyncClient() as client:
        answer = await client.post(base_url, content=b"x" * 200_000)
        assert answer.content == b"x" * 200_000
        expecting = await client.post(
            base_url, content=b"later", headers={"expect": "100-continue"}
        )
        assert expecting.content == b"later"


async def test_what_is_no_http_closes_the_connection():
    import asyncio

    async with serve(StandIn()) as base_url:
        host, port = base_url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"\x16\x03\x01 hello\r\n\r\n")
        assert await reader.read() == b""
        writer.close()
