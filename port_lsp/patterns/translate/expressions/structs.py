"""`Model(a=…)`: a struct, all of whose fields are given (`given.py`) or have a default."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from port_lsp.patterns.models.defaults import default_value
from port_lsp.patterns.models.limits import has_limits
from port_lsp.patterns.translate.expressions.dumps import Entry
from port_lsp.patterns.translate.expressions.given import Opened, given_to
from port_lsp.patterns.translate.expressions.modelfields import refused
from port_lsp.patterns.translate.ownclasses import acts_by_itself
from port_lsp.patterns.translate.ownership import fitting, owned
from port_lsp.patterns.translate.queries.generated import is_generated
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.schemas import schema_of
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


def made(scene: Scene, key: str, node: ast.Call, env: Env) -> Val:
    """An object of a model of the backend (item key). Raises UntranslatedError where a validator
    might refuse it, or a field isn't known."""
    kind = scene.needs.type(ref(key), "held")
    shape = scene.shapes.of(kind)
    if shape is None or not isinstance(kind, Type) or shape.is_enum:
        raise UntranslatedError("an object of a class")
    model = schema_of(scene, key)
    if model.is_row and acts_by_itself(scene.desk, key):
        raise UntranslatedError("a row that changes what it is given")
    # What its fields hold are models that have been checked.
    if "Validate" in shape.traits and any(map(has_limits, model.fields)):
        raise UntranslatedError("an object of a class that checks its fields")
    opened = Opened()
    given = given_to(scene, node, env, model, opened)
    schema = scene.defaults(key)
    fields: list[tuple[str, b.Expr]] = []
    for name, rust, of in shape.fields:
        written = next((one for one in given if one in schema and schema[one][0] == name), None)
        some = next((one for one in opened.some if one in schema and schema[one][0] == name), None)
        if written is not None:
            fields.append((rust, _fitting(scene, given.pop(written), of, row=model.is_row)))
        elif some is not None:
            entry = opened.some.pop(some)
            fields.append((rust, _if_there(scene, model, entry, of)))
        elif any(each[0] == name and each[1] for each in schema.values()):
            if model.is_row and any(one.name == name and is_generated(one) for one in model.fields):
                raise UntranslatedError("a row without a column that the database sets")
            if option_of(of) is None:
                raise UntranslatedError("an object whose default is of another type")
            fields.append((rust, b.Path(NONE)))
        else:
            fields.append((rust, _default(scene, model, schema, name, of)))
    if given or opened.some:
        raise UntranslatedError("an object with fields that aren't known")
    literal = b.StructLiteral(kind.head, tuple(fields))
    return Val(b.Block(tuple(opened.before), literal) if opened.before else literal, kind)


def _if_there(scene: Scene, model: ModelSchema, entry: Entry, of: AnyType) -> b.Expr:
    """A field that gets what a dump holds, if it does, and its default else."""
    one = next(each for each in model.fields if each.name == entry.key)
    if model.is_row or entry.depth != 1 or entry.given is None:
        raise UntranslatedError("a model that is dumped in part")
    if option_of(of) is not None:
        if one.default.kind != "value" or one.default.text != "null":
            raise UntranslatedError("a model that is dumped in part")
        return fitting(scene, entry.value, of)
    if entry.given != of:
        raise UntranslatedError("a model that is dumped in part")
    there = owned(scene, entry.value)
    if one.required:
        return b.Try(b.Method(there, "ok_or_else", (b.Closure((), refused(scene)),)))
    default = default_value(scene.needs.context("", (one,)), one, of)
    if default is None:
        raise UntranslatedError("an object without one of its fields")
    if isinstance(default, b.Lit):
        return b.Method(there, "unwrap_or", (default,))
    return b.Method(there, "unwrap_or_else", (b.Closure((), default),))


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
