"""Expressions as `syntax.py` has them, from tree-sitter's nodes.

Rules: The Python Language Reference, "Expressions" and "Lexical analysis".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tree_sitter import Node

from port_lsp.python import syntax as ir
from port_lsp.python.grammar import text_of
from port_lsp.python.literals import constant, decoded, floating, integer
from port_lsp.python.nodesource import Source

_DEEPEST = 100  # operands of one chain and displays inside displays: further down is `Other`


def typed(node: Node, source: Source) -> ir.Typed:
    """An expression with its text."""
    return ir.Typed(expression(node, source), source.text(node))


def expression(node: Node, source: Source) -> ir.Expr:
    """What an expression's node says; `Other` for what nobody evaluates."""
    kind = node.type
    leaf = _LEAVES.get(kind)
    if leaf is not None:
        return leaf(node, source)
    lower = _LOWER.get(kind)
    if lower is None or source.depth > _DEEPEST:
        return ir.Other(source.text(node))
    source.depth += 1
    try:
        return lower(node, source)
    finally:
        source.depth -= 1


def parts_of(node: Node) -> list[Node]:
    """The named children of a node without comments and line continuations."""
    return [child for child in node.named_children if not child.is_extra]


def parameters(node: Node | None, source: Source) -> tuple[ir.Param, ...]:
    """The parameters of a function or lambda."""
    out: list[ir.Param] = []
    keyword = False
    for child in parts_of(node) if node is not None else ():
        if child.type == "keyword_separator":
            keyword = True
        elif child.type != "positional_separator":
            param = _parameter(child, source, keyword)
            if param is not None:
                keyword = keyword or param.star == "*"
                out.append(param)
    return tuple(out)


def _parameter(node: Node, source: Source, keyword: bool) -> ir.Param | None:
    kind = node.type
    named = node.child_by_field_name("name")
    if kind == "typed_parameter":
        named = next(iter(parts_of(node)), None)
    elif kind not in ("default_parameter", "typed_default_parameter"):
        named = node
    if named is None:
        return None
    star = _STARS.get(named.type, "")
    name = text_of(named).lstrip("* ") if star else text_of(named)
    if named.type != "identifier" and not star:
        return None
    annotation = node.child_by_field_name("type")
    value = node.child_by_field_name("value")
    return ir.Param(
        name,
        typed(annotation, source) if annotation is not None else None,
        typed(value, source) if value is not None else None,
        star,
        keyword and not star,
    )


_STARS = {"list_splat_pattern": "*", "dictionary_splat_pattern": "**"}


def arguments(node: Node | None, source: Source) -> tuple[ir.Arg, ...]:
    """The arguments of a call, or a class's bases."""
    if node is None:
        return ()
    if node.type == "generator_expression":
        text = source.text(node)[1:-1]
        return (ir.Arg(expression(node, source), text=text),)
    return tuple(_argument(child, source) for child in parts_of(node))


def _argument(node: Node, source: Source) -> ir.Arg:
    if node.type == "keyword_argument":
        value = node.child_by_field_name("value")
        name = text_of(node.child_by_field_name("name"))
        if value is None:
            return ir.Arg(ir.Other(source.text(node)), name)
        return ir.Arg(expression(value, source), name, "", source.text(value))
    if node.type in ("list_splat", "dictionary_splat"):
        value = parts_of(node)[0]
        star = "*" if node.type == "list_splat" else "**"
        return ir.Arg(expression(value, source), None, star, source.text(value))
    return ir.Arg(expression(node, source), None, "", source.text(node))


def _identifier(node: Node, source: Source) -> ir.Expr:
    return ir.Name(source.text(node))


def _attribute(node: Node, source: Source) -> ir.Expr:
    owner, name = node.child_by_field_name("object"), node.child_by_field_name("attribute")
    if owner is None or name is None:
        return ir.Other(source.text(node))
    return ir.Attr(expression(owner, source), source.text(name))


def _call(node: Node, source: Source) -> ir.Expr:
    func = node.child_by_field_name("function")
    if func is None:
        return ir.Other(source.text(node))
    given = arguments(node.child_by_field_name("arguments"), source)
    return ir.Call(expression(func, source), given, source.span(node))


def _string(node: Node, source: Source) -> ir.Expr:
    children = node.children
    first, last = children[0], children[-1]
    prefix = source.data[first.start_byte : first.end_byte].rstrip(b"\"'").lower()
    if b"f" in prefix:
        return ir.Joined(tuple(_formatted(children[1:-1], b"r" in prefix, source)))
    if b"t" in prefix:
        return ir.Other(source.text(node))
    content = source.data[first.end_byte : last.start_byte]
    if b"b" in prefix:
        return ir.Const(content)
    return ir.Const(decoded(content, b"r" in prefix))


