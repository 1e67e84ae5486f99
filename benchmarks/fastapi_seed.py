"""One FastAPI endpoint that calls an API, with its HTTP client kept in six ways.

    python -m benchmarks.fastapi_seed [--rounds 3] [--seconds 3]

The API, the app (uvicorn, one worker) and the load are a process each. The API answers a GitHub
user after 10 ms. Each round takes the variants in another order; the figures are medians of rounds.
CPU is the app's process alone: its own clock, from no request in flight to no request in flight.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIANTS = {
    "none": "no upstream call",
    "per-request": "new httpx.AsyncClient per request",
    "global": "module-global httpx.AsyncClient",
    "aiohttp": "shared aiohttp.ClientSession",
    "sdk": "sdk_lifespan(), SdkDep",
    "sdk-raw": "sdk_lifespan(), HttpClientDep",
    "sdk-aiohttp": "sdk_lifespan(), SdkDep, aiohttp transport",
}
CALLERS = (1, 50, 200)
API_SECONDS = 0.010
ROOT = Path(__file__).parents[1]

USER: dict[str, Any] = {
    "login": "octocat",
    "id": 583231,
    "node_id": "MDQ6VXNlcjU4MzIzMQ==",
    "gravatar_id": "",
    "type": "User",
    "user_view_type": "public",
    "site_admin": False,
    "name": "The Octocat",
    "company": "@github",
    "blog": "https://github.blog",
    "location": "San Francisco",
    "email": None,
    "hireable": None,
    "bio": None,
    "public_repos": 8,
    "public_gists": 8,
    "followers": 20000,
    "following": 9,
    "created_at": "2011-01-25T18:44:36Z",
    "updated_at": "2026-01-22T12:17:46Z",
} | {
    f"{name}_url": f"https://api.github.com/users/octocat/{name}"
    for name in (
        "avatar",
        "html",
        "followers",
        "following",
        "gists",
        "starred",
        "subscriptions",
        "organizations",
        "repos",
        "events",
        "received_events",
    )
}
USER["url"] = "https://api.github.com/users/octocat"


# ------------------------------------------------------------------ the API


async def run_api(certificate: str) -> None:
    """Serve the user on a free port; print the port."""
    body = json.dumps(USER).encode()
    response = (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\n"
        b"x-ratelimit-limit: 5000\r\nx-ratelimit-remaining: 4999\r\n"
        b"content-length: %d\r\n\r\n%b" % (len(body), body)
    )

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                await asyncio.sleep(API_SECONDS)
                writer.write(response)
                await writer.drain()
        writer.close()

    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


# ------------------------------------------------------------------ the app


def run_app(variant: str, url: str) -> None:
    """Serve one variant of the endpoint on a free port; print the port."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            print(self.servers[0].sockets[0].getsockname()[1], flush=True)

    os.environ["SEED_VARIANT"], os.environ["SEED_API"] = variant, url
    from benchmarks.fastapi_seed_app import app

    Server(uvicorn.Config(app, port=0, log_level="error", access_log=False, backlog=1024)).run()


# ------------------------------------------------------------------ the load


