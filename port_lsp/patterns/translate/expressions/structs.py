"""`Model(a=…)`: a struct, all of whose fields are given or have None as their default.

`**{…}` and `**other.model_dump()` give fields, too, the later ones instead of those before them.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from port_lsp.patterns.models.defaults import default_value
from port_lsp.patterns.translate.expressions.attributes import field, said
from port_lsp.patterns.translate.ownership import fitting
from port_lsp.patterns.translate.queries.generated import is_generated
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.patterns.translate.values import (
    NONE,
    SOME,
    VALUE,
    UntranslatedError,
    Val,
    is_none,
    option_of,
    without_reference,
)
from port_lsp.types.schema import ModelSchema
from port_lsp.types.wire import ref
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Type

_DUMPS = ("model_dump", "dict")


def made(scene: Scene, key: str, node: ast.Call, env: Env) -> Val:
    """An object of a model of the backend (item key). Raises UntranslatedError where a validator
    might refuse it, or a field isn't known."""
    kind = scene.needs.type(ref(key), "held")
    shape = scene.shapes.of(kind)
    if shape is None or not isinstance(kind, Type) or shape.is_enum or "Validate" in shape.traits:
        raise UntranslatedError("an object of a class")
    model = schema_of(scene, key)
    given = given_to(scene, node, env, model)
    schema = scene.defaults(key)
    fields: list[tuple[str, b.Expr]] = []
    for name, rust, of in shape.fields:
        written = next((one for one in given if one in schema and schema[one][0] == name), None)
        if written is not None:
            fields.append((rust, _fitting(scene, given.pop(written), of, row=model.is_row)))
        elif any(each[0] == name and each[1] for each in schema.values()):
            if model.is_row and any(one.name == name and is_generated(one) for one in model.fields):
                raise UntranslatedError("a row without a column that the database sets")
            fields.append((rust, b.Path(NONE)))
        else:
            fields.append((rust, _default(scene, model, schema, name, of)))
    if given:
        raise UntranslatedError("an object with fields that aren't known")
    return Val(b.StructLiteral(kind.head, tuple(fields)), kind)


def _default(
    scene: Scene, model: ModelSchema, names: Mapping[str, tuple[str, bool]], rust: str, of: AnyType
) -> b.Expr:
    """The default of a field that isn't given, which is called `rust` there."""
    one = next((each for each in model.fields if names.get(each.name, ("",))[0] == rust), None)
    if one is None or model.is_row or one.default.kind in ("none", "expression"):
        raise UntranslatedError("an object without one of its fields")
    value = default_value(scene.needs.context("", (one,)), one, option_of(of) or of)
    if value is None:
        raise UntranslatedError("an object without one of its fields")
    return value


def schema_of(scene: Scene, key: str) -> ModelSchema:
    """What a class of the backend (item key) is made of. Raises UntranslatedError."""
    found = schema_at(scene.desk, key)
    if found is None:
        raise UntranslatedError("an object of a class")
    return found


def given_to(scene: Scene, node: ast.Call, env: Env, model: ModelSchema) -> dict[str, Val]:
    """What an object is made with, by the names of its fields. A dataclass takes them in their
    order, too (Python's docs, `dataclasses`). Raises UntranslatedError."""
    if node.args and (model.kind != "dataclass" or len(node.args) > len(model.fields)):
        raise UntranslatedError("an object made without keywords")
    found = {
        field.name: scene.value(one, env)
        for field, one in zip(model.fields, node.args, strict=False)
    }
    for word in node.keywords:
        if word.arg is not None:
            found[word.arg] = scene.value(word.value, env)
        elif isinstance(word.value, ast.Dict):
            for key, value in zip(word.value.keys, word.value.values, strict=True):
                if key is None:
                    found |= dumped(scene, value, env, model)
                elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                    found[key.value] = scene.value(value, env)
                else:
                    raise UntranslatedError("`**` in a call")
        else:
            found |= dumped(scene, word.value, env, model)
    return found


def dumped(scene: Scene, node: ast.expr, env: Env, model: ModelSchema) -> dict[str, Val]:
    """The fields of `value.model_dump()` that a model has; others are left out where it ignores
    them."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        raise UntranslatedError("`**` in a call")
    if node.args or node.func.attr not in _DUMPS:
        raise UntranslatedError("`**` in a call")
    without = _excluded(node)
    of = scene.value(node.func.value, env)
    shape = scene.shapes.of(of.type)
    if shape is None or option_of(of.type) is not None or "Serialize" not in shape.traits:
        raise UntranslatedError("`**` in a call")
    names = {rust: python for python, (rust, _) in scene.defaults(shape.key).items()}
    wanted = {one.name for one in model.fields}
    found: dict[str, Val] = {}
    for name, rust, _ in shape.fields:
        python = names.get(rust, name)
        if python in without:
            continue
        if python in wanted:
            found[python] = said(scene, of, field(scene, of, name), python)
        elif model.is_row or model.extra != "ignore":
            raise UntranslatedError("an object with fields that aren't known")
    return found


def _excluded(node: ast.Call) -> set[str]:
    """The fields that `model_dump(exclude={…})` leaves out."""
    found: set[str] = set()
    for word in node.keywords:
        if word.arg != "exclude" or not isinstance(word.value, (ast.Set, ast.List, ast.Tuple)):
            raise UntranslatedError("`**` in a call")
        for one in word.value.elts:
            if not isinstance(one, ast.Constant) or not isinstance(one.value, str):
                raise UntranslatedError("`**` in a call")
            found.add(one.value)
    return found


def _fitting(scene: Scene, val: Val, wanted: AnyType, *, row: bool) -> b.Expr:
    """A field's value. SQLAlchemy's docs, `JSON.none_as_null`: None is JSON's null in a column of
    JSON that it is given for."""
    if row and option_of(wanted) == VALUE and is_none(val):
        return b.Call(b.Path(SOME), (b.Path(VALUE.head, ("Null",)),))
    if VALUE in (wanted, option_of(wanted)) and holds_models(scene, val.type):
        raise UntranslatedError("a model as JSON, whose names may be others there")
    return fitting(scene, val, wanted)


def holds_models(scene: Scene, kind: AnyType) -> bool:
    """Whether models of the backend are in a value of a type."""
    kind = without_reference(kind)
    if scene.shapes.of(kind) is not None:
        return True
    return isinstance(kind, Type) and any(holds_models(scene, one) for one in kind.args)
