"""What the crate declares besides routes: models, functions, events, SQL, errors, gates.

The step over the crate: takes what the chunks of all files declare and what a path means, gives
the records of a `Side`.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from port_lsp.facts.items import ApplicationPart, Event, Function, Model, Query
from port_lsp.rust.bodies import FunctionFacts
from port_lsp.rust.declared import ChunkFacts, ImplItem
from port_lsp.rust.errors import PlacedAnswer, answering, error_parts
from port_lsp.rust.events import PlacedSocket, events
from port_lsp.rust.extractors import GateFact
from port_lsp.rust.functions import functions
from port_lsp.rust.gates import Gate, PlacedGate, gate_parts, gates
from port_lsp.rust.models import Kept, models, row_tables
from port_lsp.rust.serde import TypeFact
from port_lsp.rust.sqlx import queries
from port_lsp.rust.typetable import PlacedType, Resolve, Types

Chunks: TypeAlias = "tuple[tuple[str, ChunkFacts], ...]"
"""A file's chunks in order: id and what each declares."""


class Declarations(NamedTuple):
    """The records of a `Side`; the gates by which guards are found; and the types, of which
    `wires.Wires` says what they are on the wire."""

    models: tuple[Model, ...]
    functions: tuple[Function, ...]
    events: tuple[Event, ...]
    errors: tuple[ApplicationPart, ...]
    parts: tuple[ApplicationPart, ...]
    queries: tuple[Query, ...]
    gates: tuple[Gate, ...]
    types: Types


class _Gathered:
    """What files declare, each thing with its place."""

    __slots__ = (
        "answers",
        "functions",
        "gates",
        "implemented",
        "queries",
        "sockets",
        "types",
        "values",
    )

    def __init__(self) -> None:
        self.types: list[PlacedType] = []
        self.functions: list[Function] = []
        self.queries: list[Query] = []
        self.sockets: list[PlacedSocket] = []
        self.answers: list[PlacedAnswer] = []
        self.gates: list[PlacedGate] = []
        self.implemented: list[tuple[str, str, str]] = []
        self.values: dict[tuple[str, str], str] = {}

    def add(self, other: "_Gathered") -> None:
        """Takes in what another file declares."""
        self.types += other.types
        self.functions += other.functions
        self.queries += other.queries
        self.sockets += other.sockets
        self.answers += other.answers
        self.gates += other.gates
        self.implemented += other.implemented
        self.values |= other.values

    def chunk(self, file: str, chunk: str, facts: ChunkFacts) -> None:
        """Takes in what one chunk declares."""
        for item in facts.items:
            if isinstance(item, ImplItem) and item.trait:
                self.implemented.append((file, "::".join((*item.module, item.name)), item.trait))
        for fact in facts.more:
            if isinstance(fact, TypeFact):
                self.types.append(PlacedType(file, chunk, fact))
            elif isinstance(fact, GateFact):
                self.gates.append(PlacedGate(file, chunk, fact))
            elif isinstance(fact, FunctionFacts):
                self.function(file, chunk, fact)

    def function(self, file: str, chunk: str, facts: FunctionFacts) -> None:
        """Takes in a function and what stands in it."""
        self.functions += functions(file, chunk, (facts.function, *facts.functions))
        self.types += (PlacedType(file, chunk, one) for one in facts.types)
        self.sockets += (PlacedSocket(file, chunk, one) for one in facts.sockets)
        if facts.queries:
            self.queries += queries(file, chunk, facts.queries)
        if facts.answer is not None:
            self.answers.append(PlacedAnswer(file, chunk, facts.answer))
        if facts.gate is not None:
            self.gates.append(PlacedGate(file, chunk, facts.gate))
        if facts.function.value is not None:
            self.values[file, facts.function.name] = facts.function.value


