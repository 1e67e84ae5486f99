"""``python -m sdk.codegen``: write typed clients, check them, or explain them."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sdk.codegen import lock, output
from sdk.codegen.explain import explain
from sdk.codegen.generate import directory_of, make, refuse_notes, save
from sdk.codegen.notes import CodegenError
from sdk.codegen.settings import Settings, from_pyproject, of_package, validated
from sdk.codegen.settings import changed as with_values

# How often --watch looks for changes.
_EVERY = 0.5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return exit status 1 for differences and 2 for an error."""
    options = _parser().parse_args(arguments)
    try:
        clients = _clients(options)
        if options.watch:
            return watch(clients, options)
        if options.explain:
            _say(*explain([make(each, options.root) for each in clients], options.explain))
            return 0
        return max(_run(client, options) for client in clients)
    except CodegenError as error:
        sys.stderr.write(f"sdk.codegen: {error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sdk.codegen",
        description="Write a typed client from an OpenAPI description. Without a source, write all "
        "clients of [[tool.sdk-codegen.client]] in pyproject.toml.",
    )
    parser.add_argument(
        "source", nargs="?", help='a file, a URL, "-" for standard input, or an app as module:app'
    )
    parser.add_argument("--package", help="the package to write, such as app.clients.billing")
    parser.add_argument("--class", dest="class_name", help="the name of the client's class")
    parser.add_argument(
        "--only",
        action="append",
        metavar="PATTERN",
        help='make these methods only: "invoices.*" or "GET /customers/**"; may be repeated',
    )
    parser.add_argument("--base-url", help='where the API is: an address, or "env:NAME"')
    parser.add_argument(
        "--fastapi", action="store_true", help="also write dependency.py, for a FastAPI app"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail on differences")
    parser.add_argument("--watch", action="store_true", help="write whenever the source changes")
    parser.add_argument("--explain", metavar="NAME", help="say which rules made a method")
    parser.add_argument(
        "--strict", action="store_true", help="fail on anything guessed or left out"
    )
    parser.add_argument("--quiet", action="store_true", help="print differences and errors only")
    parser.add_argument("--root", type=Path, default=Path(), help="the project's folder")
    return parser


def _clients(options: argparse.Namespace) -> list[Settings]:
    root: Path = options.root
    configured = from_pyproject(root / "pyproject.toml")
    if options.source is None and options.package is None:
        if not configured:
            raise CodegenError(
                "Pass a source and --package, or write [[tool.sdk-codegen.client]] into "
                "pyproject.toml."
            )
        return configured
    if options.package is None:
        raise CodegenError("Say which package to write: --package app.clients.billing.")
    settings = of_package(configured, options.package) or Settings(package=options.package)
    settings = with_values(
        settings,
        source=options.source,
        class_name=options.class_name,
        only=tuple(options.only or ()),
        base_url=options.base_url,
        fastapi=options.fastapi,
    )
    if not settings.source:
        raise CodegenError(f"Say what {options.package} is made of: a file, a URL or module:app.")
    return [validated(settings, "the command line")]


def _run(settings: Settings, options: argparse.Namespace) -> int:
    begun = time.perf_counter()
    client = make(settings, options.root)
    if options.strict:
        refuse_notes(client)
    directory = directory_of(settings.package, options.root)
    if options.check:
        found = output.differences(client.files, directory)
        for line in found:
            _say(f"{settings.package}: {line}")
        if found:
            _say(_how_to_update(settings, directory))
        return 1 if found else 0
    changed = save(client, directory, settings.package)
    if not options.quiet:
        _say(*client.summary())
        if not settings.base_url and not any(
            name.startswith("http") for name in _addresses(client.document.servers)
        ):
            _say(f"note: the description names no address: {client.name} needs base_url=")
        _say(f"{len(changed)} files changed, {time.perf_counter() - begun:.1f} s")
    return 0


def _how_to_update(settings: Settings, directory: Path) -> str:
    last = lock.read(directory)
    if last.client and last.settings != settings.kept():
        made_with = ", ".join(f"{key} = {value!r}" for key, value in last.settings.items())
        return (
            f"It was written with other settings ({made_with or 'none'}). Pass the same options, "
            "or write them into pyproject.toml."
        )
    return "Run the same command without --check, and commit what it writes."


def _addresses(servers: Sequence[object]) -> list[str]:
    return [str(getattr(server, "url", "")) for server in servers]


def watch(
    clients: list[Settings],
    options: argparse.Namespace,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Run whenever a source's files change, until interrupted."""
    seen: dict[str, object] = {}
    try:
        while True:
            for client in clients:
                state = _state(client, options.root)
                if seen.get(client.package) != state:
                    seen[client.package] = state
                    try:
                        _run(client, options)
                    except CodegenError as error:
                        sys.stderr.write(f"sdk.codegen: {error}\n")
            sleep(_EVERY)
    except KeyboardInterrupt:
        return 0


def _state(settings: Settings, root: Path) -> object:
    """Return the times and sizes of a source's files, to detect a change."""
    from sdk.codegen.sources import watched

    found: list[tuple[str, int, int]] = []
    for path in watched(settings.source, root):
        try:
            status = path.stat()
        except OSError:
            continue
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
