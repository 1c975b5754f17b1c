"""The part of Python in which a backend declares things, as immutable records.

tree-sitter reads a chunk once; what is kept is this: statements and expressions small enough to be
evaluated without running anything (`interpret.py`). Spans are byte offsets relative to the chunk.
What no reader needs becomes `Other`, with its text as written.
"""

from __future__ import annotations

from typing import TypeAlias

from port_lsp.facts.source import Record
from port_lsp.text import Span

NOWHERE = Span(0, 0)


class Const(Record, frozen=True):
    """A literal: str, int, float, bool, bytes, None or Ellipsis."""

    value: object


class Name(Record, frozen=True):
    """A bare name."""

    id: str


class Attr(Record, frozen=True):
    """`value.name`."""

    value: Expr
    name: str


class Arg(Record, frozen=True):
    """One argument; `star` is "", "*" or "**", `name` the keyword, `text` the value as written."""

    value: Expr
    name: str | None = None
    star: str = ""
    text: str = ""


class Call(Record, frozen=True):
    """`func(args)`."""

    func: Expr
    args: tuple[Arg, ...]
    span: Span = NOWHERE


class Seq(Record, frozen=True):
    """A list, tuple or set display; starred items are `Star`."""

    kind: str
    items: tuple[Expr, ...]


class Star(Record, frozen=True):
    """`*value` inside a display."""

    value: Expr


class Dict(Record, frozen=True):
    """A dict display; a key of None is `**value`."""

    items: tuple[tuple[Expr | None, Expr], ...]


class Joined(Record, frozen=True):
    """An f-string, or strings written side by side: its parts in order."""

    parts: tuple[Expr, ...]


class Binary(Record, frozen=True):
    """`left op right`; also `or` and `and`."""

    op: str
    left: Expr
    right: Expr


class Index(Record, frozen=True):
    """`value[items]`."""

    value: Expr
    items: tuple[Expr, ...]


class Slice(Record, frozen=True):
    """`lower:upper` inside a subscript."""

    lower: Expr | None
    upper: Expr | None


class Walrus(Record, frozen=True):
    """`(target := value)`."""

    target: Expr
    value: Expr


class Negated(Record, frozen=True):
    """`not value`."""

    value: Expr
    text: str


class Compare(Record, frozen=True):
    """A comparison, `operators` between its operands: `left < rights[0] <= rights[1]`."""

    left: Expr
    operators: tuple[str, ...]
    rights: tuple[Expr, ...]
    text: str


class IfElse(Record, frozen=True):
    """`body if test else orelse`."""

    test: Typed
    body: Expr
    orelse: Expr


class Lambda(Record, frozen=True):
    """`lambda params: body`."""

    params: tuple[Param, ...]
    body: Expr


class Clause(Record, frozen=True):
    """`for target in iterable if test…` inside a comprehension."""

    target: Expr
    iterable: Expr
    tests: tuple[Typed, ...] = ()


class Comp(Record, frozen=True):
    """A comprehension; `kind` is "list", "set", "generator" or "dict", which alone has a key."""

    kind: str
    element: Expr
    clauses: tuple[Clause, ...]
    key: Expr | None = None


class Other(Record, frozen=True):
    """An expression that nobody here evaluates, as written."""

    text: str


class Typed(Record, frozen=True):
    """An annotation or a default: what it means and its text as written."""

    expr: Expr
    text: str


class Param(Record, frozen=True):
    """A parameter; `star` is "", "*" or "**". `keyword` holds behind a bare `*`."""

    name: str
    annotation: Typed | None = None
    default: Typed | None = None
    star: str = ""
    keyword: bool = False


class Decorator(Record, frozen=True):
    """A decorator; the span begins at its `@`."""

    expr: Expr
    span: Span


class Assign(Record, frozen=True):
    """`targets = value`, annotated or not; `value` is None for a bare annotation.

    `operator` is "=", or that of an augmented assignment ("+=").
    """

    targets: tuple[Expr, ...]
    value: Typed | None
    annotation: Typed | None = None
    span: Span = NOWHERE
    operator: str = "="


class Do(Record, frozen=True):
    """An expression as a statement."""

    value: Expr
    span: Span = NOWHERE


class Import(Record, frozen=True):
    """`import module as alias` (names empty) or `from module import name as alias`.

    `level` counts the leading dots. A name of "*" is a star import.
    """

    module: str
    names: tuple[tuple[str, str], ...] = ()
    level: int = 0
    alias: str | None = None


class FuncDef(Record, frozen=True):
    """A function; `body` is None where only the header was read."""

    name: str
    params: tuple[Param, ...]
    decorators: tuple[Decorator, ...] = ()
    returns: Typed | None = None
    body: tuple[Stmt, ...] | None = None
    span: Span = NOWHERE  # of the name
    is_async: bool = False


class ClassDef(Record, frozen=True):
    """A class; methods' bodies are read where `reader.py` says so."""

    name: str
    bases: tuple[Arg, ...]
    decorators: tuple[Decorator, ...] = ()
    body: tuple[Stmt, ...] = ()
    span: Span = NOWHERE  # of the name


class If(Record, frozen=True):
    """`if test: … else: …`, an elif being an If in `orelse`."""

    test: Typed
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...] = ()


class For(Record, frozen=True):
    """`for target in iterable: …`."""

    target: Expr
    iterable: Expr
    body: tuple[Stmt, ...]


class While(Record, frozen=True):
    """`while test: …`."""

    test: Typed
    body: tuple[Stmt, ...]


class Block(Record, frozen=True):
    """A `with`: its items bound, then its body."""

    items: tuple[tuple[Expr, Expr | None], ...]
    body: tuple[Stmt, ...]


class Try(Record, frozen=True):
    """`try: … except: … else: … finally: …`."""

    body: tuple[Stmt, ...]
    handlers: tuple[tuple[Stmt, ...], ...]
    orelse: tuple[Stmt, ...] = ()
    final: tuple[Stmt, ...] = ()


class Stop(Record, frozen=True):
    """`raise`, `break` or `continue`: what follows in its block isn't reached."""

    kind: str


class Return(Record, frozen=True):
    """`return value` (or `yield value`, marked)."""

    value: Expr
    yields: bool = False


Expr: TypeAlias = (
    Const
    | Name
    | Attr
    | Call
    | Seq
    | Star
    | Dict
    | Joined
    | Binary
    | Index
    | IfElse
    | Lambda
    | Comp
    | Slice
    | Walrus
    | Negated
    | Compare
    | Other
)
Stmt: TypeAlias = (
    Assign | Do | Import | FuncDef | ClassDef | If | For | While | Block | Try | Stop | Return
)


def dotted(expr: Expr) -> str:
    """`a.b.c` of names and attributes; "" for anything else."""
    if isinstance(expr, Name):
        return expr.id
    if isinstance(expr, Attr):
        left = dotted(expr.value)
        return f"{left}.{expr.name}" if left else ""
    return ""


def at_path(name: str) -> Expr:
    """The expression that a dotted name is: `a.b` is an attribute of `a`."""
    first, *rest = name.split(".")
    expr: Expr = Name(first)
    for part in rest:
        expr = Attr(expr, part)
    return expr
