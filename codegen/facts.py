"""Takes from GitHub's text about an argument the facts that decide a call, and none of its words.

These are literals only: values to pass, the form of a text, limits, units. A rule knows a fact by
the few words that GitHub always puts before it, and so passes over examples and the names of other
arguments, which look the same. What no rule is sure of is left out.
"""

from __future__ import annotations

import re

# A text in backticks, in double quotes too where GitHub writes JSON.
_LITERAL = r'`"?([^`"\n]+)"?`'
_VALUE = r'`"?([\w*@.+-]+)"?`'


def _run(literal: str) -> str:
    """Literals in a row: "`a`, `b`, and `c`"."""
    once = literal.replace("(", "(?:")
    return rf"({once}(?:(?:,| or| and|, or|, and)(?: simply)? {once})*)"


# Words behind which every value is listed, or the usual ones.
_LISTED = re.compile(
    r"(?:Can be(?: any combination of)?:|Possible values are:|Valid (?:options|resolutions) are"
    r"|[Ss]upported values(?: include|:)|permissions to be set:|option accepts"
    r"|Currently,|Currently only|only accepts the value) " + _run(_VALUE)
)
# A value of which a sentence says what it does: "Use `*` for all, or `none` for the rest."
_TOLD = re.compile(r"(?:Use|Pass in|Set to) `")
_DOING = re.compile(rf"(?:Use|Pass in|Set to|and|or|,) {_run(_VALUE)} (?:to|for) ")
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

# What stands for null in JSON has a type of its own.
_NO_TEXTS = {"null"}


def values(text: str) -> list[str]:
    """The values that GitHub names for a text without a list of choices."""
    flat = _flat(text)
    runs = [*_LISTED.findall(flat), *_PASSED.findall(flat)]
    for sentence in re.split(r"\.(?= |$)", flat):
        if _TOLD.match(sentence.strip()):
            runs += _DOING.findall(f"{sentence} ")
    found = [value for run in runs for value in re.findall(_VALUE, run)]
    return [value for value in dict.fromkeys(found) if value not in _NO_TEXTS]


def forms(text: str) -> list[str]:
    """The forms in which a text is taken, such as "BASE...HEAD"."""
    flat = _flat(text)
    runs = [*_FORM.findall(flat), *(f"`{found}`" for found in _FORM_BEHIND.findall(flat))]
    return list(dict.fromkeys(form for run in runs for form in re.findall(_LITERAL, run)))


def is_list(text: str) -> bool:
    """Whether a text takes several values with commas between them."""
    return re.search(r"\bcomma[- ]separated\b", text, re.IGNORECASE) is not None


def bounds(text: str) -> tuple[int | None, int | None]:
    """The least and the greatest number."""
    flat = _flat(text)
    if found := _BETWEEN.search(flat):
        low, high = (int(number.replace(",", "")) for number in found.groups())
        return low, high
    found = _MOST.search(flat)
    return None, int(found[1]) if found else None


def length(text: str) -> int | None:
    """How many characters a text may have."""
    found = _LENGTH.search(_flat(text))
    return int(next(filter(None, found.groups()))) if found else None


def unit(text: str) -> str | None:
    """What a number counts."""
    found = _UNIT.search(_flat(text))
    return found[1] if found else None


def _flat(text: str) -> str:
    return " ".join(text.split())
