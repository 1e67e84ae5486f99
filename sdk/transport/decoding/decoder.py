"""Decode response bodies into a declared type."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar, cast

from .drift import Drift, Drifts, Undecodable

if TYPE_CHECKING:
    from .pass_state import Refused
    from .validators import Validators

T = TypeVar("T")

# From this size on, in bytes, pausing garbage collection saves time.
_UNCOLLECTED = 1 << 16

# From this size on, in bytes, JSON is decoded in steps, between which other threads run: a call
# decodes it in a thread. Below, decoding takes about 15 ms at most.
LARGE: Final = 1 << 20

# From this size on, in bytes, an object is not copied for each field that it lacks. Copying it for
# eighty fields takes 0.2 s for 80 KB.
_WITHOUT_COPIES = 1 << 15

_NO_DRIFT = Drifts()


class Sent(NamedTuple):
    """The JSON of a response.

    Attributes:
        json: the body, or the values that were parsed from it.
        size: the size of the body, in bytes.
        is_body: whether it is the body.
        repaired: whether invalid text was replaced before it was parsed.
        refused: see `PassState.refused`.
    """

    json: Any
    size: int
    is_body: bool = True
    repaired: bool = False
    refused: Refused | None = None


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

    Attributes:
        type: the type that it decodes to.

    Creating one is cheap: validators are imported and built for the first body, once for all
    operations of the same type. One decoder may be used by several threads.
    """

    __slots__ = ("_latch", "_mostly_drifting", "_operation", "_validators", "type")

    def __init__(self, type_: object, *, operation: str) -> None:
        self.type = type_
        self._operation = operation
        self._latch = Latch()
        self._mostly_drifting = False
        self._validators: Validators | None = None

    @property
    def operation(self) -> str:
        """The name of the operation, for reports."""
        return self._operation

    @property
    def is_repeatable(self) -> bool:
        """Whether no code of the type's author runs: a copy of a value is as good as a new one."""
        return (self._validators or self._build()).is_repeatable

    def decode(self, body: bytes, *, strict: bool = False) -> tuple[T, Drifts]:
        """Return the value and its differences from the type: none, for most responses.

        The result depends on the body alone, not on the bodies before it.

        Args:
            body: the JSON.
            strict: whether any difference is an error for the caller. A union accepts whatever one
                of its branches accepts then; otherwise a branch that would leave keys unrecognised
                is not preferred to a difference.

        Raises:
            Undecodable: the body is not JSON, ends too early, is another kind of value, or is an
                error in place of the declared object.
        """
        validators = self._validators or self._build()
        size = len(body)
        if size < _WITHOUT_COPIES and not validators.is_deep:
            refusal: Exception | None = None
            if not (self._latch.weight or validators.ambiguous or validators.itemwise):
                # What most calls need, in few steps.
                try:
                    value = validators.strict(body)
                except (ValueError, *_UNPREPARED) as error:
                    refusal = error.with_traceback(None)
                else:
                    if validators.fits_errors:
                        _refuse_error(validators, value)
                    return value, _NO_DRIFT
            return self._decode(validators, Sent(body, size), refusal, strict=strict)
        if size < _UNCOLLECTED or not gc.isenabled():
            return self._decode_large(validators, body, strict=strict)
        # Decoding a large body creates thousands of objects and no garbage. The collector would
        # scan the new ones every few hundred allocations.
        gc.disable()
        try:
            return self._decode_large(validators, body, strict=strict)
        finally:
            gc.enable()

    def _decode_large(
        self, validators: Validators, body: bytes, *, strict: bool
    ) -> tuple[T, Drifts]:
        size = len(body)
        if size < LARGE and not validators.copies_often:
            from .pass_state import NotParsedError

            with suppress(NotParsedError):
                sent = Sent(body, size)
                return self._decode(validators.for_large_bodies, sent, None, strict=strict)
        refused: Refused = {}
        try:
            sent = _parsed(body, refused)
            return self._decode(validators.for_trees, sent, None, strict=strict)
        finally:
            # The state of a pass is kept until the next one begins.
            refused.clear()

    def _decode(
        self, validators: Validators, sent: Sent, refusal: Exception | None, *, strict: bool
    ) -> tuple[T, Drifts]:
        likely = self._latch.closed or (validators.itemwise and validators.reads_tolerantly)
        if refusal is None and (strict or not likely):
            # pydantic's ValidationError is a ValueError. Naming it would import pydantic.
            try:
                value = _strictly(validators, sent, any_branch=strict)
            except (ValueError, *_UNPREPARED) as error:
                # Its traceback would keep this call, and the body, alive.
                refusal = error.with_traceback(None)
            else:
                return self._fitting(validators, value)
        value, drifts = self._tolerate(validators, sent, refusal)
        self._latch.note(drifted=bool(drifts))
        return value, drifts

    def _fitting(self, validators: Validators, value: T) -> tuple[T, Drifts]:
        if self._latch.weight:
            self._latch.note(drifted=False)
        if validators.fits_errors:
            _refuse_error(validators, value)
        return value, _NO_DRIFT

    def _build(self) -> Validators:
        from .validators import validators_of

        self._validators = validators_of(self.type)
        return self._validators

    def _tolerate(
        self, validators: Validators, sent: Sent, refusal: Exception | None
    ) -> tuple[T, Drifts]:
        value, drifts, touched = self._read(validators, sent, refusal)
        if drifts and drifts[0].path == "" and drifts[0].kind in {"null", "wrong_type"}:
            got = _JSON_NAMES.get(drifts[0].value.__class__, "a number")
            raise Undecodable("wrong_shape", f"expected {drifts[0].expected}, got {got}")
        if not drifts and touched:
            # Nothing was marked, yet something was refused, or may be: a rule for a whole model or
            # list, which the tolerant validator does not apply.
            if refusal is None:
                try:
                    return _strictly(validators, sent), Drifts()
                except (ValueError, *_UNPREPARED) as error:
                    refusal = error.with_traceback(None)
            drifts = self._unplaced(refusal)
        if drifts:
            self._refuse_lack(validators, value)
        elif validators.fits_errors:
            _refuse_error(validators, value)
        return value, drifts

    def _read(
        self, validators: Validators, sent: Sent, refusal: Exception | None
    ) -> tuple[T, Drifts, bool]:
        from .markers import settle
        from .pass_state import TooManyGapsError, begin

        state = begin(sent.size, refused=sent.refused)
        throughout = self._mostly_drifting
        tolerant = validators.tolerant_throughout if throughout else validators.tolerant
        if isinstance(refusal, _UNPREPARED):
            tolerant = validators.tolerant_without_code
        try:
            try:
                tree, repaired = _tolerantly(tolerant, sent)
            except _UNPREPARED as error:
                refusal = error.with_traceback(None)
                state = begin(sent.size)
                tree, repaired = _tolerantly(validators.tolerant_without_code, sent)
            touched = bool(state.shells or state.mismatches or refusal or not validators.itemwise)
            value, drifts = settle(tree, self._operation, state) if touched else (tree, _NO_DRIFT)
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
        if isinstance(refusal, _UNPREPARED) and not drifts:
            drifts = self._unplaced(refusal)
        return value, drifts, touched

    def _undecoded(self, validators: Validators, sent: Sent) -> tuple[Any, Drifts, bool]:
        from pydantic_core import from_json

        value: Any = from_json(sent.json) if sent.is_body else sent.json
        if value.__class__ is not list:
            text = "the response lacks too many of the declared fields"
            raise Undecodable("beyond_limits", text) from None
        expected = f"{validators.expected} with the required fields"
        return value, Drifts([Drift(self._operation, "", "malformed", expected)]), True

    def _unplaced(self, refusal: Exception) -> Drifts:
        from .parse import first_rule

        rule = first_rule(refusal)
        if rule == "json_invalid":
            # The body began with a byte order mark, and nothing else was wrong.
            return Drifts()
        return Drifts([Drift(self._operation, "", "malformed", f"a value that passes {rule}")])

    def _refuse_lack(self, validators: Validators, value: object) -> None:
        from .error_objects import lacks_all

        if lacks_all(value, validators.required_keys):
            text = f"expected {validators.expected}, got an object without its required fields"
            raise Undecodable("wrong_shape", text)