async def run_load(port: int, callers: int, seconds: float) -> None:
    """Call the endpoint for some seconds; print the figures as JSON."""
    await _calls(port, callers, 2 * callers, 0.3)
    before = await _cost(port)
    started = time.perf_counter()
    latencies, failures = await _calls(port, callers, 0, seconds)
    elapsed = time.perf_counter() - started
    after = await _cost(port)
    latencies.sort()
    done = len(latencies)
    report = {
        "cpu_ms": (after["cpu"] - before["cpu"]) * 1000 / done,
        "per_second": done / elapsed,
        "p50_ms": latencies[done // 2] * 1000,
        "p99_ms": latencies[min(done - 1, done * 99 // 100)] * 1000,
        "rss_mb": after["rss"],
        "failures": failures,
    }
    print(json.dumps(report))


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


# ------------------------------------------------------------------ the measurement


@contextlib.contextmanager
def _started(*arguments: str, environment: dict[str, str]) -> Iterator[int]:
    """Run a part of this file as a process; return the port that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.fastapi_seed", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        # Failed requests are counted; their tracebacks are not needed.
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield int(process.stdout.readline() if process.stdout else "")
    finally:
        process.kill()
        process.communicate()


def _time_wait(port: int) -> int:
    """Count the sockets in TIME_WAIT whose one end is this port."""
    ends = f":{port:04X}"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    fields = (line.split() for line in lines)
    return sum(f[3] == "06" and (f[1].endswith(ends) or f[2].endswith(ends)) for f in fields)


def measure(
    variant: str, scheme: str, seconds: float, callers: tuple[int, ...], folder: Path
) -> dict[int, dict[str, float]]:
    """Measure one variant, at every number of callers, on processes of its own."""
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    environment["SSL_CERT_FILE"] = str(folder / "roots.pem")
    certificate = str(folder / "server.pem") if scheme == "https" else ""
    results: dict[int, dict[str, float]] = {}
    with _started("--api", certificate, environment=environment) as api_port:
        url = f"{scheme}://localhost:{api_port}"
        with _started("--app", variant, url, environment=environment) as app_port:
            for number in callers:
                waiting = _time_wait(api_port)
                load = [str(app_port), str(number), str(seconds)]
                output = subprocess.run(
                    [sys.executable, "-m", "benchmarks.fastapi_seed", "--load", *load],
                    cwd=ROOT,
                    capture_output=True,
                    text=True,
                    check=True,
                ).stdout
                results[number] = json.loads(output)
                results[number]["time_wait"] = _time_wait(api_port) - waiting
    return results


def write_certificates(folder: Path) -> None:
    """Write a server's certificate, and the usual roots with the one that signed it added.

    Loading all the usual roots is part of the cost of a new client.
    """
    import certifi
    import trustme

    authority = trustme.CA()
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(
        str(folder / "server.pem")
    )
    (folder / "roots.pem").write_bytes(
        Path(certifi.where()).read_bytes() + authority.cert_pem.bytes()
    )


Figures = dict[tuple[str, str, int], dict[str, float]]


def measure_all(
    variants: list[str], rounds: int, seconds: float, callers: tuple[int, ...]
) -> Figures:
    """Measure everything, round by round; return medians."""
    found: dict[tuple[str, str, int], list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_certificates(folder)
        for _ in range(rounds):
            cells = [(variant, scheme) for variant in variants for scheme in ("http", "https")]
            random.shuffle(cells)
            for variant, scheme in cells:
                for number, figures in measure(variant, scheme, seconds, callers, folder).items():
                    found.setdefault((scheme, variant, number), []).append(figures)
                print(".", end="", file=sys.stderr, flush=True)
    return {
        cell: {name: statistics.median(one[name] for one in all_) for name in all_[0]}
        for cell, all_ in found.items()
    }


def print_table(figures: Figures, callers: tuple[int, ...]) -> None:
    """Print a Markdown table for each scheme."""
    for scheme in ("http", "https"):
        print(f"\n### {scheme.upper()}\n")
        print(
            "| callers | client | CPU per request, ms | x | requests/s | p50, ms | p99, ms "
            "| TIME_WAIT | RSS, MiB | failed |"
        )
        print("|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|")
        for number in callers:
            ours = figures[scheme, "sdk", number]["cpu_ms"]
            for variant, title in VARIANTS.items():
                one = figures.get((scheme, variant, number))
                if one is None:
                    continue
                print(
                    f"| {number} | {title} | {one['cpu_ms']:.2f} | {one['cpu_ms'] / ours:.2f} "
                    f"| {one['per_second']:.0f} | {one['p50_ms']:.0f} | {one['p99_ms']:.0f} "
                    f"| {one['time_wait']:.0f} | {one['rss_mb']:.0f} | {one['failures']:.0f} |"
                )


def main() -> None:
    """Read the command line; measure, or be one of the measured processes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fastapi_seed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--callers", type=int, nargs="+", default=list(CALLERS))
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--api", help=argparse.SUPPRESS)
    parser.add_argument("--app", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--load", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.api is not None:
        asyncio.run(run_api(given.api))
    elif given.app:
        run_app(*given.app)
    elif given.load:
        port, callers, seconds = given.load
        asyncio.run(run_load(int(port), int(callers), float(seconds)))
    else:
        callers = tuple(given.callers)
        load_before = os.getloadavg()[0]
        figures = measure_all(given.variants, given.rounds, given.seconds, callers)
        print(f"Medians of {given.rounds} rounds; load average before: {load_before:.1f}.")
        print_table(figures, callers)


if __name__ == "__main__":
    main()
