"""Values of a field that a writer needs: its default, its names on the wire."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

from port_lsp.facts.items import Field
from port_lsp.python.calling import call
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.lower import lone_expression
from port_lsp.python.models import classify
from port_lsp.python.pydantic import pydantic_fields
from port_lsp.python.values import Arguments, External, Instance, Made, Scope, Value
from port_lsp.types.schema import NO_DEFAULT, Default

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_MOST = 2**53  # what a float still tells from its neighbours
_EMPTY = {
    **dict.fromkeys(("[]", "list()", "list[str]()"), "empty-list"),
    **dict.fromkeys(("{}", "dict()"), "empty-map"),
    **dict.fromkeys(("set()", "frozenset()"), "empty-set"),
    "()": "empty-list",
}


def default_of(
    run: Interpreter, text: str | None, scope: Scope | None, made: Made | None = None
) -> Default:
    """A default as written, as a JSON value where that can be known; `made` is the `Field(…)`."""
    if text is None:
        return NO_DEFAULT
    kind = _EMPTY.get(text.replace(" ", ""))
    if kind is not None:
        return Default(kind, text)  # pyright: ignore[reportArgumentType] (the table's own words)
    try:
        return _value(ast.literal_eval(text), text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        pass
    number = _computed(text)
    if number is not None:
        return Default("value", json.dumps(number))
    factory = made.args.keywords.get("default_factory") if made is not None else None
    if factory is not None and made is not None:
        known = call(run, factory, Arguments([]), made.place)
    else:
        known = evaluate(run, lone_expression(text), scope) if scope is not None else None
    value = plain_value(run, known)
    if value is not None:
        return _value(value, text)
    return Default("expression", text, _maker(run, known))


def _value(value: object, text: str) -> Default:
    """A value as JSON; one that no other language can hold is known to Python alone."""
    written = json.dumps(value, ensure_ascii=False)
    is_text = not any("\ud800" <= one <= "\udfff" for one in written)
    return Default("value", written) if is_text else Default("expression", text)


def _calculated(operator: ast.operator, left: float, right: float) -> float | None:
    if isinstance(operator, ast.Add):
        return left + right
    if isinstance(operator, ast.Sub):
        return left - right
    if isinstance(operator, ast.Mult):
        return left * right
    if isinstance(operator, ast.Div):
        return left / right
    return left // right if isinstance(operator, ast.FloorDiv) else None


def _computed(text: str) -> float | None:
    """The value of a calculation with numbers: `60 * 60 * 24`."""

    def of(node: ast.expr) -> float | None:
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        if not isinstance(node, ast.BinOp):
            return None
        left, right = of(node.left), of(node.right)
        if left is None or right is None or abs(left) > _MOST or abs(right) > _MOST:
            return None
        return _calculated(node.op, left, right)

    try:
        return of(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError):
        return None


def _maker(run: Interpreter, value: Value) -> str:
    """What gives a value, see `Default.made`: also where it is converted, or an attribute of it."""
    value = force(run, value)
    if isinstance(value, External):
        return value.name
    if not isinstance(value, Made):
        return ""
    given = bool(value.args.positional or value.args.keywords)
    return f"{value.maker.name}(…)" if given else value.maker.name


def plain_value(run: Interpreter, value: Value, depth: int = 0) -> object:
    """A value as JSON has it, a model by the names that it is read by; None where a part of it
    isn't known."""
    value = force(run, value)
    if depth > 8:
        return None
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (list, tuple)):
        items = [plain_value(run, item, depth + 1) for item in value]
        return None if any(item is None for item in items) else items
    if isinstance(value, dict):
        parts = {str(key): plain_value(run, one, depth + 1) for key, one in value.items()}
        return None if any(one is None for one in parts.values()) else parts
    if isinstance(value, Instance):
        return _object(run, value, depth)
    return None


def _object(run: Interpreter, value: Instance, depth: int) -> object:
    if classify(run, value.cls) != "pydantic" or value.args.positional or value.args.unread:
        return None
    fields = {field.name: field for field in pydantic_fields(run, value.cls)}
    found: dict[str, object] = {}
    for name, argument in value.args.keywords.items():
        field = fields.get(name) or next((f for f in fields.values() if f.alias == name), None)
        one = plain_value(run, argument, depth + 1)
        if field is None or one is None:
            return None
        found[field.alias or field.name] = one
    return found


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
