"""The frame: the statements of a block in order.

What isn't translated is a gap, with its Python in comments, behind which translation goes on; where
nothing of the block is reached behind it, or nothing else gives the function's value, it is a hole
that ends the block. Every Python statement is noted with what became of it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from port_lsp.facts.source import Record
from port_lsp.patterns.translate.aliases import shared_values
from port_lsp.patterns.translate.appstate.lending import changed_names, of_state
from port_lsp.patterns.translate.binding import always_ends, stored
from port_lsp.patterns.translate.bodytext import Body, Facts, Lines, inner
from port_lsp.patterns.translate.expressions.appstate import is_in_order
from port_lsp.patterns.translate.expressions.decoding import claimed_names
from port_lsp.patterns.translate.expressions.tokens import claim_names
from port_lsp.patterns.translate.gaps import REASON, Pending
from port_lsp.patterns.translate.mutating import changeable
from port_lsp.patterns.translate.noted import Noted
from port_lsp.patterns.translate.queries.builders import Building, is_run
from port_lsp.patterns.translate.reading import holes, mentions, without_unused
from port_lsp.patterns.translate.reshaping import changed_in, repeats, reshaped
from port_lsp.patterns.translate.scene import Env, Scene, Span
from port_lsp.patterns.translate.state import as_one, copies
from port_lsp.patterns.translate.statements import RULES
from port_lsp.patterns.translate.statements.changes import own_params, unchanged
from port_lsp.patterns.translate.statements.step import Changes, Region, Rule, Step, blocking
from port_lsp.patterns.translate.statements.transactions import (
    TRANSACTION,
    begins,
    begun,
    region_at,
)
from port_lsp.patterns.translate.tablemodels import with_rows
from port_lsp.patterns.translate.tidy import tidied
from port_lsp.patterns.translate.untranslated import Untranslated
from port_lsp.patterns.translate.values import (
    QUERY,
    NotMineError,
    UntranslatedError,
    VagueError,
    Val,
    known,
)
from port_lsp.patterns.translate.variables import Variables
from port_lsp.writing.imports import symbols_in
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import AnyType, Symbol


class Translated(Record, frozen=True):
    """A body in Rust; what became of each of Python's statements, in the order of their lines;
    the parameters that it lends to be changed."""

    block: b.Block
    spans: tuple[Span, ...]
    lent: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether there is no hole in it."""
        return not any(one.left for one in self.spans) and not holes(self.block)


_PASSES = 2  # that learn, before what is known must do


def translate(scene: Scene, body: Body, env: Env) -> Translated:
    """A body with the names that its parameters bind.

    Which variables are changed where they stand is learned in one pass and known in the next, until
    there is nothing more to learn."""
    scene.params = body.params
    scene.changed = changed_names(body.nodes)
    scene.lends = of_state(body.nodes, scene.changed)
    handlers = frozenset[str]() if scene.answer.plain else body.params
    scene.reshaped = reshaped(body.nodes, handlers)
    body = with_rows(scene, body, env)
    scene.claims = claim_names(scene, body.nodes)
    scene.claimed = claimed_names(scene, body.nodes)
    shared_with = shared_values(body.nodes, body.params - body.own)
    functions, needs = scene.functions, scene.needs
    needed, called = needs.mark(), functions.mark() if functions is not None else None
    known: dict[str, AnyType] = {}
    final, number, facts = False, 0, Facts(body)
    unbuilt: set[int] = set()
    while True:
        scene.variables = Variables(known, shared_with, is_final=final)
        blocks = _Blocks(scene, body, facts, unbuilt)
        before, names = own_params(scene, env, body.params)
        step = blocks.block(body.nodes, names, last=True)
        learned = scene.variables.learned()
        left = {at for at, one in blocks.built.items() if not is_run(one, step.block)}
        named = set(symbols_in(step.block)) if blocks.lifted else set[Symbol]()
        left |= {at for at, one in blocks.lifted.items() if one not in named}
        settled = final or (learned == known and not scene.variables.is_tentative)
        if settled and not left:
            break
        if settled:
            unbuilt |= (
                left  # builders that nobody runs, functions that nobody calls: these are gaps
            )
        else:
            number += 1
            final = learned == known or number == _PASSES
            known = learned
        needs.back(needed)
        if functions is not None and called is not None:
            functions.back(called)
        scene.fresh, scene.kept, scene.read = {}, set(), set()
        scene.handed = set()
        scene.shows, scene.seen, scene.filled = {}, set(), set()
    every = {id(one) for node in body.nodes for one in (node, *inner(node))}
    for one in body.passed:
        for each in (one, *inner(one)):
            if not isinstance(each, ast.Pass) or hasattr(each, "lineno"):
                every.add(id(each))
                blocks.done(each)
    noted = [span for of, span in blocks.spans.items() if of in every - body.added]
    spans = tuple(sorted(noted, key=lambda one: (one.first, one.last)))
    whole = b.Block((*before, *step.block.statements), step.block.tail)
    block, lent = changeable(tidied(unchanged(whole, scene.variables.rust)))
    return Translated(block, spans, lent)


