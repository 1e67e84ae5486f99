"""The credentials of a signed-in user, renewed before they expire."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, NoReturn

from sdk.auth.app_auth import needs_client
from sdk.auth.errors import SignInExpired
from sdk.auth.user_token import TokenStore, UserToken
from sdk.transport.errors import SdkError, StoreUnavailable
from sdk.transport.single_flight import SingleFlight

if TYPE_CHECKING:
    from sdk.auth.oauth import OAuthApp
    from sdk.transport import Response
    from sdk.transport.auth import AuthCall, AuthCaller

logger = logging.getLogger("sdk")

# A token is renewed this long before it expires.
_BEFORE_END = 300.0

Save = Callable[[UserToken], Awaitable[None]]


class UserAuth:
    """Sends a user's token, and renews it: once for all callers, saved before it is used.

    GitHub invalidates the old pair as soon as it issues a new one. So the new pair is saved before
    any call is sent with it, even if the caller is cancelled meanwhile.

    Args:
        app: the App that the user signed in to.
        token: the user's token, as it was saved last.
        key: identifies this user, such as the user's id; it is not secret.
        save: awaited with each new token.
        store: in place of `save`, for several processes: read before, and locked during, a renewal.
        renewals: shared by all ``UserAuth`` objects of a process that may have the same `key`, so
            that they renew once; by default this object's own.
    """

    on_behalf = True

    def __init__(
        self,
        app: OAuthApp,
        token: UserToken,
        *,
        key: str | None = None,
        save: Save | None = None,
        store: TokenStore | None = None,
        renewals: SingleFlight[UserToken] | None = None,
    ) -> None:
        self._app = app
        self.token = token
        self._key = key or hashlib.blake2b(token.token.encode(), digest_size=8).hexdigest()
        self._save = save
        self._store = store
        self._renewals = renewals or SingleFlight[UserToken]()
        self._unsaved = False
        self.identity = f"user:{app.client_id}:{self._key}"

    async def headers(self) -> NoReturn:
        """Raise InvalidInput: a renewal needs a client."""
        raise needs_client(self)

    async def headers_for(self, call: AuthCall) -> Mapping[str, str]:
        """Return the ``authorization`` header of a call.

        Raises:
            SignInExpired: the user has to sign in again.
        """
        token, clock = self.token, call.caller.settings.clock
        if self._unsaved:
            await self._saved(token)
        if token.expires_at is not None and clock.now() >= token.expires_at - _BEFORE_END:
            await self._renew(call)
        call.note = self._generation()
        return {"authorization": f"Bearer {self.token.token}"}

    async def refused(self, call: AuthCall, response: Response) -> bool:
        """Return whether to retry the call, with a new token.

        Raises:
            SignInExpired: the user has to sign in again.
        """
        if response.status != 401 or call.refusals or self.token.refresh_token is None:
            return False
        if self._generation() == call.note:
            await self._renew(call)
        return True

    def _generation(self) -> str:
        return hashlib.blake2b(self.token.token.encode(), digest_size=8).hexdigest()

    async def _renew(self, call: AuthCall) -> None:
        token, caller = self.token, call.caller
        if token.refresh_token is None:
            clock = caller.settings.clock
            if token.expires_at is not None and clock.now() >= token.expires_at:
                raise SignInExpired(f"The user's token has expired. {SignInExpired.hint}")
            return
        try:
            self.token = await self._renewals.run(
                self._key, lambda: self._renewed(caller, token), caller.until_closed
            )
        except SignInExpired:
            raise
        except SdkError:
            # GitHub cannot be reached: use the current token while it is valid.
            if not _lives(token, caller) or call.note == self._generation():
                raise

    async def _renewed(self, caller: AuthCaller, token: UserToken) -> UserToken:
        if self._store is None:
            return await self._renewed_here(caller, token)
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._store.lock(f"refresh:{self._key}"))
                stored = await self._read_other(self._store, token)
            except StoreUnavailable as error:
                if _lives(token, caller):
                    # Wait until the store is available: another process may have renewed the pair.
                    raise
                return await self._renewed_alone(caller, token, error)
            if stored is not None:
                # Another process renewed first: only its pair is valid.
                return stored
            try:
                return await self._renewed_here(caller, token)
            except SignInExpired:
                stored = await self._read_other(self._store, token)
                if stored is not None:
                    return stored
                raise

    async def _renewed_alone(
        self, caller: AuthCaller, token: UserToken, error: StoreUnavailable
    ) -> UserToken:
        try:
            return await self._renewed_here(caller, token)
        except SignInExpired:
            # Another process may have renewed it, so that the user need not sign in again.
            raise error from None

    async def _renewed_here(self, caller: AuthCaller, token: UserToken) -> UserToken:
        new = await self._app.renew(caller, token)
        # Before the lock is released, and before the pair is used.
        await self._saved(new)
        return new

    async def _read_other(self, store: TokenStore, token: UserToken) -> UserToken | None:
        """Return the pair that another process saved, if there is one."""
        stored = await store.read(self._key)
        return None if stored is None or stored.token == token.token else stored

    async def _saved(self, token: UserToken) -> None:
        try:
            if self._store is not None:
                await asyncio.shield(self._store.save(self._key, token))
            elif self._save is not None:
                await asyncio.shield(self._save(token))
        except Exception as error:  # noqa: BLE001  a store of the user's may raise anything
            self._unsaved = True
            logger.error(  # noqa: TRY400  a traceback would show what failed to be saved
                "A renewed user token of %s could not be saved (%s); it is kept in memory, and "
                "saved at its next use.",
                self.identity,
                type(error).__name__,
            )
        else:
            self._unsaved = False

    def __repr__(self) -> str:
        return f"UserAuth({self._app!r}, key={self._key!r})"


def _lives(token: UserToken, caller: AuthCaller) -> bool:
    return token.expires_at is None or caller.settings.clock.now() < token.expires_at
