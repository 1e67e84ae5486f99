"""Writes the models: one module of them, or a lazily imported package of modules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sdk.codegen import docstrings, names, printer, spelling
from sdk.codegen.layout import ModelModule
from sdk.codegen.registry import Definition, Registry
from sdk.codegen.render import Renderer, for_models
from sdk.codegen.schemas import Reader
from sdk.codegen.source_files import (
    HEADER,
    import_line,
    imports,
    own_imports,
    uses,
    uses_quoted,
)
from sdk.codegen.types import Field, Object, Type, allows_null


class ModelWriter:
    """Writes the definitions of a registry as classes of pydantic's."""

    def __init__(
        self, registry: Registry, reader: Reader, methods: Mapping[str, str], times: str
    ) -> None:
        """Create a writer; `methods` maps names of an operation's own types to its method."""
        self._registry = registry
        self._reader = reader
        self._methods = dict(methods)
        self._times = times

    def emit(self, modules: list[ModelModule]) -> dict[str, str]:
        """Return the files, by their path in the client's package."""
        if [module.name for module in modules] == ["models"]:
            return {"models.py": self._module(modules[0], {}, ".")}
        home = {name: module.name for module in modules for name in module.definitions}
        files = {f"models/{module.name}.py": self._module(module, home, ".") for module in modules}
        files["models/__init__.py"] = _package(modules)
        return files

    def _module(self, module: ModelModule, home: Mapping[str, str], prefix: str) -> str:
        render = for_models(self._registry, self._times)
        later = set(module.definitions)
        blocks: list[str] = []
        for name in module.definitions:
            blocks.append(self._definition(self._registry.definitions[name], render, later))
            later.discard(name)
        body = "\n\n\n".join(blocks)
        imported: dict[str, set[str]] = defaultdict(set)
        for name in module.definitions:
            for used in {*self._registry.uses(name), self._registry.base_of(name)} - {""}:
                if home and home[used] != module.name:
                    imported[home[used]].add(used)
        title = (
            "What the API returns."
            if not home
            else f"``{names.class_name(module.name)}`` and more."
        )
        head = imports(
            [
                "import datetime as dt" if uses_quoted(body, "dt") else "",
                import_line("decimal", uses_quoted(body, "Decimal")),
                import_line("typing", uses_quoted(body, "Any", "Literal", "TypeAlias")),
                import_line("uuid", uses_quoted(body, "UUID")),
            ],
            [
                import_line("pydantic", uses(body, "Field")),
                import_line("typing_extensions", uses(body, "TypeAliasType")),
            ],
            [
                import_line("sdk.model", uses_quoted(body, "AwareTime", "DateTime", "Model")),
                *own_imports(render.own),
            ],
            [
                import_line(f"{prefix}{name}", sorted(wanted))
                for name, wanted in sorted(imported.items())
            ],
        )
        text = f'{HEADER}"""{title}"""\n'
        text += f"\n{head}\n" if head else ""
        return text + (f"\n\n{body}\n" if body else "")

    def _definition(self, definition: Definition, render: Renderer, later: set[str]) -> str:
        said = self._said(definition)
        docs = docstrings.model(definition, self._methods, said)
        if not isinstance(definition.type, Object):
            return self._alias(definition, render, later, docs)
        base = self._registry.base_of(definition.name) or "Model"
        notes = [
            line
            for each, python in self._fields(definition)
            for line in docstrings.field(python, each.schema)
        ]
        if notes:
            docs = [*docs, "", "Attributes:", *(f"    {note}" for note in notes)]
        lines = [f"class {definition.name}({base}):", spelling.docstring(docs, "    ")]
        fields = [
            self._field(each, python, render, later) for each, python in self._fields(definition)
        ]
        if definition.type.extra is not None:
            extra = self._annotation(definition.type.extra, render, later)
            fields.append(
                f"    __pydantic_extra__: dict[str, {extra}]"
                "  # pyright: ignore[reportIncompatibleVariableOverride]"
            )
        return "\n".join([*lines, *([""] if fields else []), *fields])

    def _alias(
        self, definition: Definition, render: Renderer, later: set[str], docs: list[str]
    ) -> str:
        text = render(definition.type)
        if later & set(self._registry.named(definition.type)):
            line = f"TypeAliasType({spelling.string(definition.name)}, {spelling.string(text)})"
            return f"{definition.name} = {line}\n{spelling.docstring(docs, '')}"
        line = printer.statement(f"{definition.name}: TypeAlias = {text}", 0)
        if len(line.partition("\n")[0]) > printer.WIDTH and " | " in text:
            line = printer.union(f"{definition.name}: TypeAlias = ", text)
        return f"{line}\n{spelling.docstring(docs, '')}"

    def _fields(self, definition: Definition) -> list[tuple[Field, str]]:
        taken = self._inherited(definition.name)
        found: list[tuple[Field, str]] = []
        assert isinstance(definition.type, Object)  # noqa: S101  only objects have fields
        exact = {
            each.wire for each in definition.type.fields if names.field(each.wire) == each.wire
        }
        for each in definition.type.fields:
            name = names.field(each.wire)
            while name in taken or (name in exact and name != each.wire):
                name += "_"
            taken.add(name)
            found.append((each, name))
        return found

    def _inherited(self, name: str) -> set[str]:
        base = self._registry.base_of(name)
        if not base:
            return set()
        return {python for _, python in self._fields(self._registry.definitions[base])} | (
            self._inherited(base)
        )

    def _field(self, field: Field, python: str, render: Renderer, later: set[str]) -> str:
        text = self._annotation(field.type, render, later, optional=not field.required)
        alias = f"alias={spelling.string(field.wire)}" if python != field.wire else ""
        if field.required:
            default = f" = Field({alias})" if alias else ""
        else:
            default = f" = Field(default=None, {alias})" if alias else " = None"
        return printer.statement(f"{python}: {text}{default}", 1)

    def _annotation(
        self, type_: Type, render: Renderer, later: set[str], *, optional: bool = False
    ) -> str:
        text = render(type_) + (" | None" if optional and not allows_null(type_) else "")
        # Only what is defined further down needs quotes: resolving a string costs more.
        return spelling.string(text).replace('\\"', "'") if self._ahead(type_, later) else text

    def _ahead(self, type_: Type, later: set[str]) -> bool:
        return bool(later & set(self._registry.named(type_)))

    def _said(self, definition: Definition) -> str:
        if definition.component is None:
            return ""
        said = self._reader.schema(definition.component).get("description")
        return said if isinstance(said, str) else ""


def _package(modules: list[ModelModule]) -> str:
    reexports: list[str] = []
    table: list[str] = []
    for module in modules:
        spelled = [f"{name} as {name}" for name in sorted(module.definitions)]
        reexports += [import_line(f".{module.name}", [each], 1) for each in spelled]
        table += [f'    "{name}": "{module.name}",' for name in module.definitions]
    lines = "\n".join(sorted(table))
    checkers = "\n".join(reexports) or "    pass"
    return f'''{HEADER}"""What the API returns. Each model is imported when it is first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
{checkers}

_MODULES = {{
{lines}
}}


def __getattr__(name: str) -> Any:
    try:
        module = _MODULES[name]
    except KeyError:
        raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}") from None
    value = getattr(import_module(f"{{__name__}}.{{module}}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_MODULES)
'''
