"""The outcome of one attempt of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sdk.transport.errors import TransportError
from sdk.transport.response.response import Response

if TYPE_CHECKING:
    from sdk.transport.dialect import Failure


class Rejected(NamedTuple):
    """A response that reports an error, with the error parsed."""

    response: Response
    failure: Failure


Outcome: TypeAlias = Response | Rejected | TransportError
"""The outcome of an attempt."""
