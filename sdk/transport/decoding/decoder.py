"""Decode response bodies into a declared type."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .drift import Drift, Undecodable

if TYPE_CHECKING:
    from .validators import Validators

T = TypeVar("T")

# From this size on, in bytes, pausing garbage collection saves time.
_LARGE = 1 << 16

_JSON_NAMES: dict[type, str] = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "a boolean",
    type(None): "null",
}


class Decoder(Generic[T]):
    """Decodes the responses of one operation. Drift costs time only where it occurs.

    Args:
        type_: what the operation declares: any type that pydantic supports.
        operation: its name, for reports.

    Creating one is cheap: what it needs is imported and built for the first body. One decoder may
    be used by several threads.
    """

    __slots__ = ("_latch", "_operation", "_type", "_validators")

    def __init__(self, type_: object, *, operation: str) -> None:
        self._type = type_
        self._operation = operation
        self._latch = Latch()
        self._validators: Validators | None = None

    def decode(self, body: bytes) -> tuple[T, Sequence[Drift]]:
        """Return the value and its differences from the type: none, for most responses.

        Raises:
            Undecodable: the body is not JSON, ends too early, or is another kind of value.
        """
        validators = self._validators or self._build()
        refusal: ValueError | None = None
        if not self._latch.closed:
            # pydantic's ValidationError is a ValueError. Naming it would import pydantic.
            try:
                value = _uncollected(validators.strict, body)
            except ValueError as error:
                # Its traceback would keep this call, and the body, alive.
                refusal = error.with_traceback(None)
            else:
                self._latch.note(drifted=False)
                return value, ()
        value, drifts = self._tolerate(validators, body)
        if refusal is not None and not drifts:
            drifts = self._unplaced(refusal)
        self._latch.note(drifted=bool(drifts))
        return value, drifts

    def _build(self) -> Validators:
        from .validators import Validators

        self._validators = Validators(self._type)
        return self._validators

    def _tolerate(self, validators: Validators, body: bytes) -> tuple[T, list[Drift]]:
        from .markers import settle
        from .parse import parse

        try:
            tree, repaired = parse(validators.tolerant, body)
            value, drifts = settle(tree, self._operation)
        except RecursionError:
            text = "the JSON is nested deeper than the stack of the caller allows"
            raise Undecodable("beyond_limits", text) from None
        if drifts and drifts[0].path == "" and drifts[0].kind in {"null", "wrong_type"}:
            got = _JSON_NAMES.get(drifts[0].value.__class__, "a number")
            raise Undecodable("wrong_shape", f"expected {drifts[0].expected}, got {got}")
        if repaired:
            drifts.append(Drift(self._operation, "", "malformed", "Unicode text"))
        return value, drifts

    def _unplaced(self, refusal: ValueError) -> list[Drift]:
        from .parse import first_error

        rule = first_error(refusal)["type"]
        if rule == "json_invalid":
            # The body began with a byte order mark, and nothing else was wrong.
            return []
        # A rule for a whole model or list, which the tolerant validator does not apply.
        return [Drift(self._operation, "", "malformed", f"a value that passes {rule}")]


class Latch:
    """A saturating counter, as in branch prediction: two drifted responses in a row close it.

    While it is closed, the strict pass is skipped. The tolerant pass detects drift just as well, so
    no sampling is needed: each clean response counts towards opening the latch again.
    """

    __slots__ = ("_weight",)

    _CERTAIN = 4
    _LIKELY = 2

    def __init__(self) -> None:
        self._weight = 0

    @property
    def closed(self) -> bool:
        """Whether the next response will most likely drift."""
        return self._weight >= self._LIKELY

    def note(self, *, drifted: bool) -> None:
        """Count one response."""
        step = 1 if drifted else -1
        self._weight = min(self._CERTAIN, max(0, self._weight + step))


def _uncollected(validate: Callable[[bytes], Any], body: bytes) -> Any:
    # Decoding a large body creates tens of thousands of objects and no garbage. The collector
    # would scan the new ones every few hundred allocations, a fifth of the time for a large page.
    if len(body) < _LARGE or not gc.isenabled():
        return validate(body)
    gc.disable()
    try:
        return validate(body)
    finally:
        gc.enable()
