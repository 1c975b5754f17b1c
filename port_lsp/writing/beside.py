"""What is put beside something that is there, or into it: methods, calls, layers, fields, names,
bodies."""

from __future__ import annotations

from typing import TypeAlias

from port_lsp.facts.source import Place
from port_lsp.text import Edit
from port_lsp.writing.draft import Filling, Hookup, Layer, Naming, NewBody, NewFields, Piece
from port_lsp.writing.functionbody import body_edit
from port_lsp.writing.hookups import hookup_edit, methods_edit
from port_lsp.writing.imports import Imported, symbols_in
from port_lsp.writing.ir.types import Symbol
from port_lsp.writing.registering import layer_edit
from port_lsp.writing.structfields import filling_edit, naming_edit, new_fields_edit

Beside: TypeAlias = Piece | Hookup | Layer | NewFields | Naming | Filling | NewBody


def neighbour(one: Beside) -> Place:
    """The place that something is put beside, or that is changed."""
    if isinstance(one, NewFields):
        return one.struct
    if isinstance(one, Naming):
        return one.field
    if isinstance(one, Filling):
        return one.listing
    if isinstance(one, NewBody):
        return one.function
    place = one.behind if isinstance(one, Piece) else one.neighbour
    return place or Place(one.file, "")


def symbols_beside(one: Beside) -> tuple[Symbol, ...]:
    """What something that is put beside something else refers to."""
    if isinstance(one, Piece):
        return tuple(symbols_in(one.items))
    if isinstance(one, Layer):
        return (one.maker,)
    if isinstance(one, (NewFields, Naming, Filling, NewBody)):
        return tuple(symbols_in(one))
    return () if one.is_method else (one.handler,)


def edit_beside(data: bytes, at: int, one: Beside, found: Imported) -> Edit:
    """The edit behind what begins at an offset."""
    if isinstance(one, Piece):
        return methods_edit(data, at, one.items, found.name)
    if isinstance(one, Layer):
        return layer_edit(data, at, found.name(one.maker), one.argument)
    if isinstance(one, NewFields):
        return new_fields_edit(data, at, one, found.name)
    if isinstance(one, Naming):
        return naming_edit(data, at, one)
    if isinstance(one, Filling):
        return filling_edit(data, at, one, found.name)
    if isinstance(one, NewBody):
        return body_edit(data, at, one, found.name)
    return hookup_edit(data, at, one, found.name)
