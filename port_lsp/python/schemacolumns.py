"""What a column is in the database: its SQL type, keys and defaults, of SQLAlchemy, SQLModel and
Peewee.

Rules: SQLAlchemy's "The Type Hierarchy", "Defining Foreign Keys", "Column INSERT/UPDATE Defaults"
and "Mapped Column Declarations" (the type that a Python annotation stands for); Peewee's "Fields".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from port_lsp.facts.items import Field
from port_lsp.facts.source import Record
from port_lsp.python.annotations import peel
from port_lsp.python.classes import class_member, mro
from port_lsp.python.enumcolumns import enum_column
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.fields import written
from port_lsp.python.lower import lone_expression
from port_lsp.python.models import Declared, classify, made_by, object_of
from port_lsp.python.peewee import peewee_table
from port_lsp.python.values import (
    Arguments,
    Class,
    External,
    Instance,
    Late,
    Made,
    Scope,
    Value,
)
from port_lsp.types.schema import BY_SERVER, MADE_ONCE, Storing
from port_lsp.types.wire import Wire

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

# SQLAlchemy's `DeclarativeBase.type_annotation_map` and SQLModel's `get_sqlalchemy_type`.
_OF_WIRE = {
    **{"str": "String", "int": "Integer", "float": "Float", "bool": "Boolean"},
    **{"bytes": "LargeBinary", "datetime": "DateTime", "date": "Date", "time": "Time"},
    **{"timedelta": "Interval", "uuid": "Uuid", "decimal": "Numeric"},
    **{"literal": "String", "map": "JSON", "list": "JSON", "any": "JSON"},
}
_PEEWEE = {
    **{"AutoField": "Integer", "BigAutoField": "BigInteger", "IntegerField": "Integer"},
    **{"BigIntegerField": "BigInteger", "SmallIntegerField": "SmallInteger"},
    **{"CharField": "String", "FixedCharField": "CHAR", "TextField": "Text"},
    **{"FloatField": "Float", "DoubleField": "Double", "DecimalField": "Numeric"},
    **{"BooleanField": "Boolean", "DateTimeField": "DateTime", "DateField": "Date"},
    **{"TimeField": "Time", "BlobField": "LargeBinary", "UUIDField": "Text"},
    **{"BinaryUUIDField": "LargeBinary", "JSONField": "JSON", "BinaryJSONField": "JSONB"},
    **{"TimestampField": "Integer", "IPField": "BigInteger", "ForeignKeyField": "Integer"},
    **{"BigBitField": "LargeBinary", "BitField": "BigInteger"},
}
_OWN_DEFAULTS = frozenset(("default", "default_factory", "insert_default"))
_FOREIGN = re.compile(r"ForeignKey$")


class Column(Record, frozen=True):
    """A column's SQL type by its generic name, with its size or digits, and its switches.

    `keys` are pairs of SQLAlchemy's words with values as written, `foreign_key` and `ondelete`
    among them, `server_default` as an SQL text where it is one.
    """

    type: str = ""
    sizes: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()
    stored: Storing = ""


def column_of(
    run: Interpreter, declared: Declared | None, field: Field, wire: Wire, scope: Scope | None
) -> Column:
    """A column, from the call that declares it, its annotation or both."""
    made = made_by(run, declared) if declared is not None else None
    keys = {one.name: one.value for one in field.constraints if one.name != "argument"}
    keys = {name: text.strip("\"'") for name, text in keys.items()}
    if (short := (field.annotation or "").rpartition(".")[2]) in _PEEWEE:
        return _peewee(run, declared, short, keys)
    kind: Value = None
    if made is not None:
        made = _inner(run, made)
        kind = _type_argument(run, made)
        for argument in made.args.positional:
            value = force(run, argument)
            if isinstance(value, Made) and _FOREIGN.search(value.maker.name):
                keys |= _foreign(run, value)
        _read_server_default(run, made, keys)
        _read_made_once(made.args, keys)
    elif declared is None and field.annotation and scope is not None:  # of `Table(…)`
        kind = force(run, evaluate(run, lone_expression(field.annotation), scope))
    if kind is None and scope is not None and field.annotation:  # `Annotated[T, mapped_column(…)]`
        _, _, more = peel(run, lone_expression(field.annotation), scope)
        given = (_type_argument(run, one) for one in more if isinstance(one, Made))
        kind = next((one for one in given if one is not None), None)
    name, sizes, words, stored = _typed(run, kind)
    if not name:
        name = _OF_WIRE.get(wire.kind, "String")
        if wire.kind == "ref":
            name = "Enum"
            if kind is None:
                words, stored = _annotated(run, declared, wire)
    if (length := keys.get("max_length")) and length.isdigit() and name == "String":
        sizes = (int(length),)
    return Column(name, sizes, words, tuple(keys.items()), stored)


def _annotated(
    run: Interpreter, declared: Declared | None, wire: Wire
) -> tuple[tuple[str, ...], Storing]:
    """What an annotation alone says of an Enum's column."""
    cls = run.classes.get(wire.name)
    if cls is None or classify(run, cls) != "enum":
        return (), ""
    other = declared is not None and class_member(run, declared.cls, "type_annotation_map")
    found = enum_column(run, cls, None)
    return ((), "") if other else (found.words, found.stored)


