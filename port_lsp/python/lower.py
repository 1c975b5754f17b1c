"""WHAT: libcst reads the text of one chunk, and this turns its tree into `syntax.py`'s records.

Positions cost more than the parse, so they come from tree-sitter's `Shape` where a chunk is read
for its header or class body, and from libcst's metadata only where bodies are read too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from port_lsp.python import syntax as ir
from port_lsp.text import Span

_EMPTY = cst.Module([])


class UnreadableError(Exception):
    """libcst doesn't parse the text; the message says where in the chunk."""


class Positions:
    """Byte ranges of libcst's nodes, relative to the chunk; none where none were asked for."""

    __slots__ = ("_spans",)

    def __init__(self, spans: Mapping[cst.CSTNode, Any] | None = None) -> None:
        self._spans = spans

    def of(self, node: cst.CSTNode) -> Span:
        """The node's range; NOWHERE without positions."""
        if self._spans is None:
            return ir.NOWHERE
        found = self._spans[node]
        return Span(found.start, found.start + found.length)


def statements(data: bytes, *, positions: bool) -> tuple[ir.Stmt, ...]:
    """The statements of a chunk's text (UTF-8).

    With `positions`, spans are byte offsets into `data`; without, they are NOWHERE. Raises
    UnreadableError for text that libcst doesn't take.
    """
    try:
        # As text: for bytes libcst would follow a coding declaration, and these are UTF-8.
        module = cst.parse_module(data.decode("utf-8", "replace"))
    except (cst.ParserSyntaxError, RecursionError) as error:
        raise UnreadableError(str(error).splitlines()[0]) from None
    where = Positions()
    if positions:
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        where = Positions(wrapper.resolve(ByteSpanPositionProvider))
        module = wrapper.module
    return tuple(_block(module.body, where))


def expression(text: str) -> ir.Expr:
    """One expression given as text: a forward reference in quotes. `Other` where it is none."""
    try:
        return _expr(cst.parse_expression(text.strip()), Positions())
    except (cst.ParserSyntaxError, RecursionError):
        return ir.Other(text)


def _block(body: Any, where: Positions) -> list[ir.Stmt]:
    out: list[ir.Stmt] = []
    for statement in body:
        if isinstance(statement, cst.SimpleStatementLine):
            for small in statement.body:
                out += _small(small, where)
        else:
            out += _compound(statement, where)
    return out


def _suite(suite: cst.BaseSuite, where: Positions) -> tuple[ir.Stmt, ...]:
    if isinstance(suite, cst.SimpleStatementSuite):
        return tuple(item for small in suite.body for item in _small(small, where))
    return tuple(_block(suite.body, where))


def _small(node: cst.BaseSmallStatement, where: Positions) -> list[ir.Stmt]:
    if isinstance(node, cst.Assign):
        targets = tuple(_expr(target.target, where) for target in node.targets)
        return [ir.Assign(targets, _typed(node.value, where), span=where.of(node))]
    if isinstance(node, cst.AnnAssign):
        value = _typed(node.value, where) if node.value is not None else None
        annotation = _typed(node.annotation.annotation, where)
        target = (_expr(node.target, where),)
        return [ir.Assign(target, value, annotation, where.of(node))]
    if isinstance(node, cst.AugAssign):
        target = (_expr(node.target, where),)
        value = _typed(node.value, where)
        return [ir.Assign(target, value, span=where.of(node), augmented=True)]
    if isinstance(node, cst.Expr):
        if isinstance(node.value, cst.Yield):
            inner = node.value.value
            if isinstance(inner, cst.BaseExpression):
                return [ir.Return(_expr(inner, where), yields=True)]
        return [ir.Do(_expr(node.value, where), where.of(node))]
    if isinstance(node, cst.Return):
        value = ir.Const(None) if node.value is None else _expr(node.value, where)
        return [ir.Return(value)]
    if isinstance(node, (cst.Import, cst.ImportFrom)):
        return list(_imports(node))
    if isinstance(node, cst.TypeAlias):
        return [ir.Assign((ir.Name(node.name.value),), _typed(node.value, where))]
    # pass, raise, global, del, assert: nothing is declared by them. They stay as statements, so
    # that a class body's statements keep step with the outline's.
    return [ir.Do(ir.Other(""), where.of(node))]


