"""How a body comes to what the crate's own functions take of the application, and to the objects
that they are methods of: a part of the state, a service that it holds, or one that is made of a
part of it (`UserService::new(&state.db)`)."""

from __future__ import annotations

import re

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.written import alias_of, type_of
from port_lsp.patterns.translate.calls import Owner
from port_lsp.patterns.translate.queries.reaching import Stands, held, is_pool
from port_lsp.patterns.translate.values import inside
from port_lsp.rust.declared import FnItem
from port_lsp.rust.typetable import arguments
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, Slice, Type, named

SQLX = named("sqlx::Error")


def part_of(scene: Stands, kind: AnyType) -> b.Expr | None:
    """The state, or what of it a parameter of a type takes: by reference, or a handle that may be
    had as often as one likes."""
    state = scene.state
    if state is None:
        return None
    if isinstance(kind, Reference):
        if kind.mutable:
            return None
        if kind.inner == state.type:
            return b.Name(state.name) if state.borrowed else b.Unary("&", b.Name(state.name))
        part = held(scene, lambda one: one == kind.inner)
        return part.lent if part is not None else None
    if not is_pool(scene.desk, kind) and inside(kind, "Arc") is None:
        return None
    part = held(scene, lambda one: one == kind)
    return b.Method(part.place, "clone") if part is not None else None


def receiver(scene: Stands, owner: Owner) -> b.Expr | None:
    """An object of a type whose methods are called; None where a body comes to none."""
    kind = owner.type
    there = held(scene, lambda one: (inside(one, "Arc") or one) == kind)
    if there is not None:
        return there.place
    name = owner.symbol.name
    made = item_of(scene.desk, owner.file, f"{name}::new")
    if made is None or made.is_async or not made.public or len(made.params) != 1:
        return None
    if made.generics or (made.returns or "").partition("<")[0] not in ("Self", name):
        return None
    taken = type_in(scene.desk, owner.file, made.params[0][1], name)
    part = part_of(scene, taken) if taken is not None else None
    return b.Call(b.Path(owner.symbol, ("new",)), (part,)) if part is not None else None


def result_parts(desk: Desk, kind: AnyType) -> tuple[AnyType | None, AnyType | None]:
    """What a Result holds: of the language's own, of sqlx's, of an alias of the crate's."""
    if not isinstance(kind, Type):
        return None, None
    if kind.head.name == "Result" and len(kind.args) == 2:
        return kind.args
    if len(kind.args) != 1:
        return None, None
    if kind.head.path == ("sqlx", "Result"):
        return kind.args[0], SQLX
    scopes = desk.workshop.scopes
    alias = alias_of(scopes, kind.head)
    target = arguments(alias[1].target or "") if alias is not None else ()
    if alias is None or len(target) != 2:
        return None, None
    return kind.args[0], type_of(scopes, alias[0], target[1])


def type_in(desk: Desk, file: str, written: str, owner: str | None) -> AnyType | None:
    """A type as it is written in a file's function, without its lifetimes; `owner` is what `Self`
    means there."""
    text = re.sub(r"\bSelf\b", owner or "Self", written)
    text = re.sub(r"&'\w+\s+", "&", text)
    part = re.fullmatch(r"&\s*\[(.+)\]", text)
    scopes = desk.workshop.scopes
    if part is not None:
        item = type_of(scopes, file, part[1])
        return Reference(Slice(item)) if item is not None else None
    return type_of(scopes, file, text)


def item_of(desk: Desk, file: str, name: str) -> FnItem | None:
    """The one function of a file with a name as item keys have it."""
    every = (one for _, one in desk.workshop.declared(file) if isinstance(one, FnItem))
    found = [one for one in every if one.qualified == name]
    return found[0] if len(found) == 1 else None
