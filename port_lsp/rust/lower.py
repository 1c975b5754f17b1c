"""From a syntax tree to `expressions`: only for functions in which something may be registered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from tree_sitter import Node

from port_lsp.rust import expressions as ir
from port_lsp.rust.attributes import condition, is_test
from port_lsp.rust.literals import unquote
from port_lsp.rust.lower_control import (
    if_expression,
    loop,
    macro_invocation,
    match_expression,
    struct_expression,
)
from port_lsp.rust.paths import generics_of, path
from port_lsp.rust.patterns import pattern
from port_lsp.rust.syntax import Source, items, plain
from port_lsp.rust.words import Words

if TYPE_CHECKING:
    from port_lsp.rust.declared import Item

_ITEMS = frozenset(
    {
        "function_item",
        "use_declaration",
        "const_item",
        "static_item",
        "macro_definition",
        "struct_item",
        "enum_item",
        "impl_item",
        "mod_item",
        "type_item",
        "trait_item",
    }
)
_TRANSPARENT = frozenset(
    {
        "parenthesized_expression",
        "reference_expression",
        "try_expression",
        "await_expression",
        "type_cast_expression",
        "unary_expression",
        "unsafe_block",
        "async_block",
        "const_block",
    }
)


_COMMENTS = ("line_comment", "block_comment")
_TYPES = frozenset({"type_arguments", "generic_type", "reference_type", "type_parameters"})


class Lowering:
    """Lowers the expressions of one chunk. `read_items` reads the items inside a block."""

    def __init__(
        self,
        source: Source,
        words: Words,
        read_items: Callable[[Node, Source], tuple[Item, ...]],
    ) -> None:
        self.source = source
        self.words = words
        self.base = source.base
        self.read_items = read_items

    def expression(self, node: Node) -> ir.Expr:
        """One expression; the wrappings that leave a router what it is are taken off."""
        inner = self._unwrapped(node)
        if inner is None:
            return ir.Opaque(*self.range_of(node))
        lower = self._LOWER.get(inner.type)
        return lower(self, inner) if lower else self.opaque(inner)

    def block(self, node: Node) -> ir.Block:
        """The statements of a block; a last one without a semicolon is its value."""
        statements: list[ir.Statement] = []
        declared: list[Item] = []
        value: ir.Expr | None = None
        for child, metas in items(node.children, self.source):
            if metas and is_test(metas):
                continue
            kind = child.type
            if kind in _ITEMS:
                declared += self.read_items(child, self.source)
                continue
            if kind in ("empty_statement", "label"):
                continue
            if value is not None:
                statements.append(value)
                value = None
            cfg = condition(metas) if metas else None
            if kind == "let_declaration":
                statement: ir.Statement = self._let(child)
            elif kind == "expression_statement":
                inner = child.named_children
                if not inner:
                    continue
                statement = self.expression(inner[-1])
            else:
                statement = self.expression(child)
            if cfg:
                statement = ir.Conditional(statement.start, statement.end, f"cfg({cfg})", statement)
            if not isinstance(statement, ir.Let) and self._is_value(child):
                value = statement
            else:
                statements.append(statement)
        return ir.Block(*self.range_of(node), tuple(statements), value, tuple(declared))

    def _is_value(self, node: Node) -> bool:
        return node.type != "expression_statement" or node.children[-1].type != ";"

    def _inside(self, node: Node, kind: str) -> Node | None:
        if kind in ("reference_expression", "type_cast_expression"):
            return node.child_by_field_name("value")
        children = [child for child in node.named_children if child.type not in _COMMENTS]
        if kind in ("unsafe_block", "async_block", "const_block"):
            return children[-1] if children else None
        if kind == "unary_expression" and node.children[0].type != "*":
            return None
        return children[0] if children else None

    def range_of(self, node: Node) -> tuple[int, int]:
        """Where a node stands, relative to the chunk."""
        return node.start_byte - self.base, node.end_byte - self.base

    def field(self, node: Node, name: str) -> ir.Expr:
        """The expression in a field of a node; an opaque one where there is none."""
        child = node.child_by_field_name(name)
        return self.expression(child) if child is not None else ir.Opaque(*self.range_of(node))

    def optional(self, node: Node, name: str) -> ir.Expr | None:
        """The expression in a field of a node, where there is one."""
        child = node.child_by_field_name(name)
        return self.expression(child) if child is not None else None

    def pattern_of(self, node: Node, name: str) -> ir.Pattern:
        """The pattern in a field of a node."""
        child = node.child_by_field_name(name)
        if child is None:
            return ir.Pattern(*self.range_of(node), "other")
        return pattern(child, self.source)

    def arguments(self, node: Node | None) -> tuple[ir.Expr, ...]:
        """The arguments of a call, each under its `cfg`."""
        if node is None:
            return ()
        found: list[ir.Expr] = []
        for child, metas in items(node.children, self.source):
            lowered = self.expression(child)
            cfg = condition(metas) if metas else None
            if cfg:
                lowered = ir.Conditional(lowered.start, lowered.end, f"cfg({cfg})", lowered)
            found.append(lowered)
        return tuple(found)

    def opaque(self, node: Node) -> ir.Expr:
        """What we have no record for, with the parts in which something may be registered."""
        if not self.words.register(self.source.data[node.start_byte : node.end_byte]):
            return ir.Opaque(*self.range_of(node))
        parts = [
            self.expression(child)
            for child, _ in items(node.children, self.source)
            if child.type not in _TYPES
        ]
        return ir.Opaque(*self.range_of(node), tuple(parts))

    def _string(self, node: Node) -> ir.Expr:
        value = unquote(self.source.text(node))
        return (
            ir.Opaque(*self.range_of(node))
            if value is None
            else ir.Str(*self.range_of(node), value)
        )

    def _number(self, node: Node) -> ir.Expr:
        """A number is the text that `format!` makes of it."""
        text = self.source.text(node).partition("u")[0].partition("i")[0]
        return ir.Str(*self.range_of(node), text.replace("_", ""))

    def _path(self, node: Node) -> ir.Expr:
        return path(node, self.source)

    def _call(self, node: Node) -> ir.Expr:
        """A call; a chain of methods is unrolled, because it may be hundreds of calls long."""
        start, end = self.range_of(node)
        links: list[ir.Link] = []
        at: Node | None = node
        while at is not None and at.type == "call_expression":
            function = at.child_by_field_name("function")
            generics: tuple[str, ...] = ()
            if function is not None and function.type == "generic_function":
                inner = function.child_by_field_name("function")
                if inner is not None and inner.type == "field_expression":
                    generics, function = generics_of(function, self.source), inner
            if function is None or function.type != "field_expression":
                break
            name = function.child_by_field_name("field")
            arguments = self.arguments(at.child_by_field_name("arguments"))
            text = plain(self.source.text(name)) if name is not None else ""
            where = (name or function).start_byte - self.base
            stop = at.end_byte - self.base
            links.append(ir.Link(start, stop, text, arguments, generics, where))
            at = self._unwrapped(function.child_by_field_name("value"))
        if at is None:
            return ir.Opaque(start, end)
        if links:
            return ir.Chain(start, end, self.expression(at), tuple(reversed(links)))
        function = node.child_by_field_name("function")
        args = self.arguments(node.child_by_field_name("arguments"))
        if function is None:
            return ir.Opaque(start, end, args)
        return ir.Call(start, end, self.expression(function), args)

    def _unwrapped(self, node: Node | None) -> Node | None:
        """What stands inside the wrappings that leave a value what it is."""
        while node is not None and node.type in _TRANSPARENT:
            inner = self._inside(node, node.type)
            if inner is None:
                return node
            node = inner
        return node

    def _field_access(self, node: Node) -> ir.Expr:
        name = node.child_by_field_name("field")
        text = self.source.text(name) if name is not None else ""
        return ir.Field(*self.range_of(node), self.field(node, "value"), text)

    def _closure(self, node: Node) -> ir.Expr:
        parameters = node.child_by_field_name("parameters")
        patterns: list[ir.Pattern] = []
        if parameters is not None:
            for child, _ in items(parameters.children, self.source):
                named = child.child_by_field_name("pattern") if child.type == "parameter" else child
                patterns.append(pattern(named if named is not None else child, self.source))
        return ir.Closure(*self.range_of(node), tuple(patterns), self.field(node, "body"))

    def _tuple(self, node: Node) -> ir.Expr:
        parts = (self.expression(child) for child, _ in items(node.children, self.source))
        return ir.Tuple(*self.range_of(node), tuple(parts))

    def _binary(self, node: Node) -> ir.Expr:
        operator = node.child_by_field_name("operator")
        text = self.source.text(operator) if operator is not None else ""
        return ir.Binary(
            *self.range_of(node), text, self.field(node, "left"), self.field(node, "right")
        )

    def _return(self, node: Node) -> ir.Expr:
        inner = node.named_children
        return ir.Return(*self.range_of(node), self.expression(inner[-1]) if inner else None)

    def _assign(self, node: Node) -> ir.Expr:
        return ir.Assign(*self.range_of(node), self.field(node, "left"), self.field(node, "right"))

    def _let(self, node: Node) -> ir.Let:
        return ir.Let(
            *self.range_of(node),
            self.pattern_of(node, "pattern"),
            self.optional(node, "value"),
            self.optional(node, "alternative"),
        )

    _LOWER: ClassVar[dict[str, Callable[[Lowering, Node], ir.Expr]]] = {
        "string_literal": _string,
        "raw_string_literal": _string,
        "integer_literal": _number,
        "identifier": _path,
        "self": _path,
        "scoped_identifier": _path,
        "generic_function": _path,
        "call_expression": _call,
        "field_expression": _field_access,
        "closure_expression": _closure,
        "block": block,
        "if_expression": if_expression,
        "match_expression": match_expression,
        "for_expression": loop,
        "loop_expression": loop,
        "while_expression": loop,
        "tuple_expression": _tuple,
        "array_expression": _tuple,
        "struct_expression": struct_expression,
        "binary_expression": _binary,
        "compound_assignment_expr": _binary,
        "return_expression": _return,
        "assignment_expression": _assign,
        "macro_invocation": macro_invocation,
    }
