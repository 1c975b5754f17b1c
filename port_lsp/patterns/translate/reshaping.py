"""Objects of which a body assigns attributes, and that nobody else knows: what FastAPI makes of the
request for a handler alone, what the body makes itself.

In Python whoever has the same object sees the change; in Rust a variable holds a value.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.patterns.translate.binding import dotted, stored, walked

_KEPT = frozenset(("add_task", "create_task", "ensure_future", "gather", "partial", "submit",
                   "run_in_executor", "append", "add", "insert", "setattr", "Thread"))  # fmt: skip
# What gives nothing that holds an object.
_GIVES_NONE = frozenset((
    "len", "str", "repr", "bool", "int", "float", "isinstance", "hasattr", "type", "getattr",
    "hash", "id", "print", "json.dumps",
))  # fmt: skip
_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_COMPOUND = (*_LOOPS, ast.If, ast.Try, ast.With, ast.AsyncWith, ast.Match)
_READ_BY = (ast.Attribute, ast.Call, ast.keyword, ast.Return, ast.Compare, ast.UnaryOp,
            ast.FormattedValue, ast.Await)  # fmt: skip


def assigned_parts(nodes: Sequence[ast.AST]) -> set[str]:
    """The names of which something assigns attributes."""
    return {
        root.id
        for one in walked(*nodes)
        if isinstance(one, ast.Attribute) and not isinstance(one.ctx, ast.Load)
        and isinstance(root := one.value, ast.Name)
    }  # fmt: skip


def reshaped(nodes: Sequence[ast.stmt], params: frozenset[str]) -> frozenset[str]:
    """Those that may be changed in place: `params` are the handler's own."""
    names = assigned_parts(nodes)
    if not names:
        return frozenset()
    every = walked(*nodes)
    parents = {id(child): one for one in every for child in ast.iter_child_nodes(one)}
    bound = {name for one in nodes for name in stored(one)}
    later = {
        each.id for one in every if isinstance(one, _LATER)
        for each in ast.walk(one) if isinstance(each, ast.Name)
    }  # fmt: skip
    looped = {
        name for one in every if isinstance(one, _LOOPS) for name in assigned_parts([one])
    }  # fmt: skip
    return frozenset(
        name for name in names - later - looped
        if (name in params and name not in bound) or (name not in params and _is_made(name, every))
        if all(_is_plain(one, parents) and not _is_held(one, every, parents, bound | params)
               for one in every if isinstance(one, ast.Name)
               and one.id == name and isinstance(one.ctx, ast.Load))
    )  # fmt: skip


def changed_in(node: ast.stmt, names: frozenset[str]) -> set[str]:
    """Those of some names of which a statement with blocks assigns attributes."""
    if not names or not isinstance(node, _COMPOUND):
        return set()
    return assigned_parts([node]) & names


def repeats(node: ast.stmt) -> bool:
    """Whether what stands in front in a statement may come behind, or be left in the middle."""
    return not isinstance(node, ast.If)


def _is_made(name: str, every: Sequence[ast.AST]) -> bool:
    """Whether a name is bound once, to an object that a class makes there."""
    bindings = [one for one in every if isinstance(one, ast.Name) and one.id == name
                and not isinstance(one.ctx, ast.Load)]  # fmt: skip
    made = [one.value for one in every if isinstance(one, ast.Assign) and len(one.targets) == 1
            and one.targets[0] in bindings]  # fmt: skip
    call = made[0] if len(made) == 1 and len(bindings) == 1 else None
    last = dotted(call.func).rpartition(".")[2] if isinstance(call, ast.Call) else ""
    return last[:1].isupper() or last == "model_validate"


def _is_plain(node: ast.AST, parents: dict[int, ast.AST]) -> bool:
    """Whether a use of a name makes nobody else know the object for longer."""
    up = parents.get(id(node))
    call = parents.get(id(up)) if isinstance(up, ast.keyword) else up
    if isinstance(call, ast.Call) and call.func is not node:
        return dotted(call.func).rpartition(".")[2] not in _KEPT
    if isinstance(up, ast.BoolOp):
        return _is_asked(up, parents)
    return isinstance(up, _READ_BY)


def _is_asked(node: ast.AST, parents: dict[int, ast.AST]) -> bool:
    """Whether an expression is a test, or a part of one: nobody keeps what it gives."""
    up = parents.get(id(node))
    while isinstance(up, (ast.BoolOp, ast.UnaryOp, ast.Await)):
        node, up = up, parents.get(id(up))
    if isinstance(up, (ast.If, ast.While, ast.IfExp, ast.Assert)):
        return up.test is node
    return isinstance(up, (ast.Compare, ast.comprehension, ast.Expr, ast.FormattedValue))


def _is_held(
    node: ast.Name, every: Sequence[ast.AST], parents: dict[int, ast.AST], own: set[str]
) -> bool:
    """Whether a use gives an object to another one, which may keep it, while something is still
    assigned to it: what a class makes, a method of what a variable holds, what a function gives."""
    up = parents.get(id(node))
    call = parents.get(id(up)) if isinstance(up, ast.keyword) else up
    if not isinstance(call, ast.Call) or call.func is node:
        return False
    root, _, last = dotted(call.func).rpartition(".")
    keeps = last[:1].isupper() or root.partition(".")[0] in own | {"self"}
    # What another function gives may be the object, or hold it.
    if not keeps and (dotted(call.func) in _GIVES_NONE or _is_asked(call, parents)):
        return False
    return any(
        isinstance(one, ast.Attribute) and not isinstance(one.ctx, ast.Load)
        and isinstance(one.value, ast.Name) and one.value.id == node.id
        and one.lineno > call.lineno
        for one in every
    )  # fmt: skip
