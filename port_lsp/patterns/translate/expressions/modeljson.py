"""`model.model_dump_json()`: what Pydantic writes of a model, in one line.

Pydantic's docs, "Serialization": the fields in the order of their declaration, by their own names
(an alias is written only where one asks for it), without blanks. pydantic-core writes with
serde_json, as the port does, so texts and numbers are the same.
"""

from __future__ import annotations

import ast

from port_lsp.patterns.translate.cratetypes import type_at
from port_lsp.patterns.translate.expressions.modelfields import refused
from port_lsp.patterns.translate.ownership import written
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.patterns.translate.values import (
    BOOL,
    F64,
    I64,
    OBJECT,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    inside,
    option_of,
    without_reference,
)
from port_lsp.types.schema import ModelSchema
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Type, symbol

_PLAIN = (STRING, I64, F64, BOOL)
# Types that serde writes as Pydantic does theirs.
_ALIKE = (("wire", "times", "Moment"), ("chrono", "NaiveDate"), ("uuid", "Uuid"))
# What makes a model write something else than its fields.
_OTHERWISE = (b"_serializer", b"json_encoders", b"ser_json_", b"def model_dump_json",
              b"Serializer(", b"SerializeAsAny")  # fmt: skip
_WAYS = frozenset((
    "skip", "skip_serializing", "skip_serializing_if", "serialize_with", "with", "flatten", "into",
    "untagged", "transparent", "tag", "serde_as.as", "skip_serializing_none",
))  # fmt: skip


def dumped_json(scene: Scene, node: ast.Call, env: Env) -> Val | None:
    """The text; None for another call. Raises UntranslatedError."""
    func = node.func
    if not isinstance(func, ast.Attribute) or func.attr != "model_dump_json":
        return None
    if node.args or node.keywords:
        raise UntranslatedError("model_dump_json with words")
    val = scene.value(func.value, env)
    kind = without_reference(val.type)
    if scene.shapes.of(kind) is None or scene.result is None:
        raise UntranslatedError("model_dump_json of what isn't known")
    written_alike(scene, kind)
    scene.need_json()
    of = val.expr if val.type != kind else b.Unary("&", written(val))
    made = b.Call(b.Path(symbol("serde_json::to_string")), (of,))
    otherwise = b.Closure((b.Wild(),), refused(scene))
    return Val(b.Try(b.Method(made, "map_err", (otherwise,))), STRING)


def written_alike(
    scene: Scene, kind: AnyType, seen: frozenset[str] = frozenset(), *, plain: bool = False
) -> None:
    """Raises UntranslatedError for a type that serde may write otherwise than Pydantic; `plain`
    refuses what is another object before it is written, too."""
    inner = option_of(kind) or inside(kind, "Vec")
    if inner is not None:
        return written_alike(scene, inner, seen, plain=plain)
    if kind in _PLAIN:
        return None
    if kind in (VALUE, OBJECT):
        return scene.needs.depend("serde_json", "1", "preserve_order")
    alike = isinstance(kind, Type) and any(kind.head.path[-len(one) :] == one for one in _ALIKE)
    if alike and not plain:
        return None
    shape = scene.shapes.of(kind)
    model = schema_at(scene.desk, shape.key) if shape is not None else None
    if shape is None or model is None or "Serialize" not in shape.traits:
        raise UntranslatedError("a dump of what isn't known")
    if shape.key in seen or (shape.is_enum and not plain):
        return None
    if shape.is_enum:
        raise UntranslatedError("a member of an Enum in a dict")
    names = [(one.name, one.name) for one in model.fields]
    if _is_special(model) or [(one.name, one.written_as) for one in model.fields] != names:
        raise UntranslatedError("a dump of a model that writes in its own way")
    rust = scene.defaults(shape.key)
    if [rust[one.name][0] for one in model.fields] != [own for _, own, _ in shape.fields]:
        raise UntranslatedError("a dump of a struct with its fields in another order")
    if _speaks(scene, model) or _is_other(scene, kind, model):
        raise UntranslatedError("a dump of a model that writes in its own way")
    for _, _, of in shape.fields:
        written_alike(scene, of, seen | {shape.key}, plain=plain)
    return None


def _is_special(model: ModelSchema) -> bool:
    """Whether a model is none of Pydantic's own, or has more than its fields to write."""
    computed = any(one.kind == "computed" for one in model.methods)
    excluded = any(one.excluded or one.absent for one in model.fields)
    return (
        model.kind != "pydantic" or model.is_row or model.root is not None or computed
        or excluded or bool(model.unset) or model.extra == "allow"
    )  # fmt: skip


def _speaks(scene: Scene, model: ModelSchema) -> bool:
    """Whether a file that has to do with a model makes models write otherwise."""
    keys = (model.key, *(one.owner for one in model.fields))
    files = {one.partition("::")[0] for one in keys}
    found = [scene.desk.snapshot.backend_files.get(one) for one in files]
    return any(word in one.text.data for one in found if one is not None for word in _OTHERWISE)


def _is_other(scene: Scene, kind: AnyType, model: ModelSchema) -> bool:
    """Whether a struct of the crate says that serde should write it, or a part, in another way."""
    there = type_at(scene.desk, kind.head) if isinstance(kind, Type) else None
    if there is None:
        return False
    said = (*there.attributes, *(word for one in there.fields for word in one.constraints))
    names = [one.alias or one.name.removeprefix("r#") for one in there.fields]
    return any(one.name in _WAYS for one in said) or names != [one.name for one in model.fields]
