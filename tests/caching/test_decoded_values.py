"""An unchanged body is not decoded again, and nobody sees what another caller did to its value."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, Discriminator, Field, PrivateAttr, Tag

from sdk import Drift, metadata
from sdk.model import DateTime, Model
from sdk.stores import MemoryCache
from sdk.transport.decoding import Decoder
from sdk.transport.decoding.decoded_values import DecodedValues
from tests.caching.origin import Origin

TEXT = "long enough to be worth it " * 50


class Cat(Model):
    kind: Literal["cat"]
    lives: int


class Dog(Model):
    kind: Literal["dog"]
    tricks: list[str]


class Owner(Model):
    name: str
    since: DateTime | None = None


class Part(Model):
    text: str


class Thing(Model):
    value: int
    text: str
    owner: Owner
    owners: list[Owner]
    pets: list[Annotated[Cat | Dog, Field(discriminator="kind")]]
    by_name: dict[str, list[int]]
    missing: int | None = None


DOCUMENT: dict[str, Any] = {
    "value": 1,
    "text": TEXT,
    "owner": {"name": "a", "since": "2026-11-28T08:00:00Z", "further": {"deep": [1, 2]}},
    "owners": [{"name": "b"}, {"name": "c", "list": [{}]}],
    "pets": [{"kind": "dog", "tricks": ["sit"]}, {"kind": "cat", "lives": 9}],
    "by_name": {"x": [1], "y": []},
    "extra": [{"a": [1]}],
}


def spoil(value: Any) -> None:
    """Change everything that can be changed in a value."""
    if isinstance(value, list):
        for item in value:
            spoil(item)
        value.append("spoilt")
    elif isinstance(value, dict):
        for item in value.values():
            spoil(item)
        value["spoilt"] = True
    elif isinstance(value, BaseModel):
        for item in [*vars(value).values(), value.model_extra]:
            spoil(item)
        for name in type(value).model_fields:
            setattr(value, name, "spoilt")
        value.model_fields_set.clear()


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Collect the bodies that are decoded."""
    bodies: list[bytes] = []
    real = Decoder.decode

    def decode(self: Decoder[Any], body: bytes, **options: bool) -> Any:
        bodies.append(body)
        return real(self, body, **options)

    monkeypatch.setattr(Decoder, "decode", decode)
    return bodies


def origin_with(document: Any) -> Origin:
    origin = Origin()
    origin.documents["/thing"] = document
    return origin


async def test_each_caller_has_a_value_of_its_own(decoded: list[bytes]) -> None:
    origin = origin_with(DOCUMENT)
    async with origin.api() as plain:
        wanted = await plain.request("GET", "/thing", returns=Thing)
    decoded.clear()
    async with origin.api(cache=MemoryCache()) as api:
        for _ in range(6):
            thing = await api.request("GET", "/thing", returns=Thing)
            assert thing == wanted
            assert repr(thing) == repr(wanted)
            assert thing.model_fields_set == wanted.model_fields_set
            assert thing.model_dump(exclude_unset=True) == wanted.model_dump(exclude_unset=True)
            assert type(thing.pets[0]) is Dog
            spoil(thing)
    assert len(decoded) == 3
    assert origin.statuses == [200, 200, 304, 304, 304, 304, 304]


async def test_each_value_has_the_metadata_of_its_own_response() -> None:
    origin = origin_with(DOCUMENT)
    async with origin.api(cache=MemoryCache()) as api:
        things = [await api.request("GET", "/thing", returns=Thing) for _ in range(4)]
    found = [metadata(thing) for thing in things]
    assert [each.revalidated for each in found] == [False, True, True, True]
    assert len({each.headers["x-github-request-id"] for each in found}) == 4


async def test_a_changed_body_is_decoded(decoded: list[bytes]) -> None:
    origin = origin_with(DOCUMENT)
    async with origin.api(cache=MemoryCache()) as api:
        for value in (1, 2, 1):
            origin.documents["/thing"] = {**DOCUMENT, "value": value}
            for _ in range(4):
                assert (await api.request("GET", "/thing", returns=Thing)).value == value


async def test_another_type_of_the_same_body_is_decoded_as_that_type() -> None:
    origin = origin_with(DOCUMENT)
    async with origin.api(cache=MemoryCache()) as api:
        for type_ in (Thing, Part, dict[str, Any], Thing, Thing):
            for _ in range(3):
                value = await api.request("GET", "/thing", returns=type_)
                assert type(value) is (dict if type_ not in (Thing, Part) else type_)


async def test_drift_is_reported_each_time_with_values_of_its_own() -> None:
    drifts: list[Drift] = []

    def hook(drift: Drift) -> None:
        drifts.append(drift)

    origin = origin_with({**DOCUMENT, "value": {"not": ["a number"]}, "owner": None})
    async with origin.api(cache=MemoryCache(), on_drift=hook) as api:
        for _ in range(5):
            drifts.clear()
            thing = await api.request("GET", "/thing", returns=Thing)
            assert [(each.path, each.kind) for each in drifts] == [
                ("value", "wrong_type"),
                ("owner", "null"),
            ]
            assert drifts[0].value == {"not": ["a number"]}
            assert thing.model_dump()["value"] == {"not": ["a number"]}
            spoil(drifts[0].value)
            spoil(thing)


