"""An app that users sign in to with GitHub: ``python -m examples.sign_in``.

It runs on a local fake GitHub server, whose pages have the buttons Authorize and Cancel. Open
the address that it prints.
"""

import argparse
import secrets
import socket
from html import escape
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse

from examples.running import run
from fastapi_integration import GitHubSignIn, SignedIn, install_error_handlers, sdk_lifespan
from sdk import Sdk
from sdk.auth import OAuthApp
from sdk.testing import AppSeed, StandIn, serve

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Example</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 15vh auto;
padding: 0 1rem }} button, a.button {{ font: inherit; padding: .5rem 1rem; border-radius: .375rem;
border: 1px solid #1f883d; background: #1f883d; color: #fff; text-decoration: none }}</style>
{body}</html>"""


def make_app(oauth: OAuthApp, api_url: str | None = None) -> FastAPI:
    """Return the app; `api_url` is the API's address, if it is not GitHub's own."""
    sign_in = GitHubSignIn(oauth, secret=secrets.token_urlsafe(32))
    app = FastAPI(title="Sign-in example", lifespan=sdk_lifespan(lambda: _sdk(api_url)))
    install_error_handlers(app)
    app.include_router(sign_in.router)

    @app.get("/", response_class=HTMLResponse)
    async def home(user: Annotated[SignedIn | None, Depends(sign_in.signed_in)]) -> str:
        """Show who is signed in."""
        if user is None:
            body = '<h1>Hello</h1><p><a class="button" href="/login">Sign in with GitHub</a>'
        else:
            body = (
                f'<h1>Hello, {escape(user.login)}</h1><p><a href="/repos">Your repositories</a>'
                '<form method="post" action="/logout"><button>Sign out</button></form>'
            )
        return _PAGE.format(body=body)

    @app.get("/repos")
    async def repos(sdk: Annotated[Sdk, Depends(sign_in.user_sdk)]) -> list[str]:
        """List the user's repositories, with the user's own token."""
        page = await sdk.repos.list_for_authenticated_user()
        return [repo.full_name for repo in page.items]

    return app


def _sdk(api_url: str | None) -> Sdk:
    return Sdk(token=None, base_url=api_url)


async def main(host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the app, and a fake GitHub beside it."""
    listener = socket.create_server((host, port))
    port = listener.getsockname()[1]
    callback = f"http://{host}:{port}/login/callback"
    github = StandIn(apps=[AppSeed(name="Sign-in example", redirect_uris=[callback])])
    registered = github.apps[0]
    oauth = OAuthApp(registered.client_id, registered.client_secret, redirect_uri=callback)
    async with serve(github) as address:
        print(
            f"Open http://{host}:{port}/   (fake GitHub on {address}; Ctrl+C ends it)", flush=True
        )
        config = uvicorn.Config(make_app(oauth, address), log_level="warning")
        await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m examples.sign_in", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="port; 0 for a free one")
    run(main(port=parser.parse_args().port))
