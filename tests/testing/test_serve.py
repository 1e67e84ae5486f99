"""``serve`` runs any ASGI app on a socket; the app can break its connections."""

import asyncio
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI, Request

from sdk.testing import StandIn, serve


async def test_serves_on_a_free_port_and_keeps_connections_alive():
    async with serve(StandIn()) as base_url, httpx.AsyncClient() as client:
        first = await client.get(f"{base_url}/users/octocat")
        second = await client.get(first.json()["repos_url"])
    streams = {response.extensions["network_stream"] for response in (first, second)}
    assert (first.status_code, second.status_code, len(streams)) == (200, 200, 1)


async def test_the_server_is_closed_after_the_block():
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
        response = await client.post(base_url, content=b"x" * 200_000)
        assert response.content == b"x" * 200_000
        expecting = await client.post(
            base_url, content=b"later", headers={"expect": "100-continue"}
        )
        assert expecting.content == b"later"


async def said_to(app, data):
    """Send `data` and return everything until the connection is closed."""
    async with serve(app) as base_url:
        host, port = base_url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(data)
        response = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return response


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x16\x03\x01 hello\r\n\r\n", b"400 "),
        (b"GET / HTTP/1.1\r\n\r\n", b"400 "),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: one\r\n\r\n", b"400 "),
        (b"GET /" + b"x" * 80_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414 "),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 80_000 + b"\r\n\r\n", b"431 "),
    ],
)
async def test_invalid_http_is_refused_and_the_connection_closed(data, status):
    response = await said_to(StandIn(), data)
    assert response.startswith(b"HTTP/1.1 " + status)
    assert b"connection: close" in response.lower()


def answering(status, headers=(), body=b"", fails=None):
    async def app(scope, receive, send):
        if scope["path"] == "/fails-first":
            raise ValueError
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body})
        if fails:
            raise fails

    return app


@pytest.mark.parametrize("status", [204, 304])
async def test_statuses_without_a_body_are_sent_without_one(status):
    async with serve(answering(status, body=b"{}")) as base_url, httpx.AsyncClient() as client:
        responses = [await client.get(base_url) for _ in range(2)]
    assert [(one.status_code, one.content) for one in responses] == [(status, b"")] * 2
    assert len({one.extensions["network_stream"] for one in responses}) == 1


async def test_a_body_in_response_to_head_is_not_sent():
    app = answering(200, [(b"content-length", b"5")], b"12345")
    async with serve(app) as base_url, httpx.AsyncClient() as client:
        responses = [await client.head(base_url) for _ in range(2)]
    assert [(one.content, one.headers["content-length"]) for one in responses] == [(b"", "5")] * 2
    assert len({one.extensions["network_stream"] for one in responses}) == 1


async def test_an_exception_of_the_app_is_a_500_and_logged(caplog):
    async with serve(answering(200)) as base_url, httpx.AsyncClient() as client:
        response = await client.get(f"{base_url}/fails-first")
        assert (response.status_code, response.text) == (500, "500 Internal Server Error\n")
        assert (await client.get(base_url)).status_code == 200
    [record] = caplog.records
    assert record.getMessage() == "The app failed on GET /fails-first"
    assert record.exc_info[0] is ValueError


@pytest.mark.parametrize("status", [-1, 99, 101, 1000])
async def test_an_invalid_status_is_a_500(status, caplog):
    async with serve(answering(status)) as base_url, httpx.AsyncClient() as client:
        assert (await client.get(base_url)).status_code == 500
    assert len(caplog.records) == 1


async def test_an_app_without_a_response_is_a_500():
    async def app(scope, receive, send):
        pass

    async with serve(app) as base_url, httpx.AsyncClient() as client:
        assert (await client.get(base_url)).status_code == 500


async def test_a_body_shorter_than_its_content_length_breaks_the_connection(caplog):
    app = answering(200, [(b"content-length", b"9")], b"12345")
    async with serve(app) as base_url, httpx.AsyncClient() as client:
        with pytest.raises(httpx.RemoteProtocolError, match="received 5 bytes, expected 9"):
            await client.get(base_url)
    assert len(caplog.records) == 1


async def test_the_lifespan_of_the_app_runs_and_its_state_is_seen():
    log = []

    @asynccontextmanager
    async def lifespan(app):
        log.append("start")
        yield {"place": "Oslo"}
        log.append("stop")

    app = FastAPI(lifespan=lifespan)

    @app.get("/")
    async def read(request: Request) -> str:
        return request.state.place

    async with serve(app) as address, httpx.AsyncClient(base_url=address) as http:
        assert (await http.get("/")).json() == "Oslo"
        assert log == ["start"]
    assert log == ["start", "stop"]


async def test_an_error_of_the_lifespan_is_raised():
    @asynccontextmanager
    async def lifespan(app):
        raise RuntimeError("no database")
        yield

    with pytest.raises(RuntimeError, match="no database"):
        async with serve(FastAPI(lifespan=lifespan)):
            pass
