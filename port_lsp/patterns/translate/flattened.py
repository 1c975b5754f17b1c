"""`if isinstance(parameter, dict): … else: …` of a parameter whose type is known: what is on the
one way, before anything is translated, as if Python had said it alone. A function that takes a
model or a dict is written for what it is called with."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from msgspec.structs import replace

from port_lsp.patterns.translate.binding import stored
from port_lsp.patterns.translate.bodytext import Body
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import Val
from port_lsp.types import meanings as m

_PLAIN = frozenset(("builtins.dict", "builtins.str", "builtins.list", "builtins.int"))


def flattened(scene: Scene, body: Body, names: Mapping[str, Val]) -> Body:
    """A body without such tests among its own statements; `passed` are those that are gone."""
    bound = {name for one in body.nodes for name in stored(one)}
    models = {
        name for name, val in names.items()
        if name not in bound and (shape := scene.shapes.of(val.type)) is not None
        and shape.key and not shape.is_enum
    }  # fmt: skip
    made: list[ast.stmt] = []
    passed: list[ast.stmt] = []
    left = list(body.nodes)
    while left:
        node = left.pop(0)
        asked = _asked(scene, node, models) if isinstance(node, ast.If) else None
        if asked is None or not isinstance(node, ast.If):
            made.append(node)
            continue
        left[:0] = node.body if asked else node.orelse
        passed += [ast.copy_location(ast.If(node.test, [ast.Pass()], []), node)]
        passed += node.orelse if asked else node.body
    return replace(body, nodes=tuple(made), passed=tuple(passed)) if passed else body


def _asked(scene: Scene, node: ast.If, models: set[str]) -> bool | None:
    """Which way an `if` goes that asks for the class of one of these; None for any other one."""
    test, way = node.test, True
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, way = test.operand, not way
    if not isinstance(test, ast.Call) or len(test.args) != 2 or test.keywords:
        return None
    of, cls = test.args
    if not isinstance(of, ast.Name) or of.id not in models or not isinstance(cls, ast.Name):
        return None
    known = scene.desk.backend.meaning(scene.backend_file, ast.unparse(test.func))
    meaning = scene.desk.backend.meaning(scene.backend_file, cls.id)
    if known != m.Outside("builtins.isinstance") or not isinstance(meaning, m.Outside):
        return None
    return not way if meaning.name in _PLAIN else None
