"""Expressions and types of Rust that somebody wrote as text, as trees of few kinds.

What the table of library calls says is Rust (`config/library.py`). It is no more than an
expression: what isn't listed here is refused with a reason, so that whoever writes Rust of it
knows every kind there is. tree-sitter-rust: `src/node-types.json`.
"""

from __future__ import annotations

from tree_sitter import Node

from port_lsp.facts.source import Record
from port_lsp.rust.grammar import parse


class Written(Record, frozen=True):
    """A piece of an expression, a pattern or a type: its kind, the text of what is a name, a
    literal or an operator, and its parts in order."""

    kind: str
    text: str = ""
    parts: tuple[Written, ...] = ()


class UnreadableError(ValueError):
    """What isn't such an expression; the message says what and why."""


_LITERALS = frozenset((
    "string_literal", "raw_string_literal", "char_literal", "integer_literal", "float_literal",
    "boolean_literal",
))  # fmt: skip
_NAMES = frozenset(("identifier", "self", "crate", "primitive_type", "type_identifier"))
_WHOLE = {
    "await_expression": "await", "try_expression": "try",
    "tuple_expression": "tuple", "array_expression": "array",
    "index_expression": "index", "range_expression": "range",
}  # fmt: skip
_TYPES = {"tuple_type": "tuple", "generic_type": "type", "reference_type": "reference"}


def expression(text: str) -> Written:
    """What a text says as one expression. Raises UnreadableError."""
    before = "fn f() { _ = "
    data = f"{before}{text}\n; }}".encode()
    root = parse(data).root_node
    if root.has_error:
        raise UnreadableError("that is no expression of Rust's")
    items = root.children
    block = _field(items[0], "body")
    statements = [one for one in block.named_children if one.type not in _COMMENTS]
    if len(items) != 1 or len(statements) != 1 or statements[0].type != "expression_statement":
        raise UnreadableError("that is more than one expression")
    try:
        return _expression(_field(statements[0].named_children[0], "right"))
    except RecursionError:
        raise UnreadableError("that is nested too deeply") from None


def type_text(text: str) -> Written:
    """What a text says as a type. Raises UnreadableError."""
    data = f"type T = {text};".encode()
    root = parse(data).root_node
    if root.has_error or len(root.children) != 1:
        raise UnreadableError(f"`{text}` is no type of Rust's")
    try:
        return _type(_field(root.children[0], "type"))
    except RecursionError:
        raise UnreadableError("that is nested too deeply") from None


_COMMENTS = frozenset(("line_comment", "block_comment"))


def _text(node: Node) -> str:
    return (node.text or b"").decode()


def _field(node: Node, name: str) -> Node:
    found = node.child_by_field_name(name)
    if found is None:
        raise UnreadableError(f"`{_text(node)}` isn't understood")
    return found


def _inside(node: Node) -> list[Node]:
    return [one for one in node.named_children if one.type not in _COMMENTS]


def _expression(node: Node) -> Written:
    if node.type in _LITERALS:
        return Written("literal", _text(node))
    if node.type in _NAMES or node.type in ("scoped_identifier", "generic_function"):
        return _path(node)
    if node.type == "parenthesized_expression":  # the printer says where parentheses must be
        return _expression(_inside(node)[0])
    if node.type in _WHOLE:
        parts = tuple(map(_expression, _inside(node)))
        if node.type == "range_expression" and len(parts) != 2:
            raise UnreadableError(f"`{_text(node)}` can't be part of it: a range needs two ends")
        return Written(_WHOLE[node.type], _operator(node), parts)
    found = _READ.get(node.type)
    if found is None:
        raise UnreadableError(f"`{_text(node)}` can't be part of it ({node.type})")
    return found(node)


def _operator(node: Node) -> str:
    """The sign of a range."""
    return next((one.type for one in node.children if one.type in ("..", "..=")), "")


def _path(node: Node) -> Written:
    """`a::b::<T>`: the names as parts, then the arguments of the last."""
    if node.type == "generic_function":
        names = _path(_field(node, "function"))
        args = tuple(map(_type, _inside(_field(node, "type_arguments"))))
        return Written("path", names.text, args)
    segments = _text(node).split("::")
    if not all(one.strip().isidentifier() for one in segments):
        raise UnreadableError(f"`{_text(node)}` is no path of names")
    return Written("path", "::".join(one.strip() for one in segments))


def _call(node: Node) -> Written:
    function = _field(node, "function")
    args = tuple(map(_expression, _inside(_field(node, "arguments"))))
    turbofish: tuple[Written, ...] = ()
    called = function
    if function.type == "generic_function":
        called = _field(function, "function")
    if called.type != "field_expression":
        return Written("call", "", (_expression(function), *args))
    if called is not function:
        turbofish = tuple(map(_type, _inside(_field(function, "type_arguments"))))
    of = _expression(_field(called, "value"))
    return Written("method", _text(_field(called, "field")), (
        of, Written("turbofish", "", turbofish), *args,
    ))  # fmt: skip


