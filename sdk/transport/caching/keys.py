"""The keys of stored responses: hashes, in which a path can be found and nothing can be read.

A key is the hash of each part of the path, then one hash of the whole request::

    <origin>/<path part>/<path part>?<request>

so that the responses below a path have a prefix in common, for ``Cache.drop``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

# No collision is to be feared for a request; one of two paths only drops too much.
_REQUEST_BYTES = 20
_PART_BYTES = 4

# Deeper parts of a path share one hash.
_DEEPEST = 10


def key_of(url: str, headers: Mapping[str, str], client: str, sees: str) -> str:
    """Return the key of a GET request: two different requests have different ones.

    Args:
        url: the whole address, with its query as sent and without credentials.
        headers: the headers, without credentials; in lower case, of printable ASCII.
        client: what an injected HTTP client adds; "" for nothing.
        sees: whose view of the API it is.
    """
    # Neither an address nor a header holds a line break, so that the lines can be told apart.
    text = f"{url}\n{_lines(tuple(headers.items()))}\n{client}\n{sees}"
    digest = blake2b(text.encode(), digest_size=_REQUEST_BYTES).hexdigest()
    return f"{_hashed_path(url.partition('?')[0])}?{digest}"


@lru_cache(maxsize=256)
def _lines(headers: tuple[tuple[str, str], ...]) -> str:
    return "".join(f"{name}:{value}\n" for name, value in sorted(headers))


@lru_cache(maxsize=1024)
def _hashed_path(address: str) -> str:
    return "/".join(_hashes(_parts(address)))


def written_prefixes(url: str, template: str, base_parts: int) -> list[str]:
    """Return the prefixes of the keys of what a write to an address may have changed.

    That is everything below the collection it belongs to, such as ``/repos/o/r/issues`` for a write
    to ``/repos/o/r/issues/1/labels``; and what has these in it: ``/repos/o/r`` itself.

    Args:
        url: the address that was written to.
        template: the path template of the operation.
        base_parts: how many parts the path of the API's base URL has.
    """
    parts = _parts(url.partition("?")[0])
    hashes = _hashes(parts)
    # The origin counts as a part.
    root = min(1 + base_parts + _collection_depth(template), len(hashes))
    prefixes = ["/".join(hashes[:root]) + end for end in ("/", "?")]
    above = range(1 + base_parts + 1, root)
    return [*prefixes, *("/".join(hashes[:depth]) + "?" for depth in above)]


def prefixes_of(key: str) -> list[str]:
    """Return the prefixes of a key under which a write may have been noted."""
    path = key.partition("?")[0]
    found = [f"{path}?"]
    while path:
        found.append(f"{path}/")
        path = path.rpartition("/")[0]
    return found


def base_parts_of(base_url: str) -> int:
    """Return how many parts the path of a base URL has."""
    return len(_parts(base_url)) - 1


def _collection_depth(template: str) -> int:
    """Return how many parts of a path name the collection that a write is about.

    The first fixed part after the first parameter: 4 in ``/repos/{owner}/{repo}/issues/{number}``.
    Without one, what stands before that parameter; without a parameter, the whole path.
    """
    parts = template.strip("/").split("/")
    first = next((index for index, part in enumerate(parts) if "{" in part), None)
    if first is None:
        return len(parts)
    for index in range(first, len(parts)):
        if "{" not in parts[index]:
            return index + 1
    return first


def _parts(address: str) -> list[str]:
    """Return the origin of an address and the parts of its path."""
    scheme, _, rest = address.partition("://")
    host, *parts = rest.split("/")
    if len(parts) > _DEEPEST:
        parts = [*parts[: _DEEPEST - 1], "/".join(parts[_DEEPEST - 1 :])]
    return [f"{scheme}://{host}", *parts]


def _hashes(parts: Sequence[str]) -> list[str]:
    """Return a hash of each part and all that come before it."""
    state = blake2b(digest_size=_PART_BYTES)
    hashes: list[str] = []
    for part in parts:
        state.update(part.encode() + b"\n")
        hashes.append(state.copy().hexdigest())
    return hashes


def fingerprint(key: str, credentials: Mapping[str, str], query: Mapping[str, str]) -> str:
    """Return a hash of the credentials that a request carries; another one under each key."""
    text = f"{key}\n{sorted(credentials.items())}\n{sorted(query.items())}"
    return blake2b(text.encode(), digest_size=16).hexdigest()
