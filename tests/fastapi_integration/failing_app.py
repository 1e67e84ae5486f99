"""An app whose upstream calls fail, with secrets in the failures."""

import httpx
from fastapi import FastAPI

from fastapi_integration import (
    SdkDep,
    install_error_handlers,
    sdk_lifespan,
)
from sdk import (
    Sdk,
)

SECRETS = ("s3cret", "rack 12", "upstream.example", "ghp_planted")


def failing(failure):
    """Return a factory of an Sdk whose calls all fail with `failure`."""

    def answer(request):
        if isinstance(failure, Exception):
            raise failure
        return failure

    return lambda: Sdk(
        token="ghp_planted",
        base_url="https://upstream.example",
        http_client=httpx.AsyncClient(transport=httpx.MockTransport(answer)),
        retry=None,
    )


def refusal(status, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(
        status,
        json={
            "message": "s3cret trouble in rack 12",
            "documentation_url": "https://upstream.example",
        },
        headers={"x-github-request-id": "AB:12", **headers},
    )


def app_for(factory, **options):
    app = FastAPI(lifespan=sdk_lifespan(factory))
    install_error_handlers(app, **options)

    @app.get("/user")
    async def user(sdk: SdkDep) -> str:
        return (await sdk.users.get("octocat")).login

    return app
