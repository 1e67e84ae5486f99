"""What a delivery is answered, in the order in which it is checked."""

import json
import logging
from urllib.parse import urlencode

import pytest

from sdk import InvalidInput
from sdk.webhooks import CommonPayload, Webhooks, sign

from .support import SECRET, headers, issue_opened, payload, send


@pytest.fixture
def hooks():
    return Webhooks(secret=SECRET, run="inline")


@pytest.fixture
def received(hooks):
    deliveries = []

    @hooks.on("*")
    async def keep(delivery):
        deliveries.append(delivery)

    return deliveries


async def test_a_delivery_is_typed_and_described(hooks, received):
    body = issue_opened(issue={"title": "It breaks"}, installation={"id": 99})
    receipt = await send(hooks, "issues", body)
    assert (receipt.status, receipt.reason) == (200, "handled")
    (delivery,) = received
    assert type(delivery.payload).__name__ == "WebhookIssuesOpened"
    assert delivery.payload.issue.title == "It breaks"
    assert (delivery.event, delivery.action, delivery.id) == ("issues", "opened", "guid-1")
    assert (delivery.hook_id, delivery.target_type, delivery.target_id) == (42, "repository", 7)
    assert delivery.installation_id == 99
    assert delivery.raw == body
    assert delivery.received_at.tzinfo is not None


@pytest.mark.parametrize("name", ["X-GitHub-Event", "X-GitHub-Delivery", "X-Hub-Signature-256"])
async def test_a_missing_header_is_named(hooks, received, name):
    body = issue_opened()
    sent = {key: value for key, value in headers(body, "issues").items() if key != name}
    receipt = await hooks.receive(sent, body)
    assert receipt.status == 400
    assert name.lower() in receipt.message
    assert received == []


async def test_header_names_are_matched_in_any_case_and_as_pairs_of_bytes(hooks, received):
    body = issue_opened()
    pairs = [(k.lower().encode(), v.encode()) for k, v in headers(body, "issues").items()]
    assert (await hooks.receive(pairs, body)).status == 200
    assert len(received) == 1


async def test_two_signatures_are_refused(hooks, received):
    body = issue_opened()
    pairs = [*headers(body, "issues").items(), ("x-hub-signature-256", sign(body, SECRET))]
    assert (await hooks.receive(pairs, body)).status == 400
    assert received == []


@pytest.mark.parametrize(
    ("body", "changed", "status"),
    [
        (b"{}", {"X_Hub_Signature_256": sign(b"{}", "wrong")}, 401),
        (b"{}", {"X_Hub_Signature_256": "sha256=\u00ff"}, 401),
        (b"{}", {"Content_Type": "text/plain"}, 415),
        (b"{}", {"Content_Type": None}, 415),
        (b"[1, 2]", {}, 400),
        (b"null", {}, 400),
        (b'"text"', {}, 400),
        (b'{"action": "opened", ', {}, 400),
        (b"\xff\xfe{}", {}, 400),
        (b"", {}, 400),
        (b"[" * 100_000, {}, 400),
        (b'{"action": "opened", "a": ' + b"[" * 100_000, {}, 400),
        (b" " * (25 * 1024 * 1024 + 1), {}, 413),
        (b"payload=", {"Content_Type": "application/x-www-form-urlencoded"}, 400),
        (b"other=%7B%7D", {"Content_Type": "application/x-www-form-urlencoded"}, 400),
        (b"payload=%7B%7D&payload=1", {"Content_Type": "application/x-www-form-urlencoded"}, 400),
    ],
)
async def test_each_kind_of_invalid_delivery_has_its_status(hooks, received, body, changed, status):
    receipt = await send(hooks, "issues", body, **changed)
    assert (receipt.status, receipt.reason) == (status, "refused")
    assert received == []


async def test_a_refusal_quotes_nothing_of_the_delivery(hooks, received, caplog):
    caplog.set_level(logging.DEBUG)
    receipt = await send(hooks, "issues", b'["hunter2"]', guid="hunter2")
    assert "hunter2" not in receipt.message
    assert "hunter2" not in caplog.text


