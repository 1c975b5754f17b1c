"""What one handler of the crate says about how the crate writes handlers; worked out once for each
state of the crate."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Concatenate, Literal, ParamSpec, TypeVar, cast

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.extractors import NAMES, VALIDATING, Asked, Extractor, fused
from port_lsp.patterns.endpoints.handlers import Handler
from port_lsp.patterns.endpoints.typeparameters import open_names, type_parameters
from port_lsp.patterns.endpoints.validation import Validation, validation_in
from port_lsp.patterns.endpoints.written import alias_of, symbol_of, type_of
from port_lsp.rust.extracted import extracted
from port_lsp.rust.typetable import arguments, head
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol, Type, named

GuardBy = Literal["extractor", "middleware", "check", "nothing"]
_JSON = re.compile(r"(?:\w+::)*\bJson\b(?=\s*<)")
_STATES = frozenset({"State", "Data", "Extension"})
_Rest = ParamSpec("_Rest")
_Answer = TypeVar("_Answer")


class GuardWay(Record, frozen=True):
    """How the crate keeps out who may not call: by a parameter, before the handler, or by a check
    in its body (`check` is what is looked at there, as written). `seen` are handlers that do so,
    `more` further parameters where one doesn't say it all."""

    by: GuardBy
    param: i.Param | None = None
    check: str = ""
    seen: str = ""
    more: tuple[i.Param, ...] = ()


class StateWay(Record, frozen=True):
    """How handlers take the state, and the type parameters that they have for it."""

    param: i.Param
    generics: tuple[i.Generic, ...] = ()


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


def _once(
    says: Callable[Concatenate[Says, Handler, _Rest], _Answer],
) -> Callable[Concatenate[Says, Handler, _Rest], _Answer]:
    """Keeps an answer as long as the crate stays as it is."""

    @functools.wraps(says)
    def kept(self: Says, one: Handler, *rest: _Rest.args, **named: _Rest.kwargs) -> _Answer:
        key = (says.__name__, one.key, rest)
        if key not in self.kept:
            self.kept[key] = says(self, one, *rest, **named)
        return cast("_Answer", self.kept[key])

    return kept


class Says:
    """Asks handlers, one at a time."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's crate."""
        self._desk = desk
        self._scopes = desk.workshop.scopes
        self.kept = desk.workshop.kept
        self.axum = desk.framework == "axum"

    @_once
    def extractor_of(self, one: Handler, takes: Asked) -> Symbol | None:
        """The type with the usual name by which a handler takes something."""
        for _, kind in one.item.params:
            found = next((part for part in _layers(kind) if _last(part) == NAMES[takes]), None)
            if found is not None:
                return symbol_of(self._scopes, one.file, head(found))
        return None

    @_once
    def validating_of(self, one: Handler, takes: Asked) -> Extractor | None:
        """That by which a handler takes something and has it validated."""
        for _, kind in one.item.params:
            layers = _layers(kind)
            for outer, inner in zip(layers, (*layers[1:], ""), strict=True):
                of = symbol_of(self._scopes, one.file, head(outer))
                if _last(outer) in fused(NAMES[takes]):
                    return Extractor(of, checks=True)
                if _last(outer) in VALIDATING and _last(inner) == NAMES[takes]:
                    taken = symbol_of(self._scopes, one.file, head(inner))
                    return Extractor(taken, of, checks=True)
        return None

    @_once
    def validation_of(self, one: Handler) -> Validation | None:
        """The call by which a handler runs validators itself."""
        return validation_in(self._desk, one)

    @_once
    def state_of(self, one: Handler) -> StateWay | None:
        """The parameter by which a handler takes the state; None where it has type parameters that
        can't be written elsewhere."""
        for pattern, kind in one.item.params:
            taken = extracted(pattern, kind)
            if taken is not None and taken.extractor in _STATES and arguments(kind):
                found = self._param(one.file, pattern, kind, "state")
                if found is None:
                    return None
                names = sorted(open_names(found.type))
                generics = type_parameters(self._desk, one, names) if names else ()
                return StateWay(found, generics) if generics is not None else None
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

    @_once
    def json_of(self, one: Handler) -> Symbol | None:
        """The type by which a handler answers with JSON."""
        found = _JSON.search(one.item.returns or "")
        return symbol_of(self._scopes, one.file, found[0]) if found is not None else None

    @_once
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
            error = type_of(self._scopes, one.file, args[1])
            return None if error is None else self._wrapped(one, of, args[:1], error)
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

    @_once
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


def _last(kind: str) -> str:
    return head(kind).rpartition("::")[2]


def _layers(kind: str) -> tuple[str, ...]:
    """A type, and what is in it, and so on: `Option<Valid<Json<T>>>`, `Valid<Json<T>>`…"""
    found = [kind.strip()]
    while _last(found[-1]) in ("Option", *VALIDATING) and (inner := arguments(found[-1])):
        found.append(inner[0])
    return tuple(found)


def _is_answer(kind: AnyType | None) -> bool:
    """Whether a type is an answer whatever is in it."""
    return isinstance(kind, Type) and kind.head.name in ("HttpResponse", "Response")
