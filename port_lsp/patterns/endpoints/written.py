"""Types as the crate has written them, as types to be written elsewhere: with symbols in full."""

from __future__ import annotations

from port_lsp.rust.declared import TypeItem
from port_lsp.rust.literals import split
from port_lsp.rust.scopes import Scopes
from port_lsp.writing.ir.types import AnyType, Reference, Symbol, Tuple, Type


def type_of(scopes: Scopes, file: str, written: str) -> AnyType | None:
    """What a type means that is written in a file (relative path), e.g. of a handler's parameter.

    None for what can't be written elsewhere: `impl Trait`, slices, function types.
    """
    text = written.strip()
    if text.startswith("("):
        parts = [type_of(scopes, file, part) for part in split(text[1:-1])]
        return None if None in parts else Tuple(tuple(p for p in parts if p is not None))
    if text.startswith("&"):
        inner = text[1:].strip()
        lifetime = ""
        if inner.startswith("'"):
            lifetime, _, inner = inner[1:].partition(" ")
        if inner.startswith("mut "):
            return None
        of = type_of(scopes, file, inner)
        return None if of is None else Reference(of, lifetime=lifetime)
    path = text.partition("<")[0].strip().rstrip(":")
    if not path.replace("::", "").replace("_", "").isalnum() or text.startswith(("impl ", "dyn ")):
        return None
    parts = list(split(text.partition("<")[2].rpartition(">")[0]))
    # Another's lifetime means nothing elsewhere; `'static` does everywhere.
    lifetimes = tuple(part.strip()[1:] for part in parts if part.strip().startswith("'"))
    if any(one != "static" for one in lifetimes):
        return None
    args = [type_of(scopes, file, part) for part in parts[len(lifetimes) :]]
    if None in args:
        return None
    given = tuple(one for one in args if one is not None)
    return Type(symbol_of(scopes, file, path), given, (), lifetimes)


def symbol_of(scopes: Scopes, file: str, path: str) -> Symbol:
    """What a path means that is written in a file; itself where nothing brings it in."""
    segments = tuple(part.strip() for part in path.split("::"))
    return Symbol(scopes.meant(file, segments) or segments)


def alias_of(scopes: Scopes, symbol: Symbol) -> tuple[str, TypeItem] | None:
    """The file and the item of an alias of the crate that a symbol names."""
    if len(symbol.path) == 1:  # nothing brings it in: it is the language's own
        return None
    found = scopes.type_item(symbol.path)
    return found if found is not None and found[1].kind == "alias" else None
