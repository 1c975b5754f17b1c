"""`return`, and `raise` of FastAPI's HTTPException (the guide's pattern 4)."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from http import HTTPStatus

from msgspec.structs import replace

from port_lsp.patterns.translate.expressions.conversions import answered
from port_lsp.patterns.translate.expressions.displays import is_map, typed_map
from port_lsp.patterns.translate.expressions.fstrings import said
from port_lsp.patterns.translate.failing import broken, failure, failure_of
from port_lsp.patterns.translate.ownexceptions import (
    HTTP_EXCEPTIONS,
    Said,
    http_arguments,
    own_raised,
)
from port_lsp.patterns.translate.raising import raised_with_text
from port_lsp.patterns.translate.replies.background import answered as with_tasks
from port_lsp.patterns.translate.replies.background import has_tasks
from port_lsp.patterns.translate.replies.headers import header
from port_lsp.patterns.translate.replies.kinds import is_whole
from port_lsp.patterns.translate.scene import Env, Scene, dotted
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import (
    ERR,
    VALUE,
    UntranslatedError,
    Val,
    is_none,
    is_text,
    known,
    waits,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT
from port_lsp.writing.printer.literals import string

CAUGHT = "raise"
"""The name under which a block knows the error that a bare `raise` raises again."""


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
    before, val = _opened(val, env)
    made = val.type in (UNIT, VALUE) or is_whole(val.type)
    if waits(val.expr) and scene.answer.is_json and not made:
        name = env.free("answer")
        before = (*before, b.Let(b.Bind(name), val.expr))
        val = Val(b.Name(name), val.type, True, name)
    later, result = with_tasks(scene, scene.answer.of(scene, val), env)
    step = ended(result, env, last=last)
    return Step((*before, *later, *step.statements), env, step.tail, ends=True)


def _opened(val: Val, env: Env) -> tuple[tuple[b.Statement, ...], Val]:
    """What stands in front of a value, and that: nothing behind it asks for a variable that one of
    those hides, but what is left to do."""
    whole = val.expr
    if not isinstance(whole, b.Block) or whole.word or whole.tail is None or has_tasks(env):
        return (), val
    return whole.statements, replace(val, expr=whole.tail)


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
        if scene.vague and scene.is_read:
            raise UntranslatedError("raise of what another library raised")
        return ended(b.Call(b.Path(ERR), (caught.expr,)), env, last=last)
    if node.exc is None:
        raise UntranslatedError("raise of what was caught")
    call = node.exc if isinstance(node.exc, ast.Call) else ast.Call(node.exc, [], [])
    meaning = scene.meaning(call.func, env)
    name = meaning.name if isinstance(meaning, m.Outside) else ""
    if name in HTTP_EXCEPTIONS:
        error = http_error(scene, call, env)
    elif isinstance(meaning, m.Kind):
        error = _own(scene, meaning.key, call, env)
    elif (kind := raised_with_text(name)) and scene.errors is not None and scene.errors.exception:
        error = broken(scene, kind, _said(scene, call, env))
    else:
        raise UntranslatedError(f"raise of {dotted(call.func) or 'what was caught'}")
    return ended(b.Call(b.Path(ERR), (error,)), env, last=last)


def _own(scene: Scene, key: str, call: ast.Call, env: Env) -> b.Expr:
    """The crate's error for an exception of the backend's own (its item key)."""
    try:
        return _answering(scene, http_arguments(scene, key, call, env))
    except UntranslatedError:
        if scene.errors is None or not scene.errors.exception:
            raise
        return broken(scene, *own_raised(scene, key, call, env))


def _said(scene: Scene, node: ast.Call, env: Env) -> Val:
    """What an exception says that is made with nothing or one text; `str` of another one."""
    if not node.args and not node.keywords:
        return known("")
    if len(node.args) != 1 or node.keywords:
        raise UntranslatedError("an exception of several values")
    val = scene.value(node.args[0], env)
    if scene.is_error(val):
        return said(scene, val)
    if not is_text(val):
        raise UntranslatedError("an exception of what is no text")
    return val


def http_error(scene: Scene, node: ast.Call, env: Env) -> b.Expr:
    """The crate's error for a call of HTTPException."""
    words = {one.arg: one.value for one in node.keywords}
    args = dict(zip(("status_code", "detail", "headers"), node.args, strict=False))
    given = {one: Said(value, scene, env) for one, value in {**args, **words}.items() if one}
    if len(given) != len({**args, **words}):
        raise UntranslatedError("an HTTPException with more than status and detail")
    return _answering(scene, given)


def _answering(scene: Scene, given: Mapping[str, Said]) -> b.Expr:
    """The crate's error for the arguments of HTTPException."""
    if set(given) - {"status_code", "detail", "headers"} or "status_code" not in given:
        raise UntranslatedError("an HTTPException with more than status and detail")
    headers = _headers(scene, given.get("headers"))
    said = given["status_code"].value()
    detail = given["detail"].value() if "detail" in given else known(None)
    if said.known is None and not is_none(detail):
        error = failure_of(scene, said, detail)
    elif said.known is not None and isinstance(said.known.value, int):
        if is_none(detail):  # Starlette: the status' own phrase
            detail = known(_phrase(said.known.value))
        error = failure(scene, said.known.value, detail)
    else:
        raise UntranslatedError("an HTTPException whose status isn't known")
    for name, value in headers:
        assert scene.errors is not None
        error = b.Method(error, scene.errors.header, (b.Lit(string(name)), b.Lit(string(value))))
    return error


def _headers(scene: Scene, said: Said | None) -> list[tuple[str, str]]:
    """The headers of an HTTPException, all of which are known. Raises UntranslatedError, also where
    the crate's error can't carry any."""
    node = said.node if said is not None else None
    if said is None or (isinstance(node, ast.Constant) and node.value is None):
        return []
    if not isinstance(node, ast.Dict) or scene.errors is None or not scene.errors.header:
        raise UntranslatedError("an HTTPException with headers")
    found: list[tuple[str, str]] = []
    for key, value in zip(node.keys, node.values, strict=True):
        name = said.scene.value(key, said.env).known if key is not None else None
        if name is None or not isinstance(name.value, str):
            raise UntranslatedError("an HTTPException with headers")
        made = header(scene, name.value, said.scene.value(value, said.env))
        if made.text is None:
            raise UntranslatedError("an HTTPException with headers that aren't known")
        found.append((made.name, made.text))
    return found


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError as error:
        raise UntranslatedError("a status without a phrase") from error
