"""The text of an AttributeError: the nearest names. Imported for that only."""

from __future__ import annotations

import difflib

_HTTP = {
    name: f'request("{name.upper()}", "/path")'
    for name in ("get", "post", "put", "patch", "delete", "head")
}
_CLIENT = {**_HTTP, "close": "await aclose()", "__enter__": "async with"}


def no_attribute(owner: object, name: str, instead: str = "") -> AttributeError:
    """Return the error for an attribute that a client or a resource does not have.

    Args:
        owner: the client or the resource.
        name: the attribute.
        instead: what to write, if that is known.
    """
    kind = type(owner).__name__
    if name.startswith("_"):
        return AttributeError(f"{kind!r} object has no attribute {name!r}")
    public = [each for each in dir(type(owner)) if not each.startswith("_")]
    if not instead and "request" in public:
        instead = _CLIENT.get(name, "")
    near = [] if instead else _near(name, public)
    meant = instead or " or ".join(near)
    hint = f" Write {meant}." if instead else f" Do you mean {meant}?" if near else ""
    return AttributeError(f"{kind!r} object has no attribute {name!r}.{hint}", name=name, obj=owner)


def _near(name: str, public: list[str]) -> list[str]:
    wanted = name.lower()
    close = difflib.get_close_matches(wanted, public, n=3, cutoff=0.7)
    parts = {part for part in wanted.split("_") if len(part) > 2}
    alike = [each for each in public if parts and parts <= set(each.split("_"))]
    return list(dict.fromkeys([*close, *sorted(alike, key=len)]))[:4]
