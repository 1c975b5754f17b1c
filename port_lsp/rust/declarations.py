"""What the crate declares besides routes: models, functions, events, SQL, errors, gates.

The step over the crate: takes what the chunks of all files declare and what a path means, gives
the records of a `Side`.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from port_lsp.facts.items import ApplicationPart, Event, Function, Model, Query
from port_lsp.rust.bodies import FunctionFacts
from port_lsp.rust.declared import ChunkFacts, ImplItem
from port_lsp.rust.errors import PlacedAnswer, error_parts
from port_lsp.rust.events import PlacedSocket, events
from port_lsp.rust.extractors import GateFact
from port_lsp.rust.functions import functions
from port_lsp.rust.gates import Gate, PlacedGate, gate_parts, gates
from port_lsp.rust.models import PlacedType, Resolve, Types, models
from port_lsp.rust.serde import TypeFact
from port_lsp.rust.sqlx import queries


class Declarations(NamedTuple):
    """The records of a `Side`; the gates by which guards are found; and the types, of which
    `wires.Wires` says what they are on the wire."""

    models: tuple[Model, ...]
    functions: tuple[Function, ...]
    events: tuple[Event, ...]
    parts: tuple[ApplicationPart, ...]
    queries: tuple[Query, ...]
    gates: tuple[Gate, ...]
    types: Types


def declarations(
    files: Mapping[str, Iterable[tuple[str, ChunkFacts]]],
    resolve: Resolve,
    *,
    socketioxide: bool = False,
) -> Declarations:
    """All of it for the files of the crate, in their order; each file's chunks by id, in order.

    `resolve` says what a path means, `socketioxide` whether the crate depends on that.
    """
    types: list[PlacedType] = []
    listed: list[Function] = []
    statements: list[Query] = []
    sockets: list[PlacedSocket] = []
    answers: list[PlacedAnswer] = []
    placed: list[PlacedGate] = []
    implemented: list[tuple[str, str, str]] = []
    values: dict[tuple[str, str], str] = {}
    for file, chunks in files.items():
        for chunk, facts in chunks:
            for item in facts.items:
                if isinstance(item, ImplItem) and item.trait:
                    name = "::".join((*item.module, item.name))
                    implemented.append((file, name, item.trait))
            for fact in facts.more:
                if isinstance(fact, TypeFact):
                    types.append(PlacedType(file, chunk, fact))
                elif isinstance(fact, GateFact):
                    placed.append(PlacedGate(file, chunk, fact))
                elif isinstance(fact, FunctionFacts):
                    listed += functions(file, chunk, (fact.function, *fact.functions))
                    if fact.queries:
                        statements += queries(file, chunk, fact.queries)
                    sockets += (PlacedSocket(file, chunk, one) for one in fact.sockets)
                    if fact.answer is not None:
                        answers.append(PlacedAnswer(file, chunk, fact.answer))
                    if fact.gate is not None:
                        placed.append(PlacedGate(file, chunk, fact.gate))
                    types += (PlacedType(file, chunk, one) for one in fact.types)
                    if fact.function.value is not None:
                        values[file, fact.function.name] = fact.function.value
    known = Types(types, resolve)
    errors = error_parts(answers, known)
    doors = gates(placed, known, errors)
    return Declarations(
        models(known, implemented, values, statements),
        _distinct(listed),
        events(sockets, listed, socketioxide=socketioxide),
        (*errors, *gate_parts(doors)),
        tuple(statements),
        doors,
        known,
    )


def _distinct(listed: Iterable[Function]) -> tuple[Function, ...]:
    """Functions by key: of those under several `cfg`s or in several impls, the first."""
    found: dict[str, Function] = {}
    for function in listed:
        found.setdefault(function.key, function)
    return tuple(found.values())
