"""``python -m sdk.testing``: run the fake GitHub server until it is interrupted."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType


def main() -> None:
    """Read the command line and serve."""
    # Ctrl+C during the imports exits at once, without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parser = argparse.ArgumentParser(
        prog="python -m sdk.testing",
        description="Run a fake GitHub server on this machine: no network, no token.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=_port, default=0, help="port; by default a free one")
    parser.add_argument(
        "--rate-limit", type=_calls, default=5000, help="calls per hour, 5000 by default"
    )
    app = parser.add_argument_group("a GitHub App, for programs that sign in or receive webhooks")
    app.add_argument("--app", action="store_true", help="register an App and print its settings")
    app.add_argument("--webhook-url", metavar="URL", help="where its webhooks are delivered")
    app.add_argument("--webhook-secret", metavar="SECRET", help="by default a random one")
    app.add_argument("--callback-url", metavar="URL", help="by default any is accepted")
    arguments = parser.parse_args()
    if not arguments.app:
        for name in ("webhook_url", "webhook_secret", "callback_url"):
            if getattr(arguments, name) is not None:
                parser.error(f"--{name.replace('_', '-')} is a setting of an App: pass --app, too")
    with contextlib.suppress(KeyboardInterrupt):
        try:
            _serve(arguments)
        except ImportError as error:
            parser.exit(1, f"{error}\n")
        except (OSError, UnicodeError) as error:
            reason = (isinstance(error, OSError) and error.strerror) or "the host name is not valid"
            where = f"{arguments.host}:{arguments.port}"
            parser.exit(1, f"Cannot listen on {where}: {reason}\n")


def _port(text: str) -> int:
    port = _number(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{port} is not a port number (0 to 65535)")
    return port


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None


def _calls(text: str) -> int:
    calls = _number(text)
    if calls < 0:
        raise argparse.ArgumentTypeError(f"{calls} is negative: pass a number of calls")
    return calls


def _serve(arguments: argparse.Namespace) -> None:
    from .app_settings import settings
    from .fake_server import AppSeed, StandIn, serve

    app = StandIn(rate_limit=arguments.rate_limit)
    if arguments.app:
        seed = AppSeed(
            webhook_url=arguments.webhook_url,
            webhook_secret=arguments.webhook_secret,
            redirect_uris=[arguments.callback_url] if arguments.callback_url else [],
        )
        app.register_app(seed)
    # What is printed can be read by a shell, if it has settings.
    comment = "# " if arguments.app else ""

    async def run() -> None:
        async with serve(app, host=arguments.host, port=arguments.port) as base_url:
            app.load()
            _say(f"{comment}Fake GitHub server at {base_url} (Ctrl+C ends it)")
            _say(f'{comment}Try: curl "{base_url}/users/octocat"')
            with TemporaryDirectory(prefix="stand-in-") if app.apps else nullcontext("") as keys:
                for each in app.apps:
                    _say(settings(each, base_url, Path(keys, f"{each.slug}.pem")))
                await asyncio.Event().wait()

    signal.signal(signal.SIGINT, signal.default_int_handler)
    # The signal that ends containers and background jobs works like Ctrl+C.
    signal.signal(signal.SIGTERM, _interrupt)
    asyncio.run(run())


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  the address is what the command is for


def _interrupt(signum: int, frame: FrameType | None) -> None:
    del signum, frame
    signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    main()
