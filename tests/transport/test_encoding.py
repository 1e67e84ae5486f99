"""From Python values to query strings and bodies."""

import collections
import dataclasses
import enum
import json
import urllib.parse
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AnyUrl, BaseModel, ConfigDict, Field, RootModel

from sdk import InvalidInput, Operation
from sdk.transport.encoding import encode_form, encode_json, encode_query
from tests.property_tests import unhurried
from tests.transport.support import Upstream


class Colour(enum.StrEnum):
    RED = "red"


class Level(enum.Enum):
    HIGH = 3


class Label(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    name: str | None = None
    from_: str | None = Field(default=None, alias="from")


NOON = datetime(2026, 1, 2, 12, 0, tzinfo=timezone(timedelta(hours=2)))


# ------------------------------------------------------------------ query


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("open", "open"),
        ("", ""),
        ("a&b=c#d e+f/ü", "a%26b%3Dc%23d%20e%2Bf%2F%C3%BC"),
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (0.5, "0.5"),
        (Decimal("1.50"), "1.50"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Colour.RED, "red"),
        (Level.HIGH, "3"),
        (date(2026, 1, 2), "2026-01-02"),
        (NOON, "2026-01-02T10%3A00%3A00Z"),
    ],
)
def test_a_query_value_is_encoded_as_the_api_expects(value, text):
    assert encode_query([("q", value)]) == f"q={text}"


def test_none_in_a_query_sends_nothing():
    assert encode_query([("a", None), ("b", 1)]) == "b=1"


def test_a_list_in_a_query_repeats_its_name():
    assert encode_query([("a", ["x", 1, None, True])]) == "a=x&a=1&a=true"


def test_a_list_in_a_query_has_the_suffix_of_its_api():
    pairs = [("owner", ["a", "b"]), ("fields", "1,2"), ("id[]", [3])]
    assert encode_query(pairs, list_suffix="[]") == "owner[]=a&owner[]=b&fields=1%2C2&id[]=3"


def test_an_empty_list_in_a_query_sends_nothing():
    assert encode_query([("a", [])]) == ""


def test_names_in_a_query_are_encoded_and_keep_their_brackets():
    assert encode_query([("a[]", 1), ("b&c", 2)]) == "a[]=1&b%26c=2"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-inf")])
def test_nan_and_infinity_are_refused_in_a_query(value):
    with pytest.raises(InvalidInput, match="'q' is not a finite number"):
        encode_query([("q", value)])


@pytest.mark.parametrize("value", [b"x", object(), [["x", {}]]])
def test_a_query_value_without_a_text_form_is_refused_by_name(value):
    with pytest.raises(InvalidInput, match="'q' has no text form"):
        encode_query([("q", value)])


def test_a_lone_surrogate_in_a_query_is_refused():
    with pytest.raises(InvalidInput, match="lone surrogate"):
        encode_query([("q", "\ud800")])


def test_a_time_without_zone_is_refused_with_the_fix():
    with pytest.raises(InvalidInput, match=r"has no time zone.*datetime\.now\(UTC\)"):
        encode_query([("since", datetime(2026, 1, 2))])  # noqa: DTZ001  the point


FIRST = datetime(1, 1, 1, 4, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 20, tzinfo=UTC)


@pytest.mark.parametrize(("moment", "hours"), [(FIRST, 5), (LAST, -5)])
@pytest.mark.parametrize("encode", [encode_json, lambda value: encode_query([("since", value)])])
def test_a_time_that_utc_cannot_express_is_refused_with_the_fix(encode, moment, hours):
    with pytest.raises(InvalidInput, match=r"outside of the years 1 to 9999.*tzinfo=UTC"):
        encode(moment.replace(tzinfo=timezone(timedelta(hours=hours))))
    assert encode(moment)


def test_fractions_of_a_second_are_kept():
    moment = datetime(2026, 1, 2, 3, 4, 5, 600_000, tzinfo=UTC)
    assert encode_json(moment) == b'"2026-01-02T03:04:05.600000Z"'


@unhurried
@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_any_text_survives_a_round_trip_through_a_query(name, value):
    encoded = encode_query([(name, value)])
    assert encoded.isascii()
    assert urllib.parse.parse_qsl(encoded, keep_blank_values=True, strict_parsing=True) == [
        (name, value)
    ]


