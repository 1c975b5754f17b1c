"""`port-lsp port`: writes the missing Rust, as a diff unless told to write it into the files."""

import os
from typing import TYPE_CHECKING, NamedTuple

import click

from port_lsp.commands.common import WRONG, indexed, say, write

if TYPE_CHECKING:
    from port_lsp.index.index import Index
    from port_lsp.index.snapshot import Snapshot
    from port_lsp.patterns.port import Left, Ported, Target
    from port_lsp.writing.registering import Framework

PARTLY = 1
_SHOWN = 10
_FOLDER = click.Path(exists=True, file_okay=False)


@click.command()
@click.argument("what", metavar="PATH|ITEM", nargs=-1)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Everything that is unported, stubs, and plain functions.",
)
@click.option("--backend", type=_FOLDER, help="The backend's root; taken as it is.")
@click.option(
    "--crate",
    type=click.Path(file_okay=False),
    help="The crate's root; taken as it is. Missing or empty, it gets the ground of a new crate.",
)
@click.option(
    "--framework",
    type=click.Choice(("axum", "actix-web")),
    help="What a new crate is served by.  [default: axum]",
)
@click.option(
    "--into",
    metavar="FILE|FILE::FUNCTION",
    help="Where it goes: a file of the crate (new, if there is none), or a function of it whose "
    "router takes the routes.  [default: where its siblings are]",
)
@click.option(
    "--with-tests",
    "tests",
    is_flag=True,
    help="Integration tests, too: of what is ported now, and of the endpoints that are named.",
)
@click.option("--write", "writes", is_flag=True, help="Write the files instead of showing a diff.")
@click.option("--force", is_flag=True, help="Write even what git couldn't bring back.")
def command(
    what: tuple[str, ...],
    everything: bool,
    backend: str | None,
    crate: str | None,
    framework: "Framework | None",
    into: str | None,
    tests: bool,
    writes: bool,
    force: bool,
) -> int:
    """Write the missing Rust: as a diff, or into the files.

    PATH is a file or folder of the backend, ITEM an item key (app/routers/users.py::get_users), a
    unique end of one, or a route ("GET /api/users"). Of a model that is ported, the fields are
    written that its struct lacks or names otherwise on the wire; of a handler that is there as a
    stub, the body.

    Of a PATH, and with --all, functions are written too that say their types; those that can't be
    are noted.

    With --with-tests, an integration test is written for each endpoint that is named, whether it is
    ported now or was before, in the crate's own way: what the backend certainly answers. What the
    handler itself answers is asked, too, where that is ported to its end; else the test is there,
    but ignored, and says why.

    Exit code 1 if something asked for couldn't be written.
    """
    if not what and not everything:
        raise click.UsageError("name a PATH or an ITEM, or say --all")
    from port_lsp.commands.into import placed
    from port_lsp.patterns.ground.start import is_empty

    new = crate is not None and is_empty(crate)
    index = indexed(".", backend, crate, new_crate=new)
    files: dict[str, str] | None = None
    if new:
        files = _laid(index, framework or "axum")
        if files is None:
            return WRONG
    used = index.snapshot.crate.framework if index.snapshot.crate is not None else None
    if framework not in (None, used):
        say(f"the crate is served by {used or 'nothing known'}, not by {framework}")
        return WRONG
    place = ""
    if into is not None:
        place, reason = placed(index.snapshot, into)
        if reason:
            say(reason)
            return WRONG
    asked = _Asked(what, place, everything, tests, writes, force)
    return _port(index, files, asked)


class _Asked(NamedTuple):
    """What the user asks for."""

    what: tuple[str, ...]
    into: str
    everything: bool
    tests: bool
    writes: bool
    force: bool


def _laid(index: "Index", framework: "Framework") -> dict[str, str] | None:
    """The files of a new crate; None, with the reason said, where they can't be made."""
    from port_lsp.patterns.ground import TemplateFailedError
    from port_lsp.patterns.ground.start import lay

    try:
        return lay(index, framework)
    except TemplateFailedError as error:
        say(f"a template can't be used: {error}")
        return None