async def test_a_form_is_signed_as_a_whole(hooks, received):
    body = urlencode({"payload": issue_opened(issue={"title": "caf\u00e9 & co"}).decode()}).encode()
    receipt = await send(hooks, "issues", body, Content_Type="application/x-www-form-urlencoded")
    assert receipt.status == 200
    assert received[0].payload.issue.title == "caf\u00e9 & co"
    assert json.loads(received[0].raw)["action"] == "opened"


async def test_a_large_payload_is_received_like_a_small_one(hooks, received):
    body = issue_opened(issue={"body": "x" * (2 << 20)})
    assert (await send(hooks, "issues", body)).status == 200
    assert len(received[0].payload.issue.body) == 2 << 20


async def test_an_unknown_event_is_kept_with_everything_in_it(hooks, received):
    body = {"action": "landed", "moon": {"crater": 7}, "sender": {"login": "octocat", "id": 1}}
    assert (await send(hooks, "moonshot", body)).status == 200
    (delivery,) = received
    assert isinstance(delivery.payload, CommonPayload)
    assert delivery.action == "landed"
    assert delivery.payload.sender.login == "octocat"
    assert delivery.payload.moon == {"crater": 7}


async def test_an_unknown_action_has_the_fields_that_the_event_always_has(hooks, received):
    body = json.loads(issue_opened(issue={"title": "T"})) | {"action": "teleported", "new": 1}
    assert (await send(hooks, "issues", body)).status == 200
    (delivery,) = received
    assert (delivery.action, delivery.payload.action, delivery.payload.new) == (
        "teleported",
        "teleported",
        1,
    )
    assert delivery.payload.repository.name
    assert isinstance(delivery.payload, CommonPayload)


async def test_an_action_that_does_not_come_first_is_found(hooks, received):
    sent = json.loads(issue_opened())
    action = sent.pop("action")
    assert (await send(hooks, "issues", sent | {"action": action})).status == 200
    assert type(received[0].payload).__name__ == "WebhookIssuesOpened"


async def test_any_action_of_a_repository_dispatch(hooks, received):
    body = payload("WebhookRepositoryDispatchSample", action="on-demand-test")
    assert (await send(hooks, "repository_dispatch", body)).status == 200
    assert type(received[0].payload).__name__ == "WebhookRepositoryDispatchSample"
    assert received[0].action == "on-demand-test"


async def test_drift_is_reported_and_nothing_is_lost():
    drifts = []
    hooks = Webhooks(secret=SECRET, run="inline", on_drift=drifts.append)
    seen = []

    @hooks.on("issues")
    async def keep(delivery):
        seen.append(delivery.payload)

    body = json.loads(issue_opened())
    body["issue"]["comments"] = "many"
    assert (await send(hooks, "issues", body)).status == 200
    assert [drift.path for drift in drifts] == ["issue.comments"]
    assert seen[0].issue.comments == "many"
    assert sum(hooks.drift_counts.values()) == 1


async def test_strict_refuses_a_payload_that_drifts():
    hooks = Webhooks(secret=SECRET, run="inline", strict=True)

    @hooks.on("issues")
    async def never(delivery):
        raise AssertionError

    body = json.loads(issue_opened())
    body["issue"]["comments"] = "many"
    assert (await send(hooks, "issues", body)).status == 400


async def test_ping_is_answered_and_compared_with_the_handlers(hooks, caplog):
    @hooks.on("issues", "opened")
    async def opened(delivery):
        raise AssertionError

    body = payload("WebhookPing", hook={"events": ["push"]})
    receipt = await send(hooks, "ping", body)
    assert (receipt.status, receipt.reason) == (200, "pong")
    (line,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert "does not send issues" in line


async def test_an_event_without_a_handler_is_answered_and_not_decoded():
    hooks = Webhooks(secret=SECRET, run="inline")
    receipt = await send(hooks, "issues", issue_opened())
    assert (receipt.status, receipt.reason) == (202, "ignored")


async def test_background_handlers_need_their_lifespan():
    with pytest.raises(InvalidInput, match=r"hooks\.running\(\)"):
        await send(Webhooks(secret=SECRET), "issues", issue_opened())


async def test_a_delivery_without_a_client_says_how_to_get_one(hooks, received):
    await send(hooks, "issues", issue_opened())
    with pytest.raises(InvalidInput, match="webhooks_lifespan"):
        _ = received[0].sdk
