"""The endpoints for apps to check, reset and revoke the tokens of their users."""

from __future__ import annotations

from collections.abc import Callable

from sdk.operations import OperationInfo
from sdk.testing.fake_server.accounts import user
from sdk.testing.fake_server.generic_rules import GenericRules, body_of, build_resource
from sdk.testing.fake_server.messages import Refused, Reply, Request, not_found
from sdk.testing.fake_server.timestamps import timestamp

from .callers import Caller
from .tokens import Token, TokenStore, hashed
from .user_tokens import UserTokens


class TokenEndpoints:
    """Responds to ``/applications/{client_id}/...``."""

    def __init__(self, tokens: TokenStore, users: UserTokens, now: Callable[[], float]) -> None:
        self._tokens = tokens
        self._users = users
        self._now = now

    def respond(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply | None:
        """Return the response of one of these operations; None for any other."""
        match info.id:
            case "apps/check-token" | "apps/scope-token":
                return self._described(rules, info, self._token(info, request, caller))
            case "apps/reset-token":
                old = self._token(info, request, caller)
                self._tokens.revoke(old.value)
                issued = self._users.issue(old.app, str(old.login), old.scopes)
                token = self._tokens.find(issued["access_token"], self._now())
                return not_found() if token is None else self._described(rules, info, token)
            case "apps/delete-token":
                self._tokens.revoke(self._token(info, request, caller).value)
                return Reply(204)
            case "apps/delete-authorization":
                token = self._token(info, request, caller)
                for each in self._tokens.of_user(token.app, str(token.login)):
                    self._tokens.revoke(each.value)
                return Reply(204)
            case _:
                return None

    def _token(self, info: OperationInfo, request: Request, caller: Caller) -> Token:
        value = str(body_of(info, request).get("access_token"))
        token = self._tokens.find(value, self._now())
        if token is None or token.kind != "user" or token.app is not caller.client:
            raise Refused(not_found())
        return token

    def _described(self, rules: GenericRules, info: OperationInfo, token: Token) -> Reply:
        app = token.app
        url = f"https://api.github.com/authorizations/{token.id}"
        facts = {
            "id": token.id,
            "url": url,
            "scopes": list(token.scopes),
            "token": token.value,
            "token_last_eight": token.value[-8:],
            "hashed_token": hashed(token.value),
            "app": {
                "client_id": app.client_id,
                "name": app.seed.name,
                "url": f"https://github.com/apps/{app.slug}",
            },
            "user": rules.state.facts(user(str(token.login))),
            "created_at": timestamp(token.created_at),
            "updated_at": timestamp(token.created_at),
            "expires_at": None if token.expires_at is None else timestamp(token.expires_at),
        }
        return Reply(200, build_resource(info.returns(), facts, f"/authorizations/{token.id}"))
