"""The operations that each release of GitHub Enterprise Server has."""

from __future__ import annotations


def lacking_release(id: str, release: str) -> str | None:
    """Return the newest release of GitHub Enterprise Server that does not have an operation.

    None if `release` is newer, or if all known releases have it.
    """
    from sdk.resources._servers import LACKING

    group, _, name = id.partition("/")
    for newest, groups in LACKING.items():
        if name in groups.get(group, "").split():
            return newest if _release(release) <= _release(newest) else None
    return None


def _release(text: str) -> tuple[int, ...]:
    # "3.18.4" is release 3.18.
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())
