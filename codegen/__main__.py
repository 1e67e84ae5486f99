"""`python -m codegen`: rewrite the generated parts of the package, or check them."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from codegen import output, source, wording
from codegen.build import OWNED, build
from codegen.description import Description

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run the command; the exit status is 1 for differences, 2 for a missing source."""
    parser = argparse.ArgumentParser(prog="python -m codegen", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail on any difference"
    )
    parser.add_argument("--source", help="a JSON file, a version (22.0.0), or 23.0.2/ghec")
    parser.add_argument("--out", type=Path, default=ROOT, help="root directory of the package")
    options = parser.parse_args()
    begun = time.perf_counter()
    try:
        description = Description(source.load(options.source))
    except source.SourceError as error:
        sys.stderr.write(f"codegen: {error}\n")
        return 2
    files = output.formatted(build(description))
    if options.check:
        found = output.differences(files, options.out, OWNED)
        for line in found:
            sys.stdout.write(f"{line}\n")
        if found:
            sys.stdout.write("Run `python -m codegen` and commit what it writes.\n")
        return 1 if found else 0
    output.write(files, options.out, OWNED)
    lines = sum(text.count("\n") for text in files.values())
    sys.stdout.write(
        f"{len(description.operations)} operations, {len(files)} files, {lines} lines, "
        f"{time.perf_counter() - begun:.1f} s\n"
    )
    for operation in wording.missing(each.id for each in description.operations):
        sys.stdout.write(f"{operation} has no summary in codegen/wording/summaries\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
