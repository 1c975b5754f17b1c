"""`list[number]` of a list or by a number that stands in no variable (Python's docs: "Common
Sequence Operations"): both are made once, and what is found is a copy."""

from __future__ import annotations

from port_lsp.patterns.translate.expressions.pythonic import ALSO, FILE
from port_lsp.patterns.translate.failing import or_broken
from port_lsp.patterns.translate.libraries.making import rust
from port_lsp.patterns.translate.ownership import written
from port_lsp.patterns.translate.reading import mentions
from port_lsp.patterns.translate.scene import Scene
from port_lsp.patterns.translate.values import I64, UntranslatedError, Val, awaits
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Reference, named

_LIST = "listed"
_BEYOND = "list index out of range"
_NO_NUMBER = "list indices must be integers or slices, not NoneType"


def numbered(scene: Scene, key: Val) -> Val:
    """A number that may be None, by which nothing is found."""
    plain = b.Unary("*", key.expr) if isinstance(key.type, Reference) else written(key)
    return Val(or_broken(scene, plain, "TypeError", _NO_NUMBER), I64)


def found_at(scene: Scene, of: Val, item: AnyType, key: Val) -> Val:
    """The item at a number, from behind where that is negative."""
    if mentions(_LIST, key.expr) or awaits(key.expr) or not scene.shapes.has(item, "Clone"):
        raise UntranslatedError("an item at a number that isn't known")
    number = b.Unary("*", key.expr) if isinstance(key.type, Reference) else written(key)
    before: tuple[b.Statement, ...] = ()
    whole = of.expr
    if not of.place:
        plain = isinstance(whole, b.Macro) and whole.symbol.name == "vec"
        made = b.ArrayOf(whole.args) if plain and isinstance(whole, b.Macro) else whole
        whole = b.Name(_LIST)
        before = (b.Let(b.Bind(_LIST), made),)
    place = b.Call(_place(scene), (b.Method(whole, "len"), number))
    got = rust("whole.get(at).cloned()", {"whole": whole})
    found: b.Expr = b.Method(place, "and_then", (b.Closure((b.Bind("at"),), got),))
    found = b.Block(before, found) if before else found
    return Val(or_broken(scene, found, "IndexError", _BEYOND), item)


def _place(scene: Scene) -> b.Path:
    """The function that says where a number stands for."""
    if scene.functions is None:
        raise UntranslatedError("an item at a number, in a handler that can't fail")
    docs = "Where Python finds what is at a number in a list; None before its beginning."

    def make(name: str) -> i.Function:
        at = "if at < 0 { at + length as i64 } else { at }"
        whole = b.Block(tail=rust(f"usize::try_from({at}).ok()"))
        params = (i.Param(b.Bind("length"), named("usize")), i.Param(b.Bind("at"), I64))
        gives = named("Option", named("usize"))
        return i.Function(name, params, gives, whole, visibility="pub", docs=(docs,))

    name = "place_of"
    return b.Path(scene.functions.helper(f"{ALSO}: {name}", FILE, name, docs, scene.needs, make))
