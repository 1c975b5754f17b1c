"""A field of a model that is read from a relation of a row: what SQLAlchemy loads when somebody
reads the attribute is asked for there.

SQLAlchemy: its docs, "Lazy Loading": many to one by the row's key, one to many in the order in
which the database gives them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec.structs import replace

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.names import snake
from port_lsp.patterns.translate.ownclasses import says
from port_lsp.patterns.translate.queries.conditions import bound_value
from port_lsp.patterns.translate.queries.relations import Related, Relations
from port_lsp.patterns.translate.queries.selects import Select
from port_lsp.patterns.translate.queries.tables import table_named
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.patterns.translate.shapes import Shape
from port_lsp.patterns.translate.values import UntranslatedError, Val, option_of
from port_lsp.types.schema import FieldSchema
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Type

if TYPE_CHECKING:
    from port_lsp.patterns.translate.expressions.conversions import Maker

_REASON = "a model with a field that its row hasn't"


class _Open:
    """The models that are being made: one that holds itself has no end."""

    def __init__(self, _: Desk) -> None:
        self.keys: list[str] = []


@contextmanager
def opened(scene: Scene, key: str) -> Generator[None]:
    """While a model (item key) is being made. Raises UntranslatedError for one that holds
    itself."""
    keys = scene.desk.shares(_Open).keys
    if key in keys:
        raise UntranslatedError("a model that holds itself")
    keys.append(key)
    try:
        yield
    finally:
        keys.pop()


def is_said(scene: Scene, row: Shape, name: str) -> bool:
    """Whether rows have an attribute that is no column: a relation, a property."""
    if not row.key:
        return False
    schema = schema_at(scene.desk, row.key)
    is_row = schema is not None and schema.table is not None
    told = is_row and scene.desk.shares(Relations).is_told(row.key, name)
    return told or says(scene.desk, row.key, name)


def related_field(
    scene: Scene,
    row: tuple[str, Shape],
    field: FieldSchema,
    kind: AnyType,
    make: Callable[[Scene, str, AnyType], Maker],
    refused: b.Expr,
) -> tuple[tuple[b.Statement, ...], b.Expr]:
    """The statements that ask for the rows of a relation, and the field made of them; `row` is the
    variable that holds the own row, and its shape. Raises UntranslatedError."""
    (variable, shape), python = row, field.name
    found = scene.desk.shares(Relations).of(shape.key, python) if shape.key else None
    key = _model(field.wire, many=found.many) if found is not None else ""
    if found is None or not key or scene.transaction or scene.state is None:
        raise UntranslatedError(_REASON)
    rows = _rows(scene, found, variable, shape)
    assert isinstance(rows.type, Type)
    (item,) = rows.type.args
    name = snake(python)
    name = name if name not in (variable, scene.state.name) else f"{name}_"
    held = Val(b.Name(name), rows.type, True, name)
    first = b.Let(b.Bind(name), rows.expr)
    maker = make(scene, key, item)
    if found.many:
        given = maker.of_each(scene, held, last=True)
    elif option_of(kind) is not None:
        given = maker.of_option(scene, held, last=True)
    else:
        there = b.Try(b.Method(b.Name(name), "ok_or_else", (b.Closure((), refused),)))
        given = maker.of(scene, Val(there, item), last=True)
    if given.type != kind:
        raise UntranslatedError(_REASON)
    return (first, b.Let(b.Bind(name), given.expr)), b.Name(name)


def _model(wire: Wire, *, many: bool) -> str:
    """The item key of the model that a field holds; "" for another field."""
    if wire.kind == ("list" if many else "optional"):
        wire = wire.args[0]
    elif many:
        return ""
    return wire.name if wire.kind == "ref" and not wire.args else ""


def _rows(scene: Scene, found: Related, variable: str, shape: Shape) -> Val:
    """The rows of a relation, as they are read."""
    table, own = table_named(scene, found.target), shape.field(found.own)
    if table is None or own is None:
        raise UntranslatedError(_REASON)
    select = Select(scene, table, Env({}, ()))
    column = table.column(found.column)
    value = Val(b.Access(b.Name(variable), own[0]), own[1], True, variable)
    number = select.binds.number(_bound(scene, value, column.type))
    select.conditions.append(f"{column.sql} = {number}")
    return select.rows("fetch_all" if found.many else "fetch_optional")


def _bound(scene: Scene, val: Val, kind: AnyType | None) -> b.Expr:
    """The row's key; null is no row's."""
    if kind is None or option_of(val.type) != kind:
        return bound_value(val, kind)
    return val.expr if scene.shapes.has(val.type, "Copy") else b.Unary("&", val.expr)


def inside_helper(scene: Scene) -> Scene:
    """What a function of its own that takes the state has at hand."""
    other = scene.elsewhere(scene.backend_file)
    if scene.state is not None:
        other.state = replace(scene.state, borrowed=True)
    other.tables = scene.tables
    return other
