"""Every hostile value in every place of a description, counted.

python -m tests.conformance.check_hostile
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.openapi_clients import hostile


def main() -> int:
    """Check all variants; print how many were made, ran code, or broke the output."""
    counts: Counter[str] = Counter(made=0, ran=0, broken=0)
    with TemporaryDirectory() as folder:
        for variant in hostile.variants():
            counts["made"] += 1
            try:
                hostile.check(variant, Path(folder))
            except SystemExit:
                # The payloads raise it where they run as code.
                counts["ran"] += 1
                print(f"RAN {variant}", flush=True)
            except Exception as error:  # noqa: BLE001  all of them are counted
                counts["broken"] += 1
                print(f"BROKEN {variant}: {error!r}"[:300], flush=True)
    print(f"{counts['made']:,} variants: {counts['ran']} ran code, {counts['broken']} broke output")
    return 1 if counts["ran"] or counts["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
