"""Fill route templates, so that no value can change the route."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import cast
from urllib.parse import quote, unquote

from .encoding import scalar_text
from .errors import InvalidInput

_PARAMETER = re.compile(r"\{(\w+)\}")

# RFC 3986, 3.3: what a path segment may hold unencoded besides letters, digits and "-._~".
_SEGMENT_SAFE = "!$&'()*+,;=:@"

# Values that need neither encoding nor further checks.
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")

_DOTS = frozenset((".", ".."))


def parameter_names(template: str) -> tuple[str, ...]:
    """List the parameter names of a route template, in order: ``/users/{username}`` has one."""
    return tuple(_PARAMETER.findall(template))


def check_template(path: str) -> None:
    """Raise InvalidInput if it is not a path below an API's base URL.

    Raises:
        InvalidInput: the text names the fix.
    """
    if not isinstance(path, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidInput(f"path must be a str, not {type(path).__name__}.")
    if not path.startswith("/") or path.startswith("//") or not {"?", "#"}.isdisjoint(path):
        raise InvalidInput(
            f"path must be one below base_url, begin with '/' and hold no '?' or '#', not "
            f"{_shown(_without_query(path))}. Pass query parameters as params={{...}}."
        )
    if not path.isprintable():
        # Logs and errors show the path, on one line.
        raise InvalidInput(
            f"path holds a line break or a control character: {_shown(path)}. Name a parameter, as "
            "in '/users/{username}', and pass its value in path_params."
        )
    literal = _PARAMETER.sub("", path)
    if not _DOTS.isdisjoint(unquote(literal).split("/")):
        raise InvalidInput(f"path must have no '.' or '..' between slashes, but is {_shown(path)}.")
    if "{" in literal or "}" in literal:
        raise InvalidInput(
            f"path has a brace that belongs to no parameter: {_shown(path)}. Write parameters as "
            "{name}, with a Python name."
        )


def render_path(
    template: str,
    values: Mapping[str, object],
    multi_segment: tuple[str, ...] = (),
    may_be_empty: tuple[str, ...] = (),
    styles: Mapping[str, str] | None = None,
    *,
    naive_times: bool = False,
) -> str:
    """Fill `template`, each value percent-encoded as one segment (RFC 3986, 2.1).

    The parameters in `multi_segment` keep their slashes: each part is encoded on its own. Those in
    `may_be_empty` may be empty as a whole, and leave the slash before them. Lists and mappings are
    written as `styles` says (see ``Operation``), by default with commas.

    Raises:
        InvalidInput: a value is missing, empty, not a plain value, or has a part between slashes
            that is empty, ``.`` or ``..``, even percent-encoded: it could lead to another route.
    """
    pieces = _pieces(template)
    if len(pieces) == 1:
        return template
    filled = list(pieces)
    for index in range(1, len(pieces), 2):
        name = pieces[index]
        value = values.get(name)
        style = styles.get(name, "") if styles else ""
        if style:
            filled[index] = _styled(name, value, style, naive_times)
        elif type(value) is str and _PLAIN.fullmatch(value):
            # Most values are names of this kind, and need no second look: 2 us less.
            filled[index] = value
        else:
            text = _as_text(name, value, naive_times)
            if text or name not in may_be_empty:
                parts = text.split("/") if name in multi_segment else [text]
                filled[index] = "/".join([_segment(name, part, text) for part in parts])
            else:
                filled[index] = ""
    return "".join(filled)


@lru_cache(maxsize=2048)
def _pieces(template: str) -> tuple[str, ...]:
    """Split a template: literal text and names of parameters take turns."""
    return tuple(_PARAMETER.split(template))


def path_pattern(
    template: str, multi_segment: tuple[str, ...] = (), may_be_empty: tuple[str, ...] = ()
) -> re.Pattern[str]:
    """Return a pattern that matches the paths ``render_path`` makes, each value a group."""

    def group(name: str) -> str:
        kind = "." if name in multi_segment else "[^/]"
        return f"(?P<{name}>{kind}{'*' if name in may_be_empty else '+'})"

    parts = _PARAMETER.split(template)
    return re.compile(
        "".join(group(part) if index % 2 else re.escape(part) for index, part in enumerate(parts))
    )


def _as_text(name: str, value: object, naive_times: bool) -> str:
    if isinstance(value, str) and not isinstance(value, enum.Enum):
        return value
    if value is None or isinstance(value, (list, tuple, Mapping)):
        raise InvalidInput(
            f"{name!r} is part of the path and must be a str, an int, a UUID, a time or an Enum, "
            f"not {type(cast('object', value)).__name__}."
        )
    return scalar_text(name, value, naive_times=naive_times)


def _styled(name: str, value: object, style: str, naive_times: bool) -> str:
    """Write a value in a style of OpenAPI: each part is encoded as a segment of its own."""
    from .styles import pieces

    kind, exploded = style.rstrip("*"), style.endswith("*")
    prefix = {"label": ".", "matrix": ";"}.get(kind, "")
    separator = prefix if prefix and exploded else ","
    is_mapping = isinstance(value, Mapping)
    if is_mapping and not exploded and kind != "json":
        pairs = pieces(name, cast("object", value), naive_times)
        parts = [text for pair in pairs for text in pair]
        spelled = [_segment(name, part, part) for part in parts]
    else:
        spelled = [
            (f"{_segment(name, key, key)}=" if key is not None else "") + _segment(name, part, part)
            for key, part in _keyed(name, cast("object", value), kind, exploded, naive_times)
        ]
    if not spelled:
        raise InvalidInput(f"{name!r} is part of the path and must not be empty.")
    if kind == "matrix" and not exploded:
        return f";{_segment(name, name, name)}={','.join(spelled)}"
    return prefix + separator.join(spelled)


def _keyed(
    name: str, value: object, kind: str, exploded: bool, naive_times: bool
) -> list[tuple[str | None, str]]:
    from .styles import as_json, pieces

    if kind == "json":
        return [(None, as_json(value, naive_times))]
    if isinstance(value, Mapping):
        found = pieces(name, cast("object", value), naive_times)
        return [(key, text) for key, text in found]
    repeated = name if kind == "matrix" and exploded else None
    return [(repeated, text) for _, text in pieces(name, value, naive_times)]


def _segment(name: str, part: str, whole: str) -> str:
    if _PLAIN.fullmatch(part):
        return part
    if not whole:
        raise InvalidInput(f"{name!r} is part of the path and must not be empty.")
    if not part:
        raise InvalidInput(
            f"{name!r} must not begin or end with a slash or have two in a row, but is "
            f"{_shown(whole)}."
        )
    # Checked in decoded form, because some servers and proxies decode before they resolve dots.
    if not _DOTS.isdisjoint(unquote(part).replace("\\", "/").split("/")):
        raise InvalidInput(
            f"{name!r} is {_shown(whole)}, which would lead to another path. Pass a real name."
        )
    try:
        # To some servers "..;" is "..", because they take what follows ";" for a parameter.
        dots = unquote(part).partition(";")[0] in _DOTS
        return quote(part, safe=_SEGMENT_SAFE.replace(";", "") if dots else _SEGMENT_SAFE)
    except UnicodeEncodeError:
        raise InvalidInput(
            f"{name!r} holds a lone surrogate and has no UTF-8 form: {_shown(whole)}."
        ) from None


def _without_query(path: str) -> str:
    # A query, or the user of a whole URL, may be secret.
    place = re.split("([?#])", path, maxsplit=1)
    return place[0].rpartition("@")[2] + ("".join(place[1:2]) and f"{place[1]}...")


def _shown(value: str) -> str:
    return repr(value if len(value) <= 60 else value[:57] + "...")
