"""Write external text as Python source: the only place where a description's text becomes code.

Every name, value and sentence of a description goes through one of these functions. Their output
cannot end the literal, comment or docstring that contains it.
"""

from __future__ import annotations

import html
import json
import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, cast

# How many characters of a description's prose are kept, per docstring section.
_MOST_PROSE = 2000

_NAMED_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def string(text: str) -> str:
    """Return a Python string literal in double quotes, on one line.

    Characters that are not printable (controls, line separators, text direction marks, lone
    surrogates) are escaped.
    """
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _NAMED_ESCAPES:
        return _NAMED_ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def value(given: object) -> str:
    """Return a Python literal of a JSON value.

    Raises:
        TypeError: it is not a JSON value.
    """
    match given:
        case str():
            return string(given)
        case None | bool() | int():
            return repr(given)
        case float():
            return repr(given) if math.isfinite(given) else "None"
        case Mapping():
            items = cast("Mapping[Any, Any]", given).items()
            return (
                "{" + ", ".join(f"{string(str(key))}: {value(each)}" for key, each in items) + "}"
            )
        case Sequence():
            return "[" + ", ".join(value(each) for each in cast("Sequence[Any]", given)) + "]"
        case _:
            raise TypeError(f"{type(given).__name__} is not a JSON value")


def strings(values: Sequence[str]) -> str:
    """Return a tuple of string literals."""
    return "(" + ", ".join(map(string, values)) + ("," if len(values) == 1 else "") + ")"


def mapping(pairs: Mapping[str, str]) -> str:
    """Return a dictionary of string literals."""
    return "{" + ", ".join(f"{string(key)}: {string(each)}" for key, each in pairs.items()) + "}"


def shown(given: object) -> str:
    """Return a value as prose shows it, short and safe for a docstring."""
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    text = json.dumps(given, ensure_ascii=False, default=str)
    return _safe(text if len(text) <= 60 else text[:57] + "...")


_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\(([^()\s]{0,500})(?:\s[^()\n]{0,200})?\)")
_HEADING = re.compile(r"^ {0,3}#{1,6} +", re.MULTILINE)
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,200})(?<=\S)\1")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s+")
# Between two sentences; not after "e.g." and other abbreviations.
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)(?<!\b\w\.)(?<!\.\.)\s+(?=[A-Z`'\"(])"
)
_FENCE = re.compile(r"^ {0,3}```[^\n]*$", re.MULTILINE)


def paragraphs(text: object) -> list[str]:
    """Return prose as plain paragraphs: no HTML, no links, no controls."""
    if not isinstance(text, str):
        return []
    plain = text[: 4 * _MOST_PROSE].replace("\r\n", "\n").replace("\r", "\n")
    plain = _TAG.sub("", _FENCE.sub("", plain))
    plain = _LINK.sub(lambda found: found[1] or found[2], html.unescape(plain))
    plain = _EMPHASIS.sub(r"\2", _HEADING.sub("", plain))
    found: list[str] = []
    size = 0
    for block in re.split(r"\n\s*\n", plain):
        joined = _safe(_joined(block))
        if not joined:
            continue
        size += len(joined)
        if size > _MOST_PROSE:
            break
        found.append(joined)
    return found


def sentence(text: object, most: int = 300) -> str:
    """Return the first paragraph of some prose on one line, with a full stop; "" for none."""
    found = paragraphs(text)
    return clipped(without_promise(on_one_line(found[0])), most) if found else ""


def headline(text: object, most: int) -> tuple[str, str]:
    """Return the first sentence of some prose, and the rest of its paragraph.

    A first sentence that is longer than `most` is cut, and all of it is the rest.
    """
    found = paragraphs(text)
    whole = without_promise(on_one_line(found[0])) if found else ""
    first, *rest = _SENTENCE_END.split(whole, maxsplit=1)
    if len(first) <= most:
        return clipped(first, most + 1), " ".join(rest)
    return clipped(first, most), whole


def on_one_line(paragraph: str) -> str:
    """Return a paragraph on one line; the items of a list in a row."""
    head, *entries = paragraph.split("\n")
    spelled = [_BULLET.sub("", each).strip().rstrip(".,;") for each in [head, *entries]]
    if not entries:
        return " ".join(head.split())
    if _BULLET.match(head):
        return "; ".join(filter(None, spelled))
    return f"{' '.join(head.split())} {'; '.join(filter(None, spelled[1:]))}"


def without_promise(line: str) -> str:
    """Return a line less a last sentence that ends with a colon: what it announces is not there."""
    while line.endswith(":"):
        *kept, _ = _SENTENCE_END.split(line)
        line = " ".join(kept)
    return line


def clipped(line: str, most: int) -> str:
    """Return a line of at most `most` characters that ends as a sentence does; "" for ""."""
    if len(line) > most:
        line = line[: most - 3].rsplit(" ", 1)[0].rstrip(".,;:") + "..."
    return line if not line or line[-1] in ".!?:)" else line + "."


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Return prose in lines of at most `width`; words are never broken."""
    return textwrap.wrap(
        text,
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def docstring(lines: Sequence[str], indent: str) -> str:
    """Return a docstring of these lines, each of which must come from this module or be our own."""
    first, *rest = [line.rstrip() for line in lines] or [""]
    if not rest:
        return f'{indent}"""{_closing(first)}"""'
    body = "\n".join(f"{indent}{line}" if line else "" for line in rest)
    return f'{indent}"""{first}\n{body}\n{indent}"""'


def _joined(block: str) -> str:
    """Join the lines of a paragraph, but for those of lists and tables."""
    lines = [" ".join(line.split()) for line in block.split("\n")]
    result: list[str] = []
    for line in filter(None, lines):
        if result and not re.match(r"[-*+|] |\d+[.)] ", line):
            result[-1] += " " + line
        else:
            result.append(line)
    return "\n".join(result)


def _safe(text: str) -> str:
    shown_text = text
    if not text.isprintable():
        shown_text = "".join(
            character if character.isprintable() or character == "\n" else " " for character in text
        )
    # Inside a docstring a backslash would be an escape, and three quotes its end.
    return shown_text.replace("\\", "\\\\").replace('"""', "'''").strip()


def _closing(text: str) -> str:
    return f"{text} " if text.endswith('"') else text