class Latch:
    """A saturating counter, as in branch prediction: two drifted responses in a row close it.

    While it is closed, the strict pass is skipped. The tolerant pass detects drift just as well, so
    no sampling is needed: each clean response counts towards opening the latch again.

    Attributes:
        weight: how likely drift is, from 0 to 4.
        closed: whether the next response will most likely drift.
    """

    __slots__ = ("closed", "weight")

    _CERTAIN = 4
    _LIKELY = 2

    def __init__(self) -> None:
        self.weight = 0
        self.closed = False

    def note(self, *, drifted: bool) -> None:
        """Count one response."""
        step = 1 if drifted else -1
        self.weight = min(self._CERTAIN, max(0, self.weight + step))
        self.closed = self.weight >= self._LIKELY


# What the own code of a type raises when it reads a response that it was not written for.
_UNPREPARED = (LookupError, TypeError, AttributeError)


def _refuse_error(validators: Validators, value: object) -> None:
    if validators.is_error(value):
        raise Undecodable("wrong_shape", "it is an error, with a success status")


def _many(value: object, drifts: Drifts) -> bool:
    return isinstance(value, list) and 2 * len(drifts) > len(cast("list[Any]", value))


def _strictly(validators: Validators, sent: Sent, *, any_branch: bool = False) -> Any:
    if sent.repaired:
        raise ValueError("the text of the JSON is not valid")
    if not validators.ambiguous:
        return validators.strict(sent.json)
    from .pass_state import begin, running

    if not validators.parsed:
        running.state = None if sent.size < _WITHOUT_COPIES else begin(sent.size)
        with suppress(ValueError):
            return validators.strict(sent.json)
    # The best branch of a union refused its value. Another one may accept it.
    begin(sent.size, any_branch=any_branch, refused=sent.refused)
    return validators.accepting(sent.json)


def _tolerantly(validate: Callable[[Any], Any], sent: Sent) -> tuple[Any, bool]:
    if not sent.is_body:
        return validate(sent.json), sent.repaired
    from .parse import parse

    return parse(validate, sent.json)


def _parsed(body: bytes, refused: Refused) -> Sent:
    from .parse import parse
    from .steps import parse_in_steps

    tree, repaired = parse(parse_in_steps, body)
    return Sent(tree, len(body), is_body=False, repaired=repaired, refused=refused)
