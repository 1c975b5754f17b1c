"""What is set on a response: `response.headers["x"] = …`, `set_cookie`, `status_code = …`.

FastAPI's docs, "Response Cookies", "Response Headers", "Response - Change Status Code": on what it
hands to a handler, that goes to the answer that it makes of what the handler returns; an answer of
the handler's own goes out without.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.replies.building import said, status
from port_lsp.patterns.translate.replies.cookies import cookie, dropped
from port_lsp.patterns.translate.replies.headers import Header, header
from port_lsp.patterns.translate.replies.kinds import ACTIX_BEGUN, is_begun, is_whole
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import NotMineError, UntranslatedError, Val
from port_lsp.writing.ir import body as b

_FIRST = 200
_BODILESS = frozenset((204, 205, 304))


def headed(blocks: Blocks, node: ast.Assign, env: Env, _: bool) -> Step:
    """`response.headers["x"] = value`, `response.status_code = 201`."""
    if len(node.targets) != 1:
        raise UntranslatedError("an assignment to several names")
    (target,) = node.targets
    scene = blocks.scene
    if isinstance(target, ast.Attribute) and target.attr == "status_code":
        of = _response(scene, target.value, env)
        code = scene.value(node.value, env).known
        if code is None or not isinstance(code.value, int) or isinstance(code.value, bool):
            raise UntranslatedError("a response whose status isn't known")
        if code.value < _FIRST or code.value in _BODILESS:
            raise UntranslatedError("a response that gets a status without a body")
        if of.type == ACTIX_BEGUN:
            done = b.Do(b.Method(of.expr, "status", (status(scene, code.value),)))
            return Step((done,), env)
        place = b.Unary("*", b.Method(of.expr, "status_mut"))
        return Step((b.Assign(place, status(scene, code.value)),), env)
    if not isinstance(target, ast.Subscript) or not _is_headers(target.value):
        raise UntranslatedError("an assignment to a part")
    assert isinstance(target.value, ast.Attribute)
    of = _response(scene, target.value.value, env)
    return Step(
        (_set(scene, of, _header(scene, of, target.slice, node.value, env), "insert"),), env
    )


def decorated(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """`response.set_cookie(…)`, `response.delete_cookie(…)`, `response.headers.append(…)`."""
    call, scene = node.value, blocks.scene
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        raise NotMineError("an expression that stands alone")
    name, on = call.func.attr, call.func.value
    if name == "append" and _is_headers(on) and len(call.args) == 2 and not call.keywords:
        assert isinstance(on, ast.Attribute)
        of = _response(scene, on.value, env)
        made = _header(scene, of, call.args[0], call.args[1], env)
        return Step((_set(scene, of, made, "append"),), env)
    makers = {"set_cookie": cookie, "delete_cookie": dropped}
    if name not in makers:
        raise NotMineError("an expression that stands alone")
    of = _response(scene, on, env)
    return Step((_set(scene, of, makers[name](scene, call, env), "append"),), env)


def _is_headers(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "headers"


def _response(scene: Scene, node: ast.expr, env: Env) -> Val:
    found = env.names.get(node.id) if isinstance(node, ast.Name) else None
    if found is None or not (is_begun(found.type) or is_whole(found.type)):
        raise UntranslatedError("an assignment to a part")
    return found


def _header(scene: Scene, of: Val, key: ast.expr, value: ast.expr, env: Env) -> Header:
    name = scene.value(key, env).known
    if name is None or not isinstance(name.value, str):
        raise UntranslatedError("a header whose name isn't known")
    found = header(scene, name.value, scene.value(value, env))
    # FastAPI adds what was set to the headers of the answer, which says its type itself.
    if found.name == "content-type" and is_begun(of.type):
        raise UntranslatedError("a second content type")
    return found


def _set(scene: Scene, of: Val, made: Header, way: str) -> b.Statement:
    pair = (said(scene, made.name), made.value)
    if of.type == ACTIX_BEGUN:
        return b.Do(b.Method(of.expr, f"{way}_header", (b.TupleOf(pair),)))
    return b.Do(b.Method(b.Method(of.expr, "headers_mut"), way, pair))
