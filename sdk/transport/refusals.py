"""Refused arguments: errors without the frames in which tracebacks would show them.

Tracebacks and error reporters show the local variables of frames, and arguments may be secret: a
token with a line break, a header, a password in an address.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from .errors import SdkError

P = ParamSpec("P")
R = TypeVar("R")
E = TypeVar("E", bound=BaseException)


def hides_arguments(function: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function so that its SdkErrors hold no frame with its arguments."""

    # Without names of its own for them: type checkers see the function's.
    @wraps(function)
    def hiding(*args: Any, **options: Any) -> Any:
        call: Any = function
        try:
            return call(*args, **options)
        except SdkError as error:
            refusal = without_frames(error)
        except BaseException:
            del args, options
            raise
        del args, options
        raise refusal

    made: Any = hiding
    # A mock sets the default clock of clients there.
    made.__kwdefaults__ = cast("Any", function).__kwdefaults__
    return cast("Callable[P, R]", made)


def without_frames(error: E) -> E:
    """Return the error without its frames, nor those of the errors that it came from."""
    one: BaseException | None = error
    while one is not None:
        one.__traceback__ = None
        one = one.__cause__ or one.__context__
    return error
