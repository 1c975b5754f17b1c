"""Runs a backend's declarations abstractly: statements bind names, registering calls are noted.

Nothing of the backend is executed. A module is a sequence of chunks; a chunk is looked into only
when a name of it is asked for or when its text has a word by which something is registered. Both
branches of an `if` are taken, each under its condition's source text; a loop over a display runs
once per item; a function is followed when it is called with an application or a router, or when
its text registers something.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from port_lsp.facts.source import Chunk, Place, SourceFile
from port_lsp.python import syntax as ir
from port_lsp.python.attributes import attribute
from port_lsp.python.calling import (
    given_native,
)
from port_lsp.python.chunks import ChunkStore
from port_lsp.python.classes import mro
from port_lsp.python.computing import COMPUTE
from port_lsp.python.definitions import find
from port_lsp.python.evaluate import evaluate
from port_lsp.python.framework import Framework
from port_lsp.python.imports import import_names
from port_lsp.python.modules import Modules
from port_lsp.python.modulestate import ModuleState
from port_lsp.python.parameters import bind_parameters
from port_lsp.python.reached import Reached
from port_lsp.python.statements import execute, run_statement
from port_lsp.python.targets import bind
from port_lsp.python.turns import REGISTERING, speaks_of_itself
from port_lsp.python.values import (
    ALWAYS,
    Arguments,
    Bound,
    Class,
    Function,
    Imported,
    Late,
    LateName,
    Native,
    Scope,
    Unknown,
    Value,
)
from port_lsp.text import Span

if TYPE_CHECKING:
    from port_lsp.python.dependant import Dependant

MAX_DEPTH = 16
_CALLED = re.compile(rb"(?<![\w.])([A-Za-z_][\w.]*)\(")
# How many of the backend's own functions are followed for one module: those that may register
# something, and those that are asked for a value alone (a settings object can lead anywhere).
MAX_CALLS = 400
MAX_VALUES = 80


class Interpreter:
    """The modules of a backend and what they declare."""

    def __init__(
        self,
        modules: Modules,
        files: Mapping[str, SourceFile],
        store: ChunkStore,
        framework: Framework,
        known: Mapping[str, str],
    ) -> None:
        self.modules = modules
        self.files = files
        self.compute = COMPUTE
        self.store = store
        self.framework = framework
        self.known = known
        self.states: dict[str, ModuleState] = {}
        self.conditions: list[str] = []
        self.running: list[str] = []
        self.reached = Reached()  # functions followed, and classes made
        # Functions that decorate classes: what they do is read from the class, not followed.
        self.decorating = Reached()
        self.classes: dict[str, Class] = {}
        # Dependants of dependencies, by function and path placeholders (`dependencies.py`).
        self.dependants: dict[tuple[Function, frozenset[str]], Dependant] = {}
        self.depth = 0
        self.at: Place = Place("", "")
        self.registered: Place | None = None
        self.budget = [MAX_CALLS, MAX_VALUES]
        # What is called when an application starts, by then with all names of its module.
        self.waiting: list[tuple[Function, Arguments, list[str]]] = []
        self.starting = 0  # how many objects are being made right now

    @property
    def owner(self) -> str:
        """The module whose run is under way: what it makes and registers is its own."""
        return self.running[-1] if self.running else ""

    def condition(self, further: str | None) -> str | None:
        """The conditions that a statement stands under, joined; with one more if given."""
        texts = [*self.conditions, *(further.split(" and ") if further else ())]
        return " and ".join(dict.fromkeys(texts)) or None

    @contextmanager
    def registering(self, at: Place) -> Generator[None, None, None]:
        """Methods of a backend's own router class count as the framework's: what they register is
        registered where the first of them was called."""
        outermost, self.registered = self.registered, self.registered or at
        try:
            yield
        finally:
            self.registered = outermost

    def used(self, place: str, name: str) -> None:
        """The running module took a name from a file or folder."""
        state = self.states.get(self.owner)
        if state is not None and place != self.owner:
            state.take(place, name)

    def mutated(self) -> None:
        """The running module changed an object, which may be another module's."""
        state = self.states.get(self.owner)
        if state is not None:
            state.mutates = True

    def touched(self, module: str) -> None:
        """The running module registered on an object of `module`: they must be rerun together."""
        if module != self.owner and module in self.states:
            self.states[module].take(self.owner, ALWAYS)

    # Modules

    def module(self, path: str) -> ModuleState | None:
        """The module that a file is, run as far as possible; None for a folder."""
        state = self.states.get(path)
        if state is None:
            file = self.files.get(path)
            if file is None:
                return None
            state = self.states[path] = ModuleState(path, file)
        if state.state == "new":
            self._run(state)
        return state

    def _run(self, state: ModuleState) -> None:
        state.state = "running"
        with self._fresh():
            self.running.append(state.path)
            outer, self.budget = self.budget, [MAX_CALLS, MAX_VALUES]
            waiting, self.waiting = self.waiting, []
            for chunk in state.file.chunks:
                state.seen.add(chunk.id)
                try:
                    self._chunk(state, chunk)
                except RecursionError:
                    place = Place(state.path, chunk.id)
                    self.framework.unfollowed.lost(self, place, "nested too deeply to follow")
            self.start()
            self.waiting, self.budget = waiting, outer
            self.running.pop()
        state.state = "done"

    def at_start(self, function: Function, args: Arguments) -> None:
        """A function is called when an application starts: not before its module is through."""
        self.waiting.append((function, args, list(self.conditions)))

    def start(self) -> None:
        """Follows what is called when the applications start that were made by now."""
        while self.waiting:
            function, args, conditions = self.waiting.pop(0)
            with self._fresh():
                self.conditions = conditions
                self.run_function(function, args)

    @contextmanager
    def _fresh(self) -> Generator[None, None, None]:
        """Another module's statements don't stand under this one's conditions."""
        saved = (self.conditions, self.at, self.depth)
        self.conditions, self.depth = [], 0
        try:
            yield
        finally:
            self.conditions, self.at, self.depth = saved

    def _chunk(self, state: ModuleState, chunk: Chunk) -> None:
        shape = self.store.shapes.get(chunk.digest)
        if shape is None:
            return
        if shape.kind == "import":
            for imported in shape.imports:
                import_names(self, imported, state.scope)
            return
        names = state.scope.names
        turn = self.store.turn(state.file, chunk, shape)
        if turn.now and shape.kind != "assignment":
            self._execute_chunk(state, chunk)
        elif shape.kind == "assignment":
            rebound = [name for name in turn.names if name in names]
            for name in turn.names:
                names[name] = LateName(chunk, names.get(name))
            if (
                turn.now
                or (rebound and speaks_of_itself(turn, rebound))
                or (turn.calls and self._makes_application(state, turn.calls))
            ):
                self.lookup_late(state, chunk)
        elif shape.kind == "compound":
            if turn.value and (
                self._speaks_of_router(state, turn.value)
                or self._calls_what_registers(state, turn.value)
            ):
                self._execute_chunk(state, chunk)
                return
            for name in turn.names:
                names[name] = LateName(chunk, names.get(name))
        else:
            for name in turn.names:
                names[name] = LateName(chunk, None)

    def _speaks_of_router(self, state: ModuleState, text: bytes) -> bool:
        """Whether a text speaks of an application or a router that the module made."""
        made = (
            name
            for name, value in state.scope.names.items()
            if isinstance(value, Native)
            or (
                isinstance(value, LateName)
                and value.chunk.kind == "assignment"
                and self.store.mentions(state.file, value.chunk, REGISTERING)
            )
        )
        return any(re.search(rb"\b%s\b" % name.encode(), text) for name in made)

    def _calls_what_registers(self, state: ModuleState, text: bytes) -> bool:
        """Whether a text calls a function or class of the tree that registers something, which may
        be on an application that the text doesn't speak of."""
        names = dict.fromkeys(_CALLED.findall(text))
        texts = (name.decode("utf-8", "replace") for name in names)
        return any(self._makes_application(state, name) for name in texts)

    def _makes_application(self, state: ModuleState, name: str) -> bool:
        """Whether an assignment's value calls a function or class of the tree, given by its
        dotted name, that registers something: `app = create_app()` counts even where nobody asks
        for `app`."""
        bound = state.scope.names.get(name.partition(".")[0])
        if bound is None or (isinstance(bound, Imported) and bound.place is None):
            return False
        if isinstance(bound, LateName):
            if bound.chunk.kind not in ("function", "class"):
                return False
            if "." not in name:  # its text says it, nobody needs to look into it
                return self.store.mentions(state.file, bound.chunk, REGISTERING)
        value = evaluate(self, ir.at_path(name), state.scope)
        if isinstance(value, Bound):
            value = value.function
        if isinstance(value, Function):
            return self.registers(value)
        return isinstance(value, Class) and self.class_registers(value)

    def lookup_late(self, state: ModuleState, chunk: Chunk) -> None:
        """Looks into a chunk because one of its names is needed."""
        names = state.scope.names
        for name in self._late_names(state, chunk):
            value = names.get(name)
            if isinstance(value, LateName) and value.chunk is chunk:
                if value.before is None:
                    del names[name]
                else:
                    names[name] = value.before
        # What the chunk binds was bound before the statement that asks for it.
        bound, state.scope.bound = state.scope.bound, set()
        with self._fresh():
            # An edit above may have moved the chunk since it was put off.
            self._execute_chunk(state, state.file.by_id.get(chunk.id, chunk))
        state.scope.bound = bound

    def pending(self, state: ModuleState, name: str) -> bool:
        """Looks ahead in a module that is still being run (an import cycle, a forward use).

        True if a chunk further on binds the name; it is bound then.
        """
        if state.state != "running":
            return False
        if state.binders is None:
            state.binders = {}
            for chunk in state.file.chunks:
                shape = self.store.shapes.get(chunk.digest)
                for bound in (shape.name, *shape.targets) if shape is not None else ():
                    state.binders.setdefault(bound, []).append(chunk)
        for chunk in state.binders.get(name, ()):
            if chunk.id not in state.seen:
                state.scope.names[name] = LateName(chunk, None)
                return True
        return False

    def _late_names(self, state: ModuleState, chunk: Chunk) -> tuple[str, ...]:
        """The names that a chunk may have been put off for."""
        shape = self.store.shapes.get(chunk.digest)
        if shape is None or shape.kind == "import":
            return ()
        turn = self.store.turn(state.file, chunk, shape)
        return (shape.name, *shape.targets, *turn.names)

    def _execute_chunk(self, state: ModuleState, chunk: Chunk) -> None:
        read = self.store.header
        if chunk.kind in ("compound", "assignment", "expression"):
            read = self.store.whole
        self.at = Place(state.path, chunk.id, Span(0, chunk.span.end - chunk.span.start))
        execute(self, read(state.file, chunk), state.scope)

    def attribute(self, owner: Value, name: str) -> Value:
        """`owner.name`: for `getattr`, which is called below the room of attributes."""
        return attribute(self, owner, name)

    def members(self, cls: Class) -> Scope:
        """The names that a class body binds; running it registers its decorated methods."""
        if cls.members is None:
            qualifier = f"{cls.key.partition('::')[2]}."
            members = cls.members = Scope(cls.scope.module, cls.scope, qualifier)
            members.names["__class__"] = cls
            saved = self.at
            self.at = Place(cls.place.file, cls.place.chunk)
            for statement in cls.definition.body:
                if isinstance(statement, ir.Assign) and statement.value is not None:
                    late = Late(statement.value.expr, members)
                    for target in statement.targets:
                        bind(self, target, late, members)
                else:
                    run_statement(self, statement, members, [])
            self.at = saved
        return cls.members

    # Functions

    def registers(self, function: Function) -> bool:
        """Whether a function's text has a word by which something is registered."""
        return self._has_words(function.place.file, function.place.chunk)

    def class_registers(self, cls: Class) -> bool:
        """Whether a class's text has a word by which something is registered."""
        return self._has_words(cls.place.file, cls.chunk)

    def _has_words(self, path: str, ident: str) -> bool:
        file = self.files.get(path)
        chunk = file.by_id.get(ident) if file else None
        return bool(file and chunk and self.store.mentions(file, chunk, REGISTERING))

    def bases_behind(self, cls: Class) -> Iterator[Class]:
        """The classes of the tree that `super()` in a method of `cls` looks into."""
        for item in mro(self, cls):
            if isinstance(item, Class) and item is not cls:
                yield item

    def body_of(self, function: Function) -> ir.FuncDef:
        """The definition with its body, read now if only its header was."""
        definition = function.definition
        if definition.body is not None:
            return definition
        file = self.files[function.place.file]
        chunk = file.by_id[function.place.chunk]
        shape = self.store.shapes.get(chunk.digest)
        if shape is not None and shape.kind == "class":
            method = self.store.method(file, chunk, definition.span)
            if method is not None:
                return method
        path = function.key.partition("::")[2].split(".")
        found = find(self.store.whole(file, chunk), path, definition)
        return found if found is not None else msgspec.structs.replace(definition, body=())

    def _affords(self, function: Function, args: Arguments) -> bool:
        """Takes one call from the module's budget; False where there is none left. What is asked
        once the modules were run, a signature's default, has a budget of its own."""
        if not self.running and not self.depth:
            self.budget = [MAX_CALLS, MAX_VALUES]
        index = 0 if given_native(args) or self.registers(function) else 1
        self.budget[index] -= 1
        return self.budget[index] >= 0

    def run_function(self, function: Function, args: Arguments, owner: Value = None) -> Value:
        """Follows a function of the backend with what is known of its arguments."""
        if self.depth >= MAX_DEPTH:
            return Unknown("calls too deep to follow")
        if not self._affords(function, args):
            return Unknown("more calls than are followed")
        self.reached.add(self.owner, function.key)
        definition = self.body_of(function)
        scope = Scope(function.scope.module, function.scope, f"{function.key.partition('::')[2]}.")
        if function.owner is not None:
            scope.names["__class__"] = function.owner
        bind_parameters(definition, args, scope, owner)
        saved = self.at
        self.at = Place(function.place.file, function.place.chunk, definition.span)
        self.depth += 1
        try:
            returned = execute(self, definition.body or (), scope)
        finally:
            self.depth -= 1
            self.at = saved
        for value in returned:
            if value is not None and not isinstance(value, Unknown):
                return value
        return returned[0] if returned else None
