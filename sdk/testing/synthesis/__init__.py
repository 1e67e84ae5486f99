"""Generate valid data of a type, the same for the same seed.

scalars         single values that match the name of their field
constraints     bounds, lengths and patterns of a type
type_shapes     the structure of a type
to_json         Python values to JSON values
fit_errors      validation of a whole value
builder         whole values around the fields that the caller gives
fitter          the same around facts that may be of another type
item_types      the type of the items of a list
success_status  the status of a successful response
api_version     fields by API version
"""

from .builder import build
from .fitter import fit

__all__ = ["build", "fit"]
