"""Most measurements, one after another, in half an hour: ``python -m benchmarks``.

Pass names to run only some: ``python -m benchmarks cold_start engines``. The others have options of
their own, or need npm, and are run alone: ``python -m benchmarks.NAME`` of ``call_path``,
``cancelled_slots``, ``drift``, ``fastapi_overhead``, ``fastapi_seed``, ``graphql``,
``graphql_peers``, ``openapi_corpus``, ``openapi_first_call``, ``openapi_generators``,
``peer_behaviour`` and ``webhooks``.
"""

from __future__ import annotations

import sys

from benchmarks import (
    auth,
    caching,
    call_overhead,
    checkers,
    cold_start,
    decoding,
    downloads,
    engines,
    flat_memory,
    import_time,
    pool_pressure,
    shared_state,
    size,
)

ALL = {
    each.__name__.rpartition(".")[2]: each
    for each in (
        import_time,
        cold_start,
        decoding,
        call_overhead,
        engines,
        downloads,
        pool_pressure,
        flat_memory,
        auth,
        caching,
        checkers,
        shared_state,
        size,
    )
}


def main(names: list[str]) -> None:
    """Run the named measurements, or all of these."""
    unknown = set(names) - set(ALL)
    if unknown:
        sys.exit(
            f"No measurement {', '.join(sorted(unknown))} here; there are {', '.join(ALL)}. "
            "Others are run alone: python -m benchmarks.NAME."
        )
    for name in names or ALL:
        print(f"\n{name}", file=sys.stderr)
        ALL[name].main()


if __name__ == "__main__":
    main(sys.argv[1:])
