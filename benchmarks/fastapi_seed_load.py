"""The load of ``fastapi_seed``: concurrent callers of an endpoint, and the CPU that they cost."""

from __future__ import annotations

import asyncio
import json
import time


async def load(port: int, callers: int, seconds: float, *, warm: bool) -> dict[str, float]:
    """Call the endpoint for some seconds; return the figures.

    CPU is the app's own clock, from no request in flight to no request in flight.

    Args:
        port: the app's port.
        callers: how many call at once.
        seconds: how long.
        warm: whether the app has served this many callers before.
    """
    # Also after a pause: the connections that a client has closed meanwhile are not counted.
    await _calls(port, callers, 0 if warm else 2 * callers, 0.2)
    before = await _cost(port)
    started = time.perf_counter()
    latencies, failures = await _calls(port, callers, 0, seconds)
    elapsed = time.perf_counter() - started
    after = await _cost(port)
    latencies.sort()
    done = len(latencies)
    return {
        "cpu_ms": (after["cpu"] - before["cpu"]) * 1000 / done,
        "per_second": done / elapsed,
        "p50_ms": latencies[done // 2] * 1000,
        "p99_ms": latencies[min(done - 1, done * 99 // 100)] * 1000,
        "rss_mb": after["rss"],
        "failures": failures,
    }


async def _calls(port: int, callers: int, at_least: int, seconds: float) -> tuple[list[float], int]:
    """Run concurrent callers, each with one call after the other, until both limits are reached."""
    end = time.perf_counter() + seconds
    latencies: list[float] = []
    failures = 0

    async def caller() -> None:
        nonlocal failures
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while not latencies or len(latencies) < at_least or time.perf_counter() < end:
            started = time.perf_counter()
            try:
                status, _ = await _get(reader, writer, "/user")
            except (asyncio.IncompleteReadError, ConnectionError):
                status = 0
            latencies.append(time.perf_counter() - started)
            if status != 200:
                # uvicorn closes the connection after an endpoint that raised.
                failures += 1
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()

    await asyncio.gather(*(caller() for _ in range(callers)))
    return latencies, failures


async def _get(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str
) -> tuple[int, bytes]:
    writer.write(f"GET {path} HTTP/1.1\r\nhost: app\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return int(head[9:12]), await reader.readexactly(length)


async def _cost(port: int) -> dict[str, float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    _, body = await _get(reader, writer, "/cost")
    writer.close()
    cost: dict[str, float] = json.loads(body)
    return cost
