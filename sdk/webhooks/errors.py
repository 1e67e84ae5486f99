"""Errors for deliveries that are refused."""

from __future__ import annotations

from sdk.transport.errors import SdkError


class WebhookError(SdkError):
    """A delivery that was refused. The text quotes neither the body nor a secret.

    Attributes:
        status: the HTTP status to answer it with.
    """

    status = 400


class InvalidSignature(WebhookError):
    """The signature is missing, malformed, or made with another secret: answer 401."""

    status = 401


class InvalidDelivery(WebhookError):
    """The headers or the body are not those of a GitHub webhook delivery.

    Attributes:
        status: 400; 413 for a body over 25 MB; 415 for another content type.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        # Both are passed to the base class, so that the exception can be pickled.
        super().__init__(message)
        self.args = (message, status)
        self.status = status

    def __str__(self) -> str:
        return str(self.args[0])
