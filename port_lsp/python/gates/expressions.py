"""Expressions of a dependency's body: what each stands for, along every way that it may take."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from port_lsp.python.attributes import attribute
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.gates.code import Code
from port_lsp.python.gates.conditions import compared, presence
from port_lsp.python.gates.methods import item_of, part_of
from port_lsp.python.gates.queries import Tables, equality
from port_lsp.python.gates.settingnames import SettingNames
from port_lsp.python.gates.trees import UNKNOWN, branch
from port_lsp.python.gates.values import (
    NOTHING,
    Column,
    Const,
    Env,
    Exc,
    Frame,
    Known,
    Next,
    Object,
    Opaque,
    Plain,
    Py,
    Then,
)
from port_lsp.python.lower import lone_expression
from port_lsp.python.values import Class, Instance, ModuleRef, Unknown, Value
from port_lsp.types import auth as t

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

Unread = Callable[[t.Tree, t.Tree, str], t.Tree]
_MOST = 3000  # expressions and statements that are followed for one gate


class TooLongError(Exception):
    """A body that takes too many steps to follow."""


class Expressions(ABC):
    """Follows expressions."""

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

    def begin(self) -> None:
        """Counts anew."""
        self._steps = 0

    @abstractmethod
    def call(self, node: ast.Call, env: Env, frame: Frame, then: Then) -> t.Tree:
        """A call."""

    @abstractmethod
    def may_refuse(self, node: ast.AST, frame: Frame, env: Env) -> bool:
        """Whether a piece of code calls something that may end the request."""

    def value(self, node: ast.expr, env: Env, frame: Frame, then: Then) -> t.Tree:
        """What comes of an expression; `then` gets its value."""
        self.step()
        text = ast.unparse(node)
        if isinstance(node, ast.Constant):
            return then(_const(node.value, text), env)
        if isinstance(node, ast.Name):
            return then(self.name(node.id, env, frame), env)
        if isinstance(node, (ast.Await, ast.Starred)):
            return self.value(node.value, env, frame, then)
        if isinstance(node, ast.Attribute):
            return self.value(
                node.value,
                env,
                frame,
                lambda of, after: then(self.attribute(of, node.attr, text), after),
            )
        if isinstance(node, ast.Subscript):
            return self._item(node, env, frame, then)
        if isinstance(node, ast.Call):
            return self.call(node, env, frame, then)
        if isinstance(node, ast.NamedExpr):
            return self.value(
                node.value,
                env,
                frame,
                lambda value, after: then(value, after.bind(node.target.id, value)),
            )
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return self.values(
                node.elts, env, frame, lambda parts, after: then(_list(parts, text), after)
            )
        if isinstance(node, ast.JoinedStr):
            return then(self._joined(node, env, frame), env)
        if isinstance(node, (ast.IfExp, ast.BoolOp, ast.Compare, ast.UnaryOp)):
            return self._chosen(node, env, frame, then)
        return then(Opaque(text), env)

    def values(
        self,
        nodes: Sequence[ast.expr],
        env: Env,
        frame: Frame,
        then: Callable[[tuple[Known, ...], Env], t.Tree],
        done: tuple[Known, ...] = (),
    ) -> t.Tree:
        """Several expressions, one after the other."""
        if not nodes:
            return then(done, env)
        return self.value(
            nodes[0],
            env,
            frame,
            lambda value, after: self.values(nodes[1:], after, frame, then, (*done, value)),
        )

    def plainly(self, node: ast.expr, env: Env, frame: Frame) -> Known:
        """An expression's value where it is the same on every way."""
        found: list[Known] = []

        def keep(value: Known, _: Env) -> t.Tree:
            found.append(value)
            return t.Pass()

        def raised(_: Exc, __: Env) -> t.Tree:
            return UNKNOWN

        self.value(node, env, frame._replace(raises=raised), keep)
        return found[0] if len(found) == 1 else Opaque(ast.unparse(node))

    # Names

    def name(self, name: str, env: Env, frame: Frame) -> Known:
        """What a name stands for."""
        if name in env.names:
            return env.names[name]
        setting = self.settings.named(name, frame.scope.module.path)
        return setting or self.lift(evaluate(self.run, lone_expression(name), frame.scope), name)

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
            return self.lift(attribute(self.run, of.value, name), text)
        return self.settings.attribute(text.rpartition(".")[0], name) or Opaque(text)

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

    def _item(self, node: ast.Subscript, env: Env, frame: Frame, then: Then) -> t.Tree:
        text = ast.unparse(node)

        def found(of: Known, after: Env) -> t.Tree:
            name = self.plainly(node.slice, after, frame)
            item = item_of(of, name, text)
            if isinstance(of, Py):
                item = self.lift(
                    evaluate(self.run, lone_expression(text), frame.scope), text
                )  # a constant in a dict
            if isinstance(of, t.Claims):  # `payload["sub"]` fails where `.get` gives None
                test = t.Missing(t.Part(of, str(name.value if isinstance(name, Const) else "")))
                return branch(
                    test,
                    after,
                    lambda at: frame.raises(Exc("key"), at),
                    lambda at: then(item, at),
                )
            return then(item, after)

        return self.value(node.value, env, frame, found)

    def _joined(self, node: ast.JoinedStr, env: Env, frame: Frame) -> Known:
        parts: list[str] = []
        for one in node.values:
            inner = one.value if isinstance(one, ast.FormattedValue) else one
            value = self.plainly(inner, env, frame)
            if not isinstance(value, Const) or isinstance(value.value, tuple):
                return Opaque(ast.unparse(node))
            parts.append(str(value.value))
        return Const("".join(parts))

    # Conditions

    def _chosen(self, node: ast.expr, env: Env, frame: Frame, then: Then) -> t.Tree:
        """An expression whose value a condition decides."""
        text = ast.unparse(node)

        def opaque(yes: t.Tree, no: t.Tree, _: str) -> t.Tree:
            return yes if yes == no else then(Opaque(text), env)

        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            first = [self.plainly(one, env, frame) for one in node.values]
            carried = [one for one in first if isinstance(one, t.Carried)]
            if len(carried) == len(first):
                every = tuple(one for part in carried for one in part.sources)
                return then(t.Carried(tuple(dict.fromkeys(every))), env)
            if isinstance(first[0], t.Setting):  # `settings.secret or "default"`
                return then(first[0], env)
            return self.condition(
                node.values[0],
                env,
                frame,
                lambda after: then(self.plainly(node.values[0], after, frame), after),
                lambda after: self.value(node.values[-1], after, frame, then),
                opaque,
            )
        if isinstance(node, ast.IfExp):
            one = self.plainly(node.body, env, frame)
            other = self.plainly(node.orelse, env, frame)
            if isinstance(one, t.Carried) and (other == NOTHING or other == Const("")):
                return then(one, env)
            if isinstance(other, t.Carried) and one == NOTHING:
                return then(other, env)
            return self.condition(
                node.test,
                env,
                frame,
                lambda after: self.value(node.body, after, frame, then),
                lambda after: self.value(node.orelse, after, frame, then),
                opaque,
            )
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            left = self.plainly(node.left, env, frame)
            right = self.plainly(node.comparators[0], env, frame)
            if isinstance(node.ops[0], ast.Eq) and (found := equality(left, right)) is not None:
                return then(found, env)
            if isinstance(node.ops[0], ast.Is) and isinstance(left, Column):
                return then(Opaque(text), env)
        return self.condition(
            node,
            env,
            frame,
            lambda after: then(Const(value=True), after),
            lambda after: then(Const(value=False), after),
            opaque,
        )

    def condition(
        self, node: ast.expr, env: Env, frame: Frame, yes: Next, no: Next, unread: Unread
    ) -> t.Tree:
        """Which of two ways is taken; `unread` gets what both lead to, and the condition's text,
        where that isn't understood."""
        self.step()
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.condition(
                node.operand, env, frame, no, yes, lambda a, b, text: unread(b, a, text)
            )
        if isinstance(node, ast.BoolOp):
            first, rest = node.values[0], node.values[1:]
            other = ast.BoolOp(node.op, rest) if len(rest) > 1 else rest[0]

            def further(after: Env) -> t.Tree:
                return self.condition(other, after, frame, yes, no, unread)

            if isinstance(node.op, ast.And):
                return self.condition(first, env, frame, further, no, unread)
            return self.condition(first, env, frame, yes, further, unread)
        text = ast.unparse(node)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            op = node.ops[0]

            def compare(sides: tuple[Known, ...], after: Env) -> t.Tree:
                found = compared(sides[0], op, sides[1], after, yes, no)
                return found or unread(yes(after), no(after), text)

            return self.values([node.left, node.comparators[0]], env, frame, compare)
        found = self.asked(node, env, frame, yes, no)
        if found is not None:
            return found
        return self.value(
            node,
            env,
            frame,
            lambda value, after: (
                presence(value, after, yes, no) or unread(yes(after), no(after), text)
            ),
        )

    @abstractmethod
    def asked(self, node: ast.expr, env: Env, frame: Frame, yes: Next, no: Next) -> t.Tree | None:
        """A condition that is a call with a meaning of its own; None for another."""

    def is_in(self, node: ast.expr, env: Env, frame: Frame, value: Known) -> bool:
        """Whether a condition only asks whether a value is there."""
        tree = self.condition(
            node, env, frame, lambda _: t.Pass(is_none=True), lambda _: t.Pass(), lambda a, b, _: a
        )
        return isinstance(tree, t.Branch) and tree.test == t.Missing(value)  # pyright: ignore


def _const(value: object, text: str) -> Known:
    if value is None or isinstance(value, (str, int, float)):
        return Const(value)
    return Opaque(text)


def _list(parts: tuple[Known, ...], text: str) -> Known:
    plain: list[Plain] = []
    for one in parts:
        if not isinstance(one, Const) or isinstance(one.value, tuple):
            return Object(tuple((str(at), part) for at, part in enumerate(parts)))
        plain.append(one.value)
    return Const(tuple(plain)) if plain or text in ("[]", "()") else Opaque(text)
