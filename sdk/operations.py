"""The table of GitHub's operations, by id.

::

    from sdk.operations import OPERATIONS

    info = OPERATIONS["users/get-by-username"]
    info.method, info.path            # "GET", "/users/{username}"
    info.resource, info.name          # "users", "get_by_username"

Reading an entry imports one resource. No model is imported before ``returns`` is called.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any, Final

from sdk.enterprise import lacking_release
from sdk.resources._index import FORMS, INDEX, STATUSES
from sdk.transport import OMIT, Operation, Resource
from sdk.transport.errors import InvalidInput
from sdk.transport.paths import path_pattern

_SEE: Final = re.compile(r"^ *See: (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation.

    Attributes:
        github_name: GitHub's name, as in the URL or the body.
        name: name of the method's argument.
        place: where it is sent: "path", "query", "header", "field" (of the JSON body) or "body"
            (the whole body).
        required: whether it must be given.
        type: its type, as in the method's signature.
    """

    github_name: str
    name: str
    place: str
    required: bool
    type: str


@dataclass(frozen=True, slots=True)
class ApiChange:
    """One thing that a newer API version changed.

    Attributes:
        version: the API version, such as "2026-03-10".
        text: what it changed, such as "Issue: assignee is not sent".
    """

    version: str
    text: str


@dataclass(frozen=True)
class OperationInfo:
    """One operation: its method, request and response.

    Attributes:
        id: GitHub's id, such as "users/get-by-username".
        resource: the attribute of ``Sdk`` that has the method.
        name: name of the method.
        operation: the request and the response as the transport needs them.
    """

    id: str
    resource: str
    name: str
    operation: Operation[Any]

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.operation.method

    @cached_property
    def path(self) -> str:
        """The route template, with GitHub's names of the parameters."""
        names = self.operation.names
        return re.sub(
            r"\{(\w+)\}",
            lambda found: f"{{{names.get(found[1], found[1])}}}",
            self.operation.path,
        )

    @property
    def docs(self) -> str | None:
        """URL of GitHub's documentation, from the method's docstring."""
        found = _SEE.search(self.function.__doc__ or "")
        return found[1] if found else None

    @property
    def statuses(self) -> tuple[int, ...]:
        """The declared statuses of success, the lowest first."""
        return STATUSES.get(self.id, (200,))

    def statuses_in(self, version: str) -> tuple[int, ...]:
        """Return the declared statuses of success in one API version, the lowest first."""
        from sdk.resources._changes import STATUSES_OF

        return STATUSES_OF.get(version, {}).get(self.id, self.statuses)

    @cached_property
    def forms(self) -> Mapping[str, OperationInfo]:
        """The methods that request another media type, by media type.

        ``OPERATIONS["pulls/get"].forms["application/vnd.github.diff"].name`` is "get_diff".
        """
        found = (_info(self.id, place) for place in FORMS.get(self.id, ()))
        return {str(form.operation.accept): form for form in found}

    @property
    def changes(self) -> tuple[ApiChange, ...]:
        """What newer API versions changed, for the request and for all parts of the response."""
        from sdk.resources._changes import CHANGES, TEXTS

        texts = (TEXTS[int(number)] for number in CHANGES.get(self.id, "").split())
        return tuple(ApiChange(*text.split(" ", 1)) for text in texts)

    def is_on_server(self, release: str) -> bool:
        """Return whether a release of GitHub Enterprise Server, such as "3.18", has it.

        Releases that this version of the SDK does not know are assumed to have it.
        """
        return lacking_release(self.id, release) is None

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters, in the order of the method's arguments."""
        return tuple(
            self._parameter(argument)
            for argument in self._signature.parameters.values()
            if argument.name in self.operation.known
        )

    @property
    def return_type(self) -> str:
        """The return type, as in the method's signature; ``m`` is ``sdk.models``."""
        return str(self._signature.return_annotation)

    @property
    def is_paged(self) -> bool:
        """Whether the method returns a ``Paged`` list rather than an awaitable."""
        return self.return_type.startswith("Paged[")

    @property
    def is_deprecated(self) -> bool:
        """Whether GitHub has deprecated it."""
        return hasattr(self.function, "__deprecated__")

    def returns(self, status: int = 200) -> Any:
        """Return the type of the body for a status; imports the models that it needs."""
        return self.operation.returns(status)

    @property
    def function(self) -> Any:
        """The method itself, as a function of its class."""
        return getattr(_class_of(self.resource), self.name)

    def arguments(self, values: Mapping[str, object]) -> dict[str, object]:
        """Convert values by GitHub's names (or the method's) into the method's arguments.

        Raises:
            InvalidInput: a parameter does not exist, or a required one is missing.
        """
        ours = {parameter.name: parameter.name for parameter in self.parameters}
        # Parameters of the path come last, so that a name in the path and the body means the path.
        for parameter in reversed(self.parameters):
            ours[parameter.github_name] = parameter.name
        unknown = values.keys() - ours.keys()
        if unknown:
            known = ", ".join(repr(parameter.github_name) for parameter in self.parameters)
            raise InvalidInput(
                f"{self.id} has no parameter {', '.join(sorted(map(repr, unknown)))}; it has "
                f"{known or 'none'}."
            )
        given = {ours[name]: value for name, value in values.items()}
        missing = [
            parameter.github_name
            for parameter in self.parameters
            if parameter.required and parameter.name not in given
        ]
        if missing:
            raise InvalidInput(f"{self.id} needs {', '.join(map(repr, missing))}.")
        return given

    @cached_property
    def _signature(self) -> inspect.Signature:
        return inspect.signature(self.function)

    def _parameter(self, argument: inspect.Parameter) -> Parameter:
        operation, name = self.operation, argument.name
        if name in operation.parameters:
            place = "path"
        elif name in operation.query:
            place = "query"
        elif name in operation.headers:
            place = "header"
        else:
            place = "body" if operation.body == name else "field"
        github_name = operation.headers.get(name) or operation.names.get(name, name)
        required = argument.default is inspect.Parameter.empty
        spelled = str(argument.annotation)
        if argument.default is OMIT:
            spelled = spelled.removesuffix(" | Omit")
        return Parameter(github_name, name, place, required, spelled)


