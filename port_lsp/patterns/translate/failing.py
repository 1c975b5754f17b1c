"""The crate's error for a status and a detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.patterns.translate.errors import constant
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.values import STR, STRING, VALUE, UntranslatedError, Val, is_text
from port_lsp.writing.ir import body as b

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
