"""Statements of a dependency, followed one after the other along every way through them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from port_lsp.python.gates.code import assigned, decides, rest_of
from port_lsp.python.gates.expressions import Expressions
from port_lsp.python.gates.trees import either, seen_refusal
from port_lsp.python.gates.values import (
    NOTHING,
    Const,
    Env,
    Exc,
    Frame,
    Known,
    Next,
    Object,
    Opaque,
)
from port_lsp.types import auth as t

_EVERY = ("Exception", "BaseException")
_CAUGHT = {
    "http": ("HTTPException", "StarletteHTTPException"),
    "decode": (
        *("PyJWTError", "InvalidTokenError", "JWTError", "DecodeError", "InvalidSignatureError"),
        *("JOSEError", "JoseError", "JWTClaimsError", "InvalidSignature"),
    ),
    "expired": (
        "ExpiredSignatureError",
        "PyJWTError",
        "InvalidTokenError",
        "JWTError",
        "JOSEError",
    ),
    "key": ("KeyError", "LookupError"),
}
_ROUNDS = 8  # of a loop that is followed


class Statements(Expressions):
    """Follows statements."""

    def block(self, nodes: Sequence[ast.stmt], env: Env, frame: Frame, then: Next) -> t.Tree:
        """Statements one after the other; `then` is what comes behind them."""
        if not nodes:
            return then(env)
        node, rest = nodes[0], nodes[1:]
        self.step()

        def further(after: Env) -> t.Tree:
            return self.block(rest, after, frame, then)

        if isinstance(node, ast.Return):
            if node.value is None:
                return frame.returns(NOTHING, env)
            return self.value(node.value, env, frame, frame.returns)
        if isinstance(node, ast.Raise):
            return self._raise(node, env, frame)
        if isinstance(node, ast.If):
            return self._if(node, env, frame, further)
        if isinstance(node, ast.Try):
            return self._try(node, env, frame, further)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            inner = env
            for one in node.items:
                if isinstance(one.optional_vars, ast.Name):
                    inner = inner.bind(one.optional_vars.id, Opaque(one.optional_vars.id))
            return self.block(node.body, inner, frame, further)
        if isinstance(node, (ast.For, ast.AsyncFor)):
            return self._for(node, env, frame, further)
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            return self._assign(node, env, frame, further)
        if isinstance(node, ast.Expr):
            return self._expression(node, env, frame, further)
        if isinstance(node, (ast.While, ast.Match)) and decides([node]):
            return self.hole(node, frame, "a loop or a match")
        return further(self._forget(env, [node]))

    def hole(self, node: ast.stmt, frame: Frame, why: str) -> t.Hole:
        """From a statement on it isn't known what is done."""
        end = None
        if frame.function is not None and (found := self.code.of(frame.function)) is not None:
            end = found[0].end_lineno
        return t.Hole(rest_of(frame.lines, node, end), seen_refusal(node), why)

    def _forget(self, env: Env, nodes: list[ast.stmt]) -> Env:
        for name in sorted(assigned(nodes)):
            env = env.bind(name, Opaque(name))
        return env

    def _expression(self, node: ast.Expr, env: Env, frame: Frame, further: Next) -> t.Tree:
        value = node.value
        if isinstance(value, (ast.Yield, ast.YieldFrom)):
            if value.value is None:
                return frame.returns(NOTHING, env)
            return self.value(value.value, env, frame, frame.returns)
        if not self.may_refuse(value, frame, env):
            return further(env)
        return self.value(value, env, frame, lambda _, after: further(after))

    def _assign(
        self, node: ast.Assign | ast.AnnAssign, env: Env, frame: Frame, further: Next
    ) -> t.Tree:
        if node.value is None:
            return further(env)
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]

        def bound(value: Known, after: Env) -> t.Tree:
            for target in targets:
                after = self.bind(target, value, after)
            return further(after)

        return self.value(node.value, env, frame, bound)

    # Ways that part

    def _if(self, node: ast.If, env: Env, frame: Frame, further: Next) -> t.Tree:
        merged = self._first_of(node, env, frame)
        if merged is not None:
            return further(merged)
        if not decides([node]) and not any(
            self.may_refuse(one, frame, env) for one in [*node.body, *node.orelse]
        ):
            plain = [*node.body, *node.orelse]
            if not any(isinstance(one, (ast.Assign, ast.AnnAssign)) for one in plain):
                return further(self._forget(env, plain))

        def unread(yes: t.Tree, no: t.Tree, text: str) -> t.Tree:
            return either(self.hole(node, frame, f"whether `{text}`"), yes, no)

        return self.condition(
            node.test,
            env,
            frame,
            lambda after: self.block(node.body, after, frame, further),
            lambda after: self.block(node.orelse, after, frame, further),
            unread,
        )

    def _first_of(self, node: ast.If, env: Env, frame: Frame) -> Env | None:
        """`if token is None …: token = request.cookies.get("token")`: the name holds the first of
        both; None for what isn't of that form."""
        if len(node.body) != 1 or node.orelse or not isinstance(node.body[0], ast.Assign):
            return None
        target, value = node.body[0].targets[0], node.body[0].value
        if not isinstance(target, ast.Name):
            return None
        known = env.names.get(target.id)
        absent = ast.unparse(node.test)
        other = self.plainly(value, env, frame)
        if not isinstance(other, t.Carried):
            return None
        first = absent.startswith((f"not {target.id}", f"{target.id} is None"))
        if isinstance(known, t.Carried) and first and t.Missing(known) not in env.known:
            return env.bind(target.id, t.Carried((*known.sources, *other.sources)))
        there = self.plainly(node.test, env, frame)
        if known == NOTHING and (there == other or self.is_in(node.test, env, frame, other)):
            return env.bind(target.id, other)
        return None

    def _raise(self, node: ast.Raise, env: Env, frame: Frame) -> t.Tree:
        if node.exc is None:
            known = env.names.get("")
            raised = known if isinstance(known, Exc) else Exc("other")
            return frame.raises(raised, env)

        def thrown(value: Known, after: Env) -> t.Tree:
            if isinstance(value, Exc) and not (value.kind == "http" and not value.status):
                return frame.raises(value, after)
            text = ast.unparse(node)
            hole = self.hole(node, frame, f"what `{text.splitlines()[0]}` answers")
            return t.Hole(hole.python, seen_refusal(node), hole.why)

        return self.value(node.exc, env, frame, thrown)

    def _try(self, node: ast.Try, env: Env, frame: Frame, further: Next) -> t.Tree:
        def caught(exc: Exc, at: Env) -> t.Tree:
            for handler in node.handlers:
                if _catches(handler, exc):
                    inner = at.bind("", exc)
                    if handler.name is not None:
                        inner = inner.bind(handler.name, exc)
                    return self.block(handler.body, inner, frame, further)
            return frame.raises(exc, at)

        inside = frame._replace(raises=caught)
        return self.block(
            node.body, env, inside, lambda after: self.block(node.orelse, after, frame, further)
        )

    def _for(self, node: ast.For | ast.AsyncFor, env: Env, frame: Frame, further: Next) -> t.Tree:
        of = self.plainly(node.iter, env, frame)
        if isinstance(of, Const) and isinstance(of.value, tuple) and len(of.value) <= _ROUNDS:
            items = of.value

            def turn(at: int, after: Env) -> t.Tree:
                if at == len(items):
                    return further(after)
                bound = self.bind(node.target, Const(items[at]), after)
                return self.block(node.body, bound, frame, lambda last: turn(at + 1, last))

            return turn(0, env)
        if decides([node]):
            return self.hole(node, frame, f"what `{ast.unparse(node.iter)}` goes over")
        return further(self._forget(env, [node]))

    def bind(self, target: ast.expr, value: Known, env: Env) -> Env:
        """An assignment."""
        if isinstance(target, ast.Name):
            return env.bind(target.id, value)
        if isinstance(target, (ast.Tuple, ast.List)):
            items = value.parts if isinstance(value, Object) else ()
            for at, one in enumerate(target.elts):
                part = items[at][1] if at < len(items) else Opaque(ast.unparse(one))
                env = self.bind(one, part, env)
        return env


def _catches(handler: ast.ExceptHandler, exc: Exc) -> bool:
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {ast.unparse(one).rpartition(".")[2] for one in types}
    return bool(names.intersection((*_EVERY, *_CAUGHT.get(exc.kind, ()))))
