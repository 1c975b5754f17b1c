"""What the tests of a crate rest on: how its application is begun, what is known of the backend,
and how settings and rows are written. It is worked out once for a revision."""

from __future__ import annotations

import re
from collections.abc import Iterator

from port_lsp.facts.items import Endpoint
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.gaps import Gaps
from port_lsp.rust.cargo import Package
from port_lsp.rust.declared import FnItem
from port_lsp.testing.asked import Backend
from port_lsp.testing.building import Building, Step
from port_lsp.testing.functions import Writer
from port_lsp.testing.harness import Harness, NoHarnessError
from port_lsp.testing.holes import Holes
from port_lsp.testing.library import of_library
from port_lsp.testing.makers import data_of
from port_lsp.testing.own import Own
from port_lsp.testing.program import of_program
from port_lsp.testing.refusals import Refusals
from port_lsp.testing.rows import Rows
from port_lsp.testing.setup import Application, renamed
from port_lsp.testing.tables import tables_made
from port_lsp.types.auth import Claims, values_in
from port_lsp.types.schema import FieldSchema, ModelSchema
from port_lsp.writing.imports import symbols_in
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Symbol, Type


class Service:
    """The service of one package, as its tests begin it."""

    def __init__(self, desk: Desk, harness: Harness) -> None:
        """Of a package's application. Raises CannotBuildError."""
        self._desk, self.harness = desk, harness
        self.backend = desk.shares(backend_of)
        self.refusals, self.holes = desk.stands(Refusals), desk.stands(Holes)
        self.gaps = desk.stands(_gaps)
        self._building = Building(
            desk, self.backend.settings, self.backend.secrets, inside=harness.root
        )
        self.app = self._application()
        self._settings = tuple(self._set())

    def writer(self, module: str) -> Writer:
        """What writes tests that share a module."""
        tables = list(self.backend.tables())
        rows = Rows(tables, self.backend.schema, self._stored)
        attribute = "tokio::test" if self._desk.framework == "axum" else "actix_web::test"
        own = self.harness.own
        attribute = own.attribute if own is not None and own.attribute else attribute
        return Writer(module, attribute, self._settings, rows, inserts=bool(self.app.pool))

    def missing(self, endpoint: Endpoint) -> str:
        """Why the tests' application hasn't got an endpoint of the crate, or not what it asks for;
        "" where it has."""
        reason = dict(self.harness.missing).get(endpoint.registered, "")
        if reason or self._desk.framework != "actix-web" or self.harness.own is not None:
            return reason
        file, _, name = endpoint.key.partition("::")
        for _, item in self._desk.workshop.declared(file):
            if isinstance(item, FnItem) and item.qualified == name:
                other = [
                    one for one in data_of(self._desk, file, item) if one != self.harness.state
                ]
                if other:
                    return "its handler asks for more than one kind of `web::Data`"
        return ""

    def _application(self) -> Application:
        harness, building = self.harness, self._building
        if harness.own is not None:
            return self._begun(harness.own)
        state = building.value(harness.state) if harness.state is not None else None
        databases = tuple(building.pools)
        way = building.way_to(harness.state, "pool") if harness.state is not None else None
        pool = ".".join(["state", *(step.name for step in way)]) if way is not None else ""
        # PostgreSQL's pool connects to nobody before somebody asks something of it.
        sqlite = "sqlite" in databases
        made = tables_made(self._desk, harness, building) if sqlite else None
        app = Application(
            harness,
            self._desk.framework,
            state,
            databases,
            pool if databases else "",
            made,
            self._signs(),
        )
        return self._seen(app)

    def _begun(self, own: Own) -> Application:
        """The application as the crate's own tests begin it."""
        harness = self.harness
        made = tables_made(self._desk, harness, self._building) if own.takes else None
        pool = "pool" if own.takes else f"app.{own.pool}" if own.pool else ""
        databases = ("sqlite",) if own.takes else ()
        app = Application(
            harness, self._desk.framework, None, databases, pool, made, signs=self._signs()
        )
        return self._seen(app)

    def _seen(self, app: Application) -> Application:
        """The same with the crate's symbols as tests name them: outside of its library by that's
        name, inside of its program by the path that they can be reached by."""
        scopes, harness = self._desk.workshop.scopes, self.harness
        names: dict[Symbol, Symbol] = {}
        for one in symbols_in(app):
            if one.path[0] == "crate" and len(one.path) > 1:
                path = (harness.library, *one.path[1:])
                if harness.root and not scopes.is_open(harness.root, path):
                    path = scopes.path_to(harness.root, path)
                names[one] = Symbol(path)
        return renamed(app, names)

    def _signs(self) -> bool:
        """Whether the backend's gates read tokens."""
        gates = self.backend.gates.values()
        return any(isinstance(one, Claims) for gate in gates for one in values_in(gate.tree))

    def _set(self) -> Iterator[tuple[str, b.Expr]]:
        """The settings that gates compare with, as they are reached from a service."""
        state = self.harness.state
        for env in sorted(self.backend.secrets):
            setting = self.backend.settings.get(env)
            found = self._building.way_to(state, setting) if setting and state else None
            if not found:
                continue
            expr = reached(b.Access(b.Name("service"), "state"), found)
            last = found[-1].type
            if isinstance(last, Type) and last.head.name == "Option":
                yield env, b.Method(b.Method(expr, "as_deref"), "unwrap_or_default")
            else:
                yield env, b.Unary("&", expr)

    def _stored(self, field: FieldSchema, enum: ModelSchema, value: str) -> str:
        """What stands in the table for a value of an enum: its value, where the backend's column
        or the crate's type says so, else its member's name."""
        name = next((o.name for o in enum.members if (o.value or "").strip('"') == value), value)
        if value in field.column_words or name not in field.column_words:
            return value
        crate = self._desk.snapshot.crate
        for model in crate.models if crate is not None else ():
            file = self._desk.workshop.files.get(model.place.file)
            chunk = file.by_id.get(model.place.chunk) if file is not None else None
            if model.name != enum.name or model.kind != "enum" or file is None or chunk is None:
                continue
            if re.search(rb"#\[sqlx\([^)]*rename", file.chunk_bytes(chunk)):
                return value
        return name


