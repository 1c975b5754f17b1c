"""The arguments of a call as a row of the table wants them.

A value must be of the very type that the row says: what Python does with an integer where the row
takes a float may be something else (`max(3, 2.5)` is an integer).
"""

from __future__ import annotations

from collections.abc import Callable

from port_lsp.patterns.translate.ownership import as_str, fitting, owned, written
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import (
    COPIED,
    NONE,
    SOME,
    STRING,
    Hidden,
    UntranslatedError,
    Val,
    inside,
    is_none,
    is_text,
    known,
    option_of,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, Slice, named

BYTES = named("Vec", named("u8"))
_U8, _TEXT = named("u8"), named("str")
_UNSIGNED = (named("usize"), named("u64"), named("u32"))
"""What takes only numbers that stand in the code: another one may be negative."""


def owned_type(kind: AnyType) -> AnyType:
    """The type of a variable that holds what a parameter of a type takes."""
    kind = without_reference(kind)
    if isinstance(kind, Slice) and not kind.length:
        return named("Vec", kind.item)
    return STRING if kind == _TEXT else kind


def fits(val: Val, kind: AnyType) -> bool:
    """Whether a parameter of a type takes a value."""
    if isinstance(val, Hidden) or val.hidden:
        return False
    if kind in _UNSIGNED:
        number = val.known.value if val.known is not None else None
        return isinstance(number, int) and not isinstance(number, bool) and number >= 0
    wanted, given = owned_type(kind), without_reference(val.type)
    inner = option_of(wanted)
    if inner is not None and (is_none(val) or (given != wanted and fits(val, inner))):
        return True
    return owned_type(given) == wanted if not is_text(val) else wanted == STRING


def put(scene: Scene, val: Val, kind: AnyType) -> Callable[[bool], b.Expr]:
    """What writes a value that fits, where it is told whether something of it is asked there.
    Raises UntranslatedError when it is asked to."""

    def made(asked: bool) -> b.Expr:
        if isinstance(kind, Reference):
            return _asked(val) if asked else _lent(val, kind)
        return _kept(scene, val, kind)

    return made


def kept(scene: Scene, val: Val, kind: AnyType) -> b.Expr:
    """A value that fits, for a variable that holds it."""
    return _kept(scene, val, owned_type(kind))


def _asked(val: Val) -> b.Expr:
    return _unpacked(val) or val.expr


def _lent(val: Val, kind: Reference) -> b.Expr:
    if is_text(val):
        return as_str(val)
    if (bytes_ := _unpacked(val)) is not None:
        return bytes_
    if isinstance(val.type, Reference):
        return val.expr
    if isinstance(kind.inner, Slice):  # what takes anything that reads takes no `&Vec`
        return b.Method(val.expr, "as_slice")
    return b.Unary("&", written(val))


def _unpacked(val: Val) -> b.Expr | None:
    """The bytes of a text where they stand, instead of a copy of them that nobody keeps."""
    copied = isinstance(val.expr, b.Method) and val.expr.name == "to_vec" and val.type == BYTES
    return val.expr.receiver if copied and isinstance(val.expr, b.Method) else None


def _kept(scene: Scene, val: Val, kind: AnyType) -> b.Expr:
    if kind in _UNSIGNED:
        assert val.known is not None
        return known(val.known.value).expr
    inner = option_of(kind)
    if inner is not None and without_reference(val.type) != kind:
        return b.Path(NONE) if is_none(val) else b.Call(b.Path(SOME), (_kept(scene, val, inner),))
    if kind == BYTES and isinstance(val.type, Reference):
        return b.Method(val.expr, "to_vec")
    if kind in COPIED:
        return b.Unary("*", val.expr) if isinstance(val.type, Reference) else written(val)
    if kind == STRING:
        return fitting(scene, val, STRING)
    if inside(kind, "Vec") == _U8 and val.place:
        return b.Method(val.expr, "clone")
    return owned(scene, val)


def is_simple(expr: b.Expr) -> bool:
    """Whether an expression may stand several times, or where it is asked for later."""
    if isinstance(expr, (b.Access, b.Unary)):
        return is_simple(expr.of)
    return isinstance(expr, (b.Name, b.Lit, b.Path))


def checked(val: Val) -> Val:
    """A value that isn't behind an extractor. Raises UntranslatedError."""
    if val.wrapped:
        raise UntranslatedError("a call with what an extractor holds")
    return val
