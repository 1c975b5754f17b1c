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
from port_lsp.patterns.translate.expressions.moments import as_moment
from port_lsp.patterns.translate.failing import unsaid
from port_lsp.patterns.translate.ownership import owned
from port_lsp.patterns.translate.replies.kinds import is_whole
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.patterns.translate.shapes import Shape
from port_lsp.patterns.translate.values import (
    I64,
    NONE,
    OK,
    SOME,
    STRING,
    UUID,
    VALUE,
    UntranslatedError,
    Val,
    inside,
    is_none,
    option_of,
    without_reference,
)
from port_lsp.patterns.translate.widening import NARROW, as_wide, widened
from port_lsp.types.schema import FieldSchema
from port_lsp.types.wire import Wire, ref
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Reference, Type, named, symbol

_ROW = "row"
_SIMPLE = named("uuid::fmt::Simple")
_CHANGING = frozenset(("strip_whitespace", "to_lower", "to_upper"))
_FORMS = frozenset(("email", "http-url"))


class Maker(Record, frozen=True):
    """What makes a model of an object: a function or the model's own `From`; nothing where the
    object is of the model's type already. `fails` says whether it gives a Result, `borrows` whether
    it takes the object by reference."""

    path: b.Path | None
    model: AnyType
    fails: bool = False
    borrows: bool = False

    def of(self, scene: Scene, val: Val, *, last: bool = False) -> Val:
        """The model of an object; `last` says that nobody asks for that afterwards."""
        if self.path is None:
            return Val(owned(scene, val, last=last), self.model)
        made = b.Call(self.path, (self._given(scene, val, last=last),))
        return Val(b.Try(made) if self.fails else made, self.model)

    def of_option(self, scene: Scene, val: Val, *, last: bool = False) -> Val:
        """The model of an object that may be missing, as an Option."""
        if self.path is None:
            return Val(owned(scene, val, last=last), named("Option", self.model))
        given = b.Method(val.expr, "as_ref") if self.borrows else owned(scene, val, last=last)
        mapped = b.Method(given, "map", (self.path,))
        made = b.Try(b.Method(mapped, "transpose")) if self.fails else mapped
        return Val(made, named("Option", self.model))

    def of_each(self, scene: Scene, val: Val, *, last: bool = False) -> Val:
        """The models of a list of objects. Raises UntranslatedError."""
        if self.path is None:
            return Val(owned(scene, val, last=last), named("Vec", self.model))
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
    made = maker(scene, key, held).of_option(scene, val, last=True) if key else None
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


def refused(scene: Scene) -> b.Expr:
    """What an object that doesn't fit is answered with."""
    return unsaid(scene, "ValidationError")


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
    fields = _fields(scene, key, shape, rows)
    checks = "Validate" in shape.traits
    if (
        not checks
        and not any(map(_may_fail, fields))
        and {model.head.path[0], row.head.path[0]} == {"crate"}
    ):
        literal = b.StructLiteral(symbol("Self"), fields)
        given = (i.Param(b.Bind(_ROW), row),)
        function = i.Function("from", given, named("Self"), b.Block((), literal))
        impl = i.Impl(model, (function,), trait=named("From", row))
        scene.functions.implement(f"{key}<-{row.head.name}", key, impl, scene.needs)
        return Maker(b.Path(model.head, ("from",)), model)
    if scene.result is None:
        raise UntranslatedError("a model of a row in a handler that can't fail")
    name = snake(f"{model.head.name}_of_{row.head.name}")
    docs = f"`{model.head.name}` of a row of `{row.head.name}`."
    result = around(scene.result, model)

    def make(claimed: str) -> i.Function:
        literal = b.StructLiteral(model.head, fields)
        whole = b.Block(tail=b.Call(b.Path(OK), (literal,)))
        if checks:
            whole = _checked(scene, literal)
        params = (i.Param(b.Bind(_ROW), row),)
        return i.Function(claimed, params, result, whole, visibility="pub", docs=(docs,))

    made = scene.functions.helper(f"{key}<-{row.head.name}", key, name, docs, scene.needs, make)
    return Maker(b.Path(made), model, fails=True)


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


