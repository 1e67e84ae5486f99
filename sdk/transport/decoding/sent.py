"""The JSON of a response, as it is passed from one reading to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from .pass_state import Refused

# From this size on, in bytes, an object is not copied for each field that it lacks. Copying it for
# eighty fields takes 0.2 s for 80 KB.
WITHOUT_COPIES: Final = 1 << 15

# What the own code of a type raises when it reads a response that it was not written for.
UNPREPARED = (LookupError, TypeError, AttributeError, ArithmeticError)


class Sent(NamedTuple):
    """The JSON of a response.

    Attributes:
        json: the body, or the values that were parsed from it.
        size: the size of the body, in bytes.
        is_body: whether it is the body.
        repaired: whether invalid text was replaced before it was parsed.
        refused: see `PassState.refused`.
    """

    json: Any
    size: int
    is_body: bool = True
    repaired: bool = False
    refused: Refused | None = None
