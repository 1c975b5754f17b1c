"""What a statement becomes, and what translates blocks of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import NamedTuple, Protocol

from port_lsp.patterns.translate.queries.builders import Building
from port_lsp.patterns.translate.scene import Env, Scene, Span
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Symbol


class Step(NamedTuple):
    """Statements; the names behind them; an expression that ends the function as its value, where
    they stand last; whether what follows is never reached; the construct that a gap stands for in
    it, beside those of its blocks."""

    statements: tuple[b.Statement, ...]
    env: Env
    tail: b.Expr | None = None
    ends: bool = False
    left: str = ""

    @property
    def block(self) -> b.Block:
        """As a block."""
        return b.Block(self.statements, self.tail)


class Region(NamedTuple):
    """The lines of a transaction, its variable, the commit."""

    first: int
    last: int
    name: str
    commit: ast.stmt


class Changes(NamedTuple):
    """What is changed of a row (its name in Python) before a commit: the columns by Python's names,
    the statements, of which the last is the commit; the variable that holds the row as it was,
    where something depends on whether it was changed."""

    name: str
    columns: tuple[str, ...]
    nodes: tuple[ast.stmt, ...]
    before: str = ""


class Blocks(Protocol):
    """Translates the blocks that are inside of statements, and knows where a statement stands."""

    scene: Scene
    committed: list[ast.stmt]
    """The commits that come with a write, so that they are nothing by themselves."""
    changes: dict[int, Changes]
    """By the identity of each statement of theirs, the changes of rows."""
    built: dict[int, Building]
    """By the identity of the statement, the queries that are put together in builders."""
    unbuilt: set[int]
    """The statements whose queries can't be."""
    lifted: dict[int, Symbol]
    """By the identity of the statement, the functions that the body defines."""
    regions: list[Region]
    """The transactions so far."""
    jumps: set[int]
    """By their identity, the `break`s and `continue`s of loops that are translated."""
    blocked: set[str]
    """The names that no assignment may bind in Rust: what reads them wouldn't see it."""

    shared: frozenset[str]
    """Those of them that functions inside of the body, or other functions, may bind."""

    def block(
        self, nodes: Sequence[ast.stmt], env: Env, *, last: bool, keep: Iterable[str] = ()
    ) -> Step:
        """A block; whatever isn't translated is a hole in it. `last` says that its end is the
        function's, `keep` are names that are read behind it."""
        ...

    def done(self, node: ast.stmt) -> None:
        """Notes a statement that was translated together with the one around it."""
        ...

    def forget(self, node: ast.stmt) -> str:
        """Takes back what was noted of a statement itself, and gives where it ended."""
        ...

    def behind(self, node: ast.stmt) -> ast.stmt | None:
        """The next statement of the same block."""
        ...

    def before(self, node: ast.stmt) -> ast.stmt | None:
        """The statement in front of it in its block."""
        ...

    def is_last(self, node: ast.stmt) -> bool:
        """Whether a statement is the function's last one, in no other."""
        ...

    def pass_over(self, node: ast.stmt) -> None:
        """Notes a statement, with all inside of it, that is never reached."""
        ...

    def is_own(self, rust: str) -> bool:
        """Whether a variable was bound by the block that is being translated, so that it may be
        moved from."""
        ...

    def note(self, node: ast.stmt, spans: Sequence[Span]) -> None:
        """Notes what became of the statements inside of one that are translated elsewhere."""
        ...

    def is_any_done(self, nodes: Sequence[ast.stmt]) -> bool:
        """Whether any of these statements, or what is inside of them, is translated."""
        ...

    def text(self, line: int, end: int) -> tuple[str, ...]:
        """Python's lines from one to another (from 1), for a comment."""
        ...

    def later(self, node: ast.stmt, names: set[str]) -> set[str]:
        """Those names that the function reads behind a statement."""
        ...


@contextmanager
def blocking(blocks: Blocks, names: set[str]) -> Generator[None]:
    """Where no assignment may bind certain names."""
    before = set(blocks.blocked)
    blocks.blocked |= names
    try:
        yield
    finally:
        blocks.blocked = before


Rule = Callable[[Blocks, ast.stmt, Env, bool], Step]