async def test_a_strict_view_still_refuses_drift() -> None:
    from sdk import DecodeError

    origin = origin_with({**DOCUMENT, "value": "1"})
    cache = MemoryCache()
    async with origin.api(cache=cache) as api, origin.api(cache=cache, strict=True) as strict:
        for _ in range(4):
            await api.request("GET", "/thing", returns=Thing)
            with pytest.raises(DecodeError, match="differs from the description"):
                await strict.request("GET", "/thing", returns=Thing)


numbers = itertools.count()


class WithPrivate(Thing):
    _number: int = PrivateAttr(default_factory=lambda: next(numbers))


class WithFactory(Thing):
    number: int = Field(default_factory=lambda: next(numbers))


class WithHook(Thing):
    def model_post_init(self, context: Any) -> None:
        vars(self)["number"] = next(numbers)


class WithValidator(Thing):
    value: Annotated[int, AfterValidator(lambda _: next(numbers))]


@dataclass
class Record:
    value: int
    text: str


def by_turns(_: object) -> str:
    return "even" if next(numbers) % 2 else "odd"


class WithChoice(Model):
    value: int
    owner: Annotated[
        Annotated[Owner, Tag("even")] | Annotated[Model, Tag("odd")], Discriminator(by_turns)
    ]


@pytest.mark.parametrize(
    ("type_", "number"),
    [
        (WithPrivate, lambda thing: thing._number),
        (WithFactory, lambda thing: thing.number),
        (WithHook, lambda thing: vars(thing)["number"]),
        (WithValidator, lambda thing: thing.value),
        (WithChoice, lambda _: next(numbers)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
async def test_a_type_with_code_of_its_own_is_decoded_each_time(
    type_: type[Any], number: Callable[[Any], int], decoded: list[bytes]
) -> None:
    origin = origin_with(DOCUMENT)
    async with origin.api(cache=MemoryCache()) as api:
        seen = [number(await api.request("GET", "/thing", returns=type_)) for _ in range(5)]
    assert len(set(seen)) == 5
    assert len(decoded) == 5


async def test_a_type_that_is_no_model_is_decoded_each_time(decoded: list[bytes]) -> None:
    origin = origin_with(DOCUMENT)
    async with origin.api(cache=MemoryCache()) as api:
        for _ in range(5):
            record = await api.request("GET", "/thing", returns=Record)
            assert record == Record(1, TEXT)
    assert len(decoded) == 5


async def test_calls_at_once_of_a_large_body_do_not_share_anything(decoded: list[bytes]) -> None:
    # Large bodies are decoded in threads.
    long = {**DOCUMENT, "text": TEXT * 30}
    origin = origin_with([{**long, "value": number} for number in range(30)])
    async with origin.api(cache=MemoryCache()) as api:

        async def call() -> None:
            things = await api.request("GET", "/thing", returns=list[Thing])
            assert [thing.value for thing in things] == list(range(30))
            spoil(things)

        await call()
        await asyncio.gather(*(call() for _ in range(6)))
        await call()
        await call()
    assert len(decoded[0]) > 1 << 20
    assert len(decoded) < 9


async def test_a_list_has_items_of_its_own_on_every_page() -> None:
    origin = Origin()
    path = "/repos/o/r/issues"
    item = {"number": 1, "title": TEXT, "labels": [{"name": "bug"}], "user": {"login": "octocat"}}
    origin.documents[path] = [item]
    async with origin.sdk(token="t", cache=MemoryCache()) as sdk:
        for _ in range(5):
            page = await sdk.issues.list_for_repo("o", "r")
            (issue,) = page
            assert (issue.number, issue.title) == (1, TEXT)
            assert len(page.items) == 1
            spoil(page.items)


class Plain(BaseModel):
    """A model that has no place for what it does not declare."""

    name: str
    friends: list[Plain] = []


@pytest.mark.parametrize(
    ("type_", "document"),
    [
        (list[str], [TEXT]),
        (list[list[int]], [[1]]),
        (dict[str, Any], {"a": TEXT, "b": {"c": [{}, [], [[1]]]}}),
        (dict[str, dict[str, int]], {"a": {"b": 1}}),
        (Plain, {"name": TEXT, "friends": [{"name": "b", "friends": [{"name": "c"}]}]}),
        (list[Plain | Owner | None], [{"name": TEXT}, None, {"name": "b"}]),
        (str, TEXT),
    ],
    ids=str,
)
def test_values_of_all_shapes_are_copied_wholly(type_: Any, document: Any) -> None:
    body = json.dumps(document).encode().ljust(2000)
    decoder = Decoder[Any](type_, operation="x")
    wanted, _ = decoder.decode(body)
    values = DecodedValues(1 << 20)
    for _ in range(4):
        value, _ = values.decode("key", decoder, body, strict=False)
        assert value == wanted
        assert repr(value) == repr(wanted)
        spoil(value)
    assert values._entries["key"].template is not None


def body_of(size: int) -> bytes:
    return b'["%s"]' % (b"x" * size)


def test_values_take_so_much_memory_and_no_more() -> None:
    values, decoder = DecodedValues(60_000), Decoder[list[str]](list[str], operation="x")
    for _ in range(3):
        for key in range(20):
            values.decode(str(key), decoder, body_of(2000), strict=False)
    assert values._size <= 60_000
    # One that is larger than all together is not kept.
    for _ in range(3):
        values.decode("large", decoder, body_of(20_000), strict=False)
    assert "large" not in values._entries


def test_many_keys_take_little_memory() -> None:
    values, decoder = DecodedValues(1 << 20), Decoder[list[str]](list[str], operation="x")
    for key in range(3000):
        values.decode(str(key), decoder, body_of(2000), strict=False)
    assert len(values._entries) == 1024
