"""Values of a gate as Rust expressions."""

from __future__ import annotations

from collections.abc import Mapping

from port_lsp.facts.source import Record
from port_lsp.patterns.ground.auth.callers import Caller, ColumnOf, lookup_name
from port_lsp.types import auth as t
from port_lsp.types.settings import Setting
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import symbol
from port_lsp.writing.printer.literals import string

ASKED, STATE = b.Name("asked"), b.Name("state")


class NotWrittenError(ValueError):
    """A value that isn't understood well enough to be written; the message says which."""


class Passes(Record, frozen=True):
    """What a gate hands on: "row" (of a model), "claims", "text" or "nothing"; `optional` where it
    may be nothing all the same."""

    kind: str
    model: str = ""
    optional: bool = False


class Scene(Record, frozen=True):
    """What values are made from: the config's fields by their variables, the tables, and what each
    gate hands on. `bound` are the names of values that are there for certain."""

    fields: Mapping[str, str]
    settings: Mapping[str, Setting]
    callers: Mapping[str, Caller]
    passes: Mapping[str, Passes]


class Maybe(Record, frozen=True):
    """An `Option` of what another gate hands on."""

    of: t.Given


Bound = Mapping[t.Value | Maybe, str]


def column_of(scene: Scene, value: t.Value) -> ColumnOf | None:
    """The column that a part of a row is."""
    if not isinstance(value, t.Part):
        return None
    model = value.of.model if isinstance(value.of, t.Row) else ""
    if isinstance(value.of, t.Given):
        passed = scene.passes[value.of.gate]
        model = passed.model if passed.kind == "row" else ""
    caller = scene.callers.get(model)
    found = caller.column(value.name) if caller is not None else None
    if caller is not None and found is None:
        raise NotWrittenError(f"{value.name} of {caller.table}")
    return found


def is_claim(scene: Scene, value: t.Value) -> bool:
    """Whether a value is a claim of a token."""
    if not isinstance(value, t.Part):
        return False
    if isinstance(value.of, t.Given):
        return scene.passes[value.of.gate].kind == "claims"
    return isinstance(value.of, t.Claims)


def option(scene: Scene, value: t.Value, bound: Bound) -> b.Expr:
    """An `Option` of a value that may be missing, as its own: `Option<String>`, of a row."""
    if isinstance(value, t.Carried):
        first, *others = (_source(one) for one in value.sources)
        for other in others:
            first = b.Method(first, "or_else", (b.Closure((), other),))
        return first
    if isinstance(value, t.Row):
        caller = scene.callers.get(value.model)
        if caller is None or any(caller.column(name) is None for name, _ in value.where):
            raise NotWrittenError(f"a row of {value.model}")
        args = tuple(text(scene, one, bound) for _, one in value.where)
        pool = b.Unary("&", b.Access(STATE, "db"))
        function = b.Path(symbol(lookup_name(caller, value)))
        return b.Try(b.Await(b.Call(function, (pool, *args))))
    if isinstance(value, t.Given):
        return b.Name(name_of(bound, Maybe(value)))
    found = some(scene, value, bound)
    if isinstance(found, b.Method) and found.name == "as_deref" and is_claim(scene, value):
        return found.receiver  # an Option of its own
    return b.Method(found, "map", (b.Path(symbol("str"), ("to_owned",)),))


def _source(one: t.Source) -> b.Expr:
    if one.place == "bearer":
        return b.Method(ASKED, "bearer")
    return b.Method(ASKED, one.place, (b.Lit(string(one.name)),))


def name_of(bound: Bound, value: t.Value | Maybe) -> str:
    """The name of a value that is there. Raises NotWrittenError."""
    if value not in bound:
        raise NotWrittenError("a value that is looked at before it is there")
    return bound[value]


def some(scene: Scene, value: t.Value, bound: Bound) -> b.Expr:
    """An `Option<&str>` of a value."""
    if isinstance(value, t.Text):
        return _just(b.Lit(string(value.text)))
    if value in bound:
        return _just(b.Method(b.Name(bound[value]), "as_str"))
    if isinstance(value, t.Setting):
        return _setting(scene, value)
    if isinstance(value, t.Lower):
        lowered = b.Method(some(scene, value.of, bound), "map", (_to_lower(),))
        return b.Method(lowered, "as_deref")
    if isinstance(value, t.Part):
        if is_claim(scene, value):
            claims = b.Unary("&", b.Name(name_of(bound, value.of)))
            args = (claims, b.Lit(string(value.name)))
            return b.Method(b.Call(b.Path(symbol("token"), ("text",)), args), "as_deref")
        column = column_of(scene, value)
        if column is not None:
            return _column(b.Access(b.Name(name_of(bound, value.of)), column.field), column)
    if isinstance(value, t.Carried):
        return b.Method(option(scene, value, bound), "as_deref")
    raise NotWrittenError("a value that isn't a text")


def text(scene: Scene, value: t.Value, bound: Bound) -> b.Expr:
    """A `&str` of a value; empty where it is missing."""
    if value in bound:
        return b.Unary("&", b.Name(bound[value]))
    found = some(scene, value, bound)
    if isinstance(found, b.Call) and found.args:  # Some(…)
        return found.args[0]
    return b.Method(found, "unwrap_or_default")


def _column(field: b.Expr, column: ColumnOf) -> b.Expr:
    if column.kind == "enum":
        raise NotWrittenError("a member of an Enum as a text")
    if column.kind == "String":
        return b.Method(field, "as_deref") if column.nullable else _just(b.Method(field, "as_str"))
    if column.nullable:
        shown = b.Method(field, "map", (b.Closure((b.Bind("one"),), _shown(b.Name("one"))),))
        return b.Method(shown, "as_deref")
    return _just(b.Method(_shown(field), "as_str"))


def _setting(scene: Scene, value: t.Setting) -> b.Expr:
    name = scene.fields.get(value.env)
    declared = scene.settings.get(value.env)
    if name is None or declared is None:
        raise NotWrittenError(f"the setting {value.env}")
    field = b.Access(b.Access(STATE, "config"), name)
    if is_optional(declared):
        if declared.kind != "str":
            raise NotWrittenError(f"the setting {value.env}, which is no text")
        return b.Method(field, "as_deref")
    shown = field if declared.kind == "str" else _shown(field)
    return _just(b.Method(shown, "as_str"))


def is_optional(declared: Setting) -> bool:
    """Whether a setting's field in the crate is an Option."""
    return declared.default is None and not declared.needed and declared.kind != "bool"


def _shown(value: b.Expr) -> b.Expr:
    return b.Method(value, "to_string")


def _just(value: b.Expr) -> b.Expr:
    return b.Call(b.Path(symbol("Some")), (value,))


def _to_lower() -> b.Expr:
    return b.Path(symbol("str"), ("to_lowercase",))
