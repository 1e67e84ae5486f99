"""From the bytes of an answer to its declared type, although the two do not always match.

An API's answers differ from its description: a field is missing, null where null was never
declared, a new member of an enum. Such an answer is not an error. It is decoded so that

- it is an instance of the declared type, and all that fits is typed as if all had fitted;
- what does not fit is left as it was sent, and a missing field is None and not in
  ``model_fields_set``: serialising the instance gives back the JSON that was sent;
- every difference is reported.

How: the type's own pydantic validator reads the body. Only if it refuses, a tolerant validator,
made from the same schema, reads it once more (`tolerant`), and the gaps are settled and reported
(`settle`). A union goes to the branch that recognises most (`choice`). An operation that drifts
steadily is read by the tolerant validator at once (`latch`).

Nothing here knows which API it is, or how the bytes came.
"""

from .decoder import Decoder
from .drift import Drift, DriftKind
from .reporter import DriftKey, DriftReporter
from .undecodable import Reason, Undecodable

__all__ = [
    "Decoder",
    "Drift",
    "DriftKey",
    "DriftKind",
    "DriftReporter",
    "Reason",
    "Undecodable",
]
