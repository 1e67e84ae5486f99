"""Decode a response body into its declared type, even where the two do not match.

The responses of an API differ from its description: a field is missing, null is sent where null
was never declared, an enum has a new member. Such a response is not an error. It is decoded so
that

- the result is an instance of the declared type, and every value that fits has its declared type;
- a value that does not fit stays as it was sent, and a missing field is None and not in
  ``model_fields_set``: serializing the instance returns the JSON that was sent;
- every difference is reported.

The type's own pydantic validator reads the body (`validators`). Only if it fails, a tolerant
validator, made from the same schema, reads the body again (`tolerant_pass`, `tolerant`), and the
markers that it leaves are replaced and reported (`markers`). A union is decoded as the branch that
recognises most keys (`union_choice`, `union_ranking`).

Large bodies are read by variants of these validators that do not copy an object for each field that
it lacks (`cheap_refusals`). A body of 1 MiB or more is parsed first, in steps between which other
threads run (`steps`), and so is a smaller one of which much would be copied: to read Python values
copies nothing (`tree_schema`), however many keys an object has (`wide`). An operation whose
responses drift steadily is read by the tolerant validator at once (`decoder`).

Nothing here knows which API is called, or how the bytes were received.
"""

from .decoder import LARGE, Decoder
from .drift import Drift, DriftKind, Drifts, Reason, TakesLongError, Undecodable
from .reporter import DriftKey, DriftReporter

__all__ = [
    "LARGE",
    "Decoder",
    "Drift",
    "DriftKey",
    "DriftKind",
    "DriftReporter",
    "Drifts",
    "Reason",
    "TakesLongError",
    "Undecodable",
]
