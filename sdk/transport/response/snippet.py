"""A look at the beginning of a body that could not be read, with nothing in it worth stealing."""

from __future__ import annotations

import re

_MOST_BYTES = 400
_MOST_CHARACTERS = 80

# The values of a JSON object, and of a form: what stands before them tells enough.
_VALUE = re.compile(r"""(:\s*)(?:"(?:[^"\\]|\\.)*"?|-?\d[\w.+-]*)|(?<=[\w-])=[^\s&<>]*""")
# Whatever could be a token or an id: long, or with a digit in it.
_OPAQUE = re.compile(r"[\w+/=.%-]{20,}|\w*\d\w*")


def snippet(body: bytes) -> str:
    """Give the first 80 characters of a body on one line, without values, tokens and numbers."""
    text = " ".join(body[:_MOST_BYTES].decode("utf-8", "replace").split())
    text = "".join(character if character.isprintable() else "?" for character in text)
    text = _VALUE.sub(lambda found: f"{found[1] or '='}…", text)
    text = _OPAQUE.sub("…", text)
    shortened = text[:_MOST_CHARACTERS]
    return shortened + "…" if len(shortened) < len(text) or len(body) > _MOST_BYTES else shortened
