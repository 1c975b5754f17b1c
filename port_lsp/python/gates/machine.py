"""A dependency as a gate: its parameters first, as FastAPI solves them, then its body."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from port_lsp.python import syntax as ir
from port_lsp.python.annotations import peel
from port_lsp.python.classes import class_member
from port_lsp.python.dependant import Dependant, merged
from port_lsp.python.depended import Depended, of_param
from port_lsp.python.evaluate import evaluate, force
from port_lsp.python.gates.calls import Calls
from port_lsp.python.gates.code import AnyFunction, body_of
from port_lsp.python.gates.ends import claims_in, filled, knows, nodes, unfollowed
from port_lsp.python.gates.methods import in_jar
from port_lsp.python.gates.names import TooLongError
from port_lsp.python.gates.queries import Tables
from port_lsp.python.gates.schemes import carried_by
from port_lsp.python.gates.settingnames import SettingNames
from port_lsp.python.gates.trees import FAILED, UNKNOWN, branch
from port_lsp.python.gates.values import (
    NOTHING,
    SYMBOLIC,
    Const,
    Env,
    Exc,
    Frame,
    Jar,
    Known,
    Next,
    Object,
    Opaque,
    Py,
    Then,
)
from port_lsp.python.guards import guard_of
from port_lsp.python.requested import parameter_info
from port_lsp.python.values import Bound, Function, Instance, Made, Partial, Scope, Value
from port_lsp.types import auth as t

if TYPE_CHECKING:
    from port_lsp.python.interpret import Interpreter

_REQUESTS = ("Request", "HTTPConnection", "WebSocket")
_PLACES: dict[str, t.Place] = {"Header": "header", "Cookie": "cookie", "Query": "query"}


class Machine(Calls):
    """Makes gates. State: those that were made, by their keys, each behind what it rests on."""

    def __init__(self, run: Interpreter, settings: SettingNames, tables: Tables) -> None:
        """Of a backend that was read."""
        super().__init__(run, settings, tables)
        self.gates: dict[str, t.Gate] = {}
        self._busy: set[str] = set()

    def gate(self, one: Depended) -> t.Gate | None:
        """The gate that a dependency is; None for one that refuses nobody and knows nobody."""
        made_with = self._made_with(one)
        key = _key(one, made_with)
        if key in self.gates:
            return self.gates[key]
        if key in self._busy:
            return None
        self._busy.add(key)
        steps, self._steps = self._steps, 0
        try:
            tree = filled(self._tree(one), self._source(one))
        except (TooLongError, RecursionError):
            tree = self._closed(one, "it is too long to follow")
        self._steps = steps
        self._busy.discard(key)
        guard = guard_of(merged(Dependant(), [(one.name, one.dependant)]))
        if guard.level != "public" and all(isinstance(n, (t.Pass, t.Branch)) for n in nodes(tree)):
            tree = self._closed(one, f"what `{one.name}` asks for")
        if guard.level == "public" and not knows(tree):
            return None
        self.gates[key] = t.Gate(key, one.name, tree, guard.level, made_with, self._source(one))
        return self.gates[key]

    def _tree(self, one: Depended) -> t.Tree:
        def returns(value: Known, at: Env) -> t.Tree:
            unread = unfollowed(at)
            if unread:
                return t.Hole((), UNKNOWN, f"what `{unread}` does")
            if isinstance(value, SYMBOLIC) and not isinstance(value, t.Text):
                return t.Pass(value)
            if isinstance(value, Object) and (claims := claims_in(value)) is not None:
                return t.Pass(claims)
            return t.Pass(is_none=value == NOTHING)

        return self._solve(one, Env(), returns, one.scopes)

    def _solve(
        self,
        one: Depended,
        env: Env,
        then: Then,
        scopes: Sequence[str],
    ) -> t.Tree:
        """What a dependency gives, followed in place."""
        target = one.target
        if isinstance(target, Partial):
            target = force(self.run, target.func)
        if isinstance(target, (Made, Instance)):
            carried = carried_by(self.run, target)
            member = (
                class_member(self.run, target.cls, "__call__")
                if isinstance(target, Instance)
                else None
            )
            if isinstance(member, Function) and isinstance(target, Instance):
                target = Bound(member, target)
            elif carried is not None:
                return carried.ask(env, lambda at: then(carried.value, at), _unhandled)
            else:
                return then(Opaque(one.name), env)
        if not isinstance(target, (Function, Bound)):
            return then(Py(target), env)
        function = target.function if isinstance(target, Bound) else target
        found = self.code.of(function)
        if found is None:
            return then(Opaque(one.name), env)
        node, lines = found
        names: dict[str, Known] = {}
        params = list(function.definition.params)
        if isinstance(target, Bound) and params:
            names[params.pop(0).name] = Py(target.owner)

        def back(at: Env) -> Env:
            return Env(env.names, at.known)

        def returned(value: Known, at: Env) -> t.Tree:
            return then(value, back(at))

        frame = Frame(function.scope, lines, returned, _unhandled, function)
        return self._params(
            params,
            Env(names, env.known),
            frame,
            tuple(scopes),
            lambda at: self.block(body_of(node), at, frame, lambda end: then(NOTHING, back(end))),
        )

    def _params(
        self,
        params: Sequence[ir.Param],
        env: Env,
        frame: Frame,
        scopes: tuple[str, ...],
        then: Next,
    ) -> t.Tree:
        if not params:
            return then(env)
        param, rest = params[0], params[1:]

        def bound(value: Known, at: Env) -> t.Tree:
            return self._params(rest, at.bind(param.name, value), frame, scopes, then)

        if param.star:
            return bound(Opaque(param.name), env)
        depended = of_param(self.run, param, frame.scope)
        if depended is not None:
            return self._depended(depended, env, frame, scopes, bound)
        written = param.annotation.text if param.annotation else ""
        if any(written.rstrip("\"' ").endswith(name) for name in _REQUESTS):
            return bound(Opaque("request"), env)
        if written.endswith("SecurityScopes"):
            asked = Const(tuple(scopes))
            return bound(Object((("scopes", asked), ("scope_str", Const(" ".join(scopes))))), env)
        return self._plain(param, env, frame.scope, bound)

    def _depended(
        self,
        one: Depended,
        env: Env,
        frame: Frame,
        scopes: tuple[str, ...],
        then: Then,
    ) -> t.Tree:
        """A dependency of a dependency: another gate, or something that is followed in place."""
        one = one._replace(scopes=tuple(dict.fromkeys((*one.scopes, *scopes))))
        if isinstance(one.target, (Function, Bound, Instance)):
            gate = self.gate(one) if self._guards(one) else None
            if gate is not None:
                given = t.Given(gate.key)
                if self._finds_out(gate.tree):
                    env = env.learn(given, True)
                return t.Through(gate.key, then(given, env))
        return self._solve(one, env, then, one.scopes)

    def _finds_out(self, tree: t.Tree) -> bool:
        """Whether a gate checks a credential, and doesn't only take it."""
        for one in nodes(tree):
            if isinstance(one, t.Through) and self._finds_out(self.gates[one.gate].tree):
                return True
            test = one.test if isinstance(one, t.Branch) else None
            if isinstance(test, (t.Bad, t.Same, t.Among)):
                return True
            if isinstance(test, t.Missing) and isinstance(test.value, t.Row):
                return True
        return False

    def _guards(self, one: Depended) -> bool:
        """Whether a dependency is a gate of its own, and no mere reader of the request."""
        chain = one.dependant.chain
        if isinstance(one.target, Instance) and carried_by(self.run, one.target) is not None:
            own = class_member(self.run, one.target.cls, "__call__")
            return isinstance(own, Function)
        return any(hop.facts.denies or hop.facts.credential for hop in chain)

    def _plain(self, param: ir.Param, env: Env, scope: Scope, then: Then) -> t.Tree:
        """A parameter that the request carries."""
        metadata: list[Value] = []
        if param.annotation is not None:
            _, _, metadata = peel(self.run, param.annotation.expr, scope)
        default: Value = None
        if param.default is not None:
            default = evaluate(self.run, param.default.expr, scope)
        info = parameter_info(default, metadata)
        place = _PLACES.get(info.maker.name.rpartition(".")[2]) if info is not None else None
        if info is None or place is None:
            known = self.lift(default, param.name) if param.default is not None else None
            return then(known if isinstance(known, Py) else Opaque(param.name), env)
        alias = force(self.run, info.args.get(None, "alias"))
        name = alias if isinstance(alias, str) else param.name
        if place == "header" and not isinstance(alias, str):
            name = name.replace("_", "-")
        carried = in_jar(Jar(place), name)
        given = info.args.get(0, "default")
        required = given is None and (param.default is None or default is info)
        optional = "None" in (param.annotation.text if param.annotation else "")
        if not required or optional:
            return then(carried, env)
        missing = {"type": "missing", "loc": [place, name], "msg": "Field required", "input": None}
        refused = t.Refuse(422, json.dumps([missing]))
        return branch(t.Missing(carried), env, lambda _: refused, lambda at: then(carried, at))

    def _closed(self, one: Depended, why: str) -> t.Hole:
        """A gate of which nothing could be read: it refuses."""
        return t.Hole(self._source(one), UNKNOWN, why)

    def _source(self, one: Depended) -> tuple[str, ...]:
        """The Python of a dependency."""
        target = one.target
        function = target.function if isinstance(target, Bound) else target
        if isinstance(target, Instance):
            function = class_member(self.run, target.cls, "__call__")
        found = self.code.of(function) if isinstance(function, Function) else None
        return _lines(found) if found is not None else (f"Depends({one.name})",)

    def _made_with(self, one: Depended) -> tuple[str, ...]:
        """What tells a dependency from others of its name: a factory's arguments, and scopes."""
        target, found = one.target, list[str]()
        values: list[Value] = []
        if isinstance(target, Function) and target.scope.parent is not None:
            values = [value for name, value in target.scope.names.items() if name != "__class__"]
        elif isinstance(target, (Instance, Partial)):
            values = [*target.args.positional, *target.args.keywords.values()]
        elif isinstance(target, Bound) and isinstance(target.owner, Instance):
            values = [*target.owner.args.positional, *target.owner.args.keywords.values()]
        for value in values:
            known = self.lift(value, "")
            if isinstance(known, Const):
                plain = known.value if isinstance(known.value, tuple) else (known.value,)
                found += [str(item) for item in plain if isinstance(item, str)]
        return tuple(dict.fromkeys((*found, *one.scopes)))


def _key(one: Depended, made_with: tuple[str, ...]) -> str:
    target = one.target.function if isinstance(one.target, Bound) else one.target
    file = ""
    if isinstance(target, Function):
        file = target.place.file
    elif isinstance(target, Instance):
        file = target.cls.place.file
    return f"{file}::{one.name}({', '.join(made_with)})"


def _unhandled(exc: Exc, _: Env) -> t.Tree:
    """An exception that nobody catches: FastAPI answers it where it is its own."""
    if exc.kind != "http":
        return FAILED
    return t.Refuse(exc.status, exc.detail) if exc.status else UNKNOWN


def _lines(found: tuple[AnyFunction, tuple[str, ...]]) -> tuple[str, ...]:
    node, lines = found
    return tuple(lines[node.lineno - 1 : node.end_lineno])
