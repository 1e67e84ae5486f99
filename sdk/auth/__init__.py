"""Who is calling."""

from .token import TokenAuth, TokenFromEnvironment

__all__ = ["TokenAuth", "TokenFromEnvironment"]
