"""Python's own functions, each with what it is in Rust."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from port_lsp.patterns.translate.enums import text_of
from port_lsp.patterns.translate.expressions.fstrings import said
from port_lsp.patterns.translate.expressions.pythonic import length_of
from port_lsp.patterns.translate.expressions.texts import text_of_value
from port_lsp.patterns.translate.expressions.truth import counts
from port_lsp.patterns.translate.failing import or_broken
from port_lsp.patterns.translate.ownership import written
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    I64,
    STR,
    STRING,
    UUID,
    VALUE,
    UntranslatedError,
    Val,
    is_text,
    known,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Reference, Slice, Type, symbol

Builtin = Callable[[Scene, Sequence[Val]], Val]


def _len(scene: Scene, args: Sequence[Val]) -> Val:
    """Characters of a text, items of a list or a map."""
    (of,) = args
    kind = without_reference(of.type)
    if is_text(of):
        counted = b.Method(b.Method(of.expr, "chars"), "count")
        return Val(b.Cast(counted, I64), I64)
    if isinstance(kind, Type) and kind.head.name in ("Vec", "HashMap", "Map", "HashSet"):
        return Val(b.Cast(b.Method(of.expr, "len"), I64), I64)
    if kind == VALUE:
        found = length_of(
            scene, of.expr if isinstance(of.type, Reference) else b.Unary("&", of.expr)
        )
        return Val(or_broken(scene, found, "TypeError", "object has no len()"), I64)
    if isinstance(kind, Slice):
        return Val(b.Cast(b.Method(of.expr, "len"), I64), I64)
    raise UntranslatedError("len of a value")


def _str(scene: Scene, args: Sequence[Val]) -> Val:
    """A text of a text or of an integer."""
    (of,) = args
    text_of(of)
    if of.known is not None and isinstance(of.known.value, (str, int)):
        return known(str(of.known.value))
    if is_text(of):
        return of
    if scene.is_error(of):
        return said(scene, of)
    if without_reference(of.type) == I64:
        return Val(b.Method(written(of), "to_string"), STRING)
    if of.type == UUID:
        return Val(b.Method(of.expr, "to_string"), STRING)
    try:
        made = text_of_value(scene, of)
    except UntranslatedError as error:
        raise UntranslatedError("str of a value") from error
    return Val(b.Method(made.expr, "to_string"), STRING) if made.type == STR else made


def _bool(scene: Scene, args: Sequence[Val]) -> Val:
    (of,) = args
    return Val(counts(scene, of), BOOL)


def _one(rule: Builtin) -> Builtin:
    def checked(scene: Scene, args: Sequence[Val]) -> Val:
        if len(args) != 1:
            raise UntranslatedError("a builtin with several arguments")
        return rule(scene, args)

    return checked


def _int(_: Scene, args: Sequence[Val]) -> Val:
    """An integer of one; the table has what is made of a float, which may be none."""
    (of,) = args
    if without_reference(of.type) == I64:
        return Val(b.Unary("*", of.expr) if isinstance(of.type, Reference) else written(of), I64)
    raise UntranslatedError("int of a value")


def seconds_now(scene: Scene) -> Val:
    """`int(time.time())`: what the table says of each by itself would lose nothing, but this is
    how Rust says it."""
    scene.needs.depend("chrono", "0.4")
    now = b.Call(b.Path(symbol("chrono::Utc"), ("now",)))
    return Val(b.Method(now, "timestamp"), I64)


BUILTINS: Mapping[str, Builtin] = {
    "builtins.len": _one(_len),
    "builtins.str": _one(_str),
    "builtins.bool": _one(_bool),
    "builtins.int": _one(_int),
}
"""By their dotted names."""