def _imports(node: cst.Import | cst.ImportFrom) -> list[ir.Import]:
    if isinstance(node, cst.Import):
        return [ir.Import(_dotted(item.name), alias=_alias(item) or None) for item in node.names]
    module = _dotted(node.module) if node.module is not None else ""
    level = len(node.relative)
    if isinstance(node.names, cst.ImportStar):
        return [ir.Import(module, (("*", "*"),), level)]
    names = tuple((_dotted(item.name), _alias(item) or _dotted(item.name)) for item in node.names)
    return [ir.Import(module, names, level)]


def _alias(item: cst.ImportAlias) -> str:
    if item.asname is not None and isinstance(item.asname.name, cst.Name):
        return item.asname.name.value
    return ""


def _dotted(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Attribute):
        return f"{_dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def _compound(node: cst.BaseCompoundStatement, where: Positions) -> list[ir.Stmt]:
    if isinstance(node, cst.FunctionDef):
        return [_function(node, where)]
    if isinstance(node, cst.ClassDef):
        bases = tuple(_arg(arg, where) for arg in (*node.bases, *node.keywords))
        decorators = _decorators(node.decorators, where)
        body = _suite(node.body, where)
        return [ir.ClassDef(node.name.value, bases, decorators, body, where.of(node.name))]
    if isinstance(node, cst.If):
        return [_if(node, where)]
    if isinstance(node, cst.For):
        target, iterable = _expr(node.target, where), _expr(node.iter, where)
        return [ir.For(target, iterable, _suite(node.body, where))]
    if isinstance(node, cst.With):
        items = tuple(
            (_expr(item.item, where), _expr(item.asname.name, where) if item.asname else None)
            for item in node.items
        )
        return [ir.Block(items, _suite(node.body, where))]
    if isinstance(node, (cst.Try, cst.TryStar)):
        handlers = tuple(_suite(handler.body, where) for handler in node.handlers)
        rest: tuple[ir.Stmt, ...] = ()
        for part in (node.orelse, node.finalbody):
            if part is not None:
                rest += _suite(part.body, where)
        return [ir.Try(_suite(node.body, where), handlers, rest)]
    if isinstance(node, cst.While):
        return [ir.If(_typed(node.test, where), _suite(node.body, where))]
    if isinstance(node, cst.Match):
        # Each case is a branch of its own under the subject's text.
        subject = _code(node.subject)
        branches: list[ir.Stmt] = []
        for case in node.cases:
            text = f"{subject} matches {_code(case.pattern)}"
            branches.append(ir.If(ir.Typed(ir.Other(text), text), _suite(case.body, where)))
        return branches
    return []


def _if(node: cst.If, where: Positions) -> ir.If:
    orelse: tuple[ir.Stmt, ...] = ()
    if isinstance(node.orelse, cst.If):
        orelse = (_if(node.orelse, where),)
    elif node.orelse is not None:
        orelse = _suite(node.orelse.body, where)
    return ir.If(_typed(node.test, where), _suite(node.body, where), orelse)


def _function(node: cst.FunctionDef, where: Positions) -> ir.FuncDef:
    returns = _typed(node.returns.annotation, where) if node.returns else None
    return ir.FuncDef(
        node.name.value,
        _params(node.params, where),
        _decorators(node.decorators, where),
        returns,
        _suite(node.body, where),
        where.of(node.name),
        is_async=node.asynchronous is not None,
    )


