"""Record which methods of other clients make calls, to name them in error texts."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unittest import mock

from sdk.transport import Operation, Resource


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A method that made a call.

    Attributes:
        operation: the operation that it called.
        base_url: the base URL of the call.
        resource: the class of the method.
        name: the method's name.
    """

    operation: Operation[Any]
    base_url: str
    resource: type[Resource]
    name: str


class CallRecorder:
    """A recorder of the last call of each operation that is not GitHub's."""

    def __init__(self) -> None:
        self.seen: dict[Operation[Any], RecordedCall] = {}
        self._patches: list[Any] = []

    def start(self) -> None:
        """Start recording."""
        for name in ("_call", "_paginate", "_download", "_upload"):
            noting = self._recording(getattr(Resource, name))
            self._patches.append(mock.patch.object(Resource, name, noting))
            self._patches[-1].start()

    def stop(self) -> None:
        """Stop recording, and clear the record."""
        while self._patches:
            self._patches.pop().stop()
        self.seen.clear()

    def _recording(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def noting(resource: Resource, operation: Operation[Any], *args: Any, **values: Any) -> Any:
            if not type(resource).__module__.startswith("sdk.resources."):
                # An operation does not know its method; the calling function is the method.
                name = sys._getframe(1).f_code.co_name
                settings = resource._caller.settings
                base_url = settings.base_url
                if operation.server is not None:
                    base_url = settings.dialect.server(operation.server, base_url)
                self.seen[operation] = RecordedCall(operation, base_url, type(resource), name)
            return original(resource, operation, *args, **values)

        return noting


CALL_RECORDER = CallRecorder()
