"""What an annotation says, as FastAPI asks it: a scalar, a model, a file, the request itself.

Rules: `fastapi/dependencies/utils.py` (`analyze_param`) and `fastapi/_compat`
(`field_annotation_is_scalar`, `…_is_sequence`, `…_is_complex`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.source import Record
from port_lsp.python import syntax as ir
from port_lsp.python.classes import external_bases
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.lower import lone_expression
from port_lsp.python.models import PYDANTIC, classify
from port_lsp.python.values import Class, External, Generic, Late, Made, Scope, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

ANNOTATED = {"typing.Annotated", "typing_extensions.Annotated"}
_UNIONS = {"typing.Union", "typing.Optional", "types.UnionType"}
_LITERALS = {"typing.Literal", "typing_extensions.Literal"}
# What makes a class of a model at run time (Pydantic: "Dynamic model creation").
_MAKERS = {"pydantic.create_model", "pydantic.main.create_model", "pydantic.v1.create_model"}
_TRANSPARENT = {"typing.Required", "typing.NotRequired", "typing.Final", "typing.ClassVar"}
_SEQUENCES = {
    *("builtins.list", "builtins.set", "builtins.frozenset", "builtins.tuple"),
    *("typing.List", "typing.Set", "typing.FrozenSet", "typing.Tuple", "typing.Sequence"),
    *("typing.Deque", "collections.deque", "collections.abc.Sequence", "typing.Iterable"),
    *("collections.abc.Iterable", "typing.MutableSequence", "collections.abc.Set"),
}
_MAPPINGS = {
    *("builtins.dict", "typing.Dict", "typing.Mapping", "collections.abc.Mapping"),
    *("typing.MutableMapping", "collections.abc.MutableMapping", "collections.OrderedDict"),
    *("typing.DefaultDict", "collections.defaultdict", "collections.Counter"),
}
_UPLOADS = {
    "fastapi.UploadFile",
    "fastapi.datastructures.UploadFile",
    "starlette.datastructures.UploadFile",
}
# What FastAPI hands in itself, by the last part of its name in these packages.
_SPECIAL = {
    "Request": "request",
    "WebSocket": "websocket",
    "HTTPConnection": "http_connection",
    "Response": "response",
    "BackgroundTasks": "background_tasks",
    "SecurityScopes": "security_scopes",
}
_COMPLEX_BASES = {"typing.NamedTuple", "builtins.dict", "builtins.list", "builtins.tuple"}


class Kind(Record, frozen=True):
    """What a type is to FastAPI.

    `models` are the item keys of the tree's models in it, `model` the one that it is as a whole
    (also as `M | None`). `special` names what FastAPI hands in itself.
    """

    scalar: bool = True
    sequence: bool = False
    upload: bool = False
    special: str | None = None
    models: tuple[str, ...] = ()
    model: str | None = None
    nothing: bool = False


def peel(run: Interpreter, expr: ir.Expr, scope: Scope) -> tuple[ir.Expr, Scope, list[Value]]:
    """Takes `Annotated` off, also behind names: the type, its scope and the metadata in order."""
    metadata: list[Value] = []
    for _ in range(8):
        if isinstance(expr, ir.Const) and isinstance(expr.value, str):
            expr = lone_expression(expr.value)
            continue
        inner = _annotated(run, expr, scope)
        if inner is None:
            break
        items, scope = inner
        metadata = [Late(item, scope) for item in items[1:]] + metadata
        expr = items[0]
    return expr, scope, [force(run, item) for item in metadata]


def _annotated(
    run: Interpreter, expr: ir.Expr, scope: Scope
) -> tuple[tuple[ir.Expr, ...], Scope] | None:
    if isinstance(expr, ir.Index) and ir.dotted(expr.value).rpartition(".")[2] == "Annotated":
        return expr.items, scope
    if isinstance(expr, (ir.Name, ir.Attr)):
        value = evaluate(run, expr, scope)
        if isinstance(value, Generic) and is_external(run, value.origin, ANNOTATED):
            return value.items, value.scope
    return None


def is_external(run: Interpreter, value: Value, names: set[str]) -> bool:
    """Whether a value is one of these things from outside the tree."""
    value = force(run, value)
    return isinstance(value, External) and value.name in names


def kind_of(run: Interpreter, expr: ir.Expr, scope: Scope, depth: int = 0) -> Kind:
    """What a type is to FastAPI; unknown names are scalars, as pydantic takes any class."""
    if depth > 12:
        return Kind()
    expr, scope, _ = peel(run, expr, scope)
    if isinstance(expr, ir.Const):
        return Kind(nothing=expr.value is None)
    if isinstance(expr, ir.Binary) and expr.op == "|":
        return _union([kind_of(run, side, scope, depth + 1) for side in (expr.left, expr.right)])
    if isinstance(expr, ir.Index):
        origin = evaluate(run, expr.value, scope)
        return _subscripted(run, origin, expr.items, scope, depth)
    if not isinstance(expr, (ir.Name, ir.Attr)):
        return Kind()
    value = evaluate(run, expr, scope)
    if isinstance(value, Generic):
        return _subscripted(run, value.origin, value.items, value.scope, depth)
    if isinstance(value, External):
        return _external(value.name)
    if isinstance(value, Made) and value.maker.name in _MAKERS:
        return Kind(scalar=False)  # a model, whatever its fields are
    return class_kind(run, value) if isinstance(value, Class) else Kind()


def class_kind(run: Interpreter, cls: Class) -> Kind:
    """What a class of the tree is to FastAPI."""
    kind = classify(run, cls)
    outside = external_bases(run, cls)
    if kind in ("pydantic", "dataclass", "typeddict") or _is_sqlmodel(outside):
        return Kind(scalar=False, models=(cls.key,), model=cls.key)
    if kind == "enum":
        return Kind()
    special = next((_external(name).special for name in outside if _external(name).special), None)
    if special:
        return Kind(special=special)
    if outside & _UPLOADS:
        return Kind(scalar=False, upload=True)
    return Kind(scalar=not outside & _COMPLEX_BASES)


def _is_sqlmodel(outside: set[str]) -> bool:
    return any(name.startswith("sqlmodel.") for name in outside)


def _external(name: str) -> Kind:
    package, _, last = name.rpartition(".")
    root = package.partition(".")[0]
    if name in _UPLOADS:
        return Kind(scalar=False, upload=True)
    if root in ("fastapi", "starlette"):
        if last in _SPECIAL:
            return Kind(special=_SPECIAL[last])
        if last.endswith("Response") and "responses" in package:
            return Kind(special="response")
    if name in _SEQUENCES:
        return Kind(scalar=False, sequence=True)
    return Kind(scalar=name not in _MAPPINGS and name not in PYDANTIC)


def _subscripted(
    run: Interpreter, origin: Value, items: tuple[ir.Expr, ...], scope: Scope, depth: int
) -> Kind:
    origin = force(run, origin)
    if isinstance(origin, Class):
        own = class_kind(run, origin)
        inner = [kind_of(run, item, scope, depth + 1) for item in items]
        models = _distinct([own.models, *(kind.models for kind in inner)])
        return Kind(scalar=own.scalar, models=models, model=own.model)
    if not isinstance(origin, External) or origin.name in _LITERALS:
        return Kind()
    parts = [kind_of(run, item, scope, depth + 1) for item in items]
    if origin.name in _UNIONS:
        return _union([*parts, Kind(nothing=True)] if "Optional" in origin.name else parts)
    if origin.name in _TRANSPARENT and parts:
        return parts[0]
    models = _distinct([kind.models for kind in parts])
    if origin.name in _SEQUENCES:
        upload = any(kind.upload for kind in parts)
        return Kind(scalar=False, sequence=True, upload=upload, models=models)
    return Kind(scalar=origin.name not in _MAPPINGS, models=models)


def _union(parts: list[Kind]) -> Kind:
    rest = [kind for kind in parts if not kind.nothing]
    models = _distinct([kind.models for kind in rest])
    if len(rest) == 1:
        return rest[0]
    return Kind(
        scalar=all(kind.scalar for kind in rest),
        sequence=any(kind.sequence for kind in rest),
        upload=bool(rest) and all(kind.upload for kind in rest),
        special=next((kind.special for kind in rest if kind.special), None),
        models=models,
    )


def _distinct(groups: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for group in groups for key in group))
