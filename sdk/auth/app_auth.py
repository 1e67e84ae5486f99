"""The App's own credentials: a JWT that its private key signs."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from sdk.auth.errors import AppRefused
from sdk.auth.jwt import Sign, encode_jwt
from sdk.auth.routes import app_credentials
from sdk.transport.errors import CredentialsError, InvalidInput
from sdk.transport.single_flight import SingleFlight

if TYPE_CHECKING:
    from sdk.transport import Auth, Operation, Response
    from sdk.transport.auth import AuthCall
    from sdk.transport.clock import Clock

logger = logging.getLogger("sdk")

# https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app
# "iat" lies in the past, because clocks differ; "exp" is never more than 10 minutes ahead.
_BACKDATED = 60
_LIFETIME = 600
_REUSED_FOR = 480.0

# The message that is signed to derive a secret shared by the App's processes.
_SHARING = b"github-sdk: secret for state that processes share"

# A smaller clock difference does not explain a refused JWT.
_CLOCK_TOLERANCE = 5.0


@dataclass(slots=True)
class _Signed:
    token: str
    number: int
    made: float

    def __repr__(self) -> str:
        return f"_Signed(***, number={self.number})"


class _Host:
    """The state for one API address: the clock difference and the JWT in use."""

    __slots__ = ("signed", "skew")

    def __init__(self) -> None:
        self.skew = 0.0
        self.signed: _Signed | None = None


class AppAuth:
    """Sends a JWT of a GitHub App; ``GitHubApp.auth``.

    A JWT is used for 8 minutes. When GitHub refuses one and its clock differs from this machine's,
    the difference is remembered, and the call is sent once more.

    Args:
        issuer: the App's client id, or its id.
        sign: returns the RS256 signature of its argument.
        fingerprint: the key's public fingerprint, for error texts.
        client: the credentials for operations that take client id and client secret.
    """

    def __init__(
        self, issuer: str, sign: Sign, fingerprint: str | None, client: Auth | None = None
    ) -> None:
        self.identity = f"app:{issuer}"
        self._issuer = issuer
        self._sign = sign
        self._fingerprint = fingerprint
        self._client = client
        self._hosts: dict[str, _Host] = {}
        self._flight: SingleFlight[_Signed] = SingleFlight()
        self._number = 0
        self._secret: bytes | None = None

    async def sharing_secret(self) -> bytes:
        """Return a secret that can only be computed with the App's private key.

        Raises:
            CredentialsError: the key could not sign.
        """
        if self._secret is None:
            # The signature is deterministic (RFC 8017, 8.2.1), also for a key in a vault. It cannot
            # be used as a JWT: that holds two dots.
            self._secret = await self._checked_sign(_SHARING)
        return self._secret

    def for_operation(self, operation: Operation[object]) -> Auth:
        """Return the client id and secret for operations that need them, else these credentials."""
        if self._client is not None and app_credentials(operation.path) == "client secret":
            return self._client
        return self

    async def headers(self) -> NoReturn:
        """Raise InvalidInput: a JWT depends on the client's clock."""
        raise needs_client(self)

    async def headers_for(self, call: AuthCall) -> Mapping[str, str]:
        """Return the ``authorization`` header of a call."""
        settings = call.caller.settings
        host = self._hosts.setdefault(settings.base_url, _Host())
        signed, now = host.signed, settings.clock.monotonic()
        if signed is None or now - signed.made >= _REUSED_FOR:
            signed = await self._flight.run(
                settings.base_url, lambda: self._signed(host, settings.clock)
            )
        call.note = signed.number
        return {"authorization": f"Bearer {signed.token}"}

    async def _signed(self, host: _Host, clock: Clock) -> _Signed:
        issued = int(clock.now() + host.skew) - _BACKDATED
        claims: dict[str, int | str] = {
            "iat": issued,
            "exp": issued + _LIFETIME,
            "iss": self._issuer,
        }
        made = clock.monotonic()
        token = await encode_jwt(claims, self._checked_sign)
        self._number += 1
        host.signed = _Signed(token, self._number, made)
        return host.signed

    async def _checked_sign(self, data: bytes) -> bytes:
        try:
            signature = await self._sign(data)
        except Exception as error:
            raise CredentialsError(
                f"The private_key function that signs for {self!r} failed: {type(error).__name__}."
            ) from error
        if not isinstance(signature, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidInput(
                "The private_key function must return the signature as bytes, not "
                f"{type(signature).__name__}."
            )
        return signature

    async def refused(self, call: AuthCall, response: Response) -> bool:
        """Return whether to retry the call, with a JWT dated by GitHub's clock.

        Raises:
            AppRefused: a new JWT would be refused too.
        """
        if response.status != 401:
            return False
        settings = call.caller.settings
        host = self._hosts.setdefault(settings.base_url, _Host())
        signed = host.signed
        if signed is None or signed.number != call.note:
            # Another call has already renewed the JWT.
            return call.refusals < 2
        skew = self._skew(response, settings.clock)
        if skew is not None and abs(skew - host.skew) > _CLOCK_TOLERANCE:
            logger.warning(
                "GitHub's clock is %.0f s %s this machine's; the App's tokens are dated by it.",
                abs(skew),
                "ahead of" if skew > 0 else "behind",
            )
            host.skew, host.signed = skew, None
            return True
        if settings.clock.monotonic() - signed.made > _CLOCK_TOLERANCE and call.refusals == 0:
            # The machine may have slept meanwhile: its monotonic clock stands still then.
            host.signed = None
            return True
        raise self._refusal(call, response, skew)

    def _skew(self, response: Response, clock: Clock) -> float | None:
        date = response.headers.date("date")
        return None if date is None else date - clock.now()

    def _refusal(self, call: AuthCall, response: Response, skew: float | None) -> AppRefused:
        settings, operation = call.caller.settings, call.operation
        message = settings.dialect.failure(response, settings.clock.now()).message
        key = f"the key {self._fingerprint}" if self._fingerprint else "its key"
        clock = "" if skew is None else f" The clocks differ by {abs(skew):.0f} s."
        text = (
            f"{operation}: GitHub does not accept {self!r} with {key}: "
            f"{message or 'Unauthorized'}.{clock} Check that the App has this key (its settings "
            "page shows the same fingerprint) and that the id is this App's."
        )
        return operation.call_error(AppRefused, text, response, message=message)

    def __repr__(self) -> str:
        return f"AppAuth({self._issuer!r})"


def needs_client(auth: object) -> InvalidInput:
    """Return the error for credentials whose ``headers()`` is called without a client."""
    return InvalidInput(
        f"{type(auth).__name__} needs a client to make its headers: pass it as auth= to Sdk() or "
        "with_options()."
    )
