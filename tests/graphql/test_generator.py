"""``python -m sdk.graphql``: what is written for a document, and what is refused."""

import json
import runpy
import subprocess
import sys
from pathlib import Path

import graphql
import pytest

from sdk.graphql.generator.command import main

SCHEMA = Path(__file__).with_name("shop.graphql")
MANY = """query A {
  items(first: 100) { nodes { parts(first: 100) { nodes { parts(last: 100) { totalCount } } } } }
}"""
DOCUMENT = """
query ListItems($color: Color, $cursor: String, $first: Int! = 10) {
  items(first: $first, after: $cursor, color: $color) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { ...Parts owner { __typename ... on Person { name email } ... on Robot { model } } }
  }
}
query GetItem($id: ID!) { item(id: $id) { ...Parts from shown: color } }
query Color($in: Period, $sale: Sale) {
  sold(in: $in, sale: $sale) { color date @include(if: true) again: date }
}
query ItemPair($itemId: ID!, $item_id: ID!) {
  item(id: $itemId) { madeAt made_at: name }
  other: item(id: $item_id) { name }
}
query AB { item(id: 1) { name } }
query omit($color: Color) { items(first: 1, color: $color) { totalCount } }
query Twins($left: String, $right: String) {
  left: item(id: 1) { parts(first: 1, after: $left) { ...Page } }
  right: item(id: 2) { parts(first: 1, after: $right) { ...Page } }
}
fragment Page on ItemConnection { pageInfo { hasNextPage endCursor } nodes { name } }
mutation AddItem($input: ItemInput!) { addItem(input: $input) { id } }
fragment Parts on Item { name color madeAt price }
"""


@pytest.fixture
def run(tmp_path):
    def run(text, *options, schema=SCHEMA):
        path = tmp_path / "shop-items.graphql"
        path.write_text(text)
        return main([str(path), "--schema", str(schema), *options])

    return run


@pytest.fixture
def module(run, tmp_path, monkeypatch):
    assert run(DOCUMENT) == 0
    monkeypatch.syspath_prepend(tmp_path)
    sys.modules.pop("shop_items", None)
    import shop_items

    yield shop_items
    del sys.modules["shop_items"]


ITEM = {"name": "cup", "color": "RED", "madeAt": "2026-01-02T03:04:05Z", "price": 7}


async def test_a_query_is_a_function_with_typed_arguments_and_result(module, sdk, server):
    server.data(item={**ITEM, "from": "here", "shown": "RED"})
    result = await module.get_item(sdk, id="7")
    assert isinstance(result, module.GetItem)
    assert (result.item.name, result.item.from_, result.item.made_at.year) == ("cup", "here", 2026)
    assert server.sent[0]["variables"] == {"id": "7"}
    assert "AddItem" not in server.sent[0]["query"]


async def test_a_connection_gets_a_function_that_pages(module, sdk, server):
    def page(name, cursor):
        info = {"hasNextPage": cursor is not None, "endCursor": cursor}
        owner = {"__typename": "Robot", "model": "R2"}
        node = {**ITEM, "name": name, "owner": owner}
        items = {"totalCount": 2, "pageInfo": info, "nodes": [node]}
        return {"data": {"items": items}}

    server.replies = [page("a", "c1"), page("b", None)]
    found = [item async for item in module.list_items_pages(sdk, color="RED")]
    assert [item.name for item in found] == ["a", "b"]
    assert isinstance(found[0], module.ListItemsItemsNode)
    assert (found[0].owner.typename, found[0].owner.model) == ("Robot", "R2")
    assert found[0].owner.email is None
    assert [sent["variables"] for sent in server.sent] == [
        {"color": "RED"},
        {"color": "RED", "cursor": "c1"},
    ]


async def test_a_mutation_takes_a_typed_input(module, sdk, server):
    server.data(addItem={"id": "1"})
    result = await module.add_item(sdk, input={"name": "cup", "price": {"amount": 1}})
    assert result.add_item.id == "1"
    assert module.ItemInput.__required_keys__ == {"name"}
    assert module.PriceInput.__required_keys__ == {"amount"}


async def test_an_input_may_have_any_field_and_refer_to_inputs_further_down(module, sdk, server):
    server.data(sold={"color": "RED", "date": "2026-01-02", "again": None})
    period = {"from": "2026-01-01", "within": {"days": 3}}
    await module.color(sdk, in_=period, sale={"days": {"days": 1}})
    assert server.sent[0]["variables"]["in"] == period
    assert module.Period.__required_keys__ == {"within"}
    assert module.Sale.__required_keys__ == {"days"}


async def test_a_result_is_not_called_as_an_enum_or_an_input(module, sdk, server):
    server.data(sold={"color": "RED", "date": "2026-01-02", "again": None})
    result = await module.color(sdk)
    assert isinstance(result, module.Color2)
    assert (result.sold.color, result.sold.date_.day) == ("RED", 2)
    assert module.Color.__args__ == ("RED", "GREEN", "BROWN")


async def test_two_names_that_are_one_in_python_stay_apart(module, sdk, server):
    server.data(item={"madeAt": "2026-01-02T03:04:05Z", "made_at": "cup"}, other={"name": "pot"})
    pair = await module.item_pair(sdk, item_id="1", item_id_="2")
    assert server.sent[0]["variables"] == {"itemId": "1", "item_id": "2"}
    assert (pair.item.made_at.year, pair.item.made_at_) == (2026, "cup")


async def test_the_text_of_a_query_has_a_name_of_its_own(module, sdk, server):
    server.data(item={"name": "cup"})
    assert (await module.ab(sdk)).item.name == "cup"
    server.data(items={"totalCount": 3})
    await module.omit(sdk)
    assert server.sent[1]["variables"] == {}


