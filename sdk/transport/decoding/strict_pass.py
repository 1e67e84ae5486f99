"""Read a body with the strict validator of its type."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .drift import Undecodable

if TYPE_CHECKING:
    from .pass_state import Refused
    from .validators import Validators

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


def read_strictly(validators: Validators, sent: Sent, *, any_branch: bool = False) -> Any:
    """Return the value of a body that fits its type.

    Args:
        validators: of the type.
        sent: the body.
        any_branch: whether a union may be read as a branch that recognises fewer keys than another.

    Raises:
        ValueError: the body does not fit. pydantic's ValidationError is one.
    """
    if sent.repaired:
        raise ValueError("the text of the JSON is not valid")
    if not validators.ambiguous:
        return validators.strict(sent.json)
    from .pass_state import begin, running

    if not validators.parsed:
        running.state = None if sent.size < WITHOUT_COPIES else begin(sent.size)
        with suppress(ValueError):
            return validators.strict(sent.json)
    # The best branch of a union refused its value. Another one may accept it.
    begin(sent.size, any_branch=any_branch, refused=sent.refused)
    return validators.accepting(sent.json)


def refuse_error(validators: Validators, value: object) -> None:
    """Raise Undecodable if a value that fits its type has only the keys of an error."""
    if validators.is_error(value):
        raise Undecodable("wrong_shape", "it is an error, with a success status")
