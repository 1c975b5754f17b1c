"""What a name of a dependency's body stands for while the body is followed.

Values that a request decides are those of `types/auth.py`; those here only the code knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from port_lsp.facts.source import Record
from port_lsp.python import values as code
from port_lsp.python.values import Function, Scope
from port_lsp.types import auth as t

Plain: TypeAlias = str | int | float | bool | None


class Const(Record, frozen=True):
    """A literal; a list, tuple or set is a tuple."""

    value: Plain | tuple[Plain, ...] = None


class Jar(Record, frozen=True):
    """`request.cookies`, `request.headers`, `request.query_params`."""

    place: t.Place


class Opaque(Record, frozen=True):
    """Something of which nothing is known but how it is written."""

    text: str


class Exc(Record, frozen=True):
    """An exception: "http" (its status and detail as JSON), "decode", "expired", "key", "other".
    A status of 0 isn't known."""

    kind: str
    status: int = 0
    detail: str = ""


class Query(Record, frozen=True):
    """A query of one table, so far; `where` has None for a condition that wasn't understood."""

    model: str
    where: tuple[tuple[str, t.Value] | None, ...] = ()


class Unfollowed(Record, frozen=True):
    """A call of which it isn't known what it does: it may refuse."""

    text: str


class Column(Record, frozen=True):
    """`User.id`: a model (item key) and its field."""

    model: str
    name: str


class Object(Record, frozen=True):
    """An object made with keywords."""

    parts: tuple[tuple[str, Known], ...]

    def part(self, name: str) -> Known | None:
        """One of them."""
        return next((value for key, value in self.parts if key == name), None)


class Py:
    """A value of the backend's code."""

    __slots__ = ("value",)

    def __init__(self, value: code.Value) -> None:
        """`value` is what the interpreter has."""
        self.value = value


Known: TypeAlias = Const | Jar | Opaque | Exc | Query | Column | Object | Py | t.Value
NOTHING = Const(None)
SYMBOLIC = (
    t.Carried, t.Setting, t.Text, t.Claims, t.Part, t.Row, t.Given, t.Lower,
)  # fmt: skip


class Env:
    """Names, and which values are known to be there or not. Never changed: each step makes one."""

    __slots__ = ("known", "names")

    def __init__(
        self, names: Mapping[str, Known] | None = None, known: Mapping[object, bool] | None = None
    ) -> None:
        """Of these names."""
        self.names: Mapping[str, Known] = names or {}
        self.known: Mapping[object, bool] = known or {}

    def bind(self, name: str, value: Known) -> Env:
        """With a name bound."""
        return Env({**self.names, name: value}, self.known)

    def unfollowed(self, text: str) -> Env:
        """With a call to which something of the request went, and of which nothing is known."""
        return Env(self.names, {**self.known, Unfollowed(text): True})

    def learn(self, test: object, answer: bool) -> Env:
        """With a test's answer."""
        return Env(self.names, {**self.known, test: answer})


class Frame(NamedTuple):
    """The function that is being followed: where its names are looked up, its lines, and what
    comes of a return and of an exception."""

    scope: Scope
    lines: tuple[str, ...]
    returns: Callable[[Known, Env], t.Tree]
    raises: Callable[[Exc, Env], t.Tree]
    function: Function | None = None


Then: TypeAlias = Callable[[Known, Env], t.Tree]
Next: TypeAlias = Callable[[Env], t.Tree]