class Services:
    """The services of a revision, one for each package and way in which its tests begin it."""

    def __init__(self, desk: Desk) -> None:
        """Of none yet."""
        self._desk = desk
        self._made: dict[tuple[str, str, Own | None], Service] = {}

    def home(self, files: list[str]) -> tuple[Package, str]:
        """The package that what is registered in these files is of, and the program that its tests
        are a part of, "" where there is a library. Raises NoHarnessError."""
        scopes = self._desk.workshop.scopes
        packages = {found for file in files if (found := scopes.package_of(file)) is not None}
        if len(packages) != 1:
            raise NoHarnessError("the endpoints are in several packages, or in none")
        (package,) = packages
        version = package.version("axum")
        if self._desk.framework == "axum" and version and version.startswith("0.6"):
            raise NoHarnessError("tests are written for axum 0.7 and later")
        return package, self._root(package, files)

    def of(self, package: Package, root: str, own: Own | None) -> Service:
        """The service of a package, as its own tests begin it, if they do. Raises NoHarnessError
        and CannotBuildError."""
        key = (package.folder, root, own)
        if key not in self._made:
            if own is not None:
                harness = Harness(package, package.library, (), None, takes=False, own=own)
            elif root:
                harness = of_program(self._desk, package, root)
            else:
                harness = of_library(self._desk, package)
            self._made[key] = Service(self._desk, harness)
        return self._made[key]

    def _root(self, package: Package, files: list[str]) -> str:
        if package.library_root:
            return ""
        roots = {self._desk.workshop.scopes.root_of(file) for file in files}
        found = [one for one in package.programs if one in roots]
        if len(found) != 1:
            raise NoHarnessError("the endpoints are of several programs, or of none")
        return found[0]


def backend_of(desk: Desk) -> Backend:
    """What is known of the backend. Raises NoHarnessError."""
    side = desk.snapshot.backend
    if side is None:
        raise NoHarnessError("there is no backend")
    return Backend(desk.backend, side, desk.snapshot.backend_files)


def _gaps(desk: Desk) -> Gaps:
    return Gaps(desk.snapshot)


def reached(expr: b.Expr, way: list[Step]) -> b.Expr:
    """What a value's fields lead to."""
    for step in way:
        expr = b.Access(expr, step.name) if step.name else expr
        if step.locked:
            expr = b.Method(b.Method(expr, step.locked), "unwrap")
    return expr
