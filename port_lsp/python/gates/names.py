"""Names and attributes in a dependency's body: what the code says they are, and settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from port_lsp.python.attributes import attribute
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.gates.code import Code
from port_lsp.python.gates.methods import part_of
from port_lsp.python.gates.queries import Tables
from port_lsp.python.gates.settingnames import SettingNames
from port_lsp.python.gates.values import Column, Const, Env, Frame, Known, Opaque, Py
from port_lsp.python.lower import lone_expression
from port_lsp.python.values import Class, Instance, ModuleRef, Unknown, Value

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_LITERAL = re.compile(rb"[rbf]?[\"']|\d|True\b|False\b|None\b|[\[({](?![^\n]*\w\()")
_MOST = 3000  # expressions and statements that are followed for one gate


class TooLongError(Exception):
    """A body that takes too many steps to follow."""


class Names:
    """Looks names up."""

    def __init__(self, run: Interpreter, settings: SettingNames, tables: Tables) -> None:
        """Of a backend that was read."""
        self.run, self.settings, self.tables = run, settings, tables
        self.code = Code(run)
        self._steps = 0

    def step(self) -> None:
        """Counts what was followed. Raises TooLongError."""
        self._steps += 1
        if self._steps > _MOST:
            raise TooLongError

    def name(self, name: str, env: Env, frame: Frame) -> Known:
        """What a name stands for."""
        if name in env.names:
            return env.names[name]
        setting = self.settings.named(name, frame.scope.module.path)
        if setting is not None:
            return setting
        found = self.lift(evaluate(self.run, lone_expression(name), frame.scope), name)
        if isinstance(found, Const) and not self._is_local(name, frame):
            fixed = self.settings.is_fixed(name, frame.scope.module.path)
            return found if fixed else Opaque(name)
        return found

    def _is_local(self, name: str, frame: Frame) -> bool:
        """Whether a name is bound in a function around this one: a factory's parameter."""
        at = frame.scope
        while at.parent is not None:
            if name in at.names:
                return True
            at = at.parent
        return False

    def attribute(self, of: Known, name: str, text: str) -> Known:
        """`value.name`."""
        if isinstance(of, Column):
            whole = not of.name and self.tables.has(of.model, name)
            return Column(of.model, name) if whole else Opaque(text)
        found = part_of(of, name, text)
        if found is not None:
            return found
        if isinstance(of, Py):
            holds = isinstance(of.value, (Instance, ModuleRef))
            setting = self.settings.attribute(text.rpartition(".")[0], name)
            if setting is not None and (holds or isinstance(of.value, (Class, Unknown))):
                return setting
            found = self.lift(attribute(self.run, of.value, name), text)
            if isinstance(found, Const) and not self._is_fixed(of.value, name, text):
                return Opaque(text)
            return found
        return self.settings.attribute(text.rpartition(".")[0], name) or Opaque(text)

    def _is_fixed(self, of: Value, name: str, text: str) -> bool:
        """Whether an attribute is what the code says, and nothing that is set from outside."""
        if isinstance(of, ModuleRef):
            return self.settings.is_fixed(name, of.path)
        if isinstance(of, Instance):  # what it was made with, or its class
            return text.startswith("self.") or self._is_fixed(of.cls, name, text)
        if not isinstance(of, Class):
            return True  # `status.HTTP_401_UNAUTHORIZED`, a literal's
        chunk = self.run.files[of.place.file].by_id.get(of.chunk)
        data = self.run.files[of.place.file].chunk_bytes(chunk) if chunk is not None else b""
        assigned = rf"(?m)^\s+{re.escape(name)}\s*(?::[^=\n]+)?=\s*([^\n]+)"
        found = re.search(assigned.encode(), data)
        return found is not None and _LITERAL.match(found[1]) is not None

    def lift(self, value: Value, text: str) -> Known:
        """A value of the code."""
        value = force(self.run, value)
        if value is None or isinstance(value, (str, int, float)):
            return Const(value)
        if isinstance(value, (list, tuple)):
            items = [force(self.run, one) for one in value]
            plain = [one for one in items if one is None or isinstance(one, (str, int, float))]
            return Const(tuple(plain)) if len(plain) == len(items) else Opaque(text)
        if isinstance(value, Class) and value.key in self.tables.models:
            return Column(value.key, "")
        return Opaque(text) if isinstance(value, Unknown) else Py(value)
