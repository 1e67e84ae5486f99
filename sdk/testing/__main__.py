"""``python -m sdk.testing``: serve the stand-in API until it is interrupted."""

from __future__ import annotations

import argparse
import asyncio

from .standin import StandIn, serve


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m sdk.testing",
        description="Serve a stand-in of api.github.com on this machine: no network, no token.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port; by default a free one")
    parser.add_argument(
        "--rate-limit", type=int, default=5000, help="calls per hour, 5000 by default"
    )
    arguments = parser.parse_args()
    app = StandIn(rate_limit=arguments.rate_limit)
    try:
        asyncio.run(_run(app, arguments.host, arguments.port))
    except OSError as error:
        parser.exit(1, f"Cannot listen on {arguments.host}:{arguments.port}: {error.strerror}\n")
    except KeyboardInterrupt:
        pass


async def _run(app: StandIn, host: str, port: int) -> None:
    async with serve(app, host=host, port=port) as base_url:
        print(f"Stand-in of the GitHub API at {base_url} (Ctrl+C ends it)", flush=True)  # noqa: T201  the address is what the command is for
        print(f'Try: curl "{base_url}/users/octocat"', flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    main()
