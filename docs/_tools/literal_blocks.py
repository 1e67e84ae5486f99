"""Render the ``::`` examples of docstrings as Python code."""

import re
from textwrap import dedent, indent
from typing import Any

import griffe

_EXAMPLE = re.compile(r"^(?P<before>.*?)::\n\n(?P<code>(?:(?: {4}.*)?\n)*(?: {4}.*))", re.MULTILINE)


class LiteralBlocks(griffe.Extension):
    """A griffe extension that rewrites each docstring before it is parsed."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Replace the ``::`` and the indentation by a fence."""
        if obj.docstring:
            obj.docstring.value = _EXAMPLE.sub(_fenced, obj.docstring.value)


def _fenced(found: re.Match[str]) -> str:
    # A line of text ends in a single colon; a ``::`` on a line of its own is removed.
    before = f"{found['before']}:" if found["before"].strip() else ""
    code = dedent(found["code"]).rstrip()
    fence = f"```{'text' if '─' in code else 'python'}\n{code}\n```"
    margin = re.match(" *", found["before"])
    return f"{before}\n\n{indent(fence, margin[0] if margin else '')}\n"
