"""Names of operations by their method and path, such as list of GET /invoices."""

from __future__ import annotations

import re

from sdk.codegen import names
from sdk.codegen.document import Operation

# The last part of a path that says what is done: GET /customers/search is search.
_VERBS = {"search", "find", "lookup", "query", "export", "download", "count", "autocomplete"}

VERSION = re.compile(r"v\d+[\w.]*|api|rest|\{[^{}]*\}", re.IGNORECASE)


def made_of_path(operation: Operation) -> bool:
    """Return whether an id consists of method and path, as GetCustomersCustomerSources.

    A parameter may be there by its name, as "id", or not at all.
    """
    pattern = operation.method.lower()
    for segment in filter(None, operation.path.split("/")):
        whole = "".join(names.words(segment))
        if segment.startswith("{"):
            pattern += f"(?:{whole}|id)?"
        elif VERSION.fullmatch(segment):
            pattern += f"(?:{whole})?"
        else:
            pattern += whole
    given = "".join(names.words(operation.id))
    return operation.path != "/" and re.fullmatch(pattern, given) is not None


def by_path(operation: Operation, resource: str) -> list[str]:
    """Return names made of method and path, the best first.

    POST /charges/{id}/capture of charges is capture; what comes before the resource's own name in
    the path is left out, unless another method has that name.
    """
    segments = [segment for segment in operation.path.split("/") if segment]
    telling = [segment for segment in segments if not re.fullmatch(r"v\d+[\w.]*", segment)]
    nouns = [segment for segment in telling if not segment.startswith("{")]
    own = one_of(resource)
    places = [index for index, noun in enumerate(nouns) if one_of(noun) == own]
    shorter = [nouns[places[-1] + 1 :]] if places else []
    if places[:1] == [0]:
        shorter.append(nouns[1:])
    found = [_of_nouns(operation.method, telling, inner) for inner in shorter]
    whole = _of_nouns(operation.method, telling, nouns)
    by = names.snake(telling[-1]) if telling and telling[-1].startswith("{") else ""
    by_parameter = [f"{(found or [whole])[0]}_by_{by}"] if by else []
    return list(dict.fromkeys([*found, *by_parameter, whole] if found else [whole, *by_parameter]))


def one_of(noun: str) -> str:
    """Return a noun in the singular, for comparisons."""
    return names.singular(names.snake(noun))


def _of_nouns(method: str, telling: list[str], inner: list[str]) -> str:
    """Return a verb with the nouns of a path; `telling` are its segments without the version."""
    noun = names.snake(" ".join(inner))
    if telling and telling[-1].startswith("{"):
        verbs = {"GET": "get", "POST": "update", "PUT": "replace", "PATCH": "update"}
        return "_".join(filter(None, [verbs.get(method, method.lower()), names.singular(noun)]))
    if method == "GET":
        if len(inner) == 1 and noun in _VERBS:
            return noun
        listed = not inner or _is_plural(names.words(inner[-1]))
        return "_".join(filter(None, ["list" if listed else "get", noun]))
    if method == "POST":
        on_item = len(telling) > 1 and telling[-2].startswith("{")
        if inner and on_item and not _is_plural(names.words(inner[-1])):
            return noun
        return "_".join(filter(None, ["create", names.singular(noun)]))
    verbs = {"PUT": "replace", "PATCH": "update"}
    return "_".join(filter(None, [verbs.get(method, method.lower()), noun]))


def _is_plural(spelled: list[str]) -> bool:
    return (
        bool(spelled) and spelled[-1].endswith("s") and not spelled[-1].endswith(("ss", "us", "is"))
    )
