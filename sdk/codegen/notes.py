"""Notes about what the generator guessed or left out, one for each kind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field


class CodegenError(Exception):
    """The command failed; the text has the reason and the fix."""


@dataclass
class Notes:
    """Collects the notes of a run about its description."""

    found: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, place: str) -> None:
        """Note that something of this kind was met at a place."""
        places = self.found[kind]
        if place not in places[-1:]:
            places.append(place)

    def lines(self, most: int = 3) -> list[str]:
        """Return one line for each kind, with the first places."""
        lines: list[str] = []
        for kind, places in sorted(self.found.items()):
            shown = ", ".join(places[:most])
            more = f" and {len(places) - most} more" if len(places) > most else ""
            lines.append(f"{kind}: {shown}{more}")
        return lines
