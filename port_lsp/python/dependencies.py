"""Signatures as FastAPI's dependant has them: parameters, dependencies, flattened.

Rules: `fastapi/dependencies/utils.py` (`get_dependant`, `analyze_param`, `get_flat_dependant`) and
`fastapi/params.py`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from port_lsp.facts.items import Parameter, ParameterIn
from port_lsp.facts.source import Record
from port_lsp.python import syntax as ir
from port_lsp.python.annotations import Kind, class_kind, kind_of, peel
from port_lsp.python.bodies import body_facts
from port_lsp.python.bodyfacts import BodyFacts, Hop
from port_lsp.python.evaluate import class_member, evaluate, external_bases, force, iterate
from port_lsp.python.fields import field_parts
from port_lsp.python.forms import OAUTH2_FORMS as _FORMS
from port_lsp.python.forms import oauth2_form
from port_lsp.python.models import attributes
from port_lsp.python.pydantic import model_parameters
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

_LOCATIONS: dict[str, ParameterIn] = {
    "Path": "path",
    "Query": "query",
    "Header": "header",
    "Cookie": "cookie",
    "Body": "body",
    "Form": "form",
    "File": "file",
}
_DEEP = 16
_PLACEHOLDER = re.compile(r"\{(\w+)(?::[^}]*)?\}")


class Dependant(Record, frozen=True):
    """One callable as FastAPI sees it, with all that its dependencies add.

    `direct` and `below` are dependencies' names, `below` in FastAPI's order, each before its own.
    `credentials` are security schemes reached, `uses` what FastAPI hands in
    (`own_uses` to the callable itself), `chain` for each
    dependency what it shows (checks, answers, schemes), outermost first.
    """

    parameters: tuple[Parameter, ...] = ()
    direct: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    own_uses: tuple[str, ...] = ()
    chain: tuple[Hop, ...] = ()


class _Collected:
    """A dependant while its parameters are looked at."""

    def __init__(self) -> None:
        self.parameters: list[Parameter] = []
        self.models: list[str] = []
        self.uses: list[str] = []
        self.dependencies: list[tuple[str, Dependant]] = []
        self.scopes: list[str] = []


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


def placeholders(path: str) -> frozenset[str]:
    """The names in braces of a FastAPI path."""
    return frozenset(_PLACEHOLDER.findall(path))


def _dependant_of(
    run: Interpreter, value: Value, path: frozenset[str], seen: tuple[int, ...], view: bool
) -> Dependant:
    if id(value) in seen or len(seen) > _DEEP:
        return Dependant()
    seen = (*seen, id(value))
    out = _Collected()
    body = BodyFacts()
    lenient = False
    credentials: tuple[str, ...] = ()
    if isinstance(value, Partial):
        whole = dependant_of(run, value.func, path, seen)
        return _without(whole, run, value)
    if isinstance(value, Instance):
        credentials = _scheme(external_bases(run, value.cls))
        lenient = bool(credentials) and is_lenient(run, value)
        member = class_member(run, value.cls, "__call__")
        value = Bound(member, value) if isinstance(member, Function) else None
    if isinstance(value, Made):
        credentials = _scheme({value.maker.name})
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
        credentials = _scheme(external_bases(run, value))
        _class(run, value, path, out, seen)
    return _finished(out, Hop("", body, credentials, lenient))


def _finished(out: _Collected, own: Hop) -> Dependant:
    subs = [sub for _, sub in out.dependencies]
    below: list[str] = []
    chain = [own]
    for name, sub in out.dependencies:
        below += [name, *sub.below]
        chain += _below(name, sub)
    return Dependant(
        (*out.parameters, *(p for sub in subs for p in sub.parameters)),
        tuple(name for name, _ in out.dependencies),
        tuple(below),
        _distinct([*out.models, *(m for sub in subs for m in sub.models)]),
        _distinct([*own.schemes, *(c for sub in subs for c in sub.credentials)]),
        _distinct([*out.scopes, *(s for sub in subs for s in sub.scopes)]),
        _distinct([*out.uses, *(u for sub in subs for u in sub.uses)]),
        tuple(out.uses),
        tuple(chain),
    )


def merged(own: Dependant, before: list[tuple[str, Dependant]]) -> Dependant:
    """An endpoint's dependant with those of routers, includes and decorators put before its own."""
    subs = [sub for _, sub in before]
    return Dependant(
        (*own.parameters, *(p for sub in subs for p in sub.parameters)),
        (*(name for name, _ in before), *own.direct),
        (*(n for name, sub in before for n in (name, *sub.below)), *own.below),
        _distinct([*own.models, *(m for sub in subs for m in sub.models)]),
        _distinct([*(c for sub in subs for c in sub.credentials), *own.credentials]),
        _distinct([*(s for sub in subs for s in sub.scopes), *own.scopes]),
        _distinct([*own.uses, *(u for sub in subs for u in sub.uses)]),
        own.own_uses,
        (
            *(hop for name, sub in before for hop in _below(name, sub)),
            *own.chain,
        ),
    )


