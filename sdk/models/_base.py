"""The base class of every model, and the type of timestamps."""

import re
from datetime import datetime
from typing import Annotated, Any, TypeAlias

from pydantic import AwareDatetime, GetCoreSchemaHandler
from pydantic.annotated_handlers import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sdk.model import Model

__all__ = ["Model", "Timestamp"]

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
