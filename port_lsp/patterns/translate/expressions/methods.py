"""Methods of texts (Python's docs, "String Methods"), and of what else has some."""

from __future__ import annotations

import ast

from msgspec.structs import replace

from port_lsp.patterns.translate.expressions.attributes import present
from port_lsp.patterns.translate.expressions.gathered import joined_by
from port_lsp.patterns.translate.expressions.mappings import is_mapping, mapping_method
from port_lsp.patterns.translate.expressions.pythonic import is_space
from port_lsp.patterns.translate.expressions.times import rezoned
from port_lsp.patterns.translate.failing import or_broken
from port_lsp.patterns.translate.libraries.calling import library_method
from port_lsp.patterns.translate.ownership import as_str
from port_lsp.patterns.translate.scene import Env, Scene
from port_lsp.patterns.translate.values import (
    BOOL,
    STR,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    is_text,
    without_reference,
)
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, named, symbol
from port_lsp.writing.printer.literals import character

# By name and number of arguments, which are texts: the method in Rust and what it gives.
_TEXT: dict[tuple[str, int], tuple[str, AnyType]] = {
    ("lower", 0): ("to_lowercase", STRING),
    ("upper", 0): ("to_uppercase", STRING),
    ("startswith", 1): ("starts_with", BOOL),
    ("endswith", 1): ("ends_with", BOOL),
    ("replace", 2): ("replace", STRING),
}
_STRIPS = {"strip": "trim_matches", "lstrip": "trim_start_matches", "rstrip": "trim_end_matches"}
_CUTS = {"removeprefix": "strip_prefix", "removesuffix": "strip_suffix"}
# What nothing else has that JSON may be.
_OF_TEXTS = frozenset((*(name for name, _ in _TEXT), *_STRIPS, *_CUTS, "split", "join"))
_TEXTS = named("Vec", STRING)
_TO_STRING = b.Path(symbol("str"), ("to_string",))


def method(scene: Scene, of: Val, node: ast.Call, env: Env) -> Val:
    """A method of a value."""
    assert isinstance(node.func, ast.Attribute)
    name = node.func.attr
    of = present(scene, of, name)
    found = library_method(scene, of, node, env)
    found = found or rezoned(scene, of, node, env)
    if found is not None:
        return found
    if without_reference(of.type) == VALUE and name in _OF_TEXTS:
        gone = f"object has no attribute '{name}'"
        text = or_broken(scene, b.Method(of.expr, "as_str"), "AttributeError", gone)
        of = Val(text, STR, True, of.root)
    if is_mapping(of):
        return mapping_method(scene, of, node, env)
    if not is_text(of) or node.keywords:
        raise UntranslatedError(f"the method {name}")
    if name == "join" and len(node.args) == 1:
        return joined_by(scene, of, node, env)
    if name == "startswith" and len(node.args) == 1 and isinstance(node.args[0], ast.Tuple):
        return _starts(scene, of, node.args[0], env)
    args = [scene.value(one, env) for one in node.args]
    if name not in _CUTS:  # of all others what comes is owned
        of = replace(of, expr=_unowned(of.expr))
    if name in _STRIPS and len(args) <= 1:
        return _stripped(scene, of, _STRIPS[name], args)
    if name == "split" and len(args) <= 2:
        return _split(scene, of, args)
    if not all(is_text(one) for one in args):
        raise UntranslatedError(f"the method {name}")
    if name in _CUTS and len(args) == 1:
        cut = b.Method(of.expr, _CUTS[name], (as_str(args[0]),))
        whole = b.Method(cut, "unwrap_or", (as_str(of),))
        if not of.place and of.known is None:
            raise UntranslatedError(f"the method {name}")
        return Val(b.Method(whole, "to_string"), STRING)
    known = _TEXT.get((name, len(args)))
    if known is None:
        raise UntranslatedError(f"the method {name}")
    return Val(b.Method(of.expr, known[0], tuple(map(as_str, args))), known[1])


def _unowned(text: b.Expr) -> b.Expr:
    """A text without the copy that `strip` and `removeprefix` make of its part
    (`unnecessary_to_owned`)."""
    if isinstance(text, b.Method) and text.name == "to_string":
        part = text.receiver
        if isinstance(part, b.Method) and part.name in _STRIPS.values():
            return part
        cut = part.receiver if isinstance(part, b.Method) and part.name == "unwrap_or" else None
        if isinstance(cut, b.Method) and cut.name in _CUTS.values():
            return part
    return text


def _starts(scene: Scene, of: Val, node: ast.Tuple, env: Env) -> Val:
    """`text.startswith((one, other))`."""
    args = [scene.value(one, env) for one in node.elts]
    if not args or not all(is_text(one) for one in args) or not of.place:
        raise UntranslatedError("the method startswith")
    made: b.Expr = b.Method(of.expr, "starts_with", (as_str(args[0]),))
    for one in args[1:]:
        made = b.Binary(made, "||", b.Method(of.expr, "starts_with", (as_str(one),)))
    return Val(made, BOOL)


def _stripped(scene: Scene, of: Val, name: str, args: list[Val]) -> Val:
    """Without blanks, or certain characters, at its ends."""
    if not args:
        made = b.Method(of.expr, name, (is_space(scene),))
        return Val(b.Method(made, "to_string"), STRING)
    known = args[0].known
    if known is None or not isinstance(known.value, str) or not known.value:
        raise UntranslatedError("the method strip")
    letters = tuple(b.Lit(character(one)) for one in dict.fromkeys(known.value))
    which = letters[0] if len(letters) == 1 else b.ArrayOf(letters)
    return Val(b.Method(b.Method(of.expr, name, (which,)), "to_string"), STRING)


def _split(scene: Scene, of: Val, args: list[Val]) -> Val:
    """At blanks, or at a text that isn't empty."""
    if not args:
        parts = b.Method(of.expr, "split", (is_space(scene),))
        empty = b.Closure((b.Bind("one"),), b.Unary("!", b.Method(b.Name("one"), "is_empty")))
        parts = b.Method(parts, "filter", (empty,))
    else:
        by = args[0].known
        if by is None or not isinstance(by.value, str) or not by.value:
            raise UntranslatedError("the method split")
        if len(args) == 2:
            most = args[1].known
            if most is None or not isinstance(most.value, int) or most.value < 1:
                raise UntranslatedError("the method split")
            number = b.Lit(str(most.value + 1))
            parts = b.Method(of.expr, "splitn", (number, args[0].expr))
        else:
            parts = b.Method(of.expr, "split", (args[0].expr,))
    mapped = b.Method(parts, "map", (_TO_STRING,))
    return Val(b.Method(mapped, "collect", (), (named("Vec", named("_")),)), _TEXTS)
