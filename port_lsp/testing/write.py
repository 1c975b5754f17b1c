"""Writes the tests of endpoints into a crate, as changes of its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.names import snake
from port_lsp.patterns.port import Left, Ported
from port_lsp.testing.asked import Asked, Checked, Known
from port_lsp.testing.building import CannotBuildError
from port_lsp.testing.files import Files, Tests
from port_lsp.testing.functions import Writer, test_name
from port_lsp.testing.harness import NoHarnessError
from port_lsp.testing.pairs import Pair, Pairs
from port_lsp.testing.present import Unsaved, nothing
from port_lsp.testing.refusals import Refusal
from port_lsp.testing.rows import CannotSeedError
from port_lsp.testing.service import Service, Services
from port_lsp.testing.ways import Way
from port_lsp.writing.ir import items as i


def written(desk: Desk, idents: Iterable[str], unsaved: Unsaved = nothing) -> Ported:
    """The tests of endpoints (the backend's ids) that are ported: `done` are those that have tests
    now, `left` those that haven't. Nothing else of the crate is changed, but for its manifest, and
    for the line of a program that declares its tests."""
    pairs = desk.stands(_pairs)
    found: list[Pair] = []
    left: list[Left] = []
    for ident in dict.fromkeys(idents):
        pair = pairs.of(ident)
        if isinstance(pair, Pair):
            found.append(pair)
        else:
            left.append(Left(ident, pair))
    if not found:
        return Ported(left=tuple(left))
    try:
        services = desk.shares(Services)
        package, root = services.home(_files(desk, found))
        files = Files(desk, package, root, unsaved)
        service = services.of(package, root, files.own)
    except (NoHarnessError, CannotBuildError) as error:
        left += [Left(one.ours.id, str(error)) for one in found]
        return Ported(left=tuple(left))
    return _Writing(service, files, found, left).run()


def _pairs(desk: Desk) -> Pairs:
    return Pairs(desk.snapshot)


def _files(desk: Desk, pairs: Sequence[Pair]) -> list[str]:
    """Where endpoints are registered: in the library, if it isn't only the program that does."""
    programs = {
        one for file in desk.workshop.files
        if (package := desk.workshop.scopes.package_of(file)) is not None
        for one in package.programs
    }  # fmt: skip
    files = {one.theirs.registered.file for one in pairs}
    return sorted(files - programs) or sorted(files)


class _Writing:
    """Writes the tests of pairs."""

    def __init__(
        self, service: Service, files: Files, pairs: Sequence[Pair], left: list[Left]
    ) -> None:
        self._service, self._files, self._pairs, self._left = service, files, pairs, left
        self._writer: Writer = service.writer(files.module)
        self._notes: list[str] = [files.note] if files.note else []
        self._done: list[str] = []

    def run(self) -> Ported:
        found: dict[str, list[Tests]] = {}
        for pair in self._pairs:
            if self._files.is_tested(pair):
                self._notes.append(f"{pair.about} is tested already")
                continue
            made = self._tests(pair)
            if made is not None:
                found.setdefault(self._files.file_of(pair), []).append(made)
        if not found:
            return Ported(left=tuple(self._left), notes=tuple(self._notes))
        for file, every in found.items():
            self._files.add(file, every)
        changes = self._files.changes(self._service.app)
        return Ported(tuple(changes), tuple(self._done), tuple(self._left), tuple(self._notes))

    def _tests(self, pair: Pair) -> Tests | None:
        missing = self._service.missing(pair.theirs)
        if missing:
            self._left.append(Left(pair.ours.id, f"no test: {missing}"))
            return None
        drifted = bool(pair.link.drift)
        path = pair.ours.path if drifted else pair.theirs.path
        known = self._service.backend.known(pair.ours, path)
        helper = _helper(known)
        tests: list[i.Function] = []
        helpers: list[i.Function] = []
        taken: set[str] = set()
        for one in self._as_the_crate_does(known, pair):
            name = test_name(pair.ours.handler, one, taken)
            ignored = self._ignored(pair, one)
            try:
                made = self._writer.test(one, name, pair.about, helper, ignored)
            except CannotSeedError as error:
                self._notes.append(f"{pair.about}: {one.name}: {error}")
                continue
            except KeyError as error:
                self._notes.append(f"{pair.about}: {one.name}: where {error} is held isn't known")
                continue
            tests.append(made)
            if helper is not None and not helpers and _calls(made, helper[0]):
                gate = " and ".join(known.gates)
                helpers.append(self._writer.helper(helper[0], gate, helper[1]))
        self._notes += [f"{pair.about}: {reason}" for reason in known.left_out if tests]
        if not tests:
            reason = known.left_out[0] if known.left_out else "nothing of its answers is certain"
            self._left.append(Left(pair.ours.id, f"no test: {reason}"))
            return None
        self._done.append(pair.ours.id)
        return Tests(pair, tuple(helpers), tuple(tests))

    def _as_the_crate_does(self, known: Known, pair: Pair) -> Iterator[Asked]:
        """What is asked, with the statuses that the crate's extractors refuse with."""
        for one in known.tests:
            if not any(request.wrong for request in one.requests):
                yield one
                continue
            groups: dict[Refusal, list[Checked]] = {}
            for request in one.requests:
                refusal = self._service.refusals.of(pair.theirs.key, request)
                # What the program tells the framework's extractors isn't read.
                if refusal is not None and (refusal.tells or not self._service.harness.configured):
                    groups.setdefault(refusal, []).append(request)
            for refusal, requests in groups.items():
                told = requests if refusal.tells else [replace(o, wrong=()) for o in requests]
                yield replace(one, requests=tuple(told), status=refusal.status)

    def _ignored(self, pair: Pair, one: Asked) -> str:
        """Why a test isn't run; "" where it is."""
        service = self._service
        if pair.link.drift:
            where = f"{pair.theirs.method} {pair.theirs.path}"
            return f"{', '.join(pair.link.drift)}: the port has {where}"
        hole = service.holes.behind(pair.theirs.handler) if one.in_handler else ""
        if hole and hole != pair.theirs.handler:
            return f"`{hole}`, which the handler calls, isn't ported to its end"
        if hole or (one.in_handler and pair.link.presence != "ported"):
            return "the handler isn't ported to its end"
        key = next(iter(pair.ours.signature.response_models), "")
        gap = service.gaps.of_model(key) if key and one.shape else None
        if gap is not None:
            return f"{gap.struct.name} differs from the backend's in {', '.join(gap.names)}"
        rows = one.way is not None and bool(one.way.rows)
        if (rows or one.in_handler) and "postgres" in service.app.databases:
            return "it needs a PostgreSQL server"
        if rows and service.app.databases and service.app.tables is None:
            return "how the crate makes its tables isn't known"
        return ""


def _helper(known: Known) -> tuple[str, Way] | None:
    """The function that makes a credential, by its name, and what that is."""
    if known.passes is None or not known.gates:
        return None
    return snake(" ".join(["as", *known.gates])), known.passes


def _calls(function: i.Function, name: str) -> bool:
    """Whether a test calls a function of its file."""
    return f"Name(name={name!r})" in repr(function.body)
