"""How a crate writes its handlers, answered nearest first: as the handlers that are linked from the
same backend file do it, as those beside them, as most of the crate, as the framework's guide."""

from __future__ import annotations

import re
from typing import Literal

from port_lsp.facts.items import Guard, GuardLevel
from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.handlers import Handler, Neighbours, vote
from port_lsp.patterns.endpoints.overrides import Overrides
from port_lsp.patterns.endpoints.written import alias_of, symbol_of, type_of
from port_lsp.rust.extracted import Takes, extracted
from port_lsp.rust.scopes import Scopes
from port_lsp.rust.typetable import arguments, head
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol, Type, named, symbol

GuardBy = Literal["extractor", "middleware", "check", "nothing"]
# How strict a level is.
RANKS: dict[GuardLevel, int] = {"public": 0, "unknown": 1, "user": 1, "role": 2, "scope": 2}
_ADMIN = re.compile(r"admin|superuser|staff", re.I)
_JSON = re.compile(r"(?:\w+::)*\bJson\b(?=\s*<)")
_STATES = frozenset({"State", "Data", "Extension"})
_AXUM = {
    "body": symbol("axum::Json"),
    "query": symbol("axum::extract::Query"),
    "path": symbol("axum::extract::Path"),
    "form": symbol("axum::Form"),
}
_ACTIX = {
    "body": symbol("actix_web::web::Json"),
    "query": symbol("actix_web::web::Query"),
    "path": symbol("actix_web::web::Path"),
    "form": symbol("actix_web::web::Form"),
}
_NAMES = {"body": "Json", "query": "Query", "path": "Path", "form": "Form"}


class GuardWay(Record, frozen=True):
    """How the crate keeps out who may not call: by a parameter, before the handler, or by a check
    in its body (`check` is what is looked at there, as written). `seen` are handlers that do so."""

    by: GuardBy
    param: i.Param | None = None
    check: str = ""
    seen: str = ""


class Returns(Record, frozen=True):
    """What a handler's result is wrapped in: `Result<_, error>`, the crate's alias, or nothing.

    `fixed` is what it always answers, whatever the model: actix' HttpResponse.
    """

    result: Symbol | None = None
    error: AnyType | None = None
    fixed: AnyType | None = None

    def around(self, answer: AnyType) -> AnyType:
        """The return type of a handler that answers so."""
        inner = self.fixed or answer
        if self.result is None:
            return inner
        return Type(self.result, (inner,) if self.error is None else (inner, self.error))