def _access(node: Node) -> Written:
    return Written("access", _text(_field(node, "field")), (_expression(_field(node, "value")),))


def _reference(node: Node) -> Written:
    sign = "&mut " if any(one.type == "mutable_specifier" for one in node.children) else "&"
    return Written("unary", sign, (_expression(_field(node, "value")),))


def _unary(node: Node) -> Written:
    return Written("unary", node.children[0].type, (_expression(_inside(node)[0]),))


def _binary(node: Node) -> Written:
    sides = _expression(_field(node, "left")), _expression(_field(node, "right"))
    return Written("binary", _field(node, "operator").type, sides)


def _cast(node: Node) -> Written:
    return Written("cast", "", (_expression(_field(node, "value")), _type(_field(node, "type"))))


def _closure(node: Node) -> Written:
    if any(one.type in ("async", "move", "static") for one in node.children):
        raise UnreadableError("a closure can't be `async` or `move` here")
    params = _field(node, "parameters")
    names = [_text(one) for one in params.children if one.type not in ("|", ",")]
    if not all(one.isidentifier() for one in names):
        raise UnreadableError("a closure's parameters must be names here")
    return Written("closure", " ".join(names), (_expression(_field(node, "body")),))


def _if(node: Node) -> Written:
    condition = _field(node, "condition")
    if condition.type in ("let_condition", "let_chain"):
        raise UnreadableError("`if let` can't be part of it; use a method of the Option")
    parts = [_expression(condition), _block(_field(node, "consequence"))]
    otherwise = node.child_by_field_name("alternative")
    if otherwise is None:
        raise UnreadableError("an `if` without `else` gives nothing")
    inner = _inside(otherwise)[0]
    parts.append(_if(inner) if inner.type == "if_expression" else _block(inner))
    return Written("if", "", tuple(parts))


def _block(node: Node) -> Written:
    """`let`s, and what the block gives: its last part."""
    *lets, last = _inside(node) or [node]
    if last is node or last.type in ("let_declaration", "expression_statement"):
        inner = last.named_children[0] if last.type == "expression_statement" else None
        if inner is None or inner.type != "if_expression" or last.children[-1].type == ";":
            raise UnreadableError("a block must end in what it gives")
        last = inner
    parts: list[Written] = []
    for one in lets:
        name = _text(_field(one, "pattern")) if one.type == "let_declaration" else ""
        if not name.isidentifier() or "type" in one.children[2:]:
            raise UnreadableError("before the last line a block may only have `let name = …;`")
        parts.append(Written("let", name, (_expression(_field(one, "value")),)))
    return Written("block", "", (*parts, _expression(last)))


def _macro(node: Node) -> Written:
    """`format!`, whose arguments the grammar leaves as tokens."""
    if _text(_field(node, "macro")) != "format":
        raise UnreadableError("`format!` is the only macro that may be used")
    tokens = next(one for one in node.children if one.type == "token_tree")
    called = expression(f"f{_text(tokens)}")
    _, *args = called.parts
    if not args or args[0].kind != "literal" or not args[0].text.startswith('"'):
        raise UnreadableError("`format!` needs a text")
    return Written("format", "", tuple(args))


_READ = {
    "call_expression": _call, "field_expression": _access, "reference_expression": _reference,
    "unary_expression": _unary, "binary_expression": _binary, "type_cast_expression": _cast,
    "closure_expression": _closure, "if_expression": _if, "block": _block,
    "macro_invocation": _macro,
}  # fmt: skip


def _type(node: Node) -> Written:
    """`path<args>`: the arguments are parts; `&T`, `[T]`, `[T; 3]`, `(A, B)`."""
    if node.type in _NAMES or node.type == "scoped_type_identifier":
        return Written("type", _text(node).replace(" ", ""))
    if node.type == "unit_type":
        return Written("tuple")
    if node.type == "array_type":
        length = node.child_by_field_name("length")
        return Written(
            "slice", _text(length) if length is not None else "", (_type(_field(node, "element")),)
        )
    if node.type not in _TYPES or any(one.type == "lifetime" for one in _inside(node)):
        raise UnreadableError(f"the type `{_text(node)}` can't be part of it")
    if node.type == "generic_type":
        args = _inside(_field(node, "type_arguments"))
        return Written("type", _text(_field(node, "type")), tuple(map(_type, args)))
    if any(one.type == "mutable_specifier" for one in node.children):
        raise UnreadableError("`&mut` can't be part of it")
    return Written(_TYPES[node.type], "", tuple(map(_type, _inside(node))))
