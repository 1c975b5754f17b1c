"""Values of a field that a writer needs: default, constraints, names on the wire."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from port_lsp.facts.items import Field
from port_lsp.python import syntax as ir
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.lower import lone_expression
from port_lsp.python.values import Made, Scope, Value
from port_lsp.types.schema import NO_DEFAULT, Default, Limit

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_LIMITS = {
    **{name: name for name in ("gt", "ge", "lt", "le", "multiple_of", "pattern")},
    **{"min_length": "min_length", "max_length": "max_length", "regex": "pattern"},
    **{"min_items": "min_length", "max_items": "max_length"},
}
# Pydantic's types that are a type and a constraint (`pydantic/types.py`).
_TYPES = {
    **{f"Positive{kind}": ("gt", "0") for kind in ("Int", "Float")},
    **{f"Negative{kind}": ("lt", "0") for kind in ("Int", "Float")},
    **{f"NonNegative{kind}": ("ge", "0") for kind in ("Int", "Float")},
    **{f"NonPositive{kind}": ("le", "0") for kind in ("Int", "Float")},
}
_CONSTRAINED = ("constr", "conint", "confloat", "conlist", "conset", "condecimal", "conbytes")
_EMPTY = {
    **dict.fromkeys(("[]", "list()", "list[str]()"), "empty-list"),
    **dict.fromkeys(("{}", "dict()"), "empty-map"),
    **dict.fromkeys(("set()", "frozenset()"), "empty-set"),
    "()": "empty-list",
}


def default_of(run: Interpreter, text: str | None, scope: Scope | None) -> Default:
    """A default as written, as a JSON value where that can be known."""
    if text is None:
        return NO_DEFAULT
    kind = _EMPTY.get(text.replace(" ", ""))
    if kind is not None:
        return Default(kind, text)  # pyright: ignore[reportArgumentType] (the table's own words)
    try:
        return Default("value", json.dumps(ast.literal_eval(text), ensure_ascii=False))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        pass
    value = _plain(run, _known(run, text, scope))
    if value is not None:
        return Default("value", json.dumps(value, ensure_ascii=False))
    return Default("expression", text)


def _plain(run: Interpreter, value: Value) -> object:
    """A value as JSON has it; None where a part of it isn't known."""
    value = force(run, value)
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        items = [_plain(run, item) for item in value]
        return None if any(item is None for item in items) else items
    return None


def _known(run: Interpreter, text: str, scope: Scope | None) -> Value:
    if scope is None or "(" in text:
        return None
    return force(run, evaluate(run, lone_expression(text), scope))


def limits_of(
    run: Interpreter, field: Field, expr: ir.Expr | None, scope: Scope | None
) -> Iterator[Limit]:
    """A field's constraints with their values: those of `Field(…)`, of `constr(…)` and its like,
    and those that are in a type's name."""
    given = {one.name: one.value for one in field.constraints if one.name in _LIMITS}
    for name, text in given.items():
        if (value := _json(run, text, scope)) is not None:
            yield Limit(_LIMITS[name], value)
    inner = _unwrapped(expr)
    if inner is None or scope is None:
        return
    short = ir.dotted(inner.func if isinstance(inner, ir.Call) else inner).rpartition(".")[2]
    if short in _TYPES:
        yield Limit(*_TYPES[short])
    made = force(run, evaluate(run, inner, scope)) if short in _CONSTRAINED else None
    if isinstance(made, Made):
        for name, argument in made.args.keywords.items():
            value = force(run, argument)
            if name in _LIMITS and isinstance(value, (str, int, float)):
                yield Limit(_LIMITS[name], json.dumps(value, ensure_ascii=False))


def _unwrapped(expr: ir.Expr | None) -> ir.Expr | None:
    """What `Optional[X]` and `X | None` are about."""
    if isinstance(expr, ir.Index) and ir.dotted(expr.value).rpartition(".")[2] in (
        "Optional",
        "Annotated",
    ):
        return _unwrapped(expr.items[0])
    if isinstance(expr, ir.Binary) and expr.op == "|":
        sides = [side for side in (expr.left, expr.right) if not _is_none(side)]
        return _unwrapped(sides[0]) if len(sides) == 1 else None
    return expr


def _is_none(expr: ir.Expr) -> bool:
    return isinstance(expr, ir.Const) and expr.value is None


def _json(run: Interpreter, text: str, scope: Scope | None) -> str | None:
    try:
        return json.dumps(ast.literal_eval(text), ensure_ascii=False)
    except (ValueError, SyntaxError, TypeError):
        value = _known(run, text, scope)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (str, int, float)) else None


def names_of(
    run: Interpreter, field: Field, made: Made | None, *, by_name: bool
) -> tuple[tuple[str, ...], str]:
    """The names that a field is read by, and the one that it is written under.

    FastAPI answers by alias (`response_model_by_alias`); a validation alias alone isn't written.
    """
    keywords = made.args.keywords if made is not None else {}
    alias = _text(run, keywords.get("alias"))
    read = _texts(run, keywords.get("validation_alias"))
    written = _text(run, keywords.get("serialization_alias"))
    generated = field.alias if not keywords.keys() & {"alias", "validation_alias"} else None
    names = read or ([alias] if alias else []) or ([generated] if generated else [])
    if not names:
        names = [field.name]
    elif by_name:
        names.append(field.name)
    return tuple(dict.fromkeys(names)), written or alias or generated or field.name


def _text(run: Interpreter, value: Value) -> str | None:
    known = force(run, value) if value is not None else None
    return known if isinstance(known, str) else None


def _texts(run: Interpreter, value: Value) -> list[str]:
    """One alias, or those of `AliasChoices`."""
    known = force(run, value) if value is not None else None
    if isinstance(known, str):
        return [known]
    if isinstance(known, Made) and known.maker.name.endswith("AliasChoices"):
        return [text for one in known.args.positional if (text := _text(run, one)) is not None]
    return []
