"""What a handler's values become: JSON of its model, a status alone, or answers of its own."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.facts.items import Endpoint
from port_lsp.facts.source import Place, SourceFile
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.pythontext import python_function
from port_lsp.patterns.endpoints.says import Returns
from port_lsp.patterns.translate.answers import Answer
from port_lsp.patterns.translate.replies.asked import Asked
from port_lsp.patterns.translate.replies.kinds import whole
from port_lsp.writing.ir.types import AnyType, Type

_OK = 200


# FastAPI: its docs, "Response Model": what leaves parts of it out. `…_exclude_unset` the models'
# structs know of.
_CUTS = frozenset((
    "response_model_include", "response_model_exclude", "response_model_exclude_none",
    "response_model_exclude_defaults", "response_model_by_alias",
))  # fmt: skip


def is_cut(source: SourceFile, place: Place) -> bool:
    """Whether a route says that its answer isn't the whole response model."""
    node = python_function(source, place)
    calls = [one for one in node.decorator_list if isinstance(one, ast.Call)] if node else []
    if calls:
        words = [word for one in calls for word in one.keywords]
        return any(word.arg in _CUTS or word.arg is None for word in words)
    text = source.text.data.decode("utf-8", "replace")
    return any(f"{one}=" in text for one in _CUTS)  # it is registered somewhere in the file


def answering(
    desk: Desk,
    endpoints: Sequence[Endpoint],
    returns: Returns,
    written: AnyType | None,
    needs: Needs,
    own: Asked,
) -> tuple[Answer | None, AnyType | None]:
    """What the handler gives, and what its return type is then; None where nothing is known of
    it."""
    signature = endpoints[0].signature
    if any(one.kind == "websocket" for one in endpoints):
        return Answer(whole(desk), returns.result is not None), written
    if any(one.signature.status_code != signature.status_code for one in endpoints):
        return None, written
    kind = signature.response_class or ""
    kind = "" if kind == "JSONResponse" else kind
    status = signature.status_code or _OK
    fails = returns.result is not None
    replies = own.makes or bool(own.param) or bool(kind)
    model = None
    said = None if needs.is_answer(signature.response_model) else signature.response_model
    wire = needs.wire(said) if said else None
    if (returns.fixed is not None or replies) and wire is not None:
        model = needs.type(wire, "Serialize")
    given = signature.status_code
    if returns.fixed is not None:
        if replies and returns.fixed != whole(desk):
            return None, written
        return Answer(None, fails, status, model, wire=wire, kind=kind, given=given), written
    if replies:
        response = whole(desk)
        answer = Answer(
            response, fails, status, model, wire=wire, replies=True, kind=kind, given=given
        )
        return answer, returns.around(response)
    inner = written
    if fails and isinstance(written, Type) and written.args:
        inner = written.args[0]
    return Answer(inner, fails, status, wire=wire) if inner is not None else None, written
