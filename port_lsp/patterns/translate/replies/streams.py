"""`StreamingResponse` of a generator that is written in the handler, right before its return.

Starlette's docs, "StreamingResponse": each text that the generator yields is sent as it comes. The
generator becomes a stream of `async_stream` that owns what it reads; its arguments are known when
it is called, which is before anything is sent. What fails in it, fails when the answer has begun:
`breaking.py`.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from port_lsp.patterns.translate.answers import Answer
from port_lsp.patterns.translate.binding import stored, walked
from port_lsp.patterns.translate.ownership import fitting, owned
from port_lsp.patterns.translate.reading import holes, mentioned
from port_lsp.patterns.translate.replies.background import has_tasks
from port_lsp.patterns.translate.replies.breaking import hoisted, until_failure
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
    STR,
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
    ast.ClassDef, ast.Lambda, ast.Global, ast.Nonlocal, ast.With, ast.AsyncWith,
)  # fmt: skip


class _Call(NamedTuple):
    """A response that a generator is made for: its arguments, and those of the generator."""

    given: dict[str, ast.expr]
    handed: dict[str, ast.expr]


def streamed(blocks: Blocks, node: ast.stmt, env: Env, last: bool) -> Step:
    """The generator with the return that hands it out. Raises UntranslatedError."""
    scene, behind = blocks.scene, blocks.behind(node)
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    call = _streaming(scene, node, behind, env)
    inside = walked(*node.body)
    if has_tasks(env):
        raise UntranslatedError("a stream with background tasks behind it")
    if any(isinstance(one, _OTHER) for one in inside) or not scene.may_move:
        raise UntranslatedError("a generator that does more than to yield")
    if not any(isinstance(one, ast.Yield) for one in inside):
        raise UntranslatedError("a function in a function")
    own = {*(name for one in node.body for name in stored(one)), *call.handed}
    if own & env.names.keys():
        raise UntranslatedError("a generator with names of the function around it")
    status = status_of(scene, call.given, env, _OK)
    if status in _BODILESS:
        raise UntranslatedError("a response of a status without a body that has one")
    headers = typed(
        scene, headers_of(scene, call.given, env), media_of(scene, call.given, env, None)
    )
    before, names = _handed(scene, call.handed, env)
    stream = _stream(blocks, node, names)
    taken = mentioned(stream)
    if taken & mentioned(tuple(one.value for one in headers)) or borrows(scene, names, taken):
        raise UntranslatedError("a generator of what it can't own")
    scene.needs.depend("async-stream", "0.3")
    name = names.free("stream")
    reply = Reply(status, headers, Body("stream", b.Name(name)))
    result = scene.answer.of(scene, Val(built(scene, reply), whole(scene.desk)))
    ends = last or (behind is not None and blocks.is_last(behind))
    step = ended(result, env, last=ends)
    made = (*before, b.Let(b.Bind(name), stream), *step.statements)
    return Step(made, env, step.tail, ends=True)


def yielded(blocks: Blocks, node: ast.Expr, env: Env, _: bool) -> Step:
    """`yield text` in a generator that becomes a stream."""
    scene, value = blocks.scene, node.value
    if not scene.streams or not isinstance(value, ast.Yield) or value.value is None:
        raise NotMineError("an expression that stands alone")
    val = scene.value(value.value, env)
    if not is_text(val) or val.wrapped:
        raise UntranslatedError("a generator of what is no text")
    text = fitting(scene, val, STRING)
    before: tuple[b.Statement, ...] = ()
    if scene.streams == "failing":
        if isinstance(text, b.Block) and text.tail is not None and not text.word:
            before, text = text.statements, text.tail
        more, text = hoisted(text, env)
        before = (*before, *more)
    if scene.desk.framework != "axum":
        text = b.Call(b.Path(symbol("actix_web::web::Bytes"), ("from",)), (text,))
    if scene.streams != "failing":
        never = named("std::convert::Infallible")
        text = b.Call(b.Path(OK, (), (named("_"), never)), (text,))
    return Step((*before, b.Do(b.Jump("yield", text))), env)


def _streaming(
    scene: Scene,
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    behind: ast.stmt | None,
    env: Env,
) -> _Call:
    """The response that a generator is made for."""
    call = behind.value if isinstance(behind, ast.Return) else None
    if not isinstance(call, ast.Call):
        raise UntranslatedError("a function in a function")
    if response_class(scene.meaning(call.func, env)) != "StreamingResponse":
        raise UntranslatedError("a function in a function")
    given = arguments(call, _ORDER)
    made = given.get("content")
    own = (
        isinstance(made, ast.Call)
        and isinstance(made.func, ast.Name)
        and made.func.id == node.name
    )  # fmt: skip
    if not own or not isinstance(made, ast.Call) or node.decorator_list:
        raise UntranslatedError("a generator that is called elsewhere")
    args = node.args
    names = [one.arg for one in (*args.args, *args.kwonlyargs)]
    handed = dict(zip((one.arg for one in args.args), made.args, strict=False))
    handed |= {one.arg: one.value for one in made.keywords if one.arg is not None}
    plain = not (args.posonlyargs or args.vararg or args.kwarg)
    count = len(made.args) + len(made.keywords)
    if not plain or set(handed) != set(names) or len(handed) != count:
        raise UntranslatedError("a generator with arguments that aren't all given")
    return _Call(given, handed)


def _handed(
    scene: Scene, handed: dict[str, ast.expr], env: Env
) -> tuple[tuple[b.Statement, ...], Env]:
    """What is handed to the generator, in variables of its own, and the names in it."""
    made: list[b.Statement] = []
    inner = env
    for name, value in handed.items():
        val = scene.value(value, env)
        kind = STRING if val.type == STR else val.type
        given = fitting(scene, val, STRING) if val.type == STR else owned(scene, val)
        if isinstance(kind, Reference):
            kind = kind.inner
        rust = inner.free(name)
        made.append(b.Let(b.Bind(rust), given))
        inner = inner.bind(name, Val(b.Name(rust), kind, True, rust), rust)
    return tuple(made), inner


def _stream(blocks: Blocks, node: ast.FunctionDef | ast.AsyncFunctionDef, env: Env) -> b.Expr:
    """The stream: one that can't fail, else one that may."""
    scene = blocks.scene
    needed, functions = scene.needs.mark(), scene.functions
    called = functions.mark() if functions is not None else None
    made = _yielding(blocks, node, env, failing=False)
    if not holes(made) and not any(waits(one) for one in made):
        return b.Block(made, None, "async_stream::stream!")
    scene.needs.back(needed)
    if functions is not None and called is not None:
        functions.back(called)
    if scene.result is not None:
        made = _yielding(blocks, node, env, failing=True)
    if holes(made) or scene.result is None:
        raise UntranslatedError("a generator that isn't known as a whole")
    return until_failure(scene, made)


def _yielding(
    blocks: Blocks, node: ast.FunctionDef | ast.AsyncFunctionDef, env: Env, *, failing: bool
) -> tuple[b.Statement, ...]:
    """The generator's statements."""
    scene = blocks.scene
    before = (scene.answer, scene.result, scene.state, scene.streams)
    scene.answer = Answer(UNIT, fails=failing, plain=True)
    scene.streams = "failing" if failing else "plain"
    if not failing:
        scene.result, scene.state = None, None
    try:
        return blocks.block(node.body, env, last=False).statements
    finally:
        scene.answer, scene.result, scene.state, scene.streams = before


def borrows(scene: Scene, env: Env, names: frozenset[str]) -> bool:
    """Whether one of these variables is a reference, which no stream may keep."""
    if scene.state is not None and scene.state.borrowed and scene.state.name in names:
        return True
    return any(
        isinstance(val.type, Reference) and val.known is None
        for val in env.names.values()
        if val.root in names and isinstance(val.expr, b.Name)
    )
