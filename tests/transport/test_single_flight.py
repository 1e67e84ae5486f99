"""One task for many callers: shared result, own cancellation, own copy of an error."""

import asyncio
import gc

import pytest

from sdk import NotFound
from sdk.transport.single_flight import SingleFlight


class Work:
    """Counts how often it ran; ends when it is released."""

    def __init__(self, outcome=7):
        self.runs = 0
        self.outcome = outcome
        self.go = asyncio.Event()

    async def __call__(self):
        self.runs += 1
        await self.go.wait()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


async def callers(flight, work, count, key="key"):
    tasks = [asyncio.ensure_future(flight.run(key, work)) for _ in range(count)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_many_callers_share_one_run():
    flight, work = SingleFlight(), Work()
    tasks = await callers(flight, work, 50)
    work.go.set()
    assert await asyncio.gather(*tasks) == [7] * 50
    assert work.runs == 1


async def test_the_next_caller_after_the_end_starts_anew():
    flight, work = SingleFlight(), Work()
    work.go.set()
    assert await flight.run("key", work) == 7
    assert await flight.run("key", work) == 7
    assert work.runs == 2


async def test_different_keys_run_concurrently():
    flight, work = SingleFlight(), Work()
    tasks = [*await callers(flight, work, 2, "one"), *await callers(flight, work, 2, "two")]
    work.go.set()
    await asyncio.gather(*tasks)
    assert work.runs == 2


async def test_the_first_caller_s_cancellation_does_not_end_the_work():
    flight, work = SingleFlight(), Work()
    first, *others = await callers(flight, work, 10)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    work.go.set()
    assert await asyncio.gather(*others) == [7] * 9
    assert work.runs == 1


async def test_work_without_callers_continues_and_serves_the_next():
    flight, work = SingleFlight(), Work()
    (only,) = await callers(flight, work, 1)
    only.cancel()
    await asyncio.wait([only])
    assert repr(flight) == "SingleFlight(1 under way)"
    (later,) = await callers(flight, work, 1)
    work.go.set()
    assert await later == 7
    assert work.runs == 1


async def test_each_caller_gets_its_own_copy_of_an_error():
    cause = ValueError("why")
    error = NotFound("gone", status=404)
    error.__cause__ = cause
    flight, work = SingleFlight(), Work(error)
    tasks = await callers(flight, work, 3)
    work.go.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in found] == [NotFound] * 3
    assert len({id(one) for one in found}) == 3
    assert all(one.status == 404 and one.__cause__ is cause for one in found)
    found[0].add_note("mine")
    assert not hasattr(found[1], "__notes__")


async def test_an_error_that_cannot_be_copied_is_raised_unchanged():
    class Uncopied(Exception):
        def __reduce__(self):
            raise TypeError

    flight, work = SingleFlight(), Work(Uncopied("x"))
    work.go.set()
    with pytest.raises(Uncopied):
        await flight.run("key", work)


async def test_a_failure_that_nobody_waits_for_is_not_reported_by_asyncio():
    reported = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    flight, work = SingleFlight(), Work(ValueError("x"))
    task = flight.start("key", work)
    work.go.set()
    await asyncio.wait([task])
    del task
    gc.collect()
    await asyncio.sleep(0)
    assert reported == []


async def test_a_cancelled_task_is_started_anew_for_its_callers():
    flight, work = SingleFlight(), Work()
    (caller,) = await callers(flight, work, 1)
    flight.start("key", work).cancel()
    work.go.set()
    assert await caller == 7
    assert work.runs == 2


async def test_work_that_is_always_cancelled_is_an_error_and_not_a_cancelled_caller():
    async def cancelled():
        raise asyncio.CancelledError

    with pytest.raises(RuntimeError, match="was cancelled"):
        await SingleFlight().run("key", cancelled)


def test_two_event_loops_do_not_share_a_task():
    flight = SingleFlight()

    async def one():
        work = Work()
        work.go.set()
        return await flight.run("key", work)

    assert asyncio.run(one()) == 7
    assert asyncio.run(one()) == 7


def test_a_loop_that_ended_in_the_middle_leaves_nothing_behind():
    flight = SingleFlight()
    loop = asyncio.new_event_loop()

    async def begin():
        flight.start("key", Work())

    loop.run_until_complete(begin())
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()

    async def again():
        work = Work()
        work.go.set()
        return await flight.run("key", work), repr(flight)

    assert asyncio.run(again()) == (7, "SingleFlight(0 under way)")
