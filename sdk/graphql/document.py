"""Parse the parts of a GraphQL document that the client needs: operations, variables, connections.

This is not a validator. It finds mistakes that can be found before a request is sent, and the
cursor variable of each connection. ``python -m sdk.graphql`` validates documents against a schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from sdk.transport.errors import InvalidInput

_TOKEN = re.compile(
    r"[ \t\n\r,\ufeff]+|\#[^\n\r]*"
    r'|(?P<string>"""(?:\\"""|(?!""")[\s\S])*+"""|"(?!"")(?:\\.|[^"\\\n\r])*+")'
    r"|(?P<name>[_A-Za-z][_0-9A-Za-z]*)|(?P<number>-?\d[\d.eE+-]*)|(?P<punctuation>\.\.\.|[!$&()*:=@\[\]{|}])"
)

_CURSORS = {"after": "forward", "before": "backward"}
_NEEDED = {
    "forward": frozenset({"pageInfo.hasNextPage", "pageInfo.endCursor"}),
    "backward": frozenset({"pageInfo.hasPreviousPage", "pageInfo.startCursor"}),
}
# A bound on nesting, above that of any schema: the parser is recursive.
_DEEPEST = 100
# A bound on the fields visited: fragments that spread fragments multiply.
_MOST_FIELDS = 20_000

R = TypeVar("R")


@dataclass(frozen=True)
class Variable:
    """A variable that an operation declares.

    Attributes:
        name: without the ``$``.
        type: as written, such as ``"[String!]!"``.
        required: whether a value must be given.
    """

    name: str
    type: str
    required: bool


@dataclass(frozen=True)
class Connection:
    """A paginated connection, with a variable for its cursor.

    Attributes:
        path: response keys from the root of ``data``, such as ``("repository", "issues")``.
        variable: the variable passed as its ``after`` or ``before``.
        direction: ``"forward"`` or ``"backward"``.
        items: ``"nodes"`` or ``"edges"``, whichever is selected; None if neither is.
        missing: selections that pagination needs and the document lacks.
    """

    path: tuple[str, ...]
    variable: str
    direction: str
    items: str | None
    missing: tuple[str, ...]

    @property
    def place(self) -> str:
        """The path, as text."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Definition:
    """One operation of a document.

    Attributes:
        kind: ``"query"``, ``"mutation"`` or ``"subscription"``.
        name: None for an anonymous one.
    """

    kind: str
    name: str | None
    variables: Mapping[str, Variable]
    connections: tuple[Connection, ...]


@dataclass
class _Field:
    key: str
    cursors: dict[str, str] = field(default_factory=dict[str, str])
    selections: list[_Field | str] = field(default_factory=list["_Field | str"])
    """Fields, and the names of spread fragments."""


@dataclass
class _Parsed:
    kind: str
    name: str | None
    variables: dict[str, Variable]
    selections: list[_Field | str]


@lru_cache(maxsize=256)
def read_document(text: str) -> tuple[Definition, ...]:
    """Return the operations of a document; the last 256 documents are kept.

    Raises:
        InvalidInput: it is not a GraphQL document, or has no operation.
    """
    return _Parser(text).document()


