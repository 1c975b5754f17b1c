"""What well-known functions of Python's give as a default: a new id, the present time.

`default_factory=uuid4`, `default_factory=lambda: datetime.now(UTC)`, `lambda: str(uuid4())`, or a
function of the backend that returns such a thing.
"""

from __future__ import annotations

from port_lsp.types.schema import Default
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Type, named, symbol

_NEW_ID = b.Call(b.Path(symbol("uuid::Uuid"), ("new_v4",)))
_UTC_NOW = b.Call(b.Path(symbol("chrono::Utc"), ("now",)))
_LOCAL_NOW = b.Call(b.Path(symbol("chrono::Local"), ("now",)))
# What Python's `now` and its like give, and the form in which chrono has it.
_NOW = {
    "datetime.datetime.now(…)": ("Aware", b.Method(_UTC_NOW, "fixed_offset")),
    "datetime.datetime.now": ("Naive", b.Method(_LOCAL_NOW, "naive_local")),
    "datetime.datetime.today": ("Naive", b.Method(_LOCAL_NOW, "naive_local")),
    "datetime.datetime.utcnow": ("Naive", b.Method(_UTC_NOW, "naive_utc")),
}


def made_value(default: Default, wire: Wire, kind: AnyType) -> b.Expr | None:
    """The value of a default that a function makes, for a field of a wire type and its Rust type;
    None for a function that isn't known."""
    made = default.made
    if made == "uuid.uuid4" and wire.kind == "uuid":
        return _NEW_ID
    if made == "uuid.uuid4" and wire.kind == "str" and not wire.name:
        return b.Method(_NEW_ID, "to_string")
    if made == "uuid.uuid4().hex" and wire.kind == "str" and not wire.name:
        return b.Method(b.Method(_NEW_ID, "simple"), "to_string")
    if wire.kind == "datetime" and made in _NOW and isinstance(kind, Type):
        return _moment(made, kind)
    if made == "datetime.date.today" and wire.kind == "date":
        return b.Method(_LOCAL_NOW, "date_naive")
    if made == "time.time" and wire.kind == "int":
        return b.Method(_UTC_NOW, "timestamp")
    if made == "time.time" and wire.kind == "float":
        micros = b.Cast(b.Method(_UTC_NOW, "timestamp_micros"), named("f64"))
        return b.Binary(micros, "/", b.Lit("1e6"))
    return None


def _moment(made: str, kind: Type) -> b.Expr | None:
    """The present time. A zone that isn't UTC's names the same moment."""
    form, value = _NOW[made]
    if kind.head.name == "DateTime":
        return _UTC_NOW
    if kind.head.name == "Moment":
        return b.Call(b.Path(kind.head, (form,)), (value,))
    return b.Call(b.Path(kind.head), (value,)) if kind.head.name == form else None
