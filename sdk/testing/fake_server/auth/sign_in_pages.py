"""The HTML pages of sign-in: authorize an app, enter a device code."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from sdk.testing.fake_server.messages import Reply

_HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "origin-when-cross-origin, strict-origin-when-cross-origin",
}

_STYLE = "body{font:16px sans-serif;max-width:30em;margin:3em auto}button,input{font:inherit}"


def authorize_page(app: str, login: str, scope: str, fields: Mapping[str, str]) -> Reply:
    """Return the page that asks a user to authorize an app."""
    wants = f"<p>It asks for: {escape(scope)}</p>" if scope else ""
    return _page(
        f"Authorize {app}",
        f"<p><b>{escape(app)}</b> wants to sign you in as <b>{escape(login)}</b>.</p>{wants}"
        f'<form method="post" action="authorize">{_hidden(fields)}'
        '<button name="decision" value="authorize">Authorize</button> '
        '<button name="decision" value="cancel">Cancel</button></form>',
    )


def device_page(login: str, code: str = "", problem: str = "") -> Reply:
    """Return the page on which a user enters a device's code."""
    notice = f"<p role=alert>{escape(problem)}</p>" if problem else ""
    return _page(
        "Device activation",
        f"{notice}<p>Signed in as <b>{escape(login)}</b>.</p>"
        f'<form method="post" action="device">{_hidden({"login": login})}'
        f'<label>Code <input name="user_code" value="{escape(code)}"></label> '
        '<button name="decision" value="authorize">Authorize</button> '
        '<button name="decision" value="cancel">Cancel</button></form>',
    )


def message_page(title: str, text: str, status: int = 200) -> Reply:
    """Return a page with one message."""
    reply = _page(title, f"<p>{escape(text)}</p>")
    reply.status = status
    return reply


def _hidden(fields: Mapping[str, str]) -> str:
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )


def _page(title: str, body: str) -> Reply:
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>"
    )
    return Reply(200, html.encode(), dict(_HEADERS))
