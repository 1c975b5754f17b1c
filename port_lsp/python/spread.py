"""Which names of which modules may mean something else after an edit, and who must be run again.

A module notes of which modules it took which names. When a chunk changes, so may the names that it
binds, and those of the chunks of its module that speak of them; a module that took one of these is
run again, and its own names follow in the same way. Words stand for names here: a chunk that has a
name in a string counts as speaking of it, which costs a run too many and misses none. Where it
can't be told from the text what a chunk does to which name, all names of its module are others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from port_lsp.facts.source import Chunk, SourceFile
from port_lsp.python.bindings import bound_by, imported_by
from port_lsp.python.fastapi import FastApi
from port_lsp.python.interpret import Interpreter
from port_lsp.python.modulestate import ModuleState
from port_lsp.python.outline import Shape
from port_lsp.python.routers import RouterObject
from port_lsp.python.socketio import SocketServer
from port_lsp.python.turns import REGISTERING
from port_lsp.python.values import ALWAYS, EVERY, External, Imported, Made, Value

_DECORATOR = re.compile(rb"^[ \t]*@\s*(\w+)", re.M)
_ROOT = re.compile(rb"\s*(?:await\s+)?\(?\s*(\w+)")
_MUTATES = re.compile(rb"\.(?:append|extend|update)\(|\+=|:=")


_Version = tuple[SourceFile, Chunk]


class Spread:
    """What an edit reaches.

    `names` are by module those that may mean something else, its own and others', `wholly` the
    modules of which any name may, `chunks` the chunks (file, id) that may, `modules` those that
    must be run again.
    """

    def __init__(self, run: Interpreter, fastapi: FastApi) -> None:
        self.names: dict[str, set[str]] = {}
        self.wholly: set[str] = set()
        self.chunks: set[tuple[str, str]] = set()
        self.modules: set[str] = set()
        self._others: dict[str, set[str]] = {}
        self._run, self._fastapi, self._store = run, fastapi, run.store
        self._files: Mapping[str, SourceFile] = {}
        self._users: dict[str, list[ModuleState]] = {}
        self._waiting: list[str] = []
        self._trusted: dict[str, set[str]] = {}

    def edit(
        self,
        now: Mapping[str, SourceFile],
        changed: Mapping[str, Iterable[tuple[SourceFile, Chunk]]],
    ) -> None:
        """Follows an edit: `changed` are by file the chunks of either version that differ."""
        self._files = now
        for state in self._run.states.values():
            for used in state.uses:
                self._users.setdefault(used, []).append(state)
        for path, chunks in changed.items():
            self._reach(path, ())
            for file, chunk in chunks:
                self._change(path, file, chunk)
        while self._waiting:
            self._follow(self._waiting.pop())

    def again(self, now: Mapping[str, SourceFile], paths: Iterable[str]) -> None:
        """Follows what it means that any name of these modules may be another."""
        self.wholly.update(paths)
        self.edit(now, dict.fromkeys(paths, ()))

    def may_be_another(self, path: str, ident: str) -> bool:
        """Whether what a chunk defines may mean something else: not where its module needn't be
        run again, nor where it is a definition that speaks of nothing that is another."""
        if path not in self.modules:
            return False
        chunk = self._files[path].by_id.get(ident)
        if chunk is None or path in self.wholly or (path, ident) in self.chunks:
            return True
        return chunk.kind not in ("class", "function")

    def _reach(self, path: str, seeds: Iterable[str]) -> None:
        """A module must be run again, and these of its names may be others."""
        if path not in self._files:
            return
        if path not in self.modules:
            self.modules.add(path)
            self.names[path] = set()
            self._others[path] = set()
            self._trusted[path] = set()
            # What others registered on its routers goes with them.
            for router in self._fastapi.of(path):
                for step in router.steps:
                    if step.module != path:
                        self._reach(step.module, ())
            self._waiting.append(path)
        names = self.names[path]
        self._others[path].update(seeds)
        if not names.issuperset(seeds):
            names.update(seeds)
            self._waiting.append(path)

    def _follow(self, path: str) -> None:
        """Finds what else of a module is another, then who took one of its names."""
        self._within(path)
        names = self.names[path]
        for state in self._users.get(path, ()):
            taken = state.uses[path]
            found = taken if path in self.wholly else taken & names
            if EVERY in taken:
                found = found | names
            if state.path != path and (found or ALWAYS in taken or state.mutates):
                self._reach(state.path, self._as_imported(state.path, found))

    def _as_imported(self, path: str, names: Iterable[str]) -> set[str]:
        """Names of another module as a module speaks of them."""
        found = set(names)
        for chunk in self._files[path].chunks:
            shape = self._store.shapes.get(chunk.digest)
            for one in shape.imports if shape is not None else ():
                found.update(alias for name, alias in one.names if name in found)
        return found

    def _within(self, path: str) -> None:
        """Chunks that speak of a name that may be another, until there are no more."""
        file, names = self._files[path], self.names[path]
        state = self._run.states.get(path)
        is_its_own = state is None or path in state.uses  # it imports itself
        others = names if is_its_own else self._others[path]
        more = True
        while more:
            more = False
            for chunk in file.chunks:
                key = path, chunk.id
                if key in self.chunks:
                    continue
                words = self._store.words(file, chunk)
                if path in self.wholly or words.speak_of(names, others):
                    more |= self._change(path, file, chunk)
            if not more and path not in self.wholly and not names.isdisjoint(self._trusted[path]):
                self.wholly.add(path)  # what was trusted to do no harm may be something else now
                more = True

    def _change(self, path: str, file: SourceFile, chunk: Chunk) -> bool:
        """A chunk is another: so is what it binds. Whether that is news."""
        self.chunks.add((path, chunk.id))
        if path in self.wholly:
            return False
        bound = self._effects(path, file, chunk)
        if bound is None:
            self.wholly.add(path)
            return True
        names = self.names[path]
        if names.issuperset(bound):
            return False
        names.update(bound)
        return True

    def _effects(self, path: str, file: SourceFile, chunk: Chunk) -> Iterable[str] | None:
        """The names that a chunk binds or changes; None where that can't be told."""
        shape = self._store.shapes.get(chunk.digest)
        if shape is None or shape.kind in ("broken", "other"):
            return ()
        data = file.chunk_bytes(chunk)
        if shape.kind in ("function", "class"):
            roots = (match[1].decode() for match in _DECORATOR.finditer(_decorators(shape, data)))
            return (shape.name,) if all(self._is_harmless(path, one) for one in roots) else None
        if shape.kind == "import":
            return _imported(shape)
        state = self._run.states.get(path)
        if _MUTATES.search(data):
            return None
        if shape.kind == "assignment" and shape.targets:
            return None if state is None or (state.mutates and b"(" in data) else shape.targets
        if shape.kind == "compound":
            if state is None or state.mutates or REGISTERING.search(data):
                return None
            return bound_by(self._store.whole(file, chunk))
        root = _ROOT.match(data)
        if root is None or not self._is_harmless(path, root[1].decode()):
            return None
        return (root[1].decode(),) if shape.kind == "assignment" else ()

    def _is_harmless(self, path: str, name: str) -> bool:
        """Whether calling a method of what a name means changes nothing that others can see but
        the steps of a router, which are looked at when all has been run."""
        state = self._run.states.get(path)
        self._trusted[path].add(name)
        if state is None or name not in state.scope.names:
            return state is not None and not state.star_imports
        value: Value = state.scope.names[name]
        if isinstance(value, Imported):
            return value.place is None
        if isinstance(value, RouterObject):
            return value.cls is None
        return isinstance(value, (External, Made, SocketServer))


