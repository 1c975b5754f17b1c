"""Bodies that are to be written: expressions, patterns, statements, and holes.

Expressions carry no types of their own: what the compiler can't infer is said by a `let`'s type or
by a path's arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from port_lsp.facts.source import Record
from port_lsp.writing.ir.types import AnyType, Symbol

if TYPE_CHECKING:
    from port_lsp.writing.ir.items import Item


# Expressions


class Name(Record, frozen=True):
    """A local variable, a parameter, `self`: written as it is, raw where it is a keyword."""

    name: str


class Path(Record, frozen=True):
    """A symbol as a value, or something of a type: `AppError::NotFound`, `Vec::<u8>::new`.

    `members` are what follows the symbol, `args` the arguments of the last segment.
    """

    symbol: Symbol
    members: tuple[str, ...] = ()
    args: tuple[AnyType, ...] = ()


class Lit(Record, frozen=True):
    """A literal as Rust writes it; `string` makes one of text."""

    text: str


class Call(Record, frozen=True):
    """`function(args)`."""

    function: Expr
    args: tuple[Expr, ...] = ()


class Method(Record, frozen=True):
    """`receiver.name::<turbofish>(args)`. `trait` must be in scope where it isn't the prelude's;
    `changes` says that it takes its receiver by `&mut`."""

    receiver: Expr
    name: str
    args: tuple[Expr, ...] = ()
    turbofish: tuple[AnyType, ...] = ()
    trait: Symbol | None = None
    changes: bool = False


class Access(Record, frozen=True):
    """`of.field`, `of.0`."""

    of: Expr
    field: str


class Index(Record, frozen=True):
    """`of[index]`."""

    of: Expr
    index: Expr


class Macro(Record, frozen=True):
    """`name!(args)`; `vec![…]` and the like by `brackets`."""

    symbol: Symbol
    args: tuple[Expr, ...] = ()
    brackets: Literal["()", "[]"] = "()"


class Json(Record, frozen=True):
    """`json!({ "key": value })`: keys as text, values as expressions or further Json; with `items`,
    which are such values, `json!([a, b])`."""

    symbol: Symbol
    entries: tuple[tuple[str, Expr], ...] = ()
    items: tuple[Expr, ...] = ()


class StructLiteral(Record, frozen=True):
    """`Type { field: value, short, ..base }`."""

    symbol: Symbol
    fields: tuple[tuple[str, Expr], ...] = ()
    base: Expr | None = None
    members: tuple[str, ...] = ()


class TupleOf(Record, frozen=True):
    """`(a, b)`."""

    items: tuple[Expr, ...] = ()


class ArrayOf(Record, frozen=True):
    """`[a, b]`."""

    items: tuple[Expr, ...] = ()


class Unary(Record, frozen=True):
    """`!x`, `-x`, `*x`, `&x`, `&mut x`."""

    operator: Literal["!", "-", "*", "&", "&mut "]
    of: Expr


class Binary(Record, frozen=True):
    """`left operator right`; parentheses are written where Rust's precedence asks for them."""

    left: Expr
    operator: str
    right: Expr


class Cast(Record, frozen=True):
    """`of as type`."""

    of: Expr
    type: AnyType


class Try(Record, frozen=True):
    """`of?`; `converts` says that it makes another error of the one that it finds, `alike` that it
    surely doesn't."""

    of: Expr
    converts: bool = False
    alike: bool = False


class Await(Record, frozen=True):
    """`of.await`."""

    of: Expr


class Closure(Record, frozen=True):
    """`|a, b| body`, `move |_| { … }`, `async move { … }` by a Block as its body."""

    params: tuple[Pattern, ...]
    body: Expr
    move: bool = False
    is_async: bool = False


class If(Record, frozen=True):
    """`if condition { … } else …`; `binding` makes it `if let binding = condition`."""

    condition: Expr
    then: Block
    otherwise: Block | If | None = None
    binding: Pattern | None = None


