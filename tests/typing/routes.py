# pyright: strict, reportUnnecessaryTypeIgnoreComment=true
"""What type checkers make of the router; it is checked, not run."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, assert_type
from unittest.mock import ANY

import httpx
from fastapi.testclient import TestClient

from sdk import ApiClient, Operation, Resource, Sdk
from sdk.graphql import GraphQL, HasGraphQL
from sdk.models import Issue, PrivateUser, PublicUser, SimpleUser
from sdk.testing import ApiMock, Call, GitHubMock, StandIn, fake, mock_of, sign_in_user


class Billing(ApiClient):
    """An API of our own."""


billing = mock_of(Billing, base_url="https://billing.example", assert_all_called=False)
assert_type(billing, Callable[[], Iterator[ApiMock[Billing]]])
mock_of(Billing, base="https://billing.example")  # type: ignore[call-arg]


async def signing_in(github: StandIn, client: TestClient, http: httpx.AsyncClient) -> None:
    assert_type(sign_in_user(client, github, login="ada"), TestClient)
    assert_type(await sign_in_user(http, github), httpx.AsyncClient)
    sign_in_user(github, client)  # type: ignore[call-overload]


def has_graphql(client: HasGraphQL) -> GraphQL:
    return client.graphql


def generated_functions_take_a_client(sdk: Sdk) -> None:
    assert_type(has_graphql(sdk), GraphQL)


def results(github: GitHubMock, sdk: Sdk) -> None:
    user = github.on(sdk.users.get, "octocat")
    user.respond(login="x").not_found().rate_limited(retry_after=3)
    user.respond_with(fake(PublicUser))
    user.respond_with(fake(PrivateUser))
    user.respond_with(fake(SimpleUser))  # type: ignore[arg-type]
    github.on(sdk.users.follow, "x").respond_with(None)
    github.on(sdk.users.check_blocked, "x").respond_with(True)
    github.on(sdk.users.check_blocked, "x").respond_with("yes")  # type: ignore[arg-type]
    issues = github.on(sdk.issues.list_for_repo, "o", "r", state="open")
    issues.respond({"title": "x"}, fake(Issue), count=3)
    issues.pages([fake(Issue)], [{"title": "x"}])
    issues.respond(fake(SimpleUser))  # type: ignore[arg-type]
    issues.respond_with([])  # type: ignore[attr-defined]


def arguments(github: GitHubMock, sdk: Sdk, since: datetime) -> None:
    github.on(sdk.issues.create, "o", "r", title="x", labels=["a"])
    github.on(sdk.issues.create, ANY, ANY, title=ANY)
    github.on(sdk.issues.create, "o", "r")  # type: ignore[call-overload]
    github.on(sdk.issues.create, "o", "r", title=[])  # type: ignore[arg-type]
    github.on(sdk.issues.create, "o", "r", titel="x")  # type: ignore[arg-type, call-arg]
    github.on(sdk.issues.list_for_repo, "o", "r", since=since, state="open")
    github.on(sdk.issues.list_for_repo, "o", "r", state="no")  # type: ignore[arg-type]
    github.on_any(sdk.issues.create).respond(title="x")


def assertions(github: GitHubMock, sdk: Sdk) -> None:
    route = github.on_any(sdk.issues.create)
    route.assert_called_once_with("o", "r", title="x")
    route.assert_called_with("o", "r", title=ANY, body="x")
    route.assert_any_call("o", "r", title=[])  # type: ignore[arg-type]
    route.assert_called_once_with("o")  # type: ignore[call-arg]
    assert_type(route.last_call, Call)
    assert_type(route.last_call.arguments, dict[str, Any])
    assert_type(github.waits, list[float])


class Invoices(Resource):
    """A resource of one's own."""

    async def get(self, invoice_id: str) -> int:
        return await self._call(Operation("GET", "/{invoice_id}", returns=int), None)


def own_api(github: GitHubMock, client: ApiClient) -> None:
    github.on(Invoices(client).get, "i-1").respond_with(3)
    github.on(Invoices(client).get, 1)  # type: ignore[call-overload]


def stand_in(app: StandIn) -> None:
    app.fail("users/*", status=500, rate_limit="secondary")
    app.fail(rate_limit="other")  # type: ignore[arg-type]
    assert_type(fake(Issue, title="x"), Issue)
