"""Which types of Rust stand for Starlette's responses, and which names of Python for those."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from port_lsp.types import meanings as m
from port_lsp.writing.ir.types import UNIT, AnyType, named

if TYPE_CHECKING:
    from port_lsp.patterns.desk import Desk

AXUM, ACTIX = named("axum::response::Response"), named("actix_web::HttpResponse")
"""An answer as it goes out."""
AXUM_BEGUN, ACTIX_BEGUN = (
    named("axum::http::Response", UNIT),
    named("actix_web::HttpResponseBuilder"),
)
"""What FastAPI hands to a handler that sets headers of the answer that it doesn't make itself."""
_MODULES = "fastapi|fastapi.responses|starlette.responses|fastapi.datastructures"
_NAME = re.compile(rf"(?:{_MODULES.replace('.', '[.]')})[.](\w+)")
_CLASSES = frozenset(
    ("Response", "PlainTextResponse", "HTMLResponse", "JSONResponse", "RedirectResponse",
     "StreamingResponse", "FileResponse", "ORJSONResponse", "UJSONResponse")
)  # fmt: skip


def response_class(meaning: m.Meaning | None) -> str:
    """Which of Starlette's responses a name means; "" for anything else."""
    found = _NAME.fullmatch(meaning.name) if isinstance(meaning, m.Outside) else None
    return found[1] if found is not None and found[1] in _CLASSES else ""


def whole(desk: Desk) -> AnyType:
    """The type of answers in the crate's framework."""
    return AXUM if desk.framework == "axum" else ACTIX


def begun(desk: Desk) -> AnyType:
    """The type of what a handler sets headers on before it answers."""
    return AXUM_BEGUN if desk.framework == "axum" else ACTIX_BEGUN


def is_whole(kind: AnyType) -> bool:
    """Whether a value is an answer."""
    return kind in (AXUM, ACTIX)


def is_begun(kind: AnyType) -> bool:
    """Whether a value is what FastAPI hands to a handler."""
    return kind in (AXUM_BEGUN, ACTIX_BEGUN)