def test_quotes_and_backslashes_reach_the_server_as_they_are(run, tmp_path):
    document = r'''query Quoted {
      one: item(id: "\\d \"x\"") { id }
      two: item(id: """C:\d \""" end""") { id }
    }'''
    assert run(document) == 0
    module = runpy.run_path(str(tmp_path / "shop_items.py"))
    assert graphql.strip_ignored_characters(module["QUOTED"]) == (
        graphql.strip_ignored_characters(document)
    )


async def test_connections_of_the_same_name_get_a_function_each(module, sdk, server):
    last = {"hasNextPage": False, "endCursor": None}
    both = {
        side: {"parts": {"pageInfo": last, "nodes": [{"name": side}]}} for side in ("left", "right")
    }
    server.data(**both)
    assert [part.name async for part in module.twins_left_parts_pages(sdk)] == ["left"]
    server.data(**both)
    assert [part.name async for part in module.twins_right_parts_pages(sdk)] == ["right"]


async def test_an_enum_value_that_is_new_is_kept(module, sdk, server):
    server.data(item={**ITEM, "color": "VIOLET", "from": None, "shown": None})
    assert (await module.get_item(sdk, id="7")).item.color == "VIOLET"


def test_the_module_passes_the_checks_of_this_repository(run, tmp_path):
    assert run(DOCUMENT) == 0
    root = Path(__file__).parents[2]
    for tool in (
        ["mypy", "--strict"],
        ["ruff", "check", "--select", "E,F,I,UP", "--ignore", "E501"],
    ):
        command = [sys.executable, "-m", *tool, str(tmp_path / "shop_items.py")]
        found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stdout + found.stderr


def test_a_schema_may_be_an_introspection_result(run, tmp_path):
    schema = graphql.build_schema(SCHEMA.read_text())
    path = tmp_path / "schema.json"
    path.write_text(json.dumps({"data": graphql.introspection_from_schema(schema)}))
    assert run(DOCUMENT, schema=path) == 0


def test_check_fails_if_the_module_is_out_of_date(run, tmp_path, capsys):
    assert run(DOCUMENT, "--check") == 1
    assert "out of date" in capsys.readouterr().err
    assert not (tmp_path / "shop_items.py").exists()
    assert run(DOCUMENT) == 0
    assert run(DOCUMENT, "--check") == 0
    assert run(DOCUMENT.replace("shown: color", ""), "--check") == 1


def test_files_are_in_utf_8(run, tmp_path, capsys):
    schema = tmp_path / "named.graphql"
    schema.write_text('type Query { "Größe, →" size: Int }', encoding="utf-8")
    assert run("# Größe\nquery Size { size }", schema=schema) == 0
    path = tmp_path / "shop-items.graphql"
    path.write_bytes("# Größe".encode("latin-1"))
    assert main([str(path), "--schema", str(schema)]) == 1
    assert "is not in UTF-8" in capsys.readouterr().err


def test_a_file_that_was_not_generated_is_not_overwritten(run, tmp_path, capsys):
    (tmp_path / "shop_items.py").write_text("mine = 1\n")
    assert run(DOCUMENT) == 1
    assert (tmp_path / "shop_items.py").read_text() == "mine = 1\n"
    assert "was not generated" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("query A { nope }", "Cannot query field 'nope'"),
        ("query A { item(id: 7.5) { id } }", "ID cannot represent"),
        ("query A {", "Syntax Error"),
        ("{ named { name } }", "a query has no name"),
        ("subscription S { added { id } }", "cannot be sent over HTTP"),
        (
            "query getItem { item(id: 1) { id } } query GetItem { item(id: 2) { id } }",
            "getItem and GetItem would both have the function get_item",
        ),
        (
            """query Items($after: String) {
              items(first: 1, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
            }
            query ItemsPages { item(id: 1) { id } }""",
            "Items and ItemsPages would both have the function items_pages",
        ),
    ],
)
def test_an_invalid_document_is_refused(run, tmp_path, capsys, text, error):
    assert run(text) == 1
    assert error in capsys.readouterr().err
    assert not (tmp_path / "shop_items.py").exists()


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("query A { items { totalCount } }", "line 1: Query.items needs first: or last:"),
        ("query A { items(first: 101) { totalCount } }", "asks for 101 at once"),
        (
            MANY,
            "A may return 1,010,100 nodes; 500,000 are allowed",
        ),
        ("query A { item(id: 1) { oldName } }", "Item.oldName is deprecated: Use name."),
        ("query A { items(first: 1, color: BROWN) { totalCount } }", "BROWN is deprecated"),
    ],
)
def test_a_document_that_a_server_would_refuse_is_a_warning(run, capsys, text, warning):
    assert run(text) == 0
    assert warning in capsys.readouterr().err
    assert run(text, "--strict") == 1


@pytest.mark.parametrize("content", [None, "not a schema {", '{"data": 1}', "[]"])
def test_a_schema_that_cannot_be_read_is_an_error(run, tmp_path, capsys, content):
    path = tmp_path / "schema.any"
    if content is not None:
        path.write_text(content)
    assert run(DOCUMENT, schema=path) == 2
    assert "schema" in capsys.readouterr().err


def test_the_client_imports_neither_the_generator_nor_graphql_core():
    code = (
        "import sys, sdk.graphql.resource, sdk.graphql.pages;"
        "bad = {'graphql', 'sdk.graphql.generator'} & set(sys.modules);"
        "sys.exit(str(bad) if bad else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
