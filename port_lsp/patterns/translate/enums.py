"""Members of the backend's Enums as the variants of the crate's enums.

Python's docs, `enum`: members are singletons, so `is` and `==` are the same between those of one
class; a member of `class X(str, Enum)` is its value, too, and equal to that text.
"""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.patterns.translate.values import (
    SOME,
    STRING,
    UntranslatedError,
    Val,
    known,
    option_of,
    without_reference,
)
from port_lsp.types.meanings import Member
from port_lsp.types.schema import FieldSchema, ModelSchema
from port_lsp.types.wire import ref
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from port_lsp.patterns.translate.scene import Scene
    from port_lsp.patterns.translate.shapes import Shape


def member(scene: Scene, of: Member) -> Val:
    """A member as a value: as its text or number where it is one, which may be taken for the
    variant (`as_variant`); else the variant. Raises UntranslatedError."""
    if of.mixin:
        value = json.loads(of.value)
        if not isinstance(value, (str, int)):
            raise UntranslatedError("a member of an Enum")
        plain = known(value)
        return Val(plain.expr, plain.type, known=plain.known, member=of)
    return variant(scene, of)


def variant(scene: Scene, of: Member) -> Val:
    """A member as a variant of the crate's enum. Raises UntranslatedError."""
    kind = scene.needs.type(ref(of.key), "held")
    found = _variant(scene, of, kind)
    if found is None:
        raise UntranslatedError("a member of an Enum")
    return Val(found, kind, member=of)


def enum_of(scene: Scene, kind: AnyType) -> Shape | None:
    """The shape of an enum that is one of the backend's; None for another type."""
    shape = scene.shapes.of(kind)
    return shape if shape is not None and shape.is_enum and shape.key else None


def as_variant(scene: Scene, val: Val, kind: AnyType) -> b.Expr | None:
    """A member where one of the crate's enum is wanted; None for another value or type."""
    return _variant(scene, val.member, kind) if val.member is not None else None


def _variant(scene: Scene, of: Member, kind: AnyType) -> b.Expr | None:
    shape = enum_of(scene, kind)
    if shape is None or shape.key != of.key:
        return None
    return _named(shape, of.value)


def _named(shape: Shape, value: str) -> b.Expr | None:
    wanted = json.loads(value)
    for each, name in shape.variants:
        if json.loads(each) == wanted:
            return b.Path(shape.symbol, (name,))
    return None


def of_both(scene: Scene, vals: Sequence[Val]) -> AnyType | None:
    """The enum that values are of, some of them members that are known, or may be (in an Option);
    None where they aren't all of one."""
    keys = {_key(scene, val) for val in vals}
    key = keys.pop() if len(keys) == 1 else None
    if key is None:
        return None
    kinds = [without_reference(val.type) for val in vals if val.member is None]
    if not kinds:
        return variant(scene, next(val.member for val in vals if val.member is not None)).type
    optional = [kind for kind in kinds if option_of(kind) is not None]
    return (optional or kinds)[0]


def _key(scene: Scene, val: Val) -> str | None:
    if val.member is not None:
        return val.member.key
    kind = without_reference(val.type)
    shape = enum_of(scene, option_of(kind) or kind)
    return shape.key if shape is not None else None


def compared(scene: Scene, left: Val, operator: ast.cmpop, right: Val) -> b.Expr | None:
    """A test of values of enums; None where neither is of one. Raises UntranslatedError."""
    if not isinstance(operator, (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)):
        return None
    sign = "==" if isinstance(operator, (ast.Eq, ast.Is)) else "!="
    one, other = _key(scene, left), _key(scene, right)
    if one is None and other is None:
        return None
    exact = isinstance(operator, (ast.Is, ast.IsNot))
    if one is not None and one == other:
        if left.member is not None and right.member is not None:
            same = (left.member == right.member) == (sign == "==")
            return b.Lit("true" if same else "false")
        if left.member is not None:
            left, right = right, left
        return _same(scene, left, sign, right)
    if exact or (one is not None and other is not None):
        raise UntranslatedError("a comparison of what isn't of one Enum")
    enum, text = (left, right) if one is not None else (right, left)
    if enum.member is not None:  # a text that is compared with the member's
        if not enum.member.mixin:
            raise UntranslatedError("a comparison of a member with what is none")
        return None
    kind = without_reference(enum.type)
    shape = enum_of(scene, option_of(kind) or kind)
    value = text.known.value if text.known is not None else None
    if shape is None or schema_of(scene, shape.key).mixin != "str" or not isinstance(value, str):
        raise UntranslatedError("a comparison of a member with what is none")
    found = _named(shape, json.dumps(value))
    if found is None:
        raise UntranslatedError("a comparison of a member with another text")
    return b.Binary(plain(enum), sign, _within(kind, found))


