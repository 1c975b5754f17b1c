"""Methods of a struct that stands for a class of the backend: how one is written and called."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from port_lsp.facts.items import Function
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.names import snake
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.calls import Called, Signature, around, docs_of
from port_lsp.patterns.translate.existing import is_generic, member_in
from port_lsp.patterns.translate.objects.attributes import changed_by, own_name
from port_lsp.patterns.translate.objects.classes import INIT, ObjectClass, objects_at
from port_lsp.patterns.translate.objects.making import is_trivial
from port_lsp.patterns.translate.plain import Plain
from port_lsp.patterns.translate.queries.reaching import Stands
from port_lsp.patterns.translate.values import UntranslatedError
from port_lsp.writing.draft import Piece
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import UNIT, Reference

if TYPE_CHECKING:
    from port_lsp.patterns.translate.functions import Functions

# What std's prelude gives values itself, and what derives give a struct: another thing of the name
# would be called by what means that, or that by what means the other.
_TAKEN = frozenset((
    "as_mut", "as_ref", "as_str", "borrow", "clone", "cloned", "into", "into_iter", "iter",
    "to_owned", "to_string", "try_into",
))  # fmt: skip
# Of which clippy says that they look like a trait's (`should_implement_trait`,
# `len_without_is_empty`).
_OF_TRAITS = frozenset((
    "add", "cmp", "deref", "div", "drop", "eq", "from_iter", "from_str", "hash", "index", "len",
    "mul", "neg", "next", "not", "rem", "sub",
))  # fmt: skip
_DEEP = 6  # methods that call each other


def takes_of(desk: Desk, cls: ObjectClass, function: Function) -> str:
    """By what a method takes its object: "&", "&mut ", or nothing."""
    node = functions_at(desk).node(function.key)
    if node is None or function.name == INIT or not own_name(node):
        return ""
    return "&mut " if _changes(desk, cls, function.name, ()) else "&"


def _changes(desk: Desk, cls: ObjectClass, name: str, seen: tuple[str, ...]) -> bool:
    """Whether a method changes its object, by itself, by another one, or by one of an object that
    it holds."""
    objects = objects_at(desk)
    method = objects.method(cls, name)
    node = functions_at(desk).node(method.callable.key) if method is not None else None
    here = f"{cls.key}.{name}"
    if node is None or here in seen or len(seen) > _DEEP:
        return len(seen) > _DEEP
    if changed_by(node) - cls.sessions:  # `self.db.add(row)` changes the database alone
        return True
    own = own_name(node)
    for one in ast.walk(node):
        if not isinstance(one, ast.Attribute) or not isinstance(
            one.value, (ast.Name, ast.Attribute)
        ):
            continue
        of = one.value
        if isinstance(of, ast.Name) and of.id == own:
            if _changes(desk, cls, one.attr, (*seen, here)):
                return True
        elif (
            isinstance(of, ast.Attribute) and isinstance(of.value, ast.Name) and of.value.id == own
        ):
            field = cls.field(of.attr)
            inner = objects.of(field.wire.name) if field is not None else None
            if inner is not None and _changes(desk, inner, one.attr, (*seen, here)):
                return True
    return False


def placed(
    functions: Functions, desk: Desk, cls: ObjectClass, function: Function, said: Signature,
    scene: Stands,
) -> Called:  # fmt: skip
    """The method of the struct for one of the class's; it is written where the crate hasn't got
    it. Raises UntranslatedError."""
    scopes = desk.workshop.scopes
    if scopes.package_of(cls.file) != scopes.package_of(scene.needs.file):
        raise UntranslatedError("a function that belongs into another package")
    node = functions_at(desk).node(function.key)
    if function.name == INIT and node is not None and is_trivial(cls, own_name(node), node.body):
        raise UntranslatedError("a call of a function that only keeps a session")
    takes = takes_of(desk, cls, function)
    state, result = scene.state, scene.result
    of = state.type if state is not None else None
    there = member_in(desk.snapshot.crate_files, cls.file, docs_of(function.key))
    if there is not None:
        if there.waits and not there.takes(of):
            raise UntranslatedError("a function that takes another state")
        return Called(cls.symbol, said.params, said.gives, said.dropped, not there.waits,
                      member=there.name, takes=takes, of=cls.type)  # fmt: skip
    plain = desk.shares(Plain).is_plain(function.key)
    plain = plain and (not said.dropped or function.name == INIT)
    if not plain and (state is None or result is None):
        raise UntranslatedError("a call without a state, or where nothing can fail")
    if not plain and is_generic(of):
        raise UntranslatedError("a function of a crate whose state has type parameters")
    returns = said.gives if said.gives != UNIT else None
    own = [i.Param(b.Bind(f"{takes}self"))] if takes else []
    if not plain and state is not None and result is not None:
        own.append(i.Param(b.Bind(state.name), Reference(state.type)))
        returns = around(result, said.gives)
    name = _name(functions, cls, function, plain=plain, bare=not said.params)
    item = functions.item(function, name, said, returns, own, is_async=not plain)
    functions.pieces[function.key] = Piece(cls.file, (item,), function.key, None, cls.symbol.name)
    return Called(cls.symbol, said.params, said.gives, said.dropped, plain,
                  member=name, takes=takes, of=cls.type)  # fmt: skip


def _name(
    functions: Functions, cls: ObjectClass, function: Function, *, plain: bool, bare: bool
) -> str:
    name = snake(function.name)
    if function.name == INIT:
        name = "default" if plain and bare and cls.fields else "new"
        # A struct without fields that something is done for: clippy wants none of the two.
        name = "create" if plain and bare and not cls.fields else name
    elif name in _TAKEN or name in _OF_TRAITS:
        name += "_"
    return functions.member(cls.symbol, function, name)
