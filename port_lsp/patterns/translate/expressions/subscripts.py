"""`value[key]` and `value[a:b]` (Python's docs: "Subscriptions", "Slicings").

What isn't there is an exception of Python's own, KeyError or IndexError.
"""

from __future__ import annotations

import ast

from msgspec.structs import replace

from port_lsp.patterns.translate.expressions.attributes import present
from port_lsp.patterns.translate.expressions.decoding import claim_text
from port_lsp.patterns.translate.expressions.dumps import dump_of, entry_of
from port_lsp.patterns.translate.expressions.indices import found_at, numbered
from port_lsp.patterns.translate.expressions.pythonic import item_of
from port_lsp.patterns.translate.expressions.requestheaders import header_part
from port_lsp.patterns.translate.failing import or_broken
from port_lsp.patterns.translate.ownership import as_str, written
from port_lsp.patterns.translate.raising import PARTS
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    I64,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    inside,
    is_text,
    option_of,
    waits,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, Slice, Type, named

_MAPS = ("Map", "HashMap")
_USIZE = named("usize")
_BEYOND = "list index out of range"


def subscript(scene: Scene, node: ast.Subscript, env: Env) -> Val:
    """A part of a value."""
    if (header := header_part(scene, node, env)) is not None:
        return header
    dump = dump_of(scene, node.value, env) if isinstance(node.value, ast.Name) else None
    if dump is not None:
        key = scene.value(node.slice, env)
        if key.known is None:
            raise UntranslatedError("a key of a dump that isn't known")
        return entry_of(scene, dump, str(key.known.value))
    of = present(scene, scene.value(node.value, env), "__getitem__")
    if isinstance(node.slice, ast.Slice):
        return _slice(scene, of, node.slice, env)
    key = scene.value(node.slice, env)
    kind = without_reference(of.type)
    item = _item(kind)
    if item is not None and option_of(without_reference(key.type)) == I64:
        key = numbered(scene, key)
    if item is not None and without_reference(key.type) == I64:
        if key.known is None and (waits(key.expr) or not key.place or not of.place):
            return found_at(scene, of, item, key)
        return _at(scene, of, item, key)
    if is_text(of) and without_reference(key.type) == I64:
        return _character(scene, of, key)
    if kind == VALUE and without_reference(key.type) == I64:
        found = item_of(scene, borrowed(of), written(key))
        return Val(or_broken(scene, found, "IndexError", _BEYOND, among=PARTS), VALUE)
    if not is_text(key):
        raise UntranslatedError("a part by what is no text")
    if (text := claim_text(scene, node.value, key, of)) is not None:
        return text
    held = value_type(kind)
    if held is None:
        raise UntranslatedError("Subscript")
    found = b.Method(of.expr, "get", (as_str(key),))
    among = PARTS if kind == VALUE else frozenset[str]()
    return _taken(of, or_broken(scene, found, "KeyError", _missing(key), among=among), held)


def _taken(of: Val, found: b.Expr, kind: AnyType) -> Val:
    """A part that is borrowed, as long as the whole stays."""
    if of.place or isinstance(of.type, Reference):
        return Val(found, Reference(kind), place=True, root=of.root)
    return Val(b.Method(found, "clone"), kind)


def _missing(key: Val) -> str:
    """What KeyError says: the key as `repr` writes it."""
    if key.known is None:
        raise UntranslatedError("a key that isn't known")
    return repr(key.known.value)


def value_type(kind: AnyType) -> AnyType | None:
    """What a map with texts as keys holds, or JSON."""
    if kind == VALUE:
        return VALUE
    if isinstance(kind, Type) and kind.head.name in _MAPS and kind.args[:1] == (STRING,):
        return kind.args[1]
    return None


def _item(kind: AnyType) -> AnyType | None:
    return kind.item if isinstance(kind, Slice) else inside(kind, "Vec")


def borrowed(of: Val) -> b.Expr:
    """A value as a reference to it."""
    return of.expr if isinstance(of.type, Reference) else b.Unary("&", of.expr)


