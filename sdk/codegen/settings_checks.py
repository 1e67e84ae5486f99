"""Refuse settings that name what a description does not have."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from sdk.codegen.methods import Method
from sdk.codegen.notes import CodegenError
from sdk.codegen.security import Credential
from sdk.codegen.settings import Settings


def check_settings(
    settings: Settings, methods: Sequence[Method], credentials: Sequence[Credential]
) -> None:
    """Check the names of credentials and of lists.

    Raises:
        CodegenError: one of them does not exist; the error has the nearest names.
    """
    arguments = [name for each in credentials for name in (*each.arguments, *each.extras)]
    for name in settings.credentials:
        if name not in arguments or name == "scopes":
            known = [each for each in arguments if each != "scopes"]
            raise CodegenError(
                f"credentials: the client has no argument {name!r}. It has "
                f"{', '.join(known) or 'none: the description declares no credentials'}."
            )
    by_name = {method.named.dotted: method for method in methods}
    for name, given in settings.paging.items():
        if set(name) & set("*?["):
            continue
        if name not in by_name:
            if not settings.only:
                raise CodegenError(
                    f"paging: the client has no method {name!r}.{nearest(name, by_name)}"
                )
        elif given is not False and by_name[name].answer.rule is None:
            query = [each.wire for each in by_name[name].placed("query")]
            raise CodegenError(
                f"paging of {name!r} cannot be used: the response has no list, or a parameter that "
                f"it names is not one of the query ({', '.join(query) or 'which has none'})."
            )


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a question with the names that are like one; "" if none is."""
    by_lower = {each.lower(): each for each in known}
    near = difflib.get_close_matches(name.lower(), by_lower, n=3, cutoff=0.5)
    return f" Do you mean {' or '.join(by_lower[each] for each in near)}?" if near else ""
