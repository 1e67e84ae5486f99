"""Writes the dictionaries that methods take, nested in their arguments."""

from __future__ import annotations

import keyword

from sdk.codegen import docstrings, printer, spelling
from sdk.codegen.layout import in_order
from sdk.codegen.registry import Definition, Registry
from sdk.codegen.render import Renderer, for_arguments
from sdk.codegen.schemas import Reader
from sdk.codegen.source_files import HEADER, import_line, imports, own_imports, uses_quoted
from sdk.codegen.types import Field, Object

_TITLE = "What methods take inside of their arguments. For type checkers: nothing is imported."
# Names that annotations of the same class body use.
_HIDING = {"str", "int", "float", "bool", "dt", "UUID", "Decimal", "Any", "Literal", "Mapping",
           "Sequence", "NotRequired", "None", "tuple"}  # fmt: skip


class TypeWriter:
    """Writes the definitions of a registry as TypedDicts and aliases."""

    def __init__(self, registry: Registry, reader: Reader, methods: dict[str, str]) -> None:
        self._registry = registry
        self._reader = reader
        self._methods = methods
        self._render: Renderer = for_arguments(registry)

    def emit(self) -> str:
        """Return the text of the module with all these types."""
        ordered = in_order(self._registry, self._registry.definitions)
        later = set(ordered)
        blocks: list[str] = []
        for name in ordered:
            blocks.append(self._definition(self._registry.definitions[name], later))
            later.discard(name)
        body = "\n\n\n".join(blocks)
        head = imports(
            ["from __future__ import annotations"],
            [
                "import datetime as dt" if uses_quoted(body, "dt") else "",
                import_line("collections.abc", uses_quoted(body, "Mapping", "Sequence")),
                import_line("decimal", uses_quoted(body, "Decimal")),
                import_line(
                    "typing",
                    uses_quoted(body, "Any", "Literal", "NotRequired", "TypeAlias", "TypedDict"),
                ),
                import_line("uuid", uses_quoted(body, "UUID")),
            ],
            [import_line("typing_extensions", uses_quoted(body, "TypeAliasType"))],
            own_imports(self._render.own),
        )
        return f'{HEADER}"""{_TITLE}"""\n\n{head}\n' + (f"\n\n{body}\n" if body else "")

    def _definition(self, definition: Definition, later: set[str]) -> str:
        said = ""
        if definition.component is not None:
            said = self._reader.schema(definition.component).get("description") or ""
        docs = docstrings.model(definition, self._methods, said if isinstance(said, str) else "")
        type_ = definition.type
        if not isinstance(type_, Object):
            text = self._render(type_)
            if later & set(self._registry.named(type_)):
                line = f"TypeAliasType({spelling.string(definition.name)}, {spelling.string(text)})"
                line = f"{definition.name} = {line}"
                return f"{line}\n{spelling.docstring(docs, '')}"
            line = printer.statement(f"{definition.name}: TypeAlias = {text}", 0)
            return f"{line}\n{spelling.docstring(docs, '')}"
        if not self._as_class(definition):
            entries = [
                f"{spelling.string(each.wire)}: {spelling.string(self._field(each))}"
                for each in self._all_fields(type_)
            ]
            line = printer.bracketed(
                f'{definition.name} = TypedDict("{definition.name}", {{', entries, "})", 0
            )
            if not entries:
                line = f'{definition.name} = TypedDict("{definition.name}", {{}})'
            return f"{line}\n{spelling.docstring(docs, '')}"
        base = self._registry.base_of(definition.name) or "TypedDict"
        notes = [line for each in type_.fields for line in docstrings.field(each.wire, each.schema)]
        if notes:
            docs = [*docs, "", "Attributes:", *(f"    {note}" for note in notes)]
        lines = [f"class {definition.name}({base}):", spelling.docstring(docs, "    ")]
        fields = [
            printer.statement(f"{each.wire}: {self._field(each)}", 1) for each in type_.fields
        ]
        return "\n".join([*lines, *([""] if fields else []), *fields])

    def _as_class(self, definition: Definition) -> bool:
        type_ = definition.type
        if not isinstance(type_, Object):
            return False
        base = self._registry.base_of(definition.name)
        if base and not self._as_class(self._registry.definitions[base]):
            return False
        return all(_is_plain(each.wire) for each in type_.fields)

    def _all_fields(self, type_: Object) -> list[Field]:
        inherited: list[Field] = []
        if type_.base is not None:
            base = self._registry.definitions[self._registry.name_of(type_.base)].type
            inherited = self._all_fields(base) if isinstance(base, Object) else []
        # A TypedDict cannot have an empty key.
        return [*inherited, *(field for field in type_.fields if field.wire)]

    def _field(self, field: Field) -> str:
        text = self._render(field.type)
        return text if field.required else f"NotRequired[{text}]"


def _is_plain(wire: str) -> bool:
    """Return whether a name can be a field of a class, and hides no type there."""
    return (
        wire.isascii()
        and wire.isidentifier()
        and not keyword.iskeyword(wire)
        and not wire.startswith("__")
        and wire not in _HIDING
    )