# ------------------------------------------------------------------ form


def test_a_form_is_encoded_by_the_rules_of_a_query():
    assert encode_form({"a": "x y", "b": [1, 2], "c": None}) == b"a=x%20y&b=1&b=2"


# ------------------------------------------------------------------ JSON


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ({"a": None, "b": [1, 2.5, True]}, '{"a":null,"b":[1,2.5,true]}'),
        ("ü🐙", '"ü🐙"'),
        (NOON, '"2026-01-02T10:00:00Z"'),
        (date(2026, 1, 2), '"2026-01-02"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (Decimal("1.50"), '"1.50"'),
        (Colour.RED, '"red"'),
        (Level.HIGH, "3"),
        ((1, 2), "[1,2]"),
        (frozenset({1}), "[1]"),
        ((n for n in (1, 2)), "[1,2]"),
        (collections.ChainMap({"a": 1}), '{"a":1}'),
    ],
)
def test_a_value_is_encoded_as_json(value, encoded):
    assert encode_json(value) == encoded.encode()


def test_a_model_sends_what_was_set_under_the_names_of_the_api():
    assert json.loads(encode_json([Label(from_="x"), Label(name=None)])) == [
        {"from": "x"},
        {"name": None},
    ]


class Payment(BaseModel):
    kind: Literal["card"] = "card"
    label: Label = Label(name="x")
    retries: int = 3
    note: str | None = None
    tags: list[str] = Field(default_factory=lambda: ["a"])
    labels: list[Label] = []
    more: dict[str, Any] = {}


def test_a_model_sends_its_defaults_that_are_not_none():
    defaults = {"kind": "card", "label": {"name": "x"}, "retries": 3, "tags": ["a"]}
    nothing = {"labels": [], "more": {}}
    assert json.loads(encode_json(Payment())) == {**defaults, **nothing}
    given = Payment(note=None, labels=[Label(), Label(from_="y")], more={"a": None, "b": [{}]})
    assert json.loads(encode_json({"payment": given})) == {
        "payment": {
            **defaults,
            "note": None,
            "labels": [{}, {"from": "y"}],
            "more": {"a": None, "b": [{}]},
        }
    }
    assert encode_form({"p": Payment(tags=[], retries=1)}) == (
        b"p[kind]=card&p[label][name]=x&p[retries]=1"
    )


def test_a_root_model_sends_its_root():
    assert encode_json(RootModel[list[Label]]([Label(from_="x")])) == b'[{"from":"x"}]'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [{"a": float("-inf")}]])
def test_nan_and_infinity_are_refused_in_json(value):
    with pytest.raises(InvalidInput, match="no JSON form"):
        encode_json(value)


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": 1}, ["a\ud800"]])
def test_a_lone_surrogate_in_json_is_refused(value):
    with pytest.raises(InvalidInput, match="no JSON form"):
        encode_json(value)


@pytest.mark.parametrize(
    "value", [object(), {b"a": 1}, b"bytes", memoryview(b"x"), {"a": {(1, 2): 3}}]
)
def test_a_value_without_json_form_is_refused(value):
    with pytest.raises(InvalidInput, match="no JSON form"):
        encode_json(value)


def test_a_value_that_holds_itself_is_refused():
    value: list[object] = []
    value.append(value)
    with pytest.raises(InvalidInput, match="no JSON form"):
        encode_json(value)


def test_a_value_nested_too_deeply_is_refused():
    value: list[object] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(InvalidInput, match="nested too deeply"):
        encode_json(value)


def test_a_time_without_zone_in_json_is_refused_with_the_fix():
    with pytest.raises(InvalidInput, match="has no time zone"):
        encode_json({"since": datetime(2026, 1, 2)})  # noqa: DTZ001  the point


# ------------------------------------------------------------------ a whole request


async def sent(operation, **values):
    upstream = Upstream()
    await upstream.api().caller.call(operation, None, values)
    return upstream.last


async def test_a_json_body_says_that_it_is_json():
    request = await sent(Operation("POST", "/x", body=("a",)), a=1)
    assert request.headers["content-type"] == "application/json"
    assert request.content == b'{"a":1}'


