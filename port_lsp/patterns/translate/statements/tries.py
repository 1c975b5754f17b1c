"""`try` around what can't fail in Rust: its statements alone."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.scene import Env
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import UntranslatedError


def tried(_: Blocks, node: ast.Try, __: Env, ___: bool) -> Step:
    """Not translated yet."""
    raise UntranslatedError(f"try with {len(node.handlers)} except")
