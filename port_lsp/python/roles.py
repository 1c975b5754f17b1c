"""Which roles a dependency asks for: what its checks compare with, and what it was made with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from port_lsp.python import syntax as ir
from port_lsp.python.attributes import attribute
from port_lsp.python.bodies import body_facts
from port_lsp.python.bodyfacts import BodyFacts, Check
from port_lsp.python.classes import class_member
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.values import Arguments, Bound, Function, Instance, Late, Made, Value

if TYPE_CHECKING:
    from port_lsp.python.dependant import Dependant
    from port_lsp.python.interpret import Interpreter

_ASKING = re.compile(r"role|admin|permission|scope|privilege", re.I)
_ROLE = re.compile(r"role|admin", re.I)


def compared(
    run: Interpreter, facts: BodyFacts, function: Function, owner: Value = None
) -> BodyFacts:
    """A body's facts with the values of the names that its checks compare with; `owner` is the
    object whose method it is. A check of which nothing is known is left out."""
    if not any(check.names for check in facts.checks):
        return facts
    params = [param.name for param in function.definition.params]
    checks: list[Check] = []
    for check in facts.checks:
        values = list(check.values)
        for name in check.names:
            values += _values(run, name, params, function, owner)
        known = tuple(dict.fromkeys(values))
        checks.append(msgspec.structs.replace(check, values=known, names=()))
    return msgspec.structs.replace(facts, checks=tuple(checks))


def asking(run: Interpreter, given: Value, target: Value, found: Dependant) -> Dependant:
    """A dependant with what it was made with as a check: `RequireRole("admin")`, where the name
    says that it is about roles, its body denies and no comparison in it was understood."""
    own = found.chain[0] if found.chain else None
    if own is None or not own.facts.denies or any(check.values for check in own.facts.checks):
        return found
    made = _made_with(given, target)
    if made is None or not _ASKING.search(made[0]):
        return found
    name, args = made
    values = [
        value for one in (*args.positional, *args.keywords.values()) for value in _strings(run, one)
    ]
    if not values:
        return found
    check = Check("role" if _ROLE.search(name) else "scope", tuple(values), f"made by {name}")
    facts = msgspec.structs.replace(own.facts, checks=(check,))
    chain = (msgspec.structs.replace(own, facts=facts), *found.chain[1:])
    return msgspec.structs.replace(found, chain=chain)


def is_lenient(run: Interpreter, scheme: Made | Instance) -> bool:
    """Whether a security scheme lets requests without credentials through.

    `fastapi.security`'s schemes take `auto_error`, True by default; a subclass may hand another
    value on to them, and one with its own `__call__` denies where that does.
    """
    given = scheme.args.keywords.get("auto_error")
    if isinstance(scheme, Made):
        return force(run, given) is False
    called = class_member(run, scheme.cls, "__call__")
    if isinstance(called, Function) and (facts := body_facts(run, called)).denies:
        return facts.lets
    if given is not None:
        return force(run, given) is False
    init = class_member(run, scheme.cls, "__init__")
    if not isinstance(init, Function):
        return False
    for param in init.definition.params:
        if param.name == "auto_error" and param.default is not None:
            return evaluate(run, param.default.expr, init.scope) is False
    return body_facts(run, init).lenient


def _made_with(given: Value, target: Value) -> tuple[str, Arguments] | None:
    """The name and arguments of the call that gave a dependency."""
    if isinstance(target, Instance):
        return target.cls.definition.name, target.args
    expr = given.expr if isinstance(given, Late) else None
    if isinstance(given, Late) and isinstance(expr, ir.Call) and isinstance(target, Function):
        args = Arguments([Late(arg.value, given.scope) for arg in expr.args if not arg.star])
        return ir.dotted(expr.func).rpartition(".")[2], args
    if isinstance(target, Bound) and isinstance(target.owner, Instance):
        return target.owner.cls.definition.name, target.owner.args
    return None


def _values(
    run: Interpreter, name: str, params: list[str], function: Function, owner: Value
) -> Iterator[str]:
    first, _, rest = name.partition(".")
    value: Value
    if owner is not None and params and first == params[0]:
        value = owner
        for part in rest.split("."):
            value = attribute(run, value, part)
    elif first in params:
        return  # what the client sends, or another dependency gives
    else:
        value = evaluate(run, ir.at_path(name), function.scope)
    yield from _strings(run, value, name)


def _strings(run: Interpreter, value: Value, written: str = "") -> Iterator[str]:
    """The strings that a value is or holds; a member of an Enum whose value isn't known is its
    name, by which it is written in capitals."""
    if isinstance(value, Late) and isinstance(value.expr, ir.Attr):
        written = ir.dotted(value.expr)
    known = force(run, value)
    if isinstance(known, str):
        yield known
    elif isinstance(known, (list, tuple)):
        for item in known:
            yield from _strings(run, item)
    elif "." in written and (last := written.rpartition(".")[2]).isupper():
        yield last.lower()
