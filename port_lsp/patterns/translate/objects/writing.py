"""The structs that a draft needs for classes of the backend, each with its methods behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from port_lsp.facts.source import Place
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.models import draft_models
from port_lsp.patterns.translate.functionbodies import fill
from port_lsp.patterns.translate.functions import Functions
from port_lsp.patterns.translate.objects.classes import ObjectClass, Objects, objects_at
from port_lsp.rust.declared import FnItem
from port_lsp.text import Span
from port_lsp.writing.draft import Draft, Piece, joined
from port_lsp.writing.imports import symbols_in
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Symbol, Type

_DEFAULT = Type(Symbol(("Default",)))


def finished(
    desk: Desk,
    functions: Functions,
    models: dict[str, None],
    needs_of: Callable[[str, str], Needs],
    made: Sequence[Draft],
) -> Draft:
    """Some drafts with the functions that their bodies call, and theirs, and with all the models
    (item keys) and structs that these need. `needs_of` takes a file of the crate and a function's
    item key."""
    every, models = list(made), dict(models)
    for needs in fill(desk, functions, needs_of):
        models |= dict.fromkeys(needs.models)
        every.append(needs.own())
    every.append(functions.cells.draft())
    functions_of, pieces = _parted(desk, functions)
    for cls, struct, needs in _structs(desk, [*every, Draft(tuple(functions.pieces.values()))]):
        models |= dict.fromkeys(needs.models)
        every.append(needs.own())
        pieces.append(Piece(cls.file, (struct,), cls.key))
        pieces += map(partial(_impl, cls), functions_of.pop(cls.key, []))
    for key, methods in functions_of.items():
        cls = objects_at(desk).of(key)
        assert cls is not None
        pieces += _added(desk, cls, methods)
    if models:  # all of them at once: many bodies need the same ones
        every.append(draft_models(desk, list(models)))
    return joined((*every, Draft(tuple(pieces))))


def _parted(desk: Desk, functions: Functions) -> tuple[dict[str, list[Piece]], list[Piece]]:
    """The methods of structs, by their classes, and all other pieces."""
    methods: dict[str, list[Piece]] = {}
    others: list[Piece] = []
    objects = objects_at(desk)
    for key, piece in functions.pieces.items():
        cls = objects.of(key.rpartition(".")[0]) if piece.owner and piece.behind is None else None
        if cls is None:
            others.append(piece)
        else:
            methods.setdefault(cls.key, []).append(piece)
    return methods, others


def _structs(desk: Desk, made: Sequence[Draft]) -> list[tuple[ObjectClass, i.Struct, Needs]]:
    """The structs of classes that some drafts name and the crate hasn't got."""
    objects = objects_at(desk)
    pieces = [piece for one in made for piece in one.pieces]
    named = symbols_in(tuple(piece.items for piece in pieces))
    named += symbols_in(tuple(body.block for one in made for body in one.bodies))
    named += [symbol for piece in pieces for symbol in _owner(objects, piece)]
    found: dict[str, tuple[ObjectClass, i.Struct, Needs]] = {}
    while named:
        cls = objects.of_type(Type(named.pop()))
        if cls is None or cls.is_there or cls.key in found:
            continue
        struct, needs = objects.struct(cls)
        found[cls.key] = (cls, struct, needs)
        named += symbols_in((struct,))
    return list(found.values())


def _owner(objects: Objects, piece: Piece) -> list[Symbol]:
    cls = objects.of(piece.source.rpartition(".")[0]) if piece.owner else None
    return [cls.symbol] if cls is not None else []


def _impl(cls: ObjectClass, method: Piece) -> Piece:
    """The impl of a method: all of a type become one where they are written (`gathered.py`)."""
    (item,) = method.items
    assert isinstance(item, i.Function)
    made = i.Impl(cls.type, (item,))
    if _is_default(item):
        made = i.Impl(cls.type, (_of_trait(item),), _DEFAULT)
    return Piece(cls.file, (made,), method.source)


def _is_default(one: i.Function) -> bool:
    return one.name == "default" and not one.params and not one.is_async


def _of_trait(one: i.Function) -> i.Function:
    return i.Function(one.name, one.params, one.returns, one.body, docs=one.docs)


def _added(desk: Desk, cls: ObjectClass, methods: Sequence[Piece]) -> list[Piece]:
    """Methods of a struct that is there: behind the last one of its impl, else in one of their
    own."""
    last: Place | None = None
    for chunk, one in desk.workshop.declared(cls.file):
        if isinstance(one, FnItem) and one.owner == cls.symbol.name and one.trait is None:
            last = Place(cls.file, chunk, Span(one.start, one.end))
    made: list[Piece] = []
    for piece in methods:
        (item,) = piece.items
        if last is None or (isinstance(item, i.Function) and _is_default(item)):
            made.append(_impl(cls, piece))
        else:
            made.append(Piece(piece.file, piece.items, piece.source, last, piece.owner))
    return made
