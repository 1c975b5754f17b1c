"""The second opinion on `port_lsp.python.lower`: the same records, read by libcst.

libcst says what a text means by Python's own grammar; it is too slow for where an editor waits, so
the reader takes tree-sitter's nodes and this holds them against libcst's.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Mapping
from typing import Any, cast

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from port_lsp.python import syntax as ir
from port_lsp.text import Span

_EMPTY = cst.Module([])


class Positions:
    """Byte ranges of libcst's nodes."""

    def __init__(self, spans: Mapping[cst.CSTNode, Any]) -> None:
        self._spans = spans

    def of(self, node: cst.CSTNode) -> Span:
        """The node's range."""
        found = self._spans[node]
        return Span(found.start, found.start + found.length)


def statements(data: bytes) -> tuple[ir.Stmt, ...]:
    """The statements of a text (UTF-8), spans as byte offsets into it.

    Raises libcst's ParserSyntaxError for text that it doesn't take.
    """
    module = cst.parse_module(data.decode())
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    where = Positions(wrapper.resolve(ByteSpanPositionProvider))
    return tuple(_block(wrapper.module.body, where))


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
        operator = _EMPTY.code_for_node(node.operator).strip()
        return [ir.Assign(target, value, span=where.of(node), operator=operator)]
    if isinstance(node, cst.Expr):
        if isinstance(node.value, cst.Yield):
            inner = node.value.value
            if isinstance(inner, cst.From):
                return [ir.Do(ir.Other(_code(node.value)), where.of(node))]
            if inner is None:
                return [ir.Return(ir.Const(None), yields=True)]
            return [ir.Return(_expr(inner, where), yields=True)]
        if isinstance(node.value, cst.SimpleString):
            return [ir.Do(ir.Other(""), where.of(node))]
        return [ir.Do(_expr(node.value, where), where.of(node))]
    if isinstance(node, cst.Return):
        value = ir.Const(None) if node.value is None else _expr(node.value, where)
        return [ir.Return(value)]
    if isinstance(node, (cst.Import, cst.ImportFrom)):
        return list(_imports(node))
    if isinstance(node, cst.TypeAlias):
        target = (ir.Name(node.name.value),)
        return [ir.Assign(target, _typed(node.value, where), span=where.of(node))]
    if isinstance(node, (cst.Raise, cst.Break, cst.Continue)):
        return [ir.Stop(type(node).__name__.lower())]
    return [ir.Do(ir.Other(""), where.of(node))]


def _imports(node: cst.Import | cst.ImportFrom) -> list[ir.Import]:
    if isinstance(node, cst.Import):
        return [ir.Import(_dotted(item.name), alias=_alias(item) or None) for item in node.names]
    module = _dotted(node.module) if node.module is not None else ""
    if module == "__future__":
        return []
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
        return [ir.For(target, iterable, _suite(node.body, where)), *_orelse(node, where)]
    if isinstance(node, cst.With):
        items = tuple(
            (_expr(item.item, where), _expr(item.asname.name, where) if item.asname else None)
            for item in node.items
        )
        return [ir.Block(items, _suite(node.body, where))]
    if isinstance(node, (cst.Try, cst.TryStar)):
        handlers = tuple(_suite(handler.body, where) for handler in node.handlers)
        orelse = _suite(node.orelse.body, where) if node.orelse else ()
        final = _suite(node.finalbody.body, where) if node.finalbody else ()
        return [ir.Try(_suite(node.body, where), handlers, orelse, final)]
    if isinstance(node, cst.While):
        loop = ir.While(_typed(node.test, where), _suite(node.body, where))
        return [loop, *_orelse(node, where)]
    if isinstance(node, cst.Match):
        # Each case is a branch of its own under the subject's text.
        subject = _code(node.subject)
        branches: list[ir.Stmt] = []
        for case in node.cases:
            text = f"{subject} matches {_code(case.pattern)}"
            branches.append(ir.If(ir.Typed(ir.Other(text), text), _suite(case.body, where)))
        return branches
    return []


def _orelse(node: cst.For | cst.While, where: Positions) -> tuple[ir.Stmt, ...]:
    return _suite(node.orelse.body, where) if node.orelse is not None else ()


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
        ir.Decorator(_from_its_at(_expr(node.decorator, where), node, where), _span(node, where))
        for node in cast("tuple[cst.Decorator, ...]", nodes)
    )


def _span(node: cst.Decorator, where: Positions) -> Span:
    """From the `@` to the expression's end, its parentheses included."""
    closing = "".join(_EMPTY.code_for_node(paren) for paren in node.decorator.rpar)
    return Span(where.of(node).start, where.of(node.decorator).end + len(closing.encode()))


