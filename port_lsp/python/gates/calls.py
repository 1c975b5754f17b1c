"""Calls in a dependency's body: of the backend's own functions, and of what has a meaning here."""

from __future__ import annotations

import ast
import builtins
import re

from port_lsp.python.classes import class_member
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.gates.code import body_of
from port_lsp.python.gates.conditions import presence
from port_lsp.python.gates.exceptions import Called, Exceptions
from port_lsp.python.gates.methods import AUTHORIZATION, BEARER, method
from port_lsp.python.gates.schemes import carried_by
from port_lsp.python.gates.tokens import claims_of
from port_lsp.python.gates.trees import branch
from port_lsp.python.gates.values import (
    NOTHING,
    SYMBOLIC,
    Column,
    Const,
    Env,
    Exc,
    Frame,
    Known,
    Next,
    Object,
    Opaque,
    Py,
    Query,
    Then,
)
from port_lsp.python.lower import lone_expression
from port_lsp.python.values import (
    Bound,
    Class,
    External,
    Function,
    Instance,
    Partial,
)
from port_lsp.types import auth as t

_DEEP = 8  # calls inside calls
_SAME = frozenset(("str", "int", "UUID", "cast", "bytes", "ObjectId", "Secret", "PydanticObjectId"))
_MADE = frozenset(("model_validate", "from_orm", "parse_obj", "model_construct", "construct"))
_CALLED = frozenset(("run_in_threadpool", "to_thread", "run_sync"))
_RAISING = frozenset(("one", "scalar_one"))
_BUILTINS = frozenset(dir(builtins))


# What a function is called that may refuse.
MAY_CHECK = re.compile(
    r"verif|valid|check|ensure|require|authori|authent|assert|enforce|permi|guard|den(?:y|ied)",
    re.I,
)