def _may_fail(field: tuple[str, b.Expr]) -> bool:
    """Whether a field of a model isn't always there: so `_fitted` writes those."""
    return isinstance(field[1], b.Try)


def _fields(scene: Scene, key: str, model: Shape, row: Shape) -> tuple[tuple[str, b.Expr], ...]:
    found: list[tuple[str, b.Expr]] = []
    defaults = scene.defaults(key)
    schema = schema_at(scene.desk, key)
    said = {one.name: one for one in schema.fields} if schema is not None else {}
    for name, rust, kind in model.fields:
        python = next((each for each, (own, _) in defaults.items() if own == name), name)
        column = row.field(python) or row.field(name)
        if column is not None:
            made = _fitted(scene, b.Access(b.Name(_ROW), column[0]), *column[1:], kind)
            field = said.get(python)
            found.append((rust, _read(scene, field, made, kind) if field is not None else made))
        elif python in defaults and defaults[python][1]:
            found.append((rust, b.Path(NONE)))
        else:
            raise UntranslatedError("a model with a field that its row hasn't")
    return tuple(found)


def _read(scene: Scene, field: FieldSchema, made: b.Expr, kind: AnyType) -> b.Expr:
    """A text as Pydantic reads it for a field. Raises UntranslatedError."""
    every = (*field.limits, *(limit for one in field.inner for limit in one.limits))
    if any(one.name in _CHANGING and one.value == "true" for one in every):
        raise UntranslatedError("a model that changes the texts that it is made of")
    forms = {one.name for one in (field.wire, *field.wire.args) if one.kind == "str"}
    if not forms & _FORMS:
        return made
    if field.wire != Wire("str", name="email") or kind != STRING or isinstance(made, b.Try):
        raise UntranslatedError("a model with an address that may be missing")
    there = scene.desk.snapshot.crate_files.items()
    sources = [one.text.data for path, one in there if path.endswith("/wire/email.rs")]
    if any(b"pub fn normalised(" not in one for one in sources):
        raise UntranslatedError("a model with an address, which the crate reads in another way")
    address = scene.needs.context("", (field,)).function("email", "normalised")
    found = b.Call(b.Path(symbol(address)), (b.Unary("&", made),))
    return b.Try(b.Method(found, "ok_or_else", (b.Closure((), refused(scene)),)))


def _fitted(scene: Scene, of: b.Expr, kind: AnyType, wanted: AnyType) -> b.Expr:
    """A column as a field of a model."""
    if kind == wanted:
        return of
    if (moment := as_moment(of, kind, wanted)) is not None:
        return moment
    if (wide := as_wide(of, kind, wanted)) is not None:
        return wide
    if _SIMPLE in (kind, option_of(kind)):  # SQLite has no UUIDs
        made = b.Path(UUID.head, ("from",))
        of = b.Call(made, (of,)) if kind == _SIMPLE else b.Method(of, "map", (made,))
        kind = UUID if kind == _SIMPLE else named("Option", UUID)
        if kind == wanted:
            return of
    inner = option_of(kind)
    if inner == wanted or (wanted == I64 and inner in NARROW):
        held = of if inner == wanted else widened(of, kind) or of
        return b.Try(b.Method(held, "ok_or_else", (b.Closure((), refused(scene)),)))
    if option_of(wanted) == kind:
        return b.Call(b.Path(SOME), (of,))
    if VALUE in (kind, inner):
        scene.need_json()
        given = of if kind == VALUE else b.Method(of, "unwrap_or_default")
        read = b.Call(b.Path(symbol("serde_json::from_value")), (given,))
        otherwise = b.Closure((b.Wild(),), refused(scene))
        return b.Try(b.Method(read, "map_err", (otherwise,)))
    raise UntranslatedError("a column of another type than its field")
