"""Finds the installation of an App on a repository, an organization or a user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdk.transport import Operation, Response
from sdk.transport.errors import CredentialsError, NotFound
from sdk.transport.single_flight import SingleFlight

if TYPE_CHECKING:
    from sdk.auth.app_auth import AppAuth
    from sdk.transport.auth import AuthCaller

_FOR_REPO: Operation[Response] = Operation(
    "GET", "/repos/{owner}/{repo}/installation", id="apps/get-repo-installation", returns=Response
)
_FOR_ORG: Operation[Response] = Operation(
    "GET", "/orgs/{org}/installation", id="apps/get-org-installation", returns=Response
)
_FOR_USER: Operation[Response] = Operation(
    "GET", "/users/{username}/installation", id="apps/get-user-installation", returns=Response
)

_KEPT_SECONDS = 300.0
_MOST_KEPT = 4096

_Key = tuple[str, str, tuple[tuple[str, str], ...]]


class InstallationLookup:
    """Finds installations and caches the results, "not found" included, for 5 minutes.

    Args:
        auth: the App's credentials.
    """

    def __init__(self, auth: AppAuth) -> None:
        self._auth = auth
        self._kept: dict[_Key, tuple[float, int | NotFound]] = {}
        self._flight: SingleFlight[int | NotFound] = SingleFlight()

    async def for_repo(self, caller: AuthCaller, owner: str, repo: str) -> int:
        """Return the id of the installation on a repository; raises NotFound."""
        return await self._find(caller, _FOR_REPO, owner=owner, repo=repo)

    async def for_org(self, caller: AuthCaller, org: str) -> int:
        """Return the id of the installation on an organization; raises NotFound."""
        return await self._find(caller, _FOR_ORG, org=org)

    async def for_user(self, caller: AuthCaller, username: str) -> int:
        """Return the id of the installation on a user; raises NotFound."""
        return await self._find(caller, _FOR_USER, username=username)

    async def _find(self, caller: AuthCaller, operation: Operation[Response], **values: str) -> int:
        # GitHub's names are case-insensitive.
        names = tuple((name, str(value).lower()) for name, value in values.items())
        key = caller.settings.base_url, operation.id, names
        now = caller.settings.clock.monotonic()
        until, found = self._kept.get(key, (now, None))
        if found is None or until <= now:
            found = await self._flight.run(
                key, lambda: self._look_up(caller, operation, values), caller.until_closed
            )
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = now + _KEPT_SECONDS, found
        if isinstance(found, NotFound):
            raise type(found)(*found.args, **vars(found))
        return found

    async def _look_up(
        self, caller: AuthCaller, operation: Operation[Response], values: dict[str, str]
    ) -> int | NotFound:
        try:
            response: Response = await caller.with_auth(self._auth).call(operation, None, values)
        except NotFound as error:
            return error.with_traceback(None)
        return _id_in(response, operation)


def _id_in(response: Response, operation: Operation[Response]) -> int:
    try:
        found = response.json()["id"]
    except (ValueError, KeyError, TypeError):
        found = None
    if not isinstance(found, int):
        raise CredentialsError(f"GET {operation.path} was answered without an installation's id.")
    return found
