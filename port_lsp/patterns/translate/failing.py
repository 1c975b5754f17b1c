"""The crate's error for a status and a detail, and for what Python raises by itself.

FastAPI answers an exception that nobody handles by 500 (Starlette's docs, "Exceptions", "Errors and
handled exceptions"); where it may be caught, its text is what `str` gives of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.patterns.translate.errors import constant
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.values import (
    STR,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    is_text,
    known,
)
from port_lsp.writing.ir import body as b
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
    value = detail.expr if detail.type in (STR, STRING) else fitting(scene, detail, VALUE)
    if detail.place and detail.type == STRING:
        value = fitting(scene, detail, STRING)
    number = b.Path(errors.status, (name,))
    return b.Call(b.Path(errors.symbol, (errors.maker,)), (number, value))


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
