"""Methods of texts (Python's docs, "String Methods")."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    STR,
    STRING,
    UntranslatedError,
    Val,
    is_text,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType

# By name and number of arguments, which are texts: the method in Rust and what it gives.
_TEXT: dict[tuple[str, int], tuple[str, AnyType]] = {
    ("lower", 0): ("to_lowercase", STRING),
    ("upper", 0): ("to_uppercase", STRING),
    ("startswith", 1): ("starts_with", BOOL),
    ("endswith", 1): ("ends_with", BOOL),
    ("replace", 2): ("replace", STRING),
}


def method(scene: Scene, of: Val, node: ast.Call, env: Env) -> Val:
    """A method of a value."""
    assert isinstance(node.func, ast.Attribute)
    name = node.func.attr
    found = _TEXT.get((name, len(node.args))) if is_text(of) and not node.keywords else None
    if found is None:
        raise UntranslatedError(f"the method {name}")
    args = [scene.value(one, env) for one in node.args]
    if not all(is_text(one) for one in args):
        raise UntranslatedError(f"the method {name}")
    texts = tuple(
        one.expr if one.type == STR else b.Method(one.expr, "as_str") for one in args
    )  # fmt: skip
    return Val(b.Method(of.expr, found[0], texts), found[1])
