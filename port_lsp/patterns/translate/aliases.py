"""Which lists and dicts somebody may know by another name while they are changed.

In Python a name stands for an object, in Rust a variable holds a value: where a list is appended to
after it was given away, who has got it sees that in Python alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from port_lsp.patterns.translate.binding import walked

_FRESH = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_MAKE = ("list", "dict", "set", "sorted")
_READ = (
    "len", "list", "dict", "set", "sorted", "sum", "any", "all", "str", "bool", "enumerate", "zip",
    "reversed", "min", "max", "isinstance",
)  # fmt: skip
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_DICTS = ("dict", "Dict", "typing.Dict")
CHANGES = ("append", "extend", "update")
"""The methods of lists and dicts that are translated as changes."""


def read_from_body(args: ast.arguments) -> frozenset[str]:
    """The parameters of a handler that are dicts which FastAPI makes of a request's body: whatever
    comes from elsewhere (`Depends`) is written beside the type or as the default."""
    every = [*args.posonlyargs, *args.args]
    given = every[len(every) - len(args.defaults) :]
    return frozenset(
        one.arg for one in every
        if one not in given and one.annotation is not None
        and ast.unparse(one.annotation).partition("[")[0] in _DICTS
    )  # fmt: skip


def shared_values(nodes: Sequence[ast.stmt], params: frozenset[str]) -> frozenset[str]:
    """The names whose lists or dicts must not be changed in place."""
    every = walked(*nodes)
    parents = {id(child): one for one in every for child in ast.iter_child_nodes(one)}
    named = {one.id for one in every if isinstance(one, ast.Name)}
    changed = {
        one.id for one in every if isinstance(one, ast.Name) and _is_change(one, parents)
    }  # fmt: skip
    safe = {
        name for name in changed - params
        if _is_unshared(name, [one for one in every if _is(one, name)], parents)
    }  # fmt: skip
    return frozenset(named | params) - safe


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _above(node: ast.AST, parents: dict[int, ast.AST]) -> Iterator[ast.AST]:
    while (up := parents.get(id(node))) is not None:
        yield up
        node = up


def _is_change(node: ast.Name, parents: dict[int, ast.AST]) -> bool:
    up = parents.get(id(node))
    if isinstance(up, ast.Subscript) and up.value is node:
        return not isinstance(up.ctx, ast.Load)
    if isinstance(up, ast.AugAssign) and up.target is node:
        return True
    called = parents.get(id(up)) if isinstance(up, ast.Attribute) else None
    return (
        isinstance(called, ast.Call) and called.func is up
        and isinstance(up, ast.Attribute) and up.attr in (*CHANGES, "pop")
    )  # fmt: skip


def _is_unshared(name: str, uses: Sequence[ast.AST], parents: dict[int, ast.AST]) -> bool:
    changes: list[ast.AST] = []
    bindings: list[ast.stmt] = []
    given: list[ast.AST] = []
    for one in uses:
        assert isinstance(one, ast.Name)
        if any(isinstance(up, _LATER) for up in _above(one, parents)):
            return False
        if _is_change(one, parents):
            changes.append(one)
        elif not isinstance(one.ctx, ast.Load):
            made = parents.get(id(one))
            if not isinstance(made, (ast.Assign, ast.AnnAssign)) or not _is_fresh(made):
                return False
            bindings.append(made)
        elif not _only_reads(one, parents):
            given.append(one)
    for loop in {id(up): up for one in uses for up in _above(one, parents)}.values():
        over = isinstance(loop, (ast.For, ast.AsyncFor)) and _in(loop.iter, uses)
        if over and any(loop in _above(one, parents) for one in changes):
            return False
    return all(_before(change, one, bindings, parents) for one in given for change in changes)


def _in(node: ast.AST, uses: Sequence[ast.AST]) -> bool:
    return any(one in uses for one in walked(node))


def _is_fresh(node: ast.Assign | ast.AnnAssign) -> bool:
    """Whether an assignment gives a name an object of its own."""
    if isinstance(node, ast.Assign) and len(node.targets) != 1:
        return False
    value = node.value
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in _MAKE
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        return value.func.attr in ("copy", "model_dump", "dict") and not value.args
    return isinstance(value, _FRESH)


def _only_reads(node: ast.AST, parents: dict[int, ast.AST]) -> bool:
    """Whether an object is looked at, and not given away."""
    up = parents.get(id(node))
    if isinstance(up, ast.Return):
        return True
    if isinstance(up, ast.Attribute):
        called = parents.get(id(up))
        return isinstance(called, ast.Call) and called.func is up
    if isinstance(up, ast.Subscript):
        return up.value is node
    if isinstance(up, (ast.Compare, ast.FormattedValue, ast.For, ast.comprehension)):
        return True
    if isinstance(up, ast.UnaryOp):
        return isinstance(up.op, ast.Not)
    if isinstance(up, (ast.If, ast.While, ast.IfExp)):
        return up.test is node
    if isinstance(up, ast.BoolOp):
        return _only_reads(up, parents)
    if isinstance(up, ast.Call):
        return isinstance(up.func, ast.Name) and up.func.id in _READ
    return False


def _before(
    change: ast.AST, given: ast.AST, bindings: Sequence[ast.stmt], parents: dict[int, ast.AST]
) -> bool:
    """Whether an object isn't changed any more when it has been given away: what a later turn of a
    loop changes is another one, where each turn begins with one of its own."""
    if _line(change) >= _line(given):
        return False
    around = [up for up in _above(given, parents) if isinstance(up, _LOOPS)]
    both = next((one for one in around if one in _above(change, parents)), None)
    if both is None:
        return True
    assert isinstance(both, _LOOPS)
    return any(one in both.body and _line(one) < _line(change) for one in bindings)


def _line(node: ast.AST) -> int:
    line = getattr(node, "lineno", 0)
    assert isinstance(line, int)
    return line
