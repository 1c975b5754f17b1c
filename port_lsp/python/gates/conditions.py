"""Conditions on values that the request decides."""

from __future__ import annotations

import ast

from port_lsp.python.gates.methods import in_jar
from port_lsp.python.gates.trees import branch
from port_lsp.python.gates.values import (
    NOTHING,
    SYMBOLIC,
    Column,
    Const,
    Env,
    Exc,
    Jar,
    Known,
    Next,
    Object,
    Py,
)
from port_lsp.python.values import Bound, Class, Function
from port_lsp.types import auth as t

_EQUAL = (ast.Eq, ast.Is)


def presence(value: Known, env: Env, yes: Next, no: Next) -> t.Tree | None:
    """Which way a value's truth leads; None where nothing is known of it."""
    if isinstance(value, Const):
        return yes(env) if value.value else no(env)
    if isinstance(value, (t.Carried, t.Row)):
        return branch(t.Missing(value), env, no, yes)
    if isinstance(value, t.Given):
        return branch(t.Missing(value), env, no, yes)
    if isinstance(value, t.Part):
        return branch(t.Flag(value), env, yes, no)
    if isinstance(value, t.Setting):
        return branch(t.Flag(value), env, yes, no)
    if isinstance(value, t.Lower):
        return presence(value.of, env, yes, no)
    if isinstance(value, (t.Claims, Exc, Object, Column)):
        return yes(env)
    if isinstance(value, Py) and isinstance(value.value, (Function, Bound, Class)):
        return yes(env)
    return None


def compared(
    left: Known, op: ast.cmpop, right: Known, env: Env, yes: Next, no: Next
) -> t.Tree | None:
    """Which way a comparison leads; None where nothing is known of it."""
    if isinstance(op, (ast.NotEq, ast.IsNot, ast.NotIn)):
        same = {ast.NotEq: ast.Eq, ast.IsNot: ast.Is, ast.NotIn: ast.In}[type(op)]()
        return compared(left, same, right, env, no, yes)
    if isinstance(op, ast.In):
        return _among(left, right, env, yes, no)
    if not isinstance(op, _EQUAL):
        return None
    if right == NOTHING or left == NOTHING:
        return _is_none(left if right == NOTHING else right, env, yes, no)
    if isinstance(left, Const) and isinstance(right, Const):
        same = left.value == right.value
        if left.value == "Bearer" and isinstance(right.value, str):
            same = right.value.lower() == "bearer"  # a scheme's name, in whatever case
        return yes(env) if same else no(env)
    if isinstance(left, Const):
        left, right = right, left
    if isinstance(right, Const) and isinstance(left, SYMBOLIC):
        if isinstance(right.value, bool):
            way = (yes, no) if right.value else (no, yes)
            return branch(t.Flag(left), env, *way)
        if isinstance(right.value, (str, int)):
            return branch(t.Among(left, (right.value,)), env, yes, no)
        return None
    if isinstance(left, SYMBOLIC) and isinstance(right, SYMBOLIC):
        return branch(t.Same(left, right), env, yes, no)
    return None


def _is_none(value: Known, env: Env, yes: Next, no: Next) -> t.Tree | None:
    if isinstance(value, Const):
        return yes(env) if value.value is None else no(env)
    if isinstance(value, t.Part):
        return branch(t.Missing(value), env, yes, no)
    if isinstance(value, t.Setting):
        return branch(t.Missing(value), env, yes, no)
    found = presence(value, env, no, yes)
    if isinstance(value, (t.Carried, t.Row, t.Given, t.Part, t.Lower)):
        return found
    return no(env) if isinstance(value, (t.Claims, Exc, Object, Column)) else None


def _among(left: Known, right: Known, env: Env, yes: Next, no: Next) -> t.Tree | None:
    if isinstance(left, Const) and isinstance(right, Const):
        return None
    if isinstance(left, Const) and isinstance(left.value, str):
        if isinstance(right, t.Claims):
            return branch(t.Missing(t.Part(right, left.value)), env, no, yes)
        if isinstance(right, Jar):
            return branch(t.Missing(in_jar(right, left.value)), env, no, yes)
        if isinstance(right, SYMBOLIC):
            return branch(t.Holds(right, left.value), env, yes, no)
    if isinstance(left, SYMBOLIC) and isinstance(right, Const) and isinstance(right.value, tuple):
        plain = tuple(one for one in right.value if isinstance(one, (str, int)))
        if len(plain) == len(right.value):
            return branch(t.Among(left, plain), env, yes, no)
    return None
