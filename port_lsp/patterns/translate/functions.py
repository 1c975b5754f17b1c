"""The backend's own functions that bodies call: as functions of the crate.

A function whose annotations say all of its types is written beside the models of its file, with its
Python in a hole until `functionbodies.py` translates it, so that what calls it can be translated.
Each takes the application's state and may fail. A line of its documentation says where it comes
from; by that it is known when something else that calls it is ported later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from msgspec.structs import replace

from port_lsp.facts.items import Function
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.places import symbol_in
from port_lsp.patterns.endpoints.pythontext import python_handler
from port_lsp.patterns.names import snake
from port_lsp.patterns.places import Siblings
from port_lsp.patterns.translate.appstate.store import Cells
from port_lsp.patterns.translate.backendfunctions import functions_at
from port_lsp.patterns.translate.binding import is_generator
from port_lsp.patterns.translate.calls import (
    SELF,
    Called,
    Home,
    Known,
    Marked,
    Opened,
    Signature,
    Taken,
    around,
    docs_of,
    given_type,
    handed,
    held_type,
    is_session,
    is_unsaid,
    is_unsaid_result,
)
from port_lsp.patterns.translate.changing import Changing
from port_lsp.patterns.translate.denied import honest
from port_lsp.patterns.translate.existing import is_alike, is_generic, method_in, there_in
from port_lsp.patterns.translate.homes import Homes
from port_lsp.patterns.translate.inferring.inferred import Inferred
from port_lsp.patterns.translate.inferring.kinds import is_request
from port_lsp.patterns.translate.living import Living
from port_lsp.patterns.translate.objects.classes import INIT, objects_at
from port_lsp.patterns.translate.objects.methods import placed
from port_lsp.patterns.translate.plain import Plain
from port_lsp.patterns.translate.queries.reaching import Stands
from port_lsp.patterns.translate.values import UntranslatedError
from port_lsp.types import meanings as m
from port_lsp.types.schema import ROWS
from port_lsp.types.wire import Wire
from port_lsp.writing.draft import Piece
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import UNIT, AnyType, Reference, Symbol


class Functions:
    """The functions of one draft; `pieces` are those that the crate lacks, by their item keys,
    `filled` those of them whose bodies are through, `cells` what else the crate's state has."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's backend and crate."""
        self._desk = desk
        self.pieces: dict[str, Piece] = {}
        self.opened: dict[str, Opened] = {}
        self.cells = Cells(desk)
        self.filled: set[str] = set()
        self._calls: dict[str, set[str]] = {}
        self._called: dict[str, Known] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._members: dict[Symbol, dict[str, str]] = {}
        backend, snapshot = desk.snapshot.backend, desk.snapshot
        self._functions = functions_at(desk)
        models = backend.models if backend is not None else ()
        self._tables = {one.key for one in models if one.kind in ROWS}
        self._siblings = Siblings(snapshot.links.models, snapshot.crate_files, desk.source)
        self._objects = objects_at(desk)
        self._living = Living(desk, self.signature, self._siblings.file_of)

    def mark(self) -> Marked:
        """The functions so far, for `back`."""
        return dict(self.pieces), dict(self._called), dict(self.opened), dict(self.cells.new)

    def back(self, marked: Marked) -> None:
        """Only the functions of then: nothing calls those that came since."""
        self.pieces, self._called = dict(marked[0]), dict(marked[1])
        self.opened, self.cells.new = dict(marked[2]), dict(marked[3])

    def called(self, meaning: m.Callable, scene: Stands) -> Called:
        """The function that stands for one of the backend's, for a body that calls it; only a plain
        one is called where nothing can fail. Raises UntranslatedError where its types aren't said,
        or it was made with another state or Result."""
        key, state, result = meaning.key, scene.state, scene.result
        if key not in self._called:
            found = self._made(meaning, scene)
            self._called[key] = (found, state.type if state is not None else None, result)
            if key in self.pieces and key not in self.opened:
                function = self._function(key)
                self.opened[key] = Opened(function, found, state, result, scene.errors)
        found, taken, given = self._called[key]
        if found.plain or found.home is not None:
            return found
        if state is None or (taken, given) != (state.type, result):
            raise UntranslatedError("a function that takes another state, or gives other errors")
        return found

    def _function(self, key: str) -> Function:
        found = self._functions.get(key)
        assert found is not None, key
        return found

    def calls(self, function: str, other: str) -> None:
        """Notes that a function calls another, both by their item keys. Raises UntranslatedError
        where that would call it again: the future of an async function can't hold itself."""
        found, left = {other}, [other]
        while left:
            new = self._calls.get(left.pop(), set()) - found
            found |= new
            left += new
        if function in found:
            raise UntranslatedError("a function that calls itself")
        self._calls.setdefault(function, set()).add(other)

    def signature(self, meaning: m.Callable, needs: Needs) -> Signature:
        """What a function for one of the backend's takes and gives. Raises UntranslatedError where
        its types aren't said."""
        meaning = self._objects.typed(meaning)
        function = self._functions.get(meaning.key)
        if function is not None and function.name != INIT:
            meaning = honest(self._desk, meaning)
        if function is None or meaning.returns is None or is_unsaid_result(meaning.returns):
            raise UntranslatedError("a call of a function that doesn't say what it gives")
        if self._yields(function):
            raise UntranslatedError("a call of a generator")
        wires = (meaning.returns, *(one.wire for one in meaning.params))
        if any(needs.is_second(key, "held") for one in wires for key in self._rows(one)):
            raise UntranslatedError("a function of rows that the crate has a struct of its own for")
        changed = self._changed(meaning)
        params: list[Taken] = []
        dropped: list[tuple[int, str]] = []
        request = ""
        for at, one in enumerate(meaning.params):
            if one.star:
                raise UntranslatedError("a call of a function with `*` parameters")
            if is_session(one.name, one.wire):
                dropped.append((at, one.name))
                continue
            if is_request(one.wire):
                asks = self._desk.shares(Inferred).asks_state_only(meaning.key, one.name)
                if not (asks or one.wire.args):
                    raise UntranslatedError("a call of a function that reads the request itself")
                dropped.append((at, one.name))
                request = one.name
                continue
            if function.name == INIT and self._objects.is_unheld(function, one.name):
                dropped.append((at, one.name))
                continue
            if is_unsaid(one.wire):
                raise UntranslatedError("a call of a function that doesn't say what it takes")
            value = held_type(one.wire, needs)
            given = Reference(value, mutable=True) if one.name in changed else handed(value)
            if function.name == INIT and self._objects.of_type(value) is not None:
                given = value  # the new object keeps it
            params.append(Taken(one.name, given, value, one.default, one.keyword, one.wire))
        gives = given_type(meaning.returns, needs)
        return Signature(tuple(params), gives, tuple(dropped), changed, request)

    def _made(self, meaning: m.Callable, scene: Stands) -> Called:
        said = self.signature(meaning, scene.needs)
        function = self._function(meaning.key)
        cls = self._objects.owner(function)
        if cls is not None:
            return placed(self, self._desk, cls, function, said, scene)
        home = self._living.home(function, said, scene, scene.errors)
        if home is not None:
            member = self._at_home(function, home, said)
            return Called(home.owner.symbol, said.params, said.gives, said.dropped, False, home,
                          member, said.request)  # fmt: skip
        plain = not said.dropped and self._desk.shares(Plain).is_plain(meaning.key)
        symbol, plain = self._placed(function, scene, said, plain=plain)
        return Called(symbol, said.params, said.gives, said.dropped, plain, request=said.request)

    def _rows(self, wire: Wire) -> list[str]:
        """The tables (item keys of their classes) whose rows are in a type."""
        own = [wire.name] if wire.kind == "ref" and wire.name in self._tables else []
        return [*own, *(key for one in wire.args for key in self._rows(one))]

    def _changed(self, meaning: m.Callable) -> frozenset[str]:
        """The parameters that are rows which it changes."""
        rows = self._tables
        changed = self._desk.shares(Changing).params(meaning.key)
        return frozenset(
            one.name for one in meaning.params
            if one.name in changed and one.wire.kind == "ref" and one.wire.name in rows
        )  # fmt: skip

    def _yields(self, function: Function) -> bool:
        """Whether it is a generator: what it says that it gives is what gives that."""
        node = functions_at(self._desk).node(function.key)
        return node is not None and is_generator(node)

    def _at_home(self, function: Function, home: Home, said: Signature) -> str:
        """The name of a function where the crate keeps those of its class; it is written there
        where the crate hasn't got it."""
        docs = docs_of(function.key)
        there = method_in(self._desk.snapshot.crate_files, home, docs)
        if there is not None:
            return there
        free = partial(self._desk.shares(Homes).is_free, home)
        name = self.member(home.owner.symbol, function, snake(function.name), free)
        own = i.Param(b.Bind("&self"))
        if not home.is_method:
            own = i.Param(b.Bind(home.state.name), Reference(home.state.type))
        returns = around(home.result, said.gives)
        item = self.item(function, name, said, returns, (own,), is_async=True)
        item = replace(item, visibility=home.visibility)
        if home.is_last:
            item = replace(item, params=(*item.params[1:], own))
        self.pieces[function.key] = Piece(home.owner.file, (item,), function.key, home.behind,
                                          home.owner.symbol.name)  # fmt: skip
        return name

    def member(
        self,
        owner: Symbol,
        function: Function,
        first: str,
        is_free: Callable[[str], bool] = lambda _: True,
    ) -> str:
        """The name of a new function of a type: one that the crate has there already, of other
        types, keeps its own."""
        taken = self._members.setdefault(owner, {})
        name, number = first, 2
        while taken.setdefault(name, function.key) != function.key or not is_free(name):
            name, number = f"{first}{number}", number + 1
        taken[name] = function.key
        return name

    def _placed(
        self, function: Function, scene: Stands, said: Signature, *, plain: bool
    ) -> tuple[Symbol, bool]:
        """The symbol of a function of its own, and whether it is a plain one; it is written where
        the crate hasn't got it."""
        state, result = scene.state, scene.result
        backend_file = function.key.partition("::")[0]
        file = self._siblings.file_of(backend_file)
        self._reachable(file, scene.needs)
        of = state.type if state is not None else None
        if not plain and is_generic(of):
            raise UntranslatedError("a function of a crate whose state has type parameters")
        there = there_in(self._desk.snapshot.crate_files, file, docs_of(function.key))
        scopes = self._desk.workshop.scopes
        if there is not None:
            if there.waits and not there.takes(of):
                raise UntranslatedError("a function that takes another state")
            if not is_alike(self._desk, file, there, said, result):
                raise UntranslatedError("a function that the crate has with other types")
            return symbol_in(scopes, file, there.name), not there.waits
        if not plain and (state is None or result is None):
            raise UntranslatedError("a call without a state, or where nothing can fail")
        own, returns = None, said.gives if said.gives != UNIT else None
        if not plain and state is not None and result is not None:
            own = i.Param(b.Bind(state.name), Reference(state.type))
            returns = around(result, said.gives)
        name = snake(function.name)
        same = [one for one in self._functions.by_key.values() if one.name == function.name]
        several = len([one for one in same if one.key.startswith(f"{backend_file}::")]) > 1
        if several or function.place.file != backend_file:
            name = snake(f"{(function.owner or '').rpartition('::')[2]}_{function.name}")
        name = self._claimed(function.key, file, name, scene.needs)
        item = self.item(
            function, name, said, returns, (own,) if own is not None else (),
            is_async=own is not None,
        )  # fmt: skip
        self.pieces[function.key] = Piece(file, (item,), function.key)
        return symbol_in(scopes, file, name), plain

    def item(
        self,
        function: Function,
        name: str,
        said: Signature,
        returns: AnyType | None,
        own: Sequence[i.Param],
        *,
        is_async: bool,
    ) -> i.Function:
        """A function with its Python in a hole; `own` is what it takes beside Python's."""
        source = self._desk.snapshot.backend_files.get(function.place.file)
        python = python_handler(source, function.place) if source is not None else None
        given = [i.Param(b.Bind(snake(one.name)), one.type) for one in said.params]
        params = (*own, *given)
        names = [name for one in params for name in bound(one.pattern)]
        if len({*names}) != len(names):
            raise UntranslatedError("a function with two parameters that are one in Rust")
        unused = tuple(one for one in names if SELF not in one)
        hole = b.Hole(python.body if python is not None else (), "not ported yet", unused)
        return i.Function(
            name,
            params,
            returns,
            b.Block((hole,)),
            is_async=is_async,
            visibility="pub",
            docs=(docs_of(function.key),),
        )

    def helper(
        self,
        key: str,
        source: str,
        name: str,
        docs: str,
        needs: Needs,
        make: Callable[[str], i.Function],
        into: str = "",
    ) -> Symbol:
        """The symbol of a function that isn't the backend's: written by its name once for a `key`,
        beside what comes from the backend's item `source` or `into` a file, unless the crate has
        one with the same line of documentation."""
        file = into or self._siblings.file_of(source.partition("::")[0])
        self._reachable(file, needs)
        scopes = self._desk.workshop.scopes
        there = there_in(self._desk.snapshot.crate_files, file, docs)
        if there is not None:
            return symbol_in(scopes, file, there.name)
        if key not in self.pieces:
            made = make(self._claimed(key, file, name, needs))
            self.pieces[key] = Piece(file, (made,), source)
        piece = self.pieces[key]  # beside what asked for it first
        self._reachable(piece.file, needs)
        (item,) = piece.items
        assert isinstance(item, i.Function)
        return symbol_in(scopes, piece.file, item.name)

    def implement(self, key: str, source: str, impl: i.Impl, needs: Needs) -> None:
        """Writes an impl once for a `key`, beside what comes from the backend's item `source`.
        Raises UntranslatedError where that is in another package than the handler."""
        file = self._siblings.file_of(source.partition("::")[0])
        self._reachable(file, needs)
        self.pieces.setdefault(key, Piece(file, (impl,), source))

    def _claimed(self, key: str, file: str, name: str, needs: Needs) -> str:
        """The name of a new function: that of an attempt that was given up, if there was one."""
        if (key, file) not in self._names:
            self._names[key, file] = needs.claim_in(file, name)
        return self._names[key, file]

    def _reachable(self, file: str, needs: Needs) -> None:
        """Raises UntranslatedError where a file is in another package than the handler: it may not
        name the state and the errors, and the handler's `crate::` isn't its own."""
        scopes = self._desk.workshop.scopes
        if scopes.package_of(file) != scopes.package_of(needs.file):
            raise UntranslatedError("a function that belongs into another package")
