"""A model of another object, by its attributes: the function that is written for both.

Pydantic's docs, "Arbitrary class instances": each field is read from the attribute of its name, and
what doesn't fit fails; that is the application's own failure, for which it answers 500. FastAPI
reads what a handler returns so for its response model (its `serialize_response`).
"""

from __future__ import annotations

from port_lsp.patterns.names import snake
from port_lsp.patterns.translate.calls import around
from port_lsp.patterns.translate.expressions.moments import as_moment
from port_lsp.patterns.translate.failing import failure
from port_lsp.patterns.translate.ownership import owned
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.shapes import Shape
from port_lsp.patterns.translate.values import (
    NONE,
    OK,
    SOME,
    VALUE,
    UntranslatedError,
    Val,
    inside,
    known,
    option_of,
    without_reference,
)
from port_lsp.types.wire import Wire, ref
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol, Type, named, symbol

_ROW = "row"


def each_of(scene: Scene, val: Val, made: Symbol, model: AnyType, *, last: bool = False) -> Val:
    """A list of models of a list of rows, by the function that makes one; `last` says that nobody
    asks for the rows afterwards."""
    if scene.result is None:
        raise UntranslatedError("a model of a row in a handler that can't fail")
    each = b.Method(owned(scene, val, last=last), "into_iter")
    mapped = b.Method(each, "map", (b.Path(made),))
    listed = around(scene.result, named("Vec", named("_")))
    return Val(b.Try(b.Method(mapped, "collect", (), (listed,))), named("Vec", model))


def answered(scene: Scene, val: Val) -> Val:
    """What a handler returns as its response model; as it is where it is that already, or where it
    is no object. Raises UntranslatedError."""
    wire = scene.answer.wire
    kind = without_reference(val.type)
    if wire is None:
        return val
    item = inside(kind, "Vec")
    if wire.kind == "list" and item is not None and (key := _other(scene, wire.args[0], item)):
        return each_of(scene, val, *maker(scene, key, item), last=True)
    held = option_of(kind)
    if wire.kind == "optional" and held is not None:
        if not (key := _other(scene, wire.args[0], held)):
            return val
        made, model = maker(scene, key, held)
        mapped = b.Method(owned(scene, val, last=True), "map", (b.Path(made),))
        return Val(b.Try(b.Method(mapped, "transpose")), named("Option", model))
    if key := _other(scene, wire.args[0] if wire.kind == "optional" else wire, kind):
        made, model = maker(scene, key, kind)
        return Val(b.Try(b.Call(b.Path(made), (owned(scene, val, last=True),))), model)
    return val


def _other(scene: Scene, wire: Wire, kind: AnyType) -> str:
    """The item key of the model that is wanted where an object is something else; else ""."""
    if wire.kind != "ref" or wire.args or scene.shapes.of(kind) is None:
        return ""
    return wire.name if scene.needs.type(wire, "Serialize") != kind else ""


def refused(scene: Scene) -> b.Expr:
    """What an object that doesn't fit is answered with."""
    return failure(scene, 500, known("Internal Server Error"))


def maker(scene: Scene, key: str, row: AnyType) -> tuple[Symbol, AnyType]:
    """The function that makes a model (item key) of an object, and the model's type. Raises
    UntranslatedError."""
    if scene.functions is None or scene.result is None:
        raise UntranslatedError("a model of a row in a handler that can't fail")
    model = scene.needs.type(ref(key), "Serialize")
    shape, rows = scene.shapes.of(model), scene.shapes.of(row)
    backend = scene.desk.snapshot.backend
    facts = next((one for one in backend.models if one.key == key), None) if backend else None
    if shape is None or rows is None or facts is None or not isinstance(model, Type):
        raise UntranslatedError("a model of what isn't known")
    if rows.is_enum or "Validate" in shape.traits or shape.is_enum:
        raise UntranslatedError("a model of what isn't known")
    if any(one.kind == "validator" for one in scene.desk.backend.schema(facts).methods):
        raise UntranslatedError("a model that checks what it is made of")
    fields = _fields(scene, key, shape, rows)
    assert isinstance(row, Type)
    name = snake(f"{model.head.name}_of_{row.head.name}")
    docs = f"`{model.head.name}` of a row of `{row.head.name}`."
    result = around(scene.result, model)

    def make(claimed: str) -> i.Function:
        literal = b.StructLiteral(model.head, fields)
        return i.Function(
            claimed,
            (i.Param(b.Bind(_ROW), row),),
            result,
            b.Block(tail=b.Call(b.Path(OK), (literal,))),
            visibility="pub",
            docs=(docs,),
        )

    made = scene.functions.helper(f"{key}<-{row.head.name}", key, name, docs, scene.needs, make)
    return made, model


def _fields(scene: Scene, key: str, model: Shape, row: Shape) -> tuple[tuple[str, b.Expr], ...]:
    found: list[tuple[str, b.Expr]] = []
    defaults = scene.defaults(key)
    for name, rust, kind in model.fields:
        python = next((each for each, (own, _) in defaults.items() if own == name), name)
        column = row.field(python) or row.field(name)
        if column is not None:
            found.append(
                (rust, _fitted(scene, b.Access(b.Name(_ROW), column[0]), *column[1:], kind))
            )
        elif python in defaults and defaults[python][1]:
            found.append((rust, b.Path(NONE)))
        else:
            raise UntranslatedError("a model with a field that its row hasn't")
    return tuple(found)


def _fitted(scene: Scene, of: b.Expr, kind: AnyType, wanted: AnyType) -> b.Expr:
    """A column as a field of a model."""
    if kind == wanted:
        return of
    if (moment := as_moment(of, kind, wanted)) is not None:
        return moment
    inner = option_of(kind)
    if inner == wanted:
        return b.Try(b.Method(of, "ok_or_else", (b.Closure((), refused(scene)),)))
    if option_of(wanted) == kind:
        return b.Call(b.Path(SOME), (of,))
    if VALUE in (kind, inner):
        scene.need_json()
        given = of if kind == VALUE else b.Method(of, "unwrap_or_default")
        read = b.Call(b.Path(symbol("serde_json::from_value")), (given,))
        otherwise = b.Closure((b.Wild(),), refused(scene))
        return b.Try(b.Method(read, "map_err", (otherwise,)))
    raise UntranslatedError("a column of another type than its field")
