"""`a, b`: several values at once."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    EMPTY,
    STR,
    STRING,
    UntranslatedError,
    Val,
    is_none,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Tuple


def several(scene: Scene, node: ast.Tuple, env: Env) -> Val:
    """A tuple of owned values. Raises UntranslatedError."""
    if len(node.elts) < 2 or any(isinstance(one, ast.Starred) for one in node.elts):
        raise UntranslatedError("a tuple")
    vals = [scene.value(one, env) for one in node.elts]
    if any(is_none(one) or one.type == EMPTY for one in vals):
        raise UntranslatedError("a tuple of what isn't known")
    kinds: tuple[AnyType, ...] = tuple(
        STRING if one.type == STR else without_reference(one.type) for one in vals
    )
    made = tuple(fitting(scene, one, kind) for one, kind in zip(vals, kinds, strict=True))
    return Val(b.TupleOf(made), Tuple(kinds))
