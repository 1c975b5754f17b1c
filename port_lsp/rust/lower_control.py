"""Lowers what has parts of its own: `if`, `match`, loops, struct literals, macros."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from port_lsp.rust import expressions as ir
from port_lsp.rust.grammar import parse
from port_lsp.rust.paths import path
from port_lsp.rust.patterns import pattern
from port_lsp.rust.syntax import Source, items, plain

if TYPE_CHECKING:
    from port_lsp.rust.lower import Lowering

# The macros whose arguments are read although nothing registering stands in them.
_READ_MACROS = frozenset({"format", "concat", "vec", "routes", "services", "cfg", "matches"})
# Those that nobody hands a function to.
_SPEAKING_MACROS = _READ_MACROS | {
    *("println", "print", "eprintln", "eprint", "write", "writeln", "panic", "assert", "assert_eq"),
    *("debug", "info", "warn", "error", "trace", "todo", "unimplemented", "unreachable", "bail"),
    *("anyhow", "json", "html", "query", "query_as", "query_scalar", "env", "include_str"),
}
_LITERALS = re.compile(rb"//[^\n]*|\"(?:[^\"\\]|\\.)*\"")
_FUNCTION = re.compile(rb"(?<![\w.:])(?:\w+\s*::\s*)*[a-z_]\w*\b(?!\s*[(!:.])")
_BEFORE, _BEHIND = b"fn f() { f(", b"\n) }"


def if_expression(lower: Lowering, node: Node) -> ir.Expr:
    """`if`, `if let` and chains of both."""
    test = node.child_by_field_name("condition")
    other = node.child_by_field_name("alternative")
    lets: list[tuple[ir.Pattern, ir.Expr]] = []
    plain_test: ir.Expr | None = None
    if test is not None:
        found = [test] if test.type == "let_condition" else []
        if test.type == "let_chain":
            found = [c for c in test.named_children if c.type == "let_condition"]
        lets = [(lower.pattern_of(c, "pattern"), lower.field(c, "value")) for c in found]
        plain_test = None if found else lower.expression(test)
    inner = other.named_children if other is not None else []
    return ir.If(
        *lower.range_of(node),
        lower.range_of(test) if test is not None else (0, 0),
        tuple(lets),
        lower.field(node, "consequence"),
        lower.expression(inner[-1]) if inner else None,
        plain_test,
    )


def match_expression(lower: Lowering, node: Node) -> ir.Expr:
    """`match`."""
    body = node.child_by_field_name("body")
    arms: list[ir.Arm] = []
    for child in body.named_children if body is not None else []:
        matched = child.child_by_field_name("pattern")
        if child.type not in ("match_arm", "last_match_arm") or matched is None:
            continue
        guard = matched.child_by_field_name("condition")
        inner = matched.named_children[0] if matched.named_children else matched
        first = matched.children[0] if matched.children else matched
        last = first if guard is None else inner
        arms.append(
            ir.Arm(
                *lower.range_of(child),
                pattern(first, lower.source),
                (first.start_byte - lower.base, last.end_byte - lower.base),
                lower.range_of(guard) if guard is not None else None,
                lower.field(child, "value"),
            )
        )
    return ir.Match(*lower.range_of(node), lower.field(node, "value"), tuple(arms))


def loop(lower: Lowering, node: Node) -> ir.Expr:
    """`for`, `while` and `loop`."""
    bound = lower.pattern_of(node, "pattern") if node.type == "for_expression" else None
    iterable = lower.optional(node, "value") if bound else None
    return ir.For(*lower.range_of(node), bound, iterable, lower.field(node, "body"))


def struct_expression(lower: Lowering, node: Node) -> ir.Expr:
    """`Name { field: value, ..base }`."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None:
        return lower.opaque(node)
    fields: list[tuple[str, ir.Expr]] = []
    base: ir.Expr | None = None
    for child, _ in items(body.children, lower.source):
        if child.type == "shorthand_field_initializer":
            text = lower.source.text(child)
            fields.append((text, ir.Path(*lower.range_of(child), (plain(text),))))
        elif child.type == "field_initializer":
            field = child.child_by_field_name("field")
            if field is not None:
                fields.append((lower.source.text(field), lower.field(child, "value")))
        elif child.named_children:
            base = lower.expression(child.named_children[0])
    return ir.StructLiteral(*lower.range_of(node), path(name, lower.source), tuple(fields), base)


def macro_invocation(lower: Lowering, node: Node) -> ir.Expr:
    """`name!(…)`, its arguments where they may matter."""
    name = node.child_by_field_name("macro")
    segments = path(name, lower.source).segments if name is not None else ()
    tokens = node.named_children[-1] if node.named_children else None
    if tokens is None or tokens.type != "token_tree":
        return ir.Macro(*lower.range_of(node), segments, ())
    inside = lower.source.data[tokens.start_byte + 1 : tokens.end_byte - 1]
    short = segments[-1] if segments else ""
    names = _function_names(inside) if short not in _SPEAKING_MACROS else ()
    if short not in _READ_MACROS and not lower.words.register(inside):
        return ir.Macro(*lower.range_of(node), segments, (), names)
    args = _tokens(lower, inside, tokens.start_byte + 1)
    return ir.Macro(*lower.range_of(node), segments, args, names)


def _function_names(tokens: bytes) -> tuple[tuple[str, ...], ...]:
    """The paths in a macro's tokens that may name functions: written small, not called there."""
    bare = _LITERALS.sub(b"", tokens)
    found = (match.decode("utf-8", "replace") for match in _FUNCTION.findall(bare))
    return tuple(dict.fromkeys(tuple(re.split(r"\s*::\s*", path)) for path in found))


def _tokens(lower: Lowering, inside: bytes, at: int) -> tuple[ir.Expr, ...]:
    """The arguments of a macro where its tokens read as those of a call, else the first."""
    for tokens in (inside, inside.partition(b",")[0]):
        data = _BEFORE + tokens + _BEHIND
        root = parse(data).root_node
        if root.has_error:
            continue
        call = root.descendant_for_byte_range(len(_BEFORE) - 1, len(_BEFORE))
        while call is not None and call.type != "arguments":
            call = call.parent
        source = Source(data, lower.base - at + len(_BEFORE))
        lowering = type(lower)(source, lower.words, lower.read_items)
        return lowering.arguments(call)
    return ()
