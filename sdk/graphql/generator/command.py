"""``python -m sdk.graphql``: write one module for each file of GraphQL documents."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoUnusedFragmentsRule,
    parse,
    validate,
)
from graphql.validation import specified_rules

from .checks import warnings_of
from .emit import MARK, emit
from .plan import PlanError
from .planner import make_plan
from .schema import SchemaError, load_schema

_RULES = [rule for rule in specified_rules if rule is not NoUnusedFragmentsRule]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        schema = load_schema(options.schema)
    except SchemaError as error:
        print(error, file=sys.stderr)
        return 2
    failed = False
    for path in options.documents:
        text = _module(schema, path, strict=options.strict)
        failed |= text is None
        if text is not None:
            target = (options.out or path.parent) / f"{path.stem.replace('-', '_')}.py"
            failed |= not _written(target, text, check=options.check)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sdk.graphql",
        description="Write typed Python for GraphQL documents, one module for each file.",
    )
    parser.add_argument("documents", nargs="+", type=Path, help="files such as queries/*.graphql")
    parser.add_argument(
        "--schema", type=Path, help="an SDL file or an introspection result; GitHub's by default"
    )
    parser.add_argument(
        "--out", type=Path, help="folder of the modules; by default beside the documents"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if one is out of date"
    )
    parser.add_argument("--strict", action="store_true", help="fail for a warning too")
    return parser


def _module(schema: GraphQLSchema, path: Path, *, strict: bool) -> str | None:
    try:
        document = parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        _say(path, [f"cannot be read: {error.strerror}"])
        return None
    except UnicodeDecodeError:
        _say(path, ["is not in UTF-8"])
        return None
    except GraphQLError as error:
        _say(path, [_located(error)])
        return None
    errors = validate(schema, document, _RULES)
    if errors:
        _say(path, [_located(error) for error in errors])
        return None
    warnings = warnings_of(schema, document)
    _say(path, [f"warning: {text}" for text in warnings])
    if warnings and strict:
        return None
    return _emitted(schema, document, path)


def _emitted(schema: GraphQLSchema, document: DocumentNode, path: Path) -> str | None:
    try:
        return emit(make_plan(schema, document), path.name)
    except PlanError as error:
        _say(path, [str(error)])
        return None


def _written(target: Path, text: str, *, check: bool) -> bool:
    present = target.read_text(encoding="utf-8") if target.is_file() else None
    if present == text:
        return True
    if check:
        _say(target, ["is out of date: run python -m sdk.graphql"])
        return False
    if present is not None and not present.startswith(MARK):
        _say(target, ["was not generated; it is left as it is"])
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")
    return True


def _say(path: Path, texts: list[str]) -> None:
    for text in texts:
        print(f"{path}: {text}", file=sys.stderr)


def _located(error: GraphQLError) -> str:
    line = f"line {error.locations[0].line}: " if error.locations else ""
    return f"{line}{error.message}"
