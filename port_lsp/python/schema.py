"""A model as a writer needs it: every type resolved, every value that can be known.

Read on demand from what the last run of the backend knows; costs the index nothing. Rules:
Pydantic's "Fields", "Alias", "Configuration" and "Validators" (2.x; 1.10 where it differs).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from port_lsp.facts.items import Field, Model
from port_lsp.facts.source import SourceFile
from port_lsp.python import syntax as ir
from port_lsp.python.classes import external_bases, mro
from port_lsp.python.enums import members_of, mixin_of
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.lower import lone_expression
from port_lsp.python.models import Declared, attributes, classify, made_by
from port_lsp.python.schemabases import bindings, bound_wire, parameters, table_args
from port_lsp.python.schemacolumns import column_of
from port_lsp.python.schemafields import default_of, names_of
from port_lsp.python.schemalimits import limits_of
from port_lsp.python.schemamethods import methods_of
from port_lsp.python.values import (
    Class,
    External,
    Generic,
    Scope,
)
from port_lsp.python.wires import wire_of
from port_lsp.types.schema import (
    NO_DEFAULT,
    ROWS,
    Default,
    FieldSchema,
    Limit,
    ModelSchema,
)
from port_lsp.types.wire import ANY, Wire

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_NO_KEYS = frozenset(("nullable", "default", "onupdate", "comment", "doc"))


def model_schema(
    run: Interpreter,
    files: Mapping[str, SourceFile],
    model: Model,
    unset: Mapping[str, tuple[str, ...]],
) -> ModelSchema:
    """The schema of a model; `files` are those that were read, `unset` what `told_apart` says."""
    cls = run.classes.get(model.key)
    if cls is None:  # a table without a class
        fields = tuple(_column(run, None, None, field) for field in model.fields)
        return ModelSchema(model.key, model.kind, model.name, fields, table=model.table)
    settings = {one.name: one.value for one in model.attributes}
    declared = attributes(run, cls)
    make = _column if model.table is not None or model.kind in ROWS else _field
    by_name = settings.get("populate_by_name", settings.get("allow_population_by_field_name"))
    fields = tuple(
        make(run, cls, declared.get(field.name), field, by_name=by_name == "True")
        for field in model.fields
        if model.kind != "enum"
    )
    if settings.get("str_strip_whitespace", settings.get("anystr_strip_whitespace")) == "True":
        fields = tuple(_stripped(field) for field in fields)
    if bound := bindings(run, cls):
        fields = tuple(
            replace(field, wire=bound_wire(field.wire, bound.get(field.owner, {})))
            for field in fields
        )
    return ModelSchema(
        key=model.key,
        kind=model.kind,
        name=model.name,
        fields=fields,
        members=tuple(members_of(run, cls)) if model.kind == "enum" else (),
        docs=_docs(cls),
        mixin=mixin_of(run, cls) if model.kind == "enum" else "",
        extra=_extra(settings.get("extra", "")),
        parameters=tuple(parameters(run, cls)),
        root=_root(run, cls),
        methods=tuple(methods_of(run, files, cls)),
        table=model.table,
        config=tuple(name for name, text in settings.items() if text == "True"),
        unset=unset.get(model.key, ()),
        constraints=table_args(run, cls) if model.table is not None else (),
    )


def _stripped(field: FieldSchema) -> FieldSchema:
    """A string under `str_strip_whitespace`, also in a list or a map."""
    if any(limit.name == "strip_whitespace" for limit in field.limits):
        return field
    is_text = field.wire.kind == "str" or any(arg.kind == "str" for arg in field.wire.args)
    strip = Limit("strip_whitespace", "true")
    return replace(field, limits=(*field.limits, strip)) if is_text else field


def annotation_wire(run: Interpreter, file: str, annotation: str | None) -> Wire:
    """The wire type of an annotation as written in a module of the backend (relative path)."""
    state = run.module(file)
    if annotation is None or state is None:
        return ANY
    return wire_of(run, lone_expression(annotation), state.scope)


def _field(
    run: Interpreter,
    cls: Class | None,
    declared: Declared | None,
    field: Field,
    *,
    by_name: bool = False,
) -> FieldSchema:
    scope = declared.cls.scope if declared is not None else None
    expr = _annotation(declared, field)
    wire = wire_of(run, expr, scope) if expr is not None and scope is not None else ANY
    nullable = wire.kind in ("optional", "any", "null")
    bare = bare_of(wire)
    made = made_by(run, declared) if declared is not None else None
    read_as, written_as = names_of(run, field, made, by_name=by_name)
    constraints = {one.name: one.value for one in field.constraints}
    default = default_of(run, field.default, scope, made)
    required = field.required
    if nullable and required and _is_version_1(run, cls) and not (made and made.args.positional):
        required = False  # Pydantic 1: what may be null need not be there
    if nullable and not required and default == NO_DEFAULT:
        default = Default("value", "null")
    # Pydantic doesn't validate defaults: `tags: list[str] = None` is None where nothing was said,
    # and only there. Pydantic 1 takes it for Optional.
    unsaid = not nullable and default == Default("value", "null")
    limits, inner = limits_of(run, field.constraints, expr, scope)
    absent = _is_typed_dict(run, cls) and not field.required
    if absent and not field.default:
        default = NO_DEFAULT
    return FieldSchema(
        name=field.name,
        wire=bare,
        nullable=nullable or unsaid,
        refuses_null=unsaid and not _is_version_1(run, cls),
        required=required,
        default=default,
        read_as=read_as,
        written_as=written_as,
        limits=limits,
        inner=inner,
        excluded=constraints.get("exclude") == "True",
        absent=absent,
        description=_literal(constraints.get("description")) or "",
        owner=field.owner,
    )


def _column(
    run: Interpreter,
    cls: Class | None,
    declared: Declared | None,
    field: Field,
    *,
    by_name: bool = False,
) -> FieldSchema:
    """A column of a table: its type's expression stands in the scope of the class."""
    scope = _scope(run, cls, declared, field)
    made = field.annotation or ""
    wire = wire_of(run, lone_expression(made), scope) if made and scope is not None else ANY
    constraints = {one.name: one.value for one in field.constraints}
    is_key = constraints.get("primary_key") == "True" or made.endswith("AutoField")
    nullable = wire.kind == "optional"
    if (said := constraints.get("nullable", constraints.get("null"))) is not None:
        nullable = said == "True"
    elif not nullable and _is_bare_column(declared, field):
        nullable = not is_key
    bare = bare_of(wire)
    column = column_of(run, declared, field, bare_of(wire), scope)
    keys = tuple((name, text) for name, text in column.keys if name not in _NO_KEYS)
    return FieldSchema(
        name=field.name,
        wire=bare,
        nullable=nullable and not is_key,
        required=field.required,
        default=default_of(run, field.default, scope),
        read_as=(field.name,),
        written_as=field.name,
        excluded=constraints.get("exclude") == "True",  # SQLModel's
        owner=field.owner,
        column=field.column or field.name,
        column_type=column.type,
        column_sizes=column.sizes,
        column_words=column.words,
        stored=column.stored,
        keys=keys,
        on_update=dict(column.keys).get("onupdate", ""),
    )


