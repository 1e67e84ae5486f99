"""Draw a table's column as bars above the table, so that a chart cannot differ from its figures.

A comment before the table names the column; other renderers of Markdown ignore it::

    <!-- bars "CPU of a call" value="50 callers" ours="this SDK" -->

The labels are the first column, or the one named by ``label=``; ``where="callers=50"`` takes only
the rows with that value.
"""

import html
import re
import shlex
from typing import NamedTuple

from mkdocs.exceptions import PluginError

_MARK = re.compile(r"^<!-- bars (?P<said>.*?) -->$(?=(?P<after>.*))", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"(?:^\|.*\|\n?)+", re.MULTILINE)
_NUMBER = re.compile(r"[\d,]+(?:\.\d+)?")


class _Bar(NamedTuple):
    label: str
    figure: str
    size: float
    ours: bool


def on_page_markdown(markdown: str, **_: object) -> str:
    """Replace each comment by the bars."""
    return _MARK.sub(_chart, markdown)


def _chart(mark: re.Match[str]) -> str:
    title, *pairs = shlex.split(mark["said"])
    said = dict(pair.split("=", 1) for pair in pairs)
    table = _TABLE.search(mark["after"])
    if table is None:
        raise PluginError(f"No table follows the chart {title!r}.")
    header, _, *rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in table[0].strip().splitlines()
    ]
    try:
        value = header.index(said["value"])
        label = header.index(said["label"]) if "label" in said else 0
        wanted, _, just = said.get("where", "").partition("=")
        kept = [row for row in rows if not wanted or row[header.index(wanted)] == just]
    except ValueError as error:
        raise PluginError(f"The chart {title!r} names no column of its table: {error}.") from None
    unit = _unit(header[value])
    bars = [_bar(row[label], row[value], unit, said.get("ours", "this SDK")) for row in kept]
    if not bars:
        raise PluginError(f"The chart {title!r} has no rows.")
    most = max(bar.size for bar in bars)
    return _figure(title, bars, most)


def _unit(name: str) -> str:
    """Return the unit in the name of a column, after a comma: ``"CPU per request, ms"``."""
    return name.rpartition(", ")[2] if ", " in name else ""


def _bar(label: str, cell: str, unit: str, ours: str) -> _Bar:
    figure = cell.partition(" (")[0].strip("* ")
    number = _NUMBER.match(figure)
    if number is None:
        raise PluginError(f"The figure of {label!r} is not a number: {cell!r}.")
    size = float(number[0].replace(",", ""))
    return _Bar(label.replace("*", ""), f"{figure} {unit}".strip(), size, ours in label)


def _figure(title: str, bars: list[_Bar], most: float) -> str:
    rows = "".join(
        f"<dt{_kind(bar)}>{_code(bar.label)}</dt>"
        f'<dd{_kind(bar)} style="--part:{bar.size / most:.4f}">{html.escape(bar.figure)}</dd>'
        for bar in bars
    )
    return (
        f'<figure class="bars"><figcaption>{html.escape(title)}; shorter is better</figcaption>'
        f"<dl>{rows}</dl></figure>"
    )


def _kind(bar: _Bar) -> str:
    return ' class="ours"' if bar.ours else ""


def _code(label: str) -> str:
    return re.sub("`(.+?)`", r"<code>\1</code>", html.escape(label))
