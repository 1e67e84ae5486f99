"""Parse a large JSON body in steps, between which other threads run.

The parser holds the lock of the interpreter while it reads one text: 100 ms and more for 10 MB, for
which an event loop on another thread stands still. Here the body is cut between the members of its
objects and arrays, about every 64 KiB, and the parser reads one piece at a time.

A regular expression finds where a piece ends. It need not be right: a piece that begins between two
members ends between two members if, and only if, the parser accepts it as the inside of an object
or an array. What cannot be cut in this way is read at once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, NamedTuple, cast

from pydantic_core import from_json

# The size of a piece, in bytes.
STEP: Final = 1 << 16
# How deep the members of a piece are nested, in most bodies and at most: the parser refuses more.
_USUAL_DEPTH = 8
_MOST_DEPTH = 200

# Possessive quantifiers: no text is looked at twice.
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_FLAT = rf'[^"\[\]{{}}]*+(?:{_STRING}[^"\[\]{{}}]*+)*+'


def _balanced(depth: int) -> str:
    if depth == 0:
        return _FLAT
    return rf"{_FLAT}(?:[\[{{]{_balanced(depth - 1)}[\]}}]{_FLAT})*+"


_FLAGS = re.DOTALL
_SPACE = re.compile(rb"[ \t\r\n]*+")
_KEY = re.compile(rf"[ \t\r\n]*+({_STRING})[ \t\r\n]*+:[ \t\r\n]*+".encode(), _FLAGS)
_TEXT = re.compile(_STRING.encode(), _FLAGS)

_POSITION = re.compile(r"(.*) at line (\d+) column (\d+)")

_CLOSING = {b"[": b"]", b"{": b"}"}


@lru_cache
def _patterns(depth: int) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return what matches members with a comma after each, and what matches the last one."""
    between = r'[^"\[\]{},]*+'
    member = rf"{between}(?:(?:{_STRING}|[\[{{]{_balanced(depth)}[\]}}]){between})*+"
    return (
        re.compile(rf"(?:{member},)*+".encode(), _FLAGS),
        re.compile(rf"{member}(?=[\]}}])".encode(), _FLAGS),
    )


class _UncutError(Exception):
    """The body cannot be cut, or it is not JSON."""


class _Open(NamedTuple):
    """An object or an array whose end has not been read yet."""

    kind: bytes
    value: Any
    key: Any
    """Its key in the object around it."""


def parse_in_steps(body: bytes, step: int = STEP) -> Any:
    """Return what `pydantic_core.from_json` returns for `body`.

    Raises:
        ValueError: the body is not JSON.
    """
    if len(body) <= step:
        return from_json(body)
    reader = _Reader(body, step)
    try:
        return reader.read()
    except (_UncutError, ValueError):
        reader.raise_first_error()
    return from_json(body)


class _Reader:
    def __init__(self, body: bytes, step: int) -> None:
        self._body = body
        self._step = step
        self._at = 0
        self._open: list[_Open] = []
        self._after_comma = False
        # Where the last step began, and what to put before it, so that it is JSON of its own.
        self._begun = 0
        self._before = b""

    def read(self) -> Any:
        """Return the value; raise `_UncutError` or ValueError if there is something else."""
        self._skip_space()
        root = self._enter(None)
        while self._open:
            self._note()
            if not (self._read_piece(_USUAL_DEPTH) or self._read_piece(_MOST_DEPTH)):
                self._read_large()
        self._begun, self._before = self._at, b"[]"
        self._skip_space()
        if self._at != len(self._body):
            raise _UncutError
        return root

    def raise_first_error(self) -> None:
        """Raise the parser's error if the rest of the body is not JSON, with the right position."""
        try:
            from_json(self._before + self._body[self._begun :])
        except ValueError as error:
            found = _POSITION.fullmatch(str(error))
            if found is None:
                raise
            line, column = int(found[2]), int(found[3])
            if line == 1:
                line_began = self._body.rfind(b"\n", 0, self._begun) + 1
                column += self._begun - line_began - len(self._before)
            line += self._body.count(b"\n", 0, self._begun)
            raise ValueError(f"{found[1]} at line {line} column {column}") from None

    def _note(self) -> None:
        *around, within = self._open
        parts = [b"[" if each.kind == b"[" else b'{"":' for each in around]
        member = b"0" if within.kind == b"[" else b'"":0'
        parts += within.kind, member if within.value else b"", b"," if self._after_comma else b""
        self._begun, self._before = self._at, b"".join(parts)

    def _read_piece(self, depth: int) -> bool:
        """Read the next members; return False if the first one does not end within a step."""
        several, last = _patterns(depth)
        found = several.match(self._body, self._at, self._at + self._step)
        if found is not None and found.end() > self._at:
            self._add(self._body[self._at : found.end() - 1])
            self._at = found.end()
            self._after_comma = True
            return True
        found = last.match(self._body, self._at, self._at + self._step)
        if found is not None:
            self._read_last(found)
        return found is not None

    def _read_last(self, found: re.Match[bytes]) -> None:
        piece = found.group()
        if piece.strip(b" \t\r\n"):
            self._add(piece)
        elif self._after_comma:
            raise _UncutError
        self._at = found.end()
        self._leave()

    def _read_large(self) -> None:
        """Read a member that is larger than a step: a text, or the beginning of a structure."""
        key = self._read_key() if self._open[-1].kind == b"{" else None
        self._skip_space()
        if self._next() in _CLOSING:
            self._enter(key)
            return
        text = _TEXT.match(self._body, self._at)
        if text is None:
            raise _UncutError
        self._at = text.end()
        self._put(self._open[-1], key, from_json(text.group()))
        self._continue()

    def _read_key(self) -> Any:
        found = _KEY.match(self._body, self._at)
        if found is None:
            raise _UncutError
        self._at = found.end()
        return from_json(found[1])

    def _enter(self, key: Any) -> Any:
        kind = self._next()
        if kind not in _CLOSING or len(self._open) >= _MOST_DEPTH:
            raise _UncutError
        value: Any = [] if kind == b"[" else {}
        if self._open:
            self._put(self._open[-1], key, value)
        self._open.append(_Open(kind, value, key))
        self._at += 1
        self._after_comma = False
        return value

    def _leave(self) -> None:
        """Read the bracket that closes an object or array, and the comma or the end after it."""
        if self._next() != _CLOSING[self._open.pop().kind]:
            raise _UncutError
        self._at += 1
        if self._open:
            self._continue()

    def _continue(self) -> None:
        self._skip_space()
        self._after_comma = self._next() == b","
        if self._after_comma:
            self._at += 1
        elif self._next() != _CLOSING[self._open[-1].kind]:
            raise _UncutError

    def _add(self, piece: bytes) -> None:
        within = self._open[-1]
        # Within as many brackets as in the body: the parser limits their depth.
        levels = len(self._open) - 1
        text = b"".join((b"[" * levels, within.kind, piece, _CLOSING[within.kind], b"]" * levels))
        members = from_json(text)
        for _ in range(levels):
            members = members[0]
        if not members:
            raise _UncutError
        if within.kind == b"[":
            within.value.extend(members)
        else:
            within.value.update(members)

    def _put(self, within: _Open, key: Any, value: Any) -> None:
        if within.kind == b"[":
            cast("list[Any]", within.value).append(value)
        else:
            within.value[key] = value

    def _next(self) -> bytes:
        return self._body[self._at : self._at + 1]

    def _skip_space(self) -> None:
        found = _SPACE.match(self._body, self._at)
        self._at = found.end() if found else self._at