def _formatted(children: list[Node], raw: bool, source: Source) -> Iterator[ir.Expr]:
    """The parts of an f-string; one with a conversion or a format stays as written."""
    for child in children:
        if child.type != "interpolation":
            text = decoded(source.data[child.start_byte : child.end_byte], raw)
            yield ir.Const(text.replace("{{", "{").replace("}}", "}"))
            continue
        inner = child.child_by_field_name("expression")
        plain = all(part.type in ("{", "}") or part == inner for part in child.children)
        yield expression(inner, source) if inner and plain else ir.Other(source.text(child))


def _concatenated(node: Node, source: Source) -> ir.Expr:
    return ir.Joined(tuple(expression(part, source) for part in parts_of(node)))


def _items(kind: str) -> Callable[[Node, Source], ir.Expr]:
    def lower(node: Node, source: Source) -> ir.Expr:
        return ir.Seq(kind, tuple(expression(item, source) for item in parts_of(node)))

    return lower


def _tuple_pattern(node: Node, source: Source) -> ir.Expr:
    """A target in parentheses: one alone, without a comma, is that target."""
    parts = parts_of(node)
    if len(parts) == 1 and all(child.type != "," for child in node.children):
        return expression(parts[0], source)
    return ir.Seq("tuple", tuple(expression(item, source) for item in parts))


def _starred(node: Node, source: Source) -> ir.Expr:
    return ir.Star(expression(parts_of(node)[0], source))


def _dictionary(node: Node, source: Source) -> ir.Expr:
    items: list[tuple[ir.Expr | None, ir.Expr]] = []
    for item in parts_of(node):
        key, value = item.child_by_field_name("key"), item.child_by_field_name("value")
        if key is not None and value is not None:
            items.append((expression(key, source), expression(value, source)))
        else:
            items.append((None, expression(parts_of(item)[0], source)))
    return ir.Dict(tuple(items))


def _binary(node: Node, source: Source) -> ir.Expr:
    """A chain of operators; its left spine is followed in a loop, for it may be long."""
    spine: list[Node] = []
    current: Node | None = node
    while current is not None and current.type in ("binary_operator", "boolean_operator"):
        spine.append(current)
        current = current.child_by_field_name("left")
    if current is None or len(spine) > _DEEPEST:
        return ir.Other(source.text(node))
    left = expression(current, source)
    for one in reversed(spine):
        operator, right = one.child_by_field_name("operator"), one.child_by_field_name("right")
        if operator is None or right is None:
            return ir.Other(source.text(node))
        left = ir.Binary(operator.type, left, expression(right, source))
    return left


def _not(node: Node, source: Source) -> ir.Expr:
    argument = node.child_by_field_name("argument")
    if argument is None:
        return ir.Other(source.text(node))
    return ir.Negated(expression(argument, source), source.text(node))


def _unary(node: Node, source: Source) -> ir.Expr:
    argument = node.child_by_field_name("argument")
    value = expression(argument, source) if argument is not None else None
    if node.children[0].type == "-" and isinstance(value, ir.Const):
        number = value.value
        if isinstance(number, (int, float)):
            return ir.Const(-number)
    return ir.Other(source.text(node))


def _comparison(node: Node, source: Source) -> ir.Expr:
    operands = [expression(child, source) for child in parts_of(node)]
    operators = tuple(child.type for child in node.children if not child.is_named)
    if len(operands) != len(operators) + 1:
        return ir.Other(source.text(node))
    return ir.Compare(operands[0], operators, tuple(operands[1:]), source.text(node))


def _subscript(node: Node, source: Source) -> ir.Expr:
    value = node.child_by_field_name("value")
    items = [child for child in node.children_by_field_name("subscript") if child.is_named]
    if value is None:
        return ir.Other(source.text(node))
    return ir.Index(expression(value, source), tuple(expression(item, source) for item in items))


def _slice(node: Node, source: Source) -> ir.Expr:
    ends: list[ir.Expr | None] = [None, None]
    at = 0
    for child in node.children:
        if child.type == ":":
            at += 1
        elif child.is_named and not child.is_extra:
            if at > 1:
                return ir.Other(source.text(node))
            ends[at] = expression(child, source)
    return ir.Slice(ends[0], ends[1])


