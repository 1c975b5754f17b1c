"""Tests that say whether there is something: what follows them knows more of a name."""

from __future__ import annotations

import ast

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.clients.kinds import is_always_good
from port_lsp.patterns.translate.scene import Env, Scene, dotted
from port_lsp.patterns.translate.values import (
    UntranslatedError,
    Val,
    option_of,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference


class Narrowed(Record, frozen=True):
    """A test of a name (or an attribute) that holds an Option: whether it is there where the test
    holds (`some`). `rust` is what the value is called when it has been taken out.

    `truthy` says that what is there must count as true; `plain` that everything of its type does.
    """

    python: str
    val: Val
    inner: AnyType
    some: bool
    truthy: bool
    plain: bool
    rust: str
    copied: bool

    @property
    def asks_nothing_more(self) -> bool:
        """Whether the test asks for nothing but whether there is something."""
        return self.plain or not self.truthy

    @property
    def is_variable(self) -> bool:
        """Whether the Option is a variable by itself."""
        return isinstance(self.val.expr, b.Name) and self.val.expr.name == self.rust

    def owned(self, env: Env) -> Env:
        """The names where the value has been taken out."""
        return env.bind(self.python, Val(b.Name(self.rust), self.inner, True, self.rust), self.rust)

    def borrowed(self, env: Env) -> Env:
        """The names where the value has been looked at."""
        val = Val(b.Name(self.rust), Reference(self.inner), True, self.rust)
        return env.bind(self.python, val, self.rust)


def narrowed(scene: Scene, node: ast.expr, env: Env) -> Narrowed | None:
    """What a test says of a name; None where it says nothing of that kind."""
    some, truthy = True, True
    while isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        node, some = node.operand, not some
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        right = node.comparators[0]
        if not (isinstance(right, ast.Constant) and right.value is None):
            return None
        if isinstance(node.ops[0], (ast.Is, ast.Eq)):
            some = not some
        elif not isinstance(node.ops[0], (ast.IsNot, ast.NotEq)):
            return None
        node, truthy = node.left, False
    python = dotted(node)
    if python.partition(".")[0] not in env.names:
        return None
    try:
        val = scene.value(node, env)
    except UntranslatedError:
        return None
    inner = option_of(val.type)
    if inner is None or not val.place or val.wrapped:
        return None
    plain = scene.shapes.is_true(without_reference(inner)) or is_always_good(inner)
    own = isinstance(val.expr, b.Name)
    rust = val.expr.name if isinstance(val.expr, b.Name) and own else env.free(python)
    return Narrowed(python, val, inner, some, truthy, plain, rust, scene.shapes.has(inner, "Copy"))
