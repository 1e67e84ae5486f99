"""Writes the table of operations that releases of GitHub Enterprise Server do not have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from codegen.description import Description
from codegen.emit_models import HEADER
from codegen.versions import Node


def table(document: Node, servers: Mapping[str, Node]) -> str:
    """Return the module with the table; `servers` has the descriptions by release.

    An operation is listed under the newest release that does not have it.
    """
    operations = Description(document).operations
    newest: dict[str, str] = {}
    for release in sorted(servers, key=_number):
        there = {(each.method, each.path) for each in Description(servers[release]).operations}
        for operation in operations:
            if (operation.method, operation.path) not in there:
                newest[operation.id] = release
    grouped: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for id_, release in sorted(newest.items()):
        group, _, name = id_.partition("/")
        grouped[release][group].append(name)
    # In strings, one for each group of operations, since ruff would put every name on a line.
    blocks = "".join(
        f'    "{release}": {{\n'
        + "".join(f'        "{group}": "{" ".join(ids)}",\n' for group, ids in groups.items())
        + "    },\n"
        for release, groups in sorted(grouped.items(), key=lambda entry: _number(entry[0]))
    )
    return (
        f'{HEADER}"""Operations that GitHub Enterprise Server does not have, by the newest such '
        f'release."""\n\nLACKING: dict[str, dict[str, str]] = {{\n{blocks}}}\n'
    )


def _number(release: str) -> tuple[int, ...]:
    return tuple(map(int, release.split(".")))
