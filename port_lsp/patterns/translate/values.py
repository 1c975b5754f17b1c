"""What a Python expression is in Rust: an expression of a type that is known."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import cast

import msgspec

from port_lsp.facts.source import Record
from port_lsp.types.meanings import Callable, Import, Member
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import UNIT, AnyType, Reference, Type, named, symbol
from port_lsp.writing.printer.literals import floating, string

STRING, STR = named("String"), Reference(named("str"))
I64, F64, BOOL = named("i64"), named("f64"), named("bool")
VALUE = named("serde_json::Value")
OBJECT = named("serde_json::Map", STRING, VALUE)
NUMBERS = (I64, F64)
EMPTY = named("Vec", named("_"))
"""The type of a list with nothing in it, which fits any list."""
AWARE = named("chrono::DateTime", named("chrono::Utc"))
NAIVE, SPAN = named("chrono::NaiveDateTime"), named("chrono::TimeDelta")
TIMES = (AWARE, NAIVE, SPAN)
UUID = named("uuid::Uuid")
COPIED: tuple[AnyType, ...] = (I64, F64, BOOL, UNIT, STR, UUID, *TIMES)
SOME, NONE, OK, ERR = (symbol(name) for name in ("Some", "None", "Ok", "Err"))
UNCHANGING: tuple[AnyType, ...] = (STRING, named("str"), I64, F64, BOOL, UUID)
"""The types of values that have no parts, so that they are the same until they are bound anew."""
Plain = str | int | float | bool | None


class UntranslatedError(Exception):
    """Something that isn't translated: `construct` names its kind for counting."""

    def __init__(self, construct: str) -> None:
        """`construct` as people read it: "call of json.loads"."""
        super().__init__(construct)
        self.construct = construct


class NotMineError(UntranslatedError):
    """What another rule is for: no reason that somebody would want to read."""


class VagueError(UntranslatedError):
    """Branches that don't say what some names are behind them."""

    def __init__(self, names: Sequence[str]) -> None:
        """`names` are Python's."""
        super().__init__("a name that only some branches bind")
        self.names = frozenset(names)


class Known(Record, frozen=True):
    """A value that is known while translating: `value` of a literal or a constant."""

    value: Plain


class Val(Record, frozen=True):
    """A Rust expression with its type.

    `place` says that it names something that stays (a variable, a field), so that who wants it for
    good must clone it; `root` is then the variable. `known` is its value where that is known.
    `member` is the member of an Enum that it is, also where it is the member's own text; `wrapped`
    is a value behind actix-web's extractors, which is reached by `*`,
    `mutable` a variable that is changed where it stands (`variables.py`).
    """

    expr: b.Expr
    type: AnyType
    place: bool = False
    root: str = ""
    known: Known | None = None
    wrapped: bool = False
    hidden: bool = False
    member: Member | None = None
    mutable: bool = False


QUERY = named("port::query")
"""The type of a query, or a part of one, that isn't run yet: nothing in Rust."""


class Hidden(Val, frozen=True):
    """What has no value in Rust by itself; `lasting` says that it is the same object whatever is
    assigned to its name."""

    lasting: bool = False


class ImportedName(Hidden, frozen=True, kw_only=True):
    """What an import inside of the function has bound a name to."""

    of: Import


class NestedName(Hidden, frozen=True, kw_only=True):
    """A function that the body has defined: what it means, and the names that it gets beside what a
    call gives it."""

    of: Callable
    captured: tuple[str, ...]


class Held(Hidden, frozen=True, kw_only=True):
    """A query or a condition that a variable holds: its expression, and the names that this speaks
    of with what they are."""

    node: ast.expr
    uses: tuple[tuple[str, Val], ...] = ()


def known(value: Plain) -> Val:
    """A literal. None has the type of nothing."""
    if value is None:
        return Val(b.Path(NONE), UNIT, known=Known(None))
    if isinstance(value, bool):
        return Val(b.Lit("true" if value else "false"), BOOL, known=Known(value))
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise UntranslatedError("a number of more than 64 bits")
        return Val(b.Lit(str(value)), I64, known=Known(value))
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise UntranslatedError("a number that is none")
        return Val(b.Lit(floating(value)), F64, known=Known(value))
    return Val(b.Lit(string(value)), STR, known=Known(value))


def is_none(val: Val) -> bool:
    """Whether it is Python's None."""
    return val.known is not None and val.known.value is None


def is_text(val: Val) -> bool:
    """Whether it is a text, owned or not."""
    return without_reference(val.type) in (STRING, named("str"))


def without_reference(kind: AnyType) -> AnyType:
    """The type behind references."""
    while isinstance(kind, Reference):
        kind = kind.inner
    return kind


def inside(kind: AnyType, *names: str) -> AnyType | None:
    """The argument of a type that is one of these, by the last name: of `Option<T>`, T."""
    if isinstance(kind, Type) and kind.head.name in names and len(kind.args) == 1:
        return kind.args[0]
    return None


def waits(part: object) -> bool:
    """Whether an expression waits or may end the function: what no closure may hold."""
    return _holds(part, (b.Await, b.Try))


def awaits(part: object) -> bool:
    """Whether an expression waits."""
    return _holds(part, (b.Await,))


def assigns(part: object) -> bool:
    """Whether anything in it is assigned."""
    return _holds(part, (b.Assign,))


def _holds(part: object, kinds: tuple[type, ...]) -> bool:
    """Whether a piece of Rust is one of these, or has one in it."""
    if isinstance(part, kinds):
        return True
    if isinstance(part, (tuple, list)):
        return any(_holds(one, kinds) for one in cast("Sequence[object]", part))
    if isinstance(part, msgspec.Struct):
        return any(_holds(getattr(part, name), kinds) for name in part.__struct_fields__)
    return False


_ALIKE = ("and_then", "collect", "map_err", "ok_or_else")


def failing_alike(part: b.Expr | None) -> b.Expr | None:
    """What `?` stands behind, where that fails with what the function itself does: a call of one of
    the crate's own functions, or of several of them in a row."""
    if not isinstance(part, b.Try) or part.converts:
        return None
    called = part.of.of if isinstance(part.of, b.Await) else part.of
    own = part.alike or (isinstance(called, b.Call) and isinstance(called.function, b.Path))
    own = own or (isinstance(called, b.Method) and called.name in _ALIKE)
    return part.of if own else None


def escapes(part: object) -> bool:
    """Whether it waits or may leave the function or a loop: what no closure may hold."""
    return _holds(part, (b.Await, b.Try, b.Jump, b.Gap))


def leaves(part: object) -> bool:
    """Whether it may end the function that it stands in."""
    return _holds(part, (b.Try, b.Jump, b.Hole))


def option_of(kind: AnyType) -> AnyType | None:
    """What an Option may hold; None for another type."""
    return inside(kind, "Option")