def _port(index: "Index", files: dict[str, str] | None, asked: _Asked) -> int:
    """Ports into the crate, into one place of it where that is said; `files` are those of a new
    one."""
    from msgspec.structs import replace

    from port_lsp.patterns.desk import Desks, NothingToWriteIntoError
    from port_lsp.patterns.ground.start import onto
    from port_lsp.patterns.ground.unported import unported
    from port_lsp.patterns.registry import porter

    snapshot = index.snapshot
    named = _tested(snapshot, asked) if asked.tests else []
    targets, left = _targets(snapshot, asked.what, everything=asked.everything)
    if targets is None:
        return WRONG
    tested = frozenset(named)
    left = [one for one in left if one.id not in tested]
    desks = Desks()
    try:
        desk = desks.at(index)
    except NothingToWriteIntoError as error:
        say(str(error))
        return WRONG
    done = porter(desk).port([replace(one, into=asked.into) for one in targets])
    root, force = snapshot.root("crate") or ".", asked.force
    more: Ported | None = None
    if named:
        from port_lsp.testing.after import with_tests

        done, more = with_tests(index, desks, done, named)
    if files is not None:
        # Nothing is lost that git would have to bring back: every file is new.
        done, force = onto(files, done, root), True
        done = replace(done, notes=(*unported(snapshot.backend), *done.notes))
    for note in done.notes:
        say(f"note: {note}")
    every = (*left, *done.left)
    for one in every:
        say(f"left: {one.id}: {one.reason}")
    if asked.writes and done.changes and not _written(root, done, force=force):
        return WRONG
    if not asked.writes:
        _show(root, done)
    count = f"{len(more.done)} with tests, " if more is not None else ""
    say(f"{len(done.done)} ported, {count}{len(every)} left, {len(done.changes)} files changed")
    return PARTLY if every else 0


def _tested(snapshot: "Snapshot", asked: _Asked) -> list[str]:
    """The endpoints that are named, whether they are ported or not."""
    from port_lsp.report.find import items_at

    backend = snapshot.backend
    if backend is None:
        return []
    files = {file for name in asked.what for file in _files(snapshot, name)}
    ids = {ident for name in asked.what for ident in items_at(snapshot, name)}
    ignored = {one.backend for one in snapshot.links.endpoints if one.presence == "ignored"}
    return [
        one.id
        for one in backend.endpoints
        if asked.everything or one.place.file in files or one.id in ids or one.key in ids
        if one.id not in ignored or one.id in ids
    ]


def _targets(
    snapshot: "Snapshot", what: tuple[str, ...], *, everything: bool
) -> "tuple[list[Target] | None, list[Left]]":
    """What is to be ported, and what isn't although it was named; None where nothing is meant."""
    from port_lsp.patterns.gaps import Gaps
    from port_lsp.patterns.port import targets_of
    from port_lsp.patterns.waiting import waiting
    from port_lsp.report.find import items_at, near

    if everything:
        return waiting(snapshot), []
    found: list[Target] = []
    left: list[Left] = []
    for name in what:
        files = _files(snapshot, name)
        if files:
            for file in files:
                found += waiting(snapshot, file)
            continue
        ids = items_at(snapshot, name)
        if not ids:
            say(f"nothing of the backend is called {name}, no file and no item")
            for other in near(snapshot, name)[:_SHOWN]:
                say(f"  did you mean {other}?")
            return None, []
        targets, more = targets_of(snapshot, ids)
        models = (one.id.partition("#")[0] for one in targets if one.kind == "fields")
        for key in dict.fromkeys(models):
            say(str(Gaps(snapshot).of_model(key)))
        found += targets
        left += more
    return list(dict.fromkeys(found)), left


def _files(snapshot: "Snapshot", name: str) -> list[str]:
    """The backend's files that a path names: one file, or all below a folder."""
    root = snapshot.root("backend")
    if root is None or "::" in name:
        return []
    full = os.path.abspath(name)
    found = [
        file for file in snapshot.backend_files
        if (path := os.path.join(root, *file.split("/"))) == full
        or path.startswith(full.rstrip(os.sep) + os.sep)
    ]  # fmt: skip
    if found:
        return found
    wanted = name.replace(os.sep, "/").strip("/")
    ends = [file for file in snapshot.backend_files if f"/{file}".endswith(f"/{wanted}")]
    return ends or [file for file in snapshot.backend_files if file.startswith(f"{wanted}/")]


def _show(root: str, done: "Ported") -> None:
    from port_lsp.report.diff import unified

    here = os.getcwd()
    prefix = os.path.relpath(root, here).replace(os.sep, "/") if root.startswith(here) else ""
    lead = f"{prefix}/" if prefix not in ("", ".") else ""
    write(unified((lead + one.path, one.before, one.after) for one in done.changes), None)


def _written(root: str, done: "Ported", *, force: bool) -> bool:
    """Writes the changed files; whether that was allowed and went well."""
    from port_lsp.commands.files import write_all
    from port_lsp.commands.worktree import why_not

    reason = None if force else why_not(root, [one.path for one in done.changes])
    if reason is not None:
        say(f"nothing was written: {reason}; commit first, or say --force")
        return False
    return write_all(root, done.changes)
