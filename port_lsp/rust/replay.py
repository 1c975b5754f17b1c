"""What the statements of a beginning did, kept from one reading to the next.

A program's `main` is run at every change of what it leads to, and most of its statements have
nothing to do with that: they read settings and open connections. One that registered nothing is
replayed as long as the variables that it names, and what it looked at, are the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from port_lsp.rust import expressions as ir
from port_lsp.rust.frames import Frame
from port_lsp.rust.record import Record
from port_lsp.rust.values import Function, Lambda, Many, Routes, Struct, Value

if TYPE_CHECKING:
    from port_lsp.rust.interpret import Interpreter

_WORD = re.compile(rb"[A-Za-z_]\w*")
_SHORTEST = 80  # bytes of a statement; to run a shorter one is as fast
_Scope = dict[str, Value]


class _Done(msgspec.Struct, frozen=True, eq=False):
    """What a statement did: the variables that it names, what they were, and what they became."""

    statement: ir.Statement
    seen: dict[str, Value | None]
    written: list[_Scope]
    record: Record

    def stands(self, frame: Frame) -> bool:
        """Whether the statement would do the same again."""
        return all(_same(frame.lookup(name), value) for name, value in self.seen.items())

    def holds(self, owner: Struct) -> bool:
        """Whether a value that was written is, or has in it, this one."""
        return any(_within(owner, one) for scope in self.written for one in scope.values())


class Replay:
    """What statements did, by where they stand."""

    def __init__(self) -> None:
        self._done: dict[tuple[str, str, int], _Done] = {}

    def run(self, run: Interpreter, statement: ir.Statement, frame: Frame) -> None:
        """Runs a statement of a beginning's own block, or does what it did before."""
        if statement.end - statement.start < _SHORTEST:
            run.statement(statement, frame)
            return
        key = (frame.file, frame.chunk, statement.start)
        known = self._done.get(key)
        if known is not None and known.statement is statement and known.stands(frame):
            for scope, written in zip(frame.scopes, known.written, strict=True):
                scope.update(written)
            run.record.absorb(known.record)
            return
        text = run.data(frame)[statement.start : statement.end]
        words = {word.decode() for word in _WORD.findall(text)}
        named = {name for scope in frame.scopes for name in scope} & words
        seen = {name: frame.lookup(name) for name in named}
        before = [dict(scope) for scope in frame.scopes]
        others = set(run.live), len(frame.returns), len(run.local_members)
        outer = run.record
        record = run.recorded(Record())
        record.chunks.add((frame.file, frame.chunk))
        run.statement(statement, frame)
        outer.absorb(record)
        run.recorded(outer)
        written = [
            {name: value for name, value in now.items() if was.get(name) is not value}
            for was, now in zip(before, frame.scopes, strict=True)
        ]
        same = others == (set(run.live), len(frame.returns), len(run.local_members))
        if same and record.whole and not record.dropped and not frame.diverged:
            values = [*seen.values(), *(one for scope in written for one in scope.values())]
            if all(_lasts(one) for one in values if one is not None):
                self._done[key] = _Done(statement, seen, written, record)

    def changes(self, owner: Struct) -> None:
        """A field of a value is about to be another: whoever made it must make it anew."""
        self._done = {key: one for key, one in self._done.items() if not one.holds(owner)}

    def forget(self, chunks: set[tuple[str, str]], names: set[str]) -> None:
        """Drops what looked at one of these chunks or asked for one of these names."""
        self._done = {
            key: one
            for key, one in self._done.items()
            if chunks.isdisjoint(one.record.chunks) and names.isdisjoint(one.record.names)
        }

    def clear(self) -> None:
        """Drops everything."""
        self._done.clear()


def _same(now: Value | None, then: Value | None) -> bool:
    return now is then or (not isinstance(now, Struct) and now == then)


def _lasts(value: Value) -> bool:
    """Whether a value means the same in a later reading, and is nobody's own."""
    if isinstance(value, Struct):
        return all(_lasts(field) for field in value.fields.values())
    if isinstance(value, Many):
        return all(_lasts(item) for item in value.items)
    return not isinstance(value, (Routes, Lambda, Function))


def _within(owner: Struct, value: Value) -> bool:
    if isinstance(value, Struct):
        return value is owner or any(_within(owner, one) for one in value.fields.values())
    return isinstance(value, Many) and any(_within(owner, one) for one in value.items)
