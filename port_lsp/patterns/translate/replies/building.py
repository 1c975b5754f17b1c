"""A response in either framework.

axum: docs of `axum::response` (a tuple of a status, headers and a body is an answer; a text brings
`text/plain; charset=utf-8`, `Html` the same of HTML, `Json` application/json, `Body` nothing);
actix-web: docs of `HttpResponseBuilder`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.errors import constant
from port_lsp.patterns.translate.replies.headers import Header, name_of, said
from port_lsp.patterns.translate.values import UntranslatedError
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import symbol
from port_lsp.writing.printer.literals import string

if TYPE_CHECKING:
    from port_lsp.patterns.translate.scene import Scene

INTO = symbol("axum::response::IntoResponse")
_OK = 200
_TEXT, _HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"
_BUILDERS = {200: "Ok", 201: "Created", 202: "Accepted", 204: "NoContent"}


class Body(Record, frozen=True):
    """What a response says: nothing, an owned text, JSON, a stream of texts or bytes."""

    kind: Literal["empty", "text", "json", "stream"]
    value: b.Expr | None = None


class Reply(Record, frozen=True):
    """A response: its status, its headers (the media type among them, but for JSON), its body."""

    status: int
    headers: tuple[Header, ...]
    body: Body


def built(scene: Scene, reply: Reply, begun: b.Expr | None = None) -> b.Expr:
    """The response; `begun` is what was set on it before, with its status. Raises
    UntranslatedError."""
    if scene.desk.framework == "axum":
        return _axum(scene, reply, begun)
    return _actix(scene, reply, begun)


def status(scene: Scene, code: int) -> b.Expr:
    """The constant of a status."""
    name = constant(code)
    if name is None:
        raise UntranslatedError("a status without a name")
    axum = scene.desk.framework == "axum"
    return b.Path(
        symbol("axum::http::StatusCode" if axum else "actix_web::http::StatusCode"), (name,)
    )


def _axum(scene: Scene, reply: Reply, begun: b.Expr | None) -> b.Expr:
    headers, body = reply.headers, reply.body
    media = next((one.text for one in headers if one.name == "content-type"), None)
    said_by = _HTML if media == _HTML else _TEXT
    value = body.value
    if body.kind == "text":
        if media == said_by:
            headers = tuple(one for one in headers if one.name != "content-type")
        if media == _HTML and value is not None:
            value = b.Call(b.Path(symbol("axum::response::Html")), (value,))
        elif not any(one.name == "content-type" for one in reply.headers) and value is not None:
            value = b.Call(b.Path(symbol("axum::body::Body"), ("from",)), (value,))
    elif body.kind == "json" and value is not None:
        value = b.Call(b.Path(scene.answer.json), (value,))
    elif body.kind == "stream" and value is not None:
        value = b.Call(b.Path(symbol("axum::body::Body"), ("from_stream",)), (value,))
    parts: list[b.Expr] = []
    if begun is not None:
        parts.append(begun)
    elif reply.status != _OK:
        parts.append(status(scene, reply.status))
    if headers:
        parts.append(_listed(scene, headers))
    if value is not None:
        parts.append(value)
    if not parts or (begun is not None and len(parts) == 1):
        parts.append(b.TupleOf())
    whole = parts[0] if len(parts) == 1 else b.TupleOf(tuple(parts))
    return b.Method(whole, "into_response", trait=INTO)


def _listed(scene: Scene, headers: tuple[Header, ...]) -> b.Expr:
    """`[(NAME, value)]`, whose names are of one type, as are its values."""
    names = [name_of(scene, one.name) for one in headers]
    known = all(one.text is not None for one in headers)
    rows: list[b.Expr] = []
    for one, name in zip(headers, names, strict=True):
        if name is None or None in names:
            name = b.Lit(string(one.name))
        value = b.Lit(string(one.text)) if known and one.text is not None else one.value
        rows.append(b.TupleOf((name, value)))
    return b.ArrayOf(tuple(rows))


def _actix(scene: Scene, reply: Reply, begun: b.Expr | None) -> b.Expr:
    builder = begun if begun is not None else actix_builder(scene, reply.status)
    for one in reply.headers:
        if one.name == "content-type" and one.text is not None:
            builder = b.Method(builder, "content_type", (b.Lit(string(one.text)),))
            continue
        name = name_of(scene, one.name) or b.Lit(string(one.name))
        value = b.Lit(string(one.text)) if one.text is not None else one.value
        builder = b.Method(builder, "insert_header", (b.TupleOf((name, value)),))
    if reply.body.value is None:
        return b.Method(builder, "finish")
    methods = {"text": "body", "json": "json", "stream": "streaming"}
    return b.Method(builder, methods[reply.body.kind], (reply.body.value,))


def actix_builder(scene: Scene, code: int) -> b.Expr:
    """`HttpResponse::Ok()`."""
    response = symbol("actix_web::HttpResponse")
    name = _BUILDERS.get(code)
    if name is not None:
        return b.Call(b.Path(response, (name,)))
    return b.Call(b.Path(response, ("build",)), (status(scene, code),))


__all__ = ["INTO", "Body", "Reply", "actix_builder", "built", "said", "status"]
