"""Which classes of a backend carry data, and their fields.

`classify` says what a class is by where it comes from; each framework's own file says what a
field of it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from port_lsp.facts.items import Constraint, Field, Model, ModelKind
from port_lsp.python import syntax as ir
from port_lsp.python.classes import bases, external_bases, mro
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.values import Class, External, Generic, Instance, Made, Scope, Unknown

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

PYDANTIC = {
    f"{package}{name}"
    for package in ("pydantic.", "pydantic.main.", "pydantic.v1.", "pydantic.v1.main.")
    for name in ("BaseModel", "RootModel", "BaseSettings")
} | {
    "pydantic.root_model.RootModel",
    "pydantic.generics.GenericModel",
    "pydantic.v1.generics.GenericModel",
    "pydantic.env_settings.BaseSettings",
    "pydantic_settings.BaseSettings",
    "pydantic_settings.main.BaseSettings",
    "sqlmodel.SQLModel",
    "sqlmodel.main.SQLModel",
}
_ENUMS = {f"enum.{name}" for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag")}
_TYPED_DICTS = {"typing.TypedDict", "typing_extensions.TypedDict"}
_DATACLASS = {"dataclasses.dataclass", "pydantic.dataclasses.dataclass"}
_DECLARATIVE = (
    "sqlalchemy.orm.DeclarativeBase",
    "sqlalchemy.orm.DeclarativeBaseNoMeta",
    "sqlalchemy.orm.decl_api.DeclarativeBase",
    "declarative_base()",
    "SQLAlchemy().Model",
    "sqlalchemy.ext.asyncio.AsyncAttrs",
)
# What they have besides models, such as databases and their mixins, has no columns.
_PEEWEE = ("peewee.", "playhouse.", "peewee_async.")
# Packages whose classes are no models, however many annotated attributes a subclass has.
_NOT_MODELS = {
    *("fastapi", "starlette", "sqlalchemy", "torch", "click", "typer", "rich", "socketio"),
    *("celery", "django", "flask", "aiohttp", "httpx", "requests", "pytest", "jinja2", "peewee"),
    *("attr", "attrs", "zope", "abc", "typing_extensions", "numpy", "textual", "grpc", "msgspec"),
}


def classify(run: Interpreter, cls: Class) -> ModelKind | None:
    """What kind of model a class is; None if it is none."""
    outside = external_bases(run, cls)
    if outside & _ENUMS:
        return "enum"
    if _is_sqlmodel_table(cls, outside):
        return "sqlalchemy"
    if outside & PYDANTIC:
        return "pydantic"
    if outside & _TYPED_DICTS:
        return "typeddict"
    if any(name.endswith(_DECLARATIVE) for name in outside) or _is_mapped(run, cls):
        return "sqlalchemy" if _is_table(run, cls) else None
    if any(name.startswith(_PEEWEE) and name.endswith(("Model", "LSMTable")) for name in outside):
        return "peewee"
    if is_dataclass(run, cls):
        return "dataclass"
    if _looks_like_model(run, cls, outside):
        return "pydantic"
    return None


def is_dataclass(run: Interpreter, cls: Class) -> bool:
    """Whether a class is decorated as a dataclass of the standard library or of Pydantic."""
    for decorator in cls.definition.decorators:
        expr = decorator.expr.func if isinstance(decorator.expr, ir.Call) else decorator.expr
        value = evaluate(run, expr, cls.scope)
        if isinstance(value, External) and value.name in _DATACLASS:
            return True
    return False


def _is_mapped(run: Interpreter, cls: Class) -> bool:
    """`@as_declarative()` on a class or a base of it, `@registry.mapped` on the class itself."""
    for item in mro(run, cls):
        if isinstance(item, Class):
            for decorator in item.definition.decorators:
                called = isinstance(decorator.expr, ir.Call)
                expr = (
                    decorator.expr.func if isinstance(decorator.expr, ir.Call) else decorator.expr
                )
                last = ir.dotted(expr).rpartition(".")[2]
                if last == "as_declarative" and called and item is not cls:
                    return True
                if last in ("mapped", "mapped_as_dataclass") and item is cls:
                    return True
    return False


def _is_sqlmodel_table(cls: Class, outside: set[str]) -> bool:
    return any(name.startswith("sqlmodel.") for name in outside) and any(
        arg.name == "table" for arg in cls.definition.bases
    )


def _is_table(run: Interpreter, cls: Class) -> bool:
    """A declarative class with a table: it or a base of it names one, and it isn't abstract."""
    own = {name for statement in cls.definition.body for name in _names(statement)}
    if "__abstract__" in own:
        return False
    if "__tablename__" in own or "__table__" in own:
        return True
    for item in mro(run, cls):
        if isinstance(item, Class):
            names = run.members(item).names
            if "__tablename__" in names or "__table__" in names:
                return True
            if item is not cls and "__abstract__" in names:
                continue
    return False


def _looks_like_model(run: Interpreter, cls: Class, outside: set[str]) -> bool:
    """A class with annotated fields whose base is a third party's: most likely one of its models.

    What base that is is said in `bases_outside_tree`; its fields are not guessed.
    """
    del run
    if any(name.startswith("fastapi.openapi.models.") for name in outside):
        return True
    roots = {name.partition(".")[0] for name in outside}
    if not roots or roots <= (_NOT_MODELS | sys.stdlib_module_names | {"builtins", "typing"}):
        return False
    if roots & _NOT_MODELS:
        return False
    return any(
        isinstance(statement, ir.Assign)
        and statement.annotation is not None
        and not statement.annotation.text.startswith(("ClassVar", "typing.ClassVar"))
        for statement in cls.definition.body
    )


