"""The base class of every model, and the type of timestamps."""

import re
from datetime import datetime
from typing import Annotated, Any, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic.annotated_handlers import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

_FINER_THAN_MICROSECONDS = re.compile(r"\.\d{6}0*[1-9]")
_LONGEST_USUAL = len("2026-01-31T12:00:00.123456Z")


class _Exact:
    """Accepts a timestamp only if serializing it returns the same moment.

    pydantic's own datetime also accepts a number in a string, as seconds since 1970, and truncates
    to microseconds: the value that GitHub sent would be lost. This is no slower.
    """

    def __get_pydantic_core_schema__(
        self, source: type[datetime], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        read = core_schema.no_info_plain_validator_function(_timestamp)
        return core_schema.json_or_python_schema(
            json_schema=core_schema.chain_schema([core_schema.str_schema(), read]),
            python_schema=handler(source),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        declared: Any = schema
        return handler(declared["python_schema"])


Timestamp: TypeAlias = Annotated[AwareDatetime, _Exact()]
"""A point in time, with a time zone."""


def _timestamp(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a timestamp needs a time zone")
    if len(text) > _LONGEST_USUAL and _FINER_THAN_MICROSECONDS.search(text):
        raise ValueError("a timestamp finer than a microsecond cannot be kept")
    return moment


class Model(BaseModel):
    """A JSON object of a response.

    Fields that the description does not declare are kept, as attributes under GitHub's names. A
    field that was not sent is ``None`` and not in ``model_fields_set``. A value that the
    description does not allow is kept as it was sent.
    """

    model_config = ConfigDict(
        extra="allow",
        # Most imported models are never used on their own. Their validators are built on first
        # use.
        defer_build=True,
        validate_by_name=True,
        validate_by_alias=True,
        # GitHub has fields that begin with "model_".
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
        return schema
