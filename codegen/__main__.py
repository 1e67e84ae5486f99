"""`python -m codegen`: rewrite the generated parts of the package, or check them."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from codegen import emit_versions, output, report, source, wording
from codegen.build import OWNED, build
from codegen.description import Description
from codegen.versions import Node

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run the command; return exit status 1 for differences, 2 for a missing source."""
    options = _parser().parse_args()
    begun = time.perf_counter()
    try:
        document = source.load(options.update or options.source)
        old = source.load(options.since) if options.update else None
        servers = source.load_servers(options.update or options.source)
        if options.update and not options.report:
            source.pin(options.update, ROOT / "codegen" / "source.py")
    except source.SourceError as error:
        sys.stderr.write(f"codegen: {error}\n")
        return 2
    if old is not None:
        lines = report.compare(report.surface(old), report.surface(document))
        sys.stdout.write("\n".join(lines) + "\n")
        if options.report:
            return 0
    files = output.formatted(build(document, servers))
    if options.check:
        return _check(files, options.out)
    output.write(files, options.out, OWNED)
    count = sum(text.count("\n") for text in files.values())
    operations = len(Description(document).operations)
    sys.stdout.write(
        f"{operations} operations, {len(files)} files, {count} lines, "
        f"{time.perf_counter() - begun:.1f} s\n"
    )
    for line in _to_do(document):
        sys.stdout.write(f"{line}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m codegen", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail on any difference"
    )
    parser.add_argument("--source", help="a JSON file, a version (22.0.0), or 23.0.2/ghec")
    parser.add_argument("--out", type=Path, default=ROOT, help="root directory of the package")
    parser.add_argument(
        "--update", metavar="VERSION", help="pin this version, report what changes, and write it"
    )
    parser.add_argument(
        "--since", metavar="VERSION", help="with --update: compare with this, not the pinned one"
    )
    parser.add_argument(
        "--report", action="store_true", help="with --update: report only, and write nothing"
    )
    return parser


def _check(files: dict[str, str], root: Path) -> int:
    found = output.differences(files, root, OWNED)
    for line in found:
        sys.stdout.write(f"{line}\n")
    if found:
        sys.stdout.write("Run `python -m codegen` and commit what it writes.\n")
    return 1 if found else 0


def _to_do(document: Node) -> Iterator[str]:
    for operation in wording.missing(each.id for each in Description(document).operations):
        yield f"{operation} has no summary in codegen/wording/summaries"
    for changeset in emit_versions.missing(document):
        yield f"{changeset} has no text in codegen/wording/changes.toml"


if __name__ == "__main__":
    sys.exit(main())
