"""Signatures as FastAPI's dependant has them: parameters, dependencies, flattened.

Rules: `fastapi/dependencies/utils.py` (`get_dependant`, `analyze_param`, `get_flat_dependant`) and
`fastapi/params.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from port_lsp.facts.items import Parameter
from port_lsp.python import syntax as ir
from port_lsp.python.alternatives import iterate
from port_lsp.python.annotations import Kind, class_kind, kind_of, peel
from port_lsp.python.bodies import body_facts
from port_lsp.python.bodyfacts import BodyFacts, Hop
from port_lsp.python.classes import class_member, external_bases
from port_lsp.python.dependant import Collected, Dependant, finished, with_scopes
from port_lsp.python.dependencynames import dependency_name, schemes
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.forms import OAUTH2_FORMS as _FORMS
from port_lsp.python.forms import oauth2_form
from port_lsp.python.models import attributes, classify
from port_lsp.python.requested import (
    converts_underscores,
    depends,
    fastapi_short,
    field_default,
    location_of,
    model_fields,
    parameter_of,
    short_name,
    signature_of_model,
)
from port_lsp.python.roles import asking, compared, is_lenient
from port_lsp.python.values import (
    Bound,
    Class,
    External,
    Function,
    Generic,
    Instance,
    LambdaValue,
    Late,
    Made,
    Partial,
    Scope,
    Value,
)

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


_DEEP = 16


def dependant_of(
    run: Interpreter,
    value: Value,
    path: frozenset[str],
    seen: tuple[int, ...] = (),
    *,
    view: bool = False,
) -> Dependant:
    """The dependant of a callable.

    `path` are the placeholders of the endpoint's own path, which are path parameters in its
    dependencies too. `view` holds for a handler: then a method's `self` is a class-based view's.
    """
    value = force(run, value)
    if view or not isinstance(value, Function):
        return _dependant_of(run, value, path, seen, view)
    key = (value, path)
    found = run.dependants.get(key)
    if found is None:
        found = _dependant_of(run, value, path, seen, view)
        if len(seen) < _DEEP:
            run.dependants[key] = found
    return found


def _dependant_of(
    run: Interpreter, value: Value, path: frozenset[str], seen: tuple[int, ...], view: bool
) -> Dependant:
    if id(value) in seen or len(seen) > _DEEP:
        return Dependant()
    seen = (*seen, id(value))
    out = Collected()
    body = BodyFacts()
    lenient = False
    credentials: tuple[str, ...] = ()
    if isinstance(value, Partial):
        whole = dependant_of(run, value.func, path, seen)
        return _without(whole, run, value)
    if isinstance(value, Instance):
        credentials = schemes(external_bases(run, value.cls))
        lenient = bool(credentials) and is_lenient(run, value)
        member = class_member(run, value.cls, "__call__")
        value = Bound(member, value) if isinstance(member, Function) else None
    if isinstance(value, Made):
        credentials = schemes({value.maker.name})
        lenient = bool(credentials) and is_lenient(run, value)
    elif isinstance(value, Bound):
        _callable(run, value.function, path, out, seen, skip=1)
        body = compared(run, body_facts(run, value.function), value.function, value.owner)
    elif isinstance(value, Function):
        is_view = view and _is_view_method(value)
        _callable(run, value, path, out, seen, skip=1 if is_view else 0)
        if is_view and value.owner is not None:
            out.dependencies.insert(0, _view(run, value.owner, path, seen))
        body = compared(run, body_facts(run, value), value)
    elif isinstance(value, LambdaValue):
        for param in value.definition.params:
            _param(run, param, value.scope, path, out, seen)
    elif isinstance(value, External):
        out.parameters += oauth2_form(value.name.rpartition(".")[2])
    elif isinstance(value, Class):
        credentials = schemes(external_bases(run, value))
        _class(run, value, path, out, seen)
    return finished(out, Hop("", body, credentials, lenient))


def own_parameters(
    run: Interpreter, function: Function, path: frozenset[str]
) -> tuple[Parameter, ...]:
    """What a handler takes of the request by parameters of its own."""
    out = Collected()
    _callable(run, function, path, out, (id(function),), skip=int(_is_view_method(function)))
    return tuple(out.parameters)


def dependency(
    run: Interpreter, given: Value, path: frozenset[str] = frozenset()
) -> tuple[str, Dependant] | None:
    """The name and dependant of one item of a `dependencies=[…]` list."""
    value = force(run, given)
    if not isinstance(value, Made) or short_name(value) not in ("Depends", "Security"):
        return None
    return _dependency(run, value, None, None, path, ())


def _callable(
    run: Interpreter,
    function: Function,
    path: frozenset[str],
    out: Collected,
    seen: tuple[int, ...],
    skip: int = 0,
) -> None:
    definition = function.definition
    for param in definition.params[skip:]:
        if not param.star:
            _param(run, param, function.scope, path, out, seen)


def _is_view_method(function: Function) -> bool:
    """A method that a class-based view registers: `self` isn't the client's."""
    params = function.definition.params
    return function.owner is not None and bool(params) and params[0].name == "self"


def _view(
    run: Interpreter, cls: Class, path: frozenset[str], seen: tuple[int, ...]
) -> tuple[str, Dependant]:
    """A class-based view as the dependency that FastAPI is handed for `self`.

    As fastapi-utils' and fastapi-restful's `cbv` do: annotated or assigned attributes that depend
    on something, and the parameters of `__init__`.
    """
    out = Collected()
    for name, declared in attributes(run, cls).items():
        statement, members = declared.statement, run.members(declared.cls)
        value = force(run, members.names.get(name)) if statement.value is not None else None
        annotated = statement.annotation is not None and "Depends" in statement.annotation.text
        if annotated or fastapi_short(run, value):
            param = ir.Param(name, statement.annotation, statement.value)
            _param(run, param, members, path, out, seen)
    init = class_member(run, cls, "__init__")
    if isinstance(init, Function):
        _callable(run, init, path, out, seen, skip=1)
    return cls.definition.name, finished(out, Hop(""))


def _without(whole: Dependant, run: Interpreter, partial: Partial) -> Dependant:
    """A dependant without the parameters that a partial has given."""
    inner = force(run, partial.func)
    if isinstance(inner, Bound):
        names = [param.name for param in inner.function.definition.params[1:]]
    elif isinstance(inner, Function):
        names = [param.name for param in inner.definition.params]
    else:
        return whole
    given = {*names[: len(partial.args.positional)], *partial.args.keywords}
    kept = tuple(param for param in whole.parameters if param.name not in given)
    return msgspec.structs.replace(whole, parameters=kept)


def _class(
    run: Interpreter, cls: Class, path: frozenset[str], out: Collected, seen: tuple[int, ...]
) -> None:
    """A class as a dependency: its `__init__`, else the fields of a model or dataclass."""
    known = _FORMS.intersection(item.rpartition(".")[2] for item in external_bases(run, cls))
    out.parameters += [row for name in known for row in oauth2_form(name)]
    init = class_member(run, cls, "__init__")
    if isinstance(init, Function):
        definition = init.definition
        for param in definition.params[1:]:
            if not param.star:
                _param(run, param, init.scope, path, out, seen)
        return
    named_tuple = "typing.NamedTuple" in external_bases(run, cls)
    model = classify(run, cls) == "pydantic"
    if model:
        rows, models = signature_of_model(run, cls, path)
        out.parameters += rows
        out.models += models
    elif not class_kind(run, cls).model and not named_tuple:
        return
    for name, declared in attributes(run, cls).items():
        if declared.statement.annotation is not None and (not model or depends(run, declared)):
            default = field_default(declared.statement.value)
            param = ir.Param(name, declared.statement.annotation, default)
            _param(run, param, run.members(declared.cls), path, out, seen)


def _param(
    run: Interpreter,
    param: ir.Param,
    scope: Scope,
    path: frozenset[str],
    out: Collected,
    seen: tuple[int, ...],
) -> None:
    """FastAPI's `analyze_param`."""
    annotation = param.annotation
    metadata: list[Value] = []
    type_expr, type_scope = (annotation.expr if annotation else None), scope
    if type_expr is not None:
        type_expr, type_scope, metadata = peel(run, type_expr, scope)
    infos = [item for item in metadata if fastapi_short(run, item)]
    default = evaluate(run, param.default.expr, scope) if param.default is not None else None
    info = default if param.default is not None and fastapi_short(run, default) else None
    if info is None and infos:
        info = infos[-1]
    short = fastapi_short(run, info)
    if short in ("Depends", "Security") and isinstance(info, Made):
        found = _dependency(run, info, type_expr, type_scope, path, seen)
        if found is not None:
            out.dependencies.append(found)
            if short == "Security":
                out.scopes += _scopes(run, info)
        return
    kind = kind_of(run, type_expr, type_scope) if type_expr is not None else Kind()
    if kind.special and info is None:
        out.uses.append(kind.special)
        return
    made = info if isinstance(info, Made) else None
    location = location_of(param.name, short, kind, path)
    if location in ("body", "form", "file"):
        out.models += kind.models
    row = parameter_of(run, param, location, made, default is info)
    row = msgspec.structs.replace(row, module=scope.module.path)
    if kind.model and location in ("query", "header", "cookie", "form"):
        out.parameters += model_fields(run, kind.model, location, converts_underscores(run, made))
    else:
        out.parameters.append(row)


