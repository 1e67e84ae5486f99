"""Apps and users: the number of requests to GitHub, and the cost of a JWT, a key and a view.

Run it by ``python -m benchmarks auth``. Counts hold on any machine; times are CPU times.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from statistics import median
from typing import Any

import httpx

from benchmarks import peers
from benchmarks.peers import ROOT
from sdk import GitHubApp, Sdk, TokenAuth
from sdk.auth import OAuthApp, UserAuth, UserToken
from sdk.auth.device import sign_in_on_device
from sdk.auth.jwt import encode_jwt
from sdk.auth.keys import PrivateKey, read_private_key
from sdk.testing import AppSeed, StandIn, serve
from sdk.transport import Clock

EPOCH = 1_800_000_000.0


class Time:
    """A clock that moves forward when code sleeps."""

    def __init__(self) -> None:
        self.now = EPOCH
        self.slept: list[float] = []
        self.clock = Clock(
            monotonic=lambda: self.now, now=lambda: self.now, sleep=self._sleep, random=lambda: 0.5
        )

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Scene:
    """A fake GitHub with one App, in memory, and clients of it."""

    def __init__(self, **seed: Any) -> None:
        self.time = Time()
        self.github = StandIn(apps=[AppSeed(**seed)], now=lambda: self.time.now)
        self.registered = self.github.apps[0]

    def sdk(self, **options: Any) -> Sdk:
        """Return a client, by default with the App's credentials."""
        client = httpx.AsyncClient(transport=httpx.ASGITransport(self.github))
        if not options:
            options["app"] = GitHubApp(
                client_id=self.registered.client_id, private_key=self.registered.private_key
            )
        return Sdk(
            http_client=client,
            base_url="http://github.test",
            clock=self.time.clock,
            pacing=None,
            **options,
        )

    @property
    def mints(self) -> int:
        """The number of requested installation tokens."""
        return self.github.requests["apps/create-installation-access-token"]

    async def read(self, sdk: Sdk) -> Any:
        """Make one call as the installation."""
        view = sdk.as_installation(self.registered.installation_id("octocat"))
        return await view.issues.list_for_repo("octocat", "hello-world")


async def cold_callers() -> str:
    """Measure 50 callers without a token, of which the first one is cancelled."""
    scene = Scene()
    async with scene.sdk() as sdk:
        calls = [asyncio.ensure_future(scene.read(sdk)) for _ in range(50)]
        await asyncio.sleep(0)
        calls[0].cancel()
        done = await asyncio.gather(*calls, return_exceptions=True)
    answered = sum(not isinstance(one, BaseException) for one in done)
    return f"{scene.mints} mint, {answered} of 49 answered"


async def revoked() -> str:
    """Measure 10 callers whose token was revoked."""
    scene = Scene()
    async with scene.sdk() as sdk:
        await scene.read(sdk)
        before = scene.mints
        scene.time.now += 60
        view = scene.registered.installation_id("octocat")
        auth = sdk.app.installation(view) if sdk.app else None
        held = auth._tokens["http://github.test"].held if auth else None
        if held:
            scene.github.revoke(held.token)
        done = await asyncio.gather(*(scene.read(sdk) for _ in range(10)), return_exceptions=True)
    answered = sum(not isinstance(one, BaseException) for one in done)
    return f"{scene.mints - before} more mint, {answered} of 10 answered"


async def wrong_clock(seconds: float) -> str:
    """Measure five JWTs with a clock that differs from GitHub's."""
    scene = Scene()
    scene.github.clock(seconds)
    async with scene.sdk() as sdk:
        for _ in range(5):
            await sdk.apps.get_authenticated()
            scene.time.now += 500
    return f"{scene.github.requests['apps/get-authenticated'] - 5} more requests in all"


async def expired_user() -> str:
    """Measure 10 callers with an expired user token."""
    scene = Scene()
    registered = scene.registered
    given = scene.github.issue_user_token(registered)
    oauth = OAuthApp(registered.client_id, registered.client_secret)
    token = UserToken(given["access_token"], scene.time.now - 1, given["refresh_token"])
    async with scene.sdk(auth=UserAuth(oauth, token)) as sdk:
        done = await asyncio.gather(*(sdk.users.me() for _ in range(10)), return_exceptions=True)
    errors = sum(isinstance(one, BaseException) for one in done)
    return f"{scene.github.requests['oauth/access-token']} refresh, {errors} errors"


async def device() -> str:
    """Measure the device flow, slowed down once."""
    scene = Scene(device_interval=1)
    oauth = OAuthApp(scene.registered.client_id, None)
    codes: list[str] = []
    scene.github.device_slow_down(times=1)

    async def approve_later() -> None:
        while len(scene.time.slept) < 3:  # noqa: ASYNC110  the time is virtual
            await asyncio.sleep(0)
        scene.github.authorize_device(codes[0])

    async with scene.sdk(token=None) as sdk:
        approval = asyncio.ensure_future(approve_later())
        await sign_in_on_device(oauth, sdk, lambda code: codes.append(code.user_code))
        await approval
    return "gaps " + ", ".join(f"{gap:g}" for gap in scene.time.slept[:3]) + " s"


