"""What is asked of an answer by its attributes."""

from __future__ import annotations

from port_lsp.patterns.translate.clients.kinds import OK, kind_of
from port_lsp.patterns.translate.libraries.making import rust
from port_lsp.patterns.translate.values import BOOL, I64, UntranslatedError, Val

_STATUS = "i64::from(of.status().as_u16())"


def answer_attribute(of: Val, name: str) -> Val | None:
    """An attribute of an answer; None for what is none."""
    kind = kind_of(of)
    if kind is None:
        return None
    text: str | None = None
    if name == ("status" if kind.name == "aiohttp" else "status_code"):
        text = _STATUS
    elif name == "ok" and kind.name == "requests":
        text = OK
    elif name == "ok" and kind.name == "aiohttp":
        text = "(0..400).contains(&of.status().as_u16())"
    elif name == "is_success" and kind.name == "httpx":
        text = "of.status().is_success()"
    if text is None:
        raise UntranslatedError(f"the attribute {name} of an answer")
    return Val(rust(text, {"of": of.expr}), I64 if text == _STATUS else BOOL)
