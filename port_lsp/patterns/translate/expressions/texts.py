"""What `str` writes of values that are no texts (Python's docs: "Built-in Types"): of truth values,
floats, None and what may be None.

A float is written by the fewest digits that say it, on both sides, and as a power of ten below 1e-4
and from 1e16 on; Python writes such an exponent with its sign and two digits.
"""

from __future__ import annotations

from msgspec.structs import replace

from port_lsp.patterns.translate.expressions.jsontexts import json_text
from port_lsp.patterns.translate.expressions.pythonic import ALSO, FILE
from port_lsp.patterns.translate.ownership import written
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    F64,
    I64,
    STR,
    STRING,
    VALUE,
    Hidden,
    UntranslatedError,
    Val,
    awaits,
    is_none,
    is_text,
    known,
    option_of,
    without_reference,
)
from port_lsp.patterns.translate.widening import as_held
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Reference, named, symbol

_TO_STRING = "to_string"
_NONE = b.Lit('"None"')
_DOCS = "What Python's `str` writes of a float."
_FIXED = "What Python's `.Nf` writes of a float."


def text_of_value(scene: Scene, val: Val) -> Val:
    """A value as `str` writes it, or an integer as it is, which Rust writes so. Raises
    UntranslatedError."""
    kind = without_reference(val.type)
    if isinstance(val, Hidden):
        raise UntranslatedError("a query that isn't run")
    if is_text(val) or val.known is not None or kind == I64:
        return known("None") if is_none(val) else replace(val, expr=as_held(val.expr))
    plain = b.Unary("*", val.expr) if isinstance(val.type, Reference) else written(val)
    if kind == BOOL:
        return Val(_word(plain), STR)
    if kind == F64:
        return Val(b.Call(float_text(scene), (plain,)), STRING)
    if kind == VALUE and not val.hidden:
        of = val.expr if isinstance(val.type, Reference) else b.Unary("&", written(val))
        return Val(b.Call(json_text(scene, float_text(scene)), (of,)), STRING)
    held = option_of(kind)
    if held is not None and not val.wrapped:
        return _optional(scene, val, held)
    raise UntranslatedError("a value in an f-string that is no text")


def _word(plain: b.Expr) -> b.Expr:
    words = (b.Block(tail=b.Lit('"True"')), b.Block(tail=b.Lit('"False"')))
    return b.If(plain, *words)


def _optional(scene: Scene, val: Val, held: AnyType) -> Val:
    """None is written by its name."""
    if held == STRING and (val.place or isinstance(val.type, Reference)):
        return Val(b.Method(b.Method(val.expr, "as_deref"), "unwrap_or", (_NONE,)), STR)
    if held in (STR, Reference(STRING)):
        as_str = b.Path(STRING.head, ("as_str",))
        of = val.expr if held == STR else b.Method(val.expr, "map", (as_str,))
        return Val(b.Method(of, "unwrap_or", (_NONE,)), STR)
    one = b.Name("one")
    if held == BOOL:
        made = b.Closure((b.Bind("one"),), _word(one))
        return Val(b.Method(val.expr, "map_or", (_NONE, made)), STR)
    if held in (I64, F64):
        text = b.Method(one, _TO_STRING) if held == I64 else None
        mapped = b.Closure((b.Bind("one"),), text) if text is not None else float_text(scene)
        none = b.Closure((), b.Method(_NONE, _TO_STRING))
        return Val(b.Method(val.expr, "map_or_else", (none, mapped)), STRING)
    raise UntranslatedError("a value in an f-string that is no text")


def float_text(scene: Scene) -> b.Path:
    """The function that writes a float as Python does."""
    if scene.functions is None:
        raise UntranslatedError("a float as a text, in a handler that can't fail")

    def make(name: str) -> i.Function:
        value, text = b.Name("value"), b.Name("text")
        said = b.Macro(symbol("format"), (b.Lit('"{:?}"'), value))
        nan = b.If(b.Method(value, "is_nan"), b.Block((
            b.Do(b.Jump("return", b.Method(b.Lit('"nan"'), _TO_STRING))),
        )))  # fmt: skip
        parts = b.Method(text, "split_once", (b.Lit("'e'"),))
        pair = b.TuplePattern(None, (b.Bind("digits"), b.Bind("power")))
        sign = b.Method(b.Name("power"), "strip_prefix", (b.Lit("'-'"),))
        digits = (b.Name("digits"), b.Name("power"))
        less, more = (
            b.Macro(symbol("format"), (b.Lit(f'"{{}}e{mark}{{:0>2}}"'), *digits)) for mark in "-+"
        )
        some = symbol("Some")
        inner = b.Match(sign, (
            b.Arm(b.TuplePattern(some, (b.Bind("power"),)), less),
            b.Arm(b.PathPattern(symbol("None")), more),
        ))  # fmt: skip
        whole = b.Match(parts, (
            b.Arm(b.TuplePattern(some, (pair,)), inner),
            b.Arm(b.PathPattern(symbol("None")), text),
        ))  # fmt: skip
        block = b.Block((b.Do(nan), b.Let(b.Bind("text"), said)), whole)
        param = i.Param(b.Bind("value"), F64)
        return i.Function(name, (param,), STRING, block, visibility="pub", docs=(_DOCS,))

    found = scene.functions.helper(
        f"{ALSO}: float_text", FILE, "float_text", _DOCS, scene.needs, make
    )
    return b.Path(found)


def fixed(scene: Scene, val: Val, digits: int) -> Val:
    """A float with so many digits behind the point. Raises UntranslatedError."""
    if without_reference(val.type) != F64 or val.known is not None or scene.functions is None:
        raise UntranslatedError("a format in an f-string")

    def make(name: str) -> i.Function:
        said = b.Macro(symbol("format"), (b.Lit('"{value:.digits$}"'),))
        nan = b.Block(tail=b.Method(b.Lit('"nan"'), _TO_STRING))
        test = b.If(b.Method(b.Name("value"), "is_nan"), nan, b.Block(tail=said))
        params = (i.Param(b.Bind("value"), F64), i.Param(b.Bind("digits"), named("usize")))
        return i.Function(
            name, params, STRING, b.Block(tail=test), visibility="pub", docs=(_FIXED,)
        )

    found = scene.functions.helper(
        f"{ALSO}: fixed_text", FILE, "fixed_text", _FIXED, scene.needs, make
    )
    plain = b.Unary("*", val.expr) if isinstance(val.type, Reference) else written(val)
    return Val(b.Call(b.Path(found), (plain, b.Lit(str(digits)))), STRING)


def told(scene: Scene, val: Val) -> Val:
    """A value for who reads a log, which says in its own way what Python would show otherwise."""
    try:
        return text_of_value(scene, val)
    except UntranslatedError:
        kind = without_reference(val.type)
        if isinstance(val, Hidden) or val.hidden or awaits(val.expr):
            raise
        if not scene.shapes.has(kind, "Debug"):
            raise
    return Val(b.Macro(symbol("format"), (b.Lit('"{:?}"'), written(val))), STRING)
