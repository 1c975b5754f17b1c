"""Fields of Peewee models.

Rules: Peewee's "Models and Fields": every `*Field` attribute is a column; a model without a primary
key gets `id`; a foreign key's column ends in `_id`; `class Meta` names the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from port_lsp.facts.items import Constraint, Field
from port_lsp.facts.source import Place
from port_lsp.python import syntax as ir
from port_lsp.python.classes import external_bases, mro
from port_lsp.python.evaluate import force
from port_lsp.python.fields import written
from port_lsp.python.models import attributes, made_by, object_of
from port_lsp.python.values import Class, Instance, Made

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter


def peewee_table(run: Interpreter, cls: Class) -> str:
    """The table: `Meta.table_name`, else the class's name in lower case."""
    for item in mro(run, cls):
        meta = _meta(item) if isinstance(item, Class) else {}
        if name := meta.get("table_name", meta.get("db_table")):
            return name.strip("\"'")
        if item is cls:
            continue
    return cls.definition.name.lower()


def peewee_fields(run: Interpreter, cls: Class) -> tuple[Field, ...]:
    """The columns of a Peewee model, inherited ones included."""
    out: list[Field] = []
    has_key = "primary_key" in _meta(cls)
    for name, declared in attributes(run, cls).items():
        made = made_by(run, declared) or object_of(run, declared)
        short = _field_class(run, made)
        if made is None or not short or short == "ManyToManyField":
            continue
        keywords = {key: written(value) or "" for key, value in made.args.keywords.items()}
        named = force(run, made.args.keywords.get("column_name"))
        column = named if isinstance(named, str) else name
        if short == "ForeignKeyField" and not isinstance(named, str):
            column = name if name.endswith("_id") else f"{name}_id"
        is_key = short in ("AutoField", "BigAutoField") or keywords.get("primary_key") == "True"
        has_key = has_key or is_key
        default = keywords.pop("default", None)
        nullable = keywords.get("null") == "True"
        at = declared.cls.place
        constraints = [Constraint(key, text) for key, text in keywords.items()]
        if short == "ForeignKeyField":
            constraints.insert(
                0, Constraint("foreign_key", written(made.args.get(0, "model")) or "")
            )
        out.append(
            Field(
                name,
                short,
                not nullable and default is None and short not in ("AutoField", "BigAutoField"),
                Place(at.file, at.chunk, declared.statement.span),
                declared.cls.key,
                default,
                column=column,
                constraints=tuple(constraints),
            )
        )
    if not has_key:
        out.insert(0, Field("id", "AutoField", False, cls.place, cls.key, column="id"))
    return tuple(out)


def _field_class(run: Interpreter, made: Made | Instance | None) -> str:
    """The name of the field's class, also of one that the backend derives from peewee's."""
    if isinstance(made, Instance):
        outside = external_bases(run, made.cls)
        known = any(name.endswith("Field") for name in outside)
        return made.cls.definition.name if known else ""
    name = made.maker.name.rpartition(".")[2] if made is not None else ""
    return name if name.endswith("Field") else ""


def _meta(cls: Class) -> dict[str, str]:
    for statement in cls.definition.body:
        if isinstance(statement, ir.ClassDef) and statement.name == "Meta":
            return {
                target.id: inner.value.text
                for inner in statement.body
                if isinstance(inner, ir.Assign) and inner.value is not None
                for target in inner.targets
                if isinstance(target, ir.Name)
            }
    return {}
