"""The frame: the statements of a block in order, until the first that isn't translated.

A hole ends its block: its Python stands in comments, the rest of the function is translated behind
it where the hole is in an inner block. Every Python statement is noted with what became of it.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Sequence

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.reading import holes, without_unused
from port_lsp.patterns.translate.scene import Env, Scene, Span
from port_lsp.patterns.translate.statements import RULES
from port_lsp.patterns.translate.statements.conditions import stored
from port_lsp.patterns.translate.statements.step import Step
from port_lsp.patterns.translate.values import UntranslatedError, known
from port_lsp.writing.ir import body as b

BEHIND = "behind a hole"
_REASON = "not ported yet"


class Translated(Record, frozen=True):
    """A body in Rust; what became of each of Python's statements, in the order of their lines."""

    block: b.Block
    spans: tuple[Span, ...]

    @property
    def is_whole(self) -> bool:
        """Whether there is no hole in it."""
        return not any(one.left for one in self.spans) and not holes(self.block)


class Body(Record, frozen=True):
    """A Python function's body: its statements, the lines that they are numbered by (from 1), the
    last of them, the lines in front that nobody translates (dependencies that aren't called), and
    the names of its parameters."""

    nodes: tuple[ast.stmt, ...]
    lines: tuple[str, ...]
    end: int
    before: tuple[str, ...] = ()
    params: frozenset[str] = frozenset()


def translate(scene: Scene, body: Body, env: Env) -> Translated:
    """A body with the names that its parameters bind."""
    blocks = _Blocks(scene, body)
    step = blocks.block(body.nodes, env, last=True)
    spans = tuple(sorted(blocks.spans.values(), key=lambda one: (one.first, one.last)))
    return Translated(step.block, spans)


class _Blocks:
    """Translates the blocks of one function."""

    def __init__(self, scene: Scene, body: Body) -> None:
        self.scene, self._body = scene, body
        self.spans: dict[int, Span] = {}  # by the identity of the statement
        self._own: list[tuple[str, ...]] = []
        whole = ast.Module(list(body.nodes), [])
        scene.local = frozenset(stored(whole)) | body.params
        self._reads = [
            (one.lineno, one.id) for one in ast.walk(whole)
            if isinstance(one, ast.Name) and isinstance(one.ctx, (ast.Load, ast.Del))
        ]  # fmt: skip
        self._loops = [
            one for one in ast.walk(whole) if isinstance(one, (ast.For, ast.AsyncFor, ast.While))
        ]

    # Blocks

    def done(self, node: ast.stmt) -> None:
        """As `Blocks.done`."""
        self.spans[id(node)] = _span(node, "")

    def is_own(self, rust: str) -> bool:
        """As `Blocks.is_own`."""
        return rust not in self._own[-1]

    def later(self, node: ast.stmt, names: set[str]) -> set[str]:
        """As `Blocks.later`."""
        end = node.end_lineno or node.lineno
        found = {name for line, name in self._reads if line > end and name in names}
        for loop in self._loops:  # what stands in front of it comes behind it, too
            if loop.lineno < node.lineno and end <= (loop.end_lineno or 0):
                found |= {name for line, name in self._reads if line >= loop.lineno} & names
        return found

    def block(self, nodes: Sequence[ast.stmt], env: Env, *, last: bool) -> Step:
        """As `Blocks.block`."""
        self._own.append(env.bound if self._own else ())
        made: list[b.Statement] = []
        tail: b.Expr | None = None
        ends = False
        end = self._end(nodes)
        line = self._first(nodes)
        for at, node in enumerate(nodes):
            final = last and at == len(nodes) - 1
            try:
                step = self._step(node, env, last=final)
            except UntranslatedError as error:
                made.append(self._hole(line, end, env, first=not made))
                self._left(nodes[at:], error.construct)
                ends = True
                break
            made += self._comments(line, node)
            line = (node.end_lineno or node.lineno) + 1
            made += step.statements
            env, tail, ends = step.env, step.tail, step.ends
            if ends:
                self._dead(nodes[at + 1 :])
                break
        if last and not ends:
            try:
                tail = self.scene.answer.of(self.scene, known(None))
            except UntranslatedError:
                made.append(b.Hole((), _REASON, env.bound))
            ends = True
        self._own.pop()
        return Step(tuple(without_unused(made, tail)), env, tail, ends)

    def _step(self, node: ast.stmt, env: Env, *, last: bool) -> Step:
        rule = RULES.get(type(node))
        if rule is None:
            raise UntranslatedError(type(node).__name__)
        depth = len(self._own)
        functions, needs = self.scene.functions, self.scene.needs
        needed, called = needs.mark(), functions.mark() if functions is not None else None
        try:
            step = rule(self, node, env, last)
        except UntranslatedError:
            for one in _inner(node):
                self.spans.pop(id(one), None)
            del self._own[depth:]
            needs.back(needed)
            if functions is not None and called is not None:
                functions.back(called)
            raise
        self.done(node)
        return step

    # What is noted

    def _left(self, nodes: Sequence[ast.stmt], construct: str) -> None:
        """Notes statements, with all inside of them, as standing in a hole."""
        for at, node in enumerate(nodes):
            reason = construct if at == 0 else BEHIND
            self.spans[id(node)] = _span(node, reason)
            for one in _inner(node):
                self.spans[id(one)] = _span(one, BEHIND)

    def _dead(self, nodes: Sequence[ast.stmt]) -> None:
        """Notes statements that are never reached."""
        for node in nodes:
            for one in (node, *_inner(node)):
                self.done(one)

    # Text

    def _first(self, nodes: Sequence[ast.stmt]) -> int:
        """The first line of a block, with the comments above its first statement."""
        if not nodes:
            return self._body.end
        line = nodes[0].lineno
        while line > 1 and self._body.lines[line - 2].strip().startswith("#"):
            line -= 1
        return line

    def _end(self, nodes: Sequence[ast.stmt]) -> int:
        """The last line of a block, with comments of its indentation behind it."""
        if not nodes:
            return self._body.end
        line = nodes[-1].end_lineno or nodes[-1].lineno
        indent = nodes[0].col_offset
        at = line
        while at < self._body.end:
            text = self._body.lines[at]
            inside = len(text) - len(text.lstrip()) >= indent
            if text.strip() and not (text.strip().startswith("#") and inside):
                break
            at += 1
            line = at if text.strip() else line
        return line

    def _comments(self, line: int, node: ast.stmt) -> list[b.Statement]:
        """The comments between two statements."""
        lines = [one.strip() for one in self._body.lines[line - 1 : node.lineno - 1]]
        found = tuple(one.lstrip("#").removeprefix(" ") for one in lines if one.startswith("#"))
        return [b.Comment(found)] if found else []

    def _hole(self, line: int, end: int, env: Env, *, first: bool) -> b.Hole:
        text = textwrap.dedent("\n".join(self._body.lines[line - 1 : end])).strip("\n")
        lines = tuple(one.rstrip() for one in text.splitlines())
        before = self._body.before if first and len(self._own) == 1 else ()
        return b.Hole((*before, *lines), _REASON, env.bound)


def _span(node: ast.stmt, left: str) -> Span:
    return Span(node.lineno, node.end_lineno or node.lineno, type(node).__name__, left)


def _inner(node: ast.stmt) -> list[ast.stmt]:
    """The statements inside of one."""
    return [one for one in ast.walk(node) if isinstance(one, ast.stmt) and one is not node]
