"""``python -m examples.two_services``: both services; the shop calls the orders service.

It needs neither token nor network.
"""

import argparse
import os
import socket

import uvicorn

from examples.running import run
from examples.two_services import orders_app, shop_app
from sdk.testing import serve


async def main(host: str, port: int) -> None:
    """Serve the orders service on a free port, and the shop on `port`."""
    listener = socket.create_server((host, port))
    port = listener.getsockname()[1]
    async with serve(orders_app.app) as orders:
        # The shop reads it when it starts.
        os.environ["ORDERS_URL"] = orders
        print(f"Shop on http://{host}:{port}, its docs on http://{host}:{port}/docs")
        print(f"Orders service on {orders}")
        shop = f"http://{host}:{port}"
        print(
            f"Try: curl -X POST '{shop}/checkout?item=pen&iban=DE02'   (Ctrl+C ends it)", flush=True
        )
        config = uvicorn.Config(shop_app.app, log_level="warning")
        await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m examples.two_services", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port; 0 for a free one")
    arguments = parser.parse_args()
    run(main(arguments.host, arguments.port))
