"""What every rule of translation has at hand: the crate, the backend, and the names that a body
has bound so far."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.names import distinct, snake
from port_lsp.patterns.translate.answers import Answer
from port_lsp.patterns.translate.appstate.lending import Lent
from port_lsp.patterns.translate.binding import dotted
from port_lsp.patterns.translate.calls import Called, State
from port_lsp.patterns.translate.errors import ErrorType
from port_lsp.patterns.translate.raising import DOUBTS
from port_lsp.patterns.translate.schemas import schema_at
from port_lsp.patterns.translate.sent import Sent
from port_lsp.patterns.translate.shapes import Shapes, shapes_of
from port_lsp.patterns.translate.state import HeldRead
from port_lsp.patterns.translate.values import (
    UNCHANGING,
    Held,
    Hidden,
    ImportedName,
    NestedName,
    UntranslatedError,
    Val,
    without_reference,
)
from port_lsp.patterns.translate.variables import Variables
from port_lsp.types import meanings as m
from port_lsp.types.meanings import Meaning
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import AnyType, Reference, Type

if TYPE_CHECKING:
    from port_lsp.patterns.translate.functions import Functions
    from port_lsp.patterns.translate.objects.making import Making
    from port_lsp.patterns.translate.sockets import OwnSocket

__all__ = ["Env", "Rule", "Scene", "Span", "dotted"]

_STATE = "<state>"  # no name of Python's
RESULT, ERROR = "try.result", "try.error"
"""What a `try` gives, and its error, for `Env.free`: no variables of Python's, which may have some
that are called so."""


class Env:
    """The names of a body, Python's with what they are in Rust. Never changed: each step makes one.

    `bound` are Rust's own, in order: what a hole touches so that nothing counts as unused.
    """

    __slots__ = ("bound", "names")

    def __init__(self, names: Mapping[str, Val], bound: tuple[str, ...]) -> None:
        """`names` by Python's."""
        self.names, self.bound = names, bound

    def bind(self, python: str, val: Val, rust: str) -> Env:
        """With a name more; what was known of its parts isn't any longer."""
        bound = (*(one for one in self.bound if one != rust), rust)
        return Env({**self.dropped((python,)).names, python: val}, bound)

    def knowing(self, python: str, val: Val) -> Env:
        """With another thing that a name is; nothing new is bound in Rust."""
        return Env({**self.dropped((python,)).names, python: val}, self.bound)

    def without(self, names: Iterable[str]) -> Env:
        """Without names of which nothing is known any more, nor of their parts; Rust's stay
        bound. What is changed where it stands keeps its variable and its type."""
        names = set(names)
        gone = names - self.changeable(names)
        return self.dropped(gone).vague(names)

    def dropped(self, names: Iterable[str]) -> Env:
        """As `without`, of whatever the names are."""
        gone = set(names)
        roots = tuple(f"{one}." for one in gone)
        left = {
            name: val for name, val in self.names.items()
            if name not in gone and not name.startswith(roots)
        }  # fmt: skip
        return Env(left, self.bound)

    def rebound(self, names: Iterable[str]) -> Env:
        """Without names that something has assigned to, as far as that bound them anew in Rust: a
        query that is put together in a builder stays that."""
        return self.without(self.own(names))

    def own(self, names: Iterable[str]) -> set[str]:
        """Those names that aren't queries which are put together."""
        return {one for one in names if not _lasts(self.names.get(one))}

    def vague(self, names: Iterable[str]) -> Env:
        """Without what is known of the parts of these names, which somebody may have changed."""
        gone = set(names)
        roots = tuple(f"{one}." for one in gone)
        left = {
            name: val for name, val in self.names.items()
            if not name.startswith(roots) and not _speaks_of(val, gone)
        }  # fmt: skip
        return Env(left, self.bound)

    def keeping(self, state: State | None) -> Env:
        """With the name of the state taken: no variable of Python's is called so in Rust."""
        if state is None:
            return self
        return self.knowing(_STATE, Val(b.Name(state.name), state.type, True, state.name))

    def is_own(self, python: str) -> bool:
        """Whether a name is a variable, and not what an import has bound."""
        return python in self.names and not isinstance(self.names[python], ImportedName)

    def gone(self, python: str, rust: str) -> Env:
        """Without a variable that has been moved from."""
        bound = tuple(one for one in self.bound if one != rust)
        return Env(self.dropped((python,)).names, bound)

    def changed(self, name: str) -> Env:
        """Behind a change of a part of a variable: what was known of its parts isn't any longer,
        nor are variables touched that have borrowed one (rustc's E0506)."""
        own = self.names[name].root if name in self.names else ""
        lent = {
            val.root for each, val in self.names.items()
            if each.startswith(f"{name}.") and isinstance(val.type, Reference) and val.root != own
        }  # fmt: skip
        return self.vague((name,)).unbound(lent - {""})

    def unbound(self, rust: Collection[str]) -> Env:
        """Without variables (Rust's names) that nobody has bound after all."""
        names = {name: val for name, val in self.names.items() if val.root not in rust}
        return Env(names, tuple(one for one in self.bound if one not in rust))

    def changeable(self, names: Iterable[str]) -> set[str]:
        """Those names that stand for variables that are changed where they stand."""
        return {name for name in names if name in self.names and self.names[name].mutable}

    def free(self, python: str) -> str:
        """What a name of Python's may be called in Rust: what nothing else needs."""
        found = snake(_last(python))
        if self._is_taken(python, found):
            found = snake(python.replace(".", "_"))
        while self._is_taken(python, found):
            found += "_"
        return found

    def _is_taken(self, python: str, rust: str) -> bool:
        # A struct of parameters is, whose fields a hole will speak of. Asked for each variable of
        # all that are there: so loops and no generators.
        fields = f"{rust}."
        for one in self.bound:
            if one.startswith(fields):
                return True
        for name, val in self.names.items():  # noqa: SIM110
            if val.root == rust and name != python:
                return True
        return False


