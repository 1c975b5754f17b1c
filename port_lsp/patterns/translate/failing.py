"""The crate's error for a status and a detail, and for what Python raises by itself.

FastAPI answers an exception that nobody handles by 500 (Starlette's docs, "Exceptions", "Errors and
handled exceptions"); where it may be caught, its text is what `str` gives of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.patterns.translate.errors import ErrorType, constant
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.values import (
    I64,
    STR,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    is_text,
    known,
    waits,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import symbol
from port_lsp.writing.printer.literals import string

if TYPE_CHECKING:
    from port_lsp.patterns.translate.scene import Scene


def failure(scene: Scene, status: int, detail: Val) -> b.Expr:
    """The crate's error for a status and a detail."""
    errors = scene.errors
    if errors is None or not scene.answer.fails:
        raise UntranslatedError("an error in a handler that can't fail")
    variant = errors.variant(status)
    if variant is not None and is_text(detail):
        known_text = detail.type == STR and detail.known is not None
        text = b.Method(detail.expr, "into") if known_text else fitting(scene, detail, STRING)
        return b.Call(b.Path(errors.symbol, (variant,)), (text,))
    name = constant(status)
    if not errors.maker or name is None:
        raise UntranslatedError(f"an error of status {status}, which the crate has none for")
    number = b.Path(errors.status, (name,))
    return b.Call(b.Path(errors.symbol, (errors.maker,)), (number, _told(scene, detail)))


def failure_of(scene: Scene, status: Val, detail: Val) -> b.Expr:
    """The same for a status that the code doesn't say; 500 for a number that is none, which no
    server can send."""
    errors = scene.errors
    if errors is None or not scene.answer.fails or not errors.maker:
        raise UntranslatedError("an error of a status that isn't known")
    if status.type != I64 or waits(status.expr):
        raise UntranslatedError("an HTTPException whose status isn't known")
    number, from_u16 = status.expr, b.Path(errors.status, ("from_u16",))
    if isinstance(number, b.Call) and number.function == b.Path(I64.head, ("from",)):
        made: b.Expr = b.Call(from_u16, number.args)
    else:
        small = b.Method(b.Call(b.Path(symbol("u16"), ("try_from",)), (number,)), "ok")
        found = b.Method(b.Call(from_u16, (b.Name("status"),)), "ok")
        made = b.Method(small, "and_then", (b.Closure((b.Bind("status"),), found),))
    other = b.Path(errors.status, ("INTERNAL_SERVER_ERROR",))
    whole = b.Method(made, "unwrap_or", (other,))
    return b.Call(b.Path(errors.symbol, (errors.maker,)), (whole, _told(scene, detail)))


def _told(scene: Scene, detail: Val) -> b.Expr:
    """A detail, as the error's own function takes it."""
    if detail.place and detail.type == STRING:
        return fitting(scene, detail, STRING)
    return detail.expr if detail.type in (STR, STRING) else fitting(scene, detail, VALUE)


def broken(scene: Scene, kind: str, text: str | Val) -> b.Expr:
    """The error for an exception of Python's own: its class and its text. A crate that can't tell
    those apart answers status 500."""
    errors = scene.errors
    if errors is None or not errors.exception:
        told = text if scene.may_be_caught else "Internal Server Error"
        return failure(scene, 500, known(told) if isinstance(told, str) else told)
    if not scene.answer.fails:
        raise UntranslatedError("an exception in a handler that can't fail")
    said = known(text) if isinstance(text, str) else text
    plain = said.type == STR and said.known is not None
    given = b.Method(said.expr, "into") if plain else fitting(scene, said, STRING)
    return b.Call(b.Path(errors.symbol, (errors.exception,)), (b.Lit(string(kind)), given))


def logged(errors: ErrorType | None, before: str = "") -> b.Expr:
    """`tracing::error!` of the variable `error`, behind a text; one that has no text is shown as
    `Debug` does it."""
    way = "{error}" if errors is None or errors.is_shown else "{error:?}"
    return b.Macro(symbol("tracing::error"), (b.Lit(string(f"{before}{way}")),))


def unsaid(scene: Scene, kind: str) -> b.Expr:
    """The same for one whose text isn't known."""
    return broken(scene, kind, "Internal Server Error")


def or_broken(
    scene: Scene, option: b.Expr, kind: str, text: str, *, among: frozenset[str] = frozenset()
) -> b.Expr:
    """What an Option holds; where it holds nothing, Python raises. `among` are the classes, where
    it depends on the value which one that is."""
    if scene.result is None:
        raise UntranslatedError("an exception in a handler that can't fail")
    if among:
        scene.doubts.add(among)
    made = b.Closure((), broken(scene, kind, text))
    return b.Try(b.Method(option, "ok_or_else", (made,)))
