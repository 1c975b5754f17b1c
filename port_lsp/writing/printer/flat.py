"""Expressions on one line, where rustfmt would leave them on one.

None means that it breaks the expression whatever room there is: a block with statements in it, or
a part that is wider than its measure (`layout.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.writing.ir import body as ir
from port_lsp.writing.printer.layout import ARRAY, CALL, CHAIN, IF_ELSE, STEP, STRUCT, width
from port_lsp.writing.printer.names import Names, Remembering, identifier
from port_lsp.writing.printer.patterns import print_pattern
from port_lsp.writing.printer.precedence import in_parentheses, needs_parentheses
from port_lsp.writing.printer.types import members, print_tuple, print_type, turbofish

_RANGES = ("..", "..=")  # which rustfmt writes without blanks


def flat(expr: ir.Expr, names: Names) -> str | None:
    """The expression on one line, or None."""
    if isinstance(expr, ir.Name):
        return identifier(expr.name)
    if isinstance(expr, ir.Lit):
        return None if "\n" in expr.text else expr.text
    if isinstance(expr, ir.Path):
        return path(expr, names)
    if not isinstance(names, Remembering):
        return _flat(expr, names)
    known = names.flat.get(id(expr))
    if known is None:
        known = names.flat[id(expr)] = expr, _flat(expr, names)
    return known[1]


def _flat(expr: ir.Expr, names: Names) -> str | None:
    if isinstance(expr, ir.Call):
        function = operand(expr.function, names, callee=True)
        args = arguments(expr.args, names)
        return None if function is None or args is None else f"{function}({args})"
    if isinstance(expr, (ir.Method, ir.Access, ir.Await, ir.Try)):
        return _chain(expr, names)
    if isinstance(expr, ir.Index):
        of, index = operand(expr.of, names), flat(expr.index, names)
        return None if of is None or index is None else f"{of}[{index}]"
    if isinstance(expr, ir.Macro):
        args = arguments(expr.args, names)
        opening, closing = expr.brackets
        if args is None or (expr.brackets == "[]" and width(args) > ARRAY and len(expr.args) > 1):
            return None
        return f"{names(expr.symbol)}!{opening}{args}{closing}"
    if isinstance(expr, ir.Json):
        return None if expr.entries or expr.items else f"{names(expr.symbol)}!({{}})"
    if isinstance(expr, ir.StructLiteral):
        return _struct(expr, names)
    if isinstance(expr, (ir.TupleOf, ir.ArrayOf)):
        return _list(expr, names)
    if isinstance(expr, ir.Unary):
        nested = isinstance(expr.of, ir.Unary)
        of = flat(expr.of, names) if nested else operand(expr.of, names)
        return None if of is None else f"{expr.operator}{of}"
    if isinstance(expr, ir.Binary):
        left, right = (in_parentheses(flat(s, names), s, expr) for s in (expr.left, expr.right))
        sign = expr.operator if expr.operator in _RANGES else f" {expr.operator} "
        return None if left is None or right is None else f"{left}{sign}{right}"
    if isinstance(expr, ir.Cast):
        of = operand(expr.of, names)
        return None if of is None else f"{of} as {print_type(expr.type, names)}"
    if isinstance(expr, ir.Closure):
        inner = flat(expr.body, names)
        return None if inner is None or has_block(expr) else f"{closure_head(expr, names)} {inner}"
    if isinstance(expr, ir.If):
        return _if(expr, names)
    if isinstance(expr, ir.Block):
        return _block(expr, names)
    if isinstance(expr, ir.Jump):
        if expr.value is None:
            return expr.word
        value = flat(expr.value, names)
        return None if value is None else f"{expr.word} {value}"
    return None  # match and loops


def _block(expr: ir.Block, names: Names) -> str | None:
    """A block with nothing in it, or an async one of an expression alone (rustfmt's
    `rewrite_single_line_block`)."""
    if not expr.statements and expr.tail is None:
        return f"{expr.word} {{}}".lstrip()
    if expr.statements or expr.tail is None or not expr.word:
        return None
    inner = flat(expr.tail, names)
    return None if inner is None else f"{expr.word} {{ {inner} }}"


def has_block(expr: ir.Closure) -> bool:
    """Whether a closure's body is a block that isn't empty."""
    return isinstance(expr.body, ir.Block) and bool(expr.body.statements or expr.body.tail)


def path(expr: ir.Path, names: Names) -> str:
    """A symbol as a value."""
    return names(expr.symbol) + members(expr.members) + turbofish(expr.args, names)


def operand(expr: ir.Expr, names: Names, *, callee: bool = False) -> str | None:
    """What an operator or a dot stands at, in parentheses where it must be."""
    text = flat(expr, names)
    if text is not None and needs_parentheses(expr, callee=callee):
        return f"({text})"
    return text


def arguments(args: Sequence[ir.Expr], names: Names) -> str | None:
    """The arguments of a call: one may be as long as the line unless it is a call itself; more
    than one may not."""
    listed = [flat(arg, names) for arg in args]
    if any(arg is None for arg in listed):
        return None
    text = ", ".join(arg for arg in listed if arg is not None)
    is_limited = len(args) > 1 or (len(args) == 1 and is_call(args[0]))
    return None if is_limited and width(text) > CALL else text


def is_call(expr: ir.Expr) -> bool:
    """Whether an argument is what rustfmt takes for a nested call."""
    while isinstance(expr, (ir.Unary, ir.Try, ir.Cast)):
        expr = expr.of
    return isinstance(expr, (ir.Call, ir.Macro, ir.Json))


def closure_head(expr: ir.Closure, names: Names) -> str:
    """`move |a, b|`."""
    words = f"{'async ' if expr.is_async else ''}{'move ' if expr.move else ''}"
    return f"{words}|{', '.join(print_pattern(param, names) for param in expr.params)}|"


def links(expr: ir.Expr) -> tuple[ir.Expr, list[ir.Expr]]:
    """A chain taken apart: what it starts with, and its links in order, each with its `?`."""
    found: list[ir.Expr] = []
    at = expr
    while True:
        inner = at
        while isinstance(inner, ir.Try):
            inner = inner.of
        if isinstance(inner, (ir.Method, ir.Await)):
            found.append(at)
            at = inner.receiver if isinstance(inner, ir.Method) else inner.of
        elif isinstance(inner, ir.Access):
            found.append(at)
            at = inner.of
        else:
            return at, found[::-1]


def link(expr: ir.Expr, args: str, names: Names) -> str:
    """One link as text: `.name(args)?`."""
    questions = ""
    while isinstance(expr, ir.Try):
        questions += "?"
        expr = expr.of
    if isinstance(expr, ir.Method):
        name = identifier(expr.name)
        return f".{name}{turbofish(expr.turbofish, names)}({args}){questions}"
    if isinstance(expr, ir.Await):
        return f".await{questions}"
    assert isinstance(expr, ir.Access)
    return f".{expr.field if expr.field.isdigit() else identifier(expr.field)}{questions}"


def questions_of(expr: ir.Expr) -> int:
    """How many `?` stand behind an expression."""
    count = 0
    while isinstance(expr, ir.Try):
        expr, count = expr.of, count + 1
    return count


def spare(expr: ir.Expr, names: Names, offset: int, after: int) -> int:
    """The columns that rustfmt wants free behind an expression on one line, which begins `offset`
    columns behind its line's indentation, for it to stay there; `after` are taken in any case.

    Those of a chain are its last link's besides, unless its start is so short that it takes the
    link up. A chain that is a call's only argument must fit on a line of its own, too
    (`try_overflow_last_item` of rustfmt's `overflow.rs`), which asks for more where the call's
    name is short."""
    if isinstance(expr, ir.Call) and len(expr.args) == 1:
        head = operand(expr.function, names, callee=True)
        inner = expr.args[0]
        while isinstance(inner, ir.Unary):
            inner = inner.of
        if head is not None and links(inner)[1]:
            return max(after, spare(inner, names, 0, 1) + STEP - offset - len(head) - 2)
        return after
    root, found = links(expr)
    if not found or (len(found) == 1 and len(root_text(root, names) or "") <= STEP - offset):
        return after
    return after + spare_of(expr)


def spare_of(link: ir.Expr) -> int:
    """The columns that rustfmt keeps free behind a chain's last link: `format_last_child` of its
    `chains.rs` counts its `?` twice, and three times where it is a call."""
    marks = questions_of(link)
    while isinstance(link, ir.Try):
        link = link.of
    return marks * (1 + isinstance(link, ir.Method))


def link_args(expr: ir.Expr) -> tuple[ir.Expr, ...]:
    """The arguments of a link; none where it is no call."""
    while isinstance(expr, ir.Try):
        expr = expr.of
    return expr.args if isinstance(expr, ir.Method) else ()


def root_text(root: ir.Expr, names: Names) -> str | None:
    """What a chain starts with, with its `?` behind it."""
    questions = ""
    while isinstance(root, ir.Try):
        questions += "?"
        root = root.of
    text = operand(root, names)
    return None if text is None else text + questions


def _chain(expr: ir.Expr, names: Names) -> str | None:
    root, found = links(expr)
    text = root_text(root, names)
    if text is None:
        return None
    for one in found:
        args = arguments(link_args(one), names)
        if args is None:
            return None
        text += link(one, args, names)
    # The last link's `?` count twice, as in `spare`.
    return None if len(found) > 1 and width(text) + questions_of(expr) > CHAIN else text


def _struct(expr: ir.StructLiteral, names: Names) -> str | None:
    fields = struct_fields(expr, names)
    if fields is None:
        return None
    if expr.base is not None:
        base = flat(expr.base, names)
        if base is None:
            return None
        fields.append(f"..{base}")
    head = names(expr.symbol) + members(expr.members)
    text = ", ".join(fields)
    if not text:
        return f"{head} {{}}"
    return f"{head} {{ {text} }}" if width(text) <= STRUCT else None


def struct_fields(expr: ir.StructLiteral, names: Names) -> list[str] | None:
    """The fields of a struct literal on a line each; the short form where value and name agree."""
    found: list[str] = []
    for name, value in expr.fields:
        text = flat(value, names)
        if text is None:
            return None
        written = identifier(name)
        found.append(written if text == written else f"{written}: {text}")
    return found


def _list(expr: ir.TupleOf | ir.ArrayOf, names: Names) -> str | None:
    listed = [flat(item, names) for item in expr.items]
    if any(item is None for item in listed):
        return None
    items = [item for item in listed if item is not None]
    if isinstance(expr, ir.TupleOf):
        text = print_tuple(items)
        return text if len(items) < 2 or width(text) - 2 <= CALL else None
    text = ", ".join(items)
    return f"[{text}]" if width(text) <= ARRAY else None


def _if(expr: ir.If, names: Names) -> str | None:
    """`if a { b } else { c }` where it is a value and short."""
    other = expr.otherwise
    if not isinstance(other, ir.Block) or expr.then.statements or other.statements:
        return None
    if expr.then.tail is None or other.tail is None:
        return None
    parts = (flat(expr.condition, names), flat(expr.then.tail, names), flat(other.tail, names))
    if any(part is None for part in parts):
        return None
    let = f"let {print_pattern(expr.binding, names)} = " if expr.binding is not None else ""
    text = f"if {let}{parts[0]} {{ {parts[1]} }} else {{ {parts[2]} }}"
    return text if width(text) <= IF_ELSE else None


__all__ = [
    "arguments",
    "closure_head",
    "flat",
    "has_block",
    "is_call",
    "link",
    "link_args",
    "links",
    "operand",
    "path",
    "questions_of",
    "root_text",
    "spare",
    "spare_of",
    "struct_fields",
]
