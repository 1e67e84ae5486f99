"""From the bytes of an answer to the type that was declared for it."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .drift import Drift
from .latch import Latch
from .undecodable import Undecodable

if TYPE_CHECKING:
    from .validators import Validate, Validators

T = TypeVar("T")

# From this size on, in bytes, it pays to hold garbage collection off.
_LARGE = 1 << 16

_JSON_NAMES: dict[type, str] = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "a boolean",
    type(None): "null",
}


class Decoder(Generic[T]):
    """Decodes the answers of one operation, so that what differs from the type costs nothing else.

    Args:
        type_: what the operation declares: any type that pydantic knows.
        operation: its name, for reports.

    Making one is cheap: it imports and builds what it needs when the first body comes. One decoder
    may serve several threads.
    """

    __slots__ = ("_latch", "_operation", "_type", "_validators")

    def __init__(self, type_: object, *, operation: str) -> None:
        self._type = type_
        self._operation = operation
        self._latch = Latch()
        self._validators: Validators | None = None

    def decode(self, body: bytes) -> tuple[T, Sequence[Drift]]:
        """Give the value, and what in it differs from the type: nothing, for most answers.

        Raises:
            Undecodable: the body is not JSON, ends too early, or is another kind of value.
        """
        validators = self._validators or self._build()
        refusal: ValueError | None = None
        if not self._latch.closed:
            # pydantic's ValidationError is a ValueError. To name it would be to import pydantic.
            try:
                value = _uncollected(validators.strict, body)
            except ValueError as error:
                # With its traceback it would hold this call, and the body, until the next sweep.
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
        from .parse import parse
        from .settle import settle

        try:
            tree, mended = parse(validators.tolerant, body)
            value, drifts = settle(tree, self._operation)
        except RecursionError:
            text = "the JSON is nested deeper than the caller's stack has room for"
            raise Undecodable("beyond_limits", text) from None
        if drifts and drifts[0].path == "" and drifts[0].kind in {"null", "wrong_type"}:
            got = _JSON_NAMES.get(drifts[0].value.__class__, "a number")
            raise Undecodable("wrong_shape", f"expected {drifts[0].expected}, got {got}")
        if mended:
            drifts.append(Drift(self._operation, "", "malformed", "Unicode text"))
        return value, drifts

    def _unplaced(self, refusal: ValueError) -> list[Drift]:
        from .parse import first_error

        rule = first_error(refusal)["type"]
        if rule == "json_invalid":
            # A byte order mark: without it there was nothing to say.
            return []
        # A rule for a whole model or list, which the tolerant validator does not have.
        return [Drift(self._operation, "", "malformed", f"a value that passes {rule}")]


def _uncollected(validate: Validate, body: bytes) -> Any:
    # A large answer makes tens of thousands of objects and no garbage. Each few hundred of them the
    # collector looks through all that are new: a fifth of the time that a page of a hundred takes.
    if len(body) < _LARGE or not gc.isenabled():
        return validate(body)
    gc.disable()
    try:
        return validate(body)
    finally:
        gc.enable()
