"""Values as somebody wants them: owned, borrowed, of another type that they fit into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.patterns.translate.enums import as_variant
from port_lsp.patterns.translate.values import (
    BOOL,
    COPIED,
    EMPTY,
    F64,
    I64,
    NONE,
    OBJECT,
    SOME,
    STR,
    STRING,
    UNCHANGING,
    VALUE,
    Hidden,
    UntranslatedError,
    Val,
    inside,
    is_none,
    option_of,
    without_reference,
)
from port_lsp.patterns.translate.widening import as_held
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, Type, symbol
from port_lsp.writing.printer.literals import floating

if TYPE_CHECKING:
    from port_lsp.patterns.translate.scene import Scene

JSON = symbol("serde_json::json")
_PLAIN = (STRING, I64, F64, BOOL)


def written(val: Val) -> b.Expr:
    """The expression where a value of its type, or a place of it, is meant."""
    return b.Unary("*", val.expr) if val.wrapped else val.expr


def as_str(val: Val) -> b.Expr:
    """A text as a `&str`."""
    return val.expr if val.type == STR else b.Method(val.expr, "as_str")


def owned(scene: Scene, val: Val, *, last: bool = False) -> b.Expr:
    """The value for good; `last` says that nobody asks for the variable afterwards."""
    kind = without_reference(val.type)
    if isinstance(val, Hidden):
        raise UntranslatedError("a query that isn't run")
    if val.type == STR:
        raise UntranslatedError("a borrowed text where an owned one is wanted")
    if kind in COPIED or scene.shapes.has(kind, "Copy"):
        return b.Unary("*", val.expr) if isinstance(val.type, Reference) else written(val)
    handed_out(scene, val, kind)
    if not val.place and kind == val.type:
        return val.expr
    whole = isinstance(val.expr, b.Name) and kind == val.type and not val.wrapped
    if whole and last and scene.may_move:
        return val.expr
    if not scene.shapes.has(kind, "Clone"):
        raise UntranslatedError("a value that can't be cloned")
    of = val.expr if not val.wrapped else written(val)
    return b.Method(of, "clone")


def handed_out(scene: Scene, val: Val, kind: AnyType) -> None:
    """A value is somebody else's from here on (`objects/sharing.py`)."""
    root = scene.shows.get(val.expr) if scene.shows and kind not in UNCHANGING else None
    if root is None:
        return
    scene.seen.add(root)
    if root in scene.filled and not scene.may_move:  # in a loop, it may be filled again
        raise UntranslatedError("what is filled in a loop that hands it out")


def fitting(scene: Scene, val: Val, wanted: AnyType, *, last: bool = False) -> b.Expr:
    """The value as an owned one of a type. Raises UntranslatedError where it doesn't fit."""
    inner = option_of(wanted)
    kind = without_reference(val.type)
    if (found := as_variant(scene, val, wanted)) is not None:
        return found
    if kind == wanted:
        return owned(scene, val, last=last)
    if is_none(val) and inner is not None:
        return b.Path(NONE)
    if wanted == VALUE:
        return as_json(scene, val)
    if val.type == EMPTY and inside(wanted, "Vec") is not None:
        return val.expr
    if wanted == OBJECT and (entries := as_entries(val)) is not None:
        return entries
    if wanted == STRING and val.type == STR:
        return b.Method(val.expr, "to_string")
    if wanted == F64 and kind == I64:
        if val.known is not None and isinstance(val.known.value, int):
            return b.Lit(floating(float(val.known.value)))
        raise UntranslatedError("an integer where a float is wanted")
    held = option_of(kind)
    if inner is not None and isinstance(held, Reference):
        if held == STR and inner == STRING:
            return b.Method(val.expr, "map", (b.Path(symbol("str"), ("to_string",)),))
        if held.inner == inner and scene.shapes.has(inner, "Clone"):
            return b.Method(val.expr, "cloned")
    if inner is not None:
        return b.Call(b.Path(SOME), (fitting(scene, val, inner, last=last),))
    raise UntranslatedError(f"a value of {shown(kind)} where {shown(wanted)} is wanted")