def _decorators(nodes: Any, where: Positions) -> tuple[ir.Decorator, ...]:
    return tuple(
        ir.Decorator(_expr(node.decorator, where), where.of(node))
        for node in cast("tuple[cst.Decorator, ...]", nodes)
    )


def _params(params: cst.Parameters, where: Positions) -> tuple[ir.Param, ...]:
    out = [_param(p, where) for p in (*params.posonly_params, *params.params)]
    if isinstance(params.star_arg, cst.Param):
        out.append(_param(params.star_arg, where, star="*"))
    out += [_param(p, where, keyword=True) for p in params.kwonly_params]
    if params.star_kwarg is not None:
        out.append(_param(params.star_kwarg, where, star="**"))
    return tuple(out)


def _param(node: cst.Param, where: Positions, star: str = "", keyword: bool = False) -> ir.Param:
    annotation = _typed(node.annotation.annotation, where) if node.annotation else None
    default = _typed(node.default, where) if node.default is not None else None
    return ir.Param(node.name.value, annotation, default, star, keyword)


def _typed(node: cst.BaseExpression, where: Positions) -> ir.Typed:
    return ir.Typed(_expr(node, where), _code(node))


def _code(node: cst.CSTNode) -> str:
    if isinstance(node, (cst.Name, cst.SimpleString, cst.Integer, cst.Float)) and not node.lpar:
        return node.value
    return _EMPTY.code_for_node(node)


def _arg(node: cst.Arg, where: Positions) -> ir.Arg:
    keyword = node.keyword.value if node.keyword is not None else None
    return ir.Arg(_expr(node.value, where), keyword, node.star, _code(node.value))


def _expr(node: cst.BaseExpression, where: Positions) -> ir.Expr:
    lower = _LOWER.get(type(node))
    return lower(node, where) if lower is not None else ir.Other(_code(node))


_NAMED_CONSTANTS: dict[str, object] = {"None": None, "True": True, "False": False}


def _name(node: cst.Name, where: Positions) -> ir.Expr:
    if node.value in _NAMED_CONSTANTS:
        return ir.Const(_NAMED_CONSTANTS[node.value])
    return ir.Name(node.value)


def _attribute(node: cst.Attribute, where: Positions) -> ir.Expr:
    return ir.Attr(_expr(node.value, where), node.attr.value)


def _call(node: cst.Call, where: Positions) -> ir.Expr:
    args = tuple(_arg(arg, where) for arg in node.args)
    return ir.Call(_expr(node.func, where), args, where.of(node))


def _string(node: cst.SimpleString, where: Positions) -> ir.Expr:
    return ir.Const(node.evaluated_value)


def _number(node: cst.Integer | cst.Float, where: Positions) -> ir.Expr:
    return ir.Const(node.evaluated_value)


def _ellipsis(node: cst.Ellipsis, where: Positions) -> ir.Expr:
    return ir.Const(...)


def _concatenated(node: cst.ConcatenatedString, where: Positions) -> ir.Expr:
    return ir.Joined((_expr(node.left, where), _expr(node.right, where)))


def _formatted(node: cst.FormattedString, where: Positions) -> ir.Expr:
    parts: list[ir.Expr] = []
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            parts.append(ir.Const(part.value.replace("{{", "{").replace("}}", "}")))
        elif isinstance(part, cst.FormattedStringExpression):
            plain = part.conversion is None and part.format_spec is None
            parts.append(_expr(part.expression, where) if plain else ir.Other(_code(part)))
    return ir.Joined(tuple(parts))


def _display(kind: str) -> Callable[[Any, Positions], ir.Expr]:
    def lower(node: cst.List | cst.Tuple | cst.Set, where: Positions) -> ir.Expr:
        items = tuple(
            ir.Star(_expr(item.value, where))
            if isinstance(item, cst.StarredElement)
            else _expr(item.value, where)
            for item in node.elements
        )
        return ir.Seq(kind, items)

    return lower


