"""Time limits that share one timer of the event loop."""

import asyncio

import pytest

from sdk.transport.http.engine.timers import NEVER, Deadlines, Limit
from tests.virtual_time import run


def now() -> float:
    return asyncio.get_running_loop().time()


def test_a_limit_ends_its_block_when_the_time_is_over() -> None:
    async def main() -> None:
        deadlines = Deadlines(asyncio.get_running_loop())
        with pytest.raises(TimeoutError):
            await limited(deadlines, 5.0, 60.0)
        assert 5.0 <= now() < 5.02
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0
        # The task is none the worse for it.
        await asyncio.sleep(1)

    run(main())


async def limited(deadlines: Deadlines, seconds: float | None, work: float) -> None:
    with Limit(deadlines, seconds):
        await asyncio.sleep(work)


def test_many_limits_end_in_their_order_and_nearly_on_time() -> None:
    async def main() -> None:
        deadlines = Deadlines(asyncio.get_running_loop())
        ended: list[float] = []

        async def one(seconds: float) -> None:
            with pytest.raises(TimeoutError):
                await limited(deadlines, seconds, 1000)
            ended.append(seconds)
            assert seconds <= now() + 0.002
            assert now() < seconds + 0.02

        order = [0.5 + number / 7 for number in range(50)]
        await asyncio.gather(*(one(seconds) for seconds in reversed(order)))
        assert ended == order
        assert deadlines.when == NEVER

    run(main())


@pytest.mark.parametrize("seconds", [None, 10.0])
def test_a_block_that_ends_in_time_is_not_cancelled(seconds: float | None) -> None:
    async def main() -> None:
        deadlines = Deadlines(asyncio.get_running_loop())
        await limited(deadlines, seconds, 1.0)
        await asyncio.sleep(60)
        assert deadlines.when == NEVER

    run(main())


def test_another_cancellation_is_not_turned_into_a_timeout() -> None:
    async def main() -> None:
        deadlines = Deadlines(asyncio.get_running_loop())
        task = asyncio.ensure_future(limited(deadlines, 5.0, 60.0))
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        # At the same moment as the limit, too.
        task = asyncio.ensure_future(limited(deadlines, 5.0, 60.0))
        await asyncio.sleep(0)
        deadlines.expire_all()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(main())


def test_an_outer_limit_of_asyncio_is_separate_from_ours() -> None:
    async def main() -> None:
        deadlines = Deadlines(asyncio.get_running_loop())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(limited(deadlines, 5.0, 60.0), 2)
        assert 2.0 <= now() < 2.001
        await asyncio.sleep(60)
        assert deadlines.when == NEVER

    run(main())
