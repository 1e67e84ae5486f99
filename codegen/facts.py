"""Extracts facts about an argument from GitHub's text, and none of its wording.

The facts are literals: accepted values, formats, limits, units. A rule recognises a fact by the
words that GitHub puts before it, so that examples and names of other arguments do not match. What
no rule recognises is left out.
"""

from __future__ import annotations

import re

# Text in backticks, also with double quotes where GitHub writes JSON.
_LITERAL = r'`"?([^`"\n]+)"?`'
_VALUE = r'`"?([\w*@.+-]+)"?`'


def _run(literal: str) -> str:
    """Literals in a row: "`a`, `b`, and `c`"."""
    once = literal.replace("(", "(?:")
    return rf"({once}(?:(?:,| or| and|, or|, and)(?: simply)? {once})*)"


# Words before a list of accepted values.
_LISTED = re.compile(
    r"(?:Can be(?: any combination of)?:|Possible values are:|Valid (?:options|resolutions) are"
    r"|[Ss]upported values(?: include|:)|permissions to be set:|option accepts"
    r"|Currently,|Currently only|only accepts the value) " + _run(_VALUE)
)
# Sentences that explain values: "Use `*` for all, or `none` for the rest."
_EXPLAINING = re.compile(r"(?:Use|Pass in|Set to) `")
_EXPLAINED = re.compile(rf"(?:Use|Pass in|Set to|and|or|,) {_run(_VALUE)} (?:to|for) ")
_PASSED = re.compile(rf"(?:setting this parameter to|If the string) {_run(_VALUE)}")
_FORM = re.compile(
    r"(?:expects the format|in the form(?:at)?(?: of)?|\) format:|, formatted as) " + _run(_LITERAL)
)
_FORM_BEHIND = re.compile(rf"in {_LITERAL} format\b")
_MOST = re.compile(r"\(max (\d+)\)")
_BETWEEN = re.compile(r"between `?([\d,]+)`? and `?([\d,]+)`?(?! or)")
_LENGTH = re.compile(
    r"(?:Max|Maximum length:|maximum (?:\w+ )?(?:length|size) is) (\d+) characters"
    r"|between 1 and (\d+) characters|(\d+) characters or fewer"
)
_UNIT = re.compile(r"\(in (seconds|minutes|hours|days)\)")

# null is part of the type.
_NO_TEXTS = {"null"}


def values(text: str) -> list[str]:
    """Return the values that GitHub documents for a string without an enum."""
    flat = _flat(text)
    runs = [*_LISTED.findall(flat), *_PASSED.findall(flat)]
    for sentence in re.split(r"\.(?= |$)", flat):
        if _EXPLAINING.match(sentence.strip()):
            runs += _EXPLAINED.findall(f"{sentence} ")
    found = [value for run in runs for value in re.findall(_VALUE, run)]
    return [value for value in dict.fromkeys(found) if value not in _NO_TEXTS]


def forms(text: str) -> list[str]:
    """Return the accepted formats of a string, such as "BASE...HEAD"."""
    flat = _flat(text)
    runs = [*_FORM.findall(flat), *(f"`{found}`" for found in _FORM_BEHIND.findall(flat))]
    return list(dict.fromkeys(form for run in runs for form in re.findall(_LITERAL, run)))


def is_list(text: str) -> bool:
    """Return whether a string can hold several values, separated by commas."""
    return re.search(r"\bcomma[- ]separated\b", text, re.IGNORECASE) is not None


def bounds(text: str) -> tuple[int | None, int | None]:
    """Return the minimum and the maximum of a number."""
    flat = _flat(text)
    if found := _BETWEEN.search(flat):
        low, high = (int(number.replace(",", "")) for number in found.groups())
        return low, high
    found = _MOST.search(flat)
    return None, int(found[1]) if found else None


def length(text: str) -> int | None:
    """Return the maximum length of a string."""
    found = _LENGTH.search(_flat(text))
    return int(next(filter(None, found.groups()))) if found else None


def unit(text: str) -> str | None:
    """Return the unit of a number."""
    found = _UNIT.search(_flat(text))
    return found[1] if found else None


def _flat(text: str) -> str:
    return " ".join(text.split())
