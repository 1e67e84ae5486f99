"""Differences between a response and its declared type, and bodies that cannot be decoded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sdk.transport.value_classes import value_class

DriftKind = Literal["missing", "null", "unknown_value", "wrong_type", "malformed"]
"""What is different:

- ``missing``: a required field was not sent. It is None, and not in ``model_fields_set``.
- ``null``: null was sent where the type does not allow it.
- ``unknown_value``: a value that is not among the declared ones, such as a new enum member.
- ``wrong_type``: another JSON type, such as a string for a number or an object for a list.
- ``malformed``: the right JSON type with content that the type refuses, such as an invalid date.
"""

Reason = Literal["empty", "not_json", "truncated", "beyond_limits", "wrong_shape"]
"""Why a body cannot be decoded:

- ``empty``: there is no body.
- ``not_json``: it has another format, such as an HTML page.
- ``truncated``: the JSON ends too early.
- ``beyond_limits``: JSON nested deeper than 200 levels, or a number of more than 4,300 digits.
- ``wrong_shape``: the outermost value is of another kind, such as an object for a declared list, or
  an object without any of the required fields, such as an error.
"""

# Map keys are quoted in a path, so that data is never mistaken for the name of a field.
_SUBSCRIPT = r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]'


@value_class
@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Drift:
    """One place where a response differs from its declared type.

    Attributes:
        operation: the operation that was called.
        path: where in the response, by the names of the JSON: ``[3].user.login``. Keys of a map
            are quoted in brackets: ``files["a.txt"].size``; long ones are cut off. Empty for the
            response as a whole.
        kind: what is different.
        expected: what the type declares there, as text.
        value: what was sent instead, None if nothing was sent. It may be secret: it is left out of
            the repr, and never logged.
    """

    operation: str
    path: str
    kind: DriftKind
    expected: str
    value: Any = field(default=None, repr=False, hash=False)

    @property
    def place(self) -> str:
        """The path without list indexes and map keys, the same for every item: ``[].user.login``.

        It contains only names that the type declares, so it may be logged and counted.
        """
        return re.sub(_SUBSCRIPT, "[]", self.path)


class Drifts(list[Drift]):
    """The first differences of one response.

    Attributes:
        omitted: how many more there are.
    """

    def __init__(self, drifts: Iterable[Drift] = (), *, omitted: int = 0) -> None:
        super().__init__(drifts)
        self.omitted = omitted


NO_DRIFT: Final = Drifts()
"""The differences of a response that has none. It is shared: nothing may be added to it."""


class TakesLongError(Exception):
    """A body takes so long to decode that a thread should do it, not the event loop."""


class Undecodable(ValueError):
    """A body that cannot be decoded. The message quotes nothing of the body, which may be secret.

    Attributes:
        reason: the kind of failure.
        message: a description of the failure.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        # Both are passed to the base class, so that the exception can be pickled.
        super().__init__(reason, message)
        self.reason: Reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message
