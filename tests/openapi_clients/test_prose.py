"""What generated clients say: docstrings, the summary of a run, notes."""

import ast
import inspect

import pytest

from tests.openapi_clients.made import client_of, described, get, imported

TEXT = {"type": "string"}


def method_text(description, name="fetch"):
    made = client_of(description)
    tree = ast.parse(made.files["resources/root.py"])
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.AsyncFunctionDef)]
    return next(
        inspect.cleandoc(ast.get_docstring(each)) for each in functions if each.name == name
    )


@pytest.mark.parametrize(
    ("said", "first", "then"),
    [
        (
            {"description": "Returns all invoices. Those of last year are left out, see e.g. Archive."},
            "Returns all invoices.",
            "Those of last year are left out, see e.g. Archive.",
        ),
        (
            {"summary": "List them", "description": "Newest first. Needs:\n\n* a token\n* time"},
            "List them.",
            "Newest first. Needs:\n\n* a token\n* time",
        ),
        ({"summary": "List them", "description": "Newest first. Needs:"}, "List them.", "Newest first."),
        ({"operationId": "fetch", "summary": "Fetch"}, "Fetch.", None),
        ({"operationId": "fetch_all", "summary": "Fetch All"}, "Fetch all.", None),
        ({"operationId": "fetch"}, "Fetch.", None),
    ],
)  # fmt: skip
def test_the_first_line_is_one_sentence_and_nothing_is_announced_that_is_missing(said, first, then):
    operation = {"operationId": "fetch", **said}
    text = method_text(described({"/x": get(TEXT, **operation)}), operation["operationId"])
    line, _, rest = text.partition("\n")
    assert line == first
    assert rest.strip() == f"``GET /x``\n\n{then}" if then else rest.strip() == "``GET /x``"


def test_lists_in_the_text_of_an_argument_are_one_sentence():
    said = "Which to return. One of:\n\n* open\n* closed"
    close = "Which to return. One of:\n* open\n* closed"
    parameters = [
        {"name": name, "in": "query", "schema": TEXT, "description": text}
        for name, text in (("far", said), ("near", close))
    ]
    text = method_text(described({"/x": get(TEXT, operationId="fetch", parameters=parameters)}))
    assert "far: Which to return.\n" in text
    assert "near: Which to return. One of: open; closed." in text


def test_no_line_of_prose_is_longer_than_a_hundred_characters():
    long = "Returns " + " ".join(["something"] * 60) + ". " + " ".join(["More"] * 40)
    operation = get(TEXT, operationId="fetch", description=long, tags=["things"])
    files = client_of(described({"/x": operation})).files
    assert max(len(line) for line in files["resources/things.py"].splitlines()) <= 100


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ({"a": "page"}, ["1 list in pages, by page number"]),
        ({"a": "page", "b": "page"}, ["2 lists in pages, by page number"]),
        ({"a": "page", "b": "offset"}, ["2 lists in pages: 1 by page number, 1 by offset"]),
        ({"a": "page", "b": None}, ["1 list in pages, by page number", "1 list without pages"]),
        ({}, []),
    ],
)
def test_the_summary_says_how_lists_are_turned(lists, said):
    def parameters(names):
        schema = {"type": "integer"}
        return [{"name": name, "in": "query", "schema": schema} for name in names if name]

    rows = {"type": "array", "items": TEXT}
    paths = {
        f"/{path}": get(rows, operationId=path, parameters=parameters([name, name and "limit"]))
        for path, name in lists.items()
    }
    (head, *rest) = client_of(described(paths or {"/x": get(TEXT)})).summary()
    assert head.startswith(f"Tiny: {len(lists) or 1} operation")
    assert rest == said


def test_a_number_that_a_float_cannot_hold_is_a_note():
    schema = {"type": "object", "properties": {"amount": {"type": "number", "format": "decimal"}}}
    description = described({"/x": get(schema, operationId="fetch")})
    assert "decimal numbers are read as floats of 15 digits" in client_of(description).summary()[-1]
    mapped = client_of(description, formats={"decimal": "decimal:Decimal"})
    assert mapped.document.notes.lines() == []


def test_an_argument_that_pydantic_takes_as_a_decimal_may_be_one(tmp_path):
    schema = {"anyOf": [{"type": "number"}, {"type": "string"}]}
    body = {
        "content": {"application/json": {"schema": {"type": "object", "properties": {"a": schema}}}}
    }
    paths = {"/x": {"post": {"operationId": "add", "requestBody": body, "responses": {}}}}
    imported(described(paths), tmp_path)
    assert (
        "a: float | Decimal | str | Omit = OMIT"
        in client_of(described(paths)).files["resources/root.py"]
    )
