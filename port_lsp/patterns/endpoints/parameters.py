"""A handler's parameters: extractors for what the request carries, the body's last.

axum: docs "Extractors" (the one that takes the body must be the last); actix-web: docs
"Extractors". Both read several path parameters as a tuple, in the order of the path.
"""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.facts.items import Parameter
from port_lsp.patterns.endpoints.conventions import Conventions
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.parts import ValueStructs
from port_lsp.patterns.endpoints.requests import Request
from port_lsp.patterns.endpoints.rusttypes import OBJECT, STRING, VALUE
from port_lsp.patterns.names import snake
from port_lsp.rust.extracted import Takes
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import AnyType, Symbol, Tuple, Type, named, symbol
from port_lsp.writing.printer.names import identifier

MAP = named("std::collections::HashMap", STRING, STRING)
_IN_A_PATH = frozenset(("str", "int", "float", "bool", "uuid", "date", "datetime", "decimal"))


class Parameters:
    """Makes the parameters of one handler; `items` are the structs and functions that they need,
    `names` what they bind."""

    def __init__(self, conventions: Conventions, needs: Needs, handler: str) -> None:
        """`handler` is the name of the Rust function, by which structs are named."""
        self._conventions, self._needs, self._handler = conventions, needs, handler
        self._axum = conventions.axum
        self._structs = ValueStructs(needs, handler)
        self.names: list[str] = []
        self._fields: dict[str, tuple[str, ...]] = {}

    @property
    def touched(self) -> tuple[str, ...]:
        """What a hole must touch so that nothing counts as unused: what is bound, of our own
        structs each field."""
        return tuple(
            touched
            for name in self.names
            for touched in (
                [f"{name}.{identifier(field)}" for field in self._fields[name]]
                if name in self._fields
                else [name]
            )
        )

    @property
    def items(self) -> tuple[i.Item, ...]:
        """What must stand before the handler."""
        return tuple(self._structs.items)

    def of(self, request: Request, first: Sequence[i.Param], raw: str = "") -> tuple[i.Param, ...]:
        """All parameters: `first` as they are (state, guard, socket), then those of the request.
        `raw` says that the Python handler reads the request itself: "body", "headers" or both."""
        for one in first:
            self.names += _bound(one.pattern)
        found = [*first]
        if request.path:
            found.append(self._path(request))
        if request.query:
            found.append(self._query(request.query))
        if request.header or request.cookie or "headers" in raw:
            found.append(self._headers())
        body = self._body(request, raw)
        return (*found, *((body,) if body is not None else ()))

    # Path, query, headers

    def _path(self, request: Request) -> i.Param:
        if request.path_way == "mixed":
            self._needs.note("its routes have different path parameters: they are taken as a map")
            return self._param("path", "path_params", MAP)
        types = [self._in_path(one) for one in request.path]
        names = [snake(one.name) for one in request.path]
        kind = types[0] if len(types) == 1 else Tuple(tuple(types))
        if request.path_way == "all-or-none":
            of = Type(self._conventions.extractor("path"), (kind,))
            name = self._name(names[0] if len(names) == 1 else "path")
            return i.Param(b.Bind(name), named("Option", of))
        return self._param("path", names[0] if len(names) == 1 else tuple(names), kind)

    def _in_path(self, one: Parameter) -> AnyType:
        """The type of a parameter that is one segment, or the rest, of a path."""
        wire = _without_null(self._needs.wire(one.annotation))
        return self._needs.type(wire, "Deserialize") if wire.kind in _IN_A_PATH else STRING

    def _query(self, parameters: tuple[Parameter, ...]) -> i.Param:
        extractor: Symbol | None = None
        if any(self._is_list(one) for one in parameters):
            if self._axum and self._needs.has("axum_extra"):
                extractor = symbol("axum_extra::extract::Query")
            else:
                self._needs.note("a query parameter is a list, which the extractor can't read")
        of = self._structs.query(parameters)
        return self._param("query", "query", Type(of), extractor)

    def _is_list(self, one: Parameter) -> bool:
        return _without_null(self._needs.wire(one.annotation)).kind in ("list", "set", "tuple")

    def _headers(self) -> i.Param:
        if self._axum:
            return i.Param(b.Bind(self._name("headers")), named("axum::http::HeaderMap"))
        return i.Param(b.Bind(self._name("request")), named("actix_web::HttpRequest"))

    # Bodies

    def _body(self, request: Request, raw: str) -> i.Param | None:
        if request.file:
            return self._multipart()
        if request.form:
            of = self._structs.body(request.form, "Form")
            return self._param("form", "form", Type(of))
        if not request.body:
            return self._raw() if "body" in raw else None
        first = request.body[0]
        embed = any(one.name == "embed" and one.value == "True" for one in first.constraints)
        if len(request.body) > 1 or embed:
            of = self._structs.body(request.body, "Body")
            return self._param("body", "body", Type(of))
        wire = self._needs.wire(first.annotation)
        kind = self._needs.type(_without_null(wire), "Deserialize")
        if wire.kind == "any":
            kind = VALUE if first.annotation else OBJECT
        name = snake(first.name)
        if first.required and wire.kind != "optional":
            return self._param("body", name, kind)
        of_body = Type(self._conventions.extractor("body"), (kind,))
        return i.Param(b.Bind(self._name(name)), named("Option", of_body))

    def _multipart(self) -> i.Param:
        if self._axum:
            self._needs.depend("axum", "0.8", "multipart")
            kind = named("axum::extract::Multipart")
        else:
            self._needs.depend("actix-multipart", "0.7")
            kind = named("actix_multipart::Multipart")
        return i.Param(b.Bind(self._name("multipart")), kind)

    def _raw(self) -> i.Param:
        kind = "axum::body::Bytes" if self._axum else "actix_web::web::Bytes"
        return i.Param(b.Bind(self._name("body")), named(kind))

    # Making them

    def _param(
        self, takes: Takes, names: str | tuple[str, ...], kind: AnyType, by: Symbol | None = None
    ) -> i.Param:
        """`Extractor(name): Extractor<Type>`; in actix-web a parameter that derefs to the type."""
        of = by or self._conventions.extractor(takes)
        whole = Type(of, (kind,))
        if isinstance(kind, Type) and isinstance(names, str):
            fields = self._structs.fields.get(kind.head, ())
            if fields:
                self._fields[self._free(names)] = fields
        if not self._axum:
            name = names if isinstance(names, str) else "path"
            return i.Param(b.Bind(self._name(name)), whole)
        if isinstance(names, str):
            return i.Param(b.TuplePattern(of, (b.Bind(self._name(names)),)), whole)
        inner = b.TuplePattern(None, tuple(b.Bind(self._name(name)) for name in names))
        return i.Param(b.TuplePattern(of, (inner,)), whole)

    def _name(self, name: str) -> str:
        """A name for a binding that no other one has."""
        found = self._free(name)
        self.names.append(found)
        return found

    def _free(self, name: str) -> str:
        found = name if name not in ("self", "crate", "super", "_") else f"{name}_"
        while found in self.names:
            found += "_"
        return found


def _bound(pattern: b.Pattern) -> list[str]:
    if isinstance(pattern, b.Bind):
        return [pattern.name]
    if isinstance(pattern, b.TuplePattern):
        return [name for one in pattern.items for name in _bound(one)]
    return []


def _without_null(wire: Wire) -> Wire:
    return wire.args[0] if wire.kind == "optional" else wire