class _Blocks(Noted):
    """Translates the blocks of one function."""

    def __init__(self, scene: Scene, body: Body, facts: Facts, unbuilt: set[int]) -> None:
        super().__init__()
        self.scene, self._body, self._facts = scene, body, facts
        self._lines = Lines(body)
        self.built: dict[int, Building] = {}
        self.unbuilt = unbuilt
        self._own: list[tuple[str, ...]] = []
        scene.local, scene.params, scene.once = facts.local, body.params, facts.once
        self.shared = facts.shared
        self.blocked = set(self.shared)
        self.committed: list[ast.stmt] = []
        self.changes: dict[int, Changes] = {}
        self.jumps: set[int] = set()
        self.lifted: dict[int, Symbol] = {}
        self.regions: list[Region] = []
        self._untranslated = Untranslated(scene)

    # Blocks

    def behind(self, node: ast.stmt) -> ast.stmt | None:
        """As `Blocks.behind`."""
        return self._facts.behind.get(id(node))

    def before(self, node: ast.stmt) -> ast.stmt | None:
        """As `Blocks.before`."""
        return self._facts.before.get(id(node))

    def is_last(self, node: ast.stmt) -> bool:
        """As `Blocks.is_last`."""
        return bool(self._body.nodes) and self._body.nodes[-1] is node

    def is_own(self, rust: str) -> bool:
        """As `Blocks.is_own`."""
        return rust not in self._own[-1]

    def later(self, node: ast.stmt, names: set[str]) -> set[str]:
        """As `Blocks.later`."""
        after = self._facts.live.after.get(id(node))
        if after is not None:
            return names & after
        end = node.end_lineno or node.lineno  # a part of a statement
        found = {name for line, name in self._facts.reads if line > end and name in names}
        for loop in self._facts.loops:  # what stands in front of it comes behind it, too
            if loop.lineno < node.lineno and end <= (loop.end_lineno or 0):
                found |= {name for line, name in self._facts.reads if line >= loop.lineno} & names
        return found

    def block(
        self, nodes: Sequence[ast.stmt], env: Env, *, last: bool, keep: Iterable[str] = ()
    ) -> Step:
        """As `Blocks.block`."""
        self._own.append(env.bound if self._own else ())
        made: list[b.Statement] = []
        tail: b.Expr | None = None
        ends = False
        pending: Pending | None = None
        line = self._lines.first(nodes)
        for at, node in enumerate(nodes):
            final = last and at == len(nodes) - 1
            try:
                step = self._step(node, env, last=final)
            except UntranslatedError as error:
                pending = pending or Pending(line, env)
                self.left(node, error.construct)
                ends = final or always_ends((node,))
                if ends:
                    stop = self._lines.end(nodes) if at == len(nodes) - 1 else node.end_lineno
                    made.append(self._hole(pending, stop or node.lineno, first=not made))
                    self.dead(nodes[at + 1 :])
                    break
                pending.add(self.scene, node, self._wanted(node))
                env = pending.env
                line = pending.last + 1
                continue
            if pending is not None:
                made.append(self._gap(pending, pending.last, first=not made))
                pending = None
            made += self._lines.comments(line, node)
            line = (node.end_lineno or node.lineno) + 1
            made += step.statements
            env, tail, ends = step.env, step.tail, step.ends
            if ends:
                self.dead(nodes[at + 1 :])
                break
        if pending is not None and not ends:
            made.append(self._gap(pending, self._lines.end(nodes), first=not made))
        if last and not ends:
            try:
                tail = self.scene.answer.of(self.scene, known(None))
            except UntranslatedError:
                made.append(b.Hole((), REASON, env.bound))
            ends = True
        self._own.pop()
        kept = [env.names[one].expr for one in keep if one in env.names and not ends]
        read = b.TupleOf((*kept, *((tail,) if tail is not None else ())))
        kept_too = without_unused(made, read)
        gone = _bound(made) - _bound(kept_too)  # this may be no block in Rust
        return Step(tuple(kept_too), env.unbound(gone) if gone else env, tail, ends)

    def _step(self, node: ast.stmt, env: Env, *, last: bool) -> Step:
        inside = region_at(self, node)
        before, self.scene.transaction = self.scene.transaction, inside.name if inside else ""
        region = begins(self, node, env) if inside is None and self._facts.commits else None
        try:
            if region is None:
                return self._by_rules(node, env, last=last)
            first = begun(self.scene, region)
            self.regions.append(region)
            self.scene.transaction = region.name
            there = Val(b.Name(region.name), QUERY, True, region.name)
            known = env.bind(TRANSACTION, there, region.name)
            step = self._by_rules(node, known, last=last)
            if not mentions(region.name, step.block):
                raise UntranslatedError("a write without its commit")
            return step._replace(statements=(first, *step.statements))
        except UntranslatedError:
            if region is not None and region in self.regions:
                self.regions.remove(region)
            raise
        finally:
            self.scene.transaction = before

    def _by_rules(self, node: ast.stmt, env: Env, *, last: bool) -> Step:
        key, own = self._untranslated.key(node, self.blocked, last=last), self._own[-1]
        failed = self._untranslated.of(key, env, own)
        if failed is not None:
            raise failed.with_traceback(None)  # which would grow each time
        try:
            return self._by_one(node, env, last=last)
        except UntranslatedError as error:
            self._untranslated.add(key, env, own, error)
            raise

    def _by_one(self, node: ast.stmt, env: Env, *, last: bool) -> Step:
        rules = RULES.get(type(node), ())
        first: UntranslatedError | None = None
        # What a test says of an attribute holds no longer than nobody assigns it.
        parts = changed_in(node, self.scene.reshaped)
        known = env.vague(parts) if parts and repeats(node) else env
        functions, needs = self.scene.functions, self.scene.needs
        needed, called = needs.mark(), functions.mark() if functions is not None else None
        for rule in rules:
            try:
                step = self._by(rule, node, known, last=last)
                return step._replace(env=step.env.vague(parts)) if parts else step
            except UntranslatedError as error:
                found = error
            needs.back(needed)
            if functions is not None and called is not None:
                functions.back(called)
            vague = (
                found.names - env.changeable(found.names) if isinstance(found, VagueError) else ()
            )
            if set(vague) - self.blocked:
                with blocking(self, set(vague)):
                    return self._by_rules(node, env, last=last)
            first = found if first is None or isinstance(first, NotMineError) else first
        raise first or UntranslatedError(type(node).__name__)

    def _by(self, rule: Rule, node: ast.stmt, env: Env, *, last: bool) -> Step:
        depth = len(self._own)
        outer, self.scene.held = self.scene.held, []
        try:
            step = self._in_order(rule(self, node, env, last), node, env)
        except (UntranslatedError, RecursionError) as error:
            self.forget_inside(node)
            del self._own[depth:]
            if isinstance(error, RecursionError):
                raise UntranslatedError("what is nested too deeply") from None
            raise
        finally:
            self.scene.held = outer
        self.became(node, step.left)
        if self.scene.lent:  # what was known of their parts somebody may have changed
            roots = set(self.scene.lent)
            names = [name for name, val in step.env.names.items() if val.root in roots]
            step = step._replace(env=step.env.vague(names))
            self.scene.lent.clear()
        return step

    def _in_order(self, step: Step, node: ast.stmt, env: Env) -> Step:
        """A statement behind what it reads of the state's locks."""
        read = (step.statements, step.tail)
        held = [one for one in self.scene.held or () if mentions(one.rust, read)]
        if not held:
            return step
        self.scene.held = held
        if isinstance(node, ast.While) or not is_in_order(self.scene, node, env):
            raise UntranslatedError("what the application's state holds at another time")
        return step._replace(statements=as_one(copies(held), step.statements))

    def _wanted(self, node: ast.stmt) -> set[str]:
        """The names that a statement binds and others read later, where one may say so."""
        return self.later(node, stored(node) - self.blocked)

    # Text

    def text(self, line: int, end: int) -> tuple[str, ...]:
        """As `Blocks.text`."""
        return self._lines.text(line, end)

    def _hole(self, pending: Pending, end: int, *, first: bool) -> b.Hole:
        return b.Hole(self._before(pending, end, first), REASON, pending.before.bound)

    def _gap(self, pending: Pending, end: int, *, first: bool) -> b.Gap:
        return pending.made(self._before(pending, end, first))

    def _before(self, pending: Pending, end: int, first: bool) -> tuple[str, ...]:
        before = self._body.before if first and len(self._own) == 1 else ()
        return (*before, *self.text(pending.first, end))


def _bound(statements: Sequence[b.Statement]) -> set[str]:
    """The variables that statements bind themselves."""
    lets = [one for one in statements if isinstance(one, (b.Let, b.Gap))]
    return {name for one in lets for name in bound(one.pattern)}
