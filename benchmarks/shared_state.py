"""State that processes share on Redis: tokens, outages, and the cost of new users.

    python -m benchmarks.shared_state

It starts a redis-server and a fake GitHub server on this machine. Each worker is a process.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from benchmarks import redis_server
from benchmarks.measure import table
from sdk import GitHubApp, Operation, Pacing, RateLimitExceeded, Sdk
from sdk.auth import OAuthApp, TokenAuth, UserAuth, UserToken
from sdk.stores import RedisShared
from sdk.testing import AppSeed, InstallationSeed, StandIn, serve
from sdk.transport.headers import Headers
from sdk.transport.response.response import Response

PATH = "/repos/octocat/hello-world/issues"
CLIENT_SECRET = "a client secret of a benchmark"  # noqa: S105
USERS = 100_000


class Counted:
    """The fake server, which counts the tokens that it issues."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self.minted = 0
        self.refreshed = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        path = scope.get("path", "")
        self.minted += path.endswith("/access_tokens")
        self.refreshed += path.endswith("/login/oauth/access_token")
        await self._stand_in(scope, receive, send)


async def cold_worker(job: dict[str, Any]) -> None:
    """Run as a process whose twenty callers need the installation's token at once."""
    app = GitHubApp(client_id=job["client_id"], private_key=job["key"])
    shared = RedisShared.from_url(job["redis"])
    async with Sdk(app=app, base_url=job["api"], shared=shared) as sdk:
        view = sdk.as_installation(job["installation"])
        await asyncio.gather(*(view.request("GET", PATH) for _ in range(20)))


async def user_worker(job: dict[str, Any]) -> None:
    """Run as a process that calls for a user whose token is about to expire."""
    shared = RedisShared.from_url(job["redis"], cache=False)
    oauth = OAuthApp(job["client_id"], job["secret"])
    token = UserToken.from_dict(job["token"])
    store = shared.user_tokens(secret=CLIENT_SECRET)
    auth = UserAuth(oauth, token, key="user 1", store=store)
    async with Sdk(auth=auth, base_url=job["api"], shared=shared) as sdk:
        await sdk.request("GET", "/user")


class Watched:
    """The fake server, with the number of refusals and of concurrent requests."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self._running = 0
        self.most = self.requests = self.refused = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Respond to a request after the time that GitHub takes."""

        async def watched(message: Any) -> None:
            self.refused += message.get("status") == 403
            await send(message)

        if scope["type"] != "http":
            await self._stand_in(scope, receive, send)
            return
        self.requests += 1
        self._running += 1
        self.most = max(self.most, self._running)
        try:
            await asyncio.sleep(0.05)
            await self._stand_in(scope, receive, watched)
        finally:
            self._running -= 1


async def limited_worker(job: dict[str, Any]) -> None:
    """Run as a process that makes more calls than its token may, until it is stopped."""
    shared = RedisShared.from_url(job["redis"], cache=False) if job["shared"] else None
    async with Sdk(
        token="t",  # noqa: S106
        base_url=job["api"],
        shared=shared,
        retry=None,
        pacing=Pacing(max_concurrency=100),
    ) as sdk:
        await asyncio.sleep(1)  # Until the other processes have started.

        async def caller() -> None:
            for _ in range(job["calls"]):
                try:
                    await sdk.request("GET", "/user")
                except RateLimitExceeded:
                    return

        await asyncio.gather(*(caller() for _ in range(job["callers"])))


