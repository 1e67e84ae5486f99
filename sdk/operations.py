"""The table of GitHub's operations, by the names that GitHub gives them.

::

    from sdk.operations import OPERATIONS

    info = OPERATIONS["users/get-by-username"]
    info.method, info.path            # "GET", "/users/{username}"
    info.resource, info.name          # "users", "get_by_username"

Reading one entry imports one resource, and no model until ``returns`` is asked for.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any, Final

from sdk.resources._index import FORMS, INDEX, STATUSES
from sdk.transport import OMIT, Operation, Resource
from sdk.transport.errors import InvalidInput
from sdk.transport.request.paths import path_pattern


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value that an operation takes.

    Attributes:
        github_name: GitHub's name of it, as in the URL or the body.
        name: the name of the method's argument.
        place: where it is sent: "path", "query", "header", "field" (of the JSON body) or "body"
            (it is the body).
        required: whether a call must have it.
        type: its type as the method's signature spells it.
    """

    github_name: str
    name: str
    place: str
    required: bool
    type: str


@dataclass(frozen=True)
class OperationInfo:
    """What is known of one operation.

    Attributes:
        id: GitHub's name of it, such as "users/get-by-username".
        resource: the attribute of ``Sdk`` that has its method.
        name: the method's name.
        operation: how the call is made.
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
        """GitHub's route template, with GitHub's names of the parameters."""
        names = self.operation.names
        return re.sub(
            r"\{(\w+)\}", lambda found: f"{{{names.get(found[1], found[1])}}}", self._path
        )

    @property
    def _path(self) -> str:
        return self.operation.path

    @property
    def docs(self) -> str | None:
        """The address of GitHub's page about it."""
        return self.operation.docs

    @property
    def statuses(self) -> tuple[int, ...]:
        """The statuses of success that GitHub declares, the lowest first."""
        return STATUSES.get(self.id, (200,))

    @cached_property
    def forms(self) -> Mapping[str, OperationInfo]:
        """Its methods that ask for another form of the answer, by the media type that they ask for.

        ``OPERATIONS["pulls/get"].forms["application/vnd.github.diff"].name`` is "get_diff".
        """
        found = (_info(self.id, place) for place in FORMS.get(self.id, ()))
        return {str(form.operation.accept): form for form in found}

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """What it takes, in the order of the method's arguments."""
        return tuple(
            self._parameter(argument)
            for argument in self._signature.parameters.values()
            if argument.name not in {"self", "options", "progress"}
        )

    @property
    def return_type(self) -> str:
        """What the method returns, as its signature spells it; ``m`` is ``sdk.models``."""
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
        """Give the type that an answer of this status holds; imports the models it needs."""
        return self.operation.returns(status)

    @property
    def function(self) -> Any:
        """The method itself, as a function of its class."""
        return getattr(_class_of(self.resource), self.name)

    def arguments(self, values: Mapping[str, object]) -> dict[str, object]:
        """Turn values by GitHub's names (or ours) into the method's arguments.

        Raises:
            InvalidInput: there is no such parameter, or one that a call must have is missing.
        """
        ours = {parameter.name: parameter.name for parameter in self.parameters}
        # The path's parameters come last, so that GitHub's name means them where a field of the
        # body has the same.
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
    """A read-only mapping from GitHub's name of an operation to what is known of it."""

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
        """Give what is known of an operation, as indexing does.

        Raises:
            InvalidInput: there is none of that name; the text has those that look like it.
        """
        if id in INDEX:
            return self[id]
        from difflib import get_close_matches

        # Our own spelling, "users.get_by_username", is near enough to be recognised too.
        spelled = id.strip().lower().replace(".", "/").replace("_", "-")
        near = get_close_matches(spelled, INDEX, n=3)
        near += [name for name in INDEX if name.partition("/")[2] == spelled and name not in near]
        raise InvalidInput(
            f"GitHub has no operation {id!r}. "
            + (f"Did you mean {' or '.join(map(repr, near[:3]))}? " if near else "")
            + "See sdk.operations.OPERATIONS for all names."
        )

    def match(self, method: str, path: str) -> OperationInfo | None:
        """Find the operation that a request is one of; the first call imports every resource.

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


def _info(id: str, place: str) -> OperationInfo:
    resource, _, name = place.partition(".")
    return OperationInfo(id, resource, name, getattr(_module_of(resource), _constant(name)))


def _routes(operations: Operations) -> dict[str, list[tuple[re.Pattern[str], str]]]:
    found: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    # "/user/repos" before "/user/{account_id}", and "/branches/{branch}/protection" before
    # "/branches/{branch}", which takes slashes too: what is spelled out wins.
    for info in sorted(operations.values(), key=lambda info: _spelled_out_first(info.path)):
        operation = info.operation
        pattern = path_pattern(operation.path, operation.multi_segment, operation.may_be_empty)
        found.setdefault(info.method, []).append((pattern, info.id))
    return found


def _spelled_out_first(path: str) -> tuple[str, str]:
    # A parameter sorts behind every letter, and the end of a path behind everything.
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
"""Every operation of GitHub's, by GitHub's name of it."""
