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
from port_lsp.patterns.endpoints.requests import Request, apart
from port_lsp.patterns.endpoints.rusttypes import STRING
from port_lsp.patterns.endpoints.taking import Taking
from port_lsp.patterns.names import snake
from port_lsp.patterns.translate.values import Val
from port_lsp.types.wire import Wire
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.names import bound, uses
from port_lsp.writing.ir.types import AnyType, Symbol, Tuple, Type, named, symbol

MAP = named("std::collections::HashMap", STRING, STRING)


class Parameters:
    """Makes the parameters of one handler; `items` are the structs and functions that they need,
    `given` what Python's parameters are in Rust, where that is known."""

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
        self.given: dict[str, Val] = {}
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
            found += [self._query(one) for one in apart(request.query)]
        found += self._headers(request, raw)
        body = self._bodies.of(request, raw)
        if body is not None and len(request.body) == 1 and not (request.form or request.file):
            self._know(request.body, body)
        if body is not None and self._bodies.form is not None:
            self._fields(request.form, self._bodies.form, body)
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
        return self._taken(request, types, names, made)

    def _taken(
        self, request: Request, types: list[AnyType], names: list[str], made: Made
    ) -> i.Param:
        """Values of a path, which all are there or none."""
        if request.path_way == "all-or-none":
            return self._taking.optional("path", names[0] if len(names) == 1 else "path", made)
        found = self._taking.param("path", names[0] if len(names) == 1 else tuple(names), made)
        names = bound(found.pattern)
        for at, (one, kind) in enumerate(zip(request.path, types, strict=True)):
            if len(names) == len(types):
                wrapped = not self._axum
                self._give(one.name, Val(b.Name(names[at]), kind, True, names[at], None, wrapped))
            elif len(names) == 1:
                # An extractor of the crate's own has a field `0` itself.
                whole = b.Name(names[0]) if at else b.Unary("*", b.Name(names[0]))
                part = b.Access(whole, str(at))
                self._give(one.name, Val(part, kind, True, names[0]))
        return found

    def _give(self, name: str, val: Val) -> None:
        """Notes what a parameter of Python's is in Rust."""
        self.given.setdefault(name, val)

    def _fields(self, parameters: Sequence[Parameter], made: Made, param: i.Param) -> None:
        """Notes the parameters that are fields of a struct of their own."""
        structs = {one.name: one for one in self._values.items if isinstance(one, i.Struct)}
        struct = structs.get(made.type.head.name) if isinstance(made.type, Type) else None
        names = bound(param.pattern)
        if struct is None or len(names) != 1 or len(made.fields) != len(parameters):
            return
        kinds = {one.name: one.type for one in struct.fields if not one.comments}
        for parameter, field in zip(parameters, made.fields, strict=True):
            if field in kinds:
                of = b.Access(b.Name(names[0]), field)
                self._give(parameter.name, Val(of, kinds[field], True, names[0]))

    def _know(self, parameters: Sequence[Parameter], param: i.Param) -> None:
        """Notes the parameter that is the whole body, where nothing is done with it first."""
        names = bound(param.pattern)
        kind = _innermost(param.type, self._axum)
        (one,) = parameters
        touched = any(uses(names[0], statement) for statement in self.statements) if names else True
        if kind is not None and len(names) == 1 and not touched and one.annotation is not None:
            self._give(one.name, Val(b.Name(names[0]), kind, True, names[0], None, not self._axum))

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
        found = self._taking.param("query", "query", made, extractor)
        self._fields(parameters, made, found)
        return found

    def _is_list(self, one: Parameter) -> bool:
        return _without_null(self._needs.wire(one.annotation)).kind in ("list", "set", "tuple")

    def _headers(self, request: Request, raw: str) -> list[i.Param]:
        """Headers and cookies: each as a struct where the crate has what reads them so."""
        found: list[i.Param] = []
        whole = "headers" in raw
        if request.header and self._conventions.has_extractor("header"):
            validates = self._conventions.validates("header")
            for each in apart(request.header):
                made = self._values.struct("Header", each, text=True, validates=validates)
                found.append(self._taking.param("header", "header", made))
        else:
            whole = whole or bool(request.header)
        if request.cookie and self._conventions.has_extractor("cookie"):
            validates = self._conventions.validates("cookie")
            for each in apart(request.cookie):
                made = self._values.struct("Cookie", each, text=True, validates=validates)
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


def _innermost(kind: AnyType | None, axum: bool) -> AnyType | None:
    """The type that extractors give: of `Valid<Json<T>>`, T. None for one that isn't taken as it
    is."""
    found = kind
    names = ("Json", "Valid", "Validated", "ValidatedJson", "ValidJson")
    while isinstance(found, Type) and found.head.name in names and len(found.args) == 1:
        found = found.args[0]
    return found if found != kind and (axum or not isinstance(found, Tuple)) else None


def _without_null(wire: Wire) -> Wire:
    return wire.args[0] if wire.kind == "optional" else wire
