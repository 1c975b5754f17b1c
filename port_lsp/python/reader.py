"""The backend's reader: files in, facts out; after an edit only what it reaches is read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from port_lsp.facts.items import (
    ApplicationPart,
    Event,
    Function,
    Model,
    Side,
    Site,
    Unresolved,
)
from port_lsp.facts.recut import spliced
from port_lsp.facts.source import SourceFile, name_chunks, source_file
from port_lsp.python import outline
from port_lsp.python.application import Endpoints
from port_lsp.python.bodies import facts_of
from port_lsp.python.catalog import classes_of, models_in, tables_in
from port_lsp.python.chunks import ChunkStore, stub
from port_lsp.python.frameworks import Frameworks
from port_lsp.python.functions import functions_of
from port_lsp.python.interpret import Interpreter
from port_lsp.python.modules import Modules
from port_lsp.python.outline import Shape
from port_lsp.python.schema import annotation_wire, model_schema
from port_lsp.python.socketio import emitted
from port_lsp.python.unreached import follow_factories
from port_lsp.python.unset import told_apart
from port_lsp.text import Text
from port_lsp.types.schema import ModelSchema
from port_lsp.types.wire import Wire

_MOST = 20_000  # chunks of which is remembered what their facts rest on


class BackendReader:
    """Reads a backend. State: what was read, kept as long as nothing it rests on changes.

    `known` are values for names that can't be read statically (configuration's `resolve`),
    `root_name` the name of the root's folder.
    """

    def __init__(self, known: Mapping[str, str] | None = None, root_name: str = "") -> None:
        self._known = dict(known or {})
        self._root_name = root_name
        self._store = ChunkStore()
        self._files: dict[str, SourceFile] = {}
        self._functions: dict[str, tuple[SourceFile, tuple[Function, ...]]] = {}
        self._essences: dict[bytes, tuple[object, ...]] = {}
        self._start({})

    def _start(self, files: Mapping[str, SourceFile]) -> None:
        self._frameworks = Frameworks()
        modules = Modules(files, self._root_name)
        self._run = Interpreter(modules, files, self._store, self._frameworks, self._known)
        self._endpoints = Endpoints(self._run, self._frameworks.fastapi)
        self._models: dict[str, tuple[Model, ...]] = {}
        self._emitted: dict[str, tuple[Event, ...]] = {}
        self._followed: set[str] = set()
        self._unset: tuple[object, dict[str, tuple[str, ...]]] | None = None

    def outline(self, path: str, text: Text, previous: SourceFile | None = None) -> SourceFile:
        """Cuts a file into chunks; with `previous`, only the slice that an edit touched.

        `path` is relative to the root, with `/`. Never fails: a broken chunk is one of kind
        "broken".
        """
        shapes: tuple[Shape, ...] = ()

        def cut(data: bytes) -> outline.Cut:
            nonlocal shapes
            found = outline.cut(data)
            shapes = found.shapes
            return found

        again = spliced(previous, text, cut) if previous is not None else None
        pieces, fresh = again if again is not None else (cut(text.data).pieces, None)
        chunks = name_chunks(text.data, pieces)
        new = chunks if fresh is None else chunks[fresh.start : fresh.stop]
        for chunk, shape in zip(new, shapes, strict=True):
            if chunk.digest not in self._store.shapes:
                self._store.shapes[chunk.digest] = outline.relative(shape)
        return source_file(path, text, chunks)

    def read(self, files: Mapping[str, SourceFile]) -> Side:
        """The facts of a backend given by its files, by path.

        Files that are the same objects as in the call before are known already.
        """
        changed = [path for path, file in files.items() if self._files.get(path) is not file]
        if files.keys() != self._files.keys():
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
        if todo and self._followed:
            # A function that nobody called may be called now, or the other way round: who is
            # followed depends on the whole backend.
            self._start(files)
            for path in sorted(files):
                self._run.module(path)
        self._followed |= follow_factories(self._run, sorted(files)) if todo else set()
        return self._side(files)

    def schema(self, model: Model) -> ModelSchema:
        """What a writer needs to know of a model of the last reading."""
        if self._unset is None or self._unset[0] is not self._files:
            self._unset = (self._files, told_apart(self._run, self._files))
        return model_schema(self._run, self._files, model, self._unset[1])

    def wire(self, file: str, annotation: str | None) -> Wire:
        """The wire type of an annotation as written in a module (relative path)."""
        return annotation_wire(self._run, file, annotation)

    def _reached(self, files: Mapping[str, SourceFile], changed: list[str]) -> set[str]:
        """The modules that must be run again: those whose facts changed, and who rests on them."""
        reached: set[str] = set()
        for path in changed:
            if self._essence(self._files[path]) != self._essence(files[path]):
                reached.add(path)
        if not reached:
            return reached
        users: dict[str, set[str]] = defaultdict(set)
        for path, state in self._run.states.items():
            for used in state.uses:
                users[used].add(path)
        waiting = list(reached)
        while waiting:
            for user in users[waiting.pop()] - reached:
                reached.add(user)
                waiting.append(user)
        self._forget(reached)
        return reached

    def _forget(self, paths: set[str]) -> None:
        run = self._run
        for path in paths:
            run.states.pop(path, None)
            self._frameworks.forget(path)
            self._models.pop(path, None)
            self._emitted.pop(path, None)
        run.classes = {k: v for k, v in run.classes.items() if k.partition("::")[0] not in paths}
        for path in paths:
            run.reached.pop(path, None)
        run.dependants.clear()
        self._endpoints.forget()

    def _essence(self, file: SourceFile) -> tuple[object, ...]:
        """What of a file its facts rest on: its chunks without undecorated bodies' text.

        Two versions with equal essences have equal facts, whatever their offsets.
        """
        return tuple(self._chunk_essence(file, index) for index in range(len(file.chunks)))

    def _chunk_essence(self, file: SourceFile, index: int) -> tuple[object, ...]:
        chunk = file.chunks[index]
        shape = self._store.shapes.get(chunk.digest)
        if shape is None or shape.kind not in ("function", "class"):
            return (chunk.id, chunk.digest)
        if self._store.was_read_whole(chunk.digest):
            return (chunk.id, chunk.digest)
        known = self._essences.get(chunk.digest)
        if known is None:
            data = file.chunk_bytes(chunk)
            bodies = tuple(facts_of(data[f.colon : f.end]) for f in _functions(shape))
            places = (shape.name_span, shape.decorators, tuple(m.span.start for m in shape.members))
            known = (stub(shape, data).data, bodies, b".emit(" in data, places)
            if len(self._essences) >= _MOST:
                self._essences.clear()
            self._essences[chunk.digest] = known
        return (chunk.id, *known)

    def _functions_of(self, file: SourceFile) -> tuple[Function, ...]:
        known = self._functions.get(file.path)
        if known is None or known[0] is not file:
            known = (file, tuple(functions_of(file, self._store.shapes)))
            self._functions[file.path] = known
        return known[1]

    def _side(self, files: Mapping[str, SourceFile]) -> Side:
        run = self._run
        events: list[Event] = []
        models: list[Model] = []
        parts: list[ApplicationPart] = []
        unresolved: list[Unresolved] = []
        sites: list[Site] = []
        functions = [f for path in files for f in self._functions_of(files[path])]
        notes = self._frameworks.fastapi.notes
        for path in sorted(files):
            if path not in self._models:
                found = (
                    *models_in(run, classes_of(run, files[path])),
                    *tables_in(run, files[path]),
                )
                self._models[path] = found
            models += self._models[path]
            if path not in self._emitted:
                self._emitted[path] = tuple(emitted(run, files[path]))
            events += [*self._frameworks.socketio.events.get(path, ()), *self._emitted[path]]
            if path in notes:
                parts += notes[path].parts
                unresolved += notes[path].unresolved
                sites += notes[path].sites
        return Side(
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


def _functions(shape: Shape) -> list[Shape]:
    if shape.kind == "function":
        return [shape]
    return [f for member in shape.members for f in _functions(member)]
