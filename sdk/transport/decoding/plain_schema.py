"""The core schema of models that nothing but their annotations describes.

pydantic makes it as well, ten times slower: models of an API are many, and use few kinds of
annotations. Equal parts are one object here, so that the schemas of a hundred models take less
memory than ten of pydantic's.

A base class takes part by the attribute ``__plain_schema__ = True``. It says that its own
``__get_pydantic_core_schema__`` changes nothing in what is accepted. Metadata of ``Annotated`` take
part by their schema in an attribute of the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from .core_schema import Schema

_SCALARS: Final[dict[Any, Schema]] = {
    **{type_: {"type": type_.__name__} for type_ in (str, int, float, bool)},
    NoneType: {"type": "none"},
    None: {"type": "none"},
    Any: {"type": "any"},
}
_LITERALS = frozenset({str, int, bool})
_SCALAR_TYPES = frozenset({"str", "int", "float", "bool"})
_CODE = ("validators", "field_validators", "root_validators", "model_validators")
# Settings that are known here. Others may change what is accepted.
_SETTINGS = frozenset(
    {"extra", "defer_build", "validate_by_name", "validate_by_alias", "protected_namespaces"}
)
_MOST_SHARED = 20_000

_shared: dict[tuple[object, ...], Schema] = {}


class NotPlainError(Exception):
    """A type has more to it than annotations of these kinds."""


def plain_schema(type_: Any, other: Callable[[Any], Schema | None]) -> Schema | None:
    """Return the core schema of a type.

    Args:
        type_: the type.
        other: returns the schema of an annotation of another kind, or None.

    Returns:
        None if it is not described by annotations alone.
    """
    making = _Making(other)
    try:
        schema = making.place(type_)
    except (NotPlainError, TypeError):
        # An annotation that cannot be hashed is a TypeError.
        return None
    if not making.definitions:
        return schema
    definitions = list(making.definitions.values())
    return {"type": "definitions", "schema": schema, "definitions": definitions}


def annotated(type_: Any, *metadata: Any) -> Any:
    """Return ``Annotated[type_, *metadata]``."""
    # The type is known at run time only. From Python 3.13 on, Annotated has no __class_getitem__.
    form: Any = Annotated
    return form[(type_, *metadata)]


class _Making:
    def __init__(self, other: Callable[[Any], Schema | None]) -> None:
        self._other = other
        self.definitions: dict[str, Schema] = {}

    def place(self, annotation: Any) -> Schema:
        """Return the schema of a field's or an item's annotation."""
        if (scalar := _SCALARS.get(annotation)) is not None:
            return scalar
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self._model(annotation)
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Literal and all(type(value) in _LITERALS for value in arguments):
            key = tuple((value.__class__.__name__, value) for value in arguments)
            return _share(("literal", key), type="literal", expected=list(arguments))
        if origin is list:
            items = self.place(arguments[0])
            return _share(("list", id(items)), type="list", items_schema=items)
        if origin is dict and arguments[0] is str:
            keys, values = _SCALARS[str], self.place(arguments[1])
            return _share(("dict", id(values)), type="dict", keys_schema=keys, values_schema=values)
        if origin is UnionType or origin is Union:
            return self._union(arguments)
        if (own := _own_schema(annotation)) is not None:
            return self._named(own)
        schema = self._other(annotation)
        if schema is None:
            raise NotPlainError
        return schema

    def _named(self, schema: Schema) -> Schema:
        # Each field of a validator has a copy of its schema, which for a timestamp takes 2 KB, and
        # a reference 500 bytes.
        ref = f"own:{id(schema)}"
        if ref not in self.definitions:
            self.definitions[ref] = {**schema, "ref": ref}
        return _share(("ref", ref), type="definition-ref", schema_ref=ref)

    def _union(self, arguments: tuple[Any, ...]) -> Schema:
        choices = [self.place(each) for each in arguments if each is not NoneType]
        schema = choices[0]
        if len(choices) > 1:
            mode = "smart"
            if len(choices) == 2:
                objects = [each for each in choices if self._is_model(each)]
                scalars = [each for each in choices if each["type"] in _SCALAR_TYPES]
                if objects and scalars:
                    # No value fits both. In smart mode pydantic tries both, and creates an error
                    # for one of them.
                    choices, mode = [*objects, *scalars], "left_to_right"
            key = ("union", mode, *map(id, choices))
            schema = _share(key, type="union", choices=choices, mode=mode)
        if len(choices) == len(arguments):
            return schema
        return _share(("nullable", id(schema)), type="nullable", schema=schema)

    def _is_model(self, schema: Schema) -> bool:
        ref = schema.get("schema_ref")
        return ref is not None and self.definitions[ref]["type"] == "model"

    def _model(self, cls: type[BaseModel]) -> Schema:
        ref = f"{cls.__module__}.{cls.__qualname__}:{id(cls)}"
        if ref not in self.definitions:
            if not _is_plain(cls):
                raise NotPlainError
            # Before its fields, which may refer to it.
            fields: dict[str, Schema] = {}
            self.definitions[ref] = {
                "type": "model",
                "cls": cls,
                "schema": {"type": "model-fields", "fields": fields},
                "config": _config(cls),
                "ref": ref,
            }
            for name, field in cls.model_fields.items():
                fields[name] = self._field(field)
        return _share(("ref", ref), type="definition-ref", schema_ref=ref)

    def _field(self, field: FieldInfo) -> Schema:
        alias, default = field.validation_alias, field.default
        if (
            not (alias is None or isinstance(alias, str))
            or field.default_factory is not None
            or field.discriminator is not None
            or field.validate_default
        ):
            raise NotPlainError
        annotation: Any = field.annotation
        if field.metadata:
            annotation = annotated(annotation, *field.metadata)
        schema = self.place(annotation)
        if default is not PydanticUndefined:
            if type(default) not in _LITERALS and default is not None:
                raise NotPlainError
            key = ("default", id(schema), default.__class__.__name__, default)
            schema = _share(key, type="default", schema=schema, default=default)
        if alias is None:
            return _share(("field", id(schema)), type="model-field", schema=schema)
        return _share(
            ("field", id(schema), alias),
            type="model-field",
            schema=schema,
            validation_alias=alias,
        )


def _own_schema(annotation: Any) -> Schema | None:
    """Return the schema that an annotation states by itself."""
    metadata: tuple[Any, ...] = getattr(annotation, "__metadata__", ())
    schema = getattr(metadata[0], "__plain_schema__", None) if len(metadata) == 1 else None
    return cast("Schema", schema) if isinstance(schema, dict) else None


def _is_plain(cls: type[BaseModel]) -> bool:
    """Return whether nothing but annotations decides on what a model accepts."""
    owner = next((each for each in cls.__mro__ if "__plain_schema__" in vars(each)), None)
    if owner is None or not vars(owner)["__plain_schema__"]:
        return False
    hook: Any = cls.__get_pydantic_core_schema__
    return (
        hook.__func__ is vars(owner)["__get_pydantic_core_schema__"].__func__
        and cls.__pydantic_fields_complete__
        and cls.model_config.keys() <= _SETTINGS
        and not any(getattr(cls.__pydantic_decorators__, kind) for kind in _CODE)
        and cls.__init__ is BaseModel.__init__
        and cls.model_post_init is BaseModel.model_post_init
        and not cls.__private_attributes__
        and not cls.__pydantic_root_model__
        and not any(cls.__pydantic_generic_metadata__.values())
        and getattr(cls, "__pydantic_extra_info__", None) is None
    )


def _config(cls: type[BaseModel]) -> Schema:
    settings = cls.model_config
    extra, by_name, by_alias = (
        settings.get(key) for key in ("extra", "validate_by_name", "validate_by_alias")
    )
    given = {
        "extra_fields_behavior": extra,
        "validate_by_name": by_name,
        "validate_by_alias": by_alias,
    }
    key = ("config", extra, by_name, by_alias)
    return _share(key, **{name: value for name, value in given.items() if value is not None})


def _share(key: tuple[object, ...], **schema: Any) -> Schema:
    # A shared schema keeps its parts alive, so that their ids remain theirs.
    if len(_shared) >= _MOST_SHARED:
        _shared.clear()
    return _shared.setdefault(key, schema)