class _Last(NamedTuple):
    """What the last reading gave, and what it rests on."""

    found: _Gathered
    socketioxide: bool
    rows: Mapping[str, str]
    declared: Declarations

    def same_types(self, types: Types, keys: Iterable[str | None]) -> bool:
        """Whether the types with these keys are the same."""
        before = self.declared.types.by_key
        return all(before.get(key) == types.by_key.get(key) for key in keys if key is not None)

    def has_models_of(self, found: _Gathered, rows: Mapping[str, str]) -> bool:
        """Whether models of the same types are the same: what else they rest on is."""
        known = self.found
        same = found.implemented == known.implemented and found.values == known.values
        return same and rows == self.rows


class Declaring:
    """Keeps what files that didn't change declare; what it gives depends on the arguments alone."""

    def __init__(self, *, bare: bool = False) -> None:
        """`bare` leaves out errors, gates and the tables of rows."""
        self._bare = bare
        self._files: dict[str, tuple[Chunks, _Gathered]] = {}
        self._models: dict[str, Kept] = {}
        self._last: _Last | None = None

    def read(
        self, files: Mapping[str, Chunks], resolve: Resolve, *, socketioxide: bool = False
    ) -> Declarations:
        """All that the crate's files declare, in their order.

        `resolve` says what a path means, `socketioxide` whether the crate depends on that.
        """
        found = _Gathered()
        kept: dict[str, tuple[Chunks, _Gathered]] = {}
        for file, chunks in files.items():
            known = self._files.get(file)
            if known is None or known[0] != chunks:
                known = chunks, _gathered(file, chunks)
            kept[file] = known
            found.add(known[1])
        self._files = kept
        types = Types(found.types, resolve)
        last = self._last
        if last is not None and not types.means_as(last.declared.types):
            last = None
        if last is not None and found.types == last.found.types:
            types = last.declared.types
        errors, doors = self._answering(found, types, last)
        if self._bare:
            rows: Mapping[str, str] = {}
        elif last is not None and found.queries == last.found.queries:
            rows = last.rows
        else:
            rows = row_tables(types, found.queries)
        if last is not None and found.functions == last.found.functions:
            named, same = last.declared.functions, found.sockets == last.found.sockets
        else:
            named, same = _distinct(found.functions), False
        if last is not None and same and last.socketioxide is socketioxide:
            told = last.declared.events
        else:
            told = events(found.sockets, found.functions, socketioxide=socketioxide)
        if last is not None and types is last.declared.types and last.has_models_of(found, rows):
            made = last.declared.models
        else:
            made = models(types, found.implemented, found.values, rows, self._models)
        declared = Declarations(
            made,
            named,
            told,
            errors,
            (*errors, *gate_parts(doors)),
            tuple(found.queries),
            doors,
            types,
        )
        self._last = _Last(found, socketioxide, rows, declared)
        return declared

    def _answering(
        self, found: _Gathered, types: Types, last: _Last | None
    ) -> tuple[tuple[ApplicationPart, ...], tuple[Gate, ...]]:
        """What errors answer, and the gates; those of the last reading where they rest on the
        same."""
        if self._bare:
            return (), ()
        if last is not None and found.answers == last.found.answers:
            keys = [answering(types, one) for one in found.answers]
            if last.same_types(types, keys):
                errors = last.declared.errors
                same = found.gates == last.found.gates
                if same and last.same_types(types, (gate.key for gate in last.declared.gates)):
                    return errors, last.declared.gates
                return errors, gates(found.gates, types, errors)
        errors = error_parts(found.answers, types)
        return errors, gates(found.gates, types, errors)


def declarations(
    files: Mapping[str, Chunks], resolve: Resolve, *, socketioxide: bool = False
) -> Declarations:
    """What `Declaring` gives, read once."""
    return Declaring().read(files, resolve, socketioxide=socketioxide)


def _gathered(file: str, chunks: Chunks) -> _Gathered:
    found = _Gathered()
    for chunk, facts in chunks:
        found.chunk(file, chunk, facts)
    return found


def _distinct(listed: Iterable[Function]) -> tuple[Function, ...]:
    """Functions by key: of those under several `cfg`s or in several impls, the first."""
    found: dict[str, Function] = {}
    for function in listed:
        found.setdefault(function.key, function)
    return tuple(found.values())
