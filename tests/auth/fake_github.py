"""The endpoints of GitHub Apps, in memory: JWTs, installation tokens and a call."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from email.utils import formatdate

import httpx
import jwt

from sdk import GitHubApp, Sdk
from tests.auth.keys import pem, public_pem
from tests.transport.support import FakeClock

CLIENT_ID = "Iv23liTest"


class FakeGitHub:
    """Responds as GitHub does; its clock is `skew` seconds ahead of the client's."""

    def __init__(self, clock=None, *, skew=0.0):
        self.clock = clock or FakeClock()
        self.skew = skew
        self.count = Counter()
        self.tokens = {}
        self.minted_at = {}
        self.replication = 0.0
        self.forbidden_at_first = False
        self.status_of_mint = None
        self.suspended = False
        self.gone = False
        self.seen = []
        self.bodies = []
        self.lifetime = 3600
        self.hold = None

    @property
    def now(self):
        return self.clock.time + self.skew

    async def __call__(self, request):
        # Other tasks run before the response, as with a network.
        await asyncio.sleep(0)
        status, body = await self._answer(request)
        headers = {"date": formatdate(self.now, usegmt=True), "x-github-request-id": "R1"}
        return httpx.Response(status, json=body, headers=headers)

    async def _answer(self, request):
        path = request.url.path.removeprefix("/api/v3")
        auth = request.headers.get("authorization", "")
        self.seen.append((request.method, path, auth))
        if path == "/app" or path.startswith("/app/") or path.endswith("/installation"):
            self.count["jwt"] += 1
            refused = self._refuse_jwt(auth)
            if refused:
                return 401, {"message": refused}
            if path.endswith("/access_tokens"):
                return await self._mint(request)
            if path.endswith("/installation"):
                self.count["lookup"] += 1
                return (404, {"message": "Not Found"}) if self.gone else (200, {"id": 42})
            return 200, {"id": 1, "slug": "my-app"}
        if path == "/installation/token":
            self.count["revoke"] += 1
            return (204, None) if self.tokens.pop(auth[7:], None) else (401, {"message": "Bad"})
        self.count["call"] += 1
        return self._call(auth[7:])

    def _call(self, token):
        if token not in self.tokens or self.tokens[token] <= self.now:
            return 401, {"message": "Bad credentials"}
        if self.now - self.minted_at[token] < self.replication:
            if self.forbidden_at_first:
                return 403, {"message": "Resource not accessible by integration"}
            return 401, {"message": "Bad credentials"}
        if self.suspended:
            return 403, {"message": "This installation has been suspended"}
        return 200, {"token": token}

    def _refuse_jwt(self, auth):
        try:
            claims = jwt.decode(
                auth.removeprefix("Bearer "),
                public_pem(),
                algorithms=["RS256"],
                options={"verify_exp": False, "verify_iat": False, "require": ["iat", "exp"]},
            )
        except jwt.PyJWTError:
            return "A JSON web token could not be decoded"
        if claims["iss"] not in (CLIENT_ID, "12345"):
            return "Integration not found"
        if not isinstance(claims["iat"], int) or claims["iat"] > self.now:
            return "'Issued at' claim ('iat') must be an Integer"
        if claims["exp"] > self.now + 600:
            return "'Expiration time' claim ('exp') is too far in the future"
        if claims["exp"] <= self.now:
            return "'Expiration time' claim ('exp') must be a numeric value in the future"
        return None

    async def _mint(self, request):
        self.count["mint"] += 1
        self.bodies.append(request.content)
        if self.hold is not None:
            await self.hold.wait()
        if self.status_of_mint:
            return self.status_of_mint.pop(0), {"message": "Not now"}
        if self.gone:
            return 404, {"message": "Not Found"}
        if self.suspended:
            return 403, {"message": "This installation has been suspended"}
        token = f"ghs_{self.count['mint']}"
        self.tokens[token] = self.now + self.lifetime
        self.minted_at[token] = self.now
        expires_at = datetime.fromtimestamp(self.tokens[token], UTC).isoformat()
        return 201, {"token": token, "expires_at": expires_at.replace("+00:00", "Z")}

    def app(self, **options):
        return GitHubApp(**{"client_id": CLIENT_ID, "private_key": pem(), **options})

    def sdk(self, app=None, **options):
        return Sdk(
            app=app or self.app(),
            http_client=httpx.AsyncClient(transport=httpx.MockTransport(self)),
            **{"clock": self.clock.clock, **options},
        )
