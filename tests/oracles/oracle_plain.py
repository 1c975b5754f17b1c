"""What Python itself says: enums, typed dictionaries, dataclasses, functions, instances."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import sys
import typing
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

import oracle_source as source
from oracle_params import default_text
from oracle_render import annotation_text, value_text
from typing_extensions import is_typeddict

Row = dict[str, Any]


def enum_model(cls: type[Enum]) -> Row:
    """An enum's members with their values, aliases included, and what it is besides."""
    node, _ = source.class_node(cls)
    lines = source.assigned_lines(node.body if node is not None else [])
    return {
        "kind": "enum",
        "bases": [base.__name__ for base in cls.__bases__],
        "members": [
            {"name": name, "value": value_text(member.value), "line": lines.get(name)}
            for name, member in cls.__members__.items()
        ],
    }


def typeddict_model(root: Path, cls: Any) -> Row:
    """A typed dictionary's keys; a base's keys come first."""
    hints = typing.get_type_hints(cls)
    written: source.Written = {}
    lines: dict[str, int] = {}
    for base in reversed(_with_bases(cls)):
        written |= source.written_fields(root, base)
        lines |= {name: line for name, (_, line) in source.field_owners(root, base).items()}
    return {
        "kind": "typeddict",
        "fields": [
            {
                "name": name,
                "annotation": annotation_text(hint),
                "required": name in cls.__required_keys__,
                "annotation_text": written.get(name, (None, None))[0],
                "line": lines.get(name),
            }
            for name, hint in hints.items()
        ],
    }


def _with_bases(cls: Any) -> list[Any]:
    """A typed dictionary and those it inherits from: its only base at run time is dict."""
    node, _ = source.class_node(cls)
    names = [base.id for base in node.bases if isinstance(base, ast.Name)] if node else []
    module = sys.modules[cls.__module__]
    bases = [getattr(module, name, None) for name in names]
    return [cls, *(b for base in bases if is_typeddict(base) for b in _with_bases(base))]


def dataclass_model(root: Path, cls: Any) -> Row:
    """A dataclass's fields, inherited ones included."""
    hints = typing.get_type_hints(cls)
    owners = source.field_owners(root, cls)
    written = source.written_fields(root, cls)
    fields: list[Row] = []
    for field in dataclasses.fields(cls):
        owner = owners.get(field.name)
        annotation, default = written.get(field.name, (None, None))
        checked = getattr(cls, "__pydantic_fields__", {}).get(field.name)
        value = _dataclass_default(field) if checked is None else default_text(checked)
        fields.append(
            {
                "name": field.name,
                "annotation": annotation_text(hints.get(field.name, field.type)),
                "required": value is None,
                "default": value,
                "init": field.init,
                "annotation_text": annotation,
                "default_text": default,
                "owner": source.class_name(owner[0]) if owner else None,
                "line": owner[1] if owner else None,
            }
        )
    return {"kind": "dataclass", "fields": fields}


def _dataclass_default(field: dataclasses.Field[Any]) -> str | None:
    if field.default is not dataclasses.MISSING:
        return value_text(field.default)
    if field.default_factory is not dataclasses.MISSING:
        return f"{value_text(field.default_factory)}()"
    return None


def functions(root: Path, module: ModuleType, path: Path) -> list[Row]:
    """The functions of a module and the methods of its classes, by their qualified names."""
    file = path.relative_to(root).as_posix()
    found: list[Row] = []
    for value in vars(module).values():
        if inspect.isclass(value) and value.__module__ == module.__name__:
            members = [inspect.getattr_static(value, name) for name in vars(value)]
            found.extend(_function(file, path, member) for member in members)
        elif getattr(value, "__module__", None) == module.__name__:
            found.append(_function(file, path, value))
    return sorted((row for row in found if row), key=lambda row: row["line"])


def _function(file: str, path: Path, value: Any) -> Row:
    wrapped = source.unwrap(getattr(value, "fget", None) or getattr(value, "__func__", value))
    place = source.definition(wrapped) if inspect.isfunction(wrapped) else None
    if place is None or place[0] != path or place[1] is None:
        return {}
    return {
        "id": f"{file}::{wrapped.__qualname__}",
        "name": wrapped.__name__,
        "line": place[2],
        "async": isinstance(place[1], ast.AsyncFunctionDef),
        "parameters": list(inspect.signature(wrapped).parameters),
    }


def instances(root: Path, module: ModuleType, path: Path) -> list[Row]:
    """The module's names for instances of the project's classes: `Users = UsersTable()`."""
    return [
        {
            "name": name,
            "class": f"{type(value).__module__}.{type(value).__qualname__}",
            "file": path.relative_to(root).as_posix(),
            "line": line,
        }
        for name, value in vars(module).items()
        if not isinstance(value, type)
        and source.is_project_class(root, value.__class__)
        and (line := source.assignment_line(path, name)) is not None
    ]
