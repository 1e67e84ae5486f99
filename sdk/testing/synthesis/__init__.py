"""Makes up data that fits a type, the same for the same seed.

leaves    single values that look like what their field is called
constraints    bounds, lengths and patterns of a type
shapes    what a type is made of
plain     from values of Python's to those of JSON
checking  whether a whole value fits its type
building  whole values: what the caller stated, and the rest made up around it
fitting   the same around facts that may be those of another type
"""

from .builder import build
from .fitter import fit

__all__ = ["build", "fit"]