class Operations(Mapping[str, OperationInfo]):
    """A read-only mapping from the id of an operation to its entry."""

    def __init__(self) -> None:
        self._known: dict[str, OperationInfo] = {}
        self._routes: dict[str, list[tuple[re.Pattern[str], str]]] = {}

    def __getitem__(self, id: str) -> OperationInfo:
        if id not in self._known:
            self._known[id] = _info(id, INDEX[id])
        return self._known[id]

    def __iter__(self) -> Iterator[str]:
        return iter(INDEX)

    def __len__(self) -> int:
        return len(INDEX)

    def __repr__(self) -> str:
        return f"<Operations: {len(self)}>"

    def find(self, id: str) -> OperationInfo:
        """Return the entry of an operation.

        Raises:
            InvalidInput: the id does not exist; the message lists similar ones.
        """
        if id in INDEX:
            return self[id]
        from difflib import get_close_matches

        # The name of a method, "users.get_by_username", is recognised too.
        spelled = id.strip().lower().replace(".", "/").replace("_", "-")
        near = get_close_matches(spelled, INDEX, n=3)
        near += [name for name in INDEX if name.partition("/")[2] == spelled and name not in near]
        raise InvalidInput(
            f"GitHub has no operation {id!r}. "
            + (f"Did you mean {_listed(near[:3])}? " if near else "")
            + "All ids are in sdk.operations.OPERATIONS."
        )

    def match(self, method: str, path: str) -> OperationInfo | None:
        """Return the operation that a request belongs to; the first call imports all resources.

        Args:
            method: the HTTP method.
            path: a path such as "/users/octocat", without a query string.
        """
        if not self._routes:
            self._routes = _routes(self)
        for pattern, found in self._routes.get(method.upper(), []):
            if pattern.fullmatch(path):
                return self[found]
        return None


def _listed(names: list[str]) -> str:
    *head, last = map(repr, names)
    return f"{', '.join(head)} or {last}" if head else last


def _info(id: str, place: str) -> OperationInfo:
    resource, _, name = place.partition(".")
    return OperationInfo(id, resource, name, getattr(_module_of(resource), _constant(name)))


def _routes(operations: Operations) -> dict[str, list[tuple[re.Pattern[str], str]]]:
    found: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    # Literal segments take precedence: "/user/repos" before "/user/{account_id}", and
    # "/branches/{branch}/protection" before "/branches/{branch}", which accepts slashes too.
    for info in sorted(operations.values(), key=lambda info: _spelled_out_first(info.path)):
        operation = info.operation
        pattern = path_pattern(operation.path, operation.multi_segment, operation.may_be_empty)
        found.setdefault(info.method, []).append((pattern, info.id))
    return found


def _spelled_out_first(path: str) -> tuple[str, str]:
    # Parameters sort after all letters, and the end of a path after everything.
    return re.sub(r"[^/]*\{[^}]*\}[^/]*", "\x7f", path) + "\xff", path


def _module_of(resource: str) -> Any:
    return import_module(f"sdk.resources.{resource}")


def _class_of(resource: str) -> type[Resource]:
    name = "".join(word.capitalize() for word in resource.split("_"))
    found: type[Resource] = getattr(_module_of(resource), name)
    return found


def _constant(name: str) -> str:
    return name.strip("_").upper()


OPERATIONS: Final = Operations()
"""All operations of GitHub's REST API, by id."""
