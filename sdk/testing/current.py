"""Check that a generated client still matches the app that it calls."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

_ADVICE = "Run `python -m sdk.codegen` with the same settings, and commit what it writes."


def assert_current(package: str, app: Any) -> None:
    """Fail if a generated client differs from what the generator writes for an app today.

    ::

        def test_the_billing_client_is_current():
            assert_current("app.clients.billing", billing_app)

    The error lists the files that differ, and the changes that break callers: removed methods and
    fields, and arguments that are newly required.

    Args:
        package: the client's package.
        app: an app with a method ``openapi()``, such as a FastAPI, a description, or the path of
            its file.

    Raises:
        AssertionError: they differ.
        ValueError: the package was not made by the generator.
        TypeError: `app` is of another type.
    """
    from sdk.codegen import lock, output
    from sdk.codegen.build import build
    from sdk.codegen.normal import normalised
    from sdk.codegen.settings import checked
    from sdk.codegen.sources import Source, load

    directory = _directory(package)
    kept = lock.read(directory)
    if not kept.client:
        raise ValueError(f"{package} was not written by sdk.codegen: it has no {lock.FILE}.")
    if isinstance(app, (str, Path)):
        source = load(str(app), root=Path())
    elif isinstance(app, Mapping):
        source = Source(dict(cast("Mapping[str, Any]", app)), None)
    elif callable(getattr(app, "openapi", None)):
        source = Source(dict(app.openapi()), None)
    else:
        raise TypeError(
            "assert_current() takes an app with openapi(), a description, or the path of its "
            f"file, not {type(app).__name__}."
        )
    settings = checked({**kept.settings, "package": package, "class": kept.client}, package)
    made = build(normalised(source.document, source.folder), settings, kept).files
    found = output.differences(made, directory)
    if not found:
        return
    breaking = _breaking(directory, made)
    lines = [f"{package} is not what its app says today.", *(f"  {line}" for line in found)]
    if breaking:
        lines += ["Of that, callers break by:", *(f"  {line}" for line in breaking)]
    raise AssertionError("\n".join([*lines, _ADVICE]))


def _directory(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ValueError(f"There is no package {package}.")
    return Path(next(iter(found.submodule_search_locations)))


def _breaking(directory: Path, made: Mapping[str, str]) -> list[str]:
    """Return the changes that break callers: names that are gone, arguments newly required."""
    before: dict[str, tuple[set[str], set[str]]] = {}
    after: dict[str, tuple[set[str], set[str]]] = {}
    for path in sorted(directory.rglob("*.py")):
        before |= _members(path.read_text(encoding="utf-8"))
    for name, text in made.items():
        if name.endswith(".py"):
            after |= _members(text)
    lines: list[str] = []
    for owner, (names, required) in before.items():
        if owner not in after:
            lines.append(f"{owner} is gone")
            continue
        now, wanted = after[owner]
        lines += [f"{owner}.{name} is gone" for name in sorted(names - now)]
        lines += [f"{owner} newly requires {name}" for name in sorted(wanted - required)]
    return lines


def _members(text: str) -> dict[str, tuple[set[str], set[str]]]:
    """Return, by class or method, the names of its fields or arguments, and the required ones."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for node in ast.parse(text).body:
        if not isinstance(node, ast.ClassDef):
            continue
        names: set[str] = set()
        required: set[str] = set()
        typed = any(isinstance(base, ast.Name) and base.id == "TypedDict" for base in node.bases)
        for each in node.body:
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
                names.add(each.target.id)
                if typed and not ast.unparse(each.annotation).startswith("NotRequired["):
                    required.add(each.target.id)
            elif isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                names.add(each.name)
                found[f"{node.name}.{each.name}"] = _arguments(each)
        found[node.name] = names, required
    return found


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[set[str], set[str]]:
    spec = function.args
    positional = [each.arg for each in spec.args if each.arg != "self"]
    named = {each.arg for each in spec.kwonlyargs}
    needed = {
        each.arg
        for each, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
        if default is None
    }
    return {*positional, *named}, {*positional[: len(positional) - len(spec.defaults)], *needed}
