"""Break long lines as the usual formatters do.

Only this module formats generated files, so that they do not depend on an installed formatter or
its version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

WIDTH = 100

_OPENING = {"(": ")", "[": "]", "{": "}"}
_CLOSING = set(_OPENING.values())


def bracketed(head: str, items: Sequence[str], tail: str, depth: int, width: int = WIDTH) -> str:
    """Return ``head item, item tail``: on one line, on three, or one item a line.

    `head` ends with an opening bracket and `tail` begins with the closing one.
    """
    indent, inner = "    " * depth, "    " * (depth + 1)
    line = f"{indent}{head}{', '.join(items)}{tail}"
    if _fits(line, width):
        return line
    joined = f"{inner}{', '.join(items)}"
    # Calls and signatures may stand on one inner line; of a collection each item has its own.
    if _is_call(head) and _fits(joined, width):
        return f"{indent}{head}\n{joined}\n{indent}{tail}"
    if len(items) == 1 and (_is_call(head) or head.endswith("[")):
        # A trailing comma would turn the content of the brackets into a tuple.
        return f"{indent}{head}\n{statement(items[0], depth + 1, width)}\n{indent}{tail}"
    lines = [
        statement(item, depth + 1, width, trailing=",")
        if item not in {"*", "/"}
        else f"{inner}{item},"
        for item in items
    ]
    return "\n".join([f"{indent}{head}", *lines, f"{indent}{tail}"])


def statement(text: str, depth: int, width: int = WIDTH, trailing: str = "") -> str:
    """Return a statement or an item of a list, broken at its outermost brackets if it is long."""
    indent = "    " * depth
    line = f"{indent}{text}{trailing}"
    if _fits(line, width):
        return line
    members = list(_members(text))
    if len(members) > 1 and members[0].partition("={")[0].isidentifier():
        # A keyword argument of several mappings.
        lines = [statement(each, depth, width) for each in [members[0], *_continued(members)]]
        return "\n".join(lines) + trailing
    found = _last_brackets(text)
    if found is None:
        return _parenthesised(text, depth, trailing) or line
    begin, end = found
    head, body, tail = text[: begin + 1], text[begin + 1 : end], text[end:]
    if not body or len(f"{indent}{tail}{trailing}") > width:
        return line
    items = list(split(body))
    if (text[begin] == "(" and len(items) > 1) or text[begin] != "(":
        return bracketed(head, items, tail + trailing, depth, width)
    if not _fits(f"{'    ' * (depth + 1)}{body}", width) and _last_brackets(body) is None:
        return line
    comma = "," if body.rstrip().endswith(",") else ""
    inner = statement(body.rstrip().removesuffix(","), depth + 1, width, trailing=comma)
    return f"{indent}{head}\n{inner}\n{indent}{tail}{trailing}"


def split(text: str) -> Iterator[str]:
    """Split at the commas that stand in no bracket and no string."""
    begin = 0
    for index, character, depth in _outside_strings(text):
        if character == "," and depth == 0:
            yield text[begin:index].strip()
            begin = index + 1
    if last := text[begin:].strip():
        yield last


def _parenthesised(text: str, depth: int, trailing: str) -> str | None:
    """Return a long union in parentheses, one member a line; None if it is no union."""
    head, colon, rest = text.partition(": ")
    if not colon or " | " not in rest or " = " in rest:
        return None
    indent, inner = "    " * depth, "    " * (depth + 1)
    members = list(_members(rest))
    lines = [f"{inner}{each}" for each in [members[0], *_continued(members)]]
    return "\n".join([f"{indent}{head}: (", *lines, f"{indent}){trailing}"])


def union(head: str, text: str) -> str:
    """Return an assignment of a union, in parentheses, one member a line."""
    members = list(_members(text))
    lines = [f"    {each}" for each in [members[0], *_continued(members)]]
    return "\n".join([f"{head}(", *lines, ")"])


def _continued(members: Sequence[str]) -> Iterator[str]:
    return (f"| {member}" for member in members[1:])


def _members(text: str) -> Iterator[str]:
    begin = 0
    for index, character, depth in _outside_strings(text):
        if character == "|" and depth == 0:
            yield text[begin:index].strip()
            begin = index + 1
    yield text[begin:].strip()


def _last_brackets(text: str) -> tuple[int, int] | None:
    """Return the positions of the last pair of outermost brackets."""
    found: tuple[int, int] | None = None
    begin = 0
    for index, character, depth in _outside_strings(text):
        if character in _OPENING and depth == 0:
            begin = index
        elif character in _CLOSING and depth == 0:
            found = (begin, index)
    return found


def _outside_strings(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield each character outside of string literals, with the depth of its brackets."""
    depth, quote, index = 0, "", 0
    while index < len(text):
        character = text[index]
        if quote:
            if character == "\\":
                index += 1
            elif character == quote:
                quote = ""
        elif character in "\"'":
            quote = character
        elif character in _CLOSING:
            depth -= 1
            yield index, character, depth
        else:
            yield index, character, depth
            depth += character in _OPENING
        index += 1


def _is_call(head: str) -> bool:
    return head.endswith("(") and (head[-2:-1].isalnum() or head[-2:-1] == "_")


def _fits(line: str, width: int) -> bool:
    return len(line) <= width and "\n" not in line
