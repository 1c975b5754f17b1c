"""A model of another object, by its attributes: the `From` or the function that makes it.

Pydantic's docs, "Arbitrary class instances": each field is read from the attribute of its name, and
what doesn't fit fails; that is the application's own failure, for which it answers 500. FastAPI
reads what a handler returns so for its response model (its `serialize_response`).
"""

from __future__ import annotations

from port_lsp.facts.source import Record
from port_lsp.patterns.names import snake
from port_lsp.patterns.translate.calls import around
from port_lsp.patterns.translate.expressions.fromimpls import made_by_the_crate
from port_lsp.patterns.translate.expressions.modelfields import ROW, filled, may_fail, refused
from port_lsp.patterns.translate.expressions.owncalls import own_state
from port_lsp.patterns.translate.expressions.related import (
    inside_helper,
    opened,
)
from port_lsp.patterns.translate.ownership import owned
from port_lsp.patterns.translate.replies.kinds import is_whole
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.patterns.translate.values import (
    NONE,
    OK,
    SOME,
    UntranslatedError,
    Val,
    inside,
    is_none,
    option_of,
    without_reference,
)
from port_lsp.types.wire import Wire, ref
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Reference, Type, named, symbol


class Maker(Record, frozen=True):
    """What makes a model of an object: a function or the model's own `From`; nothing where the
    object is of the model's type already. `fails` says whether it gives a Result, `borrows` whether
    it takes the object by reference, `waits` whether it asks the database, so that it takes the
    state, too. `key` is the model's item key, `row` the object's type."""

    path: b.Path | None
    model: AnyType
    fails: bool = False
    borrows: bool = False
    waits: bool = False
    key: str = ""
    row: Type | None = None

    def of(self, scene: Scene, val: Val, *, last: bool = False) -> Val:
        """The model of an object; `last` says that nobody asks for that afterwards."""
        if self.path is None:
            return Val(owned(scene, val, last=last), self.model)
        given = self._given(scene, val, last=last)
        if self.waits:
            return Val(self._waited(scene, self.path, given), self.model)
        made = b.Call(self.path, (given,))
        return Val(b.Try(made) if self.fails else made, self.model)

    def of_option(self, scene: Scene, val: Val, *, last: bool = False) -> Val:
        """The model of an object that may be missing, as an Option."""
        if self.path is None:
            return Val(owned(scene, val, last=last), named("Option", self.model))
        if self.waits:
            there = b.Call(b.Path(SOME), (self._waited(scene, self.path, b.Name(ROW)),))
            arms = (
                b.Arm(b.TuplePattern(SOME, (b.Bind(ROW),)), there),
                b.Arm(b.PathPattern(NONE), b.Path(NONE)),
            )
            found = b.Match(owned(scene, val, last=last), arms)
            return Val(found, named("Option", self.model))
        given = b.Method(val.expr, "as_ref") if self.borrows else owned(scene, val, last=last)
        mapped = b.Method(given, "map", (self.path,))
        made = b.Try(b.Method(mapped, "transpose")) if self.fails else mapped
        return Val(made, named("Option", self.model))

    def of_each(self, scene: Scene, val: Val, *, last: bool = False) -> Val:
        """The models of a list of objects. Raises UntranslatedError."""
        if self.path is None:
            return Val(owned(scene, val, last=last), named("Vec", self.model))
        if self.waits:
            given = owned(scene, val, last=last)
            return Val(self._waited(scene, _of_each(scene, self), given), named("Vec", self.model))
        if self.borrows:
            each = b.Method(val.expr, "iter")
        else:
            each = b.Method(owned(scene, val, last=last), "into_iter")
        mapped, kind = b.Method(each, "map", (self.path,)), named("Vec", self.model)
        if not self.fails:
            return Val(b.Method(mapped, "collect", (), (named("Vec", named("_")),)), kind)
        if scene.result is None:
            raise UntranslatedError("a model of a row in a handler that can't fail")
        listed = around(scene.result, named("Vec", named("_")))
        return Val(b.Try(b.Method(mapped, "collect", (), (listed,))), kind)

    def _waited(self, scene: Scene, path: b.Path, given: b.Expr) -> b.Expr:
        return b.Try(b.Await(b.Call(path, (own_state(scene), given))))

    def _given(self, scene: Scene, val: Val, *, last: bool) -> b.Expr:
        if not self.borrows:
            return owned(scene, val, last=last)
        return val.expr if isinstance(val.type, Reference) else b.Unary("&", val.expr)