def bare_of(wire: Wire) -> Wire:
    """A type without null."""
    return wire.args[0] if wire.kind == "optional" else wire


def _is_bare_column(declared: Declared | None, field: Field) -> bool:
    """Whether it is a `Column(…)` without `Mapped`: nullable unless it says otherwise."""
    if declared is None:
        return True
    statement = declared.statement
    is_peewee = (field.annotation or "").partition("(")[0].endswith("Field")
    return statement.annotation is None and not is_peewee


def _scope(
    run: Interpreter, cls: Class | None, declared: Declared | None, field: Field
) -> Scope | None:
    if declared is not None:
        return declared.cls.scope
    if cls is not None:
        return cls.scope
    state = run.module(field.place.file)
    return state.scope if state is not None else None


def _annotation(declared: Declared | None, field: Field) -> ir.Expr | None:
    if declared is not None and declared.statement.annotation is not None:
        return declared.statement.annotation.expr
    return lone_expression(field.annotation) if field.annotation else None


def _is_version_1(run: Interpreter, cls: Class | None) -> bool:
    names = external_bases(run, cls) if cls is not None else ()
    return any(name.startswith(("pydantic.v1.", "pydantic.generics.")) for name in names)


def _is_typed_dict(run: Interpreter, cls: Class | None) -> bool:
    return cls is not None and classify(run, cls) == "typeddict"


def _literal(text: str | None) -> str | None:
    """A string as written, without its quotes."""
    if text is None:
        return None
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    return value if isinstance(value, str) else None


def _extra(text: str) -> Literal["ignore", "allow", "forbid"]:
    word = text.rpartition(".")[2].strip("\"'")
    return word if word in ("allow", "forbid") else "ignore"


def _docs(cls: Class) -> tuple[str, ...]:
    """The lines of a class' docstring."""
    first = cls.definition.body[0] if cls.definition.body else None
    if isinstance(first, ir.Do) and isinstance(first.value, ir.Const):
        text = first.value.value
        if isinstance(text, str):
            lines = [line.strip() for line in text.strip().splitlines()]
            return tuple(lines)
    return ()


def _root(run: Interpreter, cls: Class) -> Wire | None:
    """What `RootModel[T]` or `__root__: T` holds."""
    for item in mro(run, cls):
        if not isinstance(item, Class):
            continue
        for arg in item.definition.bases:
            value = evaluate(run, arg.value, item.scope) if arg.name is None else None
            if isinstance(value, Generic):
                origin = force(run, value.origin)
                if isinstance(origin, External) and origin.name.endswith("RootModel"):
                    return wire_of(run, value.items[0], value.scope)
        for statement in item.definition.body:
            if isinstance(statement, ir.Assign) and statement.annotation is not None:
                target = statement.targets[0]
                if isinstance(target, ir.Name) and target.id in ("__root__",):
                    return wire_of(run, statement.annotation.expr, item.scope)
    return None
