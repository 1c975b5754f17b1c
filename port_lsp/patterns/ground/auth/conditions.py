"""A gate's tests as Rust conditions."""

from __future__ import annotations

from port_lsp.patterns.ground.auth.callers import ColumnOf
from port_lsp.patterns.ground.auth.values import (
    STATE,
    Bound,
    NotWrittenError,
    Scene,
    column_of,
    is_claim,
    is_optional,
    name_of,
    some,
)
from port_lsp.types import auth as t
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import symbol
from port_lsp.writing.printer.literals import string

_ONE = b.Name("one")


def condition(scene: Scene, test: t.Test, bound: Bound, *, role: bool) -> b.Expr:
    """A test as a condition. `role` writes texts one by one (`role == "a" || role == "b"`): a gate
    that lets in some roles is read by these. Raises NotWrittenError."""
    if isinstance(test, t.Among):
        return _among(scene, test, bound, role=role)
    if isinstance(test, t.Flag):
        return _flag(scene, test.value, bound)
    if isinstance(test, t.Begins):
        begins = b.Method(_ONE, "starts_with", (b.Lit(string(test.prefix)),))
        if test.value in bound:
            name = b.Name(bound[test.value])
            return b.Method(name, "starts_with", (b.Lit(string(test.prefix)),))
        return _is_some_and(some(scene, test.value, bound), begins)
    if isinstance(test, t.Holds):
        if is_claim(scene, test.value) and isinstance(test.value, t.Part):
            claims = b.Unary("&", b.Name(name_of(bound, test.value.of)))
            args = (claims, b.Lit(string(test.value.name)), b.Lit(string(test.text)))
            return b.Call(b.Path(symbol("token"), ("holds",)), args)
        words = b.Method(_ONE, "split_whitespace")
        equal = b.Binary(b.Name("word"), "==", b.Lit(string(test.text)))
        any_of = b.Method(words, "any", (b.Closure((b.Bind("word"),), equal),))
        return _is_some_and(some(scene, test.value, bound), any_of)
    if isinstance(test, t.Same):
        sides = (some(scene, test.one, bound), some(scene, test.other, bound))
        return b.Call(b.Name("same"), sides)
    if isinstance(test, t.Missing):
        part = test.value if isinstance(test.value, t.Part) else None
        if part is not None and is_claim(scene, part):
            args = (b.Unary("&", b.Name(name_of(bound, part.of))), b.Lit(string(part.name)))
            return b.Unary("!", b.Call(b.Path(symbol("token"), ("has",)), args))
        return b.Method(some(scene, test.value, bound), "is_none")
    raise NotWrittenError("a token's test by itself")


def negated(test: b.Expr) -> b.Expr:
    """The opposite of a condition."""
    if isinstance(test, b.Binary) and test.operator in ("==", "!="):
        return b.Binary(test.left, "!=" if test.operator == "==" else "==", test.right)
    if isinstance(test, b.Binary) and test.operator == "||":
        return b.Binary(negated(test.left), "&&", negated(test.right))
    if isinstance(test, b.Unary) and test.operator == "!":
        return test.of
    return b.Unary("!", test)


def _among(scene: Scene, test: t.Among, bound: Bound, *, role: bool) -> b.Expr:
    column = column_of(scene, test.value)
    if column is not None and column.kind == "i64" and isinstance(test.value, t.Part):
        if not all(isinstance(one, int) for one in test.of):
            raise NotWrittenError(f"{test.value.name}, which is a number")
        field: b.Expr = b.Access(b.Name(name_of(bound, test.value.of)), column.field)
        if column.nullable:
            field = b.Method(field, "unwrap_or_default")
        return _chain(field, [b.Lit(str(one)) for one in test.of])
    if column is not None and column.kind == "enum" and isinstance(test.value, t.Part):
        return _one_of(column, b.Access(b.Name(name_of(bound, test.value.of)), column.field), test)
    if not all(isinstance(one, str) for one in test.of):
        raise NotWrittenError("a comparison with something else than a text")
    texts: list[b.Expr] = [b.Lit(string(str(one))) for one in test.of]
    if not texts:
        return b.Lit("false")
    value = some(scene, test.value, bound)
    plain = isinstance(value, b.Call) and isinstance(value.args[0], b.Method)
    if len(texts) == 1 or role:
        if plain and isinstance(value, b.Call) and isinstance(value.args[0], b.Method):
            inner = value.args[0]
            return _chain(inner.receiver if inner.name == "as_str" else inner, texts)
        return _chain(value, [b.Call(b.Path(symbol("Some")), (one,)) for one in texts])
    listed = b.ArrayOf(tuple(texts))
    if plain and isinstance(value, b.Call):
        return b.Method(listed, "contains", (b.Unary("&", value.args[0]),))
    return _is_some_and(value, b.Method(listed, "contains", (b.Unary("&", _ONE),)))


def _one_of(column: ColumnOf, field: b.Expr, test: t.Among) -> b.Expr:
    """A column of an enum, whose members are the texts that a test asks for."""
    variants = {value: b.Path(enum, (name,)) for value, enum, name in column.variants}
    found: list[b.Expr] = [variants[str(one)] for one in test.of if str(one) in variants]
    if column.nullable:
        found = [b.Call(b.Path(symbol("Some")), (one,)) for one in found]
    return _chain(field, found) if found else b.Lit("false")


def _chain(value: b.Expr, others: list[b.Expr]) -> b.Expr:
    found: b.Expr = b.Binary(value, "==", others[0])
    for other in others[1:]:
        found = b.Binary(found, "||", b.Binary(value, "==", other))
    return found


def _flag(scene: Scene, value: t.Value, bound: Bound) -> b.Expr:
    column = column_of(scene, value)
    if column is not None and isinstance(value, t.Part) and column.kind in ("bool", "i64"):
        field: b.Expr = b.Access(b.Name(name_of(bound, value.of)), column.field)
        if column.nullable:
            field = b.Method(field, "unwrap_or_default")
        return field if column.kind == "bool" else b.Binary(field, "!=", b.Lit("0"))
    if is_claim(scene, value) and isinstance(value, t.Part):
        claims = b.Unary("&", b.Name(name_of(bound, value.of)))
        args = (claims, b.Lit(string(value.name)))
        return b.Call(b.Path(symbol("token"), ("is_true",)), args)
    if isinstance(value, t.Setting):
        declared = scene.settings.get(value.env)
        if declared is not None and declared.kind != "str" and not is_optional(declared):
            field = b.Access(b.Access(STATE, "config"), scene.fields[value.env])
            return field if declared.kind == "bool" else b.Binary(field, "!=", b.Lit("0"))
    there = b.Unary("!", b.Method(_ONE, "is_empty"))
    return _is_some_and(some(scene, value, bound), there)


def _is_some_and(value: b.Expr, test: b.Expr) -> b.Expr:
    return b.Method(value, "is_some_and", (b.Closure((b.Bind("one"),), test),))
