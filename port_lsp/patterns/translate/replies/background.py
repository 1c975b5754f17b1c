"""FastAPI's `background.add_task(function, …)`: what is done when the answer is out.

FastAPI's docs, "Background Tasks"; Starlette's: one after the other, and none behind one that
fails, which is logged; nothing where the handler itself fails. A future of Rust's does nothing
until somebody asks: so it is made where Python adds the task, of values of its own, and handed to
tokio right before the answer.
"""

from __future__ import annotations

import ast

from msgspec.structs import replace

from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.calls import around
from port_lsp.patterns.translate.errors import ErrorType
from port_lsp.patterns.translate.expressions.owncalls import own_call
from port_lsp.patterns.translate.failing import logged
from port_lsp.patterns.translate.ownership import fitting, owned
from port_lsp.patterns.translate.scene import Env, Scene, dotted
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import (
    OK,
    QUERY,
    STR,
    STRING,
    Hidden,
    NotMineError,
    UntranslatedError,
    Val,
    known,
    waits,
    without_reference,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import UNIT, AnyType, Bounds, Type, named, symbol

_FILE = "python.py"  # beside the models
_DOCS = "Does what is left to do when the answer is out; what fails is logged."
_ADDED = "add_task"


class Tasks(Hidden, frozen=True, kw_only=True):
    """What FastAPI hands to a handler for tasks; those that were added so far, each a future."""

    futures: tuple[str, ...] = ()


def tasks() -> Tasks:
    """None so far."""
    return Tasks(b.TupleOf(), QUERY)


def added(blocks: Blocks, node: ast.Expr, env: Env, last: bool) -> Step:
    """A task. Raises UntranslatedError."""
    scene, call = blocks.scene, node.value
    func = call.func if isinstance(call, ast.Call) else None
    on = func.value if isinstance(func, ast.Attribute) and func.attr == _ADDED else None
    of = env.names.get(on.id) if isinstance(on, ast.Name) else None
    if not isinstance(call, ast.Call) or not isinstance(of, Tasks) or not isinstance(on, ast.Name):
        raise NotMineError("an expression that stands alone")
    if not _surely_done(blocks, node):
        raise UntranslatedError("a background task that may not be done")
    if scene.functions is None or scene.state is None or scene.state.borrowed:
        raise UntranslatedError("a background task of a handler without a state")
    future = _future(scene, call, env)
    name = env.free("background")
    futures = (*of.futures, name)
    made = Val(b.Name(name), QUERY, True, name)
    behind = env.bind(f"{on.id}.{len(futures)}", made, name)
    names = {**behind.names, on.id: replace(of, futures=futures)}
    step = Step((b.Let(b.Bind(name), future),), Env(names, behind.bound))
    if not last:
        return step
    result = scene.answer.of(scene, known(None))
    return Step((*step.statements, *begun(scene, step.env)), step.env, result, ends=True)


def answered(scene: Scene, result: b.Expr, env: Env) -> tuple[tuple[b.Statement, ...], b.Expr]:
    """What stands before a handler's answer, and that: the answer first, then the tasks."""
    start = begun(scene, env)
    if not start:
        return (), result
    inner, fails = result, isinstance(result, b.Call) and result.function == b.Path(OK)
    if isinstance(result, b.Call) and fails:
        (inner,) = result.args
    if isinstance(inner, (b.Path, b.Lit, b.Name)):
        return start, result
    name = env.free("answer")
    made = b.Let(b.Bind(name), inner)
    given: b.Expr = b.Name(name)
    return (made, *start), b.Call(b.Path(OK), (given,)) if fails else given


def has_tasks(env: Env) -> bool:
    """Whether there is something left to do."""
    return any(isinstance(one, Tasks) and one.futures for one in env.names.values())


def begun(scene: Scene, env: Env) -> tuple[b.Statement, ...]:
    """The tasks that were added, handed to tokio."""
    found = [one for one in env.names.values() if isinstance(one, Tasks) and one.futures]
    if not found or scene.functions is None or scene.result is None:
        return ()
    names = found[0].futures
    future: b.Expr = b.Name(names[0])
    if len(names) > 1:
        each = tuple(b.Do(b.Try(b.Await(b.Name(one)))) for one in names[:-1])
        future = b.Block(each, b.Await(b.Name(names[-1])), "async move")
    if not scene.needs.has("tracing"):
        scene.needs.depend("tracing", "0.1")
    axum = scene.desk.framework == "axum"
    if axum and not scene.needs.has("tokio"):
        scene.needs.depend("tokio", "1", "rt")
    given = around(scene.result, UNIT)

    def make(name: str) -> i.Function:
        return _function(name, given, scene.errors, axum=axum)

    key = f"A function of background tasks: {_DOCS}"
    function = scene.functions.helper(key, _FILE, "in_background", _DOCS, scene.needs, make)
    return (b.Do(b.Call(b.Path(function), (future,))),)


def _surely_done(blocks: Blocks, node: ast.stmt) -> bool:
    """Whether a handler that doesn't fail comes by here, and ends in one way alone from here on."""
    behind: list[ast.stmt] = []
    at: ast.stmt | None = node
    while (at := blocks.behind(at)) is not None:
        behind.append(at)
    if not behind:
        return blocks.is_last(node)
    if not blocks.is_last(behind[-1]):
        return False
    ends = isinstance(behind[-1], ast.Return) or _adds(behind[-1])
    return ends and not any(isinstance(one, ast.Return) for one in walked(*behind[:-1]))


def _adds(node: ast.stmt) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    func = call.func if isinstance(call, ast.Call) else None
    return isinstance(func, ast.Attribute) and func.attr == _ADDED


def _future(scene: Scene, call: ast.Call, env: Env) -> b.Expr:
    """The call as a future that owns what it is handed."""
    assert scene.functions is not None
    assert scene.state is not None
    if not call.args or any(isinstance(one, ast.Starred) for one in call.args):
        raise UntranslatedError("a background task that isn't known")
    meaning = scene.meaning(call.args[0], env)
    if not isinstance(meaning, m.Callable):
        raise UntranslatedError("a background task that isn't the backend's own")
    # Which function of the crate it is, is decided where it is called.
    said = scene.functions.signature(meaning, scene.needs)
    if said.changed:
        raise UntranslatedError("a background task that changes a row")
    dropped = {name for _, name in said.dropped}
    kept: list[tuple[str, b.Expr]] = [
        (scene.state.name, b.Method(b.Name(scene.state.name), "clone"))
    ]
    inner = env
    params = [one.name for one in meaning.params]

    def handed(name: str, value: ast.expr) -> ast.expr:
        nonlocal inner
        if name in dropped and dotted(value):
            return value
        val = scene.value(value, env)
        if val.known is not None:
            return value
        if waits(val.expr):
            raise UntranslatedError("a background task of what must be waited for")
        given = fitting(scene, val, STRING) if val.type == STR else owned(scene, val)
        kind = STRING if val.type == STR else without_reference(val.type)
        rust, python = inner.free(name), f"{name} of a task"
        kept.append((rust, given))
        inner = inner.bind(python, Val(b.Name(rust), kind, True, rust), rust)
        return ast.Name(python, ast.Load())

    args = [handed(name, one) for name, one in zip(params, call.args[1:], strict=False)]
    if len(args) != len(call.args) - 1 or any(one.arg is None for one in call.keywords):
        raise UntranslatedError("a background task with arguments that aren't known")
    words = [ast.keyword(one.arg, handed(str(one.arg), one.value)) for one in call.keywords]
    made = own_call(scene, meaning, ast.Call(call.args[0], args, words), inner)
    if not isinstance(made.expr, b.Try):
        raise UntranslatedError("a background task that does nothing")
    if made.expr.converts:
        raise UntranslatedError("a background task that fails otherwise than handlers do")
    expr = made.expr.of
    if made.type != UNIT:
        expr = b.Method(expr, "map", (b.Closure((b.Wild(),), b.TupleOf()),))
    names, values = zip(*kept, strict=True)
    first = b.Let(b.Bind(names[0]), values[0])
    if len(kept) > 1:
        pattern = b.TuplePattern(None, tuple(b.Bind(one) for one in names))
        first = b.Let(pattern, b.TupleOf(tuple(values)))
    return b.Block((first,), b.Block((), expr, "async move"))


def _function(name: str, given: AnyType, errors: ErrorType | None, *, axum: bool) -> i.Function:
    """`tokio::spawn(async move { … })`; actix-web's own spawn asks for no Send."""
    failed = b.If(
        b.Await(b.Name("tasks")),
        b.Block((b.Do(logged(errors)),)),
        binding=b.TuplePattern(symbol("Err"), (b.Bind("error"),)),
    )
    spawn = symbol("tokio::spawn" if axum else "actix_web::rt::spawn")
    block = b.Block((), failed, "async move")
    bounds: tuple[AnyType, ...] = (
        Type(symbol("std::future::Future"), (), (("Output", given),)),
        *((named("Send"),) if axum else ()),
        named("'static"),
    )
    return i.Function(
        name,
        (i.Param(b.Bind("tasks"), Bounds("impl", bounds)),),
        None,
        b.Block((b.Do(b.Call(b.Path(spawn), (block,))),)),
        visibility="pub",
        docs=(_DOCS,),
    )
