"""Constraints of a type: bounds, lengths, patterns."""

from __future__ import annotations

import importlib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class Constraints:
    """Constraints of one type, by the names in pydantic and annotated-types."""

    gt: Any = None
    ge: Any = None
    lt: Any = None
    le: Any = None
    multiple_of: Any = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | re.Pattern[str] | None = None
    uuid_version: int | None = None

    def number(self, wanted: int, *, whole: bool) -> int | float:
        """Return a number within the bounds, `wanted` if possible."""
        step = float(self.multiple_of or 1) if whole or self.multiple_of else 0.0
        low = -math.inf if self.ge is None else float(self.ge)
        high = math.inf if self.le is None else float(self.le)
        # Between two fractions there is always another number.
        if self.gt is not None:
            low = max(low, float(self.gt) + (step or self._sliver()))
        if self.lt is not None:
            high = min(high, float(self.lt) - (step or self._sliver()))
        if step and low > -math.inf:
            low = math.ceil(low / step) * step
        value = float(wanted)
        if low > -math.inf and not low <= value <= high:
            room = high - low
            value = low + (wanted % (int(room) + 1) if room < math.inf else 0)
        elif value > high:
            value = math.floor(high / step) * step if step else high
        if step:
            value = math.ceil(value / step) * step
        return int(value) if value == int(value) else value

    def moment(self, unit: Any) -> Any:
        """Return a moment just within the bounds; None when there are none."""
        if self.ge is not None or self.gt is not None:
            return self.ge if self.ge is not None else self.gt + unit
        if self.le is not None or self.lt is not None:
            return self.le if self.le is not None else self.lt - unit
        return None

    def text(self, wanted: str) -> str:
        """Return a text of valid length and pattern, `wanted` if possible."""
        if self.pattern is not None:
            wanted = self._matching(wanted)
        if self.min_length is not None and len(wanted) < self.min_length:
            wanted += "x" * (self.min_length - len(wanted))
        # The end of the text makes it unique.
        if self.max_length is not None and len(wanted) > self.max_length:
            wanted = wanted[len(wanted) - self.max_length :]
        return wanted

    def _matching(self, wanted: str) -> str:
        pattern = re.compile(self.pattern or "")
        if pattern.search(wanted):
            return wanted
        # Python's own pattern parser, which is not public; there is no other way to read a pattern.
        parser: Any = importlib.import_module("re._parser")
        shortest = _example(parser.parse(pattern.pattern), more=0)
        lacking = (self.min_length or 0) - len(shortest)
        return _example(parser.parse(pattern.pattern), more=lacking) if lacking > 0 else shortest

    def _sliver(self) -> float:
        bounds = [float(one) for one in (self.gt, self.ge, self.lt, self.le) if one is not None]
        return (max(bounds) - min(bounds)) / 4 or 1.0


UNCONSTRAINED = Constraints()

_NAMES = tuple(each.name for each in fields(Constraints))


def constraints_of(metadata: Iterable[Any]) -> Constraints:
    """Read the constraints from ``Annotated`` metadata; the last one of a kind is used."""
    found: dict[str, Any] = {}
    for one in metadata:
        if isinstance(one, FieldInfo):
            inner = constraints_of(one.metadata)
            found |= {name: getattr(inner, name) for name in _NAMES}
        else:
            # By attribute name: annotated-types and pydantic have a dozen classes for these.
            found |= {
                name: value
                for name in _NAMES
                if (value := getattr(one, name, None)) is not None and not callable(value)
            }
    return Constraints(**found) if found else UNCONSTRAINED


def _example(parsed: Any, *, more: int) -> str:
    """Return a text that matches a pattern; `more` is the number of optional repetitions."""
    return "".join(_one(str(kind), value, more) for kind, value in parsed)


def _one(kind: str, value: Any, more: int) -> str:
    match kind:
        case "LITERAL":
            return chr(value)
        case "NOT_LITERAL":
            return "x" if value != ord("x") else "y"
        case "ANY":
            return "x"
        case "IN":
            return _of_class(value)
        case "BRANCH":
            return _example(value[1][0], more=more)
        case "SUBPATTERN":
            return _example(value[3], more=more)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = value
            return _example(inner, more=0) * min(int(least) + more, int(most))
        case _:
            # Anchors such as ^ and $ add no text. Anything else fails the later validation.
            return ""


_CATEGORIES = {"CATEGORY_DIGIT": "1", "CATEGORY_WORD": "x", "CATEGORY_SPACE": " "}


def _of_class(options: Any) -> str:
    negated = str(options[0][0]) == "NEGATE"
    if negated:
        taken = re.compile("|".join(map(_as_class, options[1:])))
        return next((char for char in "x1 -_.A" if not taken.fullmatch(char)), "~")
    kind, value = options[0]
    match str(kind):
        case "RANGE":
            return chr(value[0])
        case "CATEGORY":
            return _CATEGORIES.get(str(value), "-")
        case _:
            return chr(value)


def _as_class(option: tuple[Any, Any]) -> str:
    kind, value = option
    match str(kind):
        case "RANGE":
            return f"[{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}]"
        case "CATEGORY":
            return {"CATEGORY_DIGIT": r"\d", "CATEGORY_WORD": r"\w"}.get(str(value), r"\s")
        case _:
            return re.escape(chr(value))