class Conventions:
    """The answers for the handlers of one backend file."""

    def __init__(self, desk: Desk, neighbours: Neighbours, backend_file: str) -> None:
        """Reads nothing yet; each question is answered when it is asked."""
        self._desk = desk
        self.groups = neighbours.groups(backend_file)
        self.axum = desk.framework == "axum"
        self._overrides = Overrides(desk)

    @property
    def _scopes(self) -> Scopes:
        return self._desk.workshop.scopes  # another one after each trial

    def state(self) -> i.Param | None:
        """The parameter that takes the application's state; None where handlers take none."""
        return self._overrides.param("state") or vote(self.groups, self.state_of)

    def extractor(self, takes: Takes) -> Symbol:
        """What takes the body, query, path or form: the framework's, or one of the crate's that
        has its name."""
        configured = self._overrides.extractor(takes)
        if configured is not None:
            return configured
        found = vote(self.groups, lambda one: self.extractor_of(one, takes))
        return found or (_AXUM if self.axum else _ACTIX)[takes]

    def json(self) -> Symbol:
        """What answers with JSON in axum: what handlers return, whatever reads their bodies."""
        return vote(self.groups, self._json_of) or _AXUM["body"]

    def returns(self, way: GuardWay) -> Returns:
        """What results are wrapped in; where the guard is a check that returns an error, what the
        handler that has such a check gives."""
        configured = self._overrides.result()
        if configured is not None:
            fixed = None if self.axum else named("actix_web::HttpResponse")
            return Returns(*configured, fixed)
        found = vote(self.groups, self.returns_of)
        if way.by == "check" and (found is None or found.result is None):
            found = vote([[one for one in self.groups[-1] if one.key == way.seen]], self.returns_of)
        if found is not None:
            return found
        return Returns(fixed=None if self.axum else named("actix_web::HttpResponse"))

    def visibility(self) -> i.Visibility:
        """Whether handlers are public."""
        public = self._overrides.visibility()
        if public is None:
            public = vote(self.groups, lambda one: one.item.public)
        return "pub" if public or public is None else ""

    def level(self, guard: Guard) -> GuardLevel:
        """Who may call an endpoint of the backend: what its guard says, or what the crate makes
        of the same guard elsewhere, whichever is stricter. A guard that is called after an
        administrator counts as a role's: to be too strict is the lesser evil."""
        named = [one for one in self.groups[-1] if guard.name and guard.name in one.guards]
        seen = vote([named], _strictest) or "public"
        found = seen if RANKS[seen] > RANKS[guard.level] else guard.level
        if RANKS[found] == RANKS["user"] and _ADMIN.search(guard.name or ""):
            return "role"
        return found

    def guard(self, level: GuardLevel, name: str | None) -> GuardWay | None:
        """How the crate lets in a level of callers: as where it stands for the same guard of the
        backend (by its name), else as nearby; None where nothing of it is known."""
        if level == "public":
            return GuardWay("nothing")
        asked = "role" if level in ("role", "scope") else "user"
        configured = self._overrides.param(asked)
        if configured is not None:
            return GuardWay("extractor", configured)
        groups = ([one for one in self.groups[-1] if name in one.guards], *self.groups)
        way = vote(groups, lambda one: self.guard_of(one, asked))
        if way is None or way.by != "check":
            return way
        every = (one for group in groups for one in group)
        seen = next((one.key for one in every if self.guard_of(one, asked) == way), "")
        return GuardWay(way.by, way.param, way.check, seen)

    def middleware(self, level: GuardLevel) -> tuple[Symbol, ...]:
        """The middleware that stands before handlers of a level and not before public ones, by its
        symbols; nothing where it is more than a name, or none is usual."""
        if level == "public":
            return ()
        asked = "role" if level in ("role", "scope") else "user"
        public = {
            name
            for one in self.groups[-1]
            for endpoint in one.endpoints
            if endpoint.signature.guard.level == "public"
            for name in endpoint.middleware
        }

        def says(one: Handler) -> tuple[Symbol, ...] | None:
            for endpoint in one.endpoints:
                if endpoint.signature.guard.level == asked and endpoint.reachable:
                    names = [name for name in endpoint.middleware if name not in public]
                    if all(name.replace("::", "").isidentifier() for name in names):
                        file = endpoint.registered.file
                        return tuple(symbol_of(self._scopes, file, name) for name in names)
            return None

        return vote(self.groups, says) or ()

    # What one handler says

    def extractor_of(self, one: Handler, takes: Takes) -> Symbol | None:
        """The type with the usual name by which a handler takes something."""
        for _, kind in one.item.params:
            if head(kind).rpartition("::")[2] == _NAMES[takes]:
                return symbol_of(self._scopes, one.file, head(kind))
        return None

    def state_of(self, one: Handler) -> i.Param | None:
        """The parameter by which a handler takes the state."""
        for pattern, kind in one.item.params:
            taken = extracted(pattern, kind)
            if taken is not None and taken.extractor in _STATES and arguments(kind):
                return self._param(one.file, pattern, kind, "state")
        return None

    def _param(self, file: str, pattern: str, kind: str, name: str) -> i.Param | None:
        """A parameter as it is written elsewhere."""
        written = type_of(self._scopes, file, kind)
        if written is None:
            return None
        outer, bracket, inside = pattern.partition("(")
        bound = (inside.rstrip(") ,") if bracket else outer).removeprefix("mut ")
        bound = bound.strip().lstrip("_")
        if not bound.isidentifier():
            bound = name
        if bracket and outer.strip().replace("::", "").isidentifier():
            of = symbol_of(self._scopes, file, outer.strip())
            return i.Param(b.TuplePattern(of, (b.Bind(bound),)), written)
        if bracket or not outer.strip().removeprefix("mut ").isidentifier():
            return i.Param(b.Bind(name), written)
        return i.Param(b.Bind(bound), written)

    def _json_of(self, one: Handler) -> Symbol | None:
        found = _JSON.search(one.item.returns or "")
        return symbol_of(self._scopes, one.file, found[0]) if found is not None else None

    def returns_of(self, one: Handler) -> Returns | None:
        """What a handler's result is wrapped in."""
        written = one.item.returns
        if written is None:
            return None
        outer, args = head(written), arguments(written)
        of = symbol_of(self._scopes, one.file, outer)
        alias = alias_of(self._scopes, of)
        if alias is not None and alias[1].target and head(alias[1].target).endswith("Result"):
            return self._wrapped(one, of, args[:1], None)
        if of.name == "Result" and len(args) == 2:
            return self._wrapped(one, of, args[:1], type_of(self._scopes, one.file, args[1]))
        if of.name == "Result":  # actix_web::Result
            return self._wrapped(one, of, args[:1], None)
        if self.axum:
            return Returns()
        fixed = type_of(self._scopes, one.file, written)
        return Returns(fixed=fixed if _is_answer(fixed) else named("actix_web::HttpResponse"))

    def _wrapped(
        self, one: Handler, result: Symbol, args: tuple[str, ...], error: AnyType | None
    ) -> Returns:
        fixed = None
        if not self.axum:
            inner = type_of(self._scopes, one.file, args[0]) if args else None
            fixed = inner if _is_answer(inner) else named("actix_web::HttpResponse")
        return Returns(result, error, fixed)

    def guard_of(self, one: Handler, level: str) -> GuardWay | None:
        """How a handler's first endpoint of this level lets callers in."""
        guard = next(
            (e.signature.guard for e in one.endpoints if e.signature.guard.level == level), None
        )
        if guard is None:
            return None
        by = {text.partition(" ")[0]: text for text in reversed(guard.evidence)}
        param = self._guard_param(one)
        if "check" in by:
            return GuardWay("check", param, by["check"].partition(": ")[2])
        if "middleware" in by and (param is None or level == "role"):
            return GuardWay("middleware", param)
        return GuardWay("extractor", param) if param is not None else None

    def _guard_param(self, one: Handler) -> i.Param | None:
        """The extractor of the crate's own that may refuse, among a handler's parameters."""
        crate = self._desk.snapshot.crate
        parts = crate.parts if crate is not None else ()
        gates = {part.name for part in parts if part.kind == "extractor"}
        for pattern, kind in one.item.params:
            taken = extracted(pattern, kind)
            if taken is None or taken.takes != "own" or taken.optional:
                continue
            if head(taken.type).rpartition("::")[2] in gates:
                return self._param(one.file, pattern, kind, "user")
        return None


def _strictest(one: Handler) -> GuardLevel:
    """The strictest level of a handler's routes."""
    levels: list[GuardLevel] = [each.signature.guard.level for each in one.endpoints]
    return max(levels, key=lambda level: RANKS[level])


def _is_answer(kind: AnyType | None) -> bool:
    """Whether a type is an answer whatever is in it."""
    return isinstance(kind, Type) and kind.head.name in ("HttpResponse", "Response")
