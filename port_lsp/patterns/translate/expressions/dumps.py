"""`form.model_dump(…)` that a variable holds: nothing in Rust, whose struct has the same fields.

Pydantic's docs, "Serialization": `exclude_unset` leaves out what wasn't given, `exclude_none` what
is None, `exclude` what it names. A dump is a dict of its own: the form stays as it is, whatever is
done to the dump.
"""

from __future__ import annotations

import ast
from functools import reduce

from msgspec.structs import replace

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.expressions.attributes import field
from port_lsp.patterns.translate.expressions.told import is_told_apart, told
from port_lsp.patterns.translate.failing import or_broken
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.schemas import schema_at, schema_of
from port_lsp.patterns.translate.values import (
    QUERY,
    Hidden,
    UntranslatedError,
    Val,
    is_none,
    option_of,
)
from port_lsp.types import meanings as m
from port_lsp.types.schema import FieldSchema
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, symbol

_JSON = frozenset(("str", "int", "float", "bool"))
DUMPS = ("model_dump", "dict")
_SOME, _MATCHES = symbol("Some"), symbol("matches")


class Dump(Hidden, frozen=True, kw_only=True):
    """A model as a dict: `form` is its value and `name` the variable that has it in Python, `key`
    its class; `unset` and `none` say whether what wasn't given, or is None, is left out, `left` are
    the keys that are, and `more` those that were put in with what they hold."""

    name: str
    form: Val
    key: str
    unset: bool = False
    none: bool = False
    left: frozenset[str] = frozenset()
    more: tuple[tuple[str, Val], ...] = ()

    def leaving_none(self) -> Dump:
        """Without the keys of what is None."""
        return replace(self, none=True)

    def with_key(self, key: str, val: Val) -> Dump:
        """With a key that holds a value."""
        more = (*(one for one in self.more if one[0] != key), (key, val))
        return replace(self, more=more)


class Entry(Record, frozen=True):
    """A key of a dump and what it holds; `given` is its type where the key is only there if there
    is such a value: then `value` is an Option of it, `depth` times."""

    key: str
    value: Val
    given: AnyType | None = None
    depth: int = 0


def dump_of(scene: Scene, node: ast.expr, env: Env) -> Dump | None:
    """The dump that an expression is; None for what is none. Raises UntranslatedError where it
    isn't known what is in it."""
    if isinstance(node, ast.Name):
        held = env.names.get(node.id)
        if not isinstance(held, Dump):
            return None
        if env.names.get(held.name) is not held.form:
            raise UntranslatedError("a model that was dumped and has changed since")
        return held
    if not isinstance(node, ast.Call):
        return None
    encoded = _encoded(scene, node, env)
    node = encoded or node
    if not isinstance(node.func, ast.Attribute):
        return None
    if node.func.attr not in DUMPS or not isinstance(node.func.value, ast.Name):
        return None
    form = scene.value(node.func.value, env)
    shape = scene.shapes.of(form.type)
    if encoded is not None and shape is not None and not _is_plain(scene, shape.key):
        raise UntranslatedError("a call of fastapi.encoders.jsonable_encoder")
    if shape is None or not shape.key or not form.place or option_of(form.type) is not None:
        return None
    words = _words(node)
    return Dump(
        b.TupleOf(), QUERY, name=node.func.value.id, form=form, key=shape.key,
        unset="exclude_unset" in words, none="exclude_none" in words,
        left=frozenset(words.get("exclude", ())),
    )  # fmt: skip


def _encoded(scene: Scene, node: ast.Call, env: Env) -> ast.Call | None:
    """`jsonable_encoder(form)` as the dump that it makes; None for another call."""
    if len(node.args) != 1 or not isinstance(node.args[0], ast.Name):
        return None
    if scene.meaning(node.func, env) != m.Outside("fastapi.encoders.jsonable_encoder"):
        return None
    func = ast.Attribute(node.args[0], "model_dump", ast.Load())
    return ast.copy_location(ast.Call(func, [], node.keywords), node)


def _is_plain(scene: Scene, key: str) -> bool:
    """Whether a model's fields are what they are in JSON, under their own names (FastAPI's docs,
    "JSON Compatible Encoder")."""
    model = schema_at(scene.desk, key) if key else None
    return model is not None and all(
        one.wire.kind in _JSON and one.written_as in ("", one.name) for one in model.fields
    )


