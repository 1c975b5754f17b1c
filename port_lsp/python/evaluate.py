"""What an expression is known to be: the one way in, and what names and values that wait mean.

Rules are Python's own (The Python Language Reference, "Expressions"); what isn't known is
`Unknown` with its reason, never a guess. `computing` lists what computes which expression.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from port_lsp.python import syntax as ir
from port_lsp.python.folders import MODULE_NAMES, module_value
from port_lsp.python.starnames import starred
from port_lsp.python.values import (
    EVERY,
    External,
    Imported,
    Late,
    LateName,
    ModuleRef,
    Scope,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


Computes: TypeAlias = "Mapping[type, Callable[[Any, Any, Scope], Value]]"
"""What gives the value of each kind of expression, from the run, the expression and its scope."""

_BUILTINS = frozenset(dir(builtins))


def evaluate(run: Interpreter, expr: ir.Expr, scope: Scope) -> Value:
    """What an expression is in a scope."""
    compute = run.compute.get(type(expr))
    value = compute(run, expr, scope) if compute else Unknown(written_kind(expr))
    if isinstance(value, Unknown) and run.known and (name := ir.dotted(expr)) in run.known:
        return run.known[name]
    return value


def force(run: Interpreter, value: Value) -> Value:
    """The value behind one that waits: a late expression, an import, a chunk's name."""
    for _ in range(32):
        if isinstance(value, Late):
            value = _force_late(run, value)
        elif isinstance(value, Imported):
            value = _imported(run, value)
        else:
            return value
    return Unknown("a definition that leads back to itself")


def _force_late(run: Interpreter, late: Late) -> Value:
    if not late.done:
        if late.busy:
            return Unknown("a definition that leads back to itself")
        late.busy = True
        saved = run.at
        run.at = late.at or saved
        late.value = evaluate(run, late.expr, late.scope)
        run.at = saved
        late.busy, late.done = False, True
    return late.value


def _imported(run: Interpreter, imported: Imported) -> Value:
    if imported.place is None:
        name = imported.dotted
        return External(f"{name}.{imported.name}" if imported.name else name)
    if imported.name is None:
        return ModuleRef(imported.place)
    return module_name(run, imported.place, imported.name)


def module_name(run: Interpreter, place: str, name: str) -> Value:
    """A name of a module or package: what it binds, else its submodule."""
    run.used(place, name)
    state = run.module(place)
    if state is not None:
        bound = state.scope.names.get(name)
        # `from . import users` in a package's own file means the submodule.
        if not (isinstance(bound, Imported) and (bound.place, bound.name) == (place, name)):
            value = _own_name(run, state.scope, name)
            if not isinstance(value, Unknown):
                return value
    submodule = run.modules.submodule(place, name)
    if submodule is not None:
        return ModuleRef(submodule)
    if name in MODULE_NAMES:
        return module_value(run, place, name)
    if name == "__dict__":
        return module_names(run, ModuleRef(place), "builtins.vars")
    return Unknown(f"{run.modules.dotted(place)} has no {name}")


def module_names(run: Interpreter, module: Value, how: str) -> Value:
    """What `vars()` or `dir()` of a module gives: what it binds itself, in order."""
    state = run.module(module.path) if isinstance(module, ModuleRef) else None
    if state is None or not isinstance(module, ModuleRef):
        return Unknown("the names of something that isn't known")
    names = [name for name in state.scope.names if not name.startswith("__")]
    run.used(module.path, EVERY)
    if how.endswith("dir"):
        return [*sorted(names)]
    found: dict[object, Value] = {name: module_name(run, module.path, name) for name in names}
    return found


def _own_name(run: Interpreter, scope: Scope, name: str) -> Value:
    if name not in scope.names:
        found = run.pending(scope.module, name) if scope.parent is None else False
        if not found or name not in scope.names:
            return Unknown(f"{name} is not defined here")
    value = scope.names[name]
    for _ in range(8):
        if not isinstance(value, LateName):
            break
        run.lookup_late(scope.module, value.chunk)
        if name not in scope.names:
            return Unknown(f"{name} is not defined here")
        value = scope.names[name]
    if isinstance(value, Imported) and value.place is not None:
        scope.module.take(value.place, value.name)
    forced = force(run, value)
    if forced is not value and isinstance(value, (Late, Imported)):
        if isinstance(forced, Unknown):
            return forced
        scope.names[name] = forced
    return forced


def lookup(run: Interpreter, scope: Scope, name: str) -> Value:
    """What a name means in a scope, else a builtin."""
    at: Scope | None = scope
    while at is not None:
        if name in at.names or (at.parent is None and run.pending(at.module, name)):
            return _own_name(run, at, name)
        at = at.parent
    if name in MODULE_NAMES:
        return module_value(run, scope.module.path, name)
    if scope.module.star_imports and name not in _BUILTINS:
        return External(f"{starred(scope.module.star_imports, name)}.{name}")
    return External(f"builtins.{name}")


def written_kind(expr: ir.Expr) -> str:
    """An expression that isn't computed, for a reason that people read."""
    return expr.text if isinstance(expr, ir.Other) else type(expr).__name__


def mentions(expr: ir.Expr, target: ir.Expr) -> bool:
    """Whether an expression speaks of the name that an assignment binds."""
    if isinstance(expr, ir.Name):
        return isinstance(target, ir.Name) and target.id == expr.id
    if isinstance(expr, ir.Attr):
        return expr == target or mentions(expr.value, target)
    if isinstance(expr, ir.Call):
        return mentions(expr.func, target) or any(mentions(a.value, target) for a in expr.args)
    if isinstance(expr, ir.Index):
        return mentions(expr.value, target) or any(mentions(i, target) for i in expr.items)
    if isinstance(expr, ir.Binary):
        return mentions(expr.left, target) or mentions(expr.right, target)
    if isinstance(expr, (ir.Seq, ir.Joined)):
        parts = expr.items if isinstance(expr, ir.Seq) else expr.parts
        return any(mentions(part, target) for part in parts)
    return False
