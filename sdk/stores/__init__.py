"""Stores for responses and for the state of several workers: in memory, on disk, in Redis.

Importing this package loads none of it: each name is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdk.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from .memory import MemoryCache
    from .redis.cache import RedisCache
    from .redis.inbox import RedisInbox
    from .redis.shared import RedisShared
    from .redis.tokens import RedisTokens
    from .redis.user_tokens import RedisUserTokens
    from .sealing import Sealing
    from .sqlite import SqliteCache

__all__ = [
    "MemoryCache",
    "RedisCache",
    "RedisInbox",
    "RedisShared",
    "RedisTokens",
    "RedisUserTokens",
    "Sealing",
    "SqliteCache",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "MemoryCache": ".memory",
        "RedisCache": ".redis.cache",
        "RedisInbox": ".redis.inbox",
        "RedisShared": ".redis.shared",
        "RedisTokens": ".redis.tokens",
        "RedisUserTokens": ".redis.user_tokens",
        "Sealing": ".sealing",
        "SqliteCache": ".sqlite",
    },
)
