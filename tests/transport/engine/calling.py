"""Calls of the engine alone, without the rest of the transport."""

import contextlib
import ssl

from sdk.transport.http.engine.client import Engine
from sdk.transport.http.engine.exchange import Exchange, Limits

LIMITS = Limits(10, 10, 10, 10)
MOST = 10_000_000


@contextlib.asynccontextmanager
async def engine(max_connections=10, tls=ssl.create_default_context):
    made = Engine(max_connections, tls)
    try:
        yield made
    finally:
        await made.aclose()


async def call(made, url, method="GET", content=None, *, limits=LIMITS, most=MOST, **headers):
    exchange = Exchange(method, limits, most_bytes=most)
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    await made.send(exchange, url, fields, content)
    return exchange


def status_and_body(exchange):
    return exchange.status_code, exchange.content


async def pieces(*parts):
    for part in parts:
        yield part
