"""`Model(a=…)`: a struct, all of whose fields are given or have None as their default."""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import NONE, UntranslatedError, Val
from port_lsp.types.wire import ref
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Type


def made(scene: Scene, key: str, node: ast.Call, env: Env) -> Val:
    """An object of a model of the backend (item key). Raises UntranslatedError where a validator
    might refuse it, or a field isn't known."""
    if node.args:
        raise UntranslatedError("an object made without keywords")
    kind = scene.needs.type(ref(key), "Serialize")
    shape = scene.shapes.of(kind)
    if shape is None or not isinstance(kind, Type) or shape.is_enum or "Validate" in shape.traits:
        raise UntranslatedError("an object of a class")
    given = {word.arg: word.value for word in node.keywords if word.arg is not None}
    schema = scene.defaults(key)
    fields: list[tuple[str, b.Expr]] = []
    for name, rust, of in shape.fields:
        written = next((one for one in given if one in schema and schema[one][0] == name), None)
        if written is not None:
            fields.append((rust, fitting(scene, scene.value(given.pop(written), env), of)))
        elif any(each[0] == name and each[1] for each in schema.values()):
            fields.append((rust, b.Path(NONE)))
        else:
            raise UntranslatedError("an object without one of its fields")
    if given:
        raise UntranslatedError("an object with fields that aren't known")
    return Val(b.StructLiteral(kind.head, tuple(fields)), kind)
