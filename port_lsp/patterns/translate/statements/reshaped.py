"""`form.name = value` of an object that is no row and that nobody else knows: a variable that is
changed where it stands (`reshaping.py`).

Pydantic's docs, "Models": what is assigned isn't validated, unless the model says so.
"""

from __future__ import annotations

import ast
import re

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.enums import schema_of
from port_lsp.patterns.translate.expressions.told import is_told_apart
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.statements.changes import assigned_to
from port_lsp.patterns.translate.statements.step import Blocks, Step
from port_lsp.patterns.translate.values import (
    UNCHANGING,
    NotMineError,
    UntranslatedError,
    option_of,
)
from port_lsp.writing.ir import body as b

_WHAT = "an assignment to an attribute"
_OWN_WAY = re.compile(
    rb"validate_assignment|frozen|__setattr__|\.setter\b|allow_mutation"
    # A configuration that is written elsewhere.
    rb"|model_config\s*(?::[^=\n]*)?=(?!\s*(?:\{|(?:\w+\.)*\w*(?:ConfigDict|dict)\s*\())"
    rb"|(?:ConfigDict|dict)\s*\([^)]*\*\*|class Config\s*\(\s*\w"
)


def reshaped(blocks: Blocks, node: ast.Assign, env: Env, _: bool) -> Step:
    """`form.name = value`."""
    scene = blocks.scene
    target = node.targets[0] if len(node.targets) == 1 else None
    of = target.value if isinstance(target, ast.Attribute) else None
    name = of.id if isinstance(of, ast.Name) else ""
    known = env.names.get(name)
    if not isinstance(target, ast.Attribute) or known is None:
        raise NotMineError(_WHAT)
    shape = scene.shapes.of(known.type)
    found = shape.field(target.attr) if shape is not None else None
    is_row = shape is not None and "FromRow" in shape.traits
    if name not in scene.reshaped or shape is None or found is None or is_row or not shape.key:
        raise UntranslatedError(_WHAT)
    if known.hidden or not _is_as_assigned(scene, shape.key, target.attr):
        raise UntranslatedError(_WHAT)
    if (option_of(found[1]) or found[1]) not in UNCHANGING and _names(node.value) & scene.changed:
        raise UntranslatedError("an assignment of what is changed in place")
    scene.variables.saw(name, known)
    value = fitting(scene, scene.value(node.value, env), found[1])
    if not known.mutable:
        scene.variables.wants(name)
        raise UntranslatedError("an assignment that is read elsewhere")
    made = assigned_to(b.Access(known.expr, found[0]), value)
    return Step((made,), env.changed(name))


def _is_as_assigned(scene: Scene, key: str, name: str) -> bool:
    """Whether an attribute of a model is what it is set to, and nothing else comes of that."""
    model = schema_of(scene, key)
    field = next((one for one in model.fields if one.name == name), None)
    if field is None or model.kind != "pydantic" or field.limits:
        return False
    apart = any(is_told_apart(model, one) for one in model.fields)
    return not apart and not _has_own_way(scene.desk, key)


def _has_own_way(desk: Desk, key: str) -> bool:
    """Whether a class, or one that it is below, may do something with what is assigned."""
    backend = desk.snapshot.backend
    model = next((one for one in (backend.models if backend else ()) if one.key == key), None)
    source = desk.snapshot.backend_files.get(model.place.file) if model is not None else None
    chunk = source.by_id.get(model.place.chunk) if source is not None and model else None
    if model is None or source is None or chunk is None or model.bases_outside_tree:
        return True
    if _OWN_WAY.search(source.chunk_bytes(chunk)) is not None:
        return True
    return any(_has_own_way(desk, one) for one in model.bases if one != key)


def _names(node: ast.expr) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
