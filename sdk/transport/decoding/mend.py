"""Bodies that the JSON parser refuses: mend what can be mended, name what cannot."""

from __future__ import annotations

import re
from codecs import BOM_UTF8

from .undecodable import Undecodable

# An escape sequence at a time, so that the second half of an escaped backslash is never taken for
# the start of another; a surrogate pair is one escape, and only a lone surrogate is captured.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r"|.)",
    re.DOTALL,
)
_REPLACEMENT = "\\ufffd"


def without_mark(body: bytes) -> bytes:
    """Give the body without a byte order mark, which RFC 8259 lets a reader ignore."""
    return body.removeprefix(BOM_UTF8)


def with_valid_text(body: bytes) -> bytes:
    """Give the body with U+FFFD in place of what is no Unicode text.

    Invalid UTF-8 and the escapes of lone surrogates have no faithful form that could be sent on:
    every encoder refuses them. One such byte must not cost the whole page.
    """
    text = body.decode("utf-8", "replace")
    return _ESCAPE.sub(lambda m: _REPLACEMENT if m[1] else m[0], text).encode()


def unreadable(body: bytes, complaint: str) -> Undecodable:
    """Say why `body` is not JSON, given the parser's `complaint` (which quotes nothing of it)."""
    if not body.strip():
        return Undecodable("empty", "the body is empty")
    if complaint.startswith("EOF"):
        return Undecodable("truncated", f"the JSON ends too early ({complaint})")
    if complaint.startswith("recursion limit"):
        return Undecodable("beyond_limits", "the JSON is nested deeper than 200 levels")
    if complaint.startswith("number out of range"):
        return Undecodable("beyond_limits", "the JSON holds a number of more than 4,300 digits")
    return Undecodable("not_json", f"the body is not JSON ({complaint})")
