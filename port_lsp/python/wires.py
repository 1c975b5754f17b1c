"""Annotations as wire types, with every name looked up where it stands: aliases, NewTypes, type
parameters, classes of the tree.

The types of names from outside the tree are those of `types/python_names.py`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from port_lsp.python import syntax as ir
from port_lsp.python.classes import class_member, external_bases
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.lower import lone_expression
from port_lsp.python.models import classify
from port_lsp.python.values import Class, External, Generic, Made, Scope, Unknown, Value
from port_lsp.types.python_names import AROUND, LISTS, MAPS, NAMED, SETS, TUPLES
from port_lsp.types.wire import (
    ANY,
    NULL,
    OBJECT,
    STR,
    Wire,
    array,
    mapping,
    optional,
    ref,
    text,
    union,
    unknown,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

# Names that say more to a writer than to a comparison: the same kind of value, another form.
_FORMS: dict[str, Wire] = {
    **dict.fromkeys(("HttpUrl", "AnyHttpUrl"), text("http-url")),
    **dict.fromkeys(("IPvAnyAddress", "INET"), text("ip-address")),
    **{"IPv4Address": text("ipv4-address"), "IPv6Address": text("ipv6-address")},
    "SecretStr": text("secret"),
    "AwareDatetime": Wire("datetime", name="aware"),
    "NaiveDatetime": Wire("datetime", name="naive"),
}
_DEEPEST = 24
_UNTYPED = frozenset(("Callable", "Type", "type", "Generator", "AsyncGenerator", "Coroutine"))
_PARAMETERS = frozenset(("TypeVar", "ParamSpec"))


def wire_of(run: Interpreter, expr: ir.Expr, scope: Scope, depth: int = 0) -> Wire:
    """The wire type of an annotation's expression in a scope; refs are item keys, a type
    parameter a ref by its bare name. `unknown` for what can't be told."""
    if depth > _DEEPEST:
        return ANY
    if isinstance(expr, ir.Const):
        return _constant(run, expr, scope, depth)
    if isinstance(expr, ir.Binary) and expr.op == "|":
        return union(wire_of(run, side, scope, depth + 1) for side in (expr.left, expr.right))
    if isinstance(expr, ir.Index):
        origin = evaluate(run, expr.value, scope)
        return _subscripted(run, origin, ir.dotted(expr.value), expr.items, scope, depth)
    if isinstance(expr, (ir.Name, ir.Attr)):
        return _value(run, evaluate(run, expr, scope), ir.dotted(expr), depth)
    if isinstance(expr, ir.Call):
        return _value(run, evaluate(run, expr, scope), ir.dotted(expr.func), depth)
    return unknown(getattr(expr, "text", ""))


def _constant(run: Interpreter, expr: ir.Const, scope: Scope, depth: int) -> Wire:
    if expr.value is None:
        return NULL
    if isinstance(expr.value, str):  # a forward reference
        return wire_of(run, lone_expression(expr.value), scope, depth + 1)
    return ANY if expr.value is Ellipsis else unknown(repr(expr.value))


def _value(run: Interpreter, value: Value, written: str, depth: int) -> Wire:
    """What a name or a call stands for."""
    value = force(run, value)
    if isinstance(value, Generic):
        return _subscripted(run, value.origin, "", value.items, value.scope, depth)
    if isinstance(value, External):
        return _external(value.name)
    if isinstance(value, Class):
        return _class(run, value)
    if isinstance(value, Made):
        return _made(run, value, written, depth)
    if value is None:
        return NULL
    short = written.rpartition(".")[2]
    if isinstance(value, Unknown) and short in NAMED:
        return NAMED[short]
    return unknown(written)


def _external(name: str) -> Wire:
    short = name.rpartition(".")[2]
    found = _FORMS.get(short, NAMED.get(short))
    if found is not None:
        return found
    return unknown(short) if short in _UNTYPED else ref(name)


