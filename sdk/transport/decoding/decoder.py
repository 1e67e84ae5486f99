"""Decode response bodies into a declared type."""

from __future__ import annotations

import gc
from contextlib import suppress
from sys import maxsize
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from .drift import NO_DRIFT, Drifts, TakesLongError
from .sent import UNPREPARED, WITHOUT_COPIES, Sent

if TYPE_CHECKING:
    from .pass_state import Refused
    from .tolerant_pass import TolerantPass
    from .validators import Validators

T = TypeVar("T")

# From this size on, in bytes, pausing garbage collection saves time.
_UNCOLLECTED = 1 << 16

# From this size on, in bytes, JSON is decoded in steps, between which other threads run: a call
# decodes it in a thread. Below, decoding takes about 15 ms at most.
LARGE: Final = 1 << 20


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

    __slots__ = ("_latch", "_operation", "_takes_long", "_tolerant_pass", "_validators", "type")

    def __init__(self, type_: object, *, operation: str) -> None:
        self.type = type_
        self._operation = operation
        self._latch = Latch()
        # Whether the last large body took long: so will the next one.
        self._takes_long = False
        self._tolerant_pass: TolerantPass | None = None
        self._validators: Validators | None = None

    @property
    def operation(self) -> str:
        """The name of the operation, for reports."""
        return self._operation

    @property
    def is_repeatable(self) -> bool:
        """Whether no code of the type's author runs: a copy of a value is as good as a new one."""
        return (self._validators or self._build()).is_repeatable

    def decode(
        self, body: bytes, *, strict: bool = False, at_once: bool = False
    ) -> tuple[T, Drifts]:
        """Return the value and its differences from the type: none, for most responses.

        The result depends on the body alone, not on the bodies before it.

        Args:
            body: the JSON.
            strict: whether any difference is an error for the caller. A union accepts whatever one
                of its branches accepts then; otherwise a branch that would leave keys unrecognised
                is not preferred to a difference.
            at_once: whether to give up on a body that takes much longer than its size suggests.

        Raises:
            TakesLongError: the body has many objects that fit several branches of a union alike.
            Undecodable: the body is not JSON, ends too early, is another kind of value, or is an
                error in place of the declared object.
        """
        validators = self._validators or self._build()
        size = len(body)
        if size < WITHOUT_COPIES and not validators.is_deep:
            refusal: Exception | None = None
            if not (self._latch.weight or validators.itemwise):
                # What most calls need, in few steps.
                running = validators.running
                if running is not None:
                    running.state = None
                try:
                    value = validators.strict(body)
                except (ValueError, *UNPREPARED) as error:
                    # Another branch of a union may accept it.
                    refusal = None if running is not None else error.with_traceback(None)
                else:
                    if validators.fits_errors:
                        validators.refuse_error(value)
                    return value, NO_DRIFT
            return self._decode(validators, Sent(body, size), refusal, strict=strict)
        if size < _UNCOLLECTED or not gc.isenabled():
            return self._decode_large(validators, body, strict=strict, at_once=at_once)
        # Decoding a large body creates thousands of objects and no garbage. The collector would
        # scan the new ones every few hundred allocations.
        gc.disable()
        try:
            return self._decode_large(validators, body, strict=strict, at_once=at_once)
        finally:
            gc.enable()

    def _decode_large(
        self, validators: Validators, body: bytes, *, strict: bool, at_once: bool
    ) -> tuple[T, Drifts]:
        from .pass_state import MOST_CHOICES, NotParsedError, limit_choices, running

        if at_once and self._takes_long:
            raise TakesLongError
        size = len(body)
        refused: Refused = {}
        limit_choices(MOST_CHOICES if at_once else maxsize)
        try:
            if size < LARGE and not validators.copies_often:
                with suppress(NotParsedError):
                    sent = Sent(body, size)
                    return self._decode(validators.for_large_bodies, sent, None, strict=strict)
            sent = _parsed(body, refused)
            return self._decode(validators.for_trees, sent, None, strict=strict)
        finally:
            self._takes_long = running.choices > MOST_CHOICES
            limit_choices(maxsize)
            # The state of a pass is kept until the next one begins.
            refused.clear()

    def _decode(
        self, validators: Validators, sent: Sent, refusal: Exception | None, *, strict: bool
    ) -> tuple[T, Drifts]:
        likely = self._latch.closed or (validators.itemwise and validators.reads_tolerantly)
        if refusal is None and (strict or not likely):
            # pydantic's ValidationError is a ValueError. Naming it would import pydantic.
            try:
                value = validators.read_strictly(sent, any_branch=strict)
            except (ValueError, *UNPREPARED) as error:
                # Its traceback would keep this call, and the body, alive.
                refusal = error.with_traceback(None)
            else:
                return self._fitting(validators, value)
        value, drifts = (self._tolerant_pass or self._begin()).read(validators, sent, refusal)
        self._latch.note(drifted=bool(drifts))
        return value, drifts

    def _fitting(self, validators: Validators, value: T) -> tuple[T, Drifts]:
        if self._latch.weight:
            self._latch.note(drifted=False)
        if validators.fits_errors:
            validators.refuse_error(value)
        return value, NO_DRIFT

    def _begin(self) -> TolerantPass:
        # Imported here: most programs see no drift.
        from .tolerant_pass import TolerantPass

        self._tolerant_pass = TolerantPass(self._operation)
        return self._tolerant_pass

    def _build(self) -> Validators:
        from .validators import validators_of

        self._validators = validators_of(self.type)
        return self._validators


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


def _parsed(body: bytes, refused: Refused) -> Sent:
    from .parse import parse
    from .steps import parse_in_steps

    tree, repaired = parse(parse_in_steps, body)
    return Sent(tree, len(body), is_body=False, repaired=repaired, refused=refused)
