"""Runs the functions in which routers are made, as far as routers are concerned.

Every branch is taken, and what only one of them registers is registered under its condition. What
isn't known is `UNKNOWN`; nothing here fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from port_lsp.facts.items import Unresolved
from port_lsp.facts.source import SourceFile
from port_lsp.rust import expressions as ir
from port_lsp.rust.branches import Branch, joined
from port_lsp.rust.calls import apply, call, call_chain, called_macro
from port_lsp.rust.declared import FnItem, MacroItem
from port_lsp.rust.frames import Frame
from port_lsp.rust.lookup import value_of_path
from port_lsp.rust.memo import Memo, Record
from port_lsp.rust.modules import Modules
from port_lsp.rust.moduletree import Found
from port_lsp.rust.values import (
    DIVERGED,
    NOTHING,
    UNKNOWN,
    Function,
    Lambda,
    Many,
    Routes,
    Struct,
    Text,
    Unknown,
    Value,
)

_SPACES = re.compile(r"\s+")
_TIGHT = re.compile(r"(?<=[(\[]) | (?=[.)\]])")
_MOST_ITEMS = 200  # items of a list that a loop runs over


class Interpreter:
    """What one run over the crates finds. `live` are the routers that nothing has taken yet."""

    def __init__(
        self, files: Mapping[str, SourceFile], modules: Modules, memo: Memo | None = None
    ) -> None:
        self.files = files
        self.modules = modules
        self.memo = memo if memo is not None else Memo()
        self.live: dict[int, Routes] = {}
        self.record = self.recorded(Record())
        self.local_members: dict[tuple[str, str], Found] = {}
        self.conditions: list[str] = []
        self.running: list[tuple[str, str, int]] = []
        self.budget = 100_000
        self._data: dict[tuple[str, str], bytes] = {}

    # Text

    def data(self, frame: Frame) -> bytes:
        """The bytes of the frame's chunk."""
        key = (frame.file, frame.chunk)
        found = self._data.get(key)
        if found is None:
            file = self.files[frame.file]
            found = self._data[key] = file.chunk_bytes(file.by_id[frame.chunk])
        return found

    def text(self, frame: Frame, start: int, end: int) -> str:
        """A range of the chunk as written, white space squeezed."""
        text = self.data(frame)[start:end].decode("utf-8", "replace").strip()
        if "\n" in text or "  " in text:
            text = _TIGHT.sub("", _SPACES.sub(" ", text))
        return text

    def described(self, frame: Frame, expr: ir.Expr) -> str:
        """An expression as written, closures in it as `<closure>`."""
        if isinstance(expr, ir.Closure):
            return "<closure>"
        found = sorted(_closures(expr))
        if not found:
            return self.text(frame, expr.start, expr.end)
        parts: list[str] = []
        at = expr.start
        for start, end in found:
            parts += (self.text(frame, at, start), "<closure>")
            at = end
        return "".join((*parts, self.text(frame, at, expr.end)))

    # Notes

    def site(self, frame: Frame, at: int, outcome: str = "resolved", reason: str = "") -> None:
        """What became of a call site; the best outcome of several runs counts."""
        self.record.site((frame.file, frame.chunk, at), outcome, reason)

    def looks_at(self, found: Found) -> None:
        """Something of an item's chunk goes into what is being run."""
        self.record.chunks.add((found.module.file, found.chunk))

    def unreadable(
        self, frame: Frame, at: int, construct: str, reason: str, known: str = ""
    ) -> None:
        """A place where something is registered that can't be read."""
        place = frame.place(at, at + len(construct))
        one = Unresolved(place, construct, reason, known)
        self.record.unresolved.setdefault(place, one)
        self.site(frame, at, "unresolved", reason)

    def is_own_macro(self, expr: ir.Macro, frame: Frame) -> bool:
        """Whether a macro is of the project and registers: then it is listed itself."""
        name = expr.name[-1] if expr.name else ""
        local = frame.declared(name)
        registers = local.registers if isinstance(local, MacroItem) else None
        return bool(self.modules.macro(name) if registers is None else registers)

    def recorded(self, record: Record) -> Record:
        """From now on, what happens goes into this record."""
        self.record = record
        self.modules.asked = record.names
        return record

    # Routers

    def apply(self, callee: Function | Lambda, args: list[Value]) -> Value:
        """Calls a function or closure of the tree."""
        return apply(self, callee, args)

    def born(self, value: Routes, *taken: Value) -> Routes:
        """A new router, which has taken others in."""
        for other in taken:
            self.live.pop(id(other), None)
        self.live[id(value)] = value
        return value

    def take(self, value: Value) -> None:
        """A router went into something else."""
        self.live.pop(id(value), None)

    # Evaluation

    def evaluate(self, expr: ir.Expr, frame: Frame) -> Value:
        """What an expression comes to; what it registers is noted."""
        self.budget -= 1
        if self.budget < 0 or frame.diverged:
            return UNKNOWN
        return self._EVALUATE[type(expr)](self, expr, frame)

    def _text_literal(self, expr: ir.Str, frame: Frame) -> Value:
        return Text(expr.value)

    def _path(self, expr: ir.Path, frame: Frame) -> Value:
        return value_of_path(self, expr, frame)

    def _call(self, expr: ir.Call, frame: Frame) -> Value:
        return call(self, expr, frame)

    def _chain(self, expr: ir.Chain, frame: Frame) -> Value:
        return call_chain(self, expr, frame)

    def _macro(self, expr: ir.Macro, frame: Frame) -> Value:
        return called_macro(self, expr, frame)

    def _field(self, expr: ir.Field, frame: Frame) -> Value:
        owner = self.evaluate(expr.receiver, frame)
        if isinstance(owner, Struct):
            return owner.fields.get(expr.name, UNKNOWN)
        if isinstance(owner, Routes) and expr.name == "0":
            return owner
        if isinstance(owner, Many) and expr.name.isdigit() and int(expr.name) < len(owner.items):
            return owner.items[int(expr.name)]
        return UNKNOWN

    def _closure(self, expr: ir.Closure, frame: Frame) -> Value:
        return Lambda(expr, frame)

    def _tuple(self, expr: ir.Tuple, frame: Frame) -> Value:
        return Many(tuple(self.evaluate(item, frame) for item in expr.items))

    def _struct(self, expr: ir.StructLiteral, frame: Frame) -> Value:
        named = value_of_path(self, expr.path, frame)
        made = named if isinstance(named, Struct) else Struct(expr.path.segments[-1], None, {})
        fields: dict[str, Value] = {}
        if expr.base is not None:
            base = self.evaluate(expr.base, frame)
            if isinstance(base, Struct):
                fields |= base.fields
        for name, value in expr.fields:
            fields[name] = self.evaluate(value, frame)
        return Struct(made.type_name, made.type, fields)

    def _binary(self, expr: ir.Binary, frame: Frame) -> Value:
        left, right = self.evaluate(expr.left, frame), self.evaluate(expr.right, frame)
        if expr.operator in ("+", "+=") and isinstance(left, Text):
            value = Text(left.value + (right.value if isinstance(right, Text) else "{?}"))
            if expr.operator == "+=":
                self._store(expr.left, value, frame)
            return value
        return UNKNOWN

    def _return(self, expr: ir.Return, frame: Frame) -> Value:
        value = self.evaluate(expr.value, frame) if expr.value is not None else NOTHING
        condition = " and ".join(frame.conditions) or None
        frame.returns.append((condition, value))
        frame.diverged = True
        return DIVERGED

    def _assign(self, expr: ir.Assign, frame: Frame) -> Value:
        self._store(expr.target, self.evaluate(expr.value, frame), frame)
        return NOTHING

    def _store(self, target: ir.Expr, value: Value, frame: Frame) -> None:
        if isinstance(target, ir.Path) and len(target.segments) == 1:
            frame.assign(target.segments[0], value)
        elif isinstance(target, ir.Field):
            owner = self.evaluate(target.receiver, frame)
            if isinstance(owner, Struct):
                owner.fields[target.name] = value
        elif isinstance(target, ir.Tuple) and isinstance(value, Many):
            for item, part in zip(target.items, value.items, strict=False):
                self._store(item, part, frame)

    def _opaque(self, expr: ir.Opaque, frame: Frame) -> Value:
        for part in expr.parts:
            self.evaluate(part, frame)
        return UNKNOWN

    # Statements

    def block(self, expr: ir.Block, frame: Frame) -> Value:
        """A block's value; what it binds and declares is gone behind it."""
        frame.scopes.append({})
        if expr.items:
            declared: dict[str, list[Any]] = {}
            for item in expr.items:
                declared.setdefault(item.name, []).append(item)
                if isinstance(item, FnItem) and item.owner:
                    found = Found(frame.module, frame.chunk, item, frame.outer)
                    self.local_members[item.owner, item.name] = found
            frame.items.append(declared)
        try:
            for statement in expr.statements:
                self.statement(statement, frame)
                if frame.diverged:
                    return DIVERGED
            return self.evaluate(expr.value, frame) if expr.value is not None else NOTHING
        finally:
            frame.scopes.pop()
            if expr.items:
                frame.items.pop()

    def statement(self, statement: ir.Statement, frame: Frame) -> Value:
        """One statement."""
        if isinstance(statement, ir.Let):
            self._let(statement, frame)
            return NOTHING
        if isinstance(statement, ir.Conditional):
            return self._conditional(statement, frame)
        value = self.evaluate(statement, frame)
        if isinstance(value, Unknown) and value.diverges:
            frame.diverged = True
        return value

    def _let(self, statement: ir.Let, frame: Frame) -> None:
        value = self.evaluate(statement.value, frame) if statement.value else UNKNOWN
        if statement.other is not None:
            self.branch(
                statement.other,
                frame,
                f"!({self.text(frame, statement.start, statement.other.start)})",
            )
            frame.diverged = False
        self.bind(statement.pattern, value, frame)

    def bind(self, pattern: ir.Pattern, value: Value, frame: Frame) -> None:
        """Binds the names of a pattern."""
        kind = pattern.kind
        if kind == "name":
            frame.bind(pattern.name, value)
        elif kind == "wrapper":
            self.bind(pattern.parts[0], value, frame)
        elif kind == "tuple" and isinstance(value, Many):
            for part, item in zip(pattern.parts, value.items, strict=False):
                self.bind(part, item, frame)
        elif kind == "tuple" and isinstance(value, Routes) and pattern.parts:
            # What gives a pair of which we know one: utoipa's split_for_parts.
            self.bind(pattern.parts[0], value, frame)
            for part in pattern.parts[1:]:
                self.bind(part, UNKNOWN, frame)
        elif kind == "struct":
            for part in pattern.parts:
                of = value.fields.get(part.name, UNKNOWN) if isinstance(value, Struct) else UNKNOWN
                self.bind(part.parts[0], of, frame)
        else:
            if isinstance(value, Routes) and id(value) in self.live:  # `_`: it is dropped
                self.record.dropped.append(self.live.pop(id(value)))
            for part in pattern.parts:
                self.bind(part, UNKNOWN, frame)

    # Branches

    def _conditional(self, expr: ir.Conditional, frame: Frame) -> Value:
        body = expr.body
        if not isinstance(body, ir.Let):
            return self._choose([(expr.condition, body)], frame, None)
        pattern = body.pattern
        before = frame.lookup(pattern.name) if pattern.kind == "name" else None
        self.conditions.append(expr.condition)
        self._let(body, frame)
        self.conditions.pop()
        after = frame.lookup(pattern.name) if pattern.kind == "name" else None
        if before is not None and after is not None and before is not after:
            either = joined([(f"!({expr.condition})", before), (expr.condition, after)])
            if isinstance(either, Routes):
                self.born(either, before, after)
            frame.bind(pattern.name, either)
        return NOTHING

    def _if(self, expr: ir.If, frame: Frame) -> Value:
        condition = self.text(frame, *expr.condition)
        frame.scopes.append({})
        for pattern, value in expr.lets:
            self.bind(pattern, self.evaluate(value, frame), frame)
        if expr.test is not None:
            self.evaluate(expr.test, frame)
        branches: list[tuple[str, ir.Statement]] = [(condition, expr.then)]
        otherwise = f"!({condition})"
        if expr.other is not None:
            branches.append((otherwise, expr.other))
        value = self._choose(branches, frame, None if expr.other is not None else otherwise)
        frame.scopes.pop()
        return value

    def _match(self, expr: ir.Match, frame: Frame) -> Value:
        subject = self.evaluate(expr.value, frame)
        named = self.text(frame, expr.value.start, expr.value.end)
        branches: list[tuple[str, ir.Statement]] = []
        binders: list[Callable[[], None]] = []
        for arm in expr.arms:
            end = arm.guard[1] if arm.guard else arm.pattern_text[1]
            pattern = self.text(frame, arm.pattern_text[0], end)
            branches.append((f"matches!({named}, {pattern})", arm.value))
            binders.append(lambda arm=arm: self.bind(arm.pattern, subject, frame))
        return self._choose(branches, frame, None, binders)

    def _choose(
        self,
        branches: list[tuple[str, ir.Statement]],
        frame: Frame,
        otherwise: str | None,
        binders: list[Callable[[], None]] | None = None,
    ) -> Value:
        """Takes every branch from the same state, then joins values and variables.

        `otherwise` is the condition under which none of them is taken, None where one always is.
        """
        before = [dict(scope) for scope in frame.scopes]
        ends: list[tuple[str | None, list[dict[str, Value]]]] = []
        values: list[Branch] = []
        for index, (condition, body) in enumerate(branches):
            frame.scopes.append({})
            if binders is not None:
                binders[index]()
            value = self.branch(body, frame, condition)
            frame.scopes.pop()
            values.append((condition, value))
            if not frame.diverged:
                ends.append((condition, [dict(scope) for scope in frame.scopes]))
            frame.diverged = False
            for scope, old in zip(frame.scopes, before, strict=True):
                scope.clear()
                scope.update(old)
        alone = len(branches) == 1 and otherwise is None  # a statement under a `cfg`
        if otherwise is not None or alone:
            values.append((otherwise, NOTHING))
            ends.append((otherwise or f"!({branches[0][0]})", before))
        if not ends:
            frame.diverged = True
            return DIVERGED
        self._join_scopes(frame, ends)
        value = joined(values)
        self._reborn(value, [of for _, of in values])
        return value

    def branch(self, body: ir.Statement, frame: Frame, condition: str) -> Value:
        """One branch under its condition."""
        self.conditions.append(condition)
        frame.conditions.append(condition)
        value = self.statement(body, frame)
        frame.conditions.pop()
        self.conditions.pop()
        return DIVERGED if frame.diverged else value

    def _join_scopes(
        self, frame: Frame, ends: list[tuple[str | None, list[dict[str, Value]]]]
    ) -> None:
        for index, scope in enumerate(frame.scopes):
            for name in scope:
                found: list[Branch] = [(condition, end[index][name]) for condition, end in ends]
                value = joined(found)
                if value is not scope[name]:
                    scope[name] = value
                    self._reborn(value, [of for _, of in found])

    def _reborn(self, value: Value, parts: list[Value]) -> None:
        """A router that came of several branches is alive where one of them was."""
        if isinstance(value, Many):
            kept = {id(item) for item in value.items}
            before = [item for part in parts if isinstance(part, Many) for item in part.items]
            gone = [item for item in before if id(item) not in kept]
            new = kept - {id(item) for item in before}
            for item in value.items:
                if isinstance(item, Routes) and id(item) in new:
                    self.born(item, *gone)
        if not isinstance(value, Routes) or any(value is part for part in parts):
            return
        if any(id(part) in self.live for part in parts):
            self.born(value, *parts)

    def _for(self, expr: ir.For, frame: Frame) -> Value:
        items: list[Value] = [UNKNOWN]
        if expr.iterable is not None:
            over = self.evaluate(expr.iterable, frame)
            if isinstance(over, Many):
                items = list(over.items[:_MOST_ITEMS])
        for item in items:
            frame.scopes.append({})
            if expr.pattern is not None:
                self.bind(expr.pattern, item, frame)
            self.evaluate(expr.body, frame)
            frame.scopes.pop()
            frame.diverged = False
        return NOTHING

    def const(self, found: Found, expr: ir.Expr, type_name: str | None) -> Value:
        """The value of a const or static."""
        key = found.identity
        if key in self.running:
            return UNKNOWN
        self.looks_at(found)
        self.running.append(key)
        value = self.evaluate(expr, Frame(found.module, found.chunk, found.qualified, type_name))
        self.running.pop()
        return value

    _EVALUATE: ClassVar[dict[type, Callable[[Interpreter, Any, Frame], Value]]] = {
        ir.Str: _text_literal,
        ir.Path: _path,
        ir.Call: _call,
        ir.Chain: _chain,
        ir.Field: _field,
        ir.Macro: _macro,
        ir.Closure: _closure,
        ir.If: _if,
        ir.Match: _match,
        ir.For: _for,
        ir.Tuple: _tuple,
        ir.StructLiteral: _struct,
        ir.Binary: _binary,
        ir.Return: _return,
        ir.Assign: _assign,
        ir.Opaque: _opaque,
        ir.Block: block,
        ir.Conditional: _conditional,
    }


def _closures(expr: ir.Expr) -> list[tuple[int, int]]:
    """The ranges of the closures in an expression, outermost ones only."""
    if isinstance(expr, ir.Closure):
        return [(expr.start, expr.end)]
    parts: tuple[ir.Expr, ...] = ()
    if isinstance(expr, ir.Call):
        parts = expr.args
    elif isinstance(expr, ir.Chain):
        parts = (expr.receiver, *(arg for link in expr.links for arg in link.args))
    elif isinstance(expr, ir.Tuple):
        parts = expr.items
    elif isinstance(expr, (ir.Macro,)):
        parts = expr.args
    return [found for part in parts for found in _closures(part)]
