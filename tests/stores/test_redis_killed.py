"""A process that is killed (SIGKILL) in the middle loses nothing for the others."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from sdk.auth import UserAuth
from sdk.webhooks import Webhooks
from tests.auth.fake_github import FakeGitHub
from tests.stores.kill_worker import BODY
from tests.stores.support import until
from tests.stores.test_redis_tokens import WallClock
from tests.stores.test_redis_user_tokens import APP, SECRET, GitHub
from tests.webhooks.support import SECRET as WEBHOOK_SECRET
from tests.webhooks.support import send

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def killed_in(what, redis):
    """Start a process, and kill it when it is in the middle of its work."""
    command = [sys.executable, "-m", "tests.stores.kill_worker", what, redis.url]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert process.stdout.readline() == b"holding\n"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    yield


def end_lock(redis):
    # The lock of the dead ends by itself, within 10 seconds of its beginning: that time passes now.
    (lock,) = redis.keys("sdk:*:lock")
    left = int(redis.command("PTTL", lock).strip()[1:])
    assert 0 < left <= 10_000
    redis.command("PEXPIRE", lock, "50")


async def test_a_worker_killed_during_a_mint_does_not_block_the_next(redis, open_shared):
    with killed_in("mint", redis):
        end_lock(redis)
        github = FakeGitHub(WallClock())
        async with github.sdk(shared=await open_shared(redis), pacing=None) as sdk:
            response = await sdk.as_installation(42).request("GET", "/repos/o/r/issues")
    assert response.json()["token"] == "ghs_1"


async def test_a_worker_killed_during_a_refresh_does_not_block_the_next(redis, open_shared):
    with killed_in("refresh", redis):
        end_lock(redis)
        github = GitHub()
        store = (await open_shared(redis)).user_tokens(secret=SECRET)
        auth = UserAuth(APP, github.token(ends_in=100), key="user-7", store=store)
        response = await github.sdk(auth).request("GET", "/user")
    assert response.json()["is"] == "ghu_2"


async def test_the_delivery_of_a_killed_worker_is_handled_by_another(redis, open_shared):
    handled = []
    with killed_in("webhook", redis):
        shared = await open_shared(redis)
        hooks = Webhooks(secret=WEBHOOK_SECRET, inbox=shared.inbox(secret=WEBHOOK_SECRET))

        @hooks.on("ping")
        async def handle(delivery):
            handled.append(delivery.id)

        async with hooks.running():
            assert (await send(hooks, "ping", BODY)).reason == "pong"
            assert handled == []
            # The lease of the dead ends within 15 seconds: that time passes now.
            redis.command("ZADD", "sdk:inbox:taken", "1", redis.keys("sdk:inbox:mark:*")[0][-32:])
            await until(lambda: handled)
    assert handled == ["guid-1"]
    await until(lambda: not redis.keys("sdk:inbox:taken"))
