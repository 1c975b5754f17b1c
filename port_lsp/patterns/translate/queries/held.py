"""Queries and conditions that variables hold: nothing in Rust until they are run, when what they
are made of is put in their place.

SQLAlchemy: its docs, "ORM Querying Guide": a query doesn't change, each method gives another one;
what it is compared with is taken where the comparison is written. So a variable's expression may
stand where the variable does for as long as all that it speaks of is the same.
"""

from __future__ import annotations

import ast
import copy
from typing import cast

from port_lsp.patterns.translate.binding import walked
from port_lsp.patterns.translate.queries.chains import OURS, builder_of, is_unfinished, outside
from port_lsp.patterns.translate.queries.database import is_session
from port_lsp.patterns.translate.queries.links import chain_of
from port_lsp.patterns.translate.queries.tables import table_of
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    QUERY,
    Held,
    UntranslatedError,
)
from port_lsp.types import meanings as m
from port_lsp.writing.ir import body as b

_CONDITIONS = frozenset(("or_", "and_", "not_", "exists"))
_PEEWEE = (ast.LShift, ast.RShift, ast.Mod, ast.Pow)
# Methods of values that give the same whenever they are asked.
_PURE = frozenset(("lower", "upper", "strip", "lstrip", "rstrip", "replace", "format", "get"))
_PURE_BUILTINS = frozenset(("builtins.len", "builtins.str", "builtins.int", "builtins.list"))


def expanded(scene: Scene, node: ast.expr, env: Env) -> ast.expr:
    """An expression with what variables hold in their places. Raises UntranslatedError where
    something that they speak of has changed since."""
    if not any(isinstance(val, Held) for val in env.names.values()):
        return node
    found = _put_in(node, env)
    return found if isinstance(found, ast.expr) else node


def expanded_call(scene: Scene, node: ast.Call, env: Env) -> ast.Call:
    """The arguments of a call with what variables hold in their places."""
    args = [expanded(scene, one, env) for one in node.args]
    words = [ast.keyword(one.arg, expanded(scene, one.value, env)) for one in node.keywords]
    return ast.Call(node.func, args, words)


def _put_in(node: ast.AST, env: Env) -> ast.AST:
    if isinstance(node, ast.Name):
        val = env.names.get(node.id)
        if not isinstance(val, Held):
            return node
        for name, then in val.uses:
            if env.names.get(name) is not then:
                raise UntranslatedError("a query of what has changed since")
        return val.node
    made = node
    for field, part in ast.iter_fields(node):
        new: object = part
        if isinstance(part, ast.AST):
            new = _put_in(part, env)
        elif isinstance(part, list):
            items = cast("list[object]", part)
            parts = [_put_in(one, env) if isinstance(one, ast.AST) else one for one in items]
            if any(one is not other for one, other in zip(parts, items, strict=True)):
                new = parts
        if new is not part:
            made = copy.copy(made) if made is node else made
            setattr(made, field, new)
    return made


def held(scene: Scene, node: ast.expr, env: Env) -> Held | None:
    """What a variable holds that is assigned a query that isn't run yet, or a condition; None for
    anything else. Raises UntranslatedError where it can't wait until then."""
    node = expanded(scene, node, env)
    if not is_unfinished(scene, node, env) and not is_condition(scene, node, env):
        return None
    uses: dict[str, object] = {}
    for one in walked(node):
        if isinstance(one, (ast.NamedExpr, ast.Lambda, ast.Await, ast.Yield)):
            raise UntranslatedError("a query that can't wait")
        if isinstance(one, ast.Call) and not _is_pure(scene, one, env):
            raise UntranslatedError("a query that can't wait")
        if isinstance(one, ast.Name) and one.id in env.names and not is_session(scene, one, env):
            uses[one.id] = env.names[one.id]
    kept = tuple((name, val) for name, val in env.names.items() if name in uses)
    return Held(b.TupleOf(), QUERY, node=node, uses=kept)


def is_condition(scene: Scene, node: ast.expr, env: Env) -> bool:
    """Whether something is a condition, a column, or an order of a query."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr, *_PEEWEE)):
        return is_condition(scene, node.left, env) or is_condition(scene, node.right, env)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
        return is_condition(scene, node.operand, env)
    if isinstance(node, ast.Compare):
        return is_condition(scene, node.left, env)
    if isinstance(node, ast.Attribute):
        return table_of(scene, node.value, env) is not None
    if not isinstance(node, ast.Call):
        return False
    if outside(scene, node.func, env) in _CONDITIONS:
        return True
    root, links = chain_of(node)
    return bool(links) and is_condition(scene, root, env)


def _is_pure(scene: Scene, node: ast.Call, env: Env) -> bool:
    """Whether a call gives the same later on."""
    meaning = scene.meaning(node.func, env)
    if isinstance(meaning, m.Outside):
        known = meaning.name.startswith((*OURS, "peewee."))
        return known or meaning.name in _PURE_BUILTINS
    root, links = chain_of(node)
    if builder_of(scene, node, env) is not None or is_condition(scene, root, env):
        return True
    if outside(scene, root.func if isinstance(root, ast.Call) else root, env):
        return True
    if links and outside(scene, links[0].call.func, env):
        return True
    return isinstance(node.func, ast.Attribute) and node.func.attr in _PURE
