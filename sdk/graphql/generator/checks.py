"""Warnings about documents that the server refuses, or will refuse in future."""

# graphql-core's own types are only partly known to pyright.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    get_named_type,
    visit,
)

_LARGEST_PAGE = 100
_MOST_NODES = 500_000


def warnings_of(schema: GraphQLSchema, document: DocumentNode) -> list[str]:
    """Return the warnings, one line each.

    Connections without ``first`` or ``last``, or with more than 100; operations that may return
    over 500,000 nodes; fields, arguments and enum values that are deprecated.
    """
    found = [*_fields(schema, document), *_node_counts(document)]
    return list(dict.fromkeys(found))


class _FieldChecks(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.found: list[str] = []

    def enter_field(self, node: FieldNode, *_: object) -> None:
        definition = self.types.get_field_def()
        parent = self.types.get_parent_type()
        if definition is None or parent is None:
            return
        where = f"line {node.loc.start_token.line}: " if node.loc else ""
        name = f"{where}{parent.name}.{node.name.value}"
        if definition.deprecation_reason is not None:
            self.found.append(f"{name} is deprecated: {_one_line(definition.deprecation_reason)}")
        if not get_named_type(definition.type).name.endswith("Connection"):
            return
        if not {"first", "last"} <= definition.args.keys():
            return
        size = _page_size(node)
        if size is None and not _size_is_variable(node):
            self.found.append(f"{name} needs first: or last:, from 1 to {_LARGEST_PAGE}")
        elif size is not None and not 1 <= size <= _LARGEST_PAGE:
            self.found.append(f"{name} asks for {size} at once; 1 to {_LARGEST_PAGE} are allowed")

    def enter_argument(self, *_: object) -> None:
        argument = self.types.get_argument()
        if argument is not None and argument.deprecation_reason is not None:
            self.found.append(
                f"an argument is deprecated: {_one_line(argument.deprecation_reason)}"
            )

    def enter_enum_value(self, node: object, *_: object) -> None:
        value = self.types.get_enum_value()
        if value is not None and value.deprecation_reason is not None:
            reason = _one_line(value.deprecation_reason)
            self.found.append(f"{getattr(node, 'value', 'an enum value')} is deprecated: {reason}")


def _fields(schema: GraphQLSchema, document: DocumentNode) -> list[str]:
    types = TypeInfo(schema)
    checks = _FieldChecks(types)
    visit(document, TypeInfoVisitor(types, checks))
    return checks.found


def _node_counts(document: DocumentNode) -> Iterator[str]:
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode):
            count = _nodes(each.selection_set, fragments, 1)
            if count > _MOST_NODES:
                name = each.name.value if each.name else each.operation.value
                yield f"{name} may return {count:,} nodes; {_MOST_NODES:,} are allowed"


def _nodes(
    selections: SelectionSetNode | None, fragments: dict[str, FragmentDefinitionNode], times: int
) -> int:
    total = 0
    for each in selections.selections if selections else ():
        if isinstance(each, FragmentSpreadNode):
            total += _nodes(fragments[each.name.value].selection_set, fragments, times)
        elif isinstance(each, FieldNode):
            size = _page_size(each)
            if size is None and _size_is_variable(each):
                size = _LARGEST_PAGE
            total += times * size if size else 0
            total += _nodes(each.selection_set, fragments, times * (size or 1))
        else:
            total += _nodes(getattr(each, "selection_set", None), fragments, times)
    return total


def _page_size(node: FieldNode) -> int | None:
    for argument in node.arguments or ():
        if argument.name.value in ("first", "last") and isinstance(argument.value, IntValueNode):
            return int(argument.value.value)
    return None


def _size_is_variable(node: FieldNode) -> bool:
    return any(
        argument.name.value in ("first", "last") and isinstance(argument.value, VariableNode)
        for argument in node.arguments or ()
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