def _inner(run: Interpreter, made: Made) -> Made:
    """The column in `deferred(…)` and in SQLModel's `sa_column`."""
    short = made.maker.name.rpartition(".")[2]
    inner: Value = None
    if short == "deferred" and made.args.positional:
        inner = force(run, made.args.positional[0])
    elif (given := made.args.keywords.get("sa_column")) is not None:
        inner = force(run, given)
    return inner if isinstance(inner, Made) else made


def _type_argument(run: Interpreter, made: Made) -> Value:
    given = made.args.keywords.get("type_", made.args.keywords.get("sa_type"))
    if given is not None:
        return force(run, given)
    if made.maker.name.rpartition(".")[2] not in ("Column", "mapped_column"):
        return None
    for argument in made.args.positional:
        value = force(run, argument)
        if isinstance(value, str) or value is None:
            continue
        short = value.maker.name.rpartition(".")[2] if isinstance(value, Made) else ""
        if short.startswith("ForeignKey") or short in ("Sequence", "Identity", "Computed"):
            continue
        return value
    return None


def _typed(run: Interpreter, kind: Value) -> tuple[str, tuple[int, ...], tuple[str, ...], Storing]:
    """The generic name of an SQL type, its numbers, its words (an Enum's, `timezone`), what is
    stored of an Enum."""
    if isinstance(kind, External):
        return kind.name.rpartition(".")[2], (), (), ""
    if isinstance(kind, (Class, Instance)):  # a TypeDecorator
        cls = kind.cls if isinstance(kind, Instance) else kind
        impl = force(run, class_member(run, cls, "impl"))
        if impl is None or impl is kind:
            return "", (), (), ""
        return (*_typed(run, impl)[:3], "")
    if not isinstance(kind, Made):
        return "", (), (), ""
    short = kind.maker.name.rpartition(".")[2]
    values = [force(run, one) for one in kind.args.positional]
    sizes = [one for one in values if isinstance(one, int) and not isinstance(one, bool)]
    for name in ("length", "precision", "scale"):
        value = force(run, kind.args.keywords.get(name))
        if isinstance(value, int):
            sizes.append(value)
    words = [one for one in values if isinstance(one, str)]
    if force(run, kind.args.keywords.get("timezone")) is True:
        words.append("timezone")
    stored: Storing = ""
    for one in values:
        if isinstance(one, Class):
            found = enum_column(run, one, kind)
            words = [*found.words, *words]
            stored = found.stored if short in ("Enum", "ENUM") else ""
        elif isinstance(one, (Made, External)) and short == "ARRAY":
            words.append(_typed(run, one)[0])
    return short, tuple(sizes), tuple(words), stored


def _foreign(run: Interpreter, made: Made) -> dict[str, str]:
    target = force(run, made.args.get(0, "column"))
    found: dict[str, str] = {}
    if isinstance(target, str):
        found["foreign_key"] = target
    elif (argument := made.args.get(0, "column")) is not None:
        text = written(argument) or ""
        owner, _, column = text.rpartition(".")
        cls = _class_named(run, argument, owner)
        if cls is not None:
            table = force(run, class_member(run, cls, "__tablename__"))
            if isinstance(table, str):
                found["foreign_key"] = f"{table}.{column}"
    for word in ("ondelete", "onupdate"):
        value = force(run, made.args.keywords.get(word))
        if isinstance(value, str):
            found[f"foreign_{word}"] = value
    return found


