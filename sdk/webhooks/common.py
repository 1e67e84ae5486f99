"""The payload of an event or action that is not in the description."""

from __future__ import annotations

from sdk.models import SimpleUser
from sdk.models._base import Model
from sdk.models.webhooks import (
    EnterpriseWebhooks,
    OrganizationSimpleWebhooks,
    RepositoryWebhooks,
    SimpleInstallation,
)


class CommonPayload(Model):
    """The fields that payloads have in common. All other fields are kept as they were sent.

    For an unknown action of a known event, the fields that all of the event's models share are
    decoded too.

    Attributes:
        action: what happened.
        enterprise: the enterprise, if the webhook belongs to one.
        installation: the installation of the GitHub App, if the webhook belongs to one.
        organization: the organization in which it happened.
        repository: the repository in which it happened.
        sender: the user who made it happen.
    """

    action: str | None = None
    enterprise: EnterpriseWebhooks | None = None
    installation: SimpleInstallation | None = None
    organization: OrganizationSimpleWebhooks | None = None
    repository: RepositoryWebhooks | None = None
    sender: SimpleUser | None = None