def _conditional(node: Node, source: Source) -> ir.Expr:
    parts = parts_of(node)
    if len(parts) != 3:
        return ir.Other(source.text(node))
    body, test, orelse = parts
    return ir.IfElse(typed(test, source), expression(body, source), expression(orelse, source))


def _lambda(node: Node, source: Source) -> ir.Expr:
    body = node.child_by_field_name("body")
    if body is None:
        return ir.Other(source.text(node))
    given = parameters(node.child_by_field_name("parameters"), source)
    return ir.Lambda(given, expression(body, source))


def _comprehension(kind: str) -> Callable[[Node, Source], ir.Expr]:
    def lower(node: Node, source: Source) -> ir.Expr:
        body = node.child_by_field_name("body")
        if body is None:
            return ir.Other(source.text(node))
        key: ir.Expr | None = None
        if body.type == "pair":
            first, body = body.child_by_field_name("key"), body.child_by_field_name("value")
            if first is None or body is None:
                return ir.Other(source.text(node))
            key = expression(first, source)
        clauses: list[ir.Clause] = []
        for part in parts_of(node):
            if part.type == "for_in_clause":
                target, iterable = part.child_by_field_name("left"), iterated(part, source)
                if target is None or iterable is None:
                    return ir.Other(source.text(node))
                clauses.append(ir.Clause(expression(target, source), iterable))
            elif part.type == "if_clause" and clauses:
                last = clauses.pop()
                tests = (*last.tests, typed(parts_of(part)[0], source))
                clauses.append(ir.Clause(last.target, last.iterable, tests))
        return ir.Comp(kind, expression(body, source), tuple(clauses), key)

    return lower


def iterated(node: Node, source: Source) -> ir.Expr | None:
    """What a `for` goes over: one expression, or several as a tuple."""
    found = [child for child in node.children_by_field_name("right") if child.is_named]
    if len(found) == 1:
        return expression(found[0], source)
    return ir.Seq("tuple", tuple(expression(item, source) for item in found)) if found else None


def _inner(node: Node, source: Source) -> ir.Expr:
    parts = parts_of(node)
    return expression(parts[0], source) if len(parts) == 1 else ir.Other(source.text(node))


def _walrus(node: Node, source: Source) -> ir.Expr:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None or value is None:
        return ir.Other(source.text(node))
    return ir.Walrus(expression(name, source), expression(value, source))


def _generic_type(node: Node, source: Source) -> ir.Expr:
    parts = parts_of(node)
    if len(parts) != 2:
        return ir.Other(source.text(node))
    items = tuple(expression(item, source) for item in parts_of(parts[1]))
    return ir.Index(expression(parts[0], source), items)


def _union_type(node: Node, source: Source) -> ir.Expr:
    parts = parts_of(node)
    if len(parts) != 2:
        return ir.Other(source.text(node))
    return ir.Binary("|", expression(parts[0], source), expression(parts[1], source))


def _member_type(node: Node, source: Source) -> ir.Expr:
    parts = parts_of(node)
    if len(parts) != 2:
        return ir.Other(source.text(node))
    return ir.Attr(expression(parts[0], source), source.text(parts[1]))


_LEAVES: dict[str, Callable[[Node, Source], ir.Expr]] = {
    "identifier": _identifier,
    "string": _string,
    "integer": integer,
    "float": floating,
    "none": constant,
    "true": constant,
    "false": constant,
    "ellipsis": constant,
}

_LOWER: dict[str, Callable[[Node, Source], ir.Expr]] = {
    "attribute": _attribute,
    "call": _call,
    "concatenated_string": _concatenated,
    "list": _items("list"),
    "tuple": _items("tuple"),
    "set": _items("set"),
    "expression_list": _items("tuple"),
    "pattern_list": _items("tuple"),
    "tuple_pattern": _tuple_pattern,
    "list_pattern": _items("list"),
    "list_splat": _starred,
    "list_splat_pattern": _starred,
    "splat_type": _starred,
    "dictionary": _dictionary,
    "binary_operator": _binary,
    "boolean_operator": _binary,
    "not_operator": _not,
    "unary_operator": _unary,
    "comparison_operator": _comparison,
    "subscript": _subscript,
    "slice": _slice,
    "conditional_expression": _conditional,
    "lambda": _lambda,
    "list_comprehension": _comprehension("list"),
    "set_comprehension": _comprehension("set"),
    "generator_expression": _comprehension("generator"),
    "dictionary_comprehension": _comprehension("dict"),
    "parenthesized_expression": _inner,
    "await": _inner,
    "type": _inner,
    "named_expression": _walrus,
    "generic_type": _generic_type,
    "union_type": _union_type,
    "member_type": _member_type,
}
