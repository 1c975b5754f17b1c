"""The backend's reader: files in, facts out; after an edit only what it reaches is read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from port_lsp.facts.items import (
    ApplicationPart,
    Event,
    Model,
    Parameter,
    Side,
    Site,
    Unresolved,
    kept_side,
)
from port_lsp.facts.recut import BROKEN, spliced
from port_lsp.facts.source import Chunk, SourceFile, name_chunks, source_file
from port_lsp.python import outline
from port_lsp.python.application import Endpoints
from port_lsp.python.catalog import ModelReader
from port_lsp.python.chunks import ChunkStore, functions_in, stub
from port_lsp.python.cors import cors_of
from port_lsp.python.databases import database_of
from port_lsp.python.dependant import placeholders
from port_lsp.python.dependencies import own_parameters
from port_lsp.python.frameworks import Frameworks
from port_lsp.python.functions import FunctionReader
from port_lsp.python.gates import auth_of
from port_lsp.python.gates.handlers import Handlers
from port_lsp.python.gates.settingnames import AssignedNames, SettingNames
from port_lsp.python.grammar import Node, Reparser, parse
from port_lsp.python.interpret import Interpreter
from port_lsp.python.meanings import Meanings
from port_lsp.python.modules import Modules
from port_lsp.python.outline import Shape
from port_lsp.python.schema import annotation_wire, model_schema
from port_lsp.python.schemaparameters import parameter_schema
from port_lsp.python.settings import ModuleSettings, settings_of
from port_lsp.python.socketio import emitted
from port_lsp.python.spread import Spread, changes
from port_lsp.python.turns import REGISTERING
from port_lsp.python.uncalled import Uncalled
from port_lsp.python.unreached import MAKES, follow_factories
from port_lsp.python.unset import told_apart
from port_lsp.text import Text
from port_lsp.types.auth import Auth, Tree
from port_lsp.types.databases import Database
from port_lsp.types.depended import Dependency
from port_lsp.types.meanings import Callable, Class, Import, Kind, Meaning, Method
from port_lsp.types.schema import FieldSchema, ModelSchema
from port_lsp.types.settings import Cors, Setting
from port_lsp.types.wire import Wire

_MOST = 20_000  # chunks of which is remembered what their facts rest on
_MOST_GONE = 1000  # chunks of texts that are gone, of which something is kept


class _Essence(NamedTuple):
    """What of a chunk its facts rest on: its text without that of undecorated bodies and what those
    say in short, and for who read it also where its parts stand."""

    says: tuple[object, ...]
    places: tuple[object, ...]


class BackendReader:
    """Reads a backend. State: what was read, kept as long as nothing it rests on changes.

    `known` are values for names that can't be read statically (configuration's `resolve`),
    `root_name` the name of the root's folder.
    """

    def __init__(self, known: Mapping[str, str] | None = None, root_name: str = "") -> None:
        self._known = dict(known or {})
        self._root_name = root_name
        self._store = ChunkStore()
        self._parser = Reparser()
        self._files: dict[str, SourceFile] = {}
        self._functions = FunctionReader(self._store.shapes)
        self._uncalled = Uncalled()
        self._last: Side | None = None
        self._projects = frozenset[str]()
        self._essences: dict[bytes, _Essence] = {}
        self._settings = ModuleSettings()
        self._assigned = AssignedNames()
        self._start({})

    def _start(self, files: Mapping[str, SourceFile]) -> None:
        self._frameworks = Frameworks()
        modules = Modules(files, self._root_name, self._projects)
        self._run = Interpreter(modules, files, self._store, self._frameworks, self._known)
        self._endpoints = Endpoints(self._run, self._frameworks.fastapi)
        self._catalog = ModelReader()
        self._models: dict[str, tuple[Model, ...]] = {}
        self._stale: dict[str, tuple[Model, ...]] = {}
        self._emitted: dict[str, tuple[Event, ...]] = {}
        self._followed: set[str] = set()
        self._unset: tuple[object, dict[str, tuple[str, ...]]] | None = None
        self._meanings: tuple[object, Meanings] | None = None
        self._auth: tuple[object, Auth | None] | None = None
        self._handlers: tuple[object, Handlers] | None = None

    def outline(
        self, path: str, text: Text, previous: SourceFile | None = None, *, hasty: bool = False
    ) -> SourceFile:
        """Cuts a file into chunks; with `previous`, only the slice that an edit touched.

        `path` is relative to the root, with `/`. Never fails: a broken chunk is one of kind
        "broken". `hasty` cuts only the slice even where it is broken, which in the whole file it
        may not be.
        """
        shapes: tuple[Shape, ...] = ()

        def root_of(data: bytes) -> Node:
            return self._parser.root(data, hasty=hasty)

        def cut(data: bytes) -> outline.Cut:
            nonlocal shapes
            known = self._store.shape_of if hasty else None
            found = outline.cut(data, known, parse if previous is None else root_of)
            shapes = found.shapes
            return found

        again = spliced(previous, text, cut, hasty=hasty) if previous is not None else None
        pieces, fresh = again if again is not None else (cut(text.data).pieces, None)
        chunks = name_chunks(text.data, pieces)
        new = chunks if fresh is None else chunks[fresh.start : fresh.stop]
        for chunk, shape in zip(new, shapes, strict=True):
            known = self._store.shapes.get(chunk.digest)
            if known is None or known.kind == BROKEN:  # which haste may have said
                self._store.shapes[chunk.digest] = outline.relative(shape)
        return source_file(path, text, chunks)

    def read(self, files: Mapping[str, SourceFile], projects: frozenset[str] = frozenset()) -> Side:
        """The facts of a backend given by its files, by path, and the paths of its pyproject.toml.

        Files that are the same objects as in the call before are known already.
        """
        changed = [path for path, file in files.items() if self._files.get(path) is not file]
        for path in changed:  # a text may be back whose chunks were forgotten
            if any(chunk.digest not in self._store.shapes for chunk in files[path].chunks):
                self.outline(path, files[path].text)
        if files.keys() != self._files.keys() or projects != self._projects:
            self._projects = projects
            self._start(files)
            todo: Iterable[str] = files
        else:
            todo = self._reached(files, changed)
            self._run.files = files
        self._files = dict(files)
        for path in changed:
            self._emitted.pop(path, None)
            state = self._run.states.get(path)
            if state is not None:
                state.file = files[path]
        for path in sorted(todo):
            self._run.module(path)
        if todo and (left := self._frameworks.fastapi.end()):
            spread = Spread(self._run, self._frameworks.fastapi)
            spread.again(files, left)
            self._forget(spread)
            for path in sorted(spread.modules):
                self._run.module(path)
            self._frameworks.fastapi.end()
        if todo:
            self._endpoints.forget()
        if todo and self._followed:
            # A function that nobody called may be called now, or the other way round: who is
            # followed depends on the whole backend.
            self._start(files)
            for path in sorted(files):
                self._run.module(path)
        self._followed |= follow_factories(self._run, sorted(files)) if todo else set()
        side = self._side(files)
        if len(self._store.shapes) > _MOST_GONE + 2 * sum(len(f.chunks) for f in files.values()):
            self._store.retain({c.digest for file in files.values() for c in file.chunks})
        return side

    def schema(self, model: Model) -> ModelSchema:
        """What a writer needs to know of a model of the last reading."""
        if self._unset is None or self._unset[0] is not self._files:
            self._unset = (self._files, told_apart(self._run, self._files))
        return model_schema(self._run, self._files, model, self._unset[1])

    def wire(self, file: str, annotation: str | None) -> Wire:
        """The wire type of an annotation as written in a module (relative path)."""
        return annotation_wire(self._run, file, annotation)

    def parameter(self, file: str, parameter: Parameter) -> FieldSchema:
        """What a writer needs to know of a parameter of a handler in a module (relative path)."""
        return parameter_schema(self._run, file, parameter)

    def settings(self) -> tuple[Setting, ...]:
        """What the backend of the last reading takes from its environment."""
        models = self._last.models if self._last is not None else ()
        return settings_of(self._run, self._files, models, self._settings)

    def meaning(self, file: str, name: str) -> Meaning | None:
        """What a dotted name means in a module (relative path) of the last reading."""
        return self._meant().of(file, name)

    def undecorated(self, file: str, name: str) -> tuple[Callable, tuple[str, ...]] | None:
        """The function that a name means in a module, without what its decorators make of it, and
        these by their names."""
        return self._meant().undecorated(file, name)

    def imported(self, file: str, of: Import, name: str) -> Meaning | None:
        """The same behind an import in a function of the module."""
        return self._meant().imported(file, of, name)

    def class_of(self, key: str) -> Class | None:
        """What a class of the last reading (item key) is to who uses its objects."""
        return self._meant().class_of(key)

    def method(self, key: str, name: str) -> Method | None:
        """What a class of the last reading (item key) has under a name, if it is a function."""
        return self._meant().method(key, name)

    def attribute(self, key: str, name: str) -> Kind | None:
        """The class that each object of a class of the last reading (item key) holds under a
        name."""
        return self._meant().attribute(key, name)

    def below(self, name: str) -> tuple[str, ...]:
        """The names of the last reading's classes that come from one: of its own, by its item key,
        or of Python's, by its full name."""
        return self._meant().below(name)

    def _meant(self) -> Meanings:
        if self._meanings is None or self._meanings[0] is not self._files:
            names = SettingNames(self.settings(), self._files, self._assigned)
            self._meanings = (self._files, Meanings(self._run, self._files, names))
        return self._meanings[1]

    def depended(self) -> dict[str, tuple[Dependency, ...]]:
        """What each endpoint of the last reading (its id) depends on."""
        return {ident: one.neutral for ident, one in self._endpoints.depended().items()}

    def declared(self, ident: str) -> tuple[Parameter, ...]:
        """What an endpoint's handler takes of the request by parameters of its own, as it declares
        them, though a dependency asks for something of the same name."""
        before = self._endpoints.depended().get(ident)
        if before is None or before.handler is None:
            return ()
        return own_parameters(self._run, before.handler, placeholders(ident.partition(" ")[2]))

    def auth(self) -> Auth | None:
        """Who may call the endpoints of the last reading, as their dependencies find it out."""
        if self._auth is None or self._auth[0] is not self._files:
            models = self._last.models if self._last is not None else ()
            depended = {ident: one.every for ident, one in self._endpoints.depended().items()}
            found = auth_of(self._run, self._files, models, self.settings(), depended)
            self._auth = (self._files, found)
        return self._auth[1]

    def answers(self, idents: Iterable[str]) -> dict[str, Tree]:
        """What the handlers of endpoints (their ids) of the last reading answer whoever comes so
        far, as far as their bodies say."""
        if self._handlers is None or self._handlers[0] is not self._files:
            models = self._last.models if self._last is not None else ()
            made = Handlers(self._run, self._files, models, self.settings())
            self._handlers = (self._files, made)
        before, follow = self._endpoints.depended(), self._handlers[1]
        found = {one: handler for one in idents if (handler := before[one].handler) is not None}
        return {ident: follow.answer(ident, handler) for ident, handler in found.items()}

    def cors(self) -> Cors | None:
        """Who may call the backend of the last reading from another origin."""
        return cors_of(self._run, self._files)

    def database(self) -> Database | None:
        """The database that the backend of the last reading opens."""
        return database_of(self._files)

    def _reached(self, files: Mapping[str, SourceFile], changed: list[str]) -> set[str]:
        """The modules that must be run again: those whose facts changed, and who took of them what
        may be another now."""
        differ: dict[str, list[tuple[SourceFile, Chunk]]] = {}
        for path in changed:
            before, now = self._files[path], files[path]
            chunks = changes(before, now, self._means_the_same)
            if chunks:
                differ[path] = chunks
        if not differ:
            return set()
        spread = Spread(self._run, self._frameworks.fastapi)
        spread.edit(files, differ)
        self._forget(spread)
        return spread.modules

    def _forget(self, spread: Spread) -> None:
        run, paths = self._run, spread.modules
        for path in paths:
            run.states[path].again()
            self._catalog.forget(path, spread.may_be_another)
            self._stale[path] = self._models.pop(path, ())
            self._emitted.pop(path, None)
            run.reached.forget(path)
            run.decorating.forget(path)
        run.classes = {
            key: cls
            for key, cls in run.classes.items()
            if not spread.may_be_another(cls.place.file, cls.chunk)
        }
        run.dependants = {
            key: known for key, known in run.dependants.items() if key[0].place.file not in paths
        }
        self._frameworks.begin(paths, spread.chunks)

    def _means_the_same(
        self, before: tuple[SourceFile, Chunk], now: tuple[SourceFile, Chunk]
    ) -> bool:
        """Whether a chunk with another text means what it meant: its text differs only in bodies
        that nobody looked into, and not in what these are known by."""
        digests = before[1].digest, now[1].digest
        if any(self._store.was_read_whole(digest) for digest in digests):
            return False
        ones, others = self._essence(*before), self._essence(*now)
        if ones is None or others is None or ones.says != others.says:
            return False
        if self._store.was_read(digests[0]) and ones.places != others.places:
            return False
        self._store.inherit(*digests)
        return True

    def _essence(self, file: SourceFile, chunk: Chunk) -> _Essence | None:
        """What of a function or a class its facts rest on; None for other chunks."""
        shape = self._store.shapes.get(chunk.digest)
        if shape is None or shape.kind not in ("function", "class"):
            return None
        known = self._essences.get(chunk.digest)
        if known is None:
            data = file.chunk_bytes(chunk)
            bodies = tuple(self._store.body(data[f.colon : f.end]) for f in functions_in(shape))
            # Callers ask of a body that nobody looked into whether it may register something.
            words = [bool(words.search(data)) for words in (REGISTERING, MAKES)]
            known = _Essence(
                (stub(shape, data).data, bodies, b".emit(" in data, words),
                (shape.name_span, shape.decorators, tuple(m.span.start for m in shape.members)),
            )
            if len(self._essences) >= _MOST:
                self._essences.clear()
            self._essences[chunk.digest] = known
        return known

    def _side(self, files: Mapping[str, SourceFile]) -> Side:
        run = self._run
        events: list[Event] = []
        models: list[Model] = []
        parts: list[ApplicationPart] = []
        unresolved: list[Unresolved] = []
        sites: list[Site] = []
        functions = [f for file in files.values() for f in self._functions.of(file)]
        notes = self._frameworks.fastapi.notes.pages
        for path in sorted(files):
            if path not in self._models:
                found = self._catalog.of(run, files[path])
                stale = self._stale.pop(path, ())
                self._models[path] = stale if stale == found else _kept(stale, found)
            models += self._models[path]
            if path not in self._emitted:
                self._emitted[path] = tuple(emitted(run, files[path]))
            events += [*self._frameworks.socketio.events.get(path, ()), *self._emitted[path]]
            if path in notes:
                parts += notes[path].parts
                unresolved += notes[path].unresolved
                sites += notes[path].sites
            for one in self._uncalled.of(run, files[path]):
                unresolved.append(one)
                sites.append(Site(one.place, one.construct, "unresolved", one.reason))
        side = Side(
            framework="fastapi",
            endpoints=self._endpoints.all(),
            models=tuple(models),
            events=tuple(events),
            functions=tuple(functions),
            mounts=tuple(m for path in sorted(notes) for m in notes[path].mounts),
            unresolved=tuple(dict.fromkeys(unresolved)),
            sites=tuple(sites),
            parts=tuple(parts),
        )
        self._last = side if self._last is None else kept_side(self._last, side)
        return self._last


def _kept(before: Iterable[Model], now: tuple[Model, ...]) -> tuple[Model, ...]:
    """Models, each of which that is equal to one of before is that one."""
    known = {model.key: model for model in before}
    return tuple([known[one.key] if known.get(one.key) == one else one for one in now])
