"""Parameters of a handler as they are written: an extractor's pattern and type, what they bind."""

from __future__ import annotations

from collections.abc import Iterable

from port_lsp.patterns.endpoints.conventions import Conventions
from port_lsp.patterns.endpoints.extractors import OPTIONAL, Asked, Extractor
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.parts import UNCHECKED, Made
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.names import bound
from port_lsp.writing.ir.types import AnyType, Symbol, Type, named, symbol
from port_lsp.writing.printer.names import identifier


class Taking:
    """Writes the parameters of one handler; `statements` are what it begins with."""

    def __init__(self, conventions: Conventions, needs: Needs) -> None:
        """Of the handler's file."""
        self._conventions, self._needs = conventions, needs
        self._axum = conventions.axum
        self._names: list[str] = []
        self._fields: dict[str, tuple[str, ...]] = {}
        self.statements: list[b.Statement] = []

    @property
    def touched(self) -> tuple[str, ...]:
        """What is bound; of our own structs each field."""
        return tuple(
            touched
            for name in self._names
            for touched in (
                [f"{name}.{identifier(field)}" for field in self._fields[name]]
                if name in self._fields
                else [name]
            )
        )

    def bound(self, params: Iterable[i.Param]) -> None:
        """Notes what parameters bind that are written elsewhere."""
        for one in params:
            self._names += bound(one.pattern)

    def param(
        self, takes: Asked, names: str | tuple[str, ...], made: Made, by: Symbol | None = None
    ) -> i.Param:
        """`Extractor(name): Extractor<Type>`; in actix-web a parameter that derefs to the type."""
        found = self._conventions.validating(takes) if made.checked and by is None else None
        extractor = found or Extractor(by or self._conventions.extractor(takes))
        whole = _type(extractor, made.type)
        if made.fields and isinstance(names, str):
            self._fields[self._free(names)] = made.fields
        if not self._axum:
            name = self.name(names if isinstance(names, str) else "path")
            self._validate(extractor, made, name)
            if made.around:
                self.statements.append(b.Let(_pattern(extractor, b.Bind(name)), b.Name(name)))
                self.statements.append(b.Let(b.Bind(name), b.Access(b.Name(name), made.around)))
            return i.Param(b.Bind(name), whole)
        if isinstance(names, str):
            name = self.name(names)
            self._validate(extractor, made, name)
            if made.around:
                self.statements.append(b.Let(b.Bind(name), b.Access(b.Name(name), made.around)))
            return i.Param(_pattern(extractor, b.Bind(name)), whole)
        inner = b.TuplePattern(None, tuple(b.Bind(self.name(name)) for name in names))
        return i.Param(_pattern(extractor, inner), whole)

    def optional(
        self, takes: Asked, name: str, made: Made, default: b.Expr | None = None
    ) -> i.Param:
        """`name: Option<Extractor<Type>>`; of an extractor of the crate's own, the handler begins
        with taking the value out, or its default. In actix-web the crate's own Optional."""
        extractor = self._conventions.optional(takes, checked=made.checked)
        free = self.name(name)
        call = self._call(extractor, made, free)
        if call is not None:
            inner = _pattern(extractor, b.Bind(free)) if self._axum else b.Bind(free)
            there = b.TuplePattern(symbol("Some"), (inner,))
            some = b.If(b.Unary("&", b.Name(free)), b.Block((call,)), binding=there)
            self.statements.append(b.Do(some))
        own = self._conventions.own.named(OPTIONAL) if not self._axum else None
        own = own if self._conventions.is_own(takes) else None
        if self._conventions.is_ours(extractor.symbol) and (self._axum or own is not None):
            option = b.Name(free) if own is None else b.Access(b.Name(free), "0")
            inner = b.Access(b.Name(free), made.around) if made.around else b.Name(free)
            out = b.Closure((_pattern(extractor, b.Bind(free)),), inner)
            value = b.Method(option, "map", (out,))
            if default is not None:
                plain = isinstance(default, b.Lit)
                given = default if plain else b.Closure((), default)
                value = b.Method(option, "map_or" if plain else "map_or_else", (given, out))
            self.statements.append(b.Let(b.Bind(free), value))
        whole = _type(extractor, made.type)
        optional = named("Option", whole) if own is None else Type(own, (whole,))
        return i.Param(b.Bind(free), optional)

    def _validate(self, extractor: Extractor, made: Made, name: str) -> None:
        """Begins the handler with the call that runs validators, where no extractor does."""
        call = self._call(extractor, made, name)
        if call is not None:
            self.statements.append(call)

    def _call(self, extractor: Extractor, made: Made, name: str) -> b.Statement | None:
        if not made.checked or extractor.checks:
            return None
        validation = self._conventions.validation()
        if validation is None:
            self._needs.note(f"{name}: its limits aren't checked, {UNCHECKED}")
            return None
        return validation.call(name)

    def name(self, name: str) -> str:
        """A name for a binding that no other one has."""
        found = self._free(name)
        self._names.append(found)
        return found

    def _free(self, name: str) -> str:
        found = name if name not in ("self", "crate", "super", "_") else f"{name}_"
        while found in self._names:
            found += "_"
        return found


def _type(extractor: Extractor, kind: AnyType) -> AnyType:
    inner = Type(extractor.symbol, (kind,))
    return Type(extractor.around, (inner,)) if extractor.around is not None else inner


def _pattern(extractor: Extractor, inner: b.Pattern) -> b.Pattern:
    found = b.TuplePattern(extractor.symbol, (inner,))
    return found if extractor.around is None else b.TuplePattern(extractor.around, (found,))