def _at(scene: Scene, of: Val, item: AnyType, key: Val) -> Val:
    """An item of a list, from behind where the number is negative."""
    number = key.known.value if key.known is not None else None
    if isinstance(of.expr, b.Macro) and of.expr.symbol.name == "vec":
        of = replace(of, expr=b.ArrayOf(of.expr.args))
    if number is None:
        whole = b.Cast(b.Method(of.expr, "len"), I64)
        plain = b.Unary("*", key.expr) if isinstance(key.type, Reference) else written(key)
        test = b.Binary(plain, "<", b.Lit("0"))
        at = b.If(test, b.Block(tail=b.Binary(plain, "+", whole)), b.Block(tail=plain))
        tried = b.Method(b.Call(b.Path(_USIZE.head, ("try_from",)), (at,)), "ok")
        found: b.Expr = b.Method(
            tried, "and_then",
            (b.Closure((b.Bind("at"),), b.Method(of.expr, "get", (b.Name("at"),))),),
        )  # fmt: skip
    elif number == 0:
        found = b.Method(of.expr, "first")
    elif number == -1:
        found = b.Method(of.expr, "last")
    elif isinstance(number, int) and number > 0:
        found = b.Method(of.expr, "get", (b.Lit(str(number)),))
    else:
        back = b.Method(b.Method(of.expr, "iter"), "rev")
        found = b.Method(back, "nth", (b.Lit(str(-int(number) - 1)),))
    return _taken(of, or_broken(scene, found, "IndexError", _BEYOND), item)


def _character(scene: Scene, of: Val, key: Val) -> Val:
    number = key.known.value if key.known is not None else None
    if not isinstance(number, int):
        raise UntranslatedError("a character at a number that isn't known")
    chars = b.Method(of.expr, "chars")
    if number == 0:
        found = b.Method(chars, "next")
    elif number > 0:
        found = b.Method(chars, "nth", (b.Lit(str(number)),))
    elif number == -1:
        found = b.Method(chars, "next_back")
    else:
        found = b.Method(b.Method(chars, "rev"), "nth", (b.Lit(str(-number - 1)),))
    one = or_broken(scene, found, "IndexError", "string index out of range")
    return Val(b.Method(one, "to_string"), STRING)


def _slice(scene: Scene, of: Val, node: ast.Slice, env: Env) -> Val:
    """`text[a:b]` by characters, `list[a:b]`; with numbers that are known."""
    if node.step is not None:
        raise UntranslatedError("a slice with steps")
    first, last = (_number(scene, one, env) for one in (node.lower, node.upper))
    text, item = is_text(of), _item(without_reference(of.type))
    if not text and (item is None or not scene.shapes.has(item, "Clone")):
        raise UntranslatedError("a slice")
    if last is None and not first:
        raise UntranslatedError("a slice of all")
    negative = any(one is not None and one < 0 for one in (first, last))
    if negative and (not of.place or waits(of.expr)):
        raise UntranslatedError("a slice from behind")
    all_of = b.Method(of.expr, "chars" if text else "iter")
    whole: b.Expr = b.Method(all_of, "count") if text else b.Method(of.expr, "len")

    def place(at: int) -> b.Expr:
        if at >= 0:
            return b.Lit(str(at))
        return b.Method(whole, "saturating_sub", (b.Lit(str(-at)),))

    made: b.Expr = all_of
    if last is not None:
        made = b.Method(made, "take", (place(last),))
    if first is not None and first != 0:
        made = b.Method(made, "skip", (place(first),))
    if text:
        return Val(b.Method(made, "collect", (), (STRING,)), STRING)
    assert item is not None
    listed = named("Vec", item)
    return Val(b.Method(b.Method(made, "cloned"), "collect", (), (listed,)), listed)


def _number(scene: Scene, node: ast.expr | None, env: Env) -> int | None:
    if node is None:
        return None
    val = scene.value(node, env)
    number = val.known.value if val.known is not None else None
    if not isinstance(number, int) or isinstance(number, bool):
        raise UntranslatedError("a slice by a number that isn't known")
    return number
