"""What is known of the functions that bodies call, before anything is written: what they take and
give, and how a handler hands its state to them."""

from __future__ import annotations

import ast
import re

from port_lsp.facts.items import Function
from port_lsp.facts.source import Place, Record
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.says import Returns
from port_lsp.patterns.translate.errors import ErrorType
from port_lsp.patterns.translate.values import (
    COPIED,
    SPAN,
    STR,
    STRING,
    UntranslatedError,
    inside,
    option_of,
)
from port_lsp.types.wire import Wire
from port_lsp.writing.draft import Piece
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import UNIT, AnyType, Reference, Slice, Symbol, Tuple, Type, named

SELF = "self"
"""The state's name in a method."""
_DATABASE = re.compile(r"(?:^|_)(?:db|database|session|conn|connection|pool)$")
_UNSAID = frozenset(("unknown", "any", "union", "tuple", "bytes"))


JSON, OPAQUE = Wire("any", name="json"), Wire("any", name="opaque")
"""Where JSON of any kind is taken on purpose, and where it stands for what is no JSON: then nothing
that speaks of it is translated."""


class Taken(Record, frozen=True):
    """A parameter: Python's name, its type in Rust as it is handed over and as a value, its
    default as written, what its annotation says."""

    name: str
    type: AnyType
    value: AnyType
    default: str = ""
    keyword: bool = False
    wire: Wire = Wire("unknown")


class Signature(Record, frozen=True):
    """What one of the backend's functions takes and gives, in Rust: `dropped` are parameters that
    nothing needs there, with their places; `changed` names those that are rows which it changes,
    `request` the one that is the request."""

    params: tuple[Taken, ...]
    gives: AnyType
    dropped: tuple[tuple[int, str], ...] = ()
    changed: frozenset[str] = frozenset()
    request: str = ""


class State(Record, frozen=True):
    """How a handler has the state: the variable, and the type that a function takes it as;
    `borrowed` is how that function has it itself."""

    name: str
    type: AnyType
    borrowed: bool = False


class Owner(Record, frozen=True):
    """A type of the crate's that has functions: the file that they are in, its symbol."""

    file: str
    symbol: Symbol

    @property
    def type(self) -> Type:
        """As the type of a value."""
        return Type(self.symbol)


class Home(Record, frozen=True):
    """Where the crate keeps the functions of a data-access class: in an impl of `owner`, whose last
    one is named at `behind`. Bodies come to the database by `state`: by `self`, or by a parameter,
    the first one, or where `is_last` the last. `result` is the Result of nothing that they give,
    `error` what they fail with."""

    owner: Owner
    behind: Place
    state: State
    result: AnyType
    error: AnyType
    visibility: i.Visibility = "pub"
    is_last: bool = False

    @property
    def is_method(self) -> bool:
        """Whether they are called of an object."""
        return self.state.name == SELF


class Called(Record, frozen=True):
    """A function of the crate that stands for one of the backend's: what it takes beside the
    state, and what it gives when it doesn't fail. `dropped` are parameters that it has no need of,
    with their places; a `plain` one takes no state and can't fail. With a `home`, or where it is
    one `of` a struct for a class of the backend, `symbol` is the type, `member` its function; that
    `takes` its object by "&" or "&mut ", or has none. `request` is the one of `dropped` that is the
    request."""

    symbol: Symbol
    params: tuple[Taken, ...]
    gives: AnyType
    dropped: tuple[tuple[int, str], ...] = ()
    plain: bool = False
    home: Home | None = None
    member: str = ""
    request: str = ""
    takes: str = ""
    of: AnyType | None = None


class Opened(Record, frozen=True):
    """A function that is written with its Python in a hole, which may be translated: whose it is,
    the state, a Result that it gives, what its callers fail with."""

    function: Function
    called: Called
    state: State | None
    result: AnyType | None
    errors: ErrorType | None


Known = tuple[Called, "AnyType | None", "AnyType | None"]
"""A function that stands for one of the backend's, the state's type and the Result that it was made
with."""

Marked = tuple[
    dict[str, Piece],
    dict[str, Known],
    dict[str, Opened],
    dict[tuple[str, ...], tuple[i.Field, b.Expr]],
]


def docs_of(key: str) -> str:
    """The line of documentation that says which of the backend's functions (item key) one is."""
    file, _, name = key.partition("::")
    return f"`{name}` of `{file}`."


def state_of(param: i.Param | None) -> State | None:
    """The state that a handler's parameter takes."""
    names = bound(param.pattern) if param is not None else []
    if param is None or len(names) != 1 or not isinstance(param.type, Type):
        return None
    inner = inside(param.type, "State", "Data", "Extension")
    return State(names[0], inner) if inner is not None else None


def result_of(returns: Returns) -> AnyType | None:
    """The Result of nothing that functions give which fail as handlers do; None where those
    can't."""
    if returns.result is None:
        return None
    return Type(returns.result, (UNIT,) if returns.error is None else (UNIT, returns.error))


def is_session(name: str, wire: Wire) -> bool:
    """Whether a parameter is what hands out a connection: the state has one. The name alone decides
    where the annotation is of another package, or says nothing; a model of the backend's may be
    called a session, too."""
    said = wire.args[0] if wire.kind == "optional" else wire
    is_open = said.kind in ("unknown", "any") or (said.kind == "ref" and "::" not in said.name)
    return is_open and _DATABASE.search(name) is not None


def is_unsaid(wire: Wire) -> bool:
    """Whether an annotation says nothing that a type of Rust could be made of."""
    if wire in (JSON, OPAQUE):
        return False
    return wire.kind in _UNSAID or any(map(is_unsaid, wire.args[:1]))


def is_unsaid_result(wire: Wire) -> bool:
    """As `is_unsaid`; a function may give several values."""
    if wire.kind == "tuple":
        return not wire.args or any(one.kind == "null" or is_unsaid(one) for one in wire.args)
    return is_unsaid(wire)


def held_type(wire: Wire, needs: Needs) -> AnyType:
    """The type of a value that a function only holds: a span of time is no number there, as it is
    on the wire."""
    if wire.kind == "timedelta":
        needs.depend("chrono", "0.4")
        return SPAN
    if wire.kind == "optional" and wire.args[0].kind == "timedelta":
        return named("Option", held_type(wire.args[0], needs))
    return needs.type(wire, "held")


def given_type(wire: Wire, needs: Needs) -> AnyType:
    """The type that a function gives as its annotation says."""
    if wire.kind == "null":
        return UNIT
    if wire.kind == "tuple":
        return Tuple(tuple(held_type(one, needs) for one in wire.args))
    return held_type(wire, needs)


def handed(kind: AnyType) -> AnyType:
    """The type by which a value is handed to a function that doesn't keep it."""
    inner = option_of(kind)
    if inner is not None:
        given = handed(inner)
        return Type(kind.head, (given,)) if isinstance(kind, Type) else kind
    if kind in COPIED:
        return kind
    if kind == STRING:
        return STR
    item = inside(kind, "Vec")
    return Reference(Slice(item) if item is not None else kind)


def around(result: AnyType, gives: AnyType) -> AnyType:
    """A Result with another value in it."""
    assert isinstance(result, Type)
    return Type(result.head, (gives, *result.args[1:]))


def default_of(param: Taken) -> ast.expr:
    """The expression of a parameter's default. Raises UntranslatedError without one."""
    if not param.default:
        raise UntranslatedError("a call without one of its arguments")
    return ast.parse(param.default, mode="eval").body
