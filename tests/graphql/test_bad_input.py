"""Documents, variables and types that are refused before sending, or accepted although odd."""

import enum
from typing import Annotated

import pytest

from sdk import OMIT, InvalidInput

PAGE = "pageInfo { hasNextPage endCursor }"
LISTED = (
    "query($c: String) { viewer { repositories(first: 5) { nodes { "
    f"issues(first: 5, after: $c) {{ nodes {{ id }} {PAGE} }} }} }} }} }}"
)
VIEWER = "query { viewer { login } }"
REPOSITORY = """
query Repository(
  $owner: String!, $name: String!, $count: Int = 5, $labels: [String!], $at: DateTime
) {
  repository(owner: $owner, name: $name) {
    issues(first: $count, labels: $labels) { totalCount }
  }
}
"""
ADD = "mutation AddStar($id: ID!) { addStar(input: {starrableId: $id}) { clientMutationId } }"
LISTS = "query Lists($l: [String!]!, $m: [[Int]!]) { a }"


@pytest.mark.parametrize(
    "document",
    [
        '\ufeff# a comment with { and "\n{ a }',
        'query { a(b: "} \\" {") }',
        'query { a(b: """ } " \\""" é 😀 """) { c } }',
        "query($x: Boolean! = true) @d(a: [1, {b: $x}]) { a @include(if: $x) { b } }",
        "query { x: a y: a ... on T { b { ... on U { c } } } ... @skip(if: true) { d } }",
        "query query { query mutation subscription fragment on true null }",
        "query\r\n{\r\na(b: -1.5e+10, c: null, d: ENUM, e: [], f: {})\r\n}",
        "query { ...F } fragment F on T { a }",
    ],
)
async def test_odd_documents_are_sent_as_they_are(sdk, server, document):
    server.data(a=1)
    await sdk.graphql.query(document)
    assert server.sent[0]["query"] == document


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("{ a } { b }", "one without a name: name each"),
        ("query A { a } { b }", "one without a name: name each"),
        ("query A { a } query A { b }", "two operations 'A'"),
        ("{ ...F } fragment F on T { a } fragment F on T { b }", "two fragments 'F'"),
        ("query($x: Int, $x: Int) { a }", r"declares \$x twice"),
        ("query { a { } }", "braces without fields"),
        ("query { a\u00a0b }", "which is not part of the language"),
        ("query { é }", "which is not part of the language"),
        ("query { " + "a " * 20_001 + "}", "more than 20,000 fields"),
        (b"query { a }", "must be a str, not bytes"),
        (None, "must be a str, not NoneType"),
        (["query { a }"], "must be a str, not list"),
        ('{ a(b: "\ud800") }', "surrogates not allowed"),
    ],
)
async def test_a_document_that_no_server_accepts_is_refused(sdk, server, document, text):
    with pytest.raises(InvalidInput, match=text):
        await sdk.graphql.query(document)
    assert not server.sent


@pytest.mark.parametrize(
    ("variables", "text"),
    [
        (["l"], "must be a mapping of names to values, not list"),
        ({"$l": ["a"]}, "write 'l', without the \\$"),
        ({5: 1, "l": []}, r"no variable \$5"),
        ({"l": ["a", None]}, "but item 1 of the value is null"),
        ({"l": [b"a"]}, "but item 0 of the value is of type bytes"),
        ({"l": [], "m": [[1], ["x"]]}, "but item 0 of item 1 of the value is of type str"),
        ({"l": ["\ud800"]}, "surrogates not allowed"),
        ({"l": {"a"}}, "of type set"),
    ],
)
async def test_a_variable_that_does_not_fit_says_where(sdk, server, variables, text):
    with pytest.raises(InvalidInput, match=text):
        await sdk.graphql.query(LISTS, variables)
    assert not server.sent


async def test_a_text_that_is_no_unicode_is_refused(sdk, server):
    with pytest.raises(InvalidInput, match="surrogates not allowed"):
        await sdk.graphql.query("query A($x: String) { a }", {"x": "\ud800"})
    assert not server.sent


@pytest.mark.parametrize("value", ['"', "\\", "é\n\u2028", "", "x" * 100_000])
async def test_texts_arrive_as_they_are(sdk, server, value):
    server.data(a=1)
    await sdk.graphql.query("query A($x: String, $y: ID) { a }", {"x": value, "y": value})
    assert server.sent[0]["variables"] == {"x": value, "y": value}


async def test_fields_of_the_body_can_be_added(sdk, server):
    server.data(a=1)
    await sdk.graphql.query("query A { a }", options={"extra_body": {"extensions": {"v": 1}}})
    sent = {"query": "query A { a }", "operationName": "A", "variables": {}}
    assert server.sent == [{**sent, "extensions": {"v": 1}}]


