"""The pages of sign-in: constant texts, which show no part of a request or an error."""

from __future__ import annotations

from html import escape

from fastapi.responses import HTMLResponse

from sdk import ApiError
from sdk.auth.errors import CodeRefused, EmailNotVerified
from sdk.transport.errors import CredentialsError, SdkError

_HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
    ),
}

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  body {{ font: 1rem/1.5 system-ui, sans-serif; color: #1f2328; background: #f6f8fa; margin: 0; }}
  main {{ max-width: 26rem; margin: 12vh auto; padding: 2rem; background: #fff;
          border: 1px solid #d1d9e0; border-radius: .5rem; }}
  h1 {{ font-size: 1.25rem; margin: 0 0 .5rem; }}
  p {{ margin: 0 0 1.5rem; }}
  a {{ display: inline-block; padding: .5rem 1rem; border-radius: .375rem; background: #1f883d;
       color: #fff; text-decoration: none; font-weight: 600; }}
  a:focus-visible {{ outline: 3px solid #0969da; outline-offset: 2px; }}
</style>
<main>
  <h1>{title}</h1>
  <p>{text}</p>
  <a href="{login}">Sign in with GitHub</a>
</main>
</html>
"""

CANCELLED = (
    403,
    "Sign-in cancelled",
    "You did not allow access. You can sign in again at any time.",
)
NOT_BEGUN_HERE = (
    400,
    "Sign-in not completed",
    "This sign-in did not begin in this browser, has been used, or took longer than 10 minutes.",
)
REFUSED = (400, "Sign-in not completed", "GitHub did not accept this sign-in. Please try again.")
NO_ANSWER = (502, "GitHub could not be reached", "Please try again in a moment.")
NO_EMAIL = (403, "Sign-in not completed", "Verify your email address at GitHub, then try again.")
# The owner of the app has to act: the log says why.
APP_REFUSED = (502, "Signing in does not work at the moment", "Please try again later.")
BAD_RETURN = (400, "This link is not valid", "It leads out of this site.")
FOREIGN = (403, "Not signed out", "The request came from another site.")


def kind_of(failure: SdkError) -> tuple[int, str, str]:
    """Return the kind of the page for a sign-in that failed."""
    match failure:
        case CodeRefused():
            return REFUSED
        case ApiError():
            return REFUSED if failure.status < 500 else NO_ANSWER
        case EmailNotVerified():
            return NO_EMAIL
        case CredentialsError():
            return APP_REFUSED
        case _:
            return NO_ANSWER


def page(kind: tuple[int, str, str], login: str) -> HTMLResponse:
    """Return a page with a link to sign in."""
    status, title, text = kind
    content = _PAGE.format(title=title, text=text, login=escape(login))
    return HTMLResponse(content, status, _HEADERS)
