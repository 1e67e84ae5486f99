"""The behaviour of clients generated from one description, with the same responses.

    python -m benchmarks.openapi_generators

The description is that of ``examples/two_services/orders_app.py``, with four operations. Each
generator runs in an environment of its own; the clients call a server on this machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent
from typing import Any

from benchmarks import peers
from benchmarks.peers import ROOT
from examples.two_services.orders_app import app

Reply = tuple[int, Any]

ID = "6ba7b811-9dad-11d1-80b4-00c04fd430c8"
ORDER: dict[str, Any] = {
    "id": ID,
    "item": "pen",
    "quantity": 1,
    "payment": {"kind": "card", "last_digits": "4242"},
    "status": "open",
    "created_at": "2026-01-01T00:00:00Z",
}

# Each prints the result of ``get``, or the number of orders of ``list``.
OURS = """
    import asyncio, sys
    from made import Orders
    async def main():
        async with Orders(base_url=sys.argv[1], api_key="k") as client:
            if sys.argv[2] == "list":
                print(len(await client.orders.list().collect()))
            else:
                order = await client.orders.get(sys.argv[3])
                print(order.status, order.item, order.quantity)
    asyncio.run(main())
    """
OPENAPI_PYTHON_CLIENT = """
    import sys
    from made.orders_client import AuthenticatedClient
    from made.orders_client.api.orders import get_order_orders_order_id_get as one
    from made.orders_client.api.orders import list_orders_orders_get as many
    client = AuthenticatedClient(sys.argv[1], "k", prefix="", auth_header_name="x-api-key")
    if sys.argv[2] == "list":
        print(len(many.sync(client=client).orders))
    else:
        order = one.sync(sys.argv[3], client=client)
        if hasattr(order, "status"):
            print(order.status, order.item, order.quantity)
        else:
            print("no error, returns", type(order).__name__)
    """
DATAMODEL_CODEGEN = """
    import sys
    from uuid import UUID
    from made.client import Client
    with Client(base_url=sys.argv[1], api_key_header="k") as client:
        if sys.argv[2] == "list":
            print(len(client.orders.list_orders_orders_get().orders))
        else:
            order = client.orders.get_order_orders__order_id__get(order_id=UUID(sys.argv[3]))
            print(order.status, order.item, order.quantity)
    """
PROGRAMS = {
    peers.OURS: OURS,
    "openapi_python_client": OPENAPI_PYTHON_CLIENT,
    "datamodel_codegen": DATAMODEL_CODEGEN,
}


def _always(status: int, body: Any) -> Callable[[int, str], Reply]:
    return lambda _number, _path: (status, body)


def _pages(_number: int, path: str) -> Reply:
    begin = int(path.partition("cursor=")[2].partition("&")[0] or 0)
    end = begin + 2
    orders = [ORDER] * min(2, 5 - begin)
    return 200, {"orders": orders, "next_cursor": str(end) if end < 5 else None}


WITHOUT_ITEM = {key: value for key, value in ORDER.items() if key != "item"}
SITUATIONS: dict[str, tuple[str, Callable[[int, str], Reply]]] = {
    "an unknown enum value": ("get", _always(200, ORDER | {"status": "refunded"})),
    "a null where the description has none": ("get", _always(200, ORDER | {"item": None})),
    "a required field is missing": ("get", _always(200, WITHOUT_ITEM)),
    "404 with the declared body": (
        "get",
        _always(404, {"code": "unknown_order", "order_id": ID}),
    ),
    "503, 503, then 200": (
        "get",
        lambda number, _path: (503, {}) if number < 3 else (200, ORDER),
    ),
    "five orders in three pages: how many one call of list gives": ("list", _pages),
}


class _Handler(BaseHTTPRequestHandler):
    server: _Upstream

    def do_GET(self) -> None:
        self.server.requests += 1
        status, value = self.server.answer(self.server.requests, self.path)
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Upstream(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answer: Callable[[int, str], Reply]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.requests = 0


def _python(name: str) -> str:
    return sys.executable if name == peers.OURS else peers.python(name)


def command_of(name: str, description: Path, target: Path) -> list[str]:
    """Return the command that writes the client ``made`` of a description into a folder."""
    python = _python(name)
    if name == peers.OURS:
        root = ["--root", str(target.parent)]
        return [python, "-m", "sdk.codegen", str(description), "--package", "made", *root]
    if name == "openapi_python_client":
        command = [python, "-m", "openapi_python_client", "generate", "--path", str(description)]
        return [*command, "--meta", "none", "--output-path", str(target / "orders_client")]
    command = [python, "-m", "datamodel_code_generator", "--input", str(description)]
    command += ["--input-file-type", "openapi", "--output", str(target / "models.py")]
    command += ["--output-model-type", "pydantic_v2.BaseModel", "--generate-client", "httpx2"]
    command += ["--client-output", str(target / "client"), "--client-package", "made.client"]
    command += ["--client-model-package", "made.models"]
    return [*command, "--client-default-base-url", "http://127.0.0.1:1"]


def environment_of(name: str) -> dict[str, str]:
    """Return the variables that a generator runs with."""
    return {"PATH": f"{Path(_python(name)).parent}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)}


def lines_of(target: Path) -> int:
    """Count the lines of Python in a package."""
    return sum(len(path.read_text().splitlines()) for path in target.rglob("*.py"))


def generate(name: str, folder: Path) -> str:
    """Write the client ``made`` into a folder; return its number of lines."""
    description = folder / "orders.json"
    description.write_text(json.dumps(app.openapi()))
    target = folder / "made"
    if name != peers.OURS:
        target.mkdir()
    command = command_of(name, description, target)
    subprocess.run(command, cwd=folder, env=environment_of(name), check=True, capture_output=True)
    (target / "__init__.py").touch()
    return f"{lines_of(target):,}"


def outcome(name: str, folder: Path, call: str, answer: Callable[[int, str], Reply]) -> str:
    """Run one client in one situation, and describe the result."""
    with _Upstream(answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        done = subprocess.run(
            [_python(name), "-c", dedent(PROGRAMS[name]), address, call, ID],
            cwd=folder,
            env={"PYTHONPATH": f"{folder}:{ROOT}"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        server.shutdown()
    last = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()[-1]
    text = last if done.returncode == 0 else f"raises {last.partition(':')[0].rpartition('.')[2]}"
    return f"{text} ({server.requests} requests)" if server.requests > 1 else text


def main() -> None:
    """Print the table."""
    rows: dict[str, list[str]] = {"generated lines": [], **{name: [] for name in SITUATIONS}}
    for name in PROGRAMS:
        with TemporaryDirectory() as folder:
            rows["generated lines"].append(generate(name, Path(folder)))
            for situation, (call, answer) in SITUATIONS.items():
                rows[situation].append(outcome(name, Path(folder), call, answer))
    print("| |", " | ".join(PROGRAMS), "|")
    print("|---" * (len(PROGRAMS) + 1) + "|")
    for situation, cells in rows.items():
        print("|", situation, "|", " | ".join(cell.replace("|", "\\|") for cell in cells), "|")


if __name__ == "__main__":
    main()
