"""The strict and the tolerant validator of a type.

pydantic decodes a union as the branch that validates with the most fields set, and counts unknown
keys as set where they are kept; the order of declaration decides the rest. Here a union of several
object types is decoded as the branch that fits best (see `union_choice`). Only the unions that need
it, and the models that contain them, are rewritten: the rest is read by the validators that the
models have.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from pydantic_core import SchemaValidator, to_json

from .choosing import Choosing
from .core_schema import Schema, failing_fast, made, unwrap
from .declared import declared
from .error_objects import fits_errors, refuse_error
from .sent import WITHOUT_COPIES, Sent
from .survey import Survey
from .union_fit import fields

if TYPE_CHECKING:
    from .pass_state import CurrentPass

Validate = Callable[[Any], Any]
"""Reads a body, or what `parse_in_steps` returns for it."""

# The validators that are built when they are needed.
_LAZY = frozenset(
    {
        *("strict", "accepting", "tolerant", "tolerant_throughout", "tolerant_without_code"),
        *("for_large_bodies", "for_trees"),
    }
)


class Validators:
    """The validators that read a type from JSON.

    Attributes:
        parsed: whether they read what `parse_in_steps` returns instead of a body.
        ambiguous: whether the choice of a union's branch needs help.
        is_deep: whether such unions lie in each other without end. Then a value that is refused far
            down would be read anew for each branch of each union above it.
        fits_errors: whether an object without any declared key fits.
        running: the pass of this thread; None if no union asks for it.
        itemwise: whether the tolerant validator is as good as the strict one even for responses
            without drift: a list whose items are read by their own validators where they fit.
    """

    refuse_error = staticmethod(refuse_error)

    def __init__(self, type_: Any) -> None:
        self._schema, self._own_validator = declared(type_)
        self._survey = Survey(self._schema)
        self._options: dict[str, Any] = {
            # A lax validator would turn "7" into 7, and what was sent would be lost. But what a
            # type's own functions return is no longer JSON, and a date has to be a datetime then:
            # such a type is read by its own rules.
            "strict": None if self._survey.own_code else True,
            # JSON has the API's names. A key that happens to be our name of a field is unknown.
            "by_alias": True,
            "by_name": False,
        }
        self.parsed = False
        self._make: Callable[[Schema], SchemaValidator] = made
        root = self._schema
        self.ambiguous = self._survey.holds_ambiguity(root)
        self.is_deep = self.ambiguous and self._survey.is_deep
        self.running: CurrentPass | None = None
        if self.ambiguous:
            # Kept, because an import takes 2 us.
            from .pass_state import running

            self.running = running
        bare = unwrap(root, self._survey.definitions)
        self.itemwise = (
            bare["type"] == "list"
            and not {"min_length", "max_length"} & bare.keys()
            and not self._survey.own_code
        )
        self.fits_errors = fits_errors(root, self._survey.definitions)

    @cached_property
    def strict(self) -> Validate:
        """Raises ValueError where the JSON does not fit.

        It is the type's own validator, unless the choice of a union's branch needs help.
        """
        root = self._schema
        validator: SchemaValidator | None = self._own_validator
        if self.ambiguous:
            validator = self._make(self._choosing(fallbacks=False).root(root))
        elif self._survey.has_lists_in_maps(root):
            # Every error of a list would hold a copy of the keys above it.
            validator = self._make(failing_fast(root))
        elif (inner := root.get("schema", root))["type"] == "list":
            # One item that does not fit is enough to know that the tolerant validator is needed.
            fast = {**inner, "fail_fast": True}
            whole = fast if inner is root else {**root, "schema": fast}
            validator = self._make(whole)
        elif validator is None or self._make is not made:
            validator = self._make(root)
        self._survey.forget()
        return self._reading(validator)

    def read_strictly(self, sent: Sent, *, any_branch: bool = False) -> Any:
        """Return the value of a body that fits the type.

        Args:
            sent: the body.
            any_branch: whether a union may be read as a branch that recognises fewer keys than
                another.

        Raises:
            ValueError: the body does not fit. pydantic's ValidationError is one.
        """
        if sent.repaired:
            raise ValueError("the text of the JSON is not valid")
        if self.running is None:
            return self.strict(sent.json)
        from .pass_state import begin

        if not self.parsed:
            self.running.state = None if sent.size < WITHOUT_COPIES else begin(sent.size)
            with suppress(ValueError):
                return self.strict(sent.json)
        # The best branch of a union refused its value. Another one may accept it.
        begin(sent.size, any_branch=any_branch, refused=sent.refused)
        return self.accepting(sent.json)

    @cached_property
    def is_repeatable(self) -> bool:
        """Whether no code of the type's author runs, so that a body gives the same each time."""
        from .copies import runs_no_code

        return runs_no_code(self._schema)

    @cached_property
    def for_large_bodies(self) -> Validators:
        """The same validators, but an object that lacks fields is not copied for each of them.

        They read a little slower, and raise `NotParsedError` where the branches of a union would
        have to be compared. A type with functions of its own has no others.
        """
        return self if self._survey.own_code else self._twin(_made_cheaply_refusing)

    @cached_property
    def for_trees(self) -> Validators:
        """The same validators for parsed bodies. No object is copied, whatever refuses it."""
        strict = not self._survey.own_code
        twin = self._twin(partial(_made_for_trees, strict=strict))
        twin.parsed = True
        twin._options = {**self._options, "strict": None}
        return twin

    def _twin(self, make: Callable[[Schema], SchemaValidator]) -> Validators:
        twin = Validators.__new__(Validators)
        # What is not a validator is the same.
        vars(twin).update({k: v for k, v in vars(self).items() if k not in _LAZY})
        twin._make = make
        return twin

    @property
    def copies_often(self) -> bool:
        """Whether to read a body copies its objects again and again, unless it is parsed first."""
        return self._survey.own_code or self.is_deep

    @cached_property
    def accepting(self) -> Validate:
        """Raises ValueError where no branch of a union accepts the JSON, not only the best one."""
        schema = self._choosing(fallbacks=True).root(self._schema)
        return self._reading(self._make(schema))

    @cached_property
    def tolerant(self) -> Validate:
        """Returns a tree with markers (see `markers`). Raises ValueError if it is not JSON."""
        # Most types never need it.
        return self._tolerant()

    @cached_property
    def tolerant_throughout(self) -> Validate:
        """Returns a tree like `tolerant`, sooner if most models of a response drift."""
        return self._tolerant(models_first=False)

    @cached_property
    def tolerant_without_code(self) -> Validate:
        """Returns a tree like `tolerant`, and calls no function of the type's author."""
        return self._tolerant(own_code=False)

    @property
    def reads_tolerantly(self) -> bool:
        """Whether the tolerant validator is built, and is as good as the strict one."""
        return self.itemwise and "tolerant" in self.__dict__

    @property
    def expected(self) -> str:
        """The declared type in a few words."""
        from .describe import describe

        return describe(self._schema, self._survey.definitions)

    @cached_property
    def required_keys(self) -> frozenset[str] | None:
        """The keys that the outermost object must have; None for another type or a union."""
        declared = fields(unwrap(self._schema, self._survey.definitions))
        if declared is None:
            return None
        return frozenset(field.key for field in declared if field.required)

    def _tolerant(self, *, own_code: bool = True, models_first: bool = True) -> Validate:
        from .tolerant import Tolerant

        rewrite = Tolerant(
            self._survey,
            self._choosing(fallbacks=True),
            self._read_as,
            own_code=own_code,
            models_first=models_first,
        )
        return self._reading(self._make(rewrite.root(self._schema)))

    def _reading(self, validator: Any) -> Validate:
        validate = validator.validate_python if self.parsed else validator.validate_json
        return partial(validate, **self._options)

    def _choosing(self, *, fallbacks: bool) -> Choosing:
        large = self._make is _made_cheaply_refusing
        return Choosing(self._survey, fallbacks=fallbacks, large=large, parsed=self.parsed)

    @property
    def _read_as(self) -> Callable[[type[BaseModel]], Validate]:
        if self.parsed:
            return _read_parsed_as
        return _read_as if self._make is made else _read_within_large_as


