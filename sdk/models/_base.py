"""The base class of every model, and the type of timestamps."""

from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias

from pydantic import AwareDatetime, GetCoreSchemaHandler
from pydantic.annotated_handlers import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sdk.model import Model

__all__ = ["Model", "Timestamp"]


def _timestamp(text: str) -> datetime:
    # RFC 3339 allows lower-case letters.
    moment = datetime.fromisoformat(text.upper())
    if moment.tzinfo is None:
        raise ValueError("a timestamp needs a time zone")
    return moment


class _Exact:
    """Accepts text that is a point in time with a time zone; finer than microseconds is truncated.

    pydantic truncates too, but also accepts a number in a string, as seconds since 1970: the text
    that GitHub sent would be lost.
    """

    def __init__(self) -> None:
        # Both are built-in functions. The second refuses a time that has no zone or another one.
        parsed = core_schema.no_info_after_validator_function(
            datetime.fromisoformat, core_schema.str_schema()
        )
        utc = core_schema.no_info_after_validator_function(UTC.fromutc, parsed)
        other = core_schema.no_info_after_validator_function(_timestamp, core_schema.str_schema())
        self.__plain_schema__ = core_schema.json_or_python_schema(
            json_schema=core_schema.union_schema(
                [utc, other],
                mode="left_to_right",
                custom_error_type="timestamp",
                custom_error_message="Input should be a timestamp with a time zone",
            ),
            python_schema=core_schema.datetime_schema(tz_constraint="aware"),
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


Timestamp: TypeAlias = Annotated[AwareDatetime, _Exact()]
"""A point in time, with a time zone."""
