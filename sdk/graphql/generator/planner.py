"""Plan a module for a validated document."""

# graphql-core's own types are only partly known to pyright.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    Visitor,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    print_ast,
    type_from_ast,
    visit,
)

from sdk.graphql.document import read_document

from .names import IMPORTED, argument, pascal, safe, singular, snake, unused
from .plan import Argument, Field, Model, Operation, Pages, Plan, PlanError

_SCALARS = {
    "String": "str",
    "ID": "str",
    "Int": "int",
    "Float": "float",
    "Boolean": "bool",
    "DateTime": "AwareTime",
    "PreciseDateTime": "AwareTime",
    "Date": "date",
    "URI": "str",
    "HTML": "str",
    "BigInt": "str",
    "Base64String": "str",
    "GitObjectID": "str",
    "GitRefname": "str",
    "GitSSHRemote": "str",
    "GitTimestamp": "str",
    "X509Certificate": "str",
}


def make_plan(schema: GraphQLSchema, document: DocumentNode) -> Plan:
    """Return the plan of a document's module.

    Raises:
        PlanError: an operation has no name, or is a subscription, or two operations would have
            a function of the same name.
    """
    planner = _Planner(schema, document)
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode):
            planner.add(each)
    return planner.plan


class _Planner:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self._item_types: dict[tuple[str, ...], str] = {}
        self._functions: dict[str, str] = {}
        self._constants: set[str] = set()
        self.plan = Plan()

    def add(self, node: OperationDefinitionNode) -> None:
        kind = node.operation.value
        if node.name is None:
            raise PlanError(f"a {kind} has no name; its function is named after it")
        if kind == "subscription":
            raise PlanError(f"{node.name.value} is a subscription, which cannot be sent over HTTP")
        name = node.name.value
        function = self._function(safe(snake(name)), name)
        root = self._schema.get_root_type(node.operation)
        if root is None:
            raise PlanError(f"the schema has no {kind}")
        text = self._text(node)
        self._item_types.clear()
        doc = f"Data of the {kind} ``{name}``."
        model = self._model(pascal(name), doc, root, [node.selection_set], ())
        constant = self._free(snake(pascal(name)).upper())
        self._constants.add(constant)
        arguments = self._arguments(node)
        self.plan.operations.append(
            Operation(
                name=name,
                kind=kind,
                function=function,
                constant=constant,
                model=model,
                text=text,
                arguments=sorted(arguments, key=lambda each: not each.required),
                pages=self._pages(name, function, text),
            )
        )

    def _function(self, function: str, operation: str) -> str:
        """Return the name of a function after making sure that no other operation has it."""
        other = self._functions.setdefault(function, operation)
        if other != operation:
            raise PlanError(
                f"{other} and {operation} would both have the function {function}: rename one"
            )
        return function

    def _pages(self, name: str, function: str, text: str) -> list[Pages]:
        (definition,) = read_document(text)
        connections = [
            each
            for each in definition.connections
            if each.path in self._item_types and not each.missing and each.items
        ]
        fields = [each.path[-1] for each in connections]
        found: list[Pages] = []
        for each in connections:
            words: tuple[str, ...] = ()
            if len(fields) > 1:
                words = each.path if fields.count(each.path[-1]) > 1 else each.path[-1:]
            pages = "_".join((function, *map(snake, words), "pages"))
            found.append(Pages(self._function(pages, name), each, self._item_types[each.path]))
        return found

    # ------------------------------------------------------------ text

    def _text(self, node: OperationDefinitionNode) -> str:
        used: dict[str, FragmentDefinitionNode] = {}
        self._collect(node.selection_set, used)
        return "\n\n".join(print_ast(each) for each in (node, *used.values()))

    def _collect(
        self, selections: SelectionSetNode, used: dict[str, FragmentDefinitionNode]
    ) -> None:
        class Spreads(Visitor):
            def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
                names.append(node.name.value)

        names: list[str] = []
        visit(selections, Spreads())
        for name in names:
            if name not in used:
                used[name] = self._fragments[name]
                self._collect(used[name].selection_set, used)

    # ------------------------------------------------------------ models

    def _model(
        self,
        name: str,
        doc: str,
        type_: Any,
        selections: list[SelectionSetNode],
        path: tuple[str, ...],
    ) -> str:
        name = self._free(name)
        model = self.plan.models[name] = Model(name, doc)
        found: dict[str, tuple[list[FieldNode], Any, bool]] = {}
        for each in selections:
            self._gather(type_, each, conditional=False, found=found)
        for key, (nodes, declared, conditional) in found.items():
            below = [each.selection_set for each in nodes if each.selection_set]
            inner = self._output(declared, f"{name}{pascal(key)}", below, (*path, key))
            model.fields.append(
                Field(
                    unused(safe(snake(key)), {each.name for each in model.fields}),
                    key,
                    _nullable(inner) if conditional else inner,
                    optional=conditional,
                )
            )
        # A model is written after the models that it uses.
        self.plan.models[name] = self.plan.models.pop(name)
        return name

    def _gather(
        self,
        type_: Any,
        selections: SelectionSetNode,
        *,
        conditional: bool,
        found: dict[str, tuple[list[FieldNode], Any, bool]],
    ) -> None:
        for each in selections.selections:
            maybe = conditional or bool(each.directives)
            if isinstance(each, FieldNode):
                declared = _declared(self._schema, type_, each.name.value)
                key = each.alias.value if each.alias else each.name.value
                if key in found:
                    nodes, first, was = found[key]
                    found[key] = ([*nodes, each], first, was and maybe)
                else:
                    found[key] = ([each], declared, maybe)
                continue
            # graphql-core's base class for selections does not declare the attributes of fragments.
            fragment: Any = each
            if isinstance(each, FragmentSpreadNode):
                fragment = self._fragments[each.name.value]
            condition = fragment.type_condition
            target: Any = self._schema.get_type(condition.name.value) if condition else type_
            narrower = target is not type_ and not _is_within(self._schema, type_, target)
            self._gather(target, fragment.selection_set, conditional=maybe or narrower, found=found)

    def _output(
        self,
        type_: Any,
        name: str,
        below: list[SelectionSetNode],
        path: tuple[str, ...],
    ) -> str:
        if isinstance(type_, GraphQLNonNull):
            return self._bare(type_.of_type, name, below, path)
        return _nullable(self._bare(type_, name, below, path))

    def _bare(
        self,
        type_: Any,
        name: str,
        below: list[SelectionSetNode],
        path: tuple[str, ...],
    ) -> str:
        if isinstance(type_, GraphQLList):
            return f"list[{self._output(type_.of_type, singular(name), below, path)}]"
        if not is_composite_type(type_):
            return self._leaf(type_)
        made = self._model(name, f"``{path[-1]}``: {_article(type_.name)}.", type_, below, path)
        if path[-1] == "nodes":
            self._item_types[path[:-1]] = made
        elif path[-2:] == ("edges", "node"):
            self._item_types.setdefault(path[:-2], made)
        return made

    def _leaf(self, type_: Any) -> str:
        named = get_named_type(type_)
        if isinstance(named, GraphQLEnumType):
            self.plan.enums[named.name] = list(named.values)
            return str(named.name)
        return _SCALARS.get(str(named), "Any")

    def _free(self, name: str) -> str:
        number = 2
        free = name
        while free in self.plan.models or free in self._constants or self._is_reserved(free):
            free = f"{name}{number}"
            number += 1
        return free

    def _is_reserved(self, name: str) -> bool:
        """Return whether the module has, or may have, this name for anything but a model."""
        known = self._schema.get_type(name)
        return name in IMPORTED or isinstance(known, GraphQLEnumType | GraphQLInputObjectType)

    # ------------------------------------------------------------ inputs

    def _arguments(self, operation: OperationDefinitionNode) -> list[Argument]:
        found: list[Argument] = []
        for node in operation.variable_definitions or ():
            variable = node.variable.name.value
            name = unused(argument(variable), {each.name for each in found})
            type_: Any = type_from_ast(self._schema, node.type)
            required = isinstance(type_, GraphQLNonNull) and node.default_value is None
            found.append(Argument(name, variable, self._input(type_), required))
        return found

    def _input(self, type_: Any) -> str:
        if isinstance(type_, GraphQLNonNull):
            return self._bare_input(type_.of_type)
        return _nullable(self._bare_input(type_))

    def _bare_input(self, type_: Any) -> str:
        if isinstance(type_, GraphQLList):
            return f"list[{self._input(type_.of_type)}]"
        if isinstance(type_, GraphQLInputObjectType):
            self._input_object(type_)
            return str(type_.name)
        leaf = self._leaf(type_)
        return {"AwareTime": "datetime"}.get(leaf, leaf)

    def _input_object(self, type_: GraphQLInputObjectType) -> None:
        if type_.name in self.plan.inputs:
            return
        made = self.plan.inputs[type_.name] = Model(type_.name, f"{_article(type_.name)}, to send.")
        for key, each in type_.fields.items():
            required = isinstance(each.type, GraphQLNonNull) and each.default_value is Undefined
            made.fields.append(Field(key, key, self._input(each.type), optional=not required))


def _declared(schema: GraphQLSchema, type_: Any, name: str) -> Any:
    found = schema.get_field(type_, name)
    if found is None:
        raise PlanError(f"{type_} has no field {name!r}")
    return found.type


def _is_within(schema: GraphQLSchema, type_: Any, target: Any) -> bool:
    """Return whether every value of `type_` is one of `target`."""
    return is_abstract_type(target) and schema.is_sub_type(target, type_)


def _nullable(text: str) -> str:
    return text if text == "Any" or text.endswith(" | None") else f"{text} | None"


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'AEIOU' else 'a'} ``{name}``"
