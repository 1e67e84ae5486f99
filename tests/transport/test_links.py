"""The Link header, and page numbers in addresses."""

import pytest

from sdk.transport.pagination.links import page_number, parse_links, with_page_number

NEXT = "https://api.example.com/items?page=2"


@pytest.mark.parametrize(
    "text",
    [
        f'<{NEXT}>; rel="next"',
        f"<{NEXT}>; rel=next",
        f'<{NEXT}>;rel="next"',
        f'<{NEXT}>; REL="Next"',
        f'<{NEXT}> ; rel = "next"',
        f'<{NEXT}>; rel="last next"',
        f'<{NEXT}>; title="a, \\"b\\"; rel=\\"prev\\""; rel="next"',
        f'<{NEXT}>; flag; rel="next"',
        f'<https://api.example.com/items?page=1>; rel="prev",<{NEXT}>; rel="next"',
        f'<https://api.example.com/a,b;c>; rel="prev", <{NEXT}>; rel="next"',
        f'<{NEXT}>; rel="next", <https://api.example.com/other>; rel="next"',
        f'<https://api.example.com/no-relation>, <{NEXT}>; rel="next"',
        f'broken, <{NEXT}>; rel="next"',
    ],
)
def test_the_target_of_a_relation(text):
    assert parse_links(text)["next"] == NEXT


@pytest.mark.parametrize("text", ["", "<>", "nonsense", f"<{NEXT}>", f'{NEXT}; rel="next"', "<a"])
def test_no_relation(text):
    assert "next" not in parse_links(text)


def test_all_relations():
    text = '<a>; rel="first", <b>; rel="prev", <c>; rel="next", <d>; rel="last"'
    assert parse_links(text) == {"first": "a", "prev": "b", "next": "c", "last": "d"}


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://a.example/items?per_page=3&page=2", 2),
        ("https://a.example/items?page=12#page=3", 12),
        ("https://a.example/items?per_page=3", None),
        ("https://a.example/page=3", None),
        ("https://a.example/items?page=", None),
        ("https://a.example/items?page=-1", None),
        ("https://a.example/items?page=two", None),
        (f"https://a.example/items?page={'9' * 5000}", None),
        ("https://a.example/items", None),
    ],
)
def test_the_number_of_a_page(url, number):
    assert page_number(url) == number


def test_another_number_leaves_the_rest_as_it_is_written():
    url = "https://a.example/items?q=a%2Fb+c&empty=&flag&page=2&per_page=3"
    assert with_page_number(url, 7) == (
        "https://a.example/items?q=a%2Fb+c&empty=&flag&page=7&per_page=3"
    )
