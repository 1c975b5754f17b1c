"""The neutral type: what a JSON client sees of an annotation, whichever language it was written in.

Both sides' annotations lower to it (`from_python.py`, `from_rust.py`); `compare.py` says how alike
two are. Nothing here knows a file: models are named by item keys or, where nobody resolved them,
by the name as written.
"""

from collections.abc import Callable, Iterable
from typing import Literal

from port_lsp.facts.source import Record

Kind = Literal[
    "str",
    "int",
    "float",
    "bool",
    "bytes",
    "datetime",
    "date",
    "time",
    "timedelta",
    "uuid",
    "decimal",
    "any",
    "null",
    "optional",
    "list",
    "set",
    "map",
    "tuple",
    "literal",
    "union",
    "ref",
    "unknown",
]


class Wire(Record, frozen=True):
    """One type.

    `args` are the item of an optional, list or set, the key and value of a map, the parts of a
    tuple or union, the arguments of a generic model. `name` is a ref's item key or name, an
    unknown's text, and for a scalar the form in which it is asked for, where that narrows it:
    "i32", "email", "url". `values` are a literal's values as JSON, in the order written; of an
    unknown that is a class of the backend, the class's item key.
    """

    kind: Kind
    args: "tuple[Wire, ...]" = ()
    name: str = ""
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        return _written(self)


Resolve = Callable[[str], "Wire | None"]
"""What a name as written means; None where it means nothing but itself."""

STR, INT, FLOAT, BOOL, BYTES = (
    Wire("str"),
    Wire("int"),
    Wire("float"),
    Wire("bool"),
    Wire("bytes"),
)
DATETIME, DATE, TIME, TIMEDELTA = Wire("datetime"), Wire("date"), Wire("time"), Wire("timedelta")
UUID, DECIMAL, ANY, NULL = Wire("uuid"), Wire("decimal"), Wire("any"), Wire("null")
OBJECT = Wire("map", (STR, ANY))


def text(form: str) -> Wire:
    """A string of which a certain form is asked."""
    return Wire("str", name=form)


def ref(name: str, args: Iterable[Wire] = ()) -> Wire:
    """A model, by its item key or by its name as written."""
    return Wire("ref", tuple(args), name)


def unknown(written: str) -> Wire:
    """What can't be said, with the text that was read."""
    return Wire("unknown", name=written)


def replaced(wire: Wire, by: Callable[[Wire], "Wire | None"]) -> Wire:
    """A type with parts of it replaced: those for which `by` gives another one."""
    found = by(wire)
    if found is not None or not wire.args:
        return found or wire
    return Wire(wire.kind, tuple(replaced(one, by) for one in wire.args), wire.name, wire.values)


def optional(inner: Wire) -> Wire:
    """The type with null; what has null already stays as it is."""
    return inner if inner.kind in ("optional", "null", "any") else Wire("optional", (inner,))


def array(item: Wire) -> Wire:
    """A list."""
    return Wire("list", (item,))


def mapping(key: Wire, value: Wire) -> Wire:
    """An object with free keys."""
    return Wire("map", (key, value))


def union(parts: Iterable[Wire]) -> Wire:
    """One of several: nested unions are flattened, literals joined, null makes it optional."""
    flat: dict[Wire, None] = {}
    values: dict[str, None] = {}
    null = False
    for part in _flattened(parts):
        if part.kind == "null":
            null = True
        elif part.kind == "literal":
            values.update(dict.fromkeys(part.values))
        else:
            flat[part] = None
    if values:
        flat[Wire("literal", values=tuple(values))] = None
    if ANY in flat:
        return ANY
    if not flat:
        return NULL
    found = tuple(flat)
    whole = found[0] if len(found) == 1 else Wire("union", found)
    return optional(whole) if null else whole


def _flattened(parts: Iterable[Wire]) -> Iterable[Wire]:
    for part in parts:
        if part.kind == "union":
            yield from part.args
        elif part.kind == "optional":
            yield NULL
            yield from _flattened(part.args)
        else:
            yield part


def _written(wire: Wire) -> str:
    """The type for a person: `list[str]`, `int or null`, `"a" | "b"`."""
    args = [_written(arg) for arg in wire.args]
    if wire.kind == "optional":
        return f"{args[0]} or null"
    if wire.kind == "union":
        return " or ".join(args)
    if wire.kind == "literal":
        return " | ".join(wire.values)
    if wire.kind == "ref":
        name = wire.name.rpartition("::")[2]
        return f"{name}[{', '.join(args)}]" if args else name
    if wire.kind == "unknown":
        return f"`{wire.name}`"
    if args:
        return f"{wire.kind}[{', '.join(args)}]"
    return f"{wire.kind} ({wire.name})" if wire.name else wire.kind