def answered(scene: Scene, val: Val) -> Val:
    """What a handler returns as its response model; as it is where it is that already, or where it
    is no object. Raises UntranslatedError."""
    wire = scene.answer.wire
    kind = without_reference(val.type)
    if wire is None:
        return val
    if scene.answer.is_json and _chooses(wire) and not (is_none(val) or is_whole(val.type)):
        raise UntranslatedError("an answer whose response model isn't known")
    item = inside(kind, "Vec")
    if wire.kind == "list" and item is not None and (key := _other(scene, wire.args[0], item)):
        return maker(scene, key, item).of_each(scene, val, last=True)
    held = option_of(kind)
    if wire.kind == "optional" and held is not None:
        if not (key := _other(scene, wire.args[0], held)):
            return val
        return maker(scene, key, held).of_option(scene, val, last=True)
    if wire.kind == "ref" and not wire.args and held is not None and not is_none(val):
        return _required(scene, wire, val, held)
    if key := _other(scene, wire.args[0] if wire.kind == "optional" else wire, kind):
        return maker(scene, key, kind).of(scene, val, last=True)
    return val


def _chooses(wire: Wire) -> bool:
    """Whether a response model leaves out what isn't its: any but plain JSON."""
    if wire.kind in ("ref", "unknown", "union", "tuple", "set"):
        return True
    return any(map(_chooses, wire.args))


def _required(scene: Scene, wire: Wire, val: Val, held: AnyType) -> Val:
    """An object that may be missing where the response model takes no null: FastAPI's
    ResponseValidationError is the application's own failure then."""
    known = not isinstance(held, Reference) and scene.shapes.of(held) is not None
    if not known or val.wrapped or scene.result is None:
        return val
    key = _other(scene, wire, held)
    making = maker(scene, key, held) if key else None
    if making is not None and making.waits:
        wrong = b.Closure((), refused(scene))
        row = b.Try(b.Method(owned(scene, val, last=True), "ok_or_else", (wrong,)))
        return making.of(scene, Val(row, held), last=True)
    made = making.of_option(scene, val, last=True) if making is not None else None
    there = made.expr if made is not None else owned(scene, val, last=True)
    inner = option_of(made.type) if made is not None else held
    assert inner is not None
    wrong = b.Closure((), refused(scene))
    return Val(b.Try(b.Method(there, "ok_or_else", (wrong,))), inner)


def _other(scene: Scene, wire: Wire, kind: AnyType) -> str:
    """The item key of the model that is wanted where an object is something else; else ""."""
    if wire.kind != "ref" or wire.args or scene.shapes.of(kind) is None:
        return ""
    return wire.name if scene.needs.type(wire, "Serialize") != kind else ""