def _dependency(
    run: Interpreter,
    made: Made,
    type_expr: ir.Expr | None,
    scope: Scope | None,
    path: frozenset[str],
    seen: tuple[int, ...],
) -> tuple[str, Dependant] | None:
    """What `Depends(x)` or `Security(x)` depends on; of `Depends()` the annotation."""
    found = _target(run, made, type_expr, scope)
    if found is None:
        return None
    name, given, target = found
    inner = asking(run, given, target, dependant_of(run, target, path, seen))
    if short_name(made) == "Security":
        inner = with_scopes(inner, _scopes(run, made))
    return name, inner


def _target(
    run: Interpreter, made: Made, type_expr: ir.Expr | None, scope: Scope | None
) -> tuple[str, Value, Value] | None:
    """The name of what is depended on, what was given, and the callable that it is."""
    given = made.args.get(0, "dependency")
    target: Value
    if given is not None:
        target = force(run, given)
        return dependency_name(given, target), given, target
    if type_expr is not None and scope is not None:
        target = evaluate(run, type_expr, scope)
        target = force(run, target.origin) if isinstance(target, Generic) else target
        return dependency_name(Late(type_expr, scope), target), given, target
    return None


def depended(
    run: Interpreter, made: Made, type_expr: ir.Expr | None, scope: Scope | None
) -> tuple[str, Value, Dependant, tuple[str, ...]] | None:
    """What a `Depends` or `Security` depends on: its name, the callable, what FastAPI sees of it,
    and the scopes that are asked of it. None for what else FastAPI's functions make."""
    if short_name(made) not in ("Depends", "Security"):
        return None
    found = _target(run, made, type_expr, scope)
    inner = _dependency(run, made, type_expr, scope, frozenset(), ())
    if found is None or inner is None:
        return None
    scopes = _scopes(run, made) if short_name(made) == "Security" else []
    return found[0], found[2], inner[1], tuple(scopes)


def _scopes(run: Interpreter, made: Made) -> list[str]:
    given = made.args.get(1, "scopes")
    if given is None:
        return []
    known = [force(run, item) for item in iterate(run, given)]
    return [item for item in known if isinstance(item, str)]
