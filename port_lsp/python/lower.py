"""WHAT: the statements of a chunk's text as `syntax.py` has them, from tree-sitter's nodes.

Expressions are `expressions.py`'s. Only what can bind a name or register something is told apart;
the rest stays as a statement that does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tree_sitter import Node

from port_lsp.python import syntax as ir
from port_lsp.python.expressions import arguments, expression, iterated, parameters, parts_of, typed
from port_lsp.python.grammar import parse, text_of
from port_lsp.python.nodesource import Source

_NOTHING = ir.Other("")


class UnreadableError(Exception):
    """The text isn't a sequence of statements; the message says why."""


def statements(source: Source) -> tuple[ir.Stmt, ...]:
    """The statements of a text, spans as offsets into its chunk.

    Raises UnreadableError for text with errors or one that is nested too deeply.
    """
    root = parse(source.data)
    if root.has_error:
        raise UnreadableError("the text has syntax errors")
    try:
        return tuple(_block(root, source))
    except RecursionError:
        raise UnreadableError("the text is nested too deeply") from None


def lone_expression(text: str) -> ir.Expr:
    """One expression given as text: a forward reference in quotes. `Other` where it is none."""
    data = text.strip().encode("utf-8", "replace")
    root = parse(data)
    body = parts_of(root)
    if root.has_error or len(body) != 1 or body[0].type != "expression_statement":
        return ir.Other(text)
    try:
        return _value(body[0], Source(data))
    except RecursionError:
        return ir.Other(text)


def _block(node: Node | None, source: Source) -> Iterator[ir.Stmt]:
    for child in parts_of(node) if node is not None else ():
        lower = _LOWER.get(child.type)
        if lower is not None:
            yield from lower(child, source)
        else:
            # pass, global, del, assert: nothing is declared by them.
            yield ir.Do(_NOTHING, source.span(child))


def _suite(node: Node | None, source: Source) -> tuple[ir.Stmt, ...]:
    return tuple(_block(node, source))


def _expression_statement(node: Node, source: Source) -> Iterator[ir.Stmt]:
    child = node.children[0]
    kind = child.type
    if kind == "assignment":
        yield _assignment(child, source)
    elif kind == "augmented_assignment":
        left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
        if left is not None and right is not None:
            target, operator = expression(left, source), child.child_by_field_name("operator")
            value, span = typed(right, source), source.span(node)
            yield ir.Assign((target,), value, None, span, operator.type if operator else "=")
    elif kind == "yield" and all(part.type != "from" for part in child.children):
        parts = parts_of(child)
        value = expression(parts[0], source) if parts else ir.Const(None)
        yield ir.Return(value, yields=True)
    elif kind == "string":
        yield ir.Do(_NOTHING, source.span(node))
    else:
        yield ir.Do(_value(node, source), source.span(node))


def _value(node: Node, source: Source) -> ir.Expr:
    """The expression that a statement is; several side by side are a tuple."""
    parts = parts_of(node)
    if len(parts) == 1 and all(child.type != "," for child in node.children):
        return expression(parts[0], source)
    return ir.Seq("tuple", tuple(expression(part, source) for part in parts))


def _assignment(node: Node, source: Source) -> ir.Assign:
    """`a = b = value`, annotated or not."""
    span = source.span(node)
    targets: list[ir.Expr] = []
    annotation: ir.Typed | None = None
    current: Node | None = node
    while current is not None and current.type == "assignment":
        left = current.child_by_field_name("left")
        if left is not None:
            targets.append(expression(left, source))
        if (given := current.child_by_field_name("type")) is not None:
            annotation = typed(given, source)
        current = current.child_by_field_name("right")
    value = typed(current, source) if current is not None else None
    return ir.Assign(tuple(targets), value, annotation, span)


def _type_alias(node: Node, source: Source) -> Iterator[ir.Stmt]:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is not None and right is not None:
        name = text_of(left).partition("[")[0]
        yield ir.Assign((ir.Name(name),), typed(right, source), span=source.span(node))


def _import(node: Node, source: Source) -> Iterator[ir.Stmt]:
    yield from imports(node)


def imports(node: Node) -> Iterator[ir.Import]:
    """What an import statement binds."""
    names = node.children_by_field_name("name")
    if node.type == "import_statement":
        for name in names:
            module, alias = _aliased(name)
            yield ir.Import(module, alias=alias if alias != module else None)
        return
    if node.type == "future_import_statement":
        return
    text = text_of(node.child_by_field_name("module_name"))
    module = text.lstrip(". \t")
    level = text[: len(text) - len(module)].count(".")
    module = "".join(module.split())
    if any(child.type == "wildcard_import" for child in node.children):
        yield ir.Import(module, (("*", "*"),), level)
    else:
        yield ir.Import(module, tuple(_aliased(name) for name in names), level)


def _aliased(node: Node) -> tuple[str, str]:
    """The imported name and the name that it is bound to."""
    if node.type == "aliased_import":
        name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
        return text_of(name), text_of(alias)
    return text_of(node), text_of(node)


def _return(node: Node, source: Source) -> Iterator[ir.Stmt]:
    yield ir.Return(_value(node, source) if parts_of(node) else ir.Const(None))


def _stop(node: Node, source: Source) -> Iterator[ir.Stmt]:
    yield ir.Stop(node.type.partition("_")[0])


def _decorated(node: Node, source: Source) -> Iterator[ir.Stmt]:
    decorators = tuple(
        _decorator(child, source) for child in node.children if child.type == "decorator"
    )
    definition = node.child_by_field_name("definition")
    if definition is not None and definition.type == "class_definition":
        yield _class(definition, decorators, source)
    elif definition is not None:
        yield _function(definition, decorators, source)