def microseconds(work: Callable[[], Any], rounds: int) -> float:
    """Return the median CPU time of some work, in microseconds."""
    times: list[float] = []
    for _ in range(rounds):
        started = time.process_time_ns()
        work()
        times.append((time.process_time_ns() - started) / 1000)
    return median(times)


def _run(coroutine: Coroutine[Any, Any, object]) -> None:
    """Run a coroutine that never waits."""
    with suppress(StopIteration):
        coroutine.send(None)


def key_and_jwt() -> tuple[str, str]:
    """Measure reading a private key, and signing a JWT with it."""
    pem = Scene().registered.private_key
    reading = microseconds(lambda: read_private_key(pem), 50)
    key = read_private_key(pem)
    if not isinstance(key, PrivateKey):
        raise TypeError(key.reason)
    claims: dict[str, int | str] = {"iat": 1, "exp": 601, "iss": "Iv23li"}
    signing = microseconds(lambda: _run(encode_jwt(claims, key.sign)), 200)
    return f"{reading:.0f} us", f"{signing:.0f} us"


async def view_overhead() -> str:
    """Compare a call through an installation's view with one with a plain token."""
    reply = httpx.Response(200, json=[])
    minted = httpx.Response(201, json={"token": "ghs_x", "expires_at": "2100-01-01T00:00:00Z"})

    def answer(request: httpx.Request) -> httpx.Response:
        return minted if request.url.path.endswith("/access_tokens") else reply

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    app = GitHubApp(client_id="Iv23li", private_key=Scene().registered.private_key)
    plain, of_app = (
        Sdk(auth=TokenAuth("ghp_x"), http_client=client),
        Sdk(app=app, http_client=client),
    )
    async with client, plain, of_app:
        view = of_app.as_installation(42)

        async def rounds(sdk: Sdk) -> float:
            started = time.process_time_ns()
            for _ in range(300):
                await sdk.request("GET", "/x")
            return (time.process_time_ns() - started) / 300_000

        await rounds(view)
        await rounds(plain)
        pairs = [(await rounds(plain), await rounds(view)) for _ in range(9)]
    base = median(pair[0] for pair in pairs)
    ratio = median(pair[1] / pair[0] for pair in pairs)
    return f"{base:.0f} us with a token, {100 * (ratio - 1):+.1f} % through a view"


async def table() -> list[tuple[str, str, str]]:
    """Return rows of the case, the result, and the target."""
    counted: list[tuple[str, Awaitable[str], str]] = [
        ("50 cold callers, the first cancelled", cold_callers(), "1 mint, 49 answered"),
        ("10 callers after a revocation", revoked(), "1 more mint, 10 answered"),
        ("clock 90 s ahead of GitHub's", wrong_clock(-90), "1 more request"),
        ("clock 90 s behind", wrong_clock(90), "at most 1 more request"),
        ("clock 3,000 s ahead", wrong_clock(-3000), "1 more request"),
        ("clock 3,000 s behind", wrong_clock(3000), "1 more request"),
        ("10 callers with an expired user token", expired_user(), "1 refresh, 0 errors"),
        ("device flow, slowed down once", device(), "gaps 1, 6, 6 s"),
    ]
    rows = [(what, await result, aim) for what, result, aim in counted]
    rows.append(("a call", await view_overhead(), "at most +5 %"))
    return rows


async def githubkit() -> list[tuple[str, str]]:
    """Measure the same three cases of githubkit, against the same fake server on a socket."""
    rows: list[tuple[str, str]] = []
    for what, offset in (("cold", 0.0), ("revoked", 0.0), ("clock", -90.0)):
        github = StandIn(apps=[AppSeed()])
        registered = github.apps[0]
        async with serve(github) as url:
            github.clock(offset)
            program = str(ROOT / "benchmarks" / "programs" / "app_githubkit.py")
            process = await asyncio.create_subprocess_exec(
                peers.python("githubkit_app"),
                program,
                what,
                url,
                str(registered.app_id),
                str(registered.installation_id("octocat")),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
            await process.communicate(registered.private_key.encode())
            mints = github.requests["apps/create-installation-access-token"]
        status = "answered" if process.returncode == 0 else f"{process.returncode} failed"
        rows.append((what, f"{mints} mints, {status}"))
    return rows


def main() -> None:
    """Print the table, and the results of githubkit in the same cases."""
    logging.getLogger("sdk").setLevel(logging.ERROR)
    reading, signing = key_and_jwt()
    rows = [
        *asyncio.run(table()),
        ("reading the key", reading, "at most 1,000 us"),
        ("one JWT", signing, "at most 300 us"),
    ]
    for what, result, aim in rows:
        print(f"{what:40} {result:45} (aim: {aim})")
    for what, result in asyncio.run(githubkit()):
        print(f"githubkit, {what:29} {result}")


if __name__ == "__main__":
    main()