def _names(statement: ir.Stmt) -> Iterator[str]:
    if isinstance(statement, ir.Assign):
        for target in statement.targets:
            if isinstance(target, ir.Name):
                yield target.id
    elif isinstance(statement, (ir.FuncDef, ir.ClassDef)):
        yield statement.name


class Declared:
    """One attribute of a class body: its assignment and the class that has it."""

    __slots__ = ("cls", "name", "statement")

    def __init__(self, name: str, statement: ir.Assign, cls: Class) -> None:
        self.name = name
        self.statement = statement
        self.cls = cls


def attributes(run: Interpreter, cls: Class) -> dict[str, Declared]:
    """The assignments of a class and its bases in the tree, bases first; an override keeps its
    base's place in the order, as Python's own `get_type_hints` and Pydantic's fields do."""
    out: dict[str, Declared] = {}
    lineage = [item for item in mro(run, cls) if isinstance(item, Class)]
    for base in reversed(lineage):
        for statement in base.definition.body:
            if isinstance(statement, ir.Assign):
                target = statement.targets[0]
                if isinstance(target, ir.Name):
                    out[target.id] = Declared(target.id, statement, base)
    return out


FieldReader = Callable[["Interpreter", Class], tuple[Field, ...]]


def model_of(
    run: Interpreter, cls: Class, kind: ModelKind, read: FieldReader, table: str | None
) -> Model:
    """The record of one model."""
    own: list[str] = []
    outside: list[str] = []
    for item in mro(run, cls):
        if isinstance(item, Class) and item is not cls:
            own.append(item.key)
        elif isinstance(item, External) and not _is_foundation(item.name):
            outside.append(item.name)
    unknown = [value.reason for value in bases(run, cls) if isinstance(value, Unknown)]
    return Model(
        key=cls.key,
        kind=kind,
        name=cls.definition.name,
        place=cls.place,
        fields=read(run, cls),
        bases=tuple(own),
        bases_outside_tree=(*outside, *unknown),
        table=table,
        attributes=settings(run, cls),
    )


def _is_foundation(name: str) -> bool:
    """Bases that bring no fields: the frameworks' own, and the standard library's."""
    root = name.partition(".")[0]
    return (
        name in PYDANTIC
        or name.endswith(_DECLARATIVE)
        or root in sys.stdlib_module_names
        or root in ("builtins", "typing_extensions", "peewee")
        or name == "sqlalchemy.orm.MappedAsDataclass"
    )


def setting(run: Interpreter, cls: Class, name: str) -> tuple[ir.Expr, Scope] | None:
    """One setting of a model's configuration as an expression, the nearest class's first."""
    for item in mro(run, cls):
        if not isinstance(item, Class):
            continue
        for arg in item.definition.bases:
            if arg.name == name:
                return arg.value, item.scope
        for statement in item.definition.body:
            if isinstance(statement, ir.Assign) and statement.value is not None:
                call = statement.value.expr
                if "model_config" in _names(statement) and isinstance(call, ir.Call):
                    for arg in call.args:
                        if arg.name == name:
                            return arg.value, item.scope
                if "model_config" in _names(statement) and isinstance(call, ir.Dict):
                    for key, value in call.items:
                        if isinstance(key, ir.Const) and key.value == name:
                            return value, item.scope
            elif isinstance(statement, ir.ClassDef) and statement.name == "Config":
                for inner in statement.body:
                    if isinstance(inner, ir.Assign) and inner.value and name in _names(inner):
                        return inner.value.expr, item.scope
    return None


def settings(run: Interpreter, cls: Class) -> tuple[Constraint, ...]:
    """A model's configuration, bases first: `model_config`, `class Config`, class keywords."""
    found: dict[str, str] = {}
    for item in reversed([item for item in mro(run, cls) if isinstance(item, Class)]):
        for statement in item.definition.body:
            if isinstance(statement, ir.Assign) and statement.value is not None:
                if any(
                    isinstance(t, ir.Name) and t.id == "model_config" for t in statement.targets
                ):
                    found |= _config(statement.value.expr)
            elif isinstance(statement, ir.ClassDef) and statement.name in ("Config", "Meta"):
                for inner in statement.body:
                    if isinstance(inner, ir.Assign) and inner.value is not None:
                        found |= dict.fromkeys(_names(inner), inner.value.text)
        found |= {arg.name: arg.text for arg in item.definition.bases if arg.name}
    return tuple(Constraint(name, value) for name, value in found.items())


def _config(expr: ir.Expr) -> dict[str, str]:
    if isinstance(expr, ir.Call):
        return {arg.name: arg.text for arg in expr.args if arg.name}
    if isinstance(expr, ir.Dict):
        return {
            str(key.value): _text(value) for key, value in expr.items if isinstance(key, ir.Const)
        }
    return {}


def _text(expr: ir.Expr) -> str:
    if isinstance(expr, ir.Const):
        return repr(expr.value)
    return ir.dotted(expr) or type(expr).__name__


def object_of(run: Interpreter, declared: Declared) -> Instance | None:
    """The object of a class of the tree that an attribute is assigned."""
    known = force(run, run.members(declared.cls).names.get(declared.name))
    return known if isinstance(known, Instance) else None


def made_by(run: Interpreter, declared: Declared) -> Made | None:
    """The call that an attribute is assigned, where it makes something from outside the tree."""
    value = declared.statement.value
    if value is None or not isinstance(value.expr, ir.Call):
        return None
    known = force(run, run.members(declared.cls).names.get(declared.name))
    if isinstance(known, Generic):
        return None
    return known if isinstance(known, Made) else None
