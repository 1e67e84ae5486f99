"""Reading a body with a validator that takes any JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from pydantic import ValidationError

from .mend import unreadable, with_valid_text, without_mark


def parse(tolerant: Callable[[bytes], Any], body: bytes) -> tuple[Any, bool]:
    """Give what `tolerant` makes of `body`, and whether its text had to be mended.

    Raises:
        Undecodable: it is no JSON. Whatever JSON it is, the validator takes it.
    """
    try:
        return tolerant(body), False
    except ValidationError as error:
        complaint = _complaint(error)
    plain = without_mark(body)
    mended = with_valid_text(plain)
    if mended == body:
        raise unreadable(body, complaint)
    try:
        return tolerant(mended), mended != plain
    except ValidationError as error:
        complaint = _complaint(error)
    raise unreadable(mended, complaint)


def first_error(refusal: ValueError) -> Any:
    """Give the first of pydantic's errors, without the value that it is about."""
    return cast("ValidationError", refusal).errors(include_url=False, include_input=False)[0]


def _complaint(refusal: ValidationError) -> str:
    return str(first_error(refusal)["ctx"]["error"])
