"""How a crate writes its handlers, answered nearest first: as the handlers that are linked from the
same backend file do it, as those beside them, as most of the crate, as the framework's guide."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar, cast

from port_lsp.facts.items import Endpoint, Guard, GuardLevel
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.extractors import Asked, Extractor, own_extractors
from port_lsp.patterns.endpoints.handlers import Handler, Neighbours, vote
from port_lsp.patterns.endpoints.keepers import keepers
from port_lsp.patterns.endpoints.overrides import Overrides
from port_lsp.patterns.endpoints.says import GuardWay, Returns, Says, StateWay
from port_lsp.patterns.endpoints.validation import Validation
from port_lsp.patterns.endpoints.written import symbol_of
from port_lsp.rust.scopes import Scopes
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Symbol, named, symbol

_Asks = ParamSpec("_Asks")
_Answer = TypeVar("_Answer")
# How strict a level is.
RANKS: dict[GuardLevel, int] = {"public": 0, "unknown": 1, "user": 1, "role": 2, "scope": 2}
_ADMIN = re.compile(r"admin|superuser|staff", re.I)
_AXUM: dict[Asked, Symbol] = {
    "body": symbol("axum::Json"),
    "query": symbol("axum::extract::Query"),
    "path": symbol("axum::extract::Path"),
    "form": symbol("axum::Form"),
    "parts": symbol("axum::Json"),
}
_ACTIX: dict[Asked, Symbol] = {
    "body": symbol("actix_web::web::Json"),
    "query": symbol("actix_web::web::Query"),
    "path": symbol("actix_web::web::Path"),
    "form": symbol("actix_web::web::Form"),
    "parts": symbol("actix_web::web::Json"),
}


def _once(
    answer: Callable[Concatenate[Conventions, _Asks], _Answer],
) -> Callable[Concatenate[Conventions, _Asks], _Answer]:
    """A question whose answer stands for as long as its Conventions do: all handlers are looked
    at but once."""

    @functools.wraps(answer)
    def known(self: Conventions, *args: _Asks.args, **kwargs: _Asks.kwargs) -> _Answer:
        key = (answer.__name__, args, tuple(kwargs.items()))
        if key not in self.answers:
            self.answers[key] = answer(self, *args, **kwargs)
        return cast("_Answer", self.answers[key])

    return known


class Conventions:
    """The answers for the handlers of one backend file."""

    def __init__(self, desk: Desk, neighbours: Neighbours, backend_file: str) -> None:
        """Reads nothing yet; each question is answered when it is asked."""
        self._desk = desk
        self.answers: dict[object, object] = {}
        self.groups = neighbours.groups(backend_file)
        self.axum = desk.framework == "axum"
        self._overrides = Overrides(desk)
        self.says = Says(desk)
        self.own = own_extractors(desk)

    @property
    def _scopes(self) -> Scopes:
        return self._desk.workshop.scopes

    @_once
    def state(self) -> i.Param | None:
        """The parameter that takes the application's state; None where handlers take none."""
        way = self._state()
        return self._overrides.param("state") or (way.param if way is not None else None)

    @_once
    def state_generics(self) -> tuple[i.Generic, ...]:
        """The type parameters that the state's parameter speaks of."""
        way = None if self._overrides.param("state") is not None else self._state()
        return way.generics if way is not None else ()

    @_once
    def _state(self) -> StateWay | None:
        return vote(self.groups, self.says.state_of)

    @_once
    def extractor(self, takes: Asked) -> Symbol:
        """What takes a part of the request: as siblings take it, else one of the crate's that has
        the usual name, else the framework's. Raises KeyError for a part that only the crate's own
        could take, where there is none (`has_extractor`)."""
        configured = self._overrides.extractor(takes)
        if configured is not None:
            return configured
        found = vote(self.groups, lambda one: self.says.extractor_of(one, takes))
        return found or self.own.taking(takes) or (_AXUM if self.axum else _ACTIX)[takes]

    def has_extractor(self, takes: Asked) -> bool:
        """Whether there is anything that takes such a part of the request as a type of serde."""
        named = self._overrides.extractor(takes) or self.own.taking(takes)
        return named is not None or takes in _AXUM

    @_once
    def validating(self, takes: Asked) -> Extractor | None:
        """What takes a part of the request and runs the validators of its type."""
        around = self._overrides.extractor("valid")
        if around is not None and self.has_extractor(takes):
            return Extractor(self.extractor(takes), around, checks=True)
        found = vote(self.groups, lambda one: self.says.validating_of(one, takes))
        return found or self.own.validating(takes)

    def optional(self, takes: Asked, *, checked: bool) -> Extractor:
        """What takes a part of the request that need not be there, inside an Option: axum's own,
        where the crate's can't be in one."""
        found = (self.validating(takes) if checked else None) or Extractor(self.extractor(takes))
        outer = found.around or found.symbol
        can_be = not self.is_ours(outer) or outer.name in self.own.optional
        return found if can_be or not self.axum else Extractor(_AXUM[takes])

    @_once
    def validation(self) -> Validation | None:
        """The call by which handlers run validators themselves; None where it isn't known what
        their errors become, or nothing may fail."""
        if self.returns(GuardWay("nothing")).result is None:
            return None
        found = vote(self.groups, self.says.validation_of)
        return found or (Validation() if self.own.converts_errors else None)

    def validates(self, takes: Asked) -> bool:
        """Whether the validators of what is taken are run, by an extractor or by a call."""
        return self.validating(takes) is not None or self.validation() is not None

    def is_own(self, takes: Asked) -> bool:
        """Whether a part of the request is taken by a type of the crate's own."""
        return self.is_ours(self.extractor(takes))

    def is_ours(self, symbol: Symbol) -> bool:
        """Whether something is declared in the crate, and not by a framework."""
        return self._scopes.is_ours(symbol.path)

    @_once
    def json(self) -> Symbol:
        """What answers with JSON in axum: what handlers return, whatever reads their bodies."""
        return vote(self.groups, self.says.json_of) or _AXUM["body"]

    @_once
    def returns(self, way: GuardWay) -> Returns:
        """What results are wrapped in; where the guard is a check that returns an error, what the
        handler that has such a check gives."""
        configured = self._overrides.result()
        if configured is not None:
            fixed = None if self.axum else named("actix_web::HttpResponse")
            return Returns(*configured, fixed)
        found = vote(self.groups, self.says.returns_of)
        if way.by == "check" and (found is None or found.result is None):
            found = vote(
                [[one for one in self.groups[-1] if one.key == way.seen]], self.says.returns_of
            )
        if found is not None:
            return found
        return Returns(fixed=None if self.axum else named("actix_web::HttpResponse"))

    @_once
    def visibility(self) -> i.Visibility:
        """Whether handlers are public."""
        public = self._overrides.visibility()
        if public is None:
            public = vote(self.groups, lambda one: one.item.public)
        return "pub" if public or public is None else ""

    @_once
    def level(self, guard: Guard) -> GuardLevel:
        """Who may call an endpoint of the backend: what its guard says, or what the crate makes
        of the same guard elsewhere, whichever is stricter. A guard that is called after an
        administrator counts as a role's: to be too strict is the lesser evil."""
        named = self._named(guard.name) if guard.name else []
        seen = vote([named], _strictest) or "public"
        found = seen if RANKS[seen] > RANKS[guard.level] else guard.level
        if RANKS[found] == RANKS["user"] and _ADMIN.search(guard.name or ""):
            return "role"
        return found

    def guard(
        self, level: GuardLevel, name: str | None, endpoint: Endpoint | None = None
    ) -> GuardWay | None:
        """How the crate lets in a level of callers: as where it stands for the same guard of the
        backend (by its name), else by extractors that are called like the dependencies of the
        endpoint that is ported, else as nearby; None where nothing of it is known."""
        if level == "public":
            return GuardWay("nothing")
        asked = "role" if level in ("role", "scope") else "user"
        configured = self._overrides.param(asked)
        if configured is not None:
            return GuardWay("extractor", configured)
        way = self._guard_named(asked, name)
        if endpoint is not None and (way is None or way.by == "extractor"):
            way = keepers(self._desk).way(endpoint) or way
        if way is None:
            way = self._guard_nearby(asked)
        if way is None or way.by != "check":
            return way
        every = (one for group in (self._named(name), *self.groups) for one in group)
        seen = next((one.key for one in every if self.says.guard_of(one, asked) == way), "")
        return GuardWay(way.by, way.param, way.check, seen)

    def _named(self, guard: str | None) -> list[Handler]:
        """The handlers that stand behind a guard of the backend."""
        return [one for one in self.groups[-1] if guard in one.guards]

    @_once
    def _guard_named(self, asked: str, name: str | None) -> GuardWay | None:
        return vote([self._named(name)], lambda one: self.says.guard_of(one, asked))

    @_once
    def _guard_nearby(self, asked: str) -> GuardWay | None:
        return vote(self.groups, lambda one: self.says.guard_of(one, asked))

    @_once
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


def _strictest(one: Handler) -> GuardLevel:
    """The strictest level of a handler's routes."""
    levels: list[GuardLevel] = [each.signature.guard.level for each in one.endpoints]
    return max(levels, key=lambda level: RANKS[level])