def one_each(parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """One parameter per place and wire name: the last, but a required one wins.

    This is what the OpenAPI document lists (`fastapi/openapi/utils.py`, `get_openapi_path`).
    """
    rows: dict[tuple[str, str], Parameter] = {}
    for parameter in parameters:
        key = (parameter.location, parameter.alias or parameter.name)
        if key not in rows or parameter.required or not rows[key].required:
            rows[key] = parameter
    return tuple(rows.values())


def dependency(
    run: Interpreter, given: Value, path: frozenset[str] = frozenset()
) -> tuple[str, Dependant] | None:
    """The name and dependant of one item of a `dependencies=[…]` list."""
    value = force(run, given)
    if not isinstance(value, Made) or _short(value) not in ("Depends", "Security"):
        return None
    return _dependency(run, value, None, None, path, ())


def _callable(
    run: Interpreter,
    function: Function,
    path: frozenset[str],
    out: _Collected,
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
    out = _Collected()
    for name, declared in attributes(run, cls).items():
        statement, members = declared.statement, run.members(declared.cls)
        value = force(run, members.names.get(name)) if statement.value is not None else None
        annotated = statement.annotation is not None and "Depends" in statement.annotation.text
        if annotated or _fastapi_short(run, value):
            param = ir.Param(name, statement.annotation, statement.value)
            _param(run, param, members, path, out, seen)
    init = class_member(run, cls, "__init__")
    if isinstance(init, Function):
        _callable(run, init, path, out, seen, skip=1)
    return cls.definition.name, _finished(out, Hop(""))


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
    run: Interpreter, cls: Class, path: frozenset[str], out: _Collected, seen: tuple[int, ...]
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
    if not class_kind(run, cls).model and not named_tuple:
        return
    for name, declared in attributes(run, cls).items():
        if declared.statement.annotation is not None:
            default = _default(declared.statement.value)
            param = ir.Param(name, declared.statement.annotation, default)
            _param(run, param, run.members(declared.cls), path, out, seen)


def _default(value: ir.Typed | None) -> ir.Typed | None:
    """A dataclass field's default, also where `field(default=…)` gives it."""
    if value is None or not isinstance(value.expr, ir.Call):
        return value
    if ir.dotted(value.expr.func).rpartition(".")[2] != "field":
        return value
    for arg in value.expr.args:
        if arg.name in ("default", "default_factory"):
            text = arg.text if arg.name == "default" else f"{arg.text}()"
            return ir.Typed(arg.value, text)
    return None


def _param(
    run: Interpreter,
    param: ir.Param,
    scope: Scope,
    path: frozenset[str],
    out: _Collected,
    seen: tuple[int, ...],
) -> None:
    """FastAPI's `analyze_param`."""
    annotation = param.annotation
    metadata: list[Value] = []
    type_expr, type_scope = (annotation.expr if annotation else None), scope
    if type_expr is not None:
        type_expr, type_scope, metadata = peel(run, type_expr, scope)
    infos = [item for item in metadata if _fastapi_short(run, item)]
    default = evaluate(run, param.default.expr, scope) if param.default is not None else None
    info = default if param.default is not None and _fastapi_short(run, default) else None
    if info is None and infos:
        info = infos[-1]
    short = _fastapi_short(run, info)
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
    location = _location(param.name, short, kind, path)
    if location in ("body", "form", "file"):
        out.models += kind.models
    row = _parameter(run, param, location, made, default is info)
    row = msgspec.structs.replace(row, module=scope.module.path)
    if kind.model and location in ("query", "header", "cookie", "form"):
        out.parameters += _model_fields(run, kind.model, location, _converts(run, made))
    else:
        out.parameters.append(row)


def _location(name: str, short: str, kind: Kind, path: frozenset[str]) -> ParameterIn:
    if short in _LOCATIONS:
        return _LOCATIONS[short]
    if name in path:
        return "path"
    if kind.upload:
        return "file"
    return "query" if kind.scalar else "body"


def _parameter(
    run: Interpreter, param: ir.Param, location: ParameterIn, made: Made | None, in_default: bool
) -> Parameter:
    """One row: the default, the alias and the constraints apart, each as written."""
    text = param.annotation.text if param.annotation else None
    if made is None:
        default = param.default.text if param.default is not None else None
        if location == "path":
            default = None  # a path parameter is always there
        return Parameter(param.name, location, text, default is None, default)
    default, alias, constraints = field_parts(run, made)
    if param.default is not None and not in_default:
        default = param.default.text
    if alias is None and location == "header":
        alias = param.name.replace("_", "-") if _converts(run, made) else None
    alias = alias if alias != param.name else None
    required = default is None or location == "path"
    return Parameter(param.name, location, text, required, default, alias, constraints)


def _converts(run: Interpreter, made: Made | None) -> bool:
    """Whether a header's underscores become hyphens (`convert_underscores`)."""
    given = made.args.keywords.get("convert_underscores") if made is not None else None
    return given is None or force(run, given) is not False


def _model_fields(
    run: Interpreter, key: str, location: ParameterIn, converts: bool
) -> list[Parameter]:
    """A model of query, header, cookie or form parameters, taken apart."""
    rows: list[Parameter] = []
    for field in model_parameters(run, key):
        alias = field.alias
        if alias is None and location == "header" and "_" in field.name and converts:
            alias = field.name.replace("_", "-")
        rows.append(
            Parameter(
                field.name,
                location,
                field.annotation,
                field.required,
                field.default,
                alias,
                field.constraints,
                field.owner.partition("::")[0],
            )
        )
    return rows


def _dependency(
    run: Interpreter,
    made: Made,
    type_expr: ir.Expr | None,
    scope: Scope | None,
    path: frozenset[str],
    seen: tuple[int, ...],
) -> tuple[str, Dependant] | None:
    """What `Depends(x)` or `Security(x)` depends on; of `Depends()` the annotation."""
    given = made.args.get(0, "dependency")
    target: Value
    if given is not None:
        target = force(run, given)
        name = _dependency_name(given, target)
    elif type_expr is not None and scope is not None:
        target = evaluate(run, type_expr, scope)
        target = force(run, target.origin) if isinstance(target, Generic) else target
        name = _dependency_name(Late(type_expr, scope), target)
    else:
        return None
    inner = asking(run, given, target, dependant_of(run, target, path, seen))
    if _short(made) == "Security":
        inner = _with_scopes(inner, _scopes(run, made))
    return name, inner


def _with_scopes(dependant: Dependant, scopes: list[str]) -> Dependant:
    every = _distinct([*scopes, *dependant.scopes])
    return msgspec.structs.replace(dependant, scopes=every)


def _scopes(run: Interpreter, made: Made) -> list[str]:
    given = made.args.get(1, "scopes")
    if given is None:
        return []
    known = [force(run, item) for item in iterate(run, given)]
    return [item for item in known if isinstance(item, str)]


def _dependency_name(given: Value, target: Value) -> str:
    """A function's or class's own name; of an object the name it is known by, of a made one the
    name of what made it."""
    expr = given.expr if isinstance(given, Late) else None
    if isinstance(target, Bound):
        return target.function.definition.name
    if isinstance(target, Class):
        return target.definition.name
    if isinstance(target, Partial):
        return _dependency_name(
            target.func, target.func.value if isinstance(target.func, Late) else target.func
        )
    if isinstance(target, Function):
        if isinstance(expr, (ir.Name, ir.Attr)) and _is_closure(target):
            return ir.dotted(expr).rpartition(".")[2]
        if isinstance(expr, ir.Call):
            return ir.dotted(expr.func).rpartition(".")[2]
        return target.definition.name
    if isinstance(expr, ir.Call):
        return ir.dotted(expr.func).rpartition(".")[2]
    if isinstance(expr, (ir.Name, ir.Attr)):
        return ir.dotted(expr).rpartition(".")[2]
    if isinstance(target, External):
        return target.name.rpartition(".")[2]
    return "<lambda>"


def _is_closure(function: Function) -> bool:
    scope = function.scope
    return scope.parent is not None and "__class__" not in scope.names and function.owner is None


def _scheme(names: set[str]) -> tuple[str, ...]:
    """The security schemes among classes from outside (`fastapi.security`)."""
    return tuple(
        sorted(name.rpartition(".")[2] for name in names if name.startswith("fastapi.security"))
    )


def _fastapi_short(run: Interpreter, value: Value) -> str:
    return _short(value) if isinstance(value, Made) else ""


def _short(made: Made) -> str:
    """`Query`, `Depends`, … for what FastAPI's functions of these names made; else ""."""
    package, _, last = made.maker.name.rpartition(".")
    if package.partition(".")[0] != "fastapi":
        return ""
    return last if last in _LOCATIONS or last in ("Depends", "Security") else ""


def _below(name: str, dependant: Dependant) -> list[Hop]:
    """The way through a dependency of this name."""
    return [
        msgspec.structs.replace(hop, name=f"{name} → {hop.name}" if hop.name else name)
        for hop in dependant.chain
    ]


def _distinct(items: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
