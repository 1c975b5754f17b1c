"""`with` that opens a session of an HTTP client, or an answer (docs of httpx and of aiohttp).

A session is nothing in Rust: the client is there for good. Python's keeps cookies between its
requests, so that only one that makes a single request is the same.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.binding import stored, walked
from port_lsp.patterns.translate.clients.kinds import Client, client_of, request_of
from port_lsp.patterns.translate.clients.requesting import sent
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.statements.witnesses import put_in
from port_lsp.patterns.translate.values import UntranslatedError, Val
from port_lsp.writing.ir import body as b

_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp,
          ast.GeneratorExp, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)  # fmt: skip


def asked(blocks: Blocks, node: ast.With | ast.AsyncWith, env: Env, last: bool) -> Step:
    """`async with ClientSession() as session`, `async with session.get(…) as answer`."""
    known, made = env, list[b.Statement]()
    scene = blocks.scene
    for one in node.items:
        target = one.optional_vars
        client = client_of(scene, one.context_expr, known)
        if client is not None:
            if not isinstance(target, ast.Name) or client.waits != isinstance(node, ast.AsyncWith):
                raise UntranslatedError(type(node).__name__)
            _asks_once(node, target.id)
            known = known.knowing(target.id, client)
            continue
        request = request_of(scene, one.context_expr, known)
        is_aiohttp = request is not None and request.kind.name == "aiohttp"
        if request is None or not is_aiohttp or not isinstance(node, ast.AsyncWith):
            raise UntranslatedError(type(node).__name__)
        answer = sent(scene, request, known)
        if target is None:
            made.append(b.Do(answer.expr))
            continue
        if not isinstance(target, ast.Name) or target.id in blocks.blocked:
            raise UntranslatedError(type(node).__name__)
        if (put := put_in(scene, target.id, answer, known)) is not None:
            made += put.statements
            known = put.env
            continue
        rust = known.free(target.id)
        made.append(b.Let(b.Bind(rust), answer.expr))
        val = Val(b.Name(rust), answer.type, True, rust)
        known = known.bind(target.id, val, rust)
    step = blocks.block(node.body, known, last=last, keep=blocks.later(node, stored(node)))
    names = {name for name, val in step.env.names.items() if isinstance(val, Client)}
    after = step.env.without(names)
    return Step((*made, *step.statements), after, step.tail, step.ends, step.left)


def _asks_once(node: ast.With | ast.AsyncWith, name: str) -> None:
    """Raises UntranslatedError where a session makes several requests, or goes elsewhere."""
    inside = walked(*node.items, *node.body)
    looped = [one for one in inside if isinstance(one, _LOOPS)]
    if _uses([*node.items, *node.body], name) != 1 or _uses(looped, name):
        raise UntranslatedError("a session that makes several requests")


def _uses(nodes: Sequence[ast.AST], name: str) -> int:
    """How often a name is read at most, on one way through some nodes."""
    found = 0
    for one in nodes:
        if isinstance(one, ast.If):
            ways = (_uses(one.body, name), _uses(one.orelse, name))
            found += _uses([one.test], name) + max(ways)
        elif isinstance(one, ast.Name):
            found += one.id == name and isinstance(one.ctx, ast.Load)
        else:
            found += _uses([*ast.iter_child_nodes(one)], name)
    return found
