"""Writes the module with the types of what the API sends by itself."""

from __future__ import annotations

from collections.abc import Mapping

from sdk.codegen import names, printer, spelling
from sdk.codegen.registry import Registry
from sdk.codegen.render import for_answers
from sdk.codegen.source_files import HEADER, import_line, imports, own_imports, uses
from sdk.codegen.types import Type

FILE = "webhooks.py"


def webhooks(events: Mapping[str, Type], registry: Registry, package: str) -> str:
    """Return the text of the module, for a client in `package`."""
    render = for_answers(registry)
    named: dict[str, str] = {}
    for event in events:
        named[event] = names.free(names.class_name(event), set(named.values())).replace("_", "")
    lines: list[str] = []
    for event, type_ in events.items():
        lines.append(printer.statement(f"{named[event]}: TypeAlias = {render(type_)}", 0))
        lines.append(spelling.docstring([f"The payload of {spelling.shown(event)}."], ""))
        lines.append("")
    pairs = [f"{spelling.string(event)}: {name}" for event, name in named.items()]
    # Neither a union nor Any is a class, so the table is typed for values of any kind.
    table = printer.bracketed("EVENTS: dict[str, Any] = {", pairs, "}", 0)
    body = "\n".join([*lines, table])
    head = imports(
        [
            "import datetime as dt" if uses(body, "dt") else "",
            import_line("decimal", uses(body, "Decimal")),
            import_line("typing", ["Any", "TypeAlias", *uses(body, "Literal")]),
            import_line("uuid", uses(body, "UUID")),
        ],
        own_imports(render.own),
        ["from . import models as m" if uses(body, "m") else ""],
    )
    first = next(iter(named.values()))
    example = [
        "What the API sends by itself: the type of each payload, and all of them by event.",
        "",
        "::",
        "",
        f"    from {package}.webhooks import {first}",
        "    from fastapi_integration import webhook_payload",
        "",
        '    @app.post("/hooks")',
        "    async def receive(",
        f"        event: Annotated[{first}, Depends(webhook_payload({first}, scheme=...))],",
        "    ) -> None: ...",
    ]
    return f"{HEADER}{spelling.docstring(example, '')}\n\n{head}\n\n{body}\n"
