"""Constraints of a field and of what is inside it: of `Field(…)`, of `constr(…)` and its like, of
`Annotated`'s metadata, and those that are in a type's name.

Rules: Pydantic's "Fields", "Field constraints", and "Types"; annotated_types' own names.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from port_lsp.facts.items import Constraint
from port_lsp.python import syntax as ir
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.lower import lone_expression
from port_lsp.python.values import External, Generic, Late, Made, Scope, Value
from port_lsp.types.python_names import AROUND, LISTS, MAPS, SETS, TUPLES
from port_lsp.types.schema import Inner, Limit

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_DEEPEST = 16
LIMITS = {
    **{name: name for name in ("gt", "ge", "lt", "le", "multiple_of", "pattern")},
    **{"min_length": "min_length", "max_length": "max_length", "regex": "pattern"},
    **{"min_items": "min_length", "max_items": "max_length"},
    **{name: name for name in ("strip_whitespace", "to_lower", "to_upper", "strict")},
    **{"max_digits": "max_digits", "decimal_places": "decimal_places"},
    "discriminator": "discriminator",
}
# Pydantic's types that are a type and a constraint (`pydantic/types.py`).
_TYPES = {
    **{f"Positive{kind}": ("gt", "0") for kind in ("Int", "Float")},
    **{f"Negative{kind}": ("lt", "0") for kind in ("Int", "Float")},
    **{f"NonNegative{kind}": ("ge", "0") for kind in ("Int", "Float")},
    **{f"NonPositive{kind}": ("le", "0") for kind in ("Int", "Float")},
}
# annotated_types: its class, and the constraint that the only argument is.
_CLASSES = {
    **{"Gt": "gt", "Ge": "ge", "Lt": "lt", "Le": "le", "MultipleOf": "multiple_of"},
    **{"MinLen": "min_length", "MaxLen": "max_length"},
}
_KEYWORDS = frozenset(("Field", "FieldInfo", "StringConstraints", "Interval", "Len"))
_CONSTRAINED = frozenset(
    ("constr", "conint", "confloat", "conlist", "conset", "confrozenset", "condecimal", "conbytes")
)
Path = tuple[str, ...]


def limits_of(
    run: Interpreter,
    constraints: Iterable[Constraint],
    expr: ir.Expr | None,
    scope: Scope | None,
) -> tuple[tuple[Limit, ...], tuple[Inner, ...]]:
    """A field's own constraints with their values, and those of what is inside it."""
    found: dict[Path, dict[str, str]] = {(): {}}
    for one in constraints:
        name = LIMITS.get(one.name)
        if name is not None and (value := _json(run, one.value, scope)) is not None:
            found[()][name] = value
    if expr is not None and scope is not None:
        for path, limit in _walked(run, expr, scope, (), 0):
            found.setdefault(path, {}).setdefault(limit.name, limit.value)
    own = tuple(Limit(*pair) for pair in found.pop(()).items())
    inner = tuple(
        Inner(path, tuple(Limit(*pair) for pair in limits.items()))
        for path, limits in found.items()
        if limits
    )
    return own, inner


def _walked(
    run: Interpreter, expr: ir.Expr, scope: Scope, path: Path, depth: int
) -> Iterator[tuple[Path, Limit]]:
    if depth > _DEEPEST:
        return
    if isinstance(expr, ir.Const):
        if isinstance(expr.value, str):
            yield from _walked(run, lone_expression(expr.value), scope, path, depth + 1)
    elif isinstance(expr, ir.Binary) and expr.op == "|":
        sides = [side for side in (expr.left, expr.right) if not is_none(side)]
        if len(sides) == 1:
            yield from _walked(run, sides[0], scope, path, depth + 1)
    elif isinstance(expr, ir.Index):
        origin = force(run, evaluate(run, expr.value, scope))
        name = origin.name if isinstance(origin, External) else ir.dotted(expr.value)
        yield from _inside(run, name.rpartition(".")[2], expr.items, scope, path, depth)
    elif isinstance(expr, (ir.Name, ir.Attr, ir.Call)):
        yield from _named(run, evaluate(run, expr, scope), path, depth)