@pytest.mark.parametrize("type_", [None, "Result", 5, Annotated[int, {}]])
async def test_what_is_no_type_is_refused(sdk, server, type_):
    with pytest.raises(InvalidInput, match="returns= must be a"):
        await sdk.graphql.query("{ a }", returns=type_)
    assert not server.sent


async def test_an_item_that_is_no_type_is_refused(sdk):
    document = f"query($c: String) {{ a(after: $c) {{ nodes {{ x }} {PAGE} }} }}"
    with pytest.raises(InvalidInput, match="item= must be a type"):
        sdk.graphql.pages(document, item="Issue")


async def test_a_connection_inside_of_a_list_is_refused(sdk):
    with pytest.raises(InvalidInput, match=r"inside of a list \('nodes'\).*by its id"):
        sdk.graphql.pages(LISTED)


class Color(enum.Enum):
    RED = "RED"


@pytest.mark.parametrize(
    ("variables", "text"),
    [
        ({"owner": "o", "nmae": "r"}, r"no variable \$nmae; did you mean \$name\?"),
        ({"owner": "o", "zzz": "r"}, r"It declares \$owner, \$name, \$count"),
        ({"owner": "o"}, r"\$name: String! is missing"),
        ({"owner": "o", "name": OMIT}, r"\$name: String! is missing"),
        ({"owner": "o", "name": None}, r"\$name is declared as String!, but the value is null"),
        ({"owner": "o", "name": 7}, r"\$name is declared as String!, .* of type int"),
        ({"owner": "o", "name": "r", "count": "5"}, r"\$count is declared as Int, .* of type str"),
        ({"owner": "o", "name": "r", "count": True}, r"\$count is declared as Int, .* bool"),
        (
            {"owner": "o", "name": "r", "labels": ["a", None]},
            r"\$labels is declared as \[S",
        ),
    ],
)
async def test_a_variable_that_does_not_fit_is_refused(sdk, server, variables, text):
    with pytest.raises(InvalidInput, match=text):
        await sdk.graphql.query(REPOSITORY, variables)
    assert not server.sent


@pytest.mark.parametrize("labels", [["a"], ("a",), "a", None])
async def test_variables_that_fit_are_sent(sdk, server, labels):
    server.data(repository=None)
    await sdk.graphql.query(
        REPOSITORY, {"owner": "o", "name": "r", "count": None, "labels": labels, "at": "2026-01-01"}
    )
    assert len(server.sent) == 1


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("", "has no operation"),
        ("# only a comment", "has no operation"),
        ("fragment F on User { login }", "has no operation"),
        ("query { viewer { login }", "ends too early"),
        ("query { viewer % }", "line 1 has '%'"),
        ("subscription { x }", "cannot be sent over HTTP"),
        (ADD, r"This is a mutation: call mutate\(\)"),
        ("query A { a } query B { b }", "several operations: pass operation= one of 'A', 'B'"),
        ("query { ...Missing }", "no fragment 'Missing'"),
        ("query { ...F } fragment F on U { ...F }", "spreads itself"),
        ("query " + "{ a " * 200 + "}" * 200, "nested deeper"),
        ("query ($a: Int = [" + "[" * 200, "nested deeper"),
        ('query { a(b: """x', "not part of the language"),
        ("bogus", "begins a definition with 'bogus'"),
    ],
)
async def test_a_document_that_cannot_be_sent_is_refused(sdk, server, document, text):
    with pytest.raises(InvalidInput, match=text):
        await sdk.graphql.query(document)
    assert not server.sent


async def test_exponential_fragments_are_refused_quickly(sdk):
    levels = " ".join(f"fragment F{n} on U {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))
    with pytest.raises(InvalidInput, match="more than 20,000 fields"):
        await sdk.graphql.query(f"query {{ ...F0 }} {levels} fragment F60 on U {{ login }}")


async def test_a_query_passed_to_mutate_is_refused(sdk):
    with pytest.raises(InvalidInput, match=r"This is a query: call query\(\)"):
        await sdk.graphql.mutate(VIEWER)


async def test_one_of_several_operations_is_named(sdk, server):
    server.data(b=1)
    await sdk.graphql.query("query A { a } query B($x: Int) { b }", {"x": 1}, operation="B")
    assert server.sent[0]["operationName"] == "B"
    with pytest.raises(InvalidInput, match="no operation 'C', but 'A', 'B'"):
        await sdk.graphql.query("query A { a } query B { b }", operation="C")


async def test_a_member_of_an_enum_is_sent_as_its_value(sdk, server):
    server.data(repository=None)
    await sdk.graphql.query(REPOSITORY, {"owner": "o", "name": Color.RED})
    assert server.sent[0]["variables"] == {"owner": "o", "name": "RED"}
    with pytest.raises(InvalidInput, match=r"\$count is declared as Int, .* of type Color"):
        await sdk.graphql.query(REPOSITORY, {"owner": "o", "name": "r", "count": Color.RED})
