"""The settings of a registered app, for the shell of the program that is tried with it."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .fake_server import RegisteredApp


def settings(app: RegisteredApp, base_url: str, key_path: Path) -> str:
    """Write the private key of an app to a file; return the settings as lines for a shell.

    Args:
        app: the app.
        base_url: the address of the fake server.
        key_path: a new file.

    Raises:
        ImportError: the package cryptography is not installed.
    """
    key_path.touch(mode=0o600)
    key_path.write_text(app.private_key)
    values = {
        "GITHUB_API_URL": base_url,
        "GITHUB_APP_CLIENT_ID": app.client_id,
        "GITHUB_APP_CLIENT_SECRET": app.client_secret,
        "GITHUB_APP_PRIVATE_KEY_PATH": str(key_path),
        "GITHUB_APP_WEBHOOK_SECRET": app.webhook_secret,
    }
    places = ", ".join(f"{number} at {account}" for account, number in app.installation_ids.items())
    lines = [f"# App {app.slug}, App ID {app.app_id}; installation {places}"]
    lines += [f"export {name}={quote(value)}" for name, value in values.items()]
    return "\n".join(lines)
