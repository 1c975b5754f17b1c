"""`name = form.model_dump(…)`: nothing, until something is made of it (`expressions/dumps.py`)."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.expressions.dumps import dump_of
from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.copying import copying_loop
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import NotMineError


def dumped(blocks: Blocks, node: ast.Assign | ast.AnnAssign, env: Env, _: bool) -> Step:
    """A dump that is only looked at, and copied as a whole."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    one = isinstance(node, ast.AnnAssign) or len(node.targets) == 1
    if not one or not isinstance(target, ast.Name) or node.value is None:
        raise NotMineError("an assignment")
    if target.id in blocks.blocked or isinstance(node.value, ast.Name):
        raise NotMineError("an assignment")
    dump = dump_of(blocks.scene, node.value, env)
    if dump is None or not _is_copied(blocks, node, target.id):
        raise NotMineError("an assignment")
    return Step((), env.knowing(target.id, dump))


def _is_copied(blocks: Blocks, node: ast.stmt, name: str) -> bool:
    """Whether the statements behind one copy a dump of this name, and only look at it else."""
    behind: list[ast.AST] = []
    at = blocks.behind(node)
    while at is not None:
        behind += walked(at)
        at = blocks.behind(at)
    parents = {id(child): one for one in behind for child in ast.iter_child_nodes(one)}
    uses = [one for one in behind if isinstance(one, ast.Name) and one.id == name]
    copies = [_copies(one, parents) for one in uses]
    looks = [_looks(one, parents) for one in uses]
    known = all(one or other for one, other in zip(copies, looks, strict=True))
    names = any(isinstance(parents.get(id(one)), ast.For) for one in uses)
    return (any(copies) or names) and known


def _copies(node: ast.Name, parents: Mapping[int, ast.AST]) -> bool:
    """`name.items()` of a loop, `row.sqlmodel_update(name)`, `**name`."""
    up = parents.get(id(node))
    if isinstance(up, ast.Attribute):
        called = parents.get(id(up))
        loop = parents.get(id(called))
        return up.attr == "items" and isinstance(loop, ast.For) and loop.iter is called
    if isinstance(up, ast.keyword):
        return up.arg is None
    if isinstance(up, ast.Subscript):  # `setattr(row, name, dump[name])`, in its loop
        loop = next((one for one in _above(up, parents) if isinstance(one, ast.For)), None)
        found = copying_loop(loop) if loop is not None else None
        return found is not None and found.of is node
    return (
        isinstance(up, ast.Call)
        and isinstance(up.func, ast.Attribute)
        and up.func.attr == "sqlmodel_update"
        and up.args == [node]
    )


def _above(node: ast.AST, parents: Mapping[int, ast.AST]) -> Iterator[ast.AST]:
    while (up := parents.get(id(node))) is not None:
        yield up
        node = up


def _looks(node: ast.Name, parents: Mapping[int, ast.AST]) -> bool:
    """A test of it, `"key" in name`, `name["key"]`."""
    up = parents.get(id(node))
    if isinstance(up, (ast.If, ast.IfExp)):
        return up.test is node
    if isinstance(up, ast.For):
        return up.iter is node and copying_loop(up) is not None
    if isinstance(up, ast.UnaryOp):
        return isinstance(up.op, ast.Not)
    if isinstance(up, ast.Compare):
        return isinstance(up.ops[0], (ast.In, ast.NotIn)) and up.comparators == [node]
    return isinstance(up, ast.BoolOp) or (
        isinstance(up, ast.Subscript) and up.value is node and isinstance(up.ctx, ast.Load)
    )
