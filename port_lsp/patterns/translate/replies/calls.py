"""`Response(content, …)` and its kin, as Starlette makes them (`starlette.responses`)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING
from urllib.parse import quote

from port_lsp.patterns.translate.ownership import as_json, fitting
from port_lsp.patterns.translate.replies.building import Body, Reply, built
from port_lsp.patterns.translate.replies.headers import Header, header, plain
from port_lsp.patterns.translate.replies.kinds import response_class, whole
from port_lsp.patterns.translate.replies.quoting import quoted
from port_lsp.patterns.translate.values import (
    BOOL,
    I64,
    STR,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    inside,
    is_none,
    is_text,
    known,
    option_of,
    waits,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType

if TYPE_CHECKING:
    from port_lsp.patterns.translate.scene import Env, Scene

_MEDIA = {"PlainTextResponse": "text/plain", "HTMLResponse": "text/html"}
_ORDER = ("content", "status_code", "headers", "media_type", "background")
_REDIRECT = ("url", "status_code", "headers", "background")
# RedirectResponse: what its `quote` leaves as it is.
SAFE = ":/%#?=@[]!$&'()*+,;"
_TEMPORARY = 307
_OK = 200
_BODILESS = frozenset((204, 205, 304))


def replied(scene: Scene, node: ast.Call, env: Env) -> Val | None:
    """A response; None for another call. Raises UntranslatedError."""
    kind = response_class(scene.meaning(node.func, env))
    if not kind:
        return None
    if kind in ("StreamingResponse", "FileResponse", "ORJSONResponse", "UJSONResponse"):
        raise UntranslatedError(f"a call of {kind}")
    given = arguments(node, _REDIRECT if kind == "RedirectResponse" else _ORDER)
    if kind == "RedirectResponse":
        return Val(_redirected(scene, given, env), whole(scene.desk))
    status = status_of(scene, given, env, _OK)
    headers = headers_of(scene, given, env)
    if kind == "JSONResponse":
        content = given.get("content")
        if content is None or "media_type" in given:
            raise UntranslatedError("a JSONResponse without content")
        check_plain(scene, content, env)
        value = scene.value(content, env)
        body = Body("json", as_json(scene, value))
        reply = Reply(status, headers, body)
    else:
        media = media_of(scene, given, env, _MEDIA.get(kind))
        reply = Reply(status, typed(scene, headers, media), _content(scene, given, env))
    if reply.status in _BODILESS and reply.body.kind != "empty":
        raise UntranslatedError("a response of a status without a body that has one")
    return Val(built(scene, reply), whole(scene.desk))


def redirect(scene: Scene, url: Val, status: int | None) -> Reply:
    """What `RedirectResponse(url)` sends."""
    if url.known is not None and isinstance(url.known.value, str):
        location = plain(scene, "location", quote(url.known.value, safe=SAFE))
    elif is_text(url) and not url.wrapped:
        location = header(scene, "location", quoted(scene, url))
    else:
        raise UntranslatedError("a redirection to what is no text")
    return Reply(status or _TEMPORARY, (location,), Body("empty"))


def texts(scene: Scene, kind: str, val: Val, status: int) -> Reply:
    """What a class of responses to texts (`response_class=…`) makes of one."""
    if kind not in _MEDIA or not is_text(val):
        raise UntranslatedError(f"a {kind} of a value")
    return Reply(status, typed(scene, (), _MEDIA[kind]), Body("text", _text(scene, val)))


def _redirected(scene: Scene, given: dict[str, ast.expr], env: Env) -> b.Expr:
    if "url" not in given:
        raise UntranslatedError("a redirection to nowhere")
    status = status_of(scene, given, env, _TEMPORARY)
    headers = headers_of(scene, given, env)
    reply = redirect(scene, scene.value(given["url"], env), status)
    if any(one.name == "location" for one in headers):
        raise UntranslatedError("a redirection with two locations")
    return built(scene, Reply(status, (*headers, *reply.headers), reply.body))


def arguments(node: ast.Call, order: tuple[str, ...]) -> dict[str, ast.expr]:
    """The arguments of a response by name. Raises UntranslatedError for others."""
    if len(node.args) > len(order) or any(isinstance(one, ast.Starred) for one in node.args):
        raise UntranslatedError("a response with arguments that aren't known")
    found = dict(zip(order, node.args, strict=False))
    for one in node.keywords:
        if one.arg not in order or one.arg in found:
            raise UntranslatedError("a response with arguments that aren't known")
        found[one.arg] = one.value
    if "background" in found:
        raise UntranslatedError("a response with a background task of its own")
    return found


def status_of(scene: Scene, given: dict[str, ast.expr], env: Env, default: int) -> int:
    """The status that a call says."""
    if "status_code" not in given:
        return default
    val = scene.value(given["status_code"], env).known
    if val is None or not isinstance(val.value, int) or isinstance(val.value, bool):
        raise UntranslatedError("a response whose status isn't known")
    if val.value < _OK:
        raise UntranslatedError("a response of a status that isn't final")
    return val.value


def headers_of(scene: Scene, given: dict[str, ast.expr], env: Env) -> tuple[Header, ...]:
    """The headers that a call says."""
    node = given.get("headers")
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return ()
    if not isinstance(node, ast.Dict):
        raise UntranslatedError("a response whose headers aren't known")
    found: dict[str, Header] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        name = scene.value(key, env).known if key is not None else None
        if name is None or not isinstance(name.value, str) or name.value.lower() in found:
            raise UntranslatedError("a response whose headers aren't known")
        found[name.value.lower()] = header(scene, name.value, scene.value(value, env))
    return tuple(found.values())


def media_of(scene: Scene, given: dict[str, ast.expr], env: Env, default: str | None) -> str | None:
    """The media type that a call says, else that of its class."""
    if "media_type" not in given:
        return default
    val = scene.value(given["media_type"], env)
    if is_none(val):
        return default
    if val.known is None or not isinstance(val.known.value, str):
        raise UntranslatedError("a response whose media type isn't known")
    return val.known.value


def typed(scene: Scene, headers: tuple[Header, ...], media: str | None) -> tuple[Header, ...]:
    """Headers with the media type among them, if none is there."""
    if not media or any(one.name == "content-type" for one in headers):
        return headers
    if media.startswith("text/") and "charset=" not in media.lower():
        media += "; charset=utf-8"
    return (plain(scene, "content-type", media), *headers)


def check_plain(scene: Scene, node: ast.expr, env: Env) -> None:
    """Raises UntranslatedError for what `json.dumps` may refuse, or writes otherwise than serde:
    models, and floats."""
    if isinstance(node, ast.Dict):
        for one in (*filter(None, node.keys), *node.values):
            check_plain(scene, one, env)
    elif isinstance(node, (ast.List, ast.Tuple)):
        for one in node.elts:
            check_plain(scene, one, env)
    elif not _is_plain(scene.value(node, env)):
        raise UntranslatedError("a value that json.dumps may not know")


def _is_plain(val: Val) -> bool:
    return is_none(val) or _is_plain_type(val.type)


def _is_plain_type(kind: AnyType) -> bool:
    kind = without_reference(kind)
    inner = option_of(kind) or inside(kind, "Vec")
    if inner is not None:
        return _is_plain_type(inner)
    return kind in (I64, BOOL, STRING, VALUE, without_reference(STR))


def _content(scene: Scene, given: dict[str, ast.expr], env: Env) -> Body:
    node = given.get("content")
    if node is None:
        return Body("empty")
    val = scene.value(node, env)
    if is_none(val) or (val.known is not None and val.known.value == ""):
        return Body("empty")
    if not is_text(val) or val.wrapped:
        raise UntranslatedError("a response whose content is no text")
    if waits(val.expr):
        raise UntranslatedError("a call as a response's content by itself")
    return Body("text", _text(scene, val))


def _text(scene: Scene, val: Val) -> b.Expr:
    if val.known is not None and isinstance(val.known.value, str):
        return known(val.known.value).expr
    return fitting(scene, val, STRING)