def as_json(scene: Scene, val: Val) -> b.Expr:
    """The value as JSON: borrowed, whatever it is."""
    scene.need_json()
    if val.hidden:
        raise UntranslatedError("who is let in, as JSON")
    if is_none(val):
        return b.Path(VALUE.head, ("Null",))
    if isinstance(val.expr, b.Json) or (isinstance(val.expr, b.Macro) and val.expr.symbol == JSON):
        return val.expr
    if (dumped := _dumped(val)) is not None:
        return dumped
    if val.type == EMPTY:
        return b.Macro(JSON, (b.ArrayOf(),))
    if not scene.shapes.is_written(val.type):
        raise UntranslatedError("a value that can't be written as JSON")
    if not is_short(val.expr):  # on several lines rustfmt puts a comma behind it
        kind = STRING if val.type == STR else without_reference(val.type)
        if not _is_value(kind):
            raise UntranslatedError("a call as JSON by itself")
        given = fitting(scene, val, kind)
        return given if kind == VALUE else b.Call(b.Path(VALUE.head, ("from",)), (given,))
    return b.Macro(JSON, (in_json(scene, val),))


def as_entries(val: Val) -> b.Expr | None:
    """A dict's display as a map of serde_json's; None for another value."""
    empty = b.Macro(JSON, (b.Lit("{}"),))
    if val.type != VALUE or val.place:
        return None
    if val.expr == empty:
        return b.Call(b.Path(OBJECT.head, ("new",)))
    if not isinstance(val.expr, b.Json) or not val.expr.entries:
        return None
    held = b.Method(b.Method(val.expr, "as_object"), "cloned")
    return b.Method(held, "unwrap_or_default")


def _dumped(val: Val) -> b.Macro | None:
    """The JSON of a model that was made a dict (`expressions/modeldicts.py`)."""
    made = val.expr
    for name in ("unwrap_or_default", "cloned", "as_object"):
        if val.type != OBJECT or not isinstance(made, b.Method) or made.name != name or made.args:
            return None
        made = made.receiver
    return made if isinstance(made, b.Macro) and made.symbol == JSON and made.args else None


def is_short(part: b.Expr) -> bool:
    """Whether an expression surely stands on one line."""
    if isinstance(part, (b.Access, b.Unary)):
        return is_short(part.of)
    if isinstance(part, b.Method):
        return not part.args and is_short(part.receiver)
    return isinstance(part, (b.Name, b.Lit, b.Path, b.Cast))


def _is_value(kind: AnyType) -> bool:
    """Whether `Value::from` takes values of a type."""
    inner = inside(kind, "Vec", "Option")
    return _is_value(inner) if inner is not None else kind in (*_PLAIN, VALUE, OBJECT)


def in_json(scene: Scene, val: Val) -> b.Expr:
    """The value inside of `json!`, which borrows."""
    if val.hidden:
        raise UntranslatedError("who is let in, as JSON")
    if is_none(val):
        return b.Name("null")
    if val.type == EMPTY:
        return b.ArrayOf()
    if (dumped := _dumped(val)) is not None:
        return dumped.args[0]
    if isinstance(val.expr, (b.Json, b.Macro)) or not val.wrapped:
        if not scene.shapes.is_written(val.type):
            raise UntranslatedError("a value that can't be written as JSON")
        return as_held(val.expr)
    return written(val)


def shown(kind: AnyType) -> str:
    """A type for a reason that people read."""
    if isinstance(kind, Reference):
        return f"&{shown(kind.inner)}"
    if isinstance(kind, Type):
        args = ", ".join(map(shown, kind.args))
        return f"{kind.head.name}<{args}>" if args else kind.head.name
    return "()" if not getattr(kind, "items", ()) else "a tuple"
