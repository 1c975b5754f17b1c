"""Columns of SQLAlchemy tables: `Column` (1.4) and `Mapped` with `mapped_column` (2.0), SQLModel.

Rules: SQLAlchemy's "Declarative Table Configuration" and "ORM Mapped Class Overview".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from port_lsp.facts.items import Constraint, Field
from port_lsp.facts.source import Place
from port_lsp.python import syntax as ir
from port_lsp.python.classes import bases, class_member, external_bases, mro
from port_lsp.python.evaluate import force
from port_lsp.python.fields import written
from port_lsp.python.models import Declared, attributes, made_by
from port_lsp.python.pydantic import pydantic_fields
from port_lsp.python.values import Arguments, Class, Function, Made

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_COLUMN = ("Column", "mapped_column", "deferred")
_MAPPED = re.compile(r"^[\"']?(?:\w+\.)*Mapped\[(.*)\][\"']?$", re.S)
_OPTIONAL = re.compile(r"Optional\[|\|\s*None|None\s*\|")
_NO_COLUMN = re.compile(r"^(?:\w+\.)*(?:DynamicMapped|WriteOnlyMapped|Relationship|ClassVar)\b")


def table_name(run: Interpreter, cls: Class) -> str | None:
    """The table of a declarative class; None where it isn't a literal."""
    value = force(run, class_member(run, cls, "__tablename__"))
    if isinstance(value, Function):  # a declared_attr
        value = force(run, run.run_function(value, Arguments(), cls))
    if isinstance(value, str):
        return value
    if value is None and any(
        "__tablename__" in run.members(item).names
        for item in mro(run, cls)
        if isinstance(item, Class)
    ):  # single-table inheritance
        parents = (base for base in bases(run, cls) if isinstance(base, Class))
        return next((name for base in parents if (name := table_name(run, base))), None)
    table = force(run, class_member(run, cls, "__table__"))
    if isinstance(table, Made):
        name = force(run, table.args.get(0, "name"))
        return name if isinstance(name, str) else None
    if any(name.startswith("sqlmodel.") for name in external_bases(run, cls)):
        return cls.definition.name.lower()
    return None


def table_columns(run: Interpreter, cls: Class) -> tuple[Field, ...]:
    """The columns of a table, those of its bases and mixins included."""
    if any(name.startswith("sqlmodel.") for name in external_bases(run, cls)):
        return tuple(_sqlmodel_columns(run, cls))
    found = [_column(run, declared) for declared in attributes(run, cls).values()]
    found += _declared_columns(run, cls)
    table = force(run, class_member(run, cls, "__table__"))
    if isinstance(table, Made):
        found += columns_of_table(run, table, cls.key)
    return tuple(field for field in found if field is not None)


def _sqlmodel_columns(run: Interpreter, cls: Class) -> Iterator[Field]:
    """A SQLModel's fields but its relationships; `sa_column` names the column."""
    declared = attributes(run, cls)
    for field in pydantic_fields(run, cls):
        made = made_by(run, declared[field.name])
        if made is not None and made.maker.name.endswith("Relationship"):
            continue
        given = force(run, made.args.keywords.get("sa_column")) if made is not None else None
        name = force(run, given.args.get(0, "name")) if isinstance(given, Made) else None
        column = name if isinstance(name, str) else field.name
        yield msgspec.structs.replace(field, column=column)


def _declared_columns(run: Interpreter, cls: Class) -> Iterator[Field]:
    """Columns that a mixin's `@declared_attr` functions return."""
    seen: set[str] = set()
    for item in mro(run, cls):
        if not isinstance(item, Class):
            continue
        for name, value in run.members(item).names.items():
            if name in seen or not isinstance(value, Function) or name.startswith("__"):
                continue
            seen.add(name)
            decorators = [ir.dotted(d.expr) for d in value.definition.decorators]
            if any("declared_attr" in decorator for decorator in decorators):
                made = force(run, run.run_function(value, Arguments(), cls))
                if isinstance(made, Made) and made.maker.name.rpartition(".")[2] in _COLUMN:
                    yield _read(run, name, value.place, item.key, made, None)


def columns_of_table(run: Interpreter, table: Made, owner: str) -> Iterator[Field]:
    """The columns of `Table("name", metadata, Column(…), …)`."""
    for argument in table.args.positional[2:]:
        made = force(run, argument)
        if isinstance(made, Made) and made.maker.name.endswith("Column"):
            name = force(run, made.args.get(0, "name"))
            key = force(run, made.args.keywords.get("key"))
            column = name if isinstance(name, str) else ""
            attribute = key if isinstance(key, str) else column
            yield _read(run, attribute, made.place, owner, made, None)


def _column(run: Interpreter, declared: Declared) -> Field | None:
    statement = declared.statement
    made = made_by(run, declared)
    short = made.maker.name.rpartition(".")[2] if made is not None else ""
    mapped = _MAPPED.match(statement.annotation.text) if statement.annotation else None
    if mapped is None and statement.annotation and _NO_COLUMN.match(statement.annotation.text):
        return None
    if made is not None and short not in _COLUMN:
        return None
    if made is None and (mapped is None or statement.value is not None):
        return None
    at = declared.cls.place
    place = Place(at.file, at.chunk, statement.span)
    annotation = mapped.group(1) if mapped else None
    return _read(run, declared.name, place, declared.cls.key, made, annotation)


def _read(
    run: Interpreter,
    attribute: str,
    place: Place,
    owner: str,
    made: Made | None,
    annotation: str | None,
) -> Field:
    """One column from its call, its annotation or both."""
    column, type_text = attribute, None
    keywords: dict[str, str] = {}
    constraints: list[Constraint] = []
    if made is not None:
        if made.maker.name.endswith("deferred") and made.args.positional:
            inner = force(run, made.args.positional[0])
            made = inner if isinstance(inner, Made) else made
        for index, argument in enumerate(made.args.positional):
            value = force(run, argument)
            text = written(argument) or ""
            if isinstance(value, str) and index == 0:
                column = value
            elif isinstance(value, Made) and "ForeignKey" in value.maker.name:
                constraints.append(Constraint("foreign_key", _target(run, value)))
            elif type_text is None and not text.startswith(("Sequence(", "Identity(", "Computed(")):
                type_text = text
            else:
                constraints.append(Constraint("argument", text))
        keywords = {name: written(value) or "" for name, value in made.args.keywords.items()}
    if (given := keywords.pop("name", None)) is not None:
        column = given.strip("\"'")
    type_text = keywords.pop("type_", type_text)
    default = keywords.get("default", keywords.get("server_default"))
    nullable = keywords.get("nullable")
    key = keywords.get("primary_key") == "True"
    optional = not key and (
        nullable == "True"
        or (nullable is None and (annotation is None or bool(_OPTIONAL.search(annotation))))
    )
    constraints += [Constraint(name, text) for name, text in keywords.items() if name != "default"]
    return Field(
        attribute,
        annotation or type_text,
        not optional and default is None,
        place,
        owner,
        default,
        column=column,
        constraints=tuple(constraints),
    )


def _target(run: Interpreter, made: Made) -> str:
    target = force(run, made.args.get(0, "column"))
    return target if isinstance(target, str) else written(made.args.get(0, "column")) or ""
