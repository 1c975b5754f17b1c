"""Columns of SQLAlchemy tables: `Column` (1.4) and `Mapped` with `mapped_column` (2.0), SQLModel.

Rules: SQLAlchemy's "Declarative Table Configuration" and "ORM Mapped Class Overview".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from port_lsp.facts.items import Constraint, Field
from port_lsp.facts.source import Place
from port_lsp.python.fields import written
from port_lsp.python.evaluate import class_member, external_bases, force
from port_lsp.python.models import Declared, attributes, made_by
from port_lsp.python.pydantic import pydantic_fields
from port_lsp.python.values import Class, Made

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_COLUMN = ("Column", "mapped_column", "deferred")
_MAPPED = re.compile(r"^[\"']?(?:\w+\.)*Mapped\[(.*)\][\"']?$", re.S)
_OPTIONAL = re.compile(r"Optional\[|\|\s*None|None\s*\|")
_NO_COLUMN = re.compile(r"^(?:\w+\.)*(?:DynamicMapped|WriteOnlyMapped|Relationship|ClassVar)\b")


def table_name(run: Interpreter, cls: Class) -> str | None:
    """The table of a declarative class; None where it isn't a literal."""
    value = force(run, class_member(run, cls, "__tablename__"))
    if isinstance(value, str):
        return value
    if any(name.startswith("sqlmodel.") for name in external_bases(run, cls)):
        return cls.definition.name.lower()
    return None


def table_columns(run: Interpreter, cls: Class) -> tuple[Field, ...]:
    """The columns of a table, those of its bases and mixins included."""
    if any(name.startswith("sqlmodel.") for name in external_bases(run, cls)):
        return tuple(_as_column(field) for field in pydantic_fields(run, cls))
    found = (_column(run, declared) for declared in attributes(run, cls).values())
    return tuple(field for field in found if field is not None)


def _as_column(field: Field) -> Field:
    return Field(
        field.name,
        field.annotation,
        field.required,
        field.place,
        field.owner,
        field.default,
        field.alias,
        field.name,
        field.constraints,
    )


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
    return _field(run, declared, made, mapped.group(1) if mapped else None)


def _field(
    run: Interpreter, declared: Declared, made: Made | None, annotation: str | None
) -> Field:
    column, type_text = declared.name, None
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
    at = declared.cls.place
    place = Place(at.file, at.chunk, declared.statement.span)
    required = not optional and default is None
    return Field(
        declared.name,
        annotation or type_text,
        required,
        place,
        declared.cls.key,
        default,
        column=column,
        constraints=tuple(constraints),
    )


def _target(run: Interpreter, made: Made) -> str:
    target = force(run, made.args.get(0, "column"))
    return target if isinstance(target, str) else written(made.args.get(0, "column")) or ""
