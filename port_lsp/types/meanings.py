"""What an expression of the backend's code stands for, without running it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from port_lsp.facts.source import Record
from port_lsp.types.schema import Mixin
from port_lsp.types.wire import Wire, replaced


class Constant(Record, frozen=True):
    """A value that the code says and nothing sets from outside, as JSON."""

    json: str


class Outside(Record, frozen=True):
    """Something of another package, by its dotted name: `fastapi.HTTPException`, `builtins.len`,
    `logging.getLogger().info`."""

    name: str


class Given(Record, frozen=True):
    """A parameter of a function: its default as written ("" for none); `star` is "", "*" or
    "**", `keyword` holds behind a bare `*`."""

    name: str
    wire: Wire
    default: str = ""
    star: str = ""
    keyword: bool = False


class Callable(Record, frozen=True):
    """A function of the backend, or a method without its first parameter: its item key, its
    parameters, what it returns. `returns` is None where nothing says it."""

    key: str
    params: tuple[Given, ...]
    returns: Wire | None = None
    is_async: bool = False


Way = Literal["method", "property", "static", "class"]
"""How one comes to a function of a class."""


class Method(Record, frozen=True):
    """What a class has under a name, itself or from a base of the backend's: a function without its
    first parameter, and how it is come to."""

    callable: Callable
    way: Way = "method"


class Class(Record, frozen=True):
    """A class of the backend: the item keys of itself and of its bases in the backend, in the order
    in which names are looked up, the dotted names of its other bases; `is_plain` is one that is no
    model, isn't generic by itself, has no decorator and no metaclass, so that its objects are what
    `__init__` makes them. `arguments` are what the type parameters of its bases stand for,
    `instances` the names under which its module offers its objects."""

    mro: tuple[str, ...]
    outside: tuple[str, ...]
    is_plain: bool
    arguments: tuple[tuple[str, Wire], ...] = ()
    instances: tuple[str, ...] = ()


class OneLine(Record, frozen=True):
    """A lambda that a name of a module or a class stands for: its text, and the file by which its
    names are to be understood."""

    text: str
    file: str


class Object(Record, frozen=True):
    """An object that a module makes once and that nobody can change: the expression that makes it,
    and the file by which its names are to be understood."""

    text: str
    file: str


class Kind(Record, frozen=True):
    """A class of the backend, by its item key."""

    key: str


class Member(Record, frozen=True):
    """A member of an Enum of the backend: the class by its item key, its own name (not that of an
    alias), its value as JSON. It is itself a text or a number where `mixin` says so; `shown` is
    whether `str` writes its value, whatever the version of Python."""

    key: str
    name: str
    value: str
    mixin: Mixin = ""
    shown: bool = False


class Import(Record, frozen=True):
    """What a function binds a name to: `from module import name as alias` with so many dots in
    front of the module, or `import module as alias` where `name` is ""; no `alias` where an import
    binds the first part of the module's name."""

    module: str
    name: str = ""
    alias: str = ""
    level: int = 0


class Env(Record, frozen=True):
    """What is set from outside, by its variable."""

    env: str


Meaning: TypeAlias = Constant | Object | Outside | Callable | OneLine | Kind | Member | Env


def as_own(of: Callable, key: str, known: Mapping[str, Wire]) -> Callable:
    """A method of a base as one of the class of an item key; `known` is what the base's type
    parameters stand for."""

    def by(wire: Wire) -> Wire | None:
        return known.get(wire.name) if wire.kind == "ref" else None

    params = tuple(
        Given(one.name, replaced(one.wire, by), one.default, one.star, one.keyword)
        for one in of.params
    )
    returns = replaced(of.returns, by) if of.returns is not None else None
    return Callable(f"{key}.{of.key.rpartition('.')[2]}", params, returns, of.is_async)
