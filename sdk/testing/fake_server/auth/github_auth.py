"""Apps, tokens and sign-in of the fake server, behind one object."""

from __future__ import annotations

from collections.abc import Callable

from sdk.operations import OperationInfo
from sdk.testing.fake_server.generic_rules import GenericRules
from sdk.testing.fake_server.messages import Reply, Request

from .app_endpoints import AppEndpoints
from .apps import AppRegistry
from .callers import Caller, caller_of, check_access
from .deliveries import DeliveryLog
from .device_flow import DeviceFlow
from .oauth import OAuth, form_of, formatted
from .token_endpoints import TokenEndpoints
from .tokens import TokenStore
from .user_tokens import UserTokens

# The endpoints of github.com, by method and path; they are not operations of the API.
_WEBSITE = {
    ("GET", "/login/oauth/authorize"): "oauth/authorize",
    ("POST", "/login/oauth/authorize"): "oauth/authorize",
    ("POST", "/login/oauth/access_token"): "oauth/access-token",
    ("POST", "/login/device/code"): "oauth/device-code",
    ("GET", "/login/device"): "oauth/device",
    ("POST", "/login/device"): "oauth/device",
}


class GitHubAuth:
    """GitHub Apps, their tokens, and sign-in.

    Attributes:
        apps: the registered apps and their installations.
        tokens: the tokens that were issued.
        users: issues user tokens.
        deliveries: webhook deliveries.
        devices: the device flow.
        oauth: the web flow.
        endpoints: the operations of GitHub Apps.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.apps = AppRegistry()
        self.tokens = TokenStore()
        self.users = UserTokens(self.tokens, now)
        self.deliveries = DeliveryLog(now)
        self.devices = DeviceFlow(self.users, now)
        self.oauth = OAuth(self.apps, self.users, self.devices, now)
        self.endpoints = AppEndpoints(self.apps, self.tokens, self.deliveries, now)
        self._token_endpoints = TokenEndpoints(self.tokens, self.users, now)

    def reset(self) -> None:
        """Remove all tokens and codes; the apps stay, with their initial installations."""
        self.apps.reset()
        self.tokens.clear()
        self.deliveries.clear()
        self.devices.clear()
        self.oauth.clear()
        self.endpoints.replication.seconds = 0.0

    def caller_of(self, request: Request) -> Caller:
        """Return the caller of a request; raise Refused if the credentials are not valid."""
        return caller_of(request, self.apps, self.tokens, self._now())

    def website_operation(self, request: Request) -> str | None:
        """Return the name of the sign-in endpoint of a request; None for any other request."""
        return _WEBSITE.get((request.method, request.path)) if self.apps else None

    def website(self, name: str, request: Request) -> Reply:
        """Respond to one of the sign-in endpoints."""
        match name:
            case "oauth/authorize":
                return self.oauth.authorize(request)
            case "oauth/access-token":
                return self.oauth.token(request)
            case "oauth/device-code":
                return self._begin_device(request)
            case _:
                fields = dict(request.query) if request.method == "GET" else form_of(request)
                return self.devices.page(fields)

    def respond(
        self, rules: GenericRules, info: OperationInfo, request: Request, caller: Caller
    ) -> Reply | None:
        """Return the response of an operation about credentials, or an error response.

        None if the caller may use the operation and other rules respond to it.
        """
        if not self.apps:
            return None
        return (
            check_access(caller, info, request)
            or self.endpoints.respond(rules, info, request, caller)
            or self._token_endpoints.respond(rules, info, request, caller)
        )

    def _begin_device(self, request: Request) -> Reply:
        fields = form_of(request)
        app = self.apps.find(fields.get("client_id", ""))
        if app is None:
            return Reply(404, {"error": "Not Found"})
        begun = self.devices.begin(app, fields.get("scope", ""), request.base_url)
        return formatted(request, begun)
