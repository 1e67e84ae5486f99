"""Read a body with the tolerant validator of its type, and describe what does not fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

from pydantic_core import from_json

from .drift import NO_DRIFT, Drift, Drifts, Undecodable
from .error_objects import lacks_all
from .markers import settle
from .parse import first_rule, parse
from .pass_state import TooManyGapsError, begin
from .sent import UNPREPARED, Sent

if TYPE_CHECKING:
    from .validators import Validators

_JSON_NAMES: Final[dict[type, str]] = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "a boolean",
    type(None): "null",
}


class TolerantPass:
    """Reads the responses of one operation that may drift.

    Args:
        operation: its name, for reports.
    """

    __slots__ = ("_mostly_drifting", "_operation")

    def __init__(self, operation: str) -> None:
        self._operation = operation
        self._mostly_drifting = False

    def read(
        self, validators: Validators, sent: Sent, refusal: Exception | None
    ) -> tuple[Any, Drifts]:
        """Return the value of a body and its differences from the type.

        Args:
            validators: of the type.
            sent: the body.
            refusal: what the strict validator raised, if it has read the body.

        Raises:
            Undecodable: see `Decoder.decode`.
        """
        value, drifts, touched = self._read(validators, sent, refusal)
        if drifts and drifts[0].path == "" and drifts[0].kind in {"null", "wrong_type"}:
            got = _JSON_NAMES.get(drifts[0].value.__class__, "a number")
            raise Undecodable("wrong_shape", f"expected {drifts[0].expected}, got {got}")
        if not drifts and touched:
            # Nothing was marked, yet something was refused, or may be: a rule for a whole model or
            # list, which the tolerant validator does not apply.
            if refusal is None:
                try:
                    return validators.read_strictly(sent), NO_DRIFT
                except (ValueError, *UNPREPARED) as error:
                    refusal = error.with_traceback(None)
            drifts = self._unplaced(refusal)
        if drifts:
            self._refuse_lack(validators, value)
        elif validators.fits_errors:
            validators.refuse_error(value)
        return value, drifts

    def _read(
        self, validators: Validators, sent: Sent, refusal: Exception | None
    ) -> tuple[Any, Drifts, bool]:
        state = begin(sent.size, refused=sent.refused)
        throughout = self._mostly_drifting
        tolerant = validators.tolerant_throughout if throughout else validators.tolerant
        if isinstance(refusal, UNPREPARED):
            tolerant = validators.tolerant_without_code
        try:
            try:
                tree, repaired = _tolerantly(tolerant, sent)
            except UNPREPARED as error:
                refusal = error.with_traceback(None)
                state = begin(sent.size)
                tree, repaired = _tolerantly(validators.tolerant_without_code, sent)
            touched = bool(state.shells or state.mismatches or refusal or not validators.itemwise)
            value, drifts = settle(tree, self._operation, state) if touched else (tree, NO_DRIFT)
        except TooManyGapsError:
            return self._undecoded(validators, sent)
        except RecursionError:
            text = "the JSON is nested deeper than the stack of the caller allows"
            raise Undecodable("beyond_limits", text) from None
        # Where most items of a list drift, trying the strict validator on each wastes time.
        self._mostly_drifting = validators.itemwise and _many(value, drifts)
        if repaired:
            invalid = Drift(self._operation, "", "malformed", "Unicode text")
            drifts = Drifts([*drifts, invalid], omitted=drifts.omitted)
        if isinstance(refusal, UNPREPARED) and not drifts:
            drifts = self._unplaced(refusal)
        return value, drifts, touched

    def _undecoded(self, validators: Validators, sent: Sent) -> tuple[Any, Drifts, bool]:
        value: Any = from_json(sent.json) if sent.is_body else sent.json
        if value.__class__ is not list:
            text = "the response lacks too many of the declared fields"
            raise Undecodable("beyond_limits", text) from None
        expected = f"{validators.expected} with the required fields"
        return value, Drifts([Drift(self._operation, "", "malformed", expected)]), True

    def _unplaced(self, refusal: Exception) -> Drifts:
        rule = first_rule(refusal)
        if rule == "json_invalid":
            # The body began with a byte order mark, and nothing else was wrong.
            return NO_DRIFT
        return Drifts([Drift(self._operation, "", "malformed", f"a value that passes {rule}")])

    def _refuse_lack(self, validators: Validators, value: object) -> None:
        if lacks_all(value, validators.required_keys):
            text = f"expected {validators.expected}, got an object without its required fields"
            raise Undecodable("wrong_shape", text)


def _many(value: object, drifts: Drifts) -> bool:
    return isinstance(value, list) and 2 * len(drifts) > len(cast("list[Any]", value))


def _tolerantly(validate: Callable[[Any], Any], sent: Sent) -> tuple[Any, bool]:
    if not sent.is_body:
        return validate(sent.json), sent.repaired
    return parse(validate, sent.json)