def _class(run: Interpreter, cls: Class) -> Wire:
    """A class of the tree: a model by its key, else what its bases from outside are."""
    if classify(run, cls) is not None:
        return ref(cls.key)
    outside = external_bases(run, cls)
    if any(name.endswith("TypeDecorator") for name in outside):  # a column's type of one's own
        return _decorator(run, cls)
    for name in sorted(outside):
        short = name.rpartition(".")[2]
        if short in NAMED and short not in ("Any", "object"):
            return NAMED[short]
    return Wire("unknown", name=cls.definition.name, values=(cls.key,))


def _decorator(run: Interpreter, cls: Class) -> Wire:
    """SQLAlchemy's TypeDecorator: what is in it is what it is called, else what it is stored as."""
    if "json" in cls.definition.name.lower():
        return ANY
    impl = force(run, class_member(run, cls, "impl"))
    return _external(impl.name) if isinstance(impl, External) else ANY


def _made(run: Interpreter, made: Made, written: str, depth: int) -> Wire:
    """What a call gave: a NewType, a type parameter, `constr(…)`, a column's type with its size."""
    short = made.maker.name.rpartition(".")[2]
    if short in _PARAMETERS:
        name = force(run, made.args.get(0, "name"))
        return ref(name if isinstance(name, str) else written)
    if short == "NewType":
        return _value(run, made.args.get(1, "tp"), "", depth + 1)
    if short in ("Enum", "ENUM"):
        return _enumeration(run, made, depth)
    if short in LISTS | SETS and made.args.positional:
        inner = _value(run, made.args.positional[0], "", depth + 1)
        return array(inner) if short in LISTS else Wire("set", (inner,))
    return NAMED.get(short, unknown(written or short))


def _enumeration(run: Interpreter, made: Made, depth: int) -> Wire:
    values = [force(run, one) for one in made.args.positional]
    words = [value for value in values if isinstance(value, str)]
    if words:
        return Wire("literal", values=tuple(json.dumps(word) for word in words))
    return _value(run, values[0], "", depth + 1) if values else STR


def _subscripted(
    run: Interpreter,
    origin: Value,
    written: str,
    items: Sequence[ir.Expr],
    scope: Scope,
    depth: int,
) -> Wire:
    origin = force(run, origin)

    def of(item: ir.Expr) -> Wire:
        return wire_of(run, item, scope, depth + 1)

    if isinstance(origin, Class):
        own = _class(run, origin)
        return ref(own.name, [of(item) for item in items]) if own.kind == "ref" else own
    name = origin.name if isinstance(origin, External) else written
    short = name.rpartition(".")[2]
    if short == "Optional":
        return optional(of(items[0]))
    if short == "Union":
        return union(of(item) for item in items)
    if short == "Literal":
        return union(_literal(run, item, scope) for item in items)
    if short == "Annotated" or short in AROUND:
        return of(items[0])
    if short in TUPLES:
        return _tuple(items, [of(item) for item in items])
    if short in LISTS:
        return array(of(items[0]))
    if short in SETS:
        return Wire("set", (of(items[0]),))
    if short in MAPS:
        return mapping(of(items[0]), of(items[1])) if len(items) > 1 else OBJECT
    if short == "Json":
        return text("json")
    return unknown(short) if short in _UNTYPED else ref(name, [of(item) for item in items])


def _tuple(items: Sequence[ir.Expr], wires: list[Wire]) -> Wire:
    last = items[-1]
    if len(items) == 2 and isinstance(last, ir.Const) and last.value is Ellipsis:
        return array(wires[0])
    return Wire("tuple", tuple(wires))


def _literal(run: Interpreter, item: ir.Expr, scope: Scope) -> Wire:
    value = force(run, evaluate(run, item, scope))
    if value is None:
        return NULL
    if isinstance(value, (str, int)):
        return Wire("literal", values=(json.dumps(value, ensure_ascii=False),))
    if isinstance(value, Generic):  # a Literal in a Literal
        return _subscripted(run, value.origin, "", value.items, value.scope, 0)
    return unknown(ir.dotted(item))
