"""`Model.model_validate(row)`: a model of a row, made by a function that is written for both.

Pydantic's docs, "Arbitrary class instances": each field is read from the attribute of its name, and
what doesn't fit fails; that is the application's own failure, for which it answers 500.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.names import snake
from port_lsp.patterns.translate.failing import failure
from port_lsp.patterns.translate.functions import around
from port_lsp.patterns.translate.ownership import owned
from port_lsp.patterns.translate.scene import Env, Scene
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
from port_lsp.types import meanings as m
from port_lsp.types.wire import ref
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol, Type, named, symbol

_NAMES = ("model_validate", "from_orm")
_ROW = "row"


def validated(scene: Scene, node: ast.Call, env: Env) -> Val | None:
    """A model of a row; None for another call. Raises UntranslatedError."""
    key = _model(scene, node.func, env)
    if key is None or len(node.args) != 1 or node.keywords:
        return None
    val = scene.value(node.args[0], env)
    kind = without_reference(val.type)
    optional = option_of(kind)
    row = without_reference(optional) if optional is not None else kind
    made, model = _maker(scene, key, row)
    value = owned(scene, val)
    if optional is not None:  # None is no instance of anything
        there = b.Method(value, "ok_or_else", (b.Closure((), _refused(scene)),))
        return Val(b.Try(b.Method(there, "and_then", (b.Path(made),))), model)
    return Val(b.Try(b.Call(b.Path(made), (value,))), model)


def validated_each(scene: Scene, node: ast.ListComp, env: Env) -> Val:
    """`[Model.model_validate(row) for row in rows]`."""
    (one,) = node.generators if len(node.generators) == 1 else (None,)
    element = node.elt
    key = _model(scene, element.func, env) if isinstance(element, ast.Call) else None
    if one is None or key is None or not isinstance(element, ast.Call):
        raise UntranslatedError("ListComp")
    same = len(element.args) == 1 and ast.dump(element.args[0]) == ast.dump(
        ast.Name(one.target.id, ast.Load()) if isinstance(one.target, ast.Name) else node.elt
    )
    if not same or element.keywords or one.ifs or one.is_async or scene.result is None:
        raise UntranslatedError("ListComp")
    val = scene.value(one.iter, env)
    row = inside(without_reference(val.type), "Vec")
    if row is None:
        raise UntranslatedError("ListComp")
    made, model = _maker(scene, key, row)
    each = b.Method(owned(scene, val), "into_iter")
    mapped = b.Method(each, "map", (b.Path(made),))
    listed = around(scene.result, named("Vec", named("_")))
    return Val(b.Try(b.Method(mapped, "collect", (), (listed,))), named("Vec", model))


def _model(scene: Scene, node: ast.expr, env: Env) -> str | None:
    """The model whose method it is."""
    if not isinstance(node, ast.Attribute) or node.attr not in _NAMES:
        return None
    meaning = scene.meaning(node.value, env)
    return meaning.key if isinstance(meaning, m.Kind) else None


def _refused(scene: Scene) -> b.Expr:
    return failure(scene, 500, known("Internal Server Error"))


def _maker(scene: Scene, key: str, row: AnyType) -> tuple[Symbol, AnyType]:
    """The function that makes a model (item key) of a row, and the model's type."""
    if scene.functions is None or scene.result is None:
        raise UntranslatedError("a model of a row in a handler that can't fail")
    model = scene.needs.type(ref(key), "Serialize")
    shape, rows = scene.shapes.of(model), scene.shapes.of(row)
    backend = scene.desk.snapshot.backend
    facts = next((one for one in backend.models if one.key == key), None) if backend else None
    if shape is None or rows is None or facts is None or not isinstance(model, Type):
        raise UntranslatedError("a model of what isn't known")
    if "FromRow" not in rows.traits or "Validate" in shape.traits or shape.is_enum:
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
    inner = option_of(kind)
    if inner == wanted:
        return b.Try(b.Method(of, "ok_or_else", (b.Closure((), _refused(scene)),)))
    if option_of(wanted) == kind:
        return b.Call(b.Path(SOME), (of,))
    if VALUE in (kind, inner):
        scene.need_json()
        given = of if kind == VALUE else b.Method(of, "unwrap_or_default")
        read = b.Call(b.Path(symbol("serde_json::from_value")), (given,))
        refused = b.Closure((b.Wild(),), _refused(scene))
        return b.Try(b.Method(read, "map_err", (refused,)))
    raise UntranslatedError("a column of another type than its field")
