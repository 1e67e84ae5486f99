"""All measurements, which take half an hour: ``python -m benchmarks``.

Pass names to run only some: ``python -m benchmarks cold_start engines``.
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
    """Run the named measurements, or all."""
    unknown = set(names) - set(ALL)
    if unknown:
        sys.exit(f"No measurement {', '.join(sorted(unknown))}; there are {', '.join(ALL)}.")
    for name in names or ALL:
        print(f"\n{name}", file=sys.stderr)
        ALL[name].main()


if __name__ == "__main__":
    main(sys.argv[1:])
