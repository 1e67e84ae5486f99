"""The example of two workers behind one Redis: the command starts, answers and ends."""

import asyncio
import re
import signal

import httpx

from tests.fastapi_integration.support import Process
from tests.stores.redis_server import binary


async def answered(url):
    """Return the response as soon as somebody listens."""
    async with httpx.AsyncClient(timeout=20) as client:
        while True:
            try:
                return await client.get(url)
            except httpx.ConnectError:
                await asyncio.sleep(0.05)


async def test_two_workers_serve_and_stop(monkeypatch):
    binary()
    monkeypatch.delenv("REDIS_URL", raising=False)
    async with asyncio.timeout(60), Process("examples.serve_workers", "--port", "0") as process:
        try:
            await process.saw("(Ctrl+C ends it)")
            (url,) = re.findall(r"Try: curl (\S+)", process.output)
            answer = await answered(url)
        finally:
            process.send(signal.SIGINT)
            status = await process.ended()
    assert answer.status_code == 200, answer.text
    assert answer.json()["issues"] > 0
    assert 1 <= answer.json()["workers"] <= 2
    assert process.output.count("issues an installation token") == 1
    assert status == 0
    assert "Traceback" not in process.output
