"""The fields of a model that is made of another object, each of the attribute of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.expressions.moments import as_moment
from port_lsp.patterns.translate.expressions.related import (
    inside_helper,
    is_said,
    related_field,
)
from port_lsp.patterns.translate.failing import unsaid
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.patterns.translate.shapes import Shape
from port_lsp.patterns.translate.values import (
    I64,
    NONE,
    SOME,
    STRING,
    UUID,
    VALUE,
    UntranslatedError,
    option_of,
)
from port_lsp.patterns.translate.widening import NARROW, as_wide, widened
from port_lsp.types.schema import FieldSchema
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, named, symbol

if TYPE_CHECKING:
    from port_lsp.patterns.translate.expressions.conversions import Maker

ROW = "row"
"""The variable that holds the object."""
_SIMPLE = named("uuid::fmt::Simple")
_CHANGING = frozenset(("strip_whitespace", "to_lower", "to_upper"))
_FORMS = frozenset(("email", "http-url"))


class Filled(Record, frozen=True):
    """A field of a model: its name in Rust, its value, the statements that this stands behind."""

    rust: str
    value: b.Expr
    asked: tuple[b.Statement, ...] = ()


def may_fail(field: Filled) -> bool:
    """Whether a field of a model isn't always there: so `_fitted` writes those."""
    return isinstance(field.value, b.Try)


def filled(
    scene: Scene,
    key: str,
    model: Shape,
    row: Shape,
    make: Callable[[Scene, str, AnyType], Maker],
) -> tuple[Filled, ...]:
    """The fields of a model (item key); `row` is what it is made of, `make` what makes models.
    Raises UntranslatedError."""
    found: list[Filled] = []
    defaults = scene.defaults(key)
    schema = schema_at(scene.desk, key)
    said = {one.name: one for one in schema.fields} if schema is not None else {}
    for name, rust, kind in model.fields:
        python = next((each for each, (own, _) in defaults.items() if own == name), name)
        column = row.field(python) or row.field(name)
        field = said.get(python)
        if column is not None:
            made = _fitted(scene, b.Access(b.Name(ROW), column[0]), *column[1:], kind)
            found.append(Filled(rust, _read(scene, field, made, kind) if field else made))
        elif field is not None and is_said(scene, row, python):
            inside, wrong = inside_helper(scene), refused(scene)
            asked, value = related_field(inside, (ROW, row), field, kind, make, wrong)
            found.append(Filled(rust, value, asked))
        elif python in defaults and defaults[python][1] and option_of(kind) is not None:
            # A table's key is never an Option, though its default is None: the database gives it.
            found.append(Filled(rust, b.Path(NONE)))
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


def refused(scene: Scene) -> b.Expr:
    """What an object that doesn't fit is answered with."""
    return unsaid(scene, "ValidationError")
