"""What an expression of the backend is known to be, without running it.

Strings, numbers, booleans, None and Ellipsis stand for themselves; lists, tuples and dicts hold
values or `Late` ones, which are computed when somebody looks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from port_lsp.facts.source import Chunk, Place
from port_lsp.python import syntax as ir

if TYPE_CHECKING:
    from port_lsp.python.modulestate import ModuleState


# What a module takes of another besides names: every name, or that it is run at all.
EVERY, ALWAYS = "*", "!"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Not to be known statically, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class External:
    """Something from outside the tree, by its dotted name (`fastapi.APIRouter`)."""

    name: str


@dataclass(slots=True, eq=False)
class Made:
    """What a call of something external gave: `OAuth2PasswordBearer(tokenUrl="/token")`."""

    maker: External
    args: Arguments
    place: Place


@dataclass(slots=True, eq=False)
class ModuleRef:
    """A module or package of the tree: a file, or a folder without `__init__.py`."""

    path: str


@dataclass(slots=True, eq=False)
class Function:
    """A function of the tree and the scope that it was defined in."""

    definition: ir.FuncDef
    scope: Scope
    key: str
    place: Place
    owner: Class | None = None


@dataclass(slots=True, eq=False)
class LambdaValue:
    """A lambda."""

    definition: ir.Lambda
    scope: Scope


@dataclass(slots=True, eq=False)
class Class:
    """A class of the tree. `members` are its body's names, `bases` values once asked for."""

    definition: ir.ClassDef
    scope: Scope
    key: str
    place: Place
    chunk: str
    members: Scope | None = None
    bases: tuple[Value, ...] | None = None


@dataclass(slots=True, eq=False)
class Instance:
    """An object of a class of the tree; `attributes` as its methods were seen to set them."""

    cls: Class
    args: Arguments
    attributes: dict[str, Value] = field(default_factory=lambda: {})
    started: bool = False


@dataclass(slots=True, eq=False)
class Bound:
    """A method taken from an instance, a router or a class."""

    function: Function
    owner: Value


@dataclass(slots=True, eq=False)
class NativeMethod:
    """A method that the framework brings: `router.get`, `app.include_router`."""

    owner: Value
    name: str


@dataclass(slots=True, eq=False)
class Partial:
    """`functools.partial(func, …)`."""

    func: Value
    args: Arguments


@dataclass(slots=True, eq=False)
class Generic:
    """A subscripted type: `list[M]`, `Annotated[User, Depends(f)]`; items as written."""

    origin: Value
    items: tuple[ir.Expr, ...]
    scope: Scope


@dataclass(slots=True, eq=False)
class Alternatives:
    """One of several values; each with the source text of the condition that it holds under."""

    choices: tuple[tuple[str | None, Value], ...]


@dataclass(slots=True, eq=False)
class Late:
    """A value that is computed on first use.

    `text` is the expression as written, where kept; `at` the statement that it stands in.
    """

    expr: ir.Expr
    scope: Scope
    text: str = ""
    at: Place | None = None
    value: Value | None = None
    busy: bool = False
    done: bool = False


@dataclass(slots=True, eq=False)
class Imported:
    """A name bound by an import, looked up on first use."""

    place: str | None  # the file or folder; None is outside the tree
    dotted: str
    name: str | None  # None: the module itself


@dataclass(slots=True)
class Arguments:
    """The arguments of a call, evaluated or late; `unread` where a star couldn't be followed."""

    positional: list[Value] = field(default_factory=lambda: [])
    keywords: dict[str, Value] = field(default_factory=lambda: {})
    unread: bool = False

    def get(self, index: int | None, name: str) -> Value | None:
        """The argument at a position or by keyword; None where it isn't given."""
        if name in self.keywords:
            return self.keywords[name]
        if index is not None and index < len(self.positional):
            return self.positional[index]
        return None


class Scope:
    """Names and their values; `parent` is searched next.

    `bound` are the names bound by statements of the branch that is being run: a name that was only
    looked up there (a late value made known) isn't one.
    """

    __slots__ = ("bound", "module", "names", "parent", "qualifier")

    def __init__(self, module: ModuleState, parent: Scope | None, qualifier: str = "") -> None:
        self.module = module
        self.parent = parent
        self.names: dict[str, Value] = {}
        self.bound: set[str] = set()
        self.qualifier = qualifier

    def bind(self, name: str, value: Value) -> None:
        """Binds a name."""
        self.names[name] = value
        self.bound.add(name)


class LateName:
    """A name bound by a chunk that nobody has looked into yet; `before` is what it was."""

    __slots__ = ("before", "chunk")

    def __init__(self, chunk: Chunk, before: Value) -> None:
        self.chunk = chunk
        self.before = before


class Native:
    """An object that a framework's reader made and understands: an app, a router, a Socket.IO
    server. Subclasses carry what was registered on them."""

    __slots__ = ()


Value: TypeAlias = (
    str
    | int
    | float
    | bool
    | bytes
    | list["Value"]
    | tuple["Value", ...]
    | dict[object, "Value"]
    | Unknown
    | External
    | Made
    | ModuleRef
    | Function
    | LambdaValue
    | Class
    | Instance
    | Bound
    | NativeMethod
    | Partial
    | Generic
    | Alternatives
    | Late
    | Imported
    | LateName
    | Native
    | None
)
