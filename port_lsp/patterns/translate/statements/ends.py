"""`return`, and `raise` of FastAPI's HTTPException (the guide's pattern 4)."""

from __future__ import annotations

import ast
from http import HTTPStatus

from port_lsp.patterns.translate.expressions.conversions import answered
from port_lsp.patterns.translate.expressions.displays import is_map, typed_map
from port_lsp.patterns.translate.failing import failure
from port_lsp.patterns.translate.replies.kinds import is_whole
from port_lsp.patterns.translate.scene import Env, Scene, dotted
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import (
    ERR,
    VALUE,
    UntranslatedError,
    Val,
    is_none,
    known,
    waits,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT

CAUGHT = "raise"
"""The name under which a block knows the error that a bare `raise` raises again."""
_EXCEPTIONS = frozenset(
    f"{name}.HTTPException"
    for name in ("fastapi", "fastapi.exceptions", "starlette.exceptions", "starlette")
)


def returned(blocks: Blocks, node: ast.Return, env: Env, last: bool) -> Step:
    """What the function gives."""
    scene = blocks.scene
    if scene.answer.is_cut and node.value is not None:
        raise UntranslatedError("an answer of which the route leaves something out")
    if isinstance(node.value, ast.Dict) and is_map(wanted := scene.answer.value):
        val = typed_map(scene, node.value, wanted, env)
    else:
        val = scene.value(node.value, env) if node.value is not None else known(None)
        val = answered(scene, val)
    before: tuple[b.Statement, ...] = ()
    made = val.type in (UNIT, VALUE) or is_whole(val.type)
    if waits(val.expr) and scene.answer.is_json and not made:
        name = env.free("answer")
        before = (b.Let(b.Bind(name), val.expr),)
        val = Val(b.Name(name), val.type, True, name)
    step = ended(scene.answer.of(scene, val), env, last=last)
    return Step((*before, *step.statements), env, step.tail, ends=True)


def ended(result: b.Expr, env: Env, *, last: bool) -> Step:
    """The end of the function with a result: its last expression, or a return."""
    if last:
        return Step((), env, result, ends=True)
    return Step((b.Do(b.Jump("return", result)),), env, ends=True)


def raised(blocks: Blocks, node: ast.Raise, env: Env, last: bool) -> Step:
    """The error that the crate answers with that status."""
    scene = blocks.scene
    caught = env.names.get(CAUGHT)
    again = node.exc is None or (
        isinstance(node.exc, ast.Name) and env.names.get(node.exc.id) == caught
    )
    if again and caught is not None:
        return ended(b.Call(b.Path(ERR), (caught.expr,)), env, last=last)
    if not isinstance(node.exc, ast.Call):
        raise UntranslatedError("raise of what was caught")
    meaning = scene.meaning(node.exc.func, env)
    if not isinstance(meaning, m.Outside) or meaning.name not in _EXCEPTIONS:
        raise UntranslatedError(f"raise of {dotted(node.exc.func)}")
    error = http_error(scene, node.exc, env)
    return ended(b.Call(b.Path(ERR), (error,)), env, last=last)


def http_error(scene: Scene, node: ast.Call, env: Env) -> b.Expr:
    """The crate's error for a call of HTTPException."""
    words = {one.arg: one.value for one in node.keywords}
    args = dict(zip(("status_code", "detail", "headers"), node.args, strict=False))
    given = {**args, **words}
    if set(given) - {"status_code", "detail", "headers"} or "status_code" not in given:
        raise UntranslatedError("an HTTPException with more than status and detail")
    headers = given.get("headers")
    if headers is not None and not is_none(scene.value(headers, env)):
        raise UntranslatedError("an HTTPException with headers")
    status = scene.value(given["status_code"], env).known
    if status is None or not isinstance(status.value, int):
        raise UntranslatedError("an HTTPException whose status isn't known")
    detail = scene.value(given["detail"], env) if "detail" in given else known(None)
    if is_none(detail):  # Starlette: the status' own phrase
        detail = known(_phrase(status.value))
    return failure(scene, status.value, detail)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError as error:
        raise UntranslatedError("a status without a phrase") from error