class Span(Record, frozen=True):
    """What became of a Python statement: its lines (from 1, in the text that was parsed), and the
    construct at which translation ended; "" where it was translated."""

    first: int
    last: int
    kind: str
    left: str = ""


Rule = Callable[["Scene", ast.expr, Env], Val]


class Scene:
    """The translation of one body."""

    def __init__(
        self,
        desk: Desk,
        needs: Needs,
        backend_file: str,
        answer: Answer,
        errors: ErrorType | None,
        rules: Mapping[type, Rule],
    ) -> None:
        """`backend_file` is where the body's names are understood, `rules` what translates each
        kind of expression, `answer` what the function gives, `errors` by what it fails."""
        self.desk, self.needs, self.backend_file = desk, needs, backend_file
        self.answer, self.errors = answer, errors
        self.shapes: Shapes = shapes_of(desk)
        self._rules = rules
        self.state: State | None = None
        self.result: AnyType | None = None
        self.returns: AnyType | None = None
        self.may_move = True
        self.streams: Literal["", "plain", "failing"] = ""
        self.is_trying = False
        self.is_talk = False  # of a WebSocket, whose failure is logged
        self.vague: frozenset[str] = frozenset()  # classes of exceptions whose text isn't known
        self.telling = False  # what is read by people, who may be told it otherwise
        self.functions: Functions | None = None
        self.local: frozenset[str] = frozenset()
        self.params: frozenset[str] = frozenset()
        self.inside = ""
        self.whose = ""  # the item key of the function that it is the body of
        self.fresh: dict[str, str] = {}
        self.tables: dict[AnyType, str] = {}
        self.once: frozenset[str] = frozenset()  # variables that are read in one place, not again
        self.making: Making | None = None
        self.kept: set[str] = set()
        self.read: set[str] = set()
        self.stored: frozenset[str] = frozenset()  # parameters that are rows of the database
        self.claims: frozenset[str] = frozenset()
        self.claiming = False
        self.claimed: frozenset[str] = frozenset()  # the names of what tokens say
        self.lent: set[str] = set()
        self.handed: set[str] = set()  # variables of which objects have got what they hold
        self.asked: set[str] = set()  # dependencies (item keys) that the handler called
        # By what is read of objects, the variable; those of which others have a part, and those of
        # which something was changed in place (`objects/sharing.py`).
        self.shows: dict[b.Expr, str] = {}
        self.seen: set[str] = set()
        self.filled: set[str] = set()
        self.myself: tuple[str, str, str] | None = None  # `self`, the object's name, its file
        self.own: tuple[str, str] | None = None  # `self`, the class of what it is
        self.transaction = ""
        self.changed: frozenset[str] = frozenset()  # names of which it changes parts
        self.reshaped: frozenset[str] = frozenset()  # of which it may assign attributes
        self.lends: Lent = ""  # what it may change that the application's state holds
        self.request = ""  # the name of the parameter that gets it
        self.headers: b.Expr | None = None  # all of the request's
        self.held: list[HeldRead] | None = None
        self.doubts: set[frozenset[str]] = set()
        self.variables = Variables()
        self.socket: OwnSocket | None = None
        self.sent = Sent()
        self.witnessed: frozenset[str] = frozenset()  # what a `try` binds and its `except`s read
        self.unbound: frozenset[str] = frozenset()  # those that nothing has bound before
        self.closed: frozenset[str] = frozenset()  # those of them, in an `except`

    @property
    def may_be_caught(self) -> bool:
        """Whether somebody may ask what an exception says: in a `try`, and in functions, as these
        may be called in one."""
        return self.is_trying or self.is_read

    @property
    def is_read(self) -> bool:
        """Whether others may read what an exception says that leaves the body: of functions, which
        may be called in a `try`."""
        return self.answer.plain and not self.is_talk

    def need_json(self) -> None:
        """The code speaks of serde_json."""
        if not self.needs.has("serde_json"):
            self.needs.depend("serde_json", "1")

    def value(self, node: ast.expr, env: Env) -> Val:
        """An expression. Raises UntranslatedError."""
        rule = self._rules.get(type(node))
        if rule is None:
            raise UntranslatedError(type(node).__name__)
        return rule(self, node, env)

    def meaning(self, node: ast.expr, env: Env) -> Meaning | None:
        """What a dotted name means that isn't the body's own; None for what isn't known."""
        name = dotted(node)
        if self.myself is not None and name.startswith(f"{self.myself[0]}."):
            name = self.myself[1] + name.removeprefix(self.myself[0])
            return self.desk.backend.meaning(self.myself[2], name)
        if self.own is not None and name.startswith(f"{self.own[0]}."):
            attribute = name.removeprefix(f"{self.own[0]}.")
            return self.desk.backend.attribute(self.own[1], attribute)
        first = name.partition(".")[0]
        bound = env.names.get(first)
        if isinstance(bound, ImportedName):
            return self.desk.backend.imported(self.backend_file, bound.of, name)
        if isinstance(bound, NestedName) and name == first:
            return bound.of
        if not name or first in env.names or first in self.local:
            return None
        return self.desk.backend.meaning(self.backend_file, name)

    def defaults(self, key: str) -> dict[str, tuple[str, bool]]:
        """By the fields of a model (item key), what each is called in Rust and whether its default
        is None."""
        schema = schema_at(self.desk, key)
        if schema is None:
            return {}
        taken: set[str] = set()
        return {
            one.name: (
                distinct(snake(one.name), taken),
                one.default.kind == "value" and one.default.text == "null",
            )
            for one in schema.fields
        }

    def elsewhere(self, file: str) -> Scene:
        """The same, with names understood by another module of the backend."""
        other = Scene(self.desk, self.needs, file, self.answer, self.errors, self._rules)
        other.state, other.result, other.functions = self.state, self.result, self.functions
        other.params = self.params
        other.inside = self.inside
        other.returns, other.may_move = self.returns, self.may_move
        other.is_trying, other.is_talk = self.is_trying, self.is_talk
        other.shows, other.seen, other.filled = self.shows, self.seen, self.filled
        return other

    def is_error(self, val: Val) -> bool:
        """Whether a value is what was caught."""
        return self.errors is not None and val.type == Type(self.errors.symbol)

    def called(self, meaning: m.Callable) -> Called:
        """The crate's function for one of the backend's. Raises UntranslatedError."""
        if self.functions is None:
            raise UntranslatedError("a call in a handler without a state, or that can't fail")
        self.doubts |= DOUBTS  # any of them may be its body's
        if self.inside:
            self.functions.calls(self.inside, meaning.key)
        return self.functions.called(meaning, self)


def _lasts(val: Val | None) -> bool:
    return isinstance(val, Hidden) and val.lasting


def _speaks_of(val: Val, names: set[str]) -> bool:
    """Whether a variable holds a query that speaks of one of these names, of which parts may
    change."""
    return isinstance(val, Held) and any(
        name in names and without_reference(of.type) not in UNCHANGING for name, of in val.uses
    )


def _last(name: str) -> str:
    return name.rpartition(".")[2]
