"""The modules that a call with a token does not import."""

import subprocess
import sys

PROGRAM = """
import asyncio, sys
import httpx
import sdk
from sdk import Sdk

async def main():
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={}))
    client = httpx.AsyncClient(transport=transport)
    async with Sdk(token="ghp_x", http_client=client) as api:
        await api.request("GET", "/x")

asyncio.run(main())
print(*sys.modules, sep="\\n")
"""

NOT_NEEDED = {
    "cryptography",
    "sdk.stores",
    "sdk.auth.actions",
    "sdk.auth.app",
    "sdk.auth.app_auth",
    "sdk.auth.device",
    "sdk.auth.errors",
    "sdk.auth.installation",
    "sdk.auth.jwt",
    "sdk.auth.keys",
    "sdk.auth.oauth",
    "sdk.auth.oauth_arguments",
    "sdk.auth.oauth_requests",
    "sdk.auth.scope",
    "sdk.auth.user_auth",
    "sdk.auth.user_token",
    "sdk.transport.cache",
    "sdk.transport.caching",
    "sdk.transport.calls.cached_attempts",
    "sdk.transport.client_credentials",
    "sdk.transport.credentials",
    "sdk.transport.renewed_token",
    "sdk.transport.single_flight",
    "sdk.types",
    "sqlite3",
}


def test_a_call_with_a_token_imports_nothing_of_apps_and_users():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert NOT_NEEDED & set(done.stdout.split()) == set()