async def limits(redis: str) -> None:
    """Count the refusals of a token with 600 calls an hour, and the concurrent requests."""
    rows: list[Sequence[object]] = []
    for title, workers, shared in (
        ("1 worker", 1, False),
        ("4 workers, nothing shared", 4, False),
        ("4 workers on one Redis", 4, True),
    ):
        watched = Watched(StandIn(rate_limit=600))
        async with serve(watched) as api:
            job = {"redis": redis, "api": api, "shared": shared, "calls": 20, "callers": 200}
            failed = await processes("limits", {**job, "callers": 200 // workers}, workers)
        rows.append([title, watched.requests, watched.refused, watched.most, failed])
    header = ["", "requests", "refused", "most at once", "failed processes"]
    table("4,000 calls wanted with a token that may make 600", header, rows)


async def processes(what: str, job: dict[str, Any], count: int) -> int:
    """Run a number of processes at once; return how many failed."""
    command = (sys.executable, "-m", "benchmarks.shared_state", what)
    environment = {**os.environ, "BENCHMARK_JOB": json.dumps(job)}
    started = [
        await asyncio.create_subprocess_exec(*command, env=environment) for _ in range(count)
    ]
    return sum(code != 0 for code in await asyncio.gather(*(each.wait() for each in started)))


async def tokens(redis: str) -> None:
    """Count the tokens that eight cold processes, and ten with an expired user token, request."""
    stand_in = StandIn(apps=[AppSeed(installations=(InstallationSeed("octocat"),))])
    (app,) = stand_in.apps
    counted = Counted(stand_in)
    async with serve(counted) as api:
        job: dict[str, Any] = {
            "redis": redis,
            "api": api,
            "client_id": app.client_id,
            "secret": app.client_secret,
            "key": app.private_key,
            "installation": app.installation_id("octocat"),
        }
        rows: list[Sequence[object]] = []
        failed = await processes("cold", job, 8)
        rows.append(["8 cold processes, 20 callers each", counted.minted, failed])
        issued = stand_in.issue_user_token(app)
        token = UserToken(
            issued["access_token"], time.time() + 60, issued["refresh_token"], time.time() + 1e6
        )
        failed = await processes("user", {**job, "token": token.as_dict()}, 10)
        rows.append(["10 processes at the end of a user's token", counted.refreshed, failed])
    table("Tokens that GitHub was asked for", ["", "requests", "failed processes"], rows)


async def outages() -> None:
    """Measure calls that need a new token, during several kinds of Redis outage."""
    seeds = tuple(InstallationSeed(f"org{number}") for number in range(8))
    stand_in = StandIn(apps=[AppSeed(installations=seeds)])
    (registered,) = stand_in.apps
    first, *others = registered.installation_ids.values()
    rows: list[Sequence[object]] = []
    async with serve(stand_in) as api:
        for state in ("running", "refused", "silent", "full", "wrong password", "restarted"):
            app = GitHubApp(client_id=registered.client_id, private_key=registered.private_key)
            with redis_server.running() as (url, server):
                async with Sdk(
                    app=app, base_url=api, shared=RedisShared.from_url(url, limits=False)
                ) as sdk:
                    await sdk.as_installation(first).request("GET", "/meta")
                    _break(state, url, server)
                    took: list[float] = []
                    for installation in others:
                        begun = time.perf_counter()
                        await sdk.as_installation(installation).request("GET", "/meta")
                        took.append((time.perf_counter() - begun) * 1000)
                if state == "silent":
                    server.send_signal(signal.SIGCONT)
            rows.append([state, *(f"{each:.0f}" for each in took)])
    header = ["Redis", *(f"call {number}" for number in range(1, 8))]
    table("Calls that each fetch a token, milliseconds", header, rows)


def _break(state: str, url: str, server: subprocess.Popen[bytes]) -> None:
    port = url.rpartition(":")[2].partition("/")[0]
    commands = {
        "full": ("CONFIG", "SET", "maxmemory", "1"),
        "wrong password": ("CONFIG", "SET", "requirepass", "another"),
    }
    if state == "refused":
        server.kill()
        server.wait()
    elif state == "silent":
        server.send_signal(signal.SIGSTOP)
    elif state in commands:
        subprocess.run(
            ["redis-cli", "-p", port, *commands[state]],  # noqa: S607
            check=True,
            stdout=subprocess.DEVNULL,
        )
        if state == "wrong password":
            kill = ["redis-cli", "-p", port, "-a", "another", "CLIENT", "KILL", "TYPE", "normal"]
            subprocess.run(kill, capture_output=True, check=True)
    elif state == "restarted":
        kill = ["redis-cli", "-p", port, "CLIENT", "KILL", "TYPE", "normal"]
        subprocess.run(kill, capture_output=True, check=True)


def users() -> None:
    """Measure the cost of the rate limits of 100,000 users, one after the other."""
    sdk = Sdk(token=None)
    pacers = sdk.caller.shared.pacers
    operation: Operation[Response] = Operation("GET", "/user", returns=Response)
    limit = {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "4999",
        "x-ratelimit-used": "1",
        "x-ratelimit-reset": str(int(time.time()) + 3600),
    }
    headers = Headers([(name.encode(), value.encode()) for name, value in limit.items()])
    accepted = Response(200, headers, b"{}", "https://api.github.com/user")
    refused = Response(401, Headers([]), b"{}", "https://api.github.com/user")
    rows: list[Sequence[object]] = []
    for kind, response in (("accepted", accepted), ("refused", refused)):
        begun, slowest = time.process_time(), 0.0
        for number in range(1, USERS + 1):
            before = time.perf_counter()
            pacer = pacers.of(TokenAuth(f"ghu_{kind}{number}"))
            if pacer is None or (window := pacer.take(operation)) is None:
                raise RuntimeError("a new user's first call waits")
            pacer.learn(operation, response, None)
            pacer.release(window)
            slowest = max(slowest, time.perf_counter() - before)
            if number in (10_000, USERS):
                each = (time.process_time() - begun) / number * 1e6
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                rows.append([kind, number, f"{each:.0f}", f"{slowest * 1000:.1f}", f"{memory:.0f}"])
    header = ["tokens", "users so far", "CPU each, us", "slowest, ms", "memory, MB"]
    table("First calls of new users: the part of the rate limits", header, rows)


def main() -> None:
    """Measure everything, or run as one of the processes."""
    if len(sys.argv) > 1:
        job = json.loads(os.environ["BENCHMARK_JOB"])
        workers = {"cold": cold_worker, "user": user_worker, "limits": limited_worker}
        asyncio.run(workers[sys.argv[1]](job))
        return
    with redis_server.running() as (url, _):
        asyncio.run(tokens(url))
        asyncio.run(limits(url))
    asyncio.run(outages())
    users()


if __name__ == "__main__":
    main()
