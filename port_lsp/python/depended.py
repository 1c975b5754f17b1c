"""What an endpoint depends on, as values: what `Depends(…)` was given, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from port_lsp.python import syntax as ir
from port_lsp.python.alternatives import iterate
from port_lsp.python.annotations import peel
from port_lsp.python.classes import class_member
from port_lsp.python.dependant import Dependant, merged
from port_lsp.python.dependencies import depended
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.guards import guard_of
from port_lsp.python.models import attributes
from port_lsp.python.requested import parameter_info
from port_lsp.python.routers import Include, Route, RouterObject
from port_lsp.python.routingtree import function_of
from port_lsp.python.values import Bound, Class, Function, Made, Scope, Value
from port_lsp.types.depended import Dependency

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


class Depended(NamedTuple):
    """A dependency: its name as in `Signature.dependencies`, its callable, what FastAPI sees of
    it, and the scopes that are asked of it; `param` is the parameter that gets its value."""

    name: str
    target: Value
    dependant: Dependant
    scopes: tuple[str, ...] = ()
    param: str = ""

    def neutral(self) -> Dependency:
        """What others may know of it."""
        of = self.target.function if isinstance(self.target, Bound) else self.target
        key = of.key if isinstance(of, (Function, Class)) else ""
        return Dependency(self.name, self.param, key, self.dependant.parameters, self.guards)

    @property
    def guards(self) -> bool:
        """Whether it keeps somebody out by itself."""
        alone = merged(Dependant(), [(self.name, self.dependant)])
        return guard_of(alone).level != "public"


def listed(run: Interpreter, given: Value) -> Iterator[Depended]:
    """Those of a `dependencies=[…]`."""
    known = force(run, given)
    for item in iterate(run, known) if isinstance(known, (list, tuple)) else ():
        made = force(run, item)
        found = depended(run, made, None, None) if isinstance(made, Made) else None
        if found is not None:
            yield Depended(*found)


def of_handler(run: Interpreter, function: Function) -> Iterator[Depended]:
    """Those of a handler's parameters, before them those of the class-based view that it is of."""
    params = [(param, function.scope) for param in function.definition.params]
    first = params[0][0].name if params else ""
    if function.owner is not None and first == "self":
        for name, declared in attributes(run, function.owner).items():
            statement = declared.statement
            param = ir.Param(name, statement.annotation, statement.value)
            params.append((param, run.members(declared.cls)))
        init = class_member(run, function.owner, "__init__")
        if isinstance(init, Function):
            params += [(param, init.scope) for param in init.definition.params]
    for param, scope in params:
        found = of_param(run, param, scope)
        if found is not None:
            yield found


def of_param(run: Interpreter, param: ir.Param, scope: Scope) -> Depended | None:
    """The dependency that a parameter is; None for another parameter."""
    type_expr, type_scope = (param.annotation.expr if param.annotation else None), scope
    metadata: list[Value] = []
    if type_expr is not None:
        type_expr, type_scope, metadata = peel(run, type_expr, scope)
    default = evaluate(run, param.default.expr, scope) if param.default is not None else None
    info = parameter_info(default, metadata)
    found = depended(run, info, type_expr, type_scope) if info is not None else None
    return Depended(*found, param.name) if found is not None else None


def depended_by(
    run: Interpreter, app: RouterObject, chain: list[Route | Include]
) -> Iterator[Depended]:
    """What stands before a route, which steps lead to from an application."""
    start = max(
        (at + 1 for at, step in enumerate(chain) if isinstance(step, Include) and step.mounted),
        default=0,
    )  # a mounted application is asked by itself
    if not start:
        yield from listed(run, app.options.keywords.get("dependencies"))
    for at, step in enumerate(chain):
        if at + 1 < start:
            continue
        if at >= start:
            yield from listed(run, step.options.keywords.get("dependencies"))
        if isinstance(step, Include):
            yield from listed(run, step.router.options.keywords.get("dependencies"))
        elif (function := function_of(step.handler)) is not None:
            yield from of_handler(run, function)
