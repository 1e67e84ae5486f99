"""``fake`` makes users' own models: their types, constraints, aliases and unions."""

import dataclasses
import enum
import ipaddress
import pathlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, NewType, NotRequired
from uuid import UUID

import pydantic as p
import pydantic.dataclasses
import pytest
from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType, TypedDict

from sdk.testing import fake


class Colour(enum.Enum):
    red = "r"


class Level(enum.IntEnum):
    high = 3


class Word(enum.StrEnum):
    yes = "y"


@dataclasses.dataclass
class Line:
    amount: int
    id: UUID
    note: str = ""


@pydantic.dataclasses.dataclass
class Checked:
    amount: Annotated[int, Field(gt=3)]


class Point(NamedTuple):
    x: int
    name: str


class Options(TypedDict):
    size: int
    note: NotRequired[str]


class Numbers(p.RootModel[list[int]]):
    pass


class Ticket(p.RootModel[Annotated[str, Field(pattern=r"^[A-Z]{3}-\d+$")]]):
    pass


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]
    bark: int


Alias = TypeAliasType("Alias", list[int])
Key = NewType("Key", UUID)
Pet = Annotated[Cat | Dog, Field(discriminator="kind")]

TYPES = [
    *(Colour, Level, Word, Literal["a", 1], UUID, p.UUID1, p.UUID5, Decimal, bytes, bool),
    *(date, time, timedelta, p.NaiveDatetime, p.PastDatetime, p.FutureDatetime, p.AwareDatetime),
    *(p.PastDate, p.FutureDate, p.HttpUrl, p.AnyUrl, p.FileUrl, p.PostgresDsn, p.RedisDsn),
    *(pathlib.Path, p.IPvAnyAddress, ipaddress.IPv4Address, ipaddress.IPv6Network, re.Pattern),
    *(p.SecretStr, p.SecretBytes, p.Secret[int], p.ByteSize, p.Json, p.Json[list[int]]),
    *(list, set, tuple, dict, frozenset[int], Iterable[int], Sequence[int], Mapping[str, int]),
    *(tuple[int, str], tuple[()], tuple[int, ...], Any, type(None), int | str, UUID | None),
    *(Line, Checked, Point, Options, Numbers, Ticket, Alias, Key, Pet, list[Pet]),
    *(p.PositiveInt, p.NegativeInt, p.NonNegativeFloat, p.StrictInt, p.StrictStr),
    *(p.conint(gt=3, multiple_of=5), p.conint(ge=10, le=12), p.confloat(gt=0, lt=1)),
    *(p.condecimal(max_digits=4, decimal_places=2, gt=0), p.conbytes(min_length=3)),
    *(p.conlist(int, min_length=2), p.conset(int, min_length=2), p.conlist(Pet, min_length=1)),
    *(p.constr(min_length=5, max_length=6), p.constr(pattern=r"^[a-z]{2,4}-\d{3}$")),
    *(p.constr(pattern=r"^(foo|bar)+[^a]\w$"), p.constr(pattern="^a*$", min_length=4)),
    Annotated[dict[str, int], Field(min_length=2)],
    Annotated[datetime, Field(gt=datetime(2030, 1, 1, tzinfo=UTC))],
]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("type_", TYPES, ids=str)
def test_every_common_type_and_constraint_is_generated(type_, strict):
    model = p.create_model("M", __config__=ConfigDict(strict=strict), f=(type_, ...))
    for seed in (1, 7, 5000, -3, 10**10):
        assert isinstance(fake(model, seed=seed), model)
    if "Iterable" not in str(type_):  # what pydantic gives for it is equal to itself alone
        assert fake(model) == fake(model)


def test_values_have_the_declared_types():
    class Order(BaseModel):
        id: UUID
        colour: Colour
        line: Line
        point: Point
        secret: p.SecretStr

    order = fake(Order, line={"amount": 3}, point={"x": 9}, secret="s")
    assert (order.colour, order.line.amount, order.point.x) == (Colour.red, 3, 9)
    assert isinstance(order.line.id, UUID)
    assert order.secret.get_secret_value() == "s"


def test_fields_with_aliases_are_generated():
    class Inner(BaseModel):
        z: int = Field(alias="Z")

    class Outer(BaseModel):
        a: int = Field(validation_alias="x")
        b: int = Field(validation_alias=AliasChoices("y", "z"))
        c: int = Field(validation_alias=AliasPath("q", 1, "w"))
        d: int = Field(validation_alias=AliasChoices(AliasPath("q", 0), "z"))
        e: list[Inner]

    made = fake(Outer, a=3, c=9, e=[{"z": 3}, {"Z": 4}])
    assert (made.a, made.b, made.c, made.d) == (3, 0, 9, 0)
    assert [one.z for one in made.e] == [3, 4]


def test_a_unions_member_is_chosen_by_its_literal():
    class Owner(BaseModel):
        pet: Pet
        other: Cat | Dog

    owner = fake(Owner, pet={"kind": "dog"}, other={"bark": 2})
    assert isinstance(owner.pet, Dog)
    assert owner.other == Dog(kind="dog", bark=2)
    with pytest.raises(TypeError, match=r"None of cat, dog has kind='cow'"):
        fake(Owner, pet={"kind": "cow"})
    with pytest.raises(TypeError, match=r"None of cat, dog has a field 'knd': did you mean 'kind'"):
        fake(Owner, pet={"knd": "dog"})


def test_passed_instances_are_kept():
    class Thing:
        pass

    class Holder(BaseModel):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        c: Thing

    class Outer(BaseModel):
        holder: Holder

    thing = Thing()
    assert fake(Outer, holder=fake(Holder, c=thing)).holder.c is thing
    with pytest.raises(TypeError, match=r"^cannot generate `Holder.c` \(Thing\): pass c=\.\.\.$"):
        fake(Holder)
    with pytest.raises(TypeError, match=r"cannot generate `Outer.holder`"):
        fake(Outer)


class Node(BaseModel):
    child: "Node"


class Tree(BaseModel):
    parent: "Tree | None"
    branches: list["Tree"]


def test_recursive_models_are_generated_where_they_can_end():
    assert fake(Tree, branches=[{}]).branches == [fake(Tree)]
    with pytest.raises(TypeError, match=r"cannot generate `Node.child` \(Node\): pass child="):
        fake(Node)


def test_a_field_with_an_own_validator_has_to_be_passed():
    class Coded(BaseModel):
        code: str

        @p.field_validator("code")
        @classmethod
        def only_z(cls, value):
            assert value == "z"
            return value

    assert fake(Coded, code="z").code == "z"
    with pytest.raises(TypeError, match=r"cannot generate `Coded.code` \(str\): pass code="):
        fake(Coded)
    with pytest.raises(p.ValidationError):
        fake(Coded, code="y")


@pytest.mark.parametrize("model", [int, "x", list[int]])
def test_something_that_is_not_a_model_is_refused(model):
    with pytest.raises(TypeError, match="instances of pydantic models"):
        fake(model)
