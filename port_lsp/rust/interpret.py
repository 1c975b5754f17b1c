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
from port_lsp.rust import control
from port_lsp.rust import expressions as ir
from port_lsp.rust.calls import apply, call, call_chain
from port_lsp.rust.declared import FnItem, MacroItem
from port_lsp.rust.frames import Frame
from port_lsp.rust.lookup import value_of_path
from port_lsp.rust.macro_calls import called_macro
from port_lsp.rust.memo import Memo
from port_lsp.rust.module import Found
from port_lsp.rust.modules import Modules
from port_lsp.rust.record import Identity, Record
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

_OWN_SCOPES = 2  # of a function's own block: its parameters', and that one
_SPACES = re.compile(r"\s+")
_TIGHT = re.compile(r"(?<=[(\[]) | (?=[.)\]])")


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
        # Whether a file names a function in code that wasn't followed, once all was run.
        self.named: dict[tuple[Identity, str], tuple[SourceFile, bool]] = {}

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
                self.memo.replay.changes(owner)
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
            own = len(self.running) == 1 and len(frame.scopes) == _OWN_SCOPES
            for statement in expr.statements:
                if own:  # the function's own block, and nobody calls it
                    self.memo.replay.run(self, statement, frame)
                else:
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
            self.let(statement, frame)
            return NOTHING
        if isinstance(statement, ir.Conditional):
            return self._conditional(statement, frame)
        value = self.evaluate(statement, frame)
        if isinstance(value, Unknown) and value.diverges:
            frame.diverged = True
        return value

    def let(self, statement: ir.Let, frame: Frame) -> None:
        """`let pattern = value else other`."""
        value = self.evaluate(statement.value, frame) if statement.value else UNKNOWN
        if statement.other is not None:
            otherwise = self.text(frame, statement.start, statement.other.start)
            control.branch(self, statement.other, frame, f"!({otherwise})")
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
        return control.conditional(self, expr, frame)

    def _if(self, expr: ir.If, frame: Frame) -> Value:
        return control.if_else(self, expr, frame)

    def _match(self, expr: ir.Match, frame: Frame) -> Value:
        return control.match_arms(self, expr, frame)

    def _for(self, expr: ir.For, frame: Frame) -> Value:
        return control.loop(self, expr, frame)

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