def entries(scene: Scene, dump: Dump) -> list[Entry]:
    """What is in a dump, in its order. Raises UntranslatedError."""
    model = schema_of(scene, dump.key)
    if model.extra == "allow":
        raise UntranslatedError("a model with more than its fields")
    names = scene.defaults(dump.key)
    more = dict(dump.more)
    found: list[Entry] = []
    for one in model.fields:
        if one.name in more:
            found.append(Entry(one.name, more.pop(one.name)))
        elif one.name not in dump.left and not one.excluded:
            raw = field(scene, dump.form, names[one.name][0])
            found.append(_entry(scene, dump, raw, one, is_apart=is_told_apart(model, one)))
    return [*found, *(Entry(key, value) for key, value in more.items())]


def is_filled(scene: Scene, dump: Dump) -> b.Expr:
    """Whether anything is in a dump. Raises UntranslatedError."""
    every = entries(scene, dump)
    if not every or any(one.given is None for one in every):
        return b.Lit("true" if every else "false")
    return reduce(lambda left, right: b.Binary(left, "||", right), map(_is_there, every))


def holds_key(scene: Scene, dump: Dump, key: str) -> b.Expr:
    """Whether a key is in a dump. Raises UntranslatedError."""
    one = next((one for one in entries(scene, dump) if one.key == key), None)
    if one is None or one.given is None:
        return b.Lit("true" if one is not None else "false")
    return _is_there(one)


def entry_of(scene: Scene, dump: Dump, key: str) -> Val:
    """`dump[key]`: what isn't there is a KeyError. Raises UntranslatedError."""
    one = next((one for one in entries(scene, dump) if one.key == key), None)
    if one is None:
        raise UntranslatedError("a key that isn't in a dump")
    if one.given is None:
        return one.value
    if one.depth != 1:
        raise UntranslatedError("a part of a dump")
    copied = scene.shapes.has(one.given, "Copy")
    held = one.value.expr if copied else b.Method(one.value.expr, "as_ref")
    made = or_broken(scene, held, "KeyError", f"'{key}'")
    kind = one.given if copied else Reference(one.given)
    return Val(made, kind, not copied, one.value.root)


def _is_there(one: Entry) -> b.Expr:
    if one.depth == 1:
        return b.Method(one.value.expr, "is_some")
    pattern = b.Call(b.Path(_SOME), (b.Call(b.Path(_SOME), (b.Name("_"),)),))
    return b.Macro(_MATCHES, (one.value.expr, pattern))


def _entry(scene: Scene, dump: Dump, raw: Val, one: FieldSchema, *, is_apart: bool) -> Entry:
    if dump.unset and not one.required and not is_apart:
        raise UntranslatedError("a model that doesn't say what wasn't given")
    if is_apart and dump.unset:
        given = option_of(raw.type)
        inner = option_of(given) if given is not None and dump.none else None
        return Entry(one.name, raw, inner or given, 2 if inner is not None else 1)
    value = told(scene, raw, one) if is_apart else raw
    inner = option_of(value.type) if dump.none else None
    if dump.none and is_none(value):
        raise UntranslatedError("a model that is dumped in part")
    return Entry(one.name, value, inner, 1 if inner is not None else 0)


def _words(node: ast.Call) -> dict[str, tuple[str, ...]]:
    """What a dump is told to leave out."""
    found: dict[str, tuple[str, ...]] = {}
    for word in node.keywords:
        value = word.value
        if word.arg in ("exclude_unset", "exclude_none") and isinstance(value, ast.Constant):
            found |= {word.arg: ()} if value.value is True else {}
        elif word.arg == "exclude" and isinstance(value, (ast.Set, ast.List, ast.Tuple)):
            texts = [one.value for one in value.elts if isinstance(one, ast.Constant)]
            if len(texts) != len(value.elts):
                raise UntranslatedError("a model that is dumped in part")
            found["exclude"] = tuple(map(str, texts))
        else:
            raise UntranslatedError("a model that is dumped in part")
    if node.args:
        raise UntranslatedError("a model that is dumped in part")
    return found