def choose(text: str, operation: str | None) -> Definition:
    """Return the operation of a name, or the only one.

    Raises:
        InvalidInput: there is no operation of that name, or several and no name is given.
    """
    found = read_document(text)
    names = ", ".join(repr(definition.name) for definition in found)
    if operation is not None:
        for definition in found:
            if definition.name == operation:
                return definition
        raise InvalidInput(f"The document has no operation {operation!r}, but {names}.")
    if len(found) > 1:
        if any(definition.name is None for definition in found):
            raise InvalidInput(
                "The document has several operations, one without a name: name each."
            )
        raise InvalidInput(f"The document has several operations: pass operation= one of {names}.")
    return next(iter(found))


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0
        self._visited = 0
        self._fragments: dict[str, list[_Field | str]] = {}

    def document(self) -> tuple[Definition, ...]:
        parsed: list[_Parsed] = []
        while (word := self._peek()) is not None:
            if word == "fragment":
                self._fragment()
            elif word in ("query", "mutation", "subscription", "{"):
                parsed.append(self._operation())
            else:
                raise _refused(f"it begins a definition with {word!r}")
        if not parsed:
            raise InvalidInput("The GraphQL document has no operation, such as `query { ... }`.")
        names = [each.name for each in parsed]
        twice = next((name for name in names if name and names.count(name) > 1), None)
        if twice:
            raise _refused(f"it has two operations {twice!r}")
        return tuple(self._definition(each) for each in parsed)

    def _definition(self, parsed: _Parsed) -> Definition:
        connections = tuple(self._connections(parsed.selections, (), ()))
        return Definition(parsed.kind, parsed.name, parsed.variables, connections)

    # -------------------------------------------------------------- grammar

    def _operation(self) -> _Parsed:
        if self._peek() == "{":
            return _Parsed("query", None, {}, self._selections())
        kind = self._next()
        name = self._next() if self._is_name() else None
        variables = self._variables() if self._peek() == "(" else {}
        self._directives()
        return _Parsed(kind, name, variables, self._selections())

    def _fragment(self) -> None:
        self._next()
        name = self._name()
        self._expect("on")
        self._name()
        self._directives()
        if name in self._fragments:
            raise _refused(f"it has two fragments {name!r}")
        self._fragments[name] = self._selections()

    def _variables(self) -> dict[str, Variable]:
        found: dict[str, Variable] = {}
        self._expect("(")
        while self._peek() != ")":
            self._expect("$")
            name = self._name()
            self._expect(":")
            type_ = self._type()
            default = self._peek() == "="
            if default:
                self._next()
                self._value()
            self._directives()
            if name in found:
                raise _refused(f"it declares ${name} twice")
            found[name] = Variable(name, type_, required=type_.endswith("!") and not default)
        self._next()
        return found

    def _type(self) -> str:
        if self._peek() == "[":
            self._next()
            type_ = f"[{self._nested(self._type)}]"
            self._expect("]")
        else:
            type_ = self._name()
        if self._peek() == "!":
            type_ += self._next()
        return type_

    def _selections(self) -> list[_Field | str]:
        self._expect("{")
        found: list[_Field | str] = []
        while self._peek() != "}":
            if self._peek() == "...":
                found += self._spread()
            else:
                found.append(self._field())
        self._next()
        if self._tokens[self._at - 2] == "{":
            raise _refused("it has braces without fields")
        return found

    def _spread(self) -> list[_Field | str]:
        self._next()
        if self._is_name() and self._peek() != "on":
            name = self._next()
            self._directives()
            return [name]
        if self._peek() == "on":
            self._next()
            self._name()
        self._directives()
        return self._nested(self._selections)

    def _field(self) -> _Field:
        key = self._name()
        if self._peek() == ":":
            self._next()
            self._name()
        found = _Field(key)
        if self._peek() == "(":
            self._next()
            while self._peek() != ")":
                argument = self._name()
                self._expect(":")
                variable = self._value()
                if variable is not None and argument in _CURSORS:
                    found.cursors[argument] = variable
            self._next()
        self._directives()
        if self._peek() == "{":
            found.selections = self._nested(self._selections)
        return found

    def _directives(self) -> None:
        while self._peek() == "@":
            self._next()
            self._name()
            if self._peek() == "(":
                self._next()
                while self._peek() != ")":
                    self._name()
                    self._expect(":")
                    self._value()
                self._next()

    def _value(self) -> str | None:
        """Skip a value; return the name if it is a variable."""
        word = self._next()
        if word == "$":
            return self._name()
        if word in ("[", "{"):
            end = "]" if word == "[" else "}"
            while self._peek() != end:
                if end == "}":
                    self._name()
                    self._expect(":")
                self._nested(self._value)
            self._next()
        elif word in "!&()*:=@]|}" or word == "...":
            raise _refused(f"it has {word!r} instead of a value")
        return None

    def _nested(self, read: Callable[[], R]) -> R:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _refused(f"it is nested deeper than {_DEEPEST} levels")
        result = read()
        self._depth -= 1
        return result

    # -------------------------------------------------------------- tokens

    def _peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> str:
        word = self._peek()
        if word is None:
            raise _refused("it ends too early")
        self._at += 1
        return word

    def _is_name(self) -> bool:
        word = self._peek()
        return word is not None and (word[0].isalpha() or word[0] == "_")

    def _name(self) -> str:
        if not self._is_name():
            word = self._peek()
            raise _refused("it ends too early" if word is None else f"{word!r} is not a name")
        return self._next()

    def _expect(self, word: str) -> None:
        found = self._next()
        if found != word:
            raise _refused(f"it has {found!r} where {word!r} belongs")

    # -------------------------------------------------------------- connections

    def _connections(
        self, selections: list[_Field | str], path: tuple[str, ...], spread: tuple[str, ...]
    ) -> Iterator[Connection]:
        for selected in self._flat(selections, spread):
            here = (*path, selected.key)
            for argument, variable in selected.cursors.items():
                direction = _CURSORS[argument]
                below = self._below(selected)
                items = next((name for name in ("nodes", "edges") if name in below), None)
                missing = tuple(sorted(_NEEDED[direction] - below))
                yield Connection(here, variable, direction, items, missing)
            yield from self._connections(selected.selections, here, spread)

    def _below(self, selected: _Field) -> set[str]:
        """Return the keys of the two levels below a field: ``pageInfo.endCursor``, ``nodes``."""
        found: set[str] = set()
        for child in self._flat(selected.selections, ()):
            found.add(child.key)
            found |= {f"{child.key}.{leaf.key}" for leaf in self._flat(child.selections, ())}
        return found

    def _flat(self, selections: list[_Field | str], spread: tuple[str, ...]) -> Iterator[_Field]:
        for selected in selections:
            self._visited += 1
            if self._visited > _MOST_FIELDS:
                raise _refused(
                    f"it has more than {_MOST_FIELDS:,} fields, those of fragments included"
                )
            if isinstance(selected, _Field):
                yield selected
            elif selected in spread:
                raise _refused(f"the fragment {selected!r} spreads itself")
            elif selected not in self._fragments:
                raise _refused(f"it has no fragment {selected!r}")
            else:
                yield from self._flat(self._fragments[selected], (*spread, selected))


def _tokens(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            line = text.count("\n", 0, at) + 1
            raise _refused(f"line {line} has {text[at]!r}, which is not part of the language")
        at = found.end()
        if found.lastgroup is not None:
            yield found[0]


def _refused(reason: str) -> InvalidInput:
    return InvalidInput(f"This is not a GraphQL document: {reason}.")