def _decorator(node: Node, source: Source) -> ir.Decorator:
    """A decorator; a call that it is counts from the `@`, which is where people look for it."""
    inner = parts_of(node)[0]
    # The node itself goes on over a comment behind it.
    expr, span = expression(inner, source), source.between(node.start_byte, inner.end_byte)
    if isinstance(expr, ir.Call):
        expr = ir.Call(expr.func, expr.args, span)
    return ir.Decorator(expr, span)


def _function(node: Node, decorators: tuple[ir.Decorator, ...], source: Source) -> ir.FuncDef:
    name, returns = node.child_by_field_name("name"), node.child_by_field_name("return_type")
    return ir.FuncDef(
        text_of(name),
        parameters(node.child_by_field_name("parameters"), source),
        decorators,
        typed(returns, source) if returns is not None else None,
        _suite(node.child_by_field_name("body"), source) if source.bodies else None,
        source.span(name) if name is not None else ir.NOWHERE,
        is_async=node.children[0].type == "async",
    )


def _class(node: Node, decorators: tuple[ir.Decorator, ...], source: Source) -> ir.ClassDef:
    name = node.child_by_field_name("name")
    return ir.ClassDef(
        text_of(name),
        arguments(node.child_by_field_name("superclasses"), source),
        decorators,
        _suite(node.child_by_field_name("body"), source),
        source.span(name) if name is not None else ir.NOWHERE,
    )


def _if(node: Node, source: Source) -> Iterator[ir.Stmt]:
    condition = node.child_by_field_name("condition")
    if condition is None:
        return
    orelse: tuple[ir.Stmt, ...] = ()
    for part in reversed(node.children_by_field_name("alternative")):
        if part.type == "else_clause":
            orelse = _suite(part.child_by_field_name("body"), source)
        elif (test := part.child_by_field_name("condition")) is not None:
            body = _suite(part.child_by_field_name("consequence"), source)
            orelse = (ir.If(typed(test, source), body, orelse),)
    body = _suite(node.child_by_field_name("consequence"), source)
    yield ir.If(typed(condition, source), body, orelse)


def _for(node: Node, source: Source) -> Iterator[ir.Stmt]:
    target, iterable = node.child_by_field_name("left"), iterated(node, source)
    if target is None or iterable is None:
        return
    body = _suite(node.child_by_field_name("body"), source)
    yield ir.For(expression(target, source), iterable, body)
    yield from _orelse(node, source)


def _while(node: Node, source: Source) -> Iterator[ir.Stmt]:
    condition = node.child_by_field_name("condition")
    if condition is not None:
        body = _suite(node.child_by_field_name("body"), source)
        yield ir.While(typed(condition, source), body)
    yield from _orelse(node, source)


def _orelse(node: Node, source: Source) -> Iterator[ir.Stmt]:
    """What stands behind a loop's `else`: it runs where nothing breaks."""
    for part in node.children_by_field_name("alternative"):
        yield from _block(part.child_by_field_name("body"), source)


def _with(node: Node, source: Source) -> Iterator[ir.Stmt]:
    items: list[tuple[ir.Expr, ir.Expr | None]] = []
    for clause in parts_of(node):
        for item in parts_of(clause) if clause.type == "with_clause" else ():
            value = item.child_by_field_name("value")
            if value is not None and value.type == "as_pattern":
                parts = parts_of(value)
                target = parts_of(parts[-1])
                bound = expression(target[0], source) if target else None
                items.append((expression(parts[0], source), bound))
            elif value is not None:
                items.append((expression(value, source), None))
    yield ir.Block(tuple(items), _suite(node.child_by_field_name("body"), source))


def _try(node: Node, source: Source) -> Iterator[ir.Stmt]:
    handlers: list[tuple[ir.Stmt, ...]] = []
    orelse: tuple[ir.Stmt, ...] = ()
    final: tuple[ir.Stmt, ...] = ()
    for part in parts_of(node):
        body = next((child for child in parts_of(part) if child.type == "block"), None)
        if part.type in ("except_clause", "except_group_clause"):
            handlers.append(_suite(body, source))
        elif part.type == "else_clause":
            orelse = _suite(body, source)
        elif part.type == "finally_clause":
            final = _suite(body, source)
    body = _suite(node.child_by_field_name("body"), source)
    yield ir.Try(body, tuple(handlers), orelse, final)


def _match(node: Node, source: Source) -> Iterator[ir.Stmt]:
    """Each case is a branch of its own under the subject's and the pattern's text."""
    subject = ", ".join(source.text(part) for part in node.children_by_field_name("subject"))
    body = node.child_by_field_name("body")
    for case in parts_of(body) if body is not None else ():
        if case.type != "case_clause":
            continue
        patterns = [part for part in parts_of(case) if part.type == "case_pattern"]
        text = f"{subject} matches {', '.join(source.text(part) for part in patterns)}"
        consequence = _suite(case.child_by_field_name("consequence"), source)
        yield ir.If(ir.Typed(ir.Other(text), text), consequence)


_LOWER: dict[str, Callable[[Node, Source], Iterator[ir.Stmt]]] = {
    "expression_statement": _expression_statement,
    "import_statement": _import,
    "import_from_statement": _import,
    "future_import_statement": _import,
    "type_alias_statement": _type_alias,
    "return_statement": _return,
    "raise_statement": _stop,
    "break_statement": _stop,
    "continue_statement": _stop,
    "decorated_definition": _decorated,
    "function_definition": lambda node, source: iter((_function(node, (), source),)),
    "class_definition": lambda node, source: iter((_class(node, (), source),)),
    "if_statement": _if,
    "for_statement": _for,
    "while_statement": _while,
    "with_statement": _with,
    "try_statement": _try,
    "match_statement": _match,
}