def _same(scene: Scene, left: Val, sign: str, right: Val) -> b.Expr:
    """A comparison of two values of one enum; the first isn't known."""
    kind = without_reference(left.type)
    bare = option_of(kind) or kind
    found = as_variant(scene, right, bare)
    if found is not None:
        return b.Binary(plain(left), sign, _within(kind, found))
    other = without_reference(right.type)
    if kind == other:
        return b.Binary(plain(left), sign, plain(right))
    if option_of(kind) == other:
        return b.Binary(plain(left), sign, b.Call(b.Path(SOME), (plain(right),)))
    if option_of(other) == kind:
        return b.Binary(b.Call(b.Path(SOME), (plain(left),)), sign, plain(right))
    raise UntranslatedError("a comparison")


def _within(kind: AnyType, found: b.Expr) -> b.Expr:
    return found if option_of(kind) is None else b.Call(b.Path(SOME), (found,))


def is_one_of(scene: Scene, val: Val, items: Sequence[Val]) -> b.Expr | None:
    """`value in (member, …)` of an enum; None for another value. Raises UntranslatedError."""
    kind = without_reference(val.type)
    bare = option_of(kind) or kind
    shape = enum_of(scene, bare)
    if val.member is not None or shape is None:
        return None
    found: list[b.Expr] = []
    for one in items:
        made = as_variant(scene, one, bare)
        if made is None and isinstance(one.known and one.known.value, str) and one.member is None:
            is_str = schema_of(scene, shape.key).mixin == "str"
            made = _named(shape, json.dumps(one.known and one.known.value)) if is_str else None
        if made is None:
            raise UntranslatedError("`in` a display")
        found.append(_within(kind, made))
    of = val.expr if isinstance(val.type, Reference) else b.Unary("&", val.expr)
    return b.Method(b.ArrayOf(tuple(found)), "contains", (of,))


def plain(val: Val) -> b.Expr:
    """A value beside an operator, behind no reference."""
    return b.Unary("*", val.expr) if isinstance(val.type, Reference) or val.wrapped else val.expr


def schema_of(scene: Scene, key: str) -> ModelSchema:
    """The schema of a model of the backend. Raises UntranslatedError where there is none."""
    found = schema_at(scene.desk, key)
    if found is None:
        raise UntranslatedError("a class that isn't known")
    return found


def holds_otherwise(scene: Scene, column: FieldSchema, kind: AnyType) -> bool:
    """Whether a column of an Enum is another thing in Rust than what Python reads of it: a text
    that isn't the member's own."""
    if column.wire.kind != "ref" or "::" not in column.wire.name or not is_owned_text(kind):
        return False
    try:
        schema = schema_of(scene, column.wire.name)
    except UntranslatedError:
        return False
    return schema.kind == "enum" and not (column.stored == "values" and schema.mixin == "str")


def is_owned_text(kind: AnyType) -> bool:
    """Whether it is a text, or one that may be missing."""
    return (option_of(kind) or kind) == STRING


def is_stored(scene: Scene, kind: AnyType) -> bool:
    """Whether sqlx binds values of a type, which is an enum, or may hold one."""
    shape = enum_of(scene, option_of(kind) or kind)
    return shape is not None and "Type" in shape.traits


def text_of(val: Val) -> Val:
    """A member's value as `str` writes it. Raises UntranslatedError where that isn't known."""
    if val.member is not None and not (val.member.shown and val.member.mixin):
        raise UntranslatedError("a member of an Enum as a text")
    return val
