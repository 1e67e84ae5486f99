"""The base of every model."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A JSON object that the API answered.

    Fields that the description does not know are kept, as attributes under GitHub's names. A field
    that was not in the answer is ``None`` and not in ``model_fields_set``.
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