def _named(run: Interpreter, value: Value, path: Path, depth: int) -> Iterator[tuple[Path, Limit]]:
    value = force(run, value)
    if isinstance(value, Generic):
        origin = force(run, value.origin)
        if isinstance(origin, External):
            short = origin.name.rpartition(".")[2]
            yield from _inside(run, short, value.items, value.scope, path, depth + 1)
    elif isinstance(value, External):
        short = value.name.rpartition(".")[2]
        if short in _TYPES:
            yield path, Limit(*_TYPES[short])
    elif isinstance(value, Made):
        short = value.maker.name.rpartition(".")[2]
        if short in _CONSTRAINED:
            yield from ((path, limit) for limit in _keywords(run, value))
            inner = value.args.get(0, "item_type")
            if short in ("conlist", "conset", "confrozenset") and isinstance(inner, Late):
                yield from _walked(run, inner.expr, inner.scope, (*path, "item"), depth + 1)
        elif short == "NewType":
            inner = value.args.get(1, "tp")
            if isinstance(inner, Late):
                yield from _walked(run, inner.expr, inner.scope, path, depth + 1)


def _inside(
    run: Interpreter, short: str, items: Sequence[ir.Expr], scope: Scope, path: Path, depth: int
) -> Iterator[tuple[Path, Limit]]:
    """What is inside a subscripted type."""

    def of(item: ir.Expr, *more: str) -> Iterator[tuple[Path, Limit]]:
        return _walked(run, item, scope, (*path, *more), depth + 1)

    if short == "Annotated":
        for item in items[1:]:
            made = force(run, evaluate(run, item, scope))
            if isinstance(made, Made):
                yield from ((path, limit) for limit in _metadata(run, made))
        yield from of(items[0])
    elif short in AROUND or short == "Optional":
        yield from of(items[0])
    elif short == "Union":
        parts = [item for item in items if not is_none(item)]
        if len(parts) == 1:
            yield from of(parts[0])
    elif short in LISTS or short in SETS or (short in TUPLES and len(items) == 2):
        if short not in TUPLES or (isinstance(items[1], ir.Const) and items[1].value is Ellipsis):
            yield from of(items[0], "item")
    elif short in MAPS and len(items) == 2:
        yield from of(items[0], "key")
        yield from of(items[1], "value")


def _metadata(run: Interpreter, made: Made) -> Iterator[Limit]:
    """What one thing in `Annotated` asks for."""
    short = made.maker.name.rpartition(".")[2]
    if short in _KEYWORDS:
        yield from _keywords(run, made)
        if short == "Len":
            for index, name in enumerate(("min_length", "max_length")):
                value = force(run, made.args.get(index, name))
                if isinstance(value, int):
                    yield Limit(name, str(value))
    elif short in _CLASSES:
        value = force(run, made.args.get(0, _CLASSES[short]))
        if isinstance(value, (int, float)):
            yield Limit(_CLASSES[short], json.dumps(value))


def _keywords(run: Interpreter, made: Made) -> Iterator[Limit]:
    for name, argument in made.args.keywords.items():
        value = force(run, argument)
        if name in LIMITS and isinstance(value, (str, int, float)):
            yield Limit(LIMITS[name], json.dumps(value, ensure_ascii=False))


def is_none(expr: ir.Expr) -> bool:
    """Whether an annotation is `None`."""
    return isinstance(expr, ir.Const) and expr.value is None


def _json(run: Interpreter, text: str, scope: Scope | None) -> str | None:
    try:
        return json.dumps(ast.literal_eval(text), ensure_ascii=False)
    except (ValueError, SyntaxError, TypeError):
        if scope is None or "(" in text:
            return None
        value = force(run, evaluate(run, lone_expression(text), scope))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (str, int, float)) else None
