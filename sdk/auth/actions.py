"""GitHub Actions: the token, the inputs and the event of a workflow, and its OIDC token."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from sdk.auth.token import TokenAuth, is_meant_for
from sdk.transport import ApiClient, Operation, Response
from sdk.transport.errors import CredentialsError, InvalidInput

if TYPE_CHECKING:
    from sdk.models._base import Model
    from sdk.transport.auth import AuthCall

logger = logging.getLogger("sdk")

_VARIABLES = ("GITHUB_TOKEN", "INPUT_GITHUB_TOKEN", "INPUT_GITHUB-TOKEN", "INPUT_TOKEN")

_LARGEST_EVENT = 32 * 1024 * 1024


class ActionsAuth:
    """Sends the token of a workflow: ``Sdk(auth=ActionsAuth())``.

    It is the one in ``GITHUB_TOKEN``, or in the input ``github-token`` or ``token``. It goes to the
    GitHub that runs the workflow only.

    Raises:
        InvalidInput: there is none, or more than one; the text names the variables.
    """

    __slots__ = ("_auth", "_warned", "identity")

    def __init__(self) -> None:
        found = [name for name in _VARIABLES if os.environ.get(name)]
        # An action's input is set once, under one of two spellings.
        if not found:
            raise InvalidInput(
                "There is no token in the environment. Give the step `env: GITHUB_TOKEN: "
                "${{ github.token }}`, or the action an input named token."
            )
        if len(found) > 1:
            raise InvalidInput(
                f"{' and '.join(found)} are both set; it is not clear which one to use. Set one."
            )
        try:
            self._auth = TokenAuth(os.environ[found[0]])
        except InvalidInput as error:
            problem = f"Environment variable {found[0]}: {error}"
        else:
            problem = ""
        if problem:
            raise InvalidInput(problem)
        self._warned = False
        self.identity = self._auth.identity

    async def headers(self) -> Mapping[str, str]:
        """Return the ``authorization`` header."""
        return await self._auth.headers()

    async def headers_for(self, call: AuthCall) -> Mapping[str, str]:
        """Return the ``authorization`` header; no header for a host that is not GitHub's."""
        base_url = call.caller.settings.base_url
        if is_meant_for(base_url):
            return await self._auth.headers()
        if not self._warned:
            self._warned = True
            logger.warning("The workflow's token is not sent to %s, which is not GitHub.", base_url)
        return {}

    def __repr__(self) -> str:
        return "ActionsAuth(***)"


def read_input(name: str, *, default: str | None = None) -> str:
    """Return an input of the action, with surrounding whitespace removed.

    Args:
        name: its name in ``action.yml``.
        default: returned when it is not set or empty.

    Raises:
        InvalidInput: it is not set or is empty, and there is no default.
    """
    value = os.environ.get(f"INPUT_{name.replace(' ', '_').upper()}", "").strip()
    if value:
        return value
    if default is None:
        raise InvalidInput(f"The input {name!r} is required, and not set.")
    return default


def read_event() -> Model:
    """Return the event that started the workflow, as the model of its webhook.

    It is read from the file in ``GITHUB_EVENT_PATH``; ``GITHUB_EVENT_NAME`` has the event's name.

    Raises:
        InvalidInput: this is not a workflow run, or the file cannot be read.
    """
    from sdk.webhooks import parse

    name, path = os.environ.get("GITHUB_EVENT_NAME"), os.environ.get("GITHUB_EVENT_PATH")
    if not name or not path:
        raise InvalidInput(
            "GITHUB_EVENT_NAME and GITHUB_EVENT_PATH are not both set: this is not a run of a "
            "GitHub Actions workflow."
        )
    try:
        with Path(path).open("rb") as file:
            body = file.read(_LARGEST_EVENT + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidInput(f"The event file {path!r} cannot be read: {reason}.") from None
    if len(body) > _LARGEST_EVENT:
        raise InvalidInput(f"The event file {path!r} is larger than any event.")
    return parse(name, body)


async def id_token(client: ApiClient, audience: str | None = None) -> str:
    """Fetch the workflow's OpenID Connect token, to sign in at a cloud without a secret.

    Args:
        client: an open client, for its connections; its own credentials are not sent.
        audience: the recipient of the token; by default the owner of the repository.

    Raises:
        InvalidInput: the job does not have the permission ``id-token: write``.
        CredentialsError: the response has no token.
    """
    url = os.environ.get("ACTIONS_ID_TOKEN_REQUEST_URL")
    if not url or not os.environ.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN"):
        raise InvalidInput(
            "There is no OIDC token to request. Give the job `permissions: id-token: write`."
        )
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    if audience is not None:
        query["audience"] = audience
    operation: Operation[Response] = Operation(
        "GET",
        parts.path,
        id="actions/id-token",
        server=f"{parts.scheme}://{parts.netloc}",
        accept="application/json",
        returns=Response,
    )
    auth = TokenAuth(os.environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"])
    caller = client.caller.with_auth(auth, own_headers=False)
    response: Response = await caller.call(operation, {"extra_query": query}, {})
    try:
        body: Any = response.json()
        token = body["value"]
    except (ValueError, KeyError, TypeError):
        token = None
    if not isinstance(token, str) or not token:
        raise CredentialsError("The request for an OIDC token was answered without one.")
    return token
