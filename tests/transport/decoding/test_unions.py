"""A union is decoded as the branch that recognises most keys, with and without drift."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import pytest
from pydantic import (
    AfterValidator,
    AliasChoices,
    AliasPath,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    create_model,
    model_validator,
)

from sdk.transport.decoding import Decoder
from tests.transport.decoding.shapes import Model, User, body, decode, dumped, places, user


class PublicUser(Model):
    login: str
    id: int
    plan: str | None = None
    view: Literal["public"] | None = None


class PrivateUser(Model):
    login: str
    id: int
    email: str | None = None
    two_factor: bool
    view: Literal["private"] | None = None


class File(Model):
    type: Literal["file"]
    path: str
    content: str
    target: str | None = None


class Symlink(Model):
    type: Literal["symlink"]
    path: str
    target: str


class Empty(Model):
    pass


class Comment(Model):
    text: str
    replies: list[Comment] | None = None


class Wrapper(Model):
    user: PublicUser | PrivateUser
    entries: list[File | Symlink] | None = None


PUBLIC = {"login": "a", "id": 1, "plan": "free"}
PRIVATE = {"login": "a", "id": 1, "email": "a@b.c", "two_factor": True}


@pytest.mark.parametrize("union", [PublicUser | PrivateUser, PrivateUser | PublicUser])
@pytest.mark.parametrize(
    ("sent", "cls"),
    [
        (PUBLIC, PublicUser),
        (PRIVATE, PrivateUser),
        ({"login": "a", "id": 1}, PublicUser),
        (PRIVATE | {"id": "drifted"}, PrivateUser),
        (PRIVATE | {"plan": "free", "view": "private"}, PrivateUser),
        (PUBLIC | {"view": "public", "email": None, "two_factor": False}, PublicUser),
        ({**PRIVATE, "unknown": 1}, PrivateUser),
    ],
)
def test_the_order_of_declaration_does_not_matter(union, sent, cls):
    value, _ = decode(union, sent)

    assert type(value) is cls
    assert dumped(value) == sent


def test_keys_decide_without_a_discriminator():
    union = Annotated[File | Symlink, Field(discriminator="type")]

    value, drifts = decode(union, {"path": "p", "content": "c"})
    assert type(value) is File
    assert places(drifts) == [("type", "missing")]


@pytest.mark.parametrize(
    "union", [File | Symlink, Annotated[File | Symlink, Field(discriminator="type")]]
)
def test_a_tag_outweighs_keys(union):
    value, drifts = decode(union, {"type": "symlink", "path": "p", "target": "t", "content": "c"})

    assert type(value) is Symlink
    assert drifts == []


def test_a_discriminator_function_is_called_first():
    union = Annotated[
        Annotated[PublicUser, Tag("small")] | Annotated[PrivateUser, Tag("large")],
        Discriminator(lambda sent: sent["size"]),
    ]

    assert type(decode(union, PRIVATE | {"size": "small"})[0]) is PublicUser
    assert type(decode(union, PRIVATE)[0]) is PrivateUser
    assert type(decode(union, PRIVATE | {"size": ["odd"]})[0]) is PrivateUser


def test_fewer_missing_keys_break_a_tie():
    value, drifts = decode(File | Symlink, {"path": "p", "target": "t"})

    assert type(value) is Symlink
    assert places(drifts) == [("type", "missing")]


def test_nested_keys_break_a_tie():
    class WithPublic(Model):
        data: PublicUser

    class WithPrivate(Model):
        data: PrivateUser

    for union in (WithPublic | WithPrivate, WithPrivate | WithPublic):
        assert type(decode(union, {"data": PRIVATE})[0]) is WithPrivate
        assert type(decode(union, {"data": PUBLIC})[0]) is WithPublic
        assert type(decode(union, {"data": None})[0]) in {WithPublic, WithPrivate}


@pytest.mark.parametrize(
    ("first", "second", "sent"),
    [
        (list[int], list[str], ["a"]),
        (dict[str, int], dict[str, str], {"a": "b"}),
        (Literal["x", "y"], Literal["a", "b"], "a"),
        (int, tuple[str, str], ["a", "b"]),
        (int | None, str | None, "a"),
        (list[list[int]], list[list[str]], [[], ["a"]]),
        (int, dict[Any, Any], {"a": 1}),
    ],
)
def test_values_break_a_tie(first, second, sent):
    one = create_model("One", __base__=Model, data=(first, ...))
    two = create_model("Two", __base__=Model, data=(second, ...))

    for union in (one | two, two | one):
        assert type(decode(union, {"data": sent})[0]) is two


def test_the_smaller_type_breaks_a_tie():
    class Rule(Model):
        id: int

    class TimedRule(Model):
        id: int
        wait: int | None = None

    assert type(decode(TimedRule | Rule, {"id": 1})[0]) is Rule
    assert type(decode(TimedRule | Rule, {"id": 1, "wait": 5})[0]) is TimedRule


def test_aliases_count_as_keys():
    class Spaced(Model):
        first: int = Field(alias="first name")

    class Chosen(Model):
        first: int = Field(validation_alias=AliasChoices("uno", AliasPath("eins", 0)))

    for union in (Spaced | Chosen, Chosen | Spaced):
        assert type(decode(union, {"first name": 1})[0]) is Spaced
        assert type(decode(union, {"uno": 1})[0]) is Chosen
        assert type(decode(union, {"eins": [1]})[0]) is Chosen


def test_validators_around_a_union_are_kept():
    class Checked(Model):
        user: Annotated[PublicUser | PrivateUser, AfterValidator(lambda value: value)]

        @model_validator(mode="after")
        def _mark(self) -> Self:
            self.__dict__["marked"] = True
            return self

    value, _ = decode(Checked, {"user": PRIVATE})

    assert type(value.user) is PrivateUser
    assert value.marked


def test_a_model_with_private_attributes_is_validated_by_pydantic():
    class Counting(Model):
        user: PublicUser | PrivateUser
        _count: int = PrivateAttr(default=1)

    value, _ = decode(Counting, {"user": PRIVATE})

    assert type(value.user) is PrivateUser
    assert value._count == 1


def test_a_branch_with_a_before_validator():
    class Opened(Model):
        plan: str | None = None
        login: str
        id: int

        @model_validator(mode="before")
        @classmethod
        def _same(cls, sent: Any) -> Any:
            return sent

    assert type(decode(PrivateUser | Opened, PUBLIC)[0]) is Opened
    assert type(decode(PrivateUser | Opened, PRIVATE)[0]) is PrivateUser


def test_a_type_that_is_declared_twice_is_one_branch():
    nested = Annotated[Comment | str, "one"] | Annotated[Comment | int, "other"]

    value, drifts = decode(list[nested], [{"text": "a"}, "a", 1])

    assert [type(each) for each in value] == [Comment, str, int]
    assert drifts == []


def test_the_comparison_of_deep_values_is_bounded():
    class Left(Model):
        inner: Left | Right | None = None

    class Right(Model):
        inner: Right | None = None

    Left.model_rebuild(_types_namespace={"Left": Left, "Right": Right})
    sent: dict[str, Any] = {}
    for _ in range(90):
        sent = {"inner": sent}

    value, drifts = decode(Left | Right, sent)

    assert drifts == []
    assert dumped(value) == sent


def test_the_memory_of_past_choices_is_bounded():
    decoder = Decoder[Any](PublicUser | PrivateUser, operation="o")
    for number in range(1_500):
        value, _ = decoder.decode(body(PRIVATE | {f"new_{number}": 1}))
        assert type(value) is PrivateUser
    value, _ = decoder.decode(body(PRIVATE | {f"new_{number}": 1 for number in range(500)}))
    assert type(value) is PrivateUser


def test_an_empty_object_is_the_type_without_required_fields():
    value, drifts = decode(PublicUser | Empty, {})

    assert type(value) is Empty
    assert drifts == []


def test_unions_within_models_and_lists():
    sent = {
        "user": PRIVATE,
        "entries": [
            {"type": "symlink", "path": "p", "target": "t"},
            {"type": "file", "path": "p", "content": None},
        ],
    }

    value, drifts = decode(Wrapper, sent)

    assert type(value) is Wrapper
    assert type(value.user) is PrivateUser
    assert [type(each) for each in value.entries] == [Symlink, File]
    assert places(drifts) == [("entries[1].content", "null")]
    assert dumped(value) == sent


def test_unions_of_lists():
    union = list[File] | list[User]

    assert [type(each) for each in decode(union, [user(), user()])[0]] == [User, User]
    assert decode(union, []) == ([], [])
    assert type(decode(union, [user(id=None)])[0][0]) is User


def test_unions_of_lists_and_objects():
    union = list[File] | Symlink | File | str

    assert type(decode(union, {"type": "symlink", "path": "p", "target": "t"})[0]) is Symlink
    assert type(decode(union, [{"type": "file", "path": "p", "content": "c"}])[0][0]) is File
    assert decode(union, "text") == ("text", [])


def test_a_model_is_preferred_to_a_map_that_takes_anything():
    union = dict[str, Any] | User

    assert type(decode(union, user())[0]) is User
    assert decode(union, {"some": "thing"}) == ({"some": "thing"}, [])


def test_a_member_of_an_unknown_kind_is_kept():
    value, drifts = decode(list[File | Symlink], [7, None])

    assert value == [7, None]
    assert places(drifts) == [("[0]", "wrong_type"), ("[1]", "null")]


def test_scalars_and_a_model():
    value, drifts = decode(list[str | int | User | None], ["a", 1, None, user(), 1.5])

    assert value[:3] == ["a", 1, None]
    assert type(value[3]) is User
    assert places(drifts) == [("[4]", "wrong_type")]


def test_a_union_of_33_branches():
    branches = [
        create_model(f"Event{n}", __base__=Model, id=(int, ...), **{f"detail_{n}": (str, ...)})
        for n in range(33)
    ]
    union: Any = branches[0]
    for branch in branches[1:]:
        union |= branch
    decoder = Decoder[Any](list[union], operation="o")
    sent = [{"id": n, f"detail_{n}": "text"} for n in range(33)]

    value, drifts = decoder.decode(body(sent))

    assert [type(each) for each in value] == branches
    assert not drifts
    assert dumped(value) == sent


class Event(Model):
    type: str
    id: int


class PushEvent(Event):
    type: Literal["push"]
    size: int


class ForkEvent(Event):
    type: Literal["fork"]
    name: str


RELEASE = {"type": "release", "id": 1, "size": 3, "at": "now"}


@pytest.mark.parametrize(
    "union",
    [
        File | Symlink,
        Annotated[File | Symlink, Field(discriminator="type")],
        Symlink | File | None,
    ],
)
def test_an_unknown_tag_returns_the_plain_value(union):
    sent = {"type": "submodule", "path": "p", "content": "c"}

    value, drifts = decode(list[union], [sent, {"type": "file", "path": "p", "content": "c"}])

    assert value[0] == sent
    assert type(value[1]) is File
    assert places(drifts) == [("[0].type", "unknown_value")]
    assert drifts[0].expected == "'file' | 'symlink'"
    assert drifts[0].value == "submodule"


def test_an_unknown_tag_returns_the_common_base_class():
    value, drifts = decode(PushEvent | ForkEvent, RELEASE)

    assert type(value) is Event
    assert (value.id, value.size) == (1, 3)
    assert places(drifts) == [("type", "unknown_value")]
    assert dumped(value) == RELEASE


def test_an_unknown_tag_returns_the_branch_without_one():
    value, drifts = decode(PushEvent | Event | ForkEvent, RELEASE)

    assert type(value) is Event
    assert drifts == []


def test_an_unknown_tag_of_a_field_leaves_its_parent_typed():
    sent = {"user": PRIVATE, "entries": [{"type": "submodule", "path": "p"}]}

    value, drifts = decode(Wrapper, sent)

    assert type(value) is Wrapper
    assert value.entries == sent["entries"]
    assert places(drifts) == [("entries[0].type", "unknown_value")]


def test_the_other_branches_are_tried_when_the_best_refuses():
    class Positive(Model):
        size: Annotated[int, Field(gt=0)]

    class Whole(Model):
        size: int

    for union in (Positive | Whole, Whole | Positive):
        value, drifts = decode(list[union], [{"size": -1}, {"size": 1}])
        assert type(value[0]) is Whole
        assert drifts == []


def test_strict_decoding_accepts_what_a_branch_accepts():
    class Short(Model):
        size: int
        code: Annotated[str, Field(max_length=3)]

    class Sized(Model):
        size: int

    decoder = Decoder[Any](Short | Sized, operation="o")
    sent = body({"size": 1, "code": "long"})

    for _ in range(5):
        tolerated, drifts = decoder.decode(sent)
        assert type(tolerated) is Short
        assert places(drifts) == [("code", "malformed")]
        accepted, drifts = decoder.decode(sent, strict=True)
        assert type(accepted) is Sized
        assert not drifts


@pytest.mark.parametrize(
    ("type_", "sent"),
    [
        (create_model("Closed", __config__={"extra": "forbid"}, a=(int, ...)), {"a": 1, "b": 2}),
        (Annotated[list[int], Field(max_length=2)], [1, 2, 3]),
        (Annotated[dict[str, int], Field(min_length=1)], {}),
        (PublicUser | PrivateUser, PRIVATE | {"id": "x"}),
        (list[File | Symlink], [{"type": "new", "path": "p"}]),
    ],
)
def test_the_result_does_not_depend_on_earlier_responses(type_, sent):
    decoder = Decoder[Any](type_, operation="o")

    results = [places(decoder.decode(body(sent))[1]) for _ in range(8)]

    assert len(results[0]) == 1
    assert results == [results[0]] * 8
