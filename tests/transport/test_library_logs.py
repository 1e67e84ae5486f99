"""What the HTTP libraries log at DEBUG: nothing of ours by default, and how to keep them quiet."""

import logging
import re
from pathlib import Path

import httpx
import httpx2
import pytest

from sdk import ApiKey
from tests.transport.secure import Http2Server, whole
from tests.transport.servers import HandlerServer
from tests.transport.support import Api

GUIDE = Path(__file__).parents[2] / "docs/guide/observability.md"
SECRETS = ("pl4nted-key", "pl4nted-query", "pl4nted-location", "pl4nted-cookie")
KEY = ApiKey("pl4nted-key", header="x-api-key")
REDIRECT = (
    b"HTTP/1.1 302 Found\r\nlocation: /there?sig=pl4nted-location\r\n"
    b"set-cookie: a=pl4nted-cookie\r\ncontent-length: 0\r\n\r\n"
)
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
LIBRARIES = ("httpx", "httpx2", "httpcore", "httpcore2", "hpack")


async def serve(reader, writer):
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(OK if b"/there" in head.partition(b"\r\n")[0] else REDIRECT)
        await writer.drain()


async def call(url, **options):
    async with Api(base_url=url, auth=KEY, **options) as api:
        assert (await api.request("GET", "/x", params={"q": "pl4nted-query"})).status == 200


async def over_the_engine(monkeypatch, trusted):
    async with HandlerServer(serve) as server:
        await call(server.url)


async def over_a_proxy(monkeypatch, trusted):
    async with HandlerServer(serve) as server:
        monkeypatch.setenv("HTTP_PROXY", server.url)
        await call("http://api.example.com")


async def over_http2(monkeypatch, trusted):
    def redirect(connection, stream, writer):
        headers = [
            (":status", "302"),
            ("location", "/there?sig=pl4nted-location"),
            ("set-cookie", "a=pl4nted-cookie"),
        ]
        connection.send_headers(stream, headers, end_stream=True)

    async with Http2Server(trusted, redirect, whole()) as server:
        await call(server.url, http2=True)


async def over_httpx(monkeypatch, trusted):
    async with HandlerServer(serve) as server, httpx.AsyncClient() as client:
        await call(server.url, http_client=client)


async def over_httpx2(monkeypatch, trusted):
    async with HandlerServer(serve) as server, httpx2.AsyncClient() as client:
        await call(server.url, http_client=client)


def secrets_in(caplog):
    return {each for each in SECRETS for record in caplog.records if each in record.getMessage()}


@pytest.fixture(autouse=True)
def unchanged_levels():
    loggers = [logging.getLogger(name) for name in LIBRARIES]
    levels = [each.level for each in loggers]
    yield
    for each, level in zip(loggers, levels, strict=True):
        each.setLevel(level)


async def test_the_default_client_logs_no_secret_at_debug(caplog, monkeypatch, trusted):
    caplog.set_level(logging.DEBUG)
    await over_the_engine(monkeypatch, trusted)
    assert any(record.name == "sdk" for record in caplog.records)
    assert secrets_in(caplog) == set()


@pytest.mark.parametrize("send", [over_a_proxy, over_http2, over_httpx, over_httpx2])
async def test_the_documented_lines_keep_the_libraries_quiet(send, caplog, monkeypatch, trusted):
    caplog.set_level(logging.DEBUG)
    found = re.search(r"```python\n(for name in .*?)```", GUIDE.read_text(), re.DOTALL)
    assert found
    exec(found[1], {"logging": logging})  # noqa: S102  the documented lines
    await send(monkeypatch, trusted)
    assert any(record.name == "sdk" for record in caplog.records)
    assert secrets_in(caplog) == set()


@pytest.mark.parametrize("send", [over_a_proxy, over_http2, over_httpx, over_httpx2])
async def test_without_the_documented_lines_the_libraries_log_secrets(
    send, caplog, monkeypatch, trusted
):
    caplog.set_level(logging.DEBUG)
    await send(monkeypatch, trusted)
    assert secrets_in(caplog)
