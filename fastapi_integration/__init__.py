"""One SDK client for a whole FastAPI app: opened when it starts, closed when it stops.

::

    from fastapi import FastAPI
    from fastapi_integration import SdkDep, install_error_handlers, sdk_lifespan

    app = FastAPI(lifespan=sdk_lifespan())
    install_error_handlers(app)

    @app.get("/users/{username}")
    async def read_user(username: str, sdk: SdkDep):
        return await sdk.users.get(username)

It needs nothing but FastAPI beside ``sdk``: no middleware, no globals, no ``app.state``. Importing
it opens nothing and reads no environment.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from sdk.lazy_exports import lazy_exports

if find_spec("fastapi") is None:
    raise ModuleNotFoundError(
        "fastapi_integration needs FastAPI: install github-sdk[fastapi].", name="fastapi"
    )

from .disconnect import until_disconnect
from .handlers import install_error_handlers
from .lifespans import combine_lifespans
from .problems import CALLER_RESPONSES, UPSTREAM_RESPONSES, UpstreamProblem
from .ready import HttpClientDep, SdkDep, SharedSdk, lifespan, sdk_lifespan, shared_sdk
from .shared import SharedClient

if TYPE_CHECKING:
    from .payloads import webhook_payload
    from .redis_sessions import RedisSessions
    from .sessions import MemorySessions, SessionStore, SignedIn
    from .sign_in import GitHubSignIn
    from .webhooks import webhook_router, webhooks_lifespan

__all__ = [
    "CALLER_RESPONSES",
    "UPSTREAM_RESPONSES",
    "GitHubSignIn",
    "HttpClientDep",
    "MemorySessions",
    "RedisSessions",
    "SdkDep",
    "SessionStore",
    "SharedClient",
    "SharedSdk",
    "SignedIn",
    "UpstreamProblem",
    "combine_lifespans",
    "install_error_handlers",
    "lifespan",
    "sdk_lifespan",
    "shared_sdk",
    "until_disconnect",
    "webhook_payload",
    "webhook_router",
    "webhooks_lifespan",
]

# Most apps receive no webhooks, and sign nobody in.
__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "GitHubSignIn": ".sign_in",
        "MemorySessions": ".sessions",
        "RedisSessions": ".redis_sessions",
        "SessionStore": ".sessions",
        "SignedIn": ".sessions",
        "webhook_payload": ".payloads",
        "webhook_router": ".webhooks",
        "webhooks_lifespan": ".webhooks",
    },
)
