"""`StreamingResponse` of a generator that is written in the handler, right before its return.

Starlette's docs, "StreamingResponse": each text that the generator yields is sent as it comes. The
generator becomes a stream of `async_stream` that owns what it reads.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.answers import Answer
from port_lsp.patterns.translate.binding import stored, walked
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.reading import holes, mentioned
from port_lsp.patterns.translate.replies.building import Body, Reply, built
from port_lsp.patterns.translate.replies.calls import (
    arguments,
    headers_of,
    media_of,
    status_of,
    typed,
)
from port_lsp.patterns.translate.replies.kinds import response_class, whole
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.ends import ended
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import (
    OK,
    STRING,
    NotMineError,
    UntranslatedError,
    Val,
    is_text,
    waits,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, Reference, named, symbol

_ORDER = ("content", "status_code", "headers", "media_type", "background")
_OK = 200
_BODILESS = frozenset((204, 205, 304))
# What a stream can't say: its errors, its end, other generators.
_OTHER = (
    ast.Return, ast.Try, ast.Raise, ast.YieldFrom, ast.FunctionDef, ast.AsyncFunctionDef,
    ast.ClassDef, ast.Lambda, ast.Global, ast.Nonlocal, ast.With, ast.AsyncWith, ast.Await,
)  # fmt: skip


def streamed(blocks: Blocks, node: ast.stmt, env: Env, last: bool) -> Step:
    """The generator with the return that hands it out. Raises UntranslatedError."""
    scene, behind = blocks.scene, blocks.behind(node)
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    given = _streaming(scene, node, behind, env)
    inside = walked(*node.body)
    if any(isinstance(one, _OTHER) for one in inside) or not scene.may_move:
        raise UntranslatedError("a generator that does more than to yield")
    if not any(isinstance(one, ast.Yield) for one in inside):
        raise UntranslatedError("a function in a function")
    own = {name for one in node.body for name in stored(one)}
    if own & env.names.keys():
        raise UntranslatedError("a generator with names of the function around it")
    status = status_of(scene, given, env, _OK)
    if status in _BODILESS:
        raise UntranslatedError("a response of a status without a body that has one")
    headers = typed(scene, headers_of(scene, given, env), media_of(scene, given, env, None))
    stream = b.Block(_yielding(blocks, node, env), None, "async_stream::stream!")
    taken = mentioned(stream)
    if taken & mentioned(tuple(one.value for one in headers)) or _borrows(env, taken):
        raise UntranslatedError("a generator of what it can't own")
    scene.needs.depend("async-stream", "0.3")
    name = env.free("stream")
    reply = Reply(status, headers, Body("stream", b.Name(name)))
    result = scene.answer.of(scene, Val(built(scene, reply), whole(scene.desk)))
    ends = last or (behind is not None and blocks.is_last(behind))
    step = ended(result, env, last=ends)
    return Step((b.Let(b.Bind(name), stream), *step.statements), env, step.tail, ends=True)


def yielded(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """`yield text` in a generator that becomes a stream."""
    scene, value = blocks.scene, node.value
    if not scene.streams or not isinstance(value, ast.Yield) or value.value is None:
        raise NotMineError("an expression that stands alone")
    val = scene.value(value.value, env)
    if not is_text(val) or val.wrapped or waits(val.expr):
        raise UntranslatedError("a generator of what is no text")
    text = fitting(scene, val, STRING)
    if scene.desk.framework != "axum":
        text = b.Call(b.Path(symbol("actix_web::web::Bytes"), ("from",)), (text,))
    never = named("std::convert::Infallible")
    made = b.Call(b.Path(OK, (), (named("_"), never)), (text,))
    return Step((b.Do(b.Jump("yield", made)),), env)


def _streaming(
    scene: Scene,
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    behind: ast.stmt | None,
    env: Env,
) -> dict[str, ast.expr]:
    """The arguments of the response that a generator is made for."""
    call = behind.value if isinstance(behind, ast.Return) else None
    if not isinstance(call, ast.Call):
        raise UntranslatedError("a function in a function")
    if response_class(scene.meaning(call.func, env)) != "StreamingResponse":
        raise UntranslatedError("a function in a function")
    given = arguments(call, _ORDER)
    made = given.get("content")
    args = node.args
    plain = not (args.posonlyargs or args.args or args.kwonlyargs or args.vararg or args.kwarg)
    own = (
        isinstance(made, ast.Call)
        and isinstance(made.func, ast.Name)
        and made.func.id == node.name
        and not made.args
        and not made.keywords
    )
    if not own or not plain or node.decorator_list:
        raise UntranslatedError("a generator with arguments")
    return given


def _yielding(
    blocks: Blocks, node: ast.FunctionDef | ast.AsyncFunctionDef, env: Env
) -> tuple[b.Statement, ...]:
    """The generator's statements; nothing in them may fail, as the answer has begun by then."""
    scene = blocks.scene
    before = (scene.answer, scene.result, scene.state, scene.streams)
    scene.answer, scene.result = Answer(UNIT, fails=False, plain=True), None
    scene.state, scene.streams = None, True
    try:
        made = blocks.block(node.body, env, last=False).statements
    finally:
        scene.answer, scene.result, scene.state, scene.streams = before
    if holes(made) or any(waits(one) for one in made):
        raise UntranslatedError("a generator that isn't known as a whole")
    return made


def _borrows(env: Env, names: frozenset[str]) -> bool:
    """Whether one of these variables is a reference, which no stream may keep."""
    return any(
        isinstance(val.type, Reference) and val.known is None
        for val in env.names.values()
        if val.root in names and isinstance(val.expr, b.Name)
    )
