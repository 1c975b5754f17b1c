"""`model.model_dump()` as a dict of its own (Pydantic's docs, "Serialization"): of models all of
whose fields are texts, numbers, truth values, JSON, or models and lists of such, which serde writes
under the same names. Of others a dump holds what JSON can't.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.expressions.attributes import present
from port_lsp.patterns.translate.expressions.dumps import DUMPS
from port_lsp.patterns.translate.expressions.modeljson import written_alike
from port_lsp.patterns.translate.ownership import JSON, is_short, written
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    OBJECT,
    UntranslatedError,
    Val,
    option_of,
    without_reference,
)
from port_lsp.writing.ir import body as b


def dumped_dict(scene: Scene, node: ast.Call, env: Env) -> Val | None:
    """The dict; None for another call. Raises UntranslatedError."""
    func = node.func
    if not isinstance(func, ast.Attribute) or func.attr not in DUMPS or node.args:
        return None
    if isinstance(func.value, ast.Name) and not env.is_own(func.value.id):
        return None
    of = scene.value(func.value, env)
    kind = without_reference(of.type)
    shape = scene.shapes.of(option_of(kind) or kind)
    if shape is None or not shape.key:
        return None
    if of.hidden or any(not _is_nothing(one) for one in node.keywords):
        raise UntranslatedError(f"the method {func.attr}")
    of = present(scene, of, func.attr)
    written_alike(scene, without_reference(of.type), plain=True)
    scene.need_json()
    scene.needs.depend("serde_json", "1", "preserve_order")
    if is_short(of.expr):
        return Val(_dict(written(of)), OBJECT)
    name = env.free("dumped")
    first = b.Let(b.Bind(name), of.expr)
    return Val(b.Block((first,), _dict(b.Name(name))), OBJECT)


def _dict(of: b.Expr) -> b.Expr:
    whole = b.Method(b.Macro(JSON, (of,)), "as_object")
    return b.Method(b.Method(whole, "cloned"), "unwrap_or_default")


def _is_nothing(word: ast.keyword) -> bool:
    """Whether a word changes nothing of a dump of plain values."""
    value = word.value.value if isinstance(word.value, ast.Constant) else None
    if word.arg == "mode":
        return value in ("json", "python")
    return word.arg in ("exclude_unset", "exclude_none", "by_alias") and value is False
