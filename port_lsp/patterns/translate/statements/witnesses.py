"""What a `try` binds and its `except`s look at: an answer of another server, None where there was
none. In Rust it is a variable around the `try`, into which the answer is put where it comes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from port_lsp.patterns.translate.binding import stored, walked
from port_lsp.patterns.translate.clients.kinds import answer_of, client_of, kind_of
from port_lsp.patterns.translate.clients.once import need_reqwest
from port_lsp.patterns.translate.failing import broken
from port_lsp.patterns.translate.reading import mentions
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import ERR, NONE, SOME, Val, is_none, option_of
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, named

_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_UNSURE = (ast.BoolOp, ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)
_UNBOUND = "UnboundLocalError"
_INSERT = "insert"


def witnessed(blocks: Blocks, node: ast.Try, env: Env) -> dict[str, AnyType]:
    """The names, with what they are of where they are something: None in front of the `try`, bound
    once in it, and read by its `except`s and not behind them."""
    names = {name for one in node.body for name in stored(one)}
    found: dict[str, AnyType] = {}
    for name in sorted(names - blocks.blocked - blocks.later(node, names)):
        before = env.names.get(name)
        unbound = before is None and _is_unbound(blocks, node, name)
        if not (unbound or (before is not None and is_none(before))) or not _is_read(node, name):
            continue
        kinds = [*_bindings(blocks.scene, node, name, env)]
        count = sum(isinstance(one, ast.Name) and one.id == name and not _loads(one)
                    for one in walked(*node.body))  # fmt: skip
        if len(kinds) == count == 1 and kinds[0] is not None:
            found[name] = kinds[0]
            blocks.scene.unbound |= {name} if unbound else set()
    return found


def behind(
    blocks: Blocks, nodes: list[ast.stmt], names: Iterable[str], env: Env
) -> tuple[list[ast.stmt], b.Statement, list[ast.stmt], Env] | None:
    """The statements of an `except` in front of the first that reads such a name which nothing has
    bound before the `try`; the one that fails there where it isn't bound; those behind it, with the
    names that they know. None where no name is such a one, or it isn't sure that it is read."""
    for at, one in enumerate(nodes):
        read = [name for name in names if _reads(one, name)]
        if not read:
            continue
        (name, *others) = read
        first = one.test if isinstance(one, ast.If) else one
        if others or not isinstance(first, (ast.expr, ast.Raise, ast.Expr, ast.Return)):
            return None
        if not _reads(first, name) or any(_is_unsure(part, name) for part in ast.walk(first)):
            return None
        rust, kind = env.names[name].root, option_of(env.names[name].type)
        assert kind is not None
        text = f"cannot access local variable '{name}' where it is not associated with a value"
        failed = b.Jump("return", b.Call(b.Path(ERR), (broken(blocks.scene, _UNBOUND, text),)))
        there = b.TuplePattern(SOME, (b.Bind(rust),))
        let = b.Let(there, b.Unary("&", b.Name(rust)), otherwise=b.Block((b.Do(failed),)))
        known = env.bind(name, Val(b.Name(rust), Reference(kind), True, rust), rust)
        return nodes[:at], let, nodes[at:], known
    return None


def _is_unsure(node: ast.AST, name: str) -> bool:
    """Whether what stands in an expression may not be come to."""
    return isinstance(node, _UNSURE) or (
        isinstance(node, ast.IfExp) and not _reads(node.test, name)
    )


def _reads(node: ast.AST, name: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(node))


def _is_unbound(blocks: Blocks, node: ast.Try, name: str) -> bool:
    """Whether nothing has bound a name in front of a `try` that ends the function."""
    if not blocks.is_last(node) or name in blocks.scene.params:
        return False
    before = blocks.before(node)
    while before is not None:
        if name in stored(before):
            return False
        before = blocks.before(before)
    return True


def around(scene: Scene, step: Step, names: dict[str, AnyType], env: Env) -> Step:
    """A `try` behind the variables that its body puts answers into."""
    before: list[b.Statement] = []
    for name, kind in names.items():
        rust = env.names[name].root
        if not mentions(rust, (step.statements, step.tail)):
            continue
        put = _puts(rust, (step.statements, step.tail))
        optional = named("Option", kind)
        if not put:
            need_reqwest(scene)
        bind = b.Bind(rust, "mut ") if put else b.Bind(rust)
        before.append(b.Let(bind, b.Path(NONE), None if put else optional))
    return step._replace(statements=(*before, *step.statements))


def put_in(scene: Scene, name: str, val: Val, env: Env) -> Step | None:
    """`name = answer` inside of such a `try`; None for any other name."""
    kept = env.names.get(name)
    if name not in scene.witnessed or kept is None or kind_of(val) is None:
        return None
    put = b.Method(b.Name(kept.root), _INSERT, (val.expr,))
    let = b.Let(b.Bind(kept.root), b.Unary("&", b.Unary("*", put)))
    found = Val(b.Name(kept.root), Reference(val.type), True, kept.root)
    return Step((let,), env.bind(name, found, kept.root))


def _loads(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _is_read(node: ast.Try, name: str) -> bool:
    """Whether an `except` reads a name, and none binds it."""
    inside = [one for each in node.handlers for one in walked(*each.body)]
    uses = [one for one in inside if isinstance(one, ast.Name) and one.id == name]
    return bool(uses) and all(map(_loads, uses))


def _bindings(scene: Scene, node: ast.Try, name: str, env: Env) -> Iterator[AnyType | None]:
    """What is bound to a name in a `try`'s body; None for what is no answer, or in a loop."""
    inside = [*walked(*node.body)]
    looped = {id(one) for each in inside if isinstance(each, _LOOPS) for one in walked(each)}
    sessions = env
    for one in inside:
        for item in one.items if isinstance(one, (ast.With, ast.AsyncWith)) else ():
            client = client_of(scene, item.context_expr, env)
            if client is not None and isinstance(item.optional_vars, ast.Name):
                sessions = sessions.knowing(item.optional_vars.id, client)
    for one in inside:
        pairs: list[tuple[ast.expr | None, ast.expr]] = []
        if isinstance(one, ast.Assign) and len(one.targets) == 1:
            pairs = [(one.targets[0], one.value)]
        elif isinstance(one, ast.AsyncWith):
            pairs = [(item.optional_vars, item.context_expr) for item in one.items]
        for target, value in pairs:
            if isinstance(target, ast.Name) and target.id == name:
                yield None if id(one) in looped else answer_of(scene, value, sessions)


def _puts(rust: str, part: object) -> bool:
    """Whether something is put into a variable."""
    if isinstance(part, b.Method) and part.name == _INSERT and part.receiver == b.Name(rust):
        return True
    if isinstance(part, (tuple, list)):
        return any(_puts(rust, one) for one in cast("Sequence[object]", part))
    fields = getattr(part, "__struct_fields__", ())
    return any(_puts(rust, getattr(part, name)) for name in fields)
