"""Read a body with a validator that accepts any JSON; repair invalid text, explain the rest."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from .drift import Undecodable

# Matches one escape sequence at a time, so that the second half of an escaped backslash is never
# taken for the start of another; a surrogate pair is one escape, only a lone surrogate is captured.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r"|.)",
    re.DOTALL,
)
_REPLACEMENT = "\\ufffd"


def parse(tolerant: Callable[[bytes], Any], body: bytes) -> tuple[Any, bool]:
    """Return what `tolerant` reads from `body`, and whether the text had to be repaired.

    Args:
        tolerant: a function that accepts any JSON, such as a tolerant validator.
        body: the JSON.

    Raises:
        Undecodable: the body is not JSON.
    """
    try:
        return tolerant(body), False
    except ValueError as error:
        complaint = _complaint(error)
    plain = _without_byte_order_mark(body)
    repaired = _with_valid_text(plain)
    if repaired == body:
        raise _undecodable(body, complaint)
    try:
        return tolerant(repaired), repaired != plain
    except ValueError as error:
        complaint = _complaint(error)
    raise _undecodable(repaired, complaint)


def first_rule(refusal: Exception) -> str:
    """Return the name of the first broken rule, or of the exception of a type's own code."""
    if isinstance(refusal, ValidationError):
        return str(_first_error(refusal)["type"])
    return type(refusal).__name__


def _first_error(refusal: ValidationError) -> Any:
    return refusal.errors(include_url=False, include_input=False)[0]


def _complaint(refusal: ValueError) -> str:
    if isinstance(refusal, ValidationError):
        return str(_first_error(refusal)["ctx"]["error"])
    return str(refusal)


def _without_byte_order_mark(body: bytes) -> bytes:
    # RFC 8259 lets a reader ignore it.
    return body.removeprefix(BOM_UTF8)


def _with_valid_text(body: bytes) -> bytes:
    # Invalid UTF-8 and escapes of lone surrogates cannot be encoded again: every encoder refuses
    # them. U+FFFD takes their place, so that one such byte does not cost the whole page.
    text = body.decode("utf-8", "replace")
    return _ESCAPE.sub(lambda m: _REPLACEMENT if m[1] else m[0], text).encode()


def _undecodable(body: bytes, complaint: str) -> Undecodable:
    # The parser's message does not quote the body.
    if not body.strip():
        return Undecodable("empty", "the body is empty")
    if complaint.startswith("EOF"):
        return Undecodable("truncated", f"the JSON ends too early ({complaint})")
    if complaint.startswith("recursion limit"):
        return Undecodable("beyond_limits", "the JSON is nested deeper than 200 levels")
    if complaint.startswith("number out of range"):
        return Undecodable("beyond_limits", "the JSON has a number of more than 4,300 digits")
    return Undecodable("not_json", f"the body is not JSON ({complaint})")
