"""The scope of an installation token: its repositories and permissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast, get_args, get_type_hints

from sdk.transport.errors import InvalidInput

Level = Literal["read", "write", "admin"]

# https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app
MOST_REPOSITORIES = 500


@dataclass(frozen=True, slots=True)
class Scope:
    """The repositories and permissions of a token; by default all that the installation has.

    Scopes with the same content are equal, whatever the order of the arguments.
    """

    repositories: tuple[str, ...] = ()
    repository_ids: tuple[int, ...] = ()
    permissions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(
        cls,
        repositories: Sequence[str] | None = None,
        repository_ids: Sequence[int] | None = None,
        permissions: Mapping[str, Level] | None = None,
    ) -> Scope:
        """Validate the arguments and return the scope.

        Raises:
            InvalidInput: an argument is not valid; the text names the fix.
        """
        if repositories is not None and repository_ids is not None:
            raise InvalidInput("Pass either repositories or repository_ids, not both.")
        return cls(
            repositories=_names(repositories),
            repository_ids=_ids(repository_ids),
            permissions=_permissions(permissions),
        )

    @property
    def is_all(self) -> bool:
        """Whether the scope covers the whole installation."""
        return self == _ALL

    @property
    def body(self) -> dict[str, Any]:
        """The fields of the request body."""
        fields = {
            "repositories": list(self.repositories),
            "repository_ids": list(self.repository_ids),
            "permissions": dict(self.permissions),
        }
        return {name: value for name, value in fields.items() if value}

    def __str__(self) -> str:
        parts = [f"{name}={value!r}" for name, value in self.body.items()]
        return ", ".join(parts) or "all"


_ALL = Scope()


@cache
def permission_levels() -> Mapping[str, tuple[str, ...]]:
    """Return GitHub's permissions, each with its levels, from GitHub's description."""
    # Imported when permissions are first named: the module holds the types of every request.
    from sdk.types import AppPermissions

    return {name: get_args(hint) for name, hint in get_type_hints(AppPermissions).items()}


def _checked_list(name: str, values: object) -> Sequence[object]:
    if isinstance(values, (str, bytes)) or not isinstance(values, Sequence):
        raise InvalidInput(f"{name} must be a list, not {type(values).__name__}.")
    items = cast("Sequence[object]", values)
    if not items:
        raise InvalidInput(f"{name} is empty. Leave it out for all repositories.")
    if len(items) > MOST_REPOSITORIES:
        raise InvalidInput(
            f"{name} holds {len(items)}; GitHub makes a token for at most {MOST_REPOSITORIES} "
            "repositories. Leave it out for all, or use several tokens."
        )
    return items


def _names(repositories: Sequence[str] | None) -> tuple[str, ...]:
    if repositories is None:
        return ()
    names: set[str] = set()
    for name in _checked_list("repositories", repositories):
        if not isinstance(name, str) or not name or "/" in name or name != name.strip():
            raise InvalidInput(
                f"repositories holds names without the owner, such as 'hello-world', not {name!r}."
            )
        names.add(name)
    return tuple(sorted(names))


def _ids(repository_ids: Sequence[int] | None) -> tuple[int, ...]:
    if repository_ids is None:
        return ()
    ids: set[int] = set()
    for number in _checked_list("repository_ids", repository_ids):
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise InvalidInput(f"repository_ids holds whole numbers, not {number!r}.")
        ids.add(number)
    return tuple(sorted(ids))


def _permissions(permissions: Mapping[str, Level] | None) -> tuple[tuple[str, str], ...]:
    if permissions is None:
        return ()
    if not isinstance(permissions, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidInput(
            'permissions must be a mapping such as {"issues": "read"}, not '
            f"{type(permissions).__name__}."
        )
    if not permissions:
        raise InvalidInput("permissions is empty. Leave it out for all that the App has.")
    known = permission_levels()
    for name, level in permissions.items():
        if name not in known:
            raise InvalidInput(_unknown_permission(name, known))
        if level not in known[name]:
            allowed = " or ".join(map(repr, known[name]))
            raise InvalidInput(f"The permission {name!r} is {allowed}, not {level!r}.")
    return tuple(sorted(permissions.items()))


def _unknown_permission(name: object, known: Mapping[str, object]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(str(name).lower().replace("-", "_"), known, n=3, cutoff=0.5)
    meant = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return f"GitHub Apps have no permission {name!r}.{meant}"
