"""Check that the lowest declared version of every dependency is the installed one."""

import re
import sys
from importlib.metadata import requires, version

_BOUND = re.compile(r"(?P<name>[\w.-]+)(?:\[[^\]]*\])?>=(?P<lowest>[\d.]+)")
_NOT_INSTALLED = "extra == 'dev'"


def _parts(text: str) -> list[int]:
    release = re.match(r"[\d.]*\d", text)
    parts = [int(part) for part in (release[0] if release else "").split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return parts


wrong = []
for requirement in requires("github-sdk") or ():
    bound = _BOUND.match(requirement)
    if bound is None or _NOT_INSTALLED in requirement.replace('"', "'"):
        continue
    installed = version(bound["name"])
    if _parts(installed) != _parts(bound["lowest"]):
        wrong.append(f"{bound[0]}: the lowest that can be installed is {installed}")
sys.exit("\n".join(wrong) or None)
