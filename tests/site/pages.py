"""The built site, as ``poe docs`` leaves it."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SITE = ROOT / "site"


def text(folder):
    """Return the HTML of all pages directly below a folder of the site."""
    return "".join(page.read_text() for page in sorted((SITE / folder).glob("*/index.html")))


def ids(folder):
    """Return the ids of all elements on those pages."""
    return set(re.findall(r'\bid="([^"]+)"', text(folder)))