def maker(scene: Scene, key: str, row: AnyType) -> Maker:
    """What makes a model (item key) of an object: as the crate does it already, else the model's
    `From`, or where that may fail a function. Raises UntranslatedError."""
    if scene.functions is None:
        raise UntranslatedError("a model of what isn't known")
    model = scene.needs.type(ref(key), "Serialize")
    shape, rows = scene.shapes.of(model), scene.shapes.of(row)
    schema = schema_at(scene.desk, key)
    if shape is None or rows is None or schema is None or not isinstance(model, Type):
        raise UntranslatedError("a model of what isn't known")
    if model == row:
        return Maker(None, model)
    assert isinstance(row, Type)
    there = made_by_the_crate(scene.desk, model, row)
    if there is not None:
        return Maker(b.Path(model.head, ("from",)), model, borrows=there == "borrowed")
    if rows.is_enum or shape.is_enum:
        raise UntranslatedError("a model of what isn't known")
    if any(one.kind == "validator" for one in schema.methods):
        raise UntranslatedError("a model that checks what it is made of")
    with opened(scene, key):
        fields = filled(scene, key, shape, rows, maker)
    asked = tuple(statement for one in fields for statement in one.asked)
    checks = "Validate" in shape.traits
    if (
        not checks
        and not asked
        and not any(map(may_fail, fields))
        and {model.head.path[0], row.head.path[0]} == {"crate"}
    ):
        literal = b.StructLiteral(symbol("Self"), tuple((one.rust, one.value) for one in fields))
        given = (i.Param(b.Bind(ROW), row),)
        function = i.Function("from", given, named("Self"), b.Block((), literal))
        impl = i.Impl(model, (function,), trait=named("From", row))
        scene.functions.implement(f"{key}<-{row.head.name}", key, impl, scene.needs)
        return Maker(b.Path(model.head, ("from",)), model)
    if scene.result is None:
        raise UntranslatedError("a model of a row in a handler that can't fail")
    name = snake(f"{model.head.name}_of_{row.head.name}")
    docs = f"`{model.head.name}` of a row of `{row.head.name}`."
    result = around(scene.result, model)
    own = _own_state(scene) if asked else ()

    def make(claimed: str) -> i.Function:
        literal = b.StructLiteral(model.head, tuple((one.rust, one.value) for one in fields))
        whole = b.Block(tail=b.Call(b.Path(OK), (literal,)))
        if checks:
            whole = _checked(scene, literal)
        block = b.Block((*asked, *whole.statements), whole.tail)
        params = (*own, i.Param(b.Bind(ROW), row))
        return i.Function(claimed, params, result, block, is_async=bool(asked), visibility="pub",
                          docs=(docs,))  # fmt: skip

    made = scene.functions.helper(f"{key}<-{row.head.name}", key, name, docs, scene.needs, make)
    return Maker(b.Path(made), model, fails=True, waits=bool(asked), key=key, row=row)


def _own_state(scene: Scene) -> tuple[i.Param, ...]:
    """The state as a function's parameter."""
    assert scene.state is not None
    return (i.Param(b.Bind(scene.state.name), Reference(scene.state.type)),)


def _of_each(scene: Scene, one: Maker) -> b.Path:
    """The function that makes models of a list of rows, one after the other."""
    model, row, functions = one.model, one.row, scene.functions
    assert isinstance(model, Type)
    assert row is not None
    assert functions is not None
    assert scene.result is not None
    docs = f"`{model.head.name}` of each row of `{row.head.name}`."
    result = around(scene.result, named("Vec", model))
    inside = inside_helper(scene)

    def make(claimed: str) -> i.Function:
        new = b.Call(b.Path(symbol("Vec"), ("new",)))
        made = one.of(inside, Val(b.Name(ROW), row), last=True).expr
        push = b.Do(b.Method(b.Name("models"), "push", (made,)))
        block = b.Block(
            (
                b.Let(b.Bind("models", "mut "), new),
                b.Do(b.For(b.Bind(ROW), b.Name(f"{ROW}s"), b.Block((push,)))),
            ),
            b.Call(b.Path(OK), (b.Name("models"),)),
        )
        params = (*_own_state(scene), i.Param(b.Bind(f"{ROW}s"), named("Vec", row)))
        return i.Function(claimed, params, result, block, is_async=True, visibility="pub",
                          docs=(docs,))  # fmt: skip

    name = snake(f"{model.head.name}_of_each_{row.head.name}")
    whole = f"{one.key}<-[{row.head.name}]"
    return b.Path(functions.helper(whole, one.key, name, docs, scene.needs, make))


def _checked(scene: Scene, literal: b.Expr) -> b.Block:
    """A model whose limits are asked, as Pydantic does of each that it makes."""
    asked = b.Method(b.Name("model"), "validate", trait=symbol("validator::Validate"))
    wrong = b.Closure((b.Wild(),), refused(scene))
    return b.Block(
        (
            b.Let(b.Bind("model"), literal),
            b.Do(b.Try(b.Method(asked, "map_err", (wrong,)))),
        ),
        b.Call(b.Path(OK), (b.Name("model"),)),
    )
