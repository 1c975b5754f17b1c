"""Of which type a value is that isn't translated: what its annotations and Python's docs say."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.calls import is_unsaid
from port_lsp.patterns.translate.clients.kinds import answer_of
from port_lsp.patterns.translate.clients.once import need_reqwest
from port_lsp.patterns.translate.denied import honest
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import BOOL, EMPTY, F64, I64, STR, STRING, UntranslatedError
from port_lsp.patterns.translate.values import without_reference as bare
from port_lsp.types import meanings as m
from port_lsp.types.wire import ref
from port_lsp.writing.ir.types import AnyType

# What functions of Python's standard library give (its docs).
_GIVES: dict[str, AnyType] = {
    "builtins.len": I64, "builtins.int": I64, "builtins.str": STRING, "builtins.float": F64,
    "builtins.bool": BOOL, "builtins.any": BOOL, "builtins.all": BOOL, "builtins.repr": STRING,
    "builtins.isinstance": BOOL, "builtins.hasattr": BOOL, "json.dumps": STRING,
    "time.time": F64, "time.time_ns": I64, "time.monotonic": F64, "os.path.exists": BOOL,
    "os.path.isfile": BOOL, "os.path.isdir": BOOL,
}  # fmt: skip


def guess(scene: Scene, node: ast.expr, env: Env) -> AnyType | None:
    """The Rust type of an expression; None where nothing says it for certain."""
    if (answer := answer_of(scene, node, env)) is not None:
        need_reqwest(scene)
        return answer
    if isinstance(node, ast.Await):
        if not isinstance(node.value, ast.Call):
            return None
        return _called(scene, node.value, env, waits=True)
    if isinstance(node, ast.JoinedStr):
        return STRING
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return BOOL
    if isinstance(node, ast.Compare) and all(
        isinstance(one, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for one in node.ops
    ):
        return BOOL  # what `==` gives, a class may say
    if isinstance(node, ast.Call):
        return _called(scene, node, env, waits=False)
    held = scene.held
    try:
        scene.held = [] if held is not None else None  # nothing is read for a guess
        kind = scene.value(node, env).type
    except UntranslatedError:
        return None
    finally:
        scene.held = held
    return STRING if kind == STR else None if kind == EMPTY else bare(kind)


def _called(scene: Scene, node: ast.Call, env: Env, *, waits: bool) -> AnyType | None:
    meaning = scene.meaning(node.func, env)
    if isinstance(meaning, m.Outside):
        return _GIVES.get(meaning.name) if not waits else None
    if isinstance(meaning, m.Kind) and not waits:
        return scene.needs.type(ref(meaning.key), "held")
    if isinstance(meaning, m.Callable) and meaning.is_async == waits:
        returns = honest(scene.desk, meaning).returns
        if returns is None or is_unsaid(returns) or returns.kind == "null":
            return None
        return scene.needs.type(returns, "held")
    return None
