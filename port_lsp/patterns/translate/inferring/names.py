"""What binds the names of a function's body."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Literal, NamedTuple

from port_lsp.types import meanings as m

How = Literal["value", "item", "part", "said", "import", "other"]


class Bound(NamedTuple):
    """One place that binds a name: to a value, an item of one or a `part` of either, as an
    annotation says, to what an import means, or otherwise."""

    how: How
    node: ast.expr | None = None
    of: m.Import | None = None
    path: tuple[int, ...] = ()
    item: bool = False


def own(nodes: Sequence[ast.AST]) -> list[ast.AST]:
    """All that is in some nodes, but for what is in functions inside of them."""
    found: list[ast.AST] = list(nodes)
    for one in found:  # which grows
        if not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            found += ast.iter_child_nodes(one)
    return found


def names_bound(inside: Sequence[ast.AST]) -> dict[str, list[Bound]]:
    """What binds each name, of all that is in a body (`own`)."""
    found: dict[str, list[Bound]] = {}

    def put(target: ast.expr, how: Bound) -> None:
        if isinstance(target, ast.Name):
            found.setdefault(target.id, []).append(how)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for at, one in enumerate(target.elts):
                put(one, how._replace(how="part", path=(*how.path, at)))
        elif isinstance(target, ast.Starred):
            put(target.value, Bound("other"))

    comprehended = {
        id(each) for one in inside if isinstance(one, ast.comprehension)
        for each in ast.walk(one.target)
    }  # fmt: skip
    seen: set[int] = set(comprehended)
    for one in inside:
        if isinstance(one, ast.Assign):
            for target in one.targets:
                put(target, Bound("value", one.value))
                seen |= {id(each) for each in ast.walk(target)}
        elif isinstance(one, ast.AnnAssign):
            put(one.target, Bound("said", one.annotation))
            seen.add(id(one.target))
        elif isinstance(one, ast.AugAssign):
            if isinstance(one.target, ast.Name):
                read = ast.Name(one.target.id, ast.Load())
                put(one.target, Bound("value", ast.BinOp(read, one.op, one.value)))
                seen.add(id(one.target))
        elif isinstance(one, (ast.For, ast.AsyncFor)):
            how = Bound("item", one.iter, item=True) if isinstance(one, ast.For) else Bound("other")
            put(one.target, how)
            seen |= {id(each) for each in ast.walk(one.target)}
        elif isinstance(one, ast.NamedExpr):
            put(one.target, Bound("value", one.value))
            seen.add(id(one.target))
        elif isinstance(one, ast.ImportFrom):
            for each in one.names:
                of = m.Import(one.module or "", each.name, each.asname or "", one.level)
                found.setdefault(each.asname or each.name, []).append(Bound("import", of=of))
        elif isinstance(one, ast.Import):
            for each in one.names:
                of = m.Import(each.name, alias=each.asname or "")
                name = each.asname or each.name.partition(".")[0]
                found.setdefault(name, []).append(Bound("import", of=of))
    for one in inside:
        for name in _otherwise(one, seen):
            found.setdefault(name, []).append(Bound("other"))
    return found


def _otherwise(node: ast.AST, seen: set[int]) -> list[str]:
    """The names that something binds which isn't looked into."""
    if isinstance(node, ast.Name):
        known = isinstance(node.ctx, (ast.Load, ast.Del)) or id(node) in seen
        return [] if known else [node.id]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        changed = [one for one in ast.walk(node) if isinstance(one, ast.Nonlocal)]
        return [node.name, *(name for one in changed for name in one.names)]
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return list(node.names)
    named = isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar))
    return [node.name] if named and node.name is not None else []
