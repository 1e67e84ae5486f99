"""The token of GitHub's command line tool, for programs that run on a developer's machine."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from sdk.auth.app_auth import needs_client
from sdk.auth.token import TokenAuth
from sdk.transport.errors import CredentialsError
from sdk.transport.single_flight import SingleFlight

if TYPE_CHECKING:
    from sdk.transport import Response
    from sdk.transport.auth import AuthCall

_SECONDS = 10.0


class GhAuth:
    """Sends the token of ``gh auth token``: ``Sdk(auth=GhAuth())``.

    The command is run at the first call, for the host of the call, and again after its token was
    refused.
    """

    def __init__(self) -> None:
        self.identity = "gh"
        self._tokens: dict[str, TokenAuth] = {}
        self._flight: SingleFlight[TokenAuth] = SingleFlight()

    async def headers(self) -> NoReturn:
        """Raise InvalidInput: the token depends on the client's address."""
        raise needs_client(self)

    async def headers_for(self, call: AuthCall) -> Mapping[str, str]:
        """Return the ``authorization`` header of a call.

        Raises:
            CredentialsError: ``gh`` is not installed, or not signed in.
        """
        host = _host(call.caller.settings.base_url)
        auth = self._tokens.get(host)
        if auth is None:
            auth = self._tokens[host] = await self._flight.run(host, lambda: _token(host))
        call.note = auth.identity
        return await auth.headers()

    async def refused(self, call: AuthCall, response: Response) -> bool:
        """Return whether ``gh`` has another token now."""
        host = _host(call.caller.settings.base_url)
        if response.status != 401 or call.refusals:
            return False
        auth = self._tokens[host] = await self._flight.run(host, lambda: _token(host))
        return auth.identity != call.note

    def __repr__(self) -> str:
        return "GhAuth()"


def _host(base_url: str) -> str:
    name = (urlsplit(base_url).hostname or "").removeprefix("api.")
    return name or "github.com"


async def _token(host: str) -> TokenAuth:
    try:
        process = await asyncio.create_subprocess_exec(
            "gh",
            "auth",
            "token",
            "--hostname",
            host,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        raise CredentialsError(
            "The command gh was not found: install GitHub's command line tool, or pass token=."
        ) from None
    try:
        async with asyncio.timeout(_SECONDS):
            output, _ = await process.communicate()
    except TimeoutError:
        raise CredentialsError(f"`gh auth token` took longer than {_SECONDS:g} s.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0 or not output.strip():
        raise CredentialsError(
            f"gh has no token for {host}: run `gh auth login --hostname {host}`, or pass token=."
        )
    return TokenAuth(output.decode(errors="replace").strip())
