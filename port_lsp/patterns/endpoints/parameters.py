"""A handler's parameters: extractors for what the request carries, the body's last.

axum: docs "Extractors" (the one that takes the body must be the last); actix-web: docs
"Extractors". Both read several path parameters as a tuple, in the order of the path. What has
limits is read by what validates, where the crate has that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from port_lsp.facts.items import Parameter
from port_lsp.patterns.endpoints.bodies import Bodies
from port_lsp.patterns.endpoints.conventions import Conventions
from port_lsp.patterns.endpoints.needs import Needs
from port_lsp.patterns.endpoints.parts import Made, Values
from port_lsp.patterns.endpoints.requests import Request
from port_lsp.patterns.endpoints.rusttypes import STRING
from port_lsp.patterns.endpoints.taking import Taking
from port_lsp.patterns.names import snake
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Symbol, Tuple, named, symbol

MAP = named("std::collections::HashMap", STRING, STRING)


class Parameters:
    """Makes the parameters of one handler; `items` are the structs and functions that they need,
    `names` what they bind."""

    def __init__(
        self, conventions: Conventions, needs: Needs, handler: str, called: Mapping[str, str]
    ) -> None:
        """`handler` is the name of the Rust function, by which structs are named; `called` says
        what Python's path parameters are called in the crate's route, where that is otherwise."""
        self._called = called
        self._conventions, self._needs = conventions, needs
        self._axum = conventions.axum
        self._values = Values(needs, handler)
        self._taking = Taking(conventions, needs)
        self._bodies = Bodies(conventions, needs, self._values, self._taking)

    @property
    def touched(self) -> tuple[str, ...]:
        """What a hole must touch so that nothing counts as unused: what is bound, of our own
        structs each field."""
        return self._taking.touched

    @property
    def items(self) -> tuple[i.Item, ...]:
        """What must stand before the handler."""
        return tuple(self._values.items)

    @property
    def statements(self) -> tuple[b.Statement, ...]:
        """What the handler begins with."""
        return tuple(self._taking.statements)

    def of(self, request: Request, first: Sequence[i.Param], raw: str = "") -> tuple[i.Param, ...]:
        """All parameters: `first` as they are (state, guard, socket), then those of the request.
        `raw` says that the Python handler reads the request itself: "body", "headers" or both."""
        self._taking.bound(first)
        found = [*first]
        if request.path:
            found.append(self._path(request))
        if request.query:
            found.append(self._query(request.query))
        found += self._headers(request, raw)
        body = self._bodies.of(request, raw)
        return (*found, *((body,) if body is not None else ()))

    # Path, query, headers

    def _path(self, request: Request) -> i.Param:
        if request.path_way == "mixed":
            self._needs.note("its routes have different path parameters: they are taken as a map")
            return self._taking.param("path", "path_params", Made(MAP))
        if self._has_limits(request.path):
            path = [self._renamed(one) for one in request.path]
            made = self._values.struct("Path", path, text=True, validates=True)
            if request.path_way == "all-or-none":
                return self._taking.optional("path", "path", made)
            return self._taking.param("path", "path", made)
        types = [self._values.value(one, text=True).type for one in request.path]
        names = [snake(one.name) for one in request.path]
        made = Made(types[0] if len(types) == 1 else Tuple(tuple(types)))
        if request.path_way == "all-or-none":
            return self._taking.optional("path", names[0] if len(names) == 1 else "path", made)
        return self._taking.param("path", names[0] if len(names) == 1 else tuple(names), made)

    def _renamed(self, parameter: Parameter) -> Parameter:
        """A parameter of a path as the route calls it: a struct finds its fields by that name."""
        name = parameter.alias or parameter.name
        return replace(parameter, alias=self._called.get(name, parameter.alias))

    def _has_limits(self, parameters: Sequence[Parameter]) -> bool:
        """Whether parameters of a path have limits that something would check."""
        if self._conventions.validating("path") is None:
            return False
        return any(self._values.has_limits(one) for one in parameters)

    def _query(self, parameters: tuple[Parameter, ...]) -> i.Param:
        extractor: Symbol | None = None
        own = self._conventions.is_own("query")
        if not own and any(self._is_list(one) for one in parameters):
            if self._axum and self._needs.has("axum_extra"):
                extractor = symbol("axum_extra::extract::Query")
            else:
                self._needs.note("a query parameter is a list, which the extractor can't read")
        validates = self._conventions.validates("query")
        made = self._values.struct("Query", parameters, text=True, validates=validates)
        return self._taking.param("query", "query", made, extractor)

    def _is_list(self, one: Parameter) -> bool:
        return _without_null(self._needs.wire(one.annotation)).kind in ("list", "set", "tuple")

    def _headers(self, request: Request, raw: str) -> list[i.Param]:
        """Headers and cookies: each as a struct where the crate has what reads them so."""
        found: list[i.Param] = []
        whole = "headers" in raw
        if request.header and self._conventions.has_extractor("header"):
            validates = self._conventions.validates("header")
            made = self._values.struct("Header", request.header, text=True, validates=validates)
            found.append(self._taking.param("header", "header", made))
        else:
            whole = whole or bool(request.header)
        if request.cookie and self._conventions.has_extractor("cookie"):
            validates = self._conventions.validates("cookie")
            made = self._values.struct("Cookie", request.cookie, text=True, validates=validates)
            found.append(self._taking.param("cookie", "cookie", made))
        else:
            whole = whole or bool(request.cookie)
        if whole:
            found.append(self._all_headers())
        return found

    def _all_headers(self) -> i.Param:
        if self._axum:
            name = self._taking.name("headers")
            return i.Param(b.Bind(name), named("axum::http::HeaderMap"))
        return i.Param(b.Bind(self._taking.name("request")), named("actix_web::HttpRequest"))


def _without_null(wire: Wire) -> Wire:
    return wire.args[0] if wire.kind == "optional" else wire
