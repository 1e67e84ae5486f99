"""The endpoints of GitHub Apps: the app itself, its installations, their tokens, deliveries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from sdk.operations import OperationInfo
from sdk.testing.fake_server.accounts import user
from sdk.testing.fake_server.generic_rules import GenericRules, body_of, build_resource
from sdk.testing.fake_server.messages import Refused, Reply, Request, not_found, problem
from sdk.testing.fake_server.pagination import page
from sdk.testing.fake_server.repositories import listed, organization
from sdk.testing.fake_server.seed_data import Facts
from sdk.testing.fake_server.timestamps import timestamp
from sdk.testing.synthesis.item_types import item_type

from .apps import AppRegistry, Installation, RegisteredApp
from .callers import Caller
from .deliveries import DeliveryLog
from .tokens import INSTALLATION_SECONDS, Token, TokenStore, random_token, stateless_token

_MOST_REPOSITORIES = 500
_LEVELS = ("read", "write", "admin")


class Replication:
    """The delay until all of GitHub's servers accept a new token.

    Attributes:
        seconds: the time for which a new token is refused.
        status: the status of the refusal; None for 401, and 403 for tokens that are limited to
            some repositories or permissions.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.status: int | None = None


class AppEndpoints:
    """Responds to the operations of GitHub Apps, once an app is registered.

    Attributes:
        stateless: whether new installation tokens have the long form.
    """

    def __init__(
        self,
        apps: AppRegistry,
        tokens: TokenStore,
        deliveries: DeliveryLog,
        now: Callable[[], float],
    ) -> None:
        self._apps = apps
        self._tokens = tokens
        self._deliveries = deliveries
        self._now = now
        self.replication = Replication()
        self.stateless = False
        self._handlers: dict[str, Callable[..., Reply]] = {
            "apps/get-authenticated": self._get_app,
            "apps/list-installations": self._list_installations,
            "apps/get-installation": self._get_installation,
            "apps/get-org-installation": self._find_installation,
            "apps/get-repo-installation": self._find_installation,
            "apps/get-user-installation": self._find_installation,
            "apps/delete-installation": self._delete_installation,
            "apps/suspend-installation": self._suspend,
            "apps/unsuspend-installation": self._suspend,
            "apps/create-installation-access-token": self._create_token,
            "apps/revoke-installation-access-token": self._revoke_own_token,
            "apps/list-repos-accessible-to-installation": self._list_repositories,
            "apps/list-installations-for-authenticated-user": self._list_of_user,
            "apps/list-webhook-deliveries": self._list_deliveries,
            "apps/get-webhook-delivery": self._get_delivery,
            "apps/redeliver-webhook-delivery": self._redeliver,
            "credentials/revoke": self._revoke_credentials,
        }

    def respond(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply | None:
        """Return the response of one of these operations; None for any other."""
        handler = self._handlers.get(info.id)
        return None if handler is None else handler(rules, info, request, caller)

    # ------------------------------------------------------------ the app, its installations

    def _get_app(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply:
        del request
        app = _app(caller)
        facts: Facts = {
            "id": app.app_id,
            "client_id": app.client_id,
            "slug": app.slug,
            "name": app.seed.name,
            "owner": _account(rules, app.seed.owner),
            "html_url": f"https://github.com/apps/{app.slug}",
            "permissions": dict(app.seed.permissions),
            "events": list(app.seed.events),
            "installations_count": sum(1 for _ in self._apps.of(app)),
        }
        return Reply(200, build_resource(info.returns(), facts, f"/apps/{app.slug}"))

    def _list_installations(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply:
        reply = page(request, list(self._apps.of(_app(caller))))
        kind = item_type(info.operation)
        reply.body = [self._built(rules, kind, each) for each in reply.body]
        return reply

    def _get_installation(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply:
        found = self._installation(request, caller)
        return Reply(200, self._built(rules, info.returns(), found))

    def _find_installation(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply:
        values = request.values
        account = values.get("org") or values.get("username") or values.get("owner", "")
        for each in self._apps.of(_app(caller)):
            if each.seed.account.lower() != account.lower():
                continue
            if "repo" in values and not each.covers(account, values["repo"]):
                continue
            return Reply(200, self._built(rules, info.returns(), each))
        return not_found()

    def _delete_installation(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply:
        del rules, info
        del self._apps.installations[self._installation(request, caller).id]
        return Reply(204)

    def _suspend(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply:
        del rules
        suspends = info.method == "PUT"
        found = self._installation(request, caller)
        found.suspended_at = timestamp(self._now()) if suspends else None
        return Reply(204)

    def _installation(self, request: Request, caller: Caller) -> Installation:
        text = request.values["installation_id"]
        found = self._apps.installations.get(int(text)) if text.isdecimal() else None
        if found is None or found.app is not _app(caller):
            raise Refused(not_found())
        return found

    def _list_of_user(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply:
        app = caller.token.app if caller.token is not None else None
        places = [each for each in self._apps.installations.values() if app in (None, each.app)]
        reply = page(request, places, key="installations")
        kind = item_type(info.operation)
        body = cast("Facts", reply.body)
        body["installations"] = [self._built(rules, kind, one) for one in body["installations"]]
        return reply

    def _built(self, rules: GenericRules, kind: Any, installation: Installation) -> Any:
        app, account = installation.app, _account(rules, installation.seed.account)
        api = f"https://api.github.com/app/installations/{installation.id}"
        facts: Facts = {
            "id": installation.id,
            "account": account,
            "repository_selection": _selection(installation.seed.repositories),
            "access_tokens_url": f"{api}/access_tokens",
            "repositories_url": "https://api.github.com/installation/repositories",
            "app_id": app.app_id,
            "client_id": app.client_id,
            "app_slug": app.slug,
            "target_id": account.get("id", 0),
            "target_type": account.get("type", "User"),
            "permissions": installation.permissions,
            "events": list(app.seed.events),
            "suspended_at": installation.suspended_at,
        }
        return build_resource(kind, facts, f"/app/installations/{installation.id}")

    # ------------------------------------------------------------ installation tokens

    def _create_token(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply:
        installation = self._installation(request, caller)
        if installation.suspended_at is not None:
            return problem(403, "This installation has been suspended")
        given = body_of(info, request)
        repositories = self._repositories(rules, installation, given)
        permissions = _permissions(installation, given.get("permissions"))
        now = self._now()
        wanted = request.headers.get("x-github-stateless-s2s-token")
        expires = float(int(now) + INSTALLATION_SECONDS)
        stateless = wanted == "enabled" or (self.stateless and wanted != "disabled")
        app_id = installation.app.app_id
        scoped = bool(given.get("permissions")) or repositories is not None
        token = Token(
            value=stateless_token(app_id, expires) if stateless else random_token("ghs_"),
            kind="installation",
            app=installation.app,
            id=self._tokens.next_id(),
            created_at=now,
            expires_at=expires,
            installation=installation,
            permissions=permissions,
            repositories=None if repositories is None else [each["name"] for each in repositories],
            usable_from=now + self.replication.seconds,
            early_status=self.replication.status or (403 if scoped else 401),
        )
        self._tokens.add(token)
        body: Facts = {
            "token": token.value,
            "expires_at": timestamp(expires),
            "permissions": permissions,
            "repository_selection": _selection(repositories or installation.seed.repositories),
        }
        if repositories is not None:
            body["repositories"] = repositories
        return Reply(201, build_resource(info.returns(201), body, f"/tokens/{token.id}"))

    def _repositories(
        self, rules: GenericRules, installation: Installation, given: Facts
    ) -> list[Facts] | None:
        names, ids = given.get("repositories"), given.get("repository_ids")
        if names is None and ids is None:
            return None
        wanted: list[Any] = [*(names or ()), *(ids or ())]
        if len(wanted) > _MOST_REPOSITORIES:
            raise Refused(problem(422, f"At most {_MOST_REPOSITORIES} repositories can be listed."))
        found: list[Facts] = []
        there = self._accessible(rules, installation)
        for each in wanted:
            key = each.lower() if isinstance(each, str) else each
            match = [one for one in there if key in (one["name"].lower(), one["id"])]
            if not match:
                raise Refused(
                    problem(
                        422,
                        "There is at least one repository that does not exist or is not "
                        "accessible to the parent installation.",
                    )
                )
            found += match
        return found

    def _accessible(self, rules: GenericRules, installation: Installation) -> list[Facts]:
        account = installation.seed.account
        places = listed(rules, account)
        return [
            rules.state.facts(each) for each in places if installation.covers(account, each.key)
        ]

    def _list_repositories(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply:
        token = _installation_token(caller)
        there = self._accessible(rules, cast("Installation", token.installation))
        if token.repositories is not None:
            names = [name.lower() for name in token.repositories]
            there = [each for each in there if each["name"].lower() in names]
        reply = page(request, there, key="repositories")
        kind = item_type(info.operation)
        body = cast("Facts", reply.body)
        body["repositories"] = [
            build_resource(kind, each, f"/repos/{each['full_name']}".lower())
            for each in body["repositories"]
        ]
        return reply

    def _revoke_own_token(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply:
        del rules, info, request
        self._tokens.revoke(_installation_token(caller).value)
        return Reply(204)

    def _revoke_credentials(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply:
        del rules, caller
        for value in body_of(info, request)["credentials"]:
            self._tokens.revoke(str(value))
        return Reply(202)

    # ------------------------------------------------------------ webhook deliveries

    def _list_deliveries(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply:
        del rules
        return self._deliveries.page(_app(caller), info, request)

    def _get_delivery(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply:
        del rules
        return self._deliveries.get(_app(caller), info, request.values["delivery_id"])

    def _redeliver(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply:
        del rules, info
        return self._deliveries.redeliver(_app(caller), request.values["delivery_id"])


def _app(caller: Caller) -> RegisteredApp:
    if caller.app is None:
        raise Refused(problem(401, "A JSON web token could not be decoded"))
    return caller.app


def _installation_token(caller: Caller) -> Token:
    if caller.token is None or caller.token.installation is None:
        raise Refused(problem(403, "You must authenticate with an installation access token"))
    return caller.token


def _account(rules: GenericRules, login: str) -> Facts:
    place = organization(login)
    return rules.state.facts(place if rules.state.exists(place) else user(login))


def _selection(repositories: object) -> str:
    return "all" if repositories is None else "selected"


def _permissions(installation: Installation, given: Facts | None) -> dict[str, str]:
    granted = installation.permissions
    if not given:
        return granted
    for name, level in given.items():
        has = granted.get(name)
        if level not in _LEVELS or has is None or _LEVELS.index(level) > _LEVELS.index(has):
            raise Refused(
                problem(422, "The permissions requested are not granted to this installation.")
            )
    return {name: str(level) for name, level in given.items()}