async def test_the_api_s_own_names_are_sent():
    operation = Operation(
        "POST", "/x", query=("page_",), body=("from_",), names={"page_": "page", "from_": "from"}
    )
    request = await sent(operation, from_="a", page_=2)
    assert request.url.query == b"page=2"
    assert request.content == b'{"from":"a"}'


async def test_without_a_body_no_body_is_sent():
    request = await sent(Operation("POST", "/x", body=("a",)))
    assert request.content == b""
    assert "content-type" not in request.headers


async def test_a_body_that_is_one_value_is_sent_whole():
    assert (await sent(Operation("PUT", "/x", body="items"), items=["a"])).content == b'["a"]'


@pytest.mark.parametrize(("body", "encoded"), [("tëxt", "tëxt".encode()), (b"\0\1", b"\0\1")])
async def test_a_body_of_another_media_type_is_sent_as_it_is(body, encoded):
    request = await sent(Operation("POST", "/x", body="raw", media="text/plain"), raw=body)
    assert request.headers["content-type"] == "text/plain"
    assert request.content == encoded


async def test_a_form_body_is_sent_as_a_form():
    media = "application/x-www-form-urlencoded"
    request = await sent(Operation("POST", "/x", body=("a", "b"), media=media), a="1 2", b=None)
    assert request.headers["content-type"] == media
    assert request.content == b"a=1%202"


async def test_a_text_body_with_a_lone_surrogate_is_refused():
    with pytest.raises(InvalidInput, match="lone surrogate"):
        await sent(Operation("POST", "/x", body="raw", media="text/plain"), raw="\ud800")


async def test_a_body_of_the_wrong_type_for_its_media_type_is_refused():
    with pytest.raises(InvalidInput, match="pass bytes, str or a file, not dict"):
        await sent(Operation("POST", "/x", body="raw", media="text/plain"), raw={})


async def test_a_value_that_the_operation_does_not_know_is_refused_with_those_it_knows():
    with pytest.raises(InvalidInput, match="has no parameter 'c'; it has 'a', 'b'"):
        await sent(Operation("GET", "/{a}", query=("b",)), a="x", c=1)


# ------------------------------------------------------------------ values of other types


@dataclasses.dataclass
class Size:
    width: int
    level: Level


KEYS = {Level.HIGH: 1, UUID(int=1): 2, date(2026, 1, 2): 3, "a": {Colour.RED: 4}}
OTHERS = [
    (Size(1, Level.HIGH), {"width": 1, "level": 3}),
    (Label(from_="x"), {"from": "x"}),
    (KEYS, {"3": 1, str(UUID(int=1)): 2, "2026-01-02": 3, "a": {"red": 4}}),
    ([{Level.HIGH: IPv6Address("::1")}], [{"3": "::1"}]),
    (AnyUrl("https://example.com/x"), "https://example.com/x"),
]


@pytest.mark.parametrize(("value", "expected"), OTHERS)
def test_dataclasses_addresses_and_keys_of_other_types_in_json(value, expected):
    assert json.loads(encode_json(value)) == expected


def test_a_key_without_a_text_form_is_refused():
    with pytest.raises(InvalidInput, match="keys must be"):
        encode_json({(1, 2): 3})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Size(1, Level.HIGH), "width=1&level=3"),
        (Label(from_="x"), "from=x"),
        ({Level.HIGH: 1}, "3=1"),
        (IPv4Address("192.0.2.1"), "v=192.0.2.1"),
        (AnyUrl("https://example.com/"), "v=https%3A%2F%2Fexample.com%2F"),
    ],
)
def test_values_of_other_types_in_a_query(value, text):
    assert encode_query([("v", value)]) == text


def test_keys_of_other_types_in_a_form():
    assert encode_form({"v": {Level.HIGH: {date(2026, 1, 2): 1}}}) == b"v[3][2026-01-02]=1"


async def test_a_lone_surrogate_in_a_cookie_is_refused():
    with pytest.raises(InvalidInput, match="'key' contains a lone surrogate"):
        await sent(Operation("GET", "/x", cookies={"key": "key"}), key="\ud800")
