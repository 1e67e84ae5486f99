"""Repeat a call while the API is still computing the response."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sdk.transport.errors import InvalidInput
from sdk.transport.response.rate_limit import retry_after

if TYPE_CHECKING:
    from sdk.transport.operation import Operation
    from sdk.transport.options import CallOptions

    from .executor import Executor

_FIRST_DELAY = 1.0
_MAX_DELAY = 8.0


async def call_until_ready(
    caller: Executor,
    operation: Operation[Any],
    options: CallOptions | None,
    wait: float,
    values: Mapping[str, object],
) -> Any:
    """Make a call; while the status is 202, repeat it for up to `wait` seconds.

    The delay is 1 s at first and doubles up to 8 s, unless the API asks for another.

    Raises:
        InvalidInput: `wait` is negative or not a number.
        SdkError: as any call.
    """
    if not wait >= 0:
        raise InvalidInput(f"wait={wait!r} is not a number of seconds. Pass 0 or more.")
    request = caller.prepare(operation, options, values)
    clock = caller.settings.clock
    deadline = clock.monotonic() + wait
    delay = _FIRST_DELAY
    while True:
        response = await caller.execute(request)
        left = deadline - clock.monotonic()
        if response.status != HTTPStatus.ACCEPTED or left <= 0:
            return await caller.decode(request, response)
        asked = retry_after(response.status, response.headers, clock.now())
        await clock.sleep(min(delay if asked is None else asked, left))
        delay = min(delay * 2, _MAX_DELAY)