def validators_of(type_: Any) -> Validators:
    """Return the validators of a type, shared by all operations that return it."""
    try:
        # The order of a union's branches matters, but not for its equality.
        return _shared(type_, repr(type_))
    except TypeError:
        # A type with unhashable metadata.
        return Validators(type_)


@lru_cache(maxsize=512)
def _shared(type_: Any, _: str) -> Validators:
    return Validators(type_)


def _made_cheaply_refusing(schema: Schema) -> SchemaValidator:
    from .cheap_refusals import with_cheap_refusals

    definitions = {each["ref"]: each for each in schema.get("definitions", ())}
    return made(with_cheap_refusals(schema, definitions))


def _made_for_trees(schema: Schema, *, strict: bool) -> SchemaValidator:
    from .tree_schema import for_trees

    definitions = {each["ref"]: each for each in schema.get("definitions", ())}
    return made(for_trees(schema, definitions, strict=strict))


# Each returns a function that reads a Python value as a model, tolerantly.
def _read_as(cls: type[BaseModel]) -> Validate:
    return _from_python(validators_of(cls).tolerant)


def _read_within_large_as(cls: type[BaseModel]) -> Validate:
    return _from_python(validators_of(cls).for_large_bodies.tolerant)


def _read_parsed_as(cls: type[BaseModel]) -> Validate:
    return validators_of(cls).for_trees.tolerant


def _from_python(validate: Validate) -> Validate:
    return lambda value: validate(to_json(value))