def _decorators(shape: Shape, data: bytes) -> bytes:
    """A chunk's text as far as decorators stand in it."""
    if shape.kind == "function":
        return data[: shape.colon]
    return data if b"@" in data else b""


def _imported(shape: Shape) -> Iterable[str] | None:
    found: set[str] = set()
    for one in shape.imports:
        names = imported_by(one)
        if names is None:
            return None
        found |= names
    return found


def changes(
    before: SourceFile, now: SourceFile, is_same: Callable[[_Version, _Version], bool]
) -> list[tuple[SourceFile, Chunk]]:
    """The chunks of two versions of a file by which their facts may differ, each with its version:
    those that don't mean the same (`is_same` of what was and what is, asked where the text
    differs); and all, where what both have stands in another order."""
    old = [chunk for chunk in before.chunks if chunk.id in now.by_id]
    new = [chunk for chunk in now.chunks if chunk.id in before.by_id]
    same_order = [chunk.id for chunk in old] == [chunk.id for chunk in new]
    differ = {
        chunk.id
        for chunk in new
        if chunk.digest != (was := before.by_id[chunk.id]).digest
        and not is_same((before, was), (now, chunk))
    }
    same = {chunk.id for chunk in new if chunk.id not in differ} if same_order else set[str]()
    return [
        (file, chunk) for file in (before, now) for chunk in file.chunks if chunk.id not in same
    ]
