"""A difference between an answer and the type that was declared for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

DriftKind = Literal["missing", "null", "unknown_value", "wrong_type", "malformed"]
"""What is different:

- ``missing``: a required field was not sent. It is None, and not in ``model_fields_set``.
- ``null``: null was sent where the type knows none.
- ``unknown_value``: a value beside the declared ones, a new enum member for one.
- ``wrong_type``: another JSON type, a string for a number or an object for a list.
- ``malformed``: the right JSON type with content that the type refuses, such as a bad date.
"""

# Map keys are quoted in a path, so that data never passes for the name of a field.
_SUBSCRIPT = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')


@dataclass(frozen=True, slots=True)
class Drift:
    """One place where an answer differs from its declared type.

    Attributes:
        operation: the operation that was called.
        path: where in the answer, by the names of the JSON: ``[3].user.login``. Keys of a map are
            quoted in brackets: ``files["a.txt"].size``. Empty for the answer as a whole.
        kind: what is different.
        expected: what the type declares there, as text.
        value: what was sent instead, None when nothing was. It may be secret: it is left out of
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

        It holds only names that the type declares, so it may be logged and counted.
        """
        return _SUBSCRIPT.sub("[]", self.path)
