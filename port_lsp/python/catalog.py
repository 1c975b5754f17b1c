"""Every model of a file: its classes, looked at one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from port_lsp.facts.items import Model, ModelKind
from port_lsp.facts.source import Chunk, Place, SourceFile, item_key
from port_lsp.python import syntax as ir
from port_lsp.python.evaluate import force, lookup
from port_lsp.python.models import FieldReader, classify, model_of
from port_lsp.python.peewee import peewee_fields, peewee_table
from port_lsp.python.pydantic import enum_members, plain_fields, pydantic_fields
from port_lsp.python.sqlalchemy import columns_of_table, table_columns, table_name
from port_lsp.python.values import Class, Made
from port_lsp.text import Span

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_TABLE = re.compile(rb"=\s*(?:\w+\.)?Table\(")
_FIELDS: dict[ModelKind, FieldReader] = {
    "pydantic": pydantic_fields,
    "sqlalchemy": table_columns,
    "peewee": peewee_fields,
    "enum": enum_members,
    "typeddict": plain_fields,
    "dataclass": plain_fields,
}


class ModelReader:
    """The models of a backend's files. State: those of each class at the top of a file, which are
    kept until `forget` says that its chunk may mean something else."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, tuple[Model, ...]]] = {}

    def forget(self, path: str, reached: Callable[[str, str], bool]) -> None:
        """A file is run again; `reached` says which chunks (file, id) may mean other things."""
        known = self._known.get(path, {})
        self._known[path] = {at: kept for at, kept in known.items() if not reached(path, at)}

    def of(self, run: Interpreter, file: SourceFile) -> tuple[Model, ...]:
        """The models of a file: its classes and those inside them, not those inside functions;
        then tables that no class maps."""
        before, now = self._known.get(file.path, {}), dict[str, tuple[Model, ...]]()
        found: dict[str, Model] = {}
        for chunk in file.chunks:
            shape = run.store.shapes.get(chunk.digest)
            if shape is None or shape.kind != "class":
                continue
            models = before.get(chunk.id)
            if models is None:
                models = tuple(_models_in(run, _classes_in(run, file, chunk, shape.name)))
            now[chunk.id] = models
            for model in models:
                found.setdefault(model.key, model)
        self._known[file.path] = now
        for model in _models_in(run, _classes_in_compounds(run, file)):
            found.setdefault(model.key, model)
        return (*found.values(), *tables_in(run, file))


def _classes_in(run: Interpreter, file: SourceFile, chunk: Chunk, name: str) -> Iterator[Class]:
    state = run.module(file.path)
    if state is None or not _may_be_model(file.chunk_bytes(chunk)):
        return
    value = lookup(run, state.scope, name)
    if isinstance(value, Class) and value.place.chunk == chunk.id:
        yield from _with_inner(run, value)


def _classes_in_compounds(run: Interpreter, file: SourceFile) -> Iterator[Class]:
    for cls in list(run.classes.values()):
        if cls.place.file != file.path:
            continue
        chunk = file.by_id.get(cls.chunk)
        if chunk is not None and chunk.kind == "compound":
            yield from _with_inner(run, cls)


def tables_in(run: Interpreter, file: SourceFile) -> Iterator[Model]:
    """Tables that no class maps: `user_groups = Table("user_groups", metadata, …)`."""
    if b"Table(" not in file.text.data:
        return
    state = run.module(file.path)
    for chunk in file.chunks:
        if state is None or chunk.kind != "assignment" or not chunk.name:
            continue
        if not _TABLE.search(file.chunk_bytes(chunk)):
            continue
        made = lookup(run, state.scope, chunk.name)
        if isinstance(made, Made) and made.maker.name.startswith("sqlalchemy"):
            name = force(run, made.args.get(0, "name"))
            key = item_key(file.path, chunk.name)
            yield Model(
                key=key,
                kind="sqlalchemy",
                name=chunk.name,
                place=Place(file.path, chunk.id, Span(0, len(chunk.name.encode()))),
                fields=tuple(columns_of_table(run, made, key)),
                table=name if isinstance(name, str) else None,
            )


def _with_inner(run: Interpreter, cls: Class) -> Iterator[Class]:
    yield cls
    if any(isinstance(statement, ir.ClassDef) for statement in cls.definition.body):
        for value in list(run.members(cls).names.values()):
            if isinstance(value, Class) and value is not cls and value.scope is cls.members:
                yield from _with_inner(run, value)


def _may_be_model(data: bytes) -> bool:
    """Whether a class has bases or decorators, or holds other classes that may."""
    head, _, rest = data.partition(b":")
    return b"(" in head or data.startswith(b"@") or b"class " in rest


def _models_in(run: Interpreter, classes: Iterable[Class]) -> Iterator[Model]:
    """The records of those classes that are models."""
    seen: set[str] = set()
    for cls in classes:
        kind = classify(run, cls)
        if kind is None or cls.key in seen:
            continue
        seen.add(cls.key)
        table: str | None = None
        if kind == "sqlalchemy":
            table = table_name(run, cls)
        elif kind == "peewee":
            table = peewee_table(run, cls)
        model = model_of(run, cls, kind, _FIELDS[kind], table)
        if kind != "enum" or model.fields:  # an Enum without members has no value: a base, a bag
            yield model
