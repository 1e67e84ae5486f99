"""The decoded values of stored bodies that are used again and again."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from .drift import Drifts

if TYPE_CHECKING:
    from .copies import Template
    from .decoder import Decoder

# A body and its decoded value, with what copies are made from, take about so many times its memory.
_WEIGHT = 6

# Decoding less is as fast as copying it.
_LEAST = 1024
# From this size on, in bytes, pausing garbage collection saves time.
_LARGE = 1 << 16

# Bodies that were decoded once, or are remembered.
_MOST = 1024


class _Entry(NamedTuple):
    """What is remembered under one key; `template` is None after the first use."""

    type: object = None
    operation: str = ""
    strict: bool = False
    body: bytes = b""
    template: Template | None = None
    drifts: Drifts = Drifts()

    @property
    def size(self) -> int:
        return _WEIGHT * len(self.body)


_USED_ONCE = _Entry()


class DecodedValues:
    """Remembers decoded values, and gives each caller a copy of its own.

    A value is remembered when its body is decoded for the second time, and used as long as the body
    is the same, byte by byte. What cannot be copied safely is decoded each time.

    Args:
        max_bytes: the memory that the values may take, by an estimate.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._size = 0
        # Large bodies are decoded in threads.
        self._lock = threading.Lock()

    def decode(
        self, key: str, decoder: Decoder[Any], body: bytes, *, strict: bool
    ) -> tuple[Any, Drifts]:
        """Return what ``decoder.decode(body, strict=strict)`` returns, and raise what it raises.

        Args:
            key: identifies the stored response.
            decoder: decodes the body.
            body: the JSON.
            strict: whether any difference is an error for the caller.
        """
        entry = self._entries.get(key)
        if entry is not None and entry.template is not None and entry.body == body:
            same = entry.type == decoder.type and entry.operation == decoder.operation
            if same and entry.strict == strict:
                self._keep(key, entry)
                return _copied(entry, entry.template)
        value, drifts = decoder.decode(body, strict=strict)
        if len(body) < _LEAST or len(body) * _WEIGHT > self._max_bytes:
            return value, drifts
        if entry is None:
            self._keep(key, _USED_ONCE)
            return value, drifts
        template = _template(decoder, value, drifts)
        if template is None:
            return value, drifts
        entry = _Entry(decoder.type, decoder.operation, strict, body, template, drifts)
        self._keep(key, entry)
        return _copied(entry, template)

    def _keep(self, key: str, entry: _Entry) -> None:
        with self._lock:
            before = self._entries.pop(key, _USED_ONCE)
            self._entries[key] = entry
            self._size += entry.size - before.size
            while self._size > self._max_bytes or len(self._entries) > _MOST:
                self._size -= self._entries.popitem(last=False)[1].size

    def __repr__(self) -> str:
        return f"DecodedValues({self._max_bytes})"


def _template(decoder: Decoder[Any], value: object, drifts: Drifts) -> Template | None:
    """Return what makes copies of a value and of those in its drifts, or None."""
    if not decoder.is_repeatable:
        return None
    from .copies import Template, UncopyableError

    try:
        return Template([value, [drift.value for drift in drifts]])
    except (UncopyableError, RecursionError):
        return None


def _copied(entry: _Entry, template: Template) -> tuple[Any, Drifts]:
    if len(entry.body) < _LARGE or not gc.isenabled():
        return _copy(entry, template)
    gc.disable()
    try:
        return _copy(entry, template)
    finally:
        gc.enable()


def _copy(entry: _Entry, template: Template) -> tuple[Any, Drifts]:
    value, sent = template.copy()
    drifts = entry.drifts
    if not drifts:
        return value, drifts
    copies = [
        drift if drift.value is each else replace(drift, value=each)
        for drift, each in zip(drifts, sent, strict=True)
    ]
    return value, Drifts(copies, omitted=drifts.omitted)
