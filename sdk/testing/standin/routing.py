"""From method and path to what serves it."""

from __future__ import annotations

from itertools import zip_longest
from typing import Generic, TypeVar
from urllib.parse import unquote

T = TypeVar("T")


class Router(Generic[T]):
    """Route templates such as ``/users/{username}`` in a tree, one level per path segment.

    Where several templates fit, the one with the earliest literal segment wins, whatever the order
    in which they were added: ``/users/list`` before ``/users/{username}``.
    """

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(
        self,
        method: str,
        template: str,
        target: T,
        multi_segment: tuple[str, ...] = (),
        may_be_empty: tuple[str, ...] = (),
    ) -> None:
        """Add a route; the parameters in `multi_segment` take one or more path segments.

        A last one that is in `may_be_empty` takes none too, and holds the empty text then.
        """
        node = self._root
        names: list[str] = []
        for segment in _segments(template):
            if not (segment.startswith("{") and segment.endswith("}")):
                node = node.literals.setdefault(segment, _Node())
                continue
            names.append(segment[1:-1])
            if names[-1] in may_be_empty:
                node.targets.setdefault(method, (target, tuple(names)))
            if names[-1] in multi_segment:
                node.rest = node.rest or _Node()
                node = node.rest
            else:
                node.parameter = node.parameter or _Node()
                node = node.parameter
        node.targets[method] = (target, tuple(names))

    def find(self, method: str, path: str) -> tuple[T, dict[str, str]] | None:
        """Give the target of a request and what its parameters hold, decoded; None if none fits."""
        found = _walk(self._root, method, _segments(path), ())
        if found is None:
            return None
        (target, names), values = found
        pairs = zip_longest(names, values, fillvalue="")
        return target, {name: unquote(value) for name, value in pairs}


class _Node(Generic[T]):
    __slots__ = ("literals", "parameter", "rest", "targets")

    def __init__(self) -> None:
        self.literals: dict[str, _Node[T]] = {}
        self.parameter: _Node[T] | None = None
        self.rest: _Node[T] | None = None
        self.targets: dict[str, tuple[T, tuple[str, ...]]] = {}


_Found = tuple[tuple[T, tuple[str, ...]], tuple[str, ...]]


def _walk(
    node: _Node[T], method: str, segments: list[str], values: tuple[str, ...]
) -> _Found[T] | None:
    if not segments:
        target = node.targets.get(method)
        return None if target is None else (target, values)
    first, others = segments[0], segments[1:]
    literal = node.literals.get(first)
    if literal is not None:
        found = _walk(literal, method, others, values)
        if found is not None:
            return found
    if node.parameter is not None and first:
        found = _walk(node.parameter, method, others, (*values, first))
        if found is not None:
            return found
    if node.rest is not None:
        # The shortest first, so that what is spelled out after such a parameter is found.
        for size in range(1, len(segments) + 1):
            taken = "/".join(segments[:size])
            found = _walk(node.rest, method, segments[size:], (*values, taken))
            if found is not None:
                return found
    return None


def _segments(path: str) -> list[str]:
    return path.strip("/").split("/")