class Calls(Exceptions):
    """Follows calls."""

    def call(self, node: ast.Call, env: Env, frame: Frame, then: Then) -> t.Tree:
        """What comes of a call."""
        func, text = node.func, ast.unparse(node)
        super_call = isinstance(func, ast.Attribute) and ast.unparse(func.value) == "super()"
        if super_call:
            return self._super(node, env, frame, then)
        nodes = [*node.args, *(one.value for one in node.keywords)]

        def with_args(values: tuple[Known, ...], after: Env) -> t.Tree:
            count = len(node.args)
            words = {
                one.arg or "**": value
                for one, value in zip(node.keywords, values[count:], strict=True)
            }
            given = Called(values[:count], words)
            if isinstance(func, ast.Attribute):
                name = func.attr
                return self.value(
                    func.value,
                    after,
                    frame,
                    lambda of, at: self._method(of, name, given, node, at, frame, then),
                )
            return self._function(self.plainly(func, after, frame), given, node, after, frame, then)

        if isinstance(func, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
            return self.values(nodes, env, frame, with_args)
        return then(Opaque(text), env)

    def _method(
        self,
        of: Known,
        name: str,
        given: Called,
        node: ast.Call,
        env: Env,
        frame: Frame,
        then: Then,
    ) -> t.Tree:
        text = ast.unparse(node)
        if isinstance(of, Column) and not of.name:
            row = self.tables.of_model(of.model, name, given.args, given.words)
            if isinstance(row, t.Row) and name != "get_or_none":
                return self._found(row, env, frame, then)
            if row is not None:
                return then(row, env)
        found = self.tables.method(of, name, given.args, given.words)
        if found is None:
            found = method(of, name, given.args, text)
        if isinstance(found, Opaque):
            env = _marked(env, text, (of, *given.args, *given.words.values()))
        if isinstance(found, t.Row) and name in _RAISING:
            return self._found(found, env, frame, then)
        if found is not None:
            return then(found, env)
        if name in _MADE and given.args:
            return then(given.args[0], env)
        if isinstance(of, (Query, Opaque)):
            return then(Opaque(text), _marked(env, text, (of, *given.args, *given.words.values())))
        return self._function(self.attribute(of, name, ast.unparse(node.func)), given, node, env,
                              frame, then)  # fmt: skip

    def _found(self, row: t.Row, env: Env, frame: Frame, then: Then) -> t.Tree:
        """A lookup that fails where there is no such row."""
        return branch(
            t.Missing(row),
            env,
            lambda at: frame.raises(Exc("row"), at),
            lambda at: then(row, at),
        )

    def _function(
        self, of: Known, given: Called, node: ast.Call, env: Env, frame: Frame, then: Then
    ) -> t.Tree:
        text = ast.unparse(node)
        if isinstance(of, Column) and not of.name:  # a model made of what was looked up
            return then(Opaque(text), env)
        value = of.value if isinstance(of, Py) else None
        if isinstance(value, Partial):
            value = force(self.run, value.func)
        if isinstance(value, External):
            return self._external(value.name, given, node, env, frame, then)
        if isinstance(value, (Function, Bound)):
            return self.follow(value, given, env, frame, then, text)
        if isinstance(value, Class):
            return then(self.made(value, given, text, frame), env)
        if isinstance(value, Instance):
            member = class_member(self.run, value.cls, "__call__")
            if isinstance(member, Function):
                return self.follow(Bound(member, value), given, env, frame, then, text)
        env = _marked(env, text, (*given.args, *given.words.values()))
        return then(self.lift(evaluate(self.run, lone_expression(text), frame.scope), text), env)

    # The backend's own

    def follow(
        self,
        target: Function | Bound,
        given: Called,
        env: Env,
        frame: Frame,
        then: Then,
        text: str,
    ) -> t.Tree:
        """A function of the backend, followed in place."""
        function = target.function if isinstance(target, Bound) else target
        found = self.code.of(function)
        if found is None or self._depth(env) > _DEEP:
            every = (*given.args, *given.words.values())
            return then(Opaque(text), _marked(env, text, every))
        node, lines = found
        names: dict[str, Known] = {"\n": Const(self._depth(env) + 1)}
        params = list(function.definition.params)
        if isinstance(target, Bound) and params:
            names[params.pop(0).name] = Py(target.owner)
        elif function.owner is not None and params and params[0].name in ("self", "cls"):
            params.pop(0)
        args = list(given.args)
        for param in params:
            if param.star:
                names[param.name] = Opaque(param.name)
            elif param.name in given.words:
                names[param.name] = given.words[param.name]
            elif args and not param.keyword:
                names[param.name] = args.pop(0)
            elif param.default is not None:
                default = evaluate(self.run, param.default.expr, function.scope)
                names[param.name] = self.lift(default, param.default.text)
            else:
                names[param.name] = Opaque(param.name)

        def back(at: Env) -> Env:
            return Env(env.names, at.known)

        def returned(value: Known, at: Env) -> t.Tree:
            return then(value, back(at))

        def raised(exc: Exc, at: Env) -> t.Tree:
            return frame.raises(exc, back(at))

        inside = Frame(function.scope, lines, returned, raised, function)
        return self.block(
            body_of(node), Env(names, env.known), inside, lambda at: then(NOTHING, back(at))
        )

    def _depth(self, env: Env) -> int:
        known = env.names.get("\n")
        return known.value if isinstance(known, Const) and isinstance(known.value, int) else 0

    def _super(self, node: ast.Call, env: Env, frame: Frame, then: Then) -> t.Tree:
        """`await super().__call__(request)` of a security scheme's subclass."""
        own = env.names.get("self")
        value = own.value if isinstance(own, Py) else None
        carried = carried_by(self.run, value) if isinstance(value, Instance) else None
        if carried is None:
            return then(Opaque(ast.unparse(node)), env)
        return carried.ask(env, lambda at: then(carried.value, at), frame.raises)

    # What isn't the backend's

    def _external(
        self, name: str, given: Called, node: ast.Call, env: Env, frame: Frame, then: Then
    ) -> t.Tree:
        text, short = ast.unparse(node), name.rpartition(".")[2]
        first = given.args[0] if given.args else None
        if short == "HTTPException":
            return then(self.http(given, node, frame), env)
        claims = claims_of(name, given.args, given.words, self.settings.default)
        if claims is not None:
            late, bad = t.Bad(claims, expired=True), t.Bad(claims)
            return branch(
                late,
                env,
                lambda at: frame.raises(Exc("expired"), at),
                lambda at: branch(
                    bad,
                    at,
                    lambda after: frame.raises(Exc("decode"), after),
                    lambda after: then(claims, after),
                ),
            )
        if short == "get_authorization_scheme_param" and first == AUTHORIZATION:
            return then(Object((("0", Const("Bearer")), ("1", BEARER))), env)
        if short in _CALLED and isinstance(first, Py):
            return self._function(first, Called(given.args[1:], given.words), node, env, frame,
                                  then)  # fmt: skip
        if short in _SAME and given.args:
            return then(given.args[-1], env)
        if short in ("select", "query"):
            query = self.tables.method(Opaque(""), "select", given.args, given.words)
            return then(query or Opaque(text), env)
        if name == "builtins.dict" and isinstance(first, SYMBOLIC):
            return then(first, env)
        if name.startswith("builtins.") and short in _BUILTINS:
            return then(Opaque(text), env)
        return then(Opaque(text), _marked(env, text, (*given.args, *given.words.values())))

    def asked(self, node: ast.expr, env: Env, frame: Frame, yes: Next, no: Next) -> t.Tree | None:
        """`token.startswith("sk-")`, `secrets.compare_digest(key, settings.key)`."""
        if not isinstance(node, ast.Call):
            return None
        func = node.func
        values = [self.plainly(one, env, frame) for one in node.args]
        if isinstance(func, ast.Attribute) and func.attr == "startswith" and len(values) == 1:
            of, prefix = self.plainly(func.value, env, frame), values[0]
            if isinstance(prefix, Const) and isinstance(prefix.value, str):
                if of == AUTHORIZATION and prefix.value.lower().startswith("bearer"):
                    return branch(t.Missing(BEARER), env, no, yes)
                if isinstance(of, SYMBOLIC):
                    return branch(t.Begins(of, prefix.value), env, yes, no)
        if ast.unparse(func).endswith("compare_digest") and len(values) == 2:
            one, other = (Const(v.text) if isinstance(v, t.Text) else v for v in values)
            if isinstance(one, SYMBOLIC) and isinstance(other, SYMBOLIC):
                return branch(t.Same(one, other), env, yes, no)
            known = other if isinstance(one, Const) else one
            text = one if isinstance(one, Const) else other
            plain = text.value if isinstance(text, Const) else None
            if isinstance(known, SYMBOLIC) and isinstance(plain, str):
                return branch(t.Among(known, (plain,)), env, yes, no)
        if ast.unparse(func) == "bool" and len(values) == 1:
            return presence(values[0], env, yes, no)
        return None

    def may_refuse(self, node: ast.AST, frame: Frame, env: Env) -> bool:
        """Whether a piece of code calls a function of the backend that raises something."""
        for one in ast.walk(node):
            if isinstance(one, ast.Raise):
                return True
            if not isinstance(one, ast.Call):
                continue
            written = ast.unparse(one.func)
            if written.endswith("decode") and len(one.args) + len(one.keywords) > 1:
                return True
            if MAY_CHECK.search(written):
                return True
            of = self.plainly(one.func, env, frame)
            value = of.value if isinstance(of, Py) else None
            function = value.function if isinstance(value, Bound) else value
            if isinstance(function, Function) and self._raises(function):
                return True
        return False

    def _raises(self, function: Function) -> bool:
        found = self.code.of(function)
        if found is None:
            return False
        return any(isinstance(one, ast.Raise) for one in ast.walk(found[0]))


def _marked(env: Env, text: str, values: tuple[Known, ...]) -> Env:
    """Remembers a call that isn't followed, if it may be what checks the request's credential."""
    told = any(isinstance(one, SYMBOLIC) and not isinstance(one, t.Setting) for one in values)
    told = told or any(isinstance(one, Opaque) and one.text == "request" for one in values)
    return env.unfollowed(text) if told or MAY_CHECK.search(text.partition("(")[0]) else env
