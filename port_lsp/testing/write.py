"""Writes the tests of endpoints into a crate, as changes of its files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from port_lsp.facts.items import Endpoint
from port_lsp.facts.links import Link
from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.gaps import Gaps
from port_lsp.patterns.names import snake
from port_lsp.patterns.port import Left, Ported
from port_lsp.testing.asked import Asked, Backend, Checked, Known
from port_lsp.testing.building import Building, CannotBuildError
from port_lsp.testing.functions import Writer, test_name
from port_lsp.testing.harness import NoHarnessError, harness_of
from port_lsp.testing.holes import Holes
from port_lsp.testing.present import Unsaved, functions_in, is_tested, nothing, tests_in
from port_lsp.testing.refusals import Refusal, Refusals
from port_lsp.testing.rows import CannotSeedError, Rows
from port_lsp.testing.setup import Application, named_in, shared
from port_lsp.testing.ways import Way
from port_lsp.types.auth import Claims, values_in
from port_lsp.types.schema import FieldSchema, ModelSchema
from port_lsp.writing.imports import symbols_in
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Symbol, Type
from port_lsp.writing.manifest import with_dev_dependencies
from port_lsp.writing.printer import print_items
from port_lsp.writing.splices import new_uses
from port_lsp.writing.workshop import FileChange

_OURS = re.compile(r"^pub async fn start\(\) -> Service \{$", re.M)
_MODULES = ("common", "service")


class _Pair(Record, frozen=True):
    """An endpoint, its counterpart and their link."""

    link: Link
    ours: Endpoint
    theirs: Endpoint


class _Tests(Record, frozen=True):
    """The tests of one endpoint, with the functions that they call."""

    pair: _Pair
    helpers: tuple[i.Function, ...]
    tests: tuple[i.Function, ...]


def written(desk: Desk, idents: Iterable[str], unsaved: Unsaved = nothing) -> Ported:
    """The tests of endpoints (the backend's ids) that are ported: `done` are those that have tests
    now, `left` those that haven't. Nothing else of the crate is changed, but for its manifest."""
    found: list[_Pair] = []
    left: list[Left] = []
    for ident in dict.fromkeys(idents):
        pair = _pair(desk, ident)
        if isinstance(pair, _Pair):
            found.append(pair)
        else:
            left.append(Left(ident, pair))
    if not found:
        return Ported(left=tuple(left))
    try:
        return _Writing(desk, unsaved, found, left).run()
    except (NoHarnessError, CannotBuildError) as error:
        left += [Left(one.ours.id, str(error)) for one in found]
        return Ported(left=tuple(left))


def _pair(desk: Desk, ident: str) -> _Pair | str:
    """An endpoint and its counterpart, or why there are no tests of it."""
    snapshot = desk.snapshot
    ours = snapshot.backend.endpoints if snapshot.backend is not None else ()
    crate = snapshot.crate
    theirs = [*crate.endpoints, *(one.endpoint for one in crate.unmounted)] if crate else []
    endpoint = next((one for one in ours if one.id == ident), None)
    if endpoint is None:
        return "it is no endpoint of the backend"
    for link in snapshot.links.endpoints:
        if link.backend == ident and link.crate is not None:
            other = next((one for one in theirs if one.id == link.crate), None)
            if other is not None:
                return _Pair(link, endpoint, other)
    return "it isn't ported"


class _Writing:
    """Writes the tests of pairs."""

    def __init__(
        self, desk: Desk, unsaved: Unsaved, pairs: Sequence[_Pair], left: list[Left]
    ) -> None:
        self._desk, self._pairs, self._left = desk, pairs, left
        side = desk.snapshot.backend
        if side is None:
            raise NoHarnessError("there is no backend")
        self._backend = Backend(desk.backend, side, desk.snapshot.backend_files)
        programs = {
            one for file in desk.workshop.files
            if (package := desk.workshop.scopes.package_of(file)) is not None
            for one in package.programs
        }  # fmt: skip
        files = {one.theirs.registered.file for one in pairs}
        self._harness = harness_of(desk, sorted(files - programs) or sorted(files))
        self._refusals, self._holes = Refusals(desk), Holes(desk)
        self._gaps = Gaps(desk.snapshot)
        root, self._unsaved = desk.snapshot.root("crate") or "", unsaved
        self._folder = self._harness.package.folder
        self._present = dict(tests_in(root, self._folder, unsaved))
        self._texts = dict(self._present)
        self._notes: list[str] = []
        self._done: list[str] = []

    def run(self) -> Ported:
        building = Building(self._desk, self._backend.settings, self._backend.secrets)
        app = self._application(building)
        module = self._module()
        writer = self._writer(building, module)
        files: dict[str, list[_Tests]] = {}
        for pair in self._pairs:
            if is_tested(self._present, pair.ours.method, pair.theirs.path):
                self._notes.append(f"{_about(pair)} is tested already")
                continue
            made = self._tests(pair, writer, app)
            if made is not None:
                files.setdefault(self._file(pair, module), []).append(made)
        if not files:
            return Ported(left=tuple(self._left), notes=tuple(self._notes))
        common = self._at(f"tests/{module}/mod.rs")
        setup = shared(app)
        if common not in self._present:
            self._texts[common] = setup.text
        for file, every in files.items():
            self._texts[file] = self._with(file, every, module)
        changes = [
            FileChange(path, self._present.get(path), text)
            for path, text in sorted(self._texts.items())
            if self._present.get(path) != text
        ]
        manifest = self._at("Cargo.toml")
        before = self._unsaved(self._desk.snapshot.path("crate", manifest))
        if before is None:
            known = self._desk.workshop.manifests.get(manifest, b"")
            before = known.decode("utf-8", "replace")
        after = with_dev_dependencies(before, setup.dependencies)
        if after != before:
            changes.insert(0, FileChange(manifest, before, after))
        return Ported(tuple(changes), tuple(self._done), tuple(self._left), tuple(self._notes))

    def _at(self, path: str) -> str:
        return posixpath.join(self._folder, path)

    def _application(self, building: Building) -> Application:
        harness = self._harness
        state = building.value(harness.state) if harness.state is not None else None
        databases = tuple(building.pools)
        way = building.way_to(harness.state, "pool") if harness.state is not None else None
        pool = ".".join(["state", *(step.name for step in way)]) if way is not None else ""
        migrates = bool(databases) and self._migrates()
        return Application(
            harness,
            self._desk.framework,
            state,
            databases,
            pool if "sqlite" in databases else "",
            migrates,
            self._signs(),
        )

    def _migrates(self) -> bool:
        if self._desk.migrations and not self._folder:
            return True
        texts = (one.text.data for one in self._desk.workshop.files.values())
        return any(b"sqlx::migrate!()" in text for text in texts)

    def _signs(self) -> bool:
        """Whether the backend's gates read tokens."""
        gates = self._backend.gates.values()
        return any(isinstance(one, Claims) for gate in gates for one in values_in(gate.tree))

    def _module(self) -> str:
        """The module that tests share: ours, beside another of that name, if there is one."""
        for name in _MODULES:
            text = self._present.get(self._at(f"tests/{name}/mod.rs"))
            beside = self._present.get(self._at(f"tests/{name}.rs"))
            if beside is None and (text is None or _OURS.search(text)):
                return name
        return "port_lsp_service"

    def _writer(self, building: Building, module: str) -> Writer:
        state = self._harness.state
        settings: list[tuple[str, b.Expr]] = []
        for env in sorted(self._backend.secrets):
            setting = self._backend.settings.get(env)
            way = building.way_to(state, setting) if setting is not None and state else None
            if way is None:
                continue
            expr: b.Expr = b.Access(b.Name("service"), "state")
            for step in way:
                expr = b.Access(expr, step.name)
            last = way[-1].type
            if isinstance(last, Type) and last.head.name == "Option":
                opened = b.Method(b.Method(expr, "as_deref"), "unwrap_or_default")
                settings.append((env, opened))
            else:
                settings.append((env, b.Unary("&", expr)))
        tables = list(self._backend.tables())
        rows = Rows(tables, self._backend.schema, self._stored)
        attribute = "tokio::test" if self._desk.framework == "axum" else "actix_web::test"
        return Writer(module, attribute, tuple(settings), rows)

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

    # One endpoint

    def _tests(self, pair: _Pair, writer: Writer, app: Application) -> _Tests | None:
        drifted = bool(pair.link.drift)
        path = pair.ours.path if drifted else pair.theirs.path
        known = self._backend.known(pair.ours, path)
        helper = self._helper(known)
        tests: list[i.Function] = []
        helpers: list[i.Function] = []
        taken: set[str] = set()
        for one in self._as_the_crate_does(known, pair):
            name = test_name(pair.ours.handler, one, taken)
            ignored = self._ignored(pair, one, app)
            try:
                made = writer.test(one, name, _about(pair), helper, ignored)
            except CannotSeedError as error:
                self._notes.append(f"{_about(pair)}: {one.name}: {error}")
                continue
            except KeyError as error:
                self._notes.append(f"{_about(pair)}: {one.name}: where {error} is held isn't known")
                continue
            tests.append(made)
            if helper is not None and not helpers and _calls(made, helper[0]):
                gate = " and ".join(known.gates)
                helpers.append(writer.helper(helper[0], gate, helper[1]))
        self._notes += [f"{_about(pair)}: {reason}" for reason in known.left_out if tests]
        if not tests:
            reason = known.left_out[0] if known.left_out else "nothing of its answers is certain"
            self._left.append(Left(pair.ours.id, f"no test: {reason}"))
            return None
        self._done.append(pair.ours.id)
        return _Tests(pair, tuple(helpers), tuple(tests))

    def _helper(self, known: Known) -> tuple[str, Way] | None:
        if known.passes is None or not known.gates:
            return None
        return snake(" ".join(["as", *known.gates])), known.passes

    def _as_the_crate_does(self, known: Known, pair: _Pair) -> Iterator[Asked]:
        """What is asked, with the statuses that the crate's extractors refuse with."""
        for one in known.tests:
            if not any(request.wrong for request in one.requests):
                yield one
                continue
            groups: dict[Refusal, list[Checked]] = {}
            for request in one.requests:
                refusal = self._refusals.of(pair.theirs.key, request)
                if refusal is not None:
                    groups.setdefault(refusal, []).append(request)
            for refusal, requests in groups.items():
                told = requests if refusal.tells else [replace(o, wrong=()) for o in requests]
                yield replace(one, requests=tuple(told), status=refusal.status)

    def _ignored(self, pair: _Pair, one: Asked, app: Application) -> str:
        """Why a test isn't run; "" where it is."""
        if pair.link.drift:
            where = f"{pair.theirs.method} {pair.theirs.path}"
            return f"{', '.join(pair.link.drift)}: the port has {where}"
        hole = self._holes.behind(pair.theirs.handler) if one.in_handler else ""
        if hole and hole != pair.theirs.handler:
            return f"`{hole}`, which the handler calls, isn't ported to its end"
        if hole or (one.in_handler and pair.link.presence != "ported"):
            return "the handler isn't ported to its end"
        key = next(iter(pair.ours.signature.response_models), "")
        gap = self._gaps.of_model(key) if key and one.shape else None
        if gap is not None:
            return f"{gap.struct.name} differs from the backend's in {', '.join(gap.names)}"
        rows = one.way is not None and bool(one.way.rows)
        if (rows or one.in_handler) and "postgres" in app.databases:
            return "it needs a PostgreSQL server"
        return ""

    # Files

    def _file(self, pair: _Pair, module: str) -> str:
        """The file of tests for a file of handlers."""
        file = pair.theirs.key.partition("::")[0]
        stem = posixpath.basename(file).removesuffix(".rs")
        if stem in ("mod", "lib", "main"):
            stem = posixpath.basename(posixpath.dirname(file))
            stem = stem if stem != "src" else "app"
        path = self._at(f"tests/{stem}.rs")
        text = self._present.get(path)
        if stem == module or (text is not None and f"mod {module};" not in text):
            return self._at(f"tests/{stem}_endpoints.rs")
        return path

    def _with(self, file: str, every: Sequence[_Tests], module: str) -> str:
        """A file of tests with more of them."""
        before = self._present.get(file)
        there = functions_in(before or "")
        items: list[i.Function] = []
        for made in every:
            for one in (*made.helpers, *made.tests):
                known = one.name in there
                if known and one in made.helpers:
                    continue
                number = 2
                name = one.name
                while name in there:
                    name, number = f"{one.name}{number}", number + 1
                there.add(name)
                items.append(replace(one, name=name) if name != one.name else one)
        if before is not None:
            names, _ = named_in(())
            short = re.search(r"use serde_json::(?:json;|\{[^}]*\bjson\b)", before) is not None

            def written_in(one: Symbol) -> str:
                return "json" if short and one.path == ("serde_json", "json") else names(one)

            return before.rstrip("\n") + "\n\n" + print_items(items, written_in)
        names, uses = named_in(
            [one for one in symbols_in(tuple(items)) if one.path[0] != module],
        )
        sources = sorted({made.pair.ours.place.file for made in every})
        listed = ", ".join(f"`{one}`" for one in sources)
        parts = [f"//! The endpoints of {listed}, asked as their clients do.\n", f"mod {module};\n"]
        if uses:
            parts.append(new_uses(uses) + "\n")
        return "\n".join([*parts, print_items(items, names)])


def _calls(function: i.Function, name: str) -> bool:
    """Whether a test calls a function of its file."""
    return f"Name(name={name!r})" in repr(function.body)


def _about(pair: _Pair) -> str:
    return f"{pair.ours.method} {pair.ours.path}"
