"""What a handler answers with, as a concrete type: `-> impl Trait` can't be given by `todo!()`.

axum: docs of `axum::response`; a tuple of status and answer is an answer. FastAPI: docs "Response
Model", "Custom Response"; a handler's own Response goes out as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.facts.items import Endpoint
from port_lsp.patterns.endpoints.conventions import Conventions, GuardWay
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.rusttypes import STRING, VALUE
from port_lsp.writing.ir.types import AnyType, Tuple, Type, named

RESPONSE = named("axum::response::Response")
STATUS = named("axum::http::StatusCode")
_OK = 200
_NO_BODY = frozenset((204, 205, 304))
# What Starlette's response classes answer with.
_BY_CLASS = {
    "HTMLResponse": named("axum::response::Html", STRING),
    "PlainTextResponse": STRING,
    "RedirectResponse": named("axum::response::Redirect"),
    "StreamingResponse": RESPONSE,
    "FileResponse": RESPONSE,
    "Response": RESPONSE,
}
_BY_KIND = {
    "redirect": named("axum::response::Redirect"),
    "html": named("axum::response::Html", STRING),
}


def answer(
    endpoints: Sequence[Endpoint], conventions: Conventions, needs: Needs, way: GuardWay
) -> AnyType:
    """The return type of a handler with these routes, which is guarded this way."""
    returns = conventions.returns(way)
    if not conventions.axum:
        return returns.around(named("actix_web::HttpResponse"))
    if any(one.kind == "websocket" for one in endpoints):
        return returns.around(RESPONSE)
    return returns.around(_axum(endpoints[0], conventions, needs))


def _axum(endpoint: Endpoint, conventions: Conventions, needs: Needs) -> AnyType:
    signature = endpoint.signature
    status = signature.status_code or _OK
    if status in _NO_BODY:
        return STATUS
    kinds = [kind for kind in signature.kinds if kind not in ("background", "websocket")]
    named_class = (signature.response_class or "").rpartition(".")[2]
    inner = _BY_CLASS.get(named_class)
    if inner is None and kinds:
        # A handler that sometimes streams and sometimes gives JSON has one type for both.
        alone = len(kinds) == 1 and signature.response_model is None
        inner = _BY_KIND.get(kinds[0], RESPONSE) if alone else RESPONSE
    if inner is None and needs.is_answer(signature.response_model):
        inner = RESPONSE
    if inner is None:
        wire = needs.wire(signature.response_model) if signature.response_model else None
        kind = needs.type(wire, "Serialize") if wire is not None else VALUE
        inner = Type(conventions.json(), (VALUE if kind == Tuple() else kind,))
    if status == _OK or inner == RESPONSE:
        return inner
    return Tuple((STATUS, inner))