class Match(Record, frozen=True):
    """`match of { … }`."""

    of: Expr
    arms: tuple[Arm, ...]


class Arm(Record, frozen=True):
    """`pattern if guard => body`."""

    pattern: Pattern
    body: Expr
    guard: Expr | None = None


class For(Record, frozen=True):
    """`for pattern in of { … }`."""

    pattern: Pattern
    of: Expr
    body: Block


class While(Record, frozen=True):
    """`while condition { … }`, `while let`; `loop` without a condition."""

    condition: Expr | None
    body: Block
    binding: Pattern | None = None


class Jump(Record, frozen=True):
    """`return x`, `break`, `continue`, and of async_stream's macro `yield x`."""

    word: Literal["return", "break", "continue", "yield"]
    value: Expr | None = None


class Block(Record, frozen=True):
    """`{ statements; tail }`; `word` is `async`, `async move`, `unsafe`."""

    statements: tuple[Statement, ...] = ()
    tail: Expr | None = None
    word: str = ""


Expr: TypeAlias = """(
    Name | Path | Lit | Call | Method | Access | Index | Macro | Json | StructLiteral | TupleOf
    | ArrayOf | Unary | Binary | Cast | Try | Await | Closure | If | Match | For | While | Jump
    | Block
)"""


# Patterns


class Bind(Record, frozen=True):
    """`name`, `mut name`, `ref name`."""

    name: str
    word: Literal["", "mut ", "ref "] = ""


class Wild(Record, frozen=True):
    """`_`."""


class PathPattern(Record, frozen=True):
    """`None`, `Role::Admin`."""

    symbol: Symbol
    members: tuple[str, ...] = ()


class TuplePattern(Record, frozen=True):
    """`Some(x)`, `Json(form)`; `(a, b)` without a symbol."""

    symbol: Symbol | None
    items: tuple[Pattern, ...]
    members: tuple[str, ...] = ()


class LiteralPattern(Record, frozen=True):
    """A literal as Rust writes it."""

    text: str


class Either(Record, frozen=True):
    """`a | b`."""

    options: tuple[Pattern, ...]


Pattern: TypeAlias = "Bind | Wild | PathPattern | TuplePattern | LiteralPattern | Either"


# Statements


class Let(Record, frozen=True):
    """`let pattern: type = value else { … };`."""

    pattern: Pattern
    value: Expr | None = None
    type: AnyType | None = None
    otherwise: Block | None = None


class Do(Record, frozen=True):
    """An expression as a statement."""

    expr: Expr


class Assign(Record, frozen=True):
    """`target operator value;`. `changes` says that the variable whose part it is must be `mut`."""

    target: Expr
    value: Expr
    operator: str = "="
    changes: bool = False


class Comment(Record, frozen=True):
    """Lines of a comment, without `//`."""

    lines: tuple[str, ...]


class Nested(Record, frozen=True):
    """An item in a body."""

    item: Item


class Hole(Record, frozen=True):
    """The rest of a block that can't be translated: always its last statement.

    The Python lines as comments; `unused` are touched so that no warning comes of them; then
    `todo!("reason")` is the tail.
    """

    python: tuple[str, ...]
    reason: str
    unused: tuple[str, ...] = ()


class Gap(Record, frozen=True):
    """Statements in the midst of an async block that can't be translated; what follows them is.

    The Python lines as comments; `unused` are touched; then `let pattern: type` waits for a
    `todo!("reason")` in an async block, behind which the compiler goes on, as it doesn't behind a
    bare one: `pattern` is what later statements read of it, else `()`.
    """

    python: tuple[str, ...]
    reason: str
    unused: tuple[str, ...] = ()
    pattern: Pattern = TuplePattern(None, ())
    type: AnyType | None = None


Statement: TypeAlias = "Let | Do | Assign | Comment | Nested | Hole | Gap"
