"""The base class of every model, and the type of timestamps."""

from datetime import datetime
from typing import Annotated, Any, TypeAlias

from pydantic import AwareDatetime, GetCoreSchemaHandler
from pydantic.annotated_handlers import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sdk.model import Model

__all__ = ["Model", "Timestamp"]


class _Exact:
    """Accepts text that is a point in time with a time zone; finer than microseconds is truncated.

    pydantic truncates too, but also accepts a number in a string, as seconds since 1970: the text
    that GitHub sent would be lost.
    """

    def __get_pydantic_core_schema__(
        self, source: type[datetime], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.json_or_python_schema(
            json_schema=core_schema.no_info_after_validator_function(
                _timestamp, core_schema.str_schema()
            ),
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
    # A pattern would be checked in pydantic's own code, but a compiled pattern for each field
    # takes more memory and time at the first call than anything else of a model.
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _in_lower_case(text)
    if moment.tzinfo is None:
        raise _no_timestamp()
    return moment


def _in_lower_case(text: str) -> datetime:
    # RFC 3339 allows lower-case letters.
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        raise _no_timestamp() from None


def _no_timestamp() -> PydanticCustomError:
    return PydanticCustomError("timestamp", "Input should be a timestamp with a time zone")
