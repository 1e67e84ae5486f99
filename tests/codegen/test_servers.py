from __future__ import annotations

from codegen import emit_servers
from tests.codegen.tiny import described


def operations(*names):
    return described({f"GET /{name}": {"operationId": f"things/{name}"} for name in names}).document


def test_an_operation_is_listed_under_the_newest_release_without_it():
    servers = {
        "3.9": operations("get"),
        "3.10": operations("get", "list-new"),
    }
    text = emit_servers.table(operations("get", "list-new", "list-newest"), servers)
    found = {}
    exec(text, found)  # noqa: S102  it is our own output
    assert found["LACKING"] == {
        "3.9": {"things": "list-new"},
        "3.10": {"things": "list-newest"},
    }


def test_without_descriptions_of_servers_nothing_is_listed():
    found = {}
    exec(emit_servers.table(operations("get"), {}), found)  # noqa: S102  it is our own output
    assert found["LACKING"] == {}
