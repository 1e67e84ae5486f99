"""Running handlers: concurrently, in order, to their end."""

import asyncio
import logging

import pytest

from sdk import InvalidInput
from sdk.webhooks import MemoryInbox, Webhooks
from tests.transport.support import turns

from .support import SECRET, issue_opened, payload, send


@pytest.fixture
def hooks():
    return Webhooks(secret=SECRET)


async def test_a_failing_handler_affects_neither_the_others_nor_the_response(hooks, caplog):
    called = []

    @hooks.on("issues")
    async def fails(delivery):
        raise RuntimeError("the database is gone")

    @hooks.on("issues")
    async def works(delivery):
        called.append(delivery.id)

    async with hooks.running():
        receipt = await send(hooks, "issues", issue_opened())
    assert (receipt.status, receipt.reason) == (202, "accepted")
    assert called == ["guid-1"]
    (record,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert "issues.opened, delivery guid-1" in record.getMessage()
    assert record.exc_info is not None


async def test_a_delivery_is_handled_once_and_again_if_a_handler_failed(hooks):
    outcomes = iter([RuntimeError(), None])
    calls = []

    @hooks.on("issues")
    async def handler(delivery):
        calls.append(delivery.id)
        if (error := next(outcomes)) is not None:
            raise error

    async with hooks.running():
        for expected in ("accepted", "accepted", "duplicate"):
            receipt = await send(hooks, "issues", issue_opened())
            assert receipt.reason == expected
            # Let the handler of the first and second run to its end.
            await turns()
    assert calls == ["guid-1", "guid-1"]


async def test_the_same_event_sent_by_two_webhooks_is_handled_for_each(hooks):
    handled = []

    @hooks.on("issues")
    async def handler(delivery):
        handled.append(delivery.hook_id)

    async with hooks.running():
        await send(hooks, "issues", issue_opened())
        await send(hooks, "issues", issue_opened(), X_GitHub_Hook_ID="43")
    assert handled == [42, 43]


async def test_deliveries_with_the_same_key_are_handled_one_after_another(hooks):
    events = []
    gates = {number: asyncio.Event() for number in range(4)}

    @hooks.on("issues", key=lambda delivery: delivery.payload.issue.number % 2)
    async def handler(delivery):
        number = delivery.payload.issue.number
        events.append(f"start {number}")
        await gates[number].wait()
        events.append(f"end {number}")

    async with hooks.running():
        for number in range(4):
            await send(hooks, "issues", issue_opened(issue={"number": number}), guid=f"g{number}")
        await turns()
        assert events == ["start 0", "start 1"]
        for number in (1, 0, 2, 3):
            gates[number].set()
    assert events.index("end 0") < events.index("start 2")
    assert events.index("end 1") < events.index("start 3")


async def test_a_full_queue_is_answered_503_with_retry_after():
    hooks = Webhooks(secret=SECRET, inbox=MemoryInbox(size=1), concurrency=1)
    gate = asyncio.Event()

    @hooks.on("issues")
    async def handler(delivery):
        await gate.wait()

    async with hooks.running():
        receipts = []
        for number in range(3):
            receipts.append(await send(hooks, "issues", issue_opened(), guid=f"g{number}"))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        assert [receipt.status for receipt in receipts] == [202, 202, 503]
        assert receipts[-1].retry_after == 30
        gate.set()


async def test_closing_waits_for_accepted_deliveries(hooks):
    handled = []

    @hooks.on("issues")
    async def handler(delivery):
        await turns()
        handled.append(delivery.id)

    async with hooks.running():
        for number in range(50):
            await send(hooks, "issues", issue_opened(), guid=f"g{number}")
    assert handled == [f"g{number}" for number in range(50)]


async def test_unfinished_deliveries_are_cancelled_forgotten_and_logged(caplog):
    hooks = Webhooks(secret=SECRET, drain=0, concurrency=1)
    handled, finished = [], asyncio.Event()
    slow = True

    @hooks.on("issues")
    async def handler(delivery):
        if slow:
            await asyncio.Event().wait()
        handled.append(delivery.id)
        if len(handled) == 2:
            finished.set()

    async with hooks.running():
        for guid in ("running", "waiting"):
            await send(hooks, "issues", issue_opened(), guid=guid)
        await asyncio.sleep(0)
    assert "42:waiting (issues)" in caplog.text
    slow = False
    async with hooks.running():
        for guid in ("running", "waiting"):
            receipt = await send(hooks, "issues", issue_opened(), guid=guid)
            assert receipt.reason == "accepted"
        async with asyncio.timeout(5):
            await finished.wait()
    assert handled == ["running", "waiting"]


async def test_closing_waits_without_work_for_an_inbox_that_is_stuck():
    class Stuck(MemoryInbox):
        asked = 0

        async def next(self):
            await asyncio.Event().wait()

        def local(self):
            self.asked += 1
            return 1

    inbox = Stuck()
    async with Webhooks(secret=SECRET, inbox=inbox, drain=0.1).running():
        pass
    assert inbox.asked < 100


async def test_the_same_handlers_run_in_one_event_loop_after_another(hooks):
    handled = []

    @hooks.on("issues")
    async def handler(delivery):
        handled.append(delivery.id)

    async def once(guid):
        async with hooks.running():
            await send(hooks, "issues", issue_opened(), guid=guid)

    for guid in ("first", "second"):
        await asyncio.to_thread(asyncio.run, once(guid))
    assert handled == ["first", "second"]


async def test_running_twice_at_once_is_refused(hooks):
    async with hooks.running():
        with pytest.raises(InvalidInput, match="once"):
            async with hooks.running():
                pass


async def test_an_observer_is_called_after_each_delivery(caplog):
    finished = []

    def broken(event):
        raise RuntimeError

    hooks = Webhooks(secret=SECRET, observers=[broken, finished.append])

    @hooks.on("issues")
    async def works(delivery):
        pass

    @hooks.on("issues")
    async def fails(delivery):
        raise RuntimeError

    async with hooks.running():
        await send(hooks, "issues", issue_opened())
    (event,) = finished
    assert (event.event, event.action, event.id, event.hook_id) == (
        "issues",
        "opened",
        "guid-1",
        42,
    )
    assert (event.handlers, event.failed) == (2, 1)


async def test_inline_handlers_have_run_when_the_receipt_is_returned():
    hooks = Webhooks(secret=SECRET, run="inline")
    handled = []

    @hooks.on("push")
    async def handler(delivery):
        handled.append(delivery.event)

    body = payload("WebhookPush")
    assert (await send(hooks, "push", body)).reason == "handled"
    assert (await send(hooks, "push", body)).reason == "duplicate"
    assert handled == ["push"]