def _from_its_at(expr: ir.Expr, node: cst.Decorator, where: Positions) -> ir.Expr:
    if isinstance(expr, ir.Call):
        return ir.Call(expr.func, expr.args, _span(node, where))
    return expr


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
    return " ".join(_EMPTY.code_for_node(node).split())


def _bare(node: cst.BaseExpression) -> str:
    """The text without the parentheses around it."""
    return _code(node.with_changes(lpar=(), rpar=()))


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
    right = _expr(node.right, where)
    whole = isinstance(node.right, cst.ConcatenatedString)
    rest = right.parts if whole and isinstance(right, ir.Joined) else (right,)
    return ir.Joined((_expr(node.left, where), *rest))


def _formatted(node: cst.FormattedString, where: Positions) -> ir.Expr:
    raw = "r" in node.prefix.lower()
    parts: list[ir.Expr] = []
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            text = part.value if raw else _escapes_resolved(part.value)
            parts.append(ir.Const(text.replace("{{", "{").replace("}}", "}")))
        elif isinstance(part, cst.FormattedStringExpression):
            plain = not (part.conversion or part.format_spec or part.equal)
            parts.append(_expr(part.expression, where) if plain else ir.Other(_code(part)))
    return ir.Joined(tuple(parts))


def _escapes_resolved(text: str) -> str:
    """As Python itself resolves them in a literal."""
    quote = next(q for q in ('"""', "'''") if q not in text and not text.endswith(q[0]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return str(ast.literal_eval(f"{quote}{text}{quote}"))


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


def _binary(node: cst.BinaryOperation, where: Positions) -> ir.Expr:
    op = _EMPTY.code_for_node(node.operator).strip()
    return ir.Binary(op, _expr(node.left, where), _expr(node.right, where))


def _boolean(node: cst.BooleanOperation, where: Positions) -> ir.Expr:
    op = "or" if isinstance(node.operator, cst.Or) else "and"
    return ir.Binary(op, _expr(node.left, where), _expr(node.right, where))


def _negative(node: cst.UnaryOperation, where: Positions) -> ir.Expr:
    value = _expr(node.expression, where)
    if isinstance(node.operator, cst.Not):
        return ir.Negated(value, _bare(node))
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
        elif isinstance(element.slice, cst.Slice) and element.slice.step is None:
            ends = (element.slice.lower, element.slice.upper)
            lower, upper = (_expr(end, where) if end is not None else None for end in ends)
            items.append(ir.Slice(lower, upper))
        else:
            items.append(ir.Other(_code(element.slice)))
    return ir.Index(_expr(node.value, where), tuple(items))


def _ifelse(node: cst.IfExp, where: Positions) -> ir.Expr:
    return ir.IfElse(_typed(node.test, where), _expr(node.body, where), _expr(node.orelse, where))


def _lambda(node: cst.Lambda, where: Positions) -> ir.Expr:
    return ir.Lambda(_params(node.params, where), _expr(node.body, where))


def _comprehension(kind: str) -> Callable[[Any, Positions], ir.Expr]:
    def lower(
        node: cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp, where: Positions
    ) -> ir.Expr:
        clauses: list[ir.Clause] = []
        loop: cst.CompFor | None = node.for_in
        while loop is not None:
            tests = tuple(_typed(test.test, where) for test in loop.ifs)
            clause = ir.Clause(_expr(loop.target, where), _expr(loop.iter, where), tests)
            clauses.append(clause)
            loop = loop.inner_for_in
        if isinstance(node, cst.DictComp):
            key, value = _expr(node.key, where), _expr(node.value, where)
            return ir.Comp(kind, value, tuple(clauses), key)
        return ir.Comp(kind, _expr(node.elt, where), tuple(clauses))

    return lower


def _comparison(node: cst.Comparison, where: Positions) -> ir.Expr:
    operators = [" ".join(_EMPTY.code_for_node(t.operator).split()) for t in node.comparisons]
    rights = tuple(_expr(t.comparator, where) for t in node.comparisons)
    return ir.Compare(_expr(node.left, where), tuple(operators), rights, _bare(node))


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
    cst.ListComp: _comprehension("list"),
    cst.SetComp: _comprehension("set"),
    cst.GeneratorExp: _comprehension("generator"),
    cst.DictComp: _comprehension("dict"),
    cst.Comparison: _comparison,
    cst.Await: _await,
    cst.NamedExpr: _walrus,
}
