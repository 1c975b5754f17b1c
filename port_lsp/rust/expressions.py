"""The small part of Rust in which routes are declared, as records without a syntax tree.

Every offset is in bytes, relative to the first byte of the chunk. What isn't needed to follow a
router through a function is an `Opaque` with those of its parts that might be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

if TYPE_CHECKING:
    from port_lsp.rust.declared import Item


class Node(msgspec.Struct, frozen=True, gc=False):
    """What every piece of syntax is: immutable, with the range of bytes it was read from."""

    start: int
    end: int


class Str(Node, frozen=True):
    """A string literal, its escapes resolved."""

    value: str


class Path(Node, frozen=True):
    """`a::b::<T>`: `generics` are the texts of the last arguments in angle brackets.

    `qualified` is the trait of `<T as Trait>::name`, its type being the first segment.
    """

    segments: tuple[str, ...]
    generics: tuple[str, ...] = ()
    qualified: str | None = None


class Call(Node, frozen=True):
    """`function(args)`."""

    function: Expr
    args: tuple[Expr, ...]


class Link(Node, frozen=True):
    """One call of a chain: `.name::<generics>(args)`; `at` is where the name begins, `end` the
    end of the call, `start` that of the whole chain."""

    name: str
    args: tuple[Expr, ...]
    generics: tuple[str, ...]
    at: int


class Chain(Node, frozen=True):
    """`receiver.a().b()`: the calls in the order in which they run. `?` and `.await` between
    them are left out."""

    receiver: Expr
    links: tuple[Link, ...]


class Field(Node, frozen=True):
    """`receiver.name`, also `receiver.0`."""

    receiver: Expr
    name: str


class Macro(Node, frozen=True):
    """`name!(…)`. `args` are its arguments where they read as expressions, `names` all paths in it
    that may be functions."""

    name: tuple[str, ...]
    args: tuple[Expr, ...]
    names: tuple[tuple[str, ...], ...] = ()


class Closure(Node, frozen=True):
    """`|params| body`."""

    params: tuple[Pattern, ...]
    body: Expr


class If(Node, frozen=True):
    """`if condition { then } else { other }`; `condition` is the range of its text.

    `lets` are the patterns that the condition binds, each with what it takes apart.
    """

    condition: tuple[int, int]
    lets: tuple[tuple[Pattern, Expr], ...]
    then: Expr
    other: Expr | None
    test: Expr | None = None


class Arm(Node, frozen=True):
    """`pattern if guard => value`; `pattern_text` is the range of pattern and guard."""

    pattern: Pattern
    pattern_text: tuple[int, int]
    guard: tuple[int, int] | None
    value: Expr


class Match(Node, frozen=True):
    """`match value { arms }`."""

    value: Expr
    arms: tuple[Arm, ...]


class For(Node, frozen=True):
    """`for pattern in iterable body`; `loop` and `while` have neither pattern nor iterable."""

    pattern: Pattern | None
    iterable: Expr | None
    body: Expr


class Tuple(Node, frozen=True):
    """`(a, b)`, `[a, b]`."""

    items: tuple[Expr, ...]


class StructLiteral(Node, frozen=True):
    """`Path { name: value, ..base }`."""

    path: Path
    fields: tuple[tuple[str, Expr], ...]
    base: Expr | None


class Binary(Node, frozen=True):
    """`left operator right`."""

    operator: str
    left: Expr
    right: Expr


class Return(Node, frozen=True):
    """`return value`."""

    value: Expr | None


class Assign(Node, frozen=True):
    """`target = value`."""

    target: Expr
    value: Expr


class Opaque(Node, frozen=True):
    """Anything else; `parts` are the expressions in it that might matter."""

    parts: tuple[Expr, ...] = ()


class Let(Node, frozen=True):
    """`let pattern = value else { other }`."""

    pattern: Pattern
    value: Expr | None
    other: Expr | None = None


class Conditional(Node, frozen=True):
    """A statement or an argument under `#[cfg(…)]`; `condition` is the attribute's own text."""

    condition: str
    body: Statement


class Pattern(Node, frozen=True):
    """A pattern: a name, or its parts. `kind` is "name", "tuple", "wrapper" or "other".

    A wrapper is `Some(x)`, `Ok(x)`, `&x`: its part means what the whole means.
    """

    kind: str
    name: str = ""
    parts: tuple[Pattern, ...] = ()


class Block(Node, frozen=True):
    """`{ items statements value }`: items count in the whole block, wherever they stand."""

    statements: tuple[Statement, ...]
    value: Expr | None
    items: tuple[Item, ...] = ()


Expr: TypeAlias = (
    Str
    | Path
    | Call
    | Chain
    | Field
    | Macro
    | Closure
    | If
    | Match
    | For
    | Tuple
    | StructLiteral
    | Binary
    | Return
    | Assign
    | Opaque
    | Block
    | Conditional
)
Statement: TypeAlias = Expr | Let