def _dict(node: cst.Dict, where: Positions) -> ir.Expr:
    items: list[tuple[ir.Expr | None, ir.Expr]] = []
    for item in node.elements:
        key = _expr(item.key, where) if isinstance(item, cst.DictElement) else None
        items.append((key, _expr(item.value, where)))
    return ir.Dict(tuple(items))


_OPERATORS: dict[type, str] = {cst.Add: "+", cst.BitOr: "|", cst.Modulo: "%", cst.Divide: "/"}


def _binary(node: cst.BinaryOperation, where: Positions) -> ir.Expr:
    op = _OPERATORS.get(type(node.operator))
    if op is None:
        return ir.Other(_code(node))
    return ir.Binary(op, _expr(node.left, where), _expr(node.right, where))


def _boolean(node: cst.BooleanOperation, where: Positions) -> ir.Expr:
    op = "or" if isinstance(node.operator, cst.Or) else "and"
    return ir.Binary(op, _expr(node.left, where), _expr(node.right, where))


def _negative(node: cst.UnaryOperation, where: Positions) -> ir.Expr:
    value = _expr(node.expression, where)
    if isinstance(node.operator, cst.Not):
        return ir.Negated(value, _code(node))
    if isinstance(node.operator, cst.Minus) and isinstance(value, ir.Const):
        number = value.value
        if isinstance(number, (int, float)):
            return ir.Const(-number)
    return ir.Other(_code(node))


def _subscript(node: cst.Subscript, where: Positions) -> ir.Expr:
    items: list[ir.Expr] = []
    for element in node.slice:
        if isinstance(element.slice, cst.Index):
            items.append(_expr(element.slice.value, where))
        elif element.slice.step is None:
            ends = (element.slice.lower, element.slice.upper)
            lower, upper = (_expr(end, where) if end is not None else None for end in ends)
            items.append(ir.Slice(lower, upper))
        else:
            return ir.Other(_code(node))
    return ir.Index(_expr(node.value, where), tuple(items))


def _ifelse(node: cst.IfExp, where: Positions) -> ir.Expr:
    return ir.IfElse(_code(node.test), _expr(node.body, where), _expr(node.orelse, where))


def _lambda(node: cst.Lambda, where: Positions) -> ir.Expr:
    return ir.Lambda(_params(node.params, where), _expr(node.body, where))


def _comprehension(node: cst.ListComp, where: Positions) -> ir.Expr:
    loop = node.for_in
    if loop.ifs or loop.inner_for_in is not None:
        return ir.Other(_code(node))
    return ir.ListComp(_expr(node.elt, where), _expr(loop.target, where), _expr(loop.iter, where))


def _comparison(node: cst.Comparison, where: Positions) -> ir.Expr:
    return ir.Compare(_expr(node.left, where), _code(node))


def _await(node: cst.Await, where: Positions) -> ir.Expr:
    return _expr(node.expression, where)


def _walrus(node: cst.NamedExpr, where: Positions) -> ir.Expr:
    return ir.Walrus(_expr(node.target, where), _expr(node.value, where))


_LOWER: dict[type, Callable[[Any, Positions], ir.Expr]] = {
    cst.Name: _name,
    cst.Attribute: _attribute,
    cst.Call: _call,
    cst.SimpleString: _string,
    cst.Integer: _number,
    cst.Float: _number,
    cst.Ellipsis: _ellipsis,
    cst.ConcatenatedString: _concatenated,
    cst.FormattedString: _formatted,
    cst.List: _display("list"),
    cst.Tuple: _display("tuple"),
    cst.Set: _display("set"),
    cst.Dict: _dict,
    cst.BinaryOperation: _binary,
    cst.BooleanOperation: _boolean,
    cst.UnaryOperation: _negative,
    cst.Subscript: _subscript,
    cst.IfExp: _ifelse,
    cst.Lambda: _lambda,
    cst.ListComp: _comprehension,
    cst.Comparison: _comparison,
    cst.Await: _await,
    cst.NamedExpr: _walrus,
}
