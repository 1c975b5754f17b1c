"""What the frameworks say of a project's models and events: the oracle for their readers.

    python tests/oracles/models_oracle.py DIR app.models "app.main @ src"

imports each module and prints, as JSON, per module, for everything of the project that came in
with it: `models` (Pydantic, SQLAlchemy, peewee, enums, typed dictionaries, dataclasses),
`dynamic` (models made by a call, with no class statement: a static reader lists them as
unresolved), `events`, `functions` and `instances`. Classes inside functions are left out: no
name reaches them. Runs foreign code: only ever run it on fixtures.
"""

from __future__ import annotations

import dataclasses
import inspect
from enum import Enum
from pathlib import Path
from typing import Any

import oracle_events
import oracle_plain
import oracle_pydantic
import oracle_source as source
import oracle_tables
import peewee
from oracle_jobs import load_module, main
from sqlalchemy.orm import DeclarativeBase
from typing_extensions import is_typeddict

Row = dict[str, Any]


def describe(root: Path, target: str) -> Row:
    """Import a module and say what the project defines. `root` is the project's folder."""
    load_module(root, target)
    mapped = _mapped_tables(root)
    said: dict[str, list[Row]] = {"models": [], "dynamic": [], "functions": [], "instances": []}
    for module in source.project_modules(root):
        path = source.module_path(module)
        if path is None:
            continue
        for name, value in list(vars(module).items()):
            if inspect.isclass(value) and value.__module__ == module.__name__:
                _add_class(root, path, name, value, said)
            elif oracle_tables.is_table(value) and id(value) not in mapped:
                line = source.assignment_line(path, name)
                if line is not None:
                    row = {"name": name, **_place(root, path, line)}
                    said["models"].append({**row, **oracle_tables.association_table(value)})
        said["functions"].extend(oracle_plain.functions(root, module, path))
        said["instances"].extend(oracle_plain.instances(root, module, path))
    for rows in (said["models"], said["dynamic"]):
        rows.sort(key=lambda row: (row["file"], row["line"] or 0))
    return {**said, "events": oracle_events.events(root)}


def _place(root: Path, path: Path, line: int | None) -> Row:
    return {"file": path.relative_to(root).as_posix(), "line": line}


def _add_class(root: Path, path: Path, name: str, cls: type, said: dict[str, list[Row]]) -> None:
    """Add what a class is, and what the classes in its body are."""
    node, _ = source.class_node(cls)
    row = _describe(root, cls)
    if node is None and row is not None and "." not in cls.__qualname__:
        line = source.assignment_line(path, name)
        if line is not None:
            said["dynamic"].append({"name": name, **_place(root, path, line), **row})
        return
    if node is not None and node.name == name:
        if row is not None:
            place = _place(root, path, node.lineno)
            said["models"].append({"name": cls.__qualname__, **place, **row})
        for inner_name, inner in list(vars(cls).items()):
            if inspect.isclass(inner) and inner.__qualname__ == f"{cls.__qualname__}.{inner_name}":
                _add_class(root, path, inner_name, inner, said)


def _describe(root: Path, cls: Any) -> Row | None:
    """The description by the first kind that fits, or None: the class is no model."""
    mapped = oracle_tables.mapper(cls)
    if mapped is not None:
        return oracle_tables.sqlalchemy_model(root, cls, mapped)
    if oracle_pydantic.is_model(cls):
        return oracle_pydantic.describe(root, cls)
    if issubclass(cls, peewee.Model):
        return oracle_tables.peewee_model(root, cls)
    if issubclass(cls, Enum):
        return oracle_plain.enum_model(cls) if cls.__members__ else None  # without one: a base
    if is_typeddict(cls):
        return oracle_plain.typeddict_model(root, cls)
    if issubclass(cls, DeclarativeBase):
        return None  # the base itself, which MappedAsDataclass also makes a dataclass
    if dataclasses.is_dataclass(cls):
        return oracle_plain.dataclass_model(root, cls)
    return None


def _mapped_tables(root: Path) -> set[int]:
    """The tables (by id) that a class of the project maps: the class stands for them."""
    values = [v for module in source.project_modules(root) for v in vars(module).values()]
    mappers = [oracle_tables.mapper(value) for value in values if inspect.isclass(value)]
    return {id(found.local_table) for found in mappers if found is not None}


if __name__ == "__main__":
    main(describe, (__doc__ or "").split("\n\n")[0])
