"""Finds the Python blocks of a Markdown page."""

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[2]

_BLOCK = re.compile(
    r"(?:^ *<!-- raises: (?P<raises>\w+) -->\n)?"
    r"(?:^ *<!-- needs: (?P<needs>\w+) -->\n)?"
    r"^(?P<indent> *)```python(?P<info>.*)\n(?P<code>(?:.*\n)*?)(?P=indent)```\n"
    r'(?:\s*```text title="Output"\n(?P<output>(?:.*\n)*?) *```)?',
    re.MULTILINE,
)


@dataclass(frozen=True)
class Block:
    """A Python block: where it stands, what it says, and what is expected of it."""

    page: str
    line: int
    code: str
    file: str | None
    raises: str | None
    needs: str | None
    output: str | None


def pages():
    """List the pages, as paths below the repository, that say anything in Python."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [str(page.relative_to(ROOT)) for page in found if "```py" in page.read_text()]


def python_blocks(page):
    """Give the blocks of a page, in order; an error if one is fenced in a way not known here."""
    text = (ROOT / page).read_text()
    blocks = []
    for found in _BLOCK.finditer(text):
        title = re.search(r'title="([^"]+)"', found["info"])
        output = found["output"]
        blocks.append(
            Block(
                page=str(ROOT / page),
                line=text.count("\n", 0, found.start("code")) + 1,
                code=dedent(found["code"]),
                file=title and title[1],
                raises=found["raises"],
                needs=found["needs"],
                output=None if output is None else dedent(output),
            )
        )
    fences = len(re.findall(r"^[ >]*(?:```|~~~) *\{? *\.?py", text, re.MULTILINE))
    assert len(blocks) == fences, f"{page}: {fences} Python fences, but {len(blocks)} blocks found"
    return blocks
