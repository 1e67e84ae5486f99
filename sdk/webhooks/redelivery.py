"""Redelivery of webhooks that were not received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sdk.transport.errors import InvalidInput

if TYPE_CHECKING:
    from sdk.client import Sdk
    from sdk.models import HookDeliveryItem
    from sdk.transport import Paged

# GitHub keeps deliveries for three days.
_LONGEST = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Redelivery:
    """A delivery for which a redelivery was requested.

    Attributes:
        id: GitHub's id of the attempt that is repeated.
        guid: the id of the event (``X-GitHub-Delivery``); the redelivery has the same one.
        event: the event's name.
        action: the event's action, or None.
        status_code: the status of the response to the last attempt; 0 if there was none.
        delivered_at: the time of the last attempt.
    """

    id: int
    guid: str
    event: str
    action: str | None
    status_code: int
    delivered_at: datetime


async def redeliver_failed(
    sdk: Sdk,
    *,
    since: datetime | timedelta = _LONGEST,
    hook_id: int | None = None,
    repo: tuple[str, str] | None = None,
    org: str | None = None,
) -> list[Redelivery]:
    """Ask GitHub to send again every delivery of which no attempt succeeded.

    GitHub never does that by itself. Run it now and then, and after an outage; a delivery that was
    handled meanwhile is recognized as a duplicate.

    Args:
        sdk: the client: of the GitHub App for the App's own webhook; with access to the webhooks
            of the repository or organization for one of those.
        since: how far back to look: a time with a zone, or how long ago. GitHub keeps deliveries
            for 3 days.
        hook_id: the webhook of `repo` or `org`; leave it out for that of a GitHub App.
        repo: owner and name of the repository that has the webhook.
        org: the organization that has the webhook.

    Returns:
        The deliveries for which a redelivery was requested, oldest first.

    Raises:
        InvalidInput: `hook_id` and `repo` or `org` do not go together, or `since` has no zone.
        ApiError: GitHub refused to list or to redeliver.
    """
    start = _start(since)
    newest: dict[str, HookDeliveryItem] = {}
    succeeded: set[str] = set()
    # The newest attempt comes first.
    async for attempt in _deliveries(sdk, hook_id, repo, org):
        if attempt.delivered_at < start:
            break
        newest.setdefault(attempt.guid, attempt)
        if 200 <= attempt.status_code < 300:
            succeeded.add(attempt.guid)
    failed = [attempt for guid, attempt in newest.items() if guid not in succeeded]
    return [await _redeliver(sdk, attempt, hook_id, repo, org) for attempt in reversed(failed)]


def _start(since: datetime | timedelta) -> datetime:
    if isinstance(since, timedelta):
        return datetime.now(UTC) - since
    if since.tzinfo is None:
        raise InvalidInput("since needs a time zone: datetime.now(UTC) - timedelta(hours=1).")
    return since


def _deliveries(
    sdk: Sdk, hook_id: int | None, repo: tuple[str, str] | None, org: str | None
) -> Paged[HookDeliveryItem]:
    if (hook_id is None) == (repo is not None or org is not None) or (repo and org):
        raise InvalidInput(
            "Pass hook_id= with repo=(owner, name) or with org=; or none of them, for the webhook "
            "of a GitHub App."
        )
    if hook_id is not None and repo:
        return sdk.repos.list_webhook_deliveries(*repo, hook_id, per_page=100)
    if hook_id is not None and org:
        return sdk.orgs.list_webhook_deliveries(org, hook_id, per_page=100)
    return sdk.apps.list_webhook_deliveries(per_page=100)


async def _redeliver(
    sdk: Sdk,
    attempt: HookDeliveryItem,
    hook_id: int | None,
    repo: tuple[str, str] | None,
    org: str | None,
) -> Redelivery:
    if hook_id is not None and repo:
        await sdk.repos.redeliver_webhook_delivery(*repo, hook_id, attempt.id)
    elif hook_id is not None and org:
        await sdk.orgs.redeliver_webhook_delivery(org, hook_id, attempt.id)
    else:
        await sdk.apps.redeliver_webhook_delivery(attempt.id)
    return Redelivery(
        id=attempt.id,
        guid=attempt.guid,
        event=attempt.event,
        action=attempt.action,
        status_code=attempt.status_code,
        delivered_at=attempt.delivered_at,
    )
