"""Where a data-access function lives: where the crate keeps those of its class that it has already.

`Users.get_user_by_id` may be a method of a service (`UserService::new(&state.db)`), one of a
repository that the state holds, or a function of the row's struct (`Note::find_by_id(&pool, id)`).
Which one the crate has is told by what most of the class's functions are linked with; a new one is
written there, as its neighbours are: it comes to the database as they do, and fails as they do.
Where that isn't sure, there is no home, and the function is one of its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from port_lsp.facts.items import Function
from port_lsp.facts.source import Place, Record, item_key
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.needs import Needs, names_of
from port_lsp.patterns.translate.calls import SELF, Home, Owner, State, around
from port_lsp.patterns.translate.errors import DATABASE, ErrorType
from port_lsp.patterns.translate.queries.reaching import held, is_pool
from port_lsp.patterns.translate.receivers import SQLX, result_parts, type_in
from port_lsp.patterns.translate.shapes import Shapes, shapes_of
from port_lsp.rust.declared import FnItem
from port_lsp.text import Span
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import UNIT, AnyType, Reference, Symbol, Type

_T = TypeVar("_T")
_HEAD = re.compile(rb"(pub\b(?:\s*\([^)]*\))?)?\s*(?:async\s+)?fn\s+$")
_SELF = re.compile(rb"\w+\s*\(\s*(?P<by>&\s*(?:'\w+\s+)?)?(?:mut\s+)?self\b")


class Spot(NamedTuple):
    """A body that stands somewhere (`reaching.Stands`)."""

    desk: Desk
    needs: Needs
    shapes: Shapes
    state: State | None
    result: AnyType | None
    errors: ErrorType | None


class Neighbour(NamedTuple):
    """A function of an impl of the crate: its chunk, what it says."""

    chunk: str
    item: FnItem


class Way(Record, frozen=True):
    """How a function is written: what it comes to the database by, and whether that stands last
    among its parameters; the Result of nothing that it gives; who may call it."""

    state: State
    is_last: bool
    result: AnyType
    visibility: i.Visibility


class Homes:
    """Answers for one revision."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's links and crate."""
        self._desk = desk
        self._found: dict[str, Home | None] = {}
        self._linked: defaultdict[str, list[str]] = defaultdict(list)
        for one in desk.snapshot.links.functions:
            if one.backend is not None and one.crate is not None and one.presence != "ignored":
                self._linked[_class(one.backend)].append(one.crate)

    def of(self, function: Function) -> Home | None:
        """That of a function of the backend; None where nothing says one."""
        if function.owner is None or not function.instances:
            return None
        key = _class(function.key)
        if key not in self._found:
            self._found[key] = self._find(self._linked[key])
        return self._found[key]

    def spot(self, home: Home, source: str, errors: ErrorType | None) -> Spot:
        """The body of a backend's function (item key) that stands there; `errors` are those of the
        crate's handlers."""
        desk = self._desk
        needs = Needs(desk, home.owner.file, source, desk.drafts(names_of))
        by_database = home.error == SQLX
        fails, result = (DATABASE, None) if by_database else (errors, home.result)
        return Spot(desk, needs, shapes_of(desk), home.state, result, fails)

    def is_free(self, home: Home, name: str) -> bool:
        """Whether a home's type has no function of a name, in any of its impls."""
        crate, owner = self._desk.snapshot.crate, home.owner.symbol.name
        every = crate.functions if crate is not None else ()
        return not any((one.owner, one.name) == (owner, name) for one in every)

    def _find(self, linked: list[str]) -> Home | None:
        """The home that most of some functions of the crate (item keys) have."""
        most = _most(Counter(one.rpartition("::")[0] for one in linked), len(linked))
        file, _, owner = (most or "").partition("::")
        path = self._desk.workshop.scopes.found_path(file, owner) if owner else None
        if path is None or "::" in owner:
            return None
        own = list(self._of_owner(file, owner))
        near = [one for one in own if item_key(file, one.item.qualified) in linked]
        symbol = Symbol(path)
        way = _most(Counter(self._way(file, one, symbol) for one in near), len(near))
        chunk = _most(Counter(one.chunk for one in near), len(near))
        error = result_parts(self._desk, way.result)[1] if way is not None else None
        if way is None or chunk is None or error is None:
            return None
        last = max((one.item for one in own if one.chunk == chunk), key=lambda one: one.start)
        behind = Place(file, chunk, Span(last.start, last.end))
        return Home(
            Owner(file, symbol), behind, way.state, way.result, error, way.visibility, way.is_last
        )

    def _of_owner(self, file: str, owner: str) -> Iterator[Neighbour]:
        """The functions of a type's own impls in a file."""
        for chunk, one in self._desk.workshop.declared(file):
            if isinstance(one, FnItem) and (one.owner, one.trait, one.module) == (owner, None, ()):
                yield Neighbour(chunk, one)

    def _way(self, file: str, one: Neighbour, owner: Symbol) -> Way | None:
        """How a function is written; None for one that a new one can't be written like."""
        item = one.item
        if not item.is_async or item.generics or item.cfg is not None or item.returns is None:
            return None
        returns = type_in(self._desk, file, item.returns, owner.name)
        value = result_parts(self._desk, returns)[0] if returns is not None else None
        visibility = self._visibility(file, one)
        if not isinstance(returns, Type) or value is None or visibility is None:
            return None
        result = around(returns, UNIT)
        if item.params[:1] == (("self", "Self"),):
            state = State(SELF, Type(owner), borrowed=True)
            fits = self._is_lent(file, one) and self._has_pool(state, file)
            return Way(state, is_last=False, result=result, visibility=visibility) if fits else None
        found: list[tuple[int, State]] = []
        for at, (pattern, written) in enumerate(item.params):
            kind = type_in(self._desk, file, written, owner.name)
            if pattern.isidentifier() and isinstance(kind, Reference) and not kind.mutable:
                state = State(pattern, kind.inner, borrowed=True)
                if self._has_pool(state, file):
                    found.append((at, state))
        if len(found) != 1 or found[0][0] not in (0, len(item.params) - 1):
            return None
        ((at, state),) = found
        return Way(state, is_last=at > 0, result=result, visibility=visibility)

    def _has_pool(self, state: State, file: str) -> bool:
        """Whether a pool is reached by what a function of a file has."""
        desk = self._desk
        needs = Needs(desk, file, "", desk.drafts(names_of))
        spot = Spot(desk, needs, shapes_of(desk), state, None, None)
        return held(spot, lambda kind: is_pool(desk, kind)) is not None

    def _visibility(self, file: str, one: Neighbour) -> i.Visibility | None:
        """Who may call a function; None where that is only its own module."""
        data, at = self._text(file, one)
        head = _HEAD.search(data, max(0, at - 60), at)
        word = b"".join(head[1].split()) if head is not None and head[1] else b""
        known: dict[bytes, i.Visibility] = {b"pub": "pub", b"pub(crate)": "pub(crate)"}
        return known.get(word)

    def _is_lent(self, file: str, one: Neighbour) -> bool:
        """Whether a method takes `&self`."""
        data, at = self._text(file, one)
        found = _SELF.match(data, at)
        return found is not None and found["by"] is not None and b"mut" not in found[0]

    def _text(self, file: str, one: Neighbour) -> tuple[bytes, int]:
        """A file's text, and where a function's name begins."""
        source = self._desk.workshop.files[file]
        span = source.span(Place(file, one.chunk, Span(one.item.start, one.item.end)))
        return source.text.data, span.start


def _class(key: str) -> str:
    """The class of a method, by item keys; the file of what is none."""
    file, _, name = key.partition("::")
    return item_key(file, name.rpartition(".")[0])


def _most(counted: Counter[_T], of: int) -> _T | None:
    """What more than half are."""
    found = max(counted, key=lambda one: counted[one], default=None)
    return found if found is not None and 2 * counted[found] > of else None
