"""The few bodies that no care can turn into the declared type."""

from __future__ import annotations

from typing import Literal

Reason = Literal["empty", "not_json", "truncated", "beyond_limits", "wrong_shape"]
"""Why a body cannot be decoded:

- ``empty``: there is no body.
- ``not_json``: it is something else, such as an HTML page.
- ``truncated``: the JSON ends too early.
- ``beyond_limits``: JSON nested deeper than 200 levels, or a number of more than 4,300 digits.
- ``wrong_shape``: the outermost value is of another kind, such as an object for a declared list.
"""


class Undecodable(ValueError):
    """A body that cannot be decoded. The text quotes nothing of the body, which may be secret."""

    def __init__(self, reason: Reason, message: str) -> None:
        # Both go to the base class, so that the exception pickles.
        super().__init__(reason, message)
        self.reason: Reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message
