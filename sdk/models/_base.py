"""The base of every model."""

from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Model(BaseModel):
    """A JSON object that the API answered.

    Fields that the description does not know are kept, as attributes under GitHub's names. A field
    that was not in the answer is ``None`` and not in ``model_fields_set``. A value that the
    description does not allow is kept as it was sent.
    """

    model_config = ConfigDict(
        extra="allow",
        # Most models that are imported are never used on their own: their validators are built
        # when they are.
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
        """Have every field serialised by what it holds, not by what was declared for it.

        A field may hold what GitHub sent and its type does not allow. pydantic would warn of it
        whenever the model is serialised, by a FastAPI endpoint for one. This is also faster.
        """
        schema = handler(source)
        fields: Any = handler.resolve_ref_schema(schema)
        # Validators of a user's subclass may stand around the model and around its fields.
        while fields["type"] != "model-fields":
            fields = fields["schema"]
        for field in fields["fields"].values():
            field["schema"].setdefault("serialization", core_schema.simple_ser_schema("any"))
        return schema
