"""Where descriptions come from: an address, standard input, an app; and what OpenAPI 3.2 added."""

import io
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from sdk.codegen.__main__ import _clients, _parser, main, watch
from tests.openapi_clients.made import client_of, described, get, imported
from tests.transport.support import Upstream

DESCRIPTION = described({"/x": get({"type": "string"}, operationId="fetch")})


def run(tmp_path, source, *arguments):
    return main([str(source), "--package", "made", "--root", str(tmp_path), *arguments])


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(DESCRIPTION).encode() if self.path == "/openapi.json" else b"<html>"
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def address():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_description_is_read_from_an_address(address, tmp_path):
    assert run(tmp_path, f"{address}/openapi.json") == 0
    assert run(tmp_path, f"{address}/openapi.json", "--check") == 0


@pytest.mark.parametrize(
    ("path", "told"),
    [("missing", "cannot be fetched: HTTP Error 404"), ("page", "holds no OpenAPI description")],
)
def test_an_address_without_a_description_is_an_error(path, told, address, tmp_path, capsys):
    assert run(tmp_path, f"{address}/{path}") == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "made").exists()


def test_an_unreachable_address_is_an_error(tmp_path, capsys):
    assert run(tmp_path, "http://127.0.0.1:1/openapi.json") == 2
    assert "cannot be fetched" in capsys.readouterr().err


def test_a_description_is_read_from_standard_input(tmp_path, monkeypatch):
    content = io.TextIOWrapper(io.BytesIO(json.dumps(DESCRIPTION).encode()))
    monkeypatch.setattr(sys, "stdin", content)
    assert run(tmp_path, "-") == 0
    assert (tmp_path / "made" / "client.py").is_file()


def test_a_larger_standard_input_than_any_description_is_refused(tmp_path, monkeypatch, capsys):
    content = json.dumps(DESCRIPTION).encode()
    monkeypatch.setattr("sdk.codegen.sources._MOST_BYTES", len(content) - 1)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert run(tmp_path, "-") == 2
    assert "standard input is larger than" in capsys.readouterr().err


APP = """
print("imported")
from fastapi import FastAPI

app = FastAPI(title="Files")

@app.get("/files/{path:path}", tags=["files"])
async def read(path: str) -> str:
    return path

def factory():
    return app

not_an_app = 5
"""


@pytest.mark.parametrize("attribute", ["app", "factory"])
def test_an_app_that_prints_and_its_paths_of_several_segments(attribute, tmp_path):
    (tmp_path / "service.py").write_text(APP)
    assert run(tmp_path, f"service:{attribute}") == 0
    assert 'multi_segment=("path",)' in (tmp_path / "made" / "resources" / "files.py").read_text()
    assert "service" not in sys.modules


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("service:not_an_app", "is int, which has no method openapi"),
        ("service:nothing", "cannot be imported: AttributeError"),
        ("broken:app", "cannot be imported: RuntimeError: no database"),
    ],
)
def test_something_that_is_not_an_app_is_refused(source, told, tmp_path, capsys):
    (tmp_path / "service.py").write_text(APP)
    (tmp_path / "broken.py").write_text("raise RuntimeError('no database')")
    assert run(tmp_path, source) == 2
    assert told in capsys.readouterr().err


def test_watch_writes_on_each_change_and_outlives_a_broken_file(tmp_path, capsys):
    source = tmp_path / "d.json"
    models = tmp_path / "made" / "client.py"
    seen: list[str] = []

    def write(title):
        text = json.dumps({**DESCRIPTION, "info": {"title": title, "version": "1"}})
        source.write_text(text if title else "{")
        # The clock of a file system may be too coarse for two writes in a row.
        os.utime(source, ns=(len(seen), len(seen)))

    turns = iter(["First", "", "Second", "Second"])
    write("Start")

    def sleep(_seconds):
        seen.append(models.read_text().partition("class ")[2].partition("(")[0])
        following = next(turns, None)
        if following is None:
            raise KeyboardInterrupt
        write(following)

    arguments = [str(source), "--package", "made", "--root", str(tmp_path), "--quiet"]
    options = _parser().parse_args(arguments)
    assert watch(_clients(options), options, sleep) == 0
    # The name of the client is kept from the first run.
    assert seen == ["Start"] * 5
    assert "is not JSON" in capsys.readouterr().err
    assert '"""Second."""' in models.read_text()


async def test_methods_and_streams_of_openapi_3_2(tmp_path):
    event = {"type": "object", "properties": {"n": {"type": "integer"}}}
    description = described(
        {
            "/search": {
                "query": {
                    "operationId": "search",
                    "requestBody": {"content": {"application/json": {"schema": event}}},
                    "responses": {
                        "200": {
                            "description": "",
                            "content": {"application/json": {"schema": event}},
                        }
                    },
                },
                "additionalOperations": {
                    "COPY": {
                        "operationId": "copy",
                        "responses": {"204": {"description": "copied"}},
                    }
                },
            },
            "/events": {
                "get": {
                    "operationId": "events",
                    "responses": {
                        "200": {
                            "description": "",
                            "content": {"application/jsonl": {"itemSchema": event}},
                        }
                    },
                }
            },
        }
    )
    client_class, _ = imported({**description, "openapi": "3.2.0"}, tmp_path)
    upstream = Upstream(httpx.Response(200, json={"n": 1}))
    client = client_class(http_client=upstream.http_client())
    assert (await client.root.search(n=1)).n == 1
    assert (upstream.last.method, upstream.last.content) == ("QUERY", b'{"n":1}')
    await client.root.copy()
    assert upstream.last.method == "COPY"
    lines = {"content": b'{"n": 1}\n{"n": 2}\n', "headers": {"content-type": "application/jsonl"}}
    client = client_class(http_client=Upstream(httpx.Response(200, **lines)).http_client())
    assert [each.n async for each in client.root.events()] == [1, 2]


def test_a_whole_query_string_as_a_parameter_is_a_note():
    parameter = {"name": "q", "in": "querystring", "content": {"text/plain": {}}}
    made = client_of(described({"/x": get({"type": "string"}, parameters=[parameter])}))
    assert "parameters that are a whole query string: q" in "\n".join(made.summary())
