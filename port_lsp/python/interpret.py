"""Runs a backend's declarations abstractly: statements bind names, registering calls are noted.

Nothing of the backend is executed. A module is a sequence of chunks; a chunk is looked into only
when a name of it is asked for or when its text has a word by which something is registered. Both
branches of an `if` are taken, each under its condition's source text; a loop over a display runs
once per item; a function is followed when it is called with an application or a router, or when
its text registers something.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from port_lsp.facts.source import Chunk, Place, SourceFile
from port_lsp.python import syntax as ir
from port_lsp.python.alternatives import iterate
from port_lsp.python.attributes import attribute
from port_lsp.python.branches import merge
from port_lsp.python.calling import (
    call,
    call_alone,
    given_native,
    holds_native,
    may_register,
    wrapped_function,
)
from port_lsp.python.chunks import ChunkStore
from port_lsp.python.classes import mro
from port_lsp.python.computing import COMPUTE
from port_lsp.python.decided import decided
from port_lsp.python.definitions import decorates, find, leaves
from port_lsp.python.evaluate import evaluate, mentions
from port_lsp.python.framework import Framework
from port_lsp.python.modules import Modules
from port_lsp.python.modulestate import ModuleState
from port_lsp.python.operators import negated
from port_lsp.python.parameters import bind_parameters
from port_lsp.python.turns import REGISTERING, speaks_of_itself
from port_lsp.python.values import (
    ALWAYS,
    EVERY,
    Arguments,
    Bound,
    Class,
    Function,
    Imported,
    Instance,
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
        # Functions followed and classes made, by the module whose run did so.
        self.reached: dict[str, set[str]] = {}
        self.classes: dict[str, Class] = {}
        # Dependants of dependencies, by function and path placeholders (`dependencies.py`).
        self.dependants: dict[tuple[Function, frozenset[str]], Dependant] = {}
        self.depth = 0
        self.at: Place = Place("", "")
        self.registered: Place | None = None
        self.budget = [MAX_CALLS, MAX_VALUES]
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

    def reach(self, key: str) -> None:
        """A function is followed or a class made by the running module."""
        self.reached.setdefault(self.owner, set()).add(key)

    def is_reached(self, key: str) -> bool:
        """Whether any module's run followed the function or made the class."""
        return any(key in keys for keys in self.reached.values())

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
            for chunk in state.file.chunks:
                state.seen.add(chunk.id)
                try:
                    self._chunk(state, chunk)
                except RecursionError:
                    place = Place(state.path, chunk.id)
                    self.framework.lost(self, place, "nested too deeply to follow")
            self.budget = outer
            self.running.pop()
        state.state = "done"

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
                self._import(imported, state.scope)
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
            for name in turn.names:
                names[name] = LateName(chunk, names.get(name))
        else:
            for name in turn.names:
                names[name] = LateName(chunk, None)

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
        self.execute(read(state.file, chunk), state.scope)

    # Statements

    def execute(self, body: tuple[ir.Stmt, ...], scope: Scope) -> list[Value]:
        """Runs statements in a scope; gives the values that were returned."""
        returned: list[Value] = []
        depth = len(self.conditions)
        for statement in body:
            self._statement(statement, scope, returned)
            if isinstance(statement, ir.If) and leaves(statement):
                if self._decided(statement.test, scope):
                    break
                if self._decided(statement.test, scope) is None:
                    self.conditions.append(negated(statement.test.text))
        del self.conditions[depth:]
        return returned

    def attribute(self, owner: Value, name: str) -> Value:
        """`owner.name`: for `getattr`, which is called below the room of attributes."""
        return attribute(self, owner, name)

    def _alone(self, expr: ir.Expr, scope: Scope) -> None:
        """An expression as a statement: nobody asks what it is."""
        if isinstance(expr, ir.Call):
            call_alone(self, expr, scope)
        else:
            evaluate(self, expr, scope)

    def _statement(self, node: ir.Stmt, scope: Scope, returned: list[Value]) -> None:
        if isinstance(node, ir.Do):
            self._move_to(node.span)
            if not isinstance(node.value, ir.Other):
                self._alone(node.value, scope)
        elif isinstance(node, ir.Assign):
            self._move_to(node.span)
            self._assign(node, scope)
        elif isinstance(node, ir.Import):
            self._import(node, scope)
        elif isinstance(node, ir.FuncDef):
            self._function(node, scope)
        elif isinstance(node, ir.ClassDef):
            self._class(node, scope)
        elif isinstance(node, ir.If):
            self._if(node, scope, returned)
        elif isinstance(node, ir.For):
            for item in iterate(self, evaluate(self, node.iterable, scope)):
                self.bind(node.target, item, scope)
                returned += self.execute(node.body, scope)
        elif isinstance(node, ir.Block):
            for expr, target in node.items:
                value = evaluate(self, expr, scope)
                if target is not None:
                    self.bind(target, value, scope)
            returned += self.execute(node.body, scope)
        elif isinstance(node, ir.Try):
            returned += self._try(node, scope)
        elif isinstance(node, ir.While):
            self._if(ir.If(node.test, node.body), scope, returned)
        elif isinstance(node, ir.Return):
            returned.append(evaluate(self, node.value, scope))

    def _move_to(self, span: Span) -> None:
        if span != ir.NOWHERE:
            self.at = Place(self.at.file, self.at.chunk, span)

    def _assign(self, node: ir.Assign, scope: Scope) -> None:
        if node.value is None:
            return
        if node.operator != "=":
            target = node.targets[0]
            current = evaluate(self, target, scope)
            added = evaluate(self, node.value.expr, scope)
            if isinstance(current, str) and isinstance(added, str):
                self.bind(target, current + added, scope)
            elif isinstance(current, list) and isinstance(added, (list, tuple)):
                current.extend(added)
                self.mutated()
            return
        value = self._assigned(node.value.expr, node.targets, scope)
        for target in node.targets:
            self.bind(target, value, scope)

    def _assigned(self, expr: ir.Expr, targets: tuple[ir.Expr, ...], scope: Scope) -> Value:
        """The value of an assignment: at once where computing it may register something, else
        when somebody asks, for most of what a function computes nobody here asks for."""
        if not isinstance(expr, (ir.Call, ir.Attr, ir.Index)) or scope.parent is None:
            return evaluate(self, expr, scope)
        if any(mentions(expr, target) for target in targets):
            return evaluate(self, expr, scope)
        if isinstance(expr, ir.Call) and may_register(self, expr, scope):
            return evaluate(self, expr, scope)
        return Late(expr, scope, at=self.at)

    def bind(self, target: ir.Expr, value: Value, scope: Scope) -> None:
        """Binds a target, unpacking where it is a display."""
        if isinstance(target, ir.Name):
            scope.bind(target.id, value)
        elif isinstance(target, ir.Seq):
            items = list(iterate(self, value))
            for index, part in enumerate(target.items):
                known = items[index] if index < len(items) else Unknown("unpacking")
                self.bind(part, known, scope)
        elif isinstance(target, ir.Index) and len(target.items) == 1:
            container = evaluate(self, target.value, scope)
            key = evaluate(self, target.items[0], scope)
            if isinstance(container, dict) and isinstance(key, (str, int)):
                container[key] = value
                self.mutated()
        elif isinstance(target, ir.Attr):
            owner = evaluate(self, target.value, scope)
            if isinstance(owner, Instance):
                owner.attributes[target.name] = value
                if not self.starting:
                    self.mutated()
            elif isinstance(owner, Native):
                setter = getattr(owner, "set_attribute", None)
                if setter is not None:
                    setter(target.name, value)
                    if getattr(owner, "module", "") != self.owner:
                        self.mutated()

    def _import(self, node: ir.Import, scope: Scope) -> None:
        state, modules = scope.module, self.modules
        if not node.names:
            if node.alias:
                place = modules.absolute(state.path, node.module)
                scope.bind(node.alias, Imported(place, node.module, None))
            else:
                first = node.module.partition(".")[0]
                place = modules.absolute(state.path, first)
                scope.bind(first, Imported(place, first, None))
            return
        if node.level:
            place = modules.relative(state.path, node.module, node.level)
        else:
            place = modules.absolute(state.path, node.module)
        for name, alias in node.names:
            if name == "*":
                self._import_all(place, node.module, scope)
            else:
                scope.bind(alias, Imported(place, node.module, name))

    def _import_all(self, place: str | None, module: str, scope: Scope) -> None:
        source = self.module(place) if place else None
        if source is None or place is None:
            if place is None:
                scope.module.star_imports.append(module)
            return
        scope.module.take(place, EVERY)
        listed = source.scope.names.get("__all__")
        if isinstance(listed, LateName):
            self.lookup_late(source, listed.chunk)
            listed = source.scope.names.get("__all__")
        names = (
            [name for name in iterate(self, listed) if isinstance(name, str)]
            if isinstance(listed, (list, tuple))
            else [name for name in source.scope.names if not name.startswith("_")]
        )
        for name in names:
            scope.names[name] = Imported(place, "", name)

    def _function(self, node: ir.FuncDef, scope: Scope) -> None:
        at = self.at
        owner = scope.names.get("__class__")
        key = f"{scope.module.path}::{scope.qualifier}{node.name}"
        place = Place(at.file, at.chunk, node.span)
        function = Function(node, scope, key, place, owner if isinstance(owner, Class) else None)
        scope.bind(node.name, function)
        # Python applies the lowest decorator first.
        for decorator in reversed(node.decorators):
            self.at = Place(at.file, at.chunk, decorator.span)
            value = evaluate(self, decorator.expr, scope)
            if self.framework.decorate(self, value, function, self.at):
                continue
            if isinstance(wrapped := wrapped_function(self, value), Function):
                # Name and signature of a wrapper are those of what it wraps.
                scope.bind(node.name, wrapped)
            else:
                self._own_decorator(value, function)
        self.at = at

    def _own_decorator(self, decorator: Value, function: Function) -> None:
        """A decorator of the backend's own is followed where its text registers something, or
        where it was made with a router or a method of one (`@protected(router.get, "/x")`)."""
        if isinstance(decorator, Function) and (
            self.registers(decorator) or holds_native(decorator.scope)
        ):
            with self.registering(self.at):
                call(self, decorator, Arguments([function]), self.at)

    def _class(self, node: ir.ClassDef, scope: Scope) -> None:
        at = self.at
        key = f"{scope.module.path}::{scope.qualifier}{node.name}"
        cls = Class(node, scope, key, Place(at.file, at.chunk, node.span), at.chunk)
        scope.bind(node.name, cls)
        self.classes[key] = cls
        if decorates(node):
            self.members(cls)
        self.at = at

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
                        self.bind(target, late, members)
                else:
                    self._statement(statement, members, [])
            self.at = saved
        return cls.members

    def _if(self, node: ir.If, scope: Scope, returned: list[Value]) -> None:
        if node.test.text in ("TYPE_CHECKING", "typing.TYPE_CHECKING", "True"):
            returned += self.execute(node.body, scope)
            return
        known = self._decided(node.test, scope)
        if known is not None:
            returned += self.execute(node.body if known else node.orelse, scope)
            return
        before, outer = dict(scope.names), scope.bound
        scope.bound = set()
        self.conditions.append(node.test.text)
        returned += self.execute(node.body, scope)
        self.conditions.pop()
        taken = {name: scope.names[name] for name in scope.bound if name in scope.names}
        for name in taken:
            if name in before:
                scope.names[name] = before[name]
            else:
                del scope.names[name]
        scope.bound = set()
        if node.orelse:
            self.conditions.append(negated(node.test.text))
            returned += self.execute(node.orelse, scope)
            self.conditions.pop()
        merge(scope, taken, node.test.text)
        scope.bound |= outer | taken.keys()

    def _decided(self, test: ir.Typed, scope: Scope) -> bool | None:
        """What a test is where the function's own names decide it; else None."""
        if ":=" in test.text:
            evaluate(self, test.expr, scope)
        return decided(self, test.expr, scope)

    def _try(self, node: ir.Try, scope: Scope) -> list[Value]:
        returned = self.execute(node.body, scope)
        for handler in node.handlers:
            bound = {name: scope.names[name] for name in scope.bound if name in scope.names}
            returned += self.execute(handler, scope)
            # What the body bound stands; a handler's name counts where the body bound none.
            scope.names.update(bound)
        return returned + self.execute((*node.orelse, *node.final), scope)

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
        """Takes one call from the module's budget; False where there is none left."""
        index = 0 if given_native(args) or self.registers(function) else 1
        self.budget[index] -= 1
        return self.budget[index] >= 0

    def run_function(self, function: Function, args: Arguments, owner: Value = None) -> Value:
        """Follows a function of the backend with what is known of its arguments."""
        if self.depth >= MAX_DEPTH:
            return Unknown("calls too deep to follow")
        if not self._affords(function, args):
            return Unknown("more calls than are followed")
        self.reach(function.key)
        definition = self.body_of(function)
        scope = Scope(function.scope.module, function.scope, f"{function.key.partition('::')[2]}.")
        if function.owner is not None:
            scope.names["__class__"] = function.owner
        bind_parameters(definition, args, scope, owner)
        saved = self.at
        self.at = Place(function.place.file, function.place.chunk, definition.span)
        self.depth += 1
        try:
            returned = self.execute(definition.body or (), scope)
        finally:
            self.depth -= 1
            self.at = saved
        for value in returned:
            if value is not None and not isinstance(value, Unknown):
                return value
        return returned[0] if returned else None
