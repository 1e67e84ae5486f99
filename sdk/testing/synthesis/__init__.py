"""Makes up data that fits a type, the same for the same seed.

leaves   single values that look like what their field is called
shapes   what a type is made of
build    whole values: what the caller stated, and the rest made up around it
"""

from .build import build

__all__ = ["build"]
