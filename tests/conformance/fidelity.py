"""Whether a decoded answer still holds everything that was sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from sdk import Page


def plain(value: Any) -> Any:
    """The decoded value as JSON again."""
    if isinstance(value, Page):
        return plain(value.body)
    if isinstance(value, BaseModel):
        return value.model_dump(by_alias=True, exclude_unset=True, mode="json", warnings=False)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return to_jsonable_python(value)


def losses(sent: Any, kept: Any, path: str = "$") -> Iterator[str]:
    """Where `kept` lacks or changed what was sent; a moment may be written in another way."""
    if isinstance(sent, dict) and isinstance(kept, dict):
        for name, value in sent.items():
            if name in kept:
                yield from losses(value, kept[name], f"{path}.{name}")
            else:
                yield f"{path}.{name} is gone"
        for name in kept.keys() - sent.keys():
            yield f"{path}.{name} was never sent"
    elif isinstance(sent, list) and isinstance(kept, list):
        if len(sent) != len(kept):
            yield f"{path} has {len(kept)} items of {len(sent)}"
        for index, (value, found) in enumerate(zip(sent, kept, strict=False)):
            yield from losses(value, found, f"{path}[{index}]")
    elif not (_same(sent, kept) or _same_moment(sent, kept)):
        yield f"{path}: {sent!r} became {kept!r}"


def _same(sent: Any, kept: Any) -> bool:
    # In Python, True == 1.
    return sent == kept and isinstance(sent, bool) == isinstance(kept, bool)


def _same_moment(sent: Any, kept: Any) -> bool:
    if not (isinstance(sent, str) and isinstance(kept, str)):
        return False
    try:
        return datetime.fromisoformat(sent) == datetime.fromisoformat(kept)
    except (ValueError, TypeError):
        return False