def _class_named(run: Interpreter, argument: Value, owner: str) -> Class | None:
    if not isinstance(argument, Late) or not owner:
        return None
    value = force(run, evaluate(run, lone_expression(owner), argument.scope))
    return value if isinstance(value, Class) else None


def _read_server_default(run: Interpreter, made: Made, keys: dict[str, str]) -> None:
    """A server's default as SQL: a text is quoted, `text("…")` is not, `func.now()` is known."""
    given = made.args.keywords.get("server_default")
    if given is None:
        return
    value = force(run, given)
    keys.pop("server_default", None)
    if _OWN_DEFAULTS.isdisjoint(made.args.keywords):
        keys[BY_SERVER] = "True"
    if isinstance(value, str):
        keys["server_default"] = "'" + value.replace("'", "''") + "'"
        return
    if isinstance(value, Made) and value.maker.name.rpartition(".")[2] == "text":
        inner = force(run, value.args.get(0, "text"))
        if isinstance(inner, str):
            keys["server_default"] = inner
            return
    text = written(given) or ""
    if re.search(r"\b(?:now|current_timestamp)\(\)$", text):
        keys["server_default"] = "CURRENT_TIMESTAMP"
    elif re.fullmatch(r"(?:\w+\.)*(?:true|false)\(\)", text):
        keys["server_default"] = "1" if "true" in text else "0"
    else:
        keys["server_default_unknown"] = text


def _read_made_once(args: Arguments, keys: dict[str, str]) -> None:
    """A default that is called where it is written, once; a function that is handed over is called
    for each row, and SQLAlchemy's `func` is SQL."""
    given = args.keywords.get("default")
    text = written(given) or "" if given is not None else ""
    if re.match(r"[\w.]+\(.*\)$", text, re.S) and not re.match(
        r"(?:\w+\.)*(?:func\.|text\()", text
    ):
        keys[MADE_ONCE] = "True"


def _peewee(
    run: Interpreter, declared: Declared | None, short: str, keys: dict[str, str]
) -> Column:
    """A Peewee field; the key that a model without one gets isn't declared anywhere."""
    found = None
    if declared is not None:
        found = made_by(run, declared) or object_of(run, declared)
    args = found.args if found is not None else None
    if args is not None:
        _read_made_once(args, keys)
    sizes: tuple[int, ...] = ()
    if short in ("CharField", "FixedCharField"):
        length = force(run, args.get(0, "max_length")) if args is not None else None
        sizes = (length if isinstance(length, int) else 255,)
    if short == "DecimalField":
        numbers = [keys.get("max_digits", "10"), keys.get("decimal_places", "5")]
        sizes = tuple(int(one) for one in numbers if one.isdigit())
    if short in ("AutoField", "BigAutoField"):
        keys["primary_key"] = "True"
    if short == "ForeignKeyField" and args is not None:
        target = force(run, args.get(0, "model"))
        if target == "self" and declared is not None:
            target = declared.cls
        if isinstance(target, Class):
            keys["foreign_key"] = f"{peewee_table(run, target)}.{_key_of(run, target)}"
        ondelete = force(run, args.keywords.get("on_delete"))
        if isinstance(ondelete, str):
            keys["foreign_ondelete"] = ondelete
        keys.setdefault("index", "True")
    keys.setdefault("nullable", keys.pop("null", "False"))
    return Column(_PEEWEE[short], sizes, (), tuple(keys.items()))


def _key_of(run: Interpreter, cls: Class) -> str:
    for item in mro(run, cls):
        if isinstance(item, Class):
            for name, value in run.members(item).names.items():
                made = force(run, value)
                if isinstance(made, Made):
                    primary = force(run, made.args.keywords.get("primary_key"))
                    if primary is True or made.maker.name.endswith("AutoField"):
                        return name
    return "id"
