"""`result = session.execute(select(…))`: nothing, where the next statement takes something of it.

SQLAlchemy: its docs, "Result": what is fetched is gone, so only a result that is asked once, and at
once, is the same as the query that is run where it is asked.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.queries.builders import Building
from port_lsp.patterns.translate.queries.chains import is_unfinished
from port_lsp.patterns.translate.queries.database import is_session
from port_lsp.patterns.translate.queries.held import expanded
from port_lsp.patterns.translate.queries.links import chain_of
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import QUERY, Held, NotMineError
from port_lsp.writing.ir import body as b

_RUNS = frozenset(("execute", "exec", "scalars"))
_PLAIN = (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)


def answered(blocks: Blocks, node: ast.Assign | ast.AnnAssign, env: Env, _: bool) -> Step:
    """A query that is run, of which the next statement wants something."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    following = blocks.behind(node)
    if node.value is None or not isinstance(target, ast.Name) or target.id in blocks.blocked:
        raise NotMineError("an assignment")
    if not isinstance(following, _PLAIN) or not _is_run(blocks, node.value, env):
        raise NotMineError("an assignment")
    reads = [one for one in walked(following) if _is(one, target.id) and _is_read(one)]
    later = blocks.later(following, {target.id})
    if len(reads) != 1 or (later and not _binds(following, target.id)):
        raise NotMineError("an assignment")
    made = expanded(blocks.scene, node.value, env)
    said = {one.id for one in walked(made) if isinstance(one, ast.Name)}
    uses = tuple(
        (name, val)
        for name, val in env.names.items()
        if name in said and not is_session(blocks.scene, ast.Name(name), env)
    )
    held = Held(b.TupleOf(), QUERY, node=made, uses=uses)
    return Step((), env.knowing(target.id, held))


def _is_run(blocks: Blocks, node: ast.expr, env: Env) -> bool:
    root, links = chain_of(node)
    if len(links) != 1 or links[0].name not in _RUNS or not is_session(blocks.scene, root, env):
        return False
    call = links[0].call
    if len(call.args) != 1 or call.keywords:
        return False
    query = expanded(blocks.scene, call.args[0], env)
    built = isinstance(query, ast.Name) and isinstance(env.names.get(query.id), Building)
    return built or is_unfinished(blocks.scene, query, env)


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def _binds(node: ast.stmt, name: str) -> bool:
    """Whether a statement assigns to a name, so that what is read later is another thing."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(_is(one, name) for one in targets)
