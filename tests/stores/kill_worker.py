"""A process that is killed while it fetches a token, renews a token, or handles a delivery.

``python -m tests.stores.kill_worker mint|refresh|webhook REDIS_URL``: prints "holding" when it is
in the middle, and waits there.
"""

import asyncio
import sys

import httpx

from sdk import Sdk
from sdk.auth import UserAuth
from sdk.stores import RedisShared
from sdk.webhooks import Webhooks
from tests.auth.fake_github import FakeGitHub
from tests.stores.test_redis_tokens import WallClock
from tests.stores.test_redis_user_tokens import APP, SECRET, GitHub
from tests.webhooks.support import SECRET as WEBHOOK_SECRET
from tests.webhooks.support import headers

BODY = b'{"zen": "x", "hook_id": 42, "hook": {"type": "App"}}'


async def hold(*_):
    print("holding", flush=True)  # noqa: T201  read by the test
    await asyncio.sleep(3600)


async def mint(shared):
    github = FakeGitHub(WallClock())
    github._mint = hold
    async with github.sdk(shared=shared) as sdk:
        await sdk.as_installation(42).request("GET", "/repos/o/r/issues")


async def refresh(shared):
    store = shared.user_tokens(secret=SECRET)
    auth = UserAuth(APP, GitHub().token(ends_in=100), key="user-7", store=store)
    http = httpx.AsyncClient(transport=httpx.MockTransport(hold))
    async with Sdk(auth=auth, http_client=http, shared=shared) as sdk:
        await sdk.request("GET", "/user")


async def webhook(shared):
    hooks = Webhooks(secret=WEBHOOK_SECRET, inbox=shared.inbox(secret=WEBHOOK_SECRET))
    hooks.on("ping")(hold)
    async with shared, hooks.running():
        await hooks.receive(headers(BODY, "ping"), BODY)
        await asyncio.sleep(3600)


if __name__ == "__main__":
    work = {"mint": mint, "refresh": refresh, "webhook": webhook}[sys.argv[1]]
    asyncio.run(work(RedisShared.from_url(sys.argv[2], timeout=3.0)))
