"""One FastAPI endpoint that calls an API, with its HTTP client kept in several ways.

    python -m benchmarks.fastapi_seed
    python -m benchmarks.fastapi_seed --callers 50 --variants aiohttp --turns 30  # one ratio

The API, the app (uvicorn, one worker) and the load are a process each. The API answers a GitHub
user after 10 ms. Each round starts all variants, which then take turns of half a second in random
order; the figures are medians of turns, and the ratio is the median of the ratios of each turn.
CPU is the app's process alone: its own clock, from no request in flight to no request in flight.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import functools
import json
import os
import random
import ssl
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.fastapi_seed_load import load

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIANTS = {
    "none": "no upstream call",
    "per-request": "new httpx.AsyncClient per request",
    "global": "module-global httpx.AsyncClient",
    "aiohttp": "shared aiohttp.ClientSession",
    "aiohttp-dep": "shared aiohttp.ClientSession, as a dependency",
    "sdk": "sdk_lifespan(), SdkDep",
    "sdk-raw": "sdk_lifespan(), HttpClientDep",
    "sdk-aiohttp": "sdk_lifespan(), SdkDep, aiohttp transport",
}
CALLERS = (1, 50, 200)
SCHEMES = ("http", "https")
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


def run_app(variant: str, url: str, loop: Any) -> None:
    """Serve one variant of the endpoint on a free port; print the port."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            print(self.servers[0].sockets[0].getsockname()[1], flush=True)

    os.environ["SEED_VARIANT"], os.environ["SEED_API"] = variant, url
    from benchmarks.fastapi_seed_app import app

    Server(
        uvicorn.Config(app, port=0, loop=loop, log_level="error", access_log=False, backlog=1024)
    ).run()


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


def measure_round(
    variants: list[str],
    scheme: str,
    turns: int,
    seconds: float,
    callers: tuple[int, ...],
    loop: str,
    folder: Path,
) -> Iterator[tuple[tuple[str, str, int], dict[str, float]]]:
    """Start every variant on processes of its own; yield the figures of each turn.

    The variants take short turns, so that the state of the machine is the same for all of them.
    """
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    environment["SSL_CERT_FILE"] = str(folder / "roots.pem")
    certificate = str(folder / "server.pem") if scheme == "https" else ""
    with contextlib.ExitStack() as processes:
        start = functools.partial(_started, environment=environment)
        ports: dict[str, tuple[int, int]] = {}
        for variant in variants:
            api = processes.enter_context(start("--api", certificate))
            url = f"{scheme}://localhost:{api}"
            ports[variant] = processes.enter_context(start("--app", variant, url, loop)), api
        for number in callers:
            for turn in range(turns):
                for variant in random.sample(variants, len(variants)):
                    app, api = ports[variant]
                    waiting = _time_wait(api)
                    figures = asyncio.run(load(app, number, seconds, warm=turn > 0))
                    figures["time_wait"] = _time_wait(api) - waiting
                    yield (scheme, variant, number), figures


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


Turns = dict[tuple[str, str, int], list[dict[str, float]]]


def ratios(turns: Turns, scheme: str, variant: str, number: int) -> list[float]:
    """Return the CPU beside that of ``sdk`` in the same turn, sorted."""
    ours = turns[scheme, "sdk", number]
    return sorted(
        one["cpu_ms"] / our["cpu_ms"]
        for one, our in zip(turns[scheme, variant, number], ours, strict=True)
    )


def print_table(turns: Turns, variants: list[str], callers: tuple[int, ...]) -> None:
    """Print a Markdown table for each scheme: medians, and the middle half of the ratios."""
    for scheme in dict.fromkeys(scheme for scheme, _, _ in turns):
        print(f"\n### {scheme.upper()}\n")
        print(
            "| callers | client | CPU per request, ms | x | half of the turns | requests/s "
            "| p50, ms | p99, ms | TIME_WAIT | RSS, MiB | failed |"
        )
        print("|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
        for number in callers:
            for variant in variants:
                all_ = turns[scheme, variant, number]
                one = {name: statistics.median(turn[name] for turn in all_) for name in all_[0]}
                x = ratios(turns, scheme, variant, number)
                low, high = x[len(x) // 4], x[-1 - len(x) // 4]
                print(
                    f"| {number} | {VARIANTS[variant]} | {one['cpu_ms']:.3f} "
                    f"| {statistics.median(x):.2f} | {low:.2f} to {high:.2f} "
                    f"| {one['per_second']:.0f} | {one['p50_ms']:.0f} | {one['p99_ms']:.0f} "
                    f"| {one['time_wait']:.0f} | {one['rss_mb']:.0f} | {one['failures']:.0f} |"
                )


def main() -> None:
    """Read the command line; measure, or be one of the measured processes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fastapi_seed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--turns", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=0.5, help="of a turn")
    parser.add_argument("--callers", type=int, nargs="+", default=list(CALLERS))
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--schemes", nargs="+", choices=SCHEMES, default=list(SCHEMES))
    parser.add_argument("--loop", choices=("auto", "asyncio", "uvloop"), default="auto")
    parser.add_argument("--api", help=argparse.SUPPRESS)
    parser.add_argument("--app", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.api is not None:
        asyncio.run(run_api(given.api))
    elif given.app:
        run_app(*given.app)
    else:
        callers = tuple(given.callers)
        variants = list(dict.fromkeys([*given.variants, "sdk"]))
        load_before = os.getloadavg()[0]
        turns: Turns = {}
        with tempfile.TemporaryDirectory() as name:
            write_certificates(Path(name))
            for _ in range(given.rounds):
                for scheme in given.schemes:
                    for cell, figures in measure_round(
                        variants,
                        scheme,
                        given.turns,
                        given.seconds,
                        callers,
                        given.loop,
                        Path(name),
                    ):
                        turns.setdefault(cell, []).append(figures)
                    print(".", end="", file=sys.stderr, flush=True)
        count = given.rounds * given.turns
        print(f"Medians of {count} turns; load average before: {load_before:.1f}.")
        print_table(turns, variants, callers)


if __name__ == "__main__":
    main()
