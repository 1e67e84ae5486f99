"""Calls with the credentials of an App, for its tests."""

import asyncio


async def call(view, method="GET"):
    return (await view.request(method, "/repos/o/r/issues")).json()


async def settle():
    for _ in range(20):
        await asyncio.sleep(0)
