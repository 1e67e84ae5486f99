"""The base class of models of any API, and the types of its times."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar, TypeAlias, get_args

from pydantic import VERSION, BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic.annotated_handlers import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sdk.shared_fields import share_fields, share_with_base

__all__ = ["AwareTime", "DateTime", "Model"]

# Before 2.14, pydantic cannot serialize an instance whose class has not been built on its own: it
# fails on the placeholder (MockValSer) of the deferred serializer. There, building a model builds
# those of its fields as well.
_NEEDS_COMPLETE_MODELS = tuple(int(part) for part in VERSION.split(".")[:2]) < (2, 14)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time needs a time zone")
    return moment


class _AsText:
    """Accepts a time that is written in ISO 8601, with a zone or as it was sent.

    pydantic's own datetime also accepts a number in a string, as seconds since 1970.
    """

    def __init__(self, *, aware: bool) -> None:
        json_schema = core_schema.no_info_after_validator_function(
            datetime.fromisoformat, core_schema.str_schema()
        )
        if aware:
            json_schema = core_schema.no_info_after_validator_function(_aware, json_schema)
        self.__plain_schema__ = core_schema.json_or_python_schema(
            json_schema=json_schema, python_schema=core_schema.datetime_schema()
        )

    def __get_pydantic_core_schema__(
        self, source: type[datetime], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return {**self.__plain_schema__, "python_schema": handler(source)}

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        declared: Any = schema
        return handler(declared["python_schema"])


DateTime: TypeAlias = Annotated[datetime, _AsText(aware=False)]
"""A point in time as the API writes it, with a time zone or without one."""

AwareTime: TypeAlias = Annotated[datetime, _AsText(aware=True)]
"""A point in time with a time zone."""


class Model(BaseModel):
    """A JSON object of a response.

    Fields that the description does not declare are kept, as attributes under the API's names. A
    field that was not sent is ``None`` and not in ``model_fields_set``. A value that the
    description does not allow is kept as it was sent.
    """

    __stands_for__: ClassVar[Mapping[str, Sequence[str]]] = {}
    """Values of fields that identify this class where it is one of several possible classes,
    although the fields are declared as any text."""

    __plain_schema__: ClassVar[bool] = True
    """Whether the annotations of a subclass say everything about what it accepts, unless it has
    validators of its own."""

    model_config = ConfigDict(
        extra="allow",
        # Most imported models are never used on their own. Their validators are built on first
        # use.
        defer_build=True,
        validate_by_name=True,
        validate_by_alias=True,
        # APIs have fields that begin with "model_".
        protected_namespaces=(),
    )

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Serialize every field by the type of its value, not by its declared type.

        A field may hold a value that its declared type does not allow. pydantic would warn
        whenever the model is serialized, for example by a FastAPI endpoint. This is also faster.
        """
        schema = handler(source)
        fields: Any = handler.resolve_ref_schema(schema)
        # Validators of a user's subclass may wrap the model and its fields.
        while fields["type"] != "model-fields":
            fields = fields["schema"]
        for field in fields["fields"].values():
            field["schema"].setdefault("serialization", core_schema.simple_ser_schema("any"))
            _try_objects_first(field["schema"], handler)
        return schema

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """Share what pydantic keeps of fields that are declared alike, and of classes."""
        super().__pydantic_init_subclass__(**options)
        share_fields(cls.__pydantic_fields__)
        share_with_base(cls)

    if _NEEDS_COMPLETE_MODELS:

        @classmethod
        def __pydantic_on_complete__(cls) -> None:
            for field in cls.model_fields.values():
                _complete(field.annotation)

        def __setstate__(self, state: dict[Any, Any]) -> None:
            """Restore a pickled instance."""
            _complete(self.__class__)
            super().__setstate__(state)


_SCALARS = frozenset({"str", "int", "float", "bool"})


def _try_objects_first(schema: Any, handler: GetCoreSchemaHandler) -> None:
    """Make a union of a model and a scalar, in any container, read an object directly.

    In its smart mode pydantic tries all branches, and creates an error for each that fails. No
    value fits both a model and a scalar.
    """
    while schema["type"] in {"default", "nullable", "list", "dict"}:
        inner = schema.get("schema") or schema.get("items_schema") or schema.get("values_schema")
        if inner is None:
            return
        schema = inner
    if schema["type"] != "union" or len(schema["choices"]) != 2:
        return
    scalar, model = sorted(schema["choices"], key=lambda choice: _type(choice, handler) == "model")
    if _type(scalar, handler) in _SCALARS and _type(model, handler) == "model":
        schema.update(choices=[model, scalar], mode="left_to_right")


def _type(choice: Any, handler: GetCoreSchemaHandler) -> str:
    if isinstance(choice, tuple):
        # The branch has its own label.
        return ""
    try:
        resolved: Any = handler.resolve_ref_schema(choice)
    except LookupError:
        # It is still being built, because it contains this model: so it is not a scalar.
        return "model"
    return str(resolved["type"])


def _complete(annotation: Any) -> None:
    """Build the models that `annotation` refers to."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not annotation.__pydantic_complete__:
            annotation.model_rebuild(raise_errors=False)
        return
    for argument in get_args(annotation):
        _complete(argument)
