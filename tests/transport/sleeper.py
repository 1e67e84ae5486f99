"""A clock on which calls sleep until they are cancelled."""

import asyncio

from sdk.transport import Clock


class Sleeper:
    """A clock whose sleeps end only when they are cancelled."""

    def __init__(self):
        self.asleep = asyncio.Event()
        self.clock = Clock(sleep=self._sleep)

    async def _sleep(self, seconds):
        self.asleep.set()
        await asyncio.Event().wait()
