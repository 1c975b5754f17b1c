"""What the subcommands share: their options, the opened index, where output goes."""

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from port_lsp.config import Problem
    from port_lsp.index.index import Index, Progress
    from port_lsp.index.snapshot import Snapshot

NO_BACKEND = 3
WRONG = 2
_F = TypeVar("_F", bound=Callable[..., object])
_FOLDER = click.Path(exists=True, file_okay=False)


def sides(function: _F) -> _F:
    """ROOT, --backend and --crate."""
    for add in (
        click.argument("root", type=_FOLDER, default="."),
        click.option("--crate", type=_FOLDER, help="The crate's root; taken as it is."),
        click.option("--backend", type=_FOLDER, help="The backend's root; taken as it is."),
    ):
        function = add(function)
    return function


def formats(*names: str) -> Callable[[_F], _F]:
    """--format, the first name being the default, and --output."""

    def add(function: _F) -> _F:
        choice = click.Choice(names)
        output = click.Path(dir_okay=False, writable=True)
        function = click.option("-o", "--output", type=output, help="Write to this file.")(function)
        return click.option(
            "-f", "--format", "form", type=choice, default=names[0], show_default=True
        )(function)

    return add


def open_index(root: str, backend: str | None, crate: str | None) -> "Index":
    """Reads everything, with progress on a terminal."""
    from port_lsp.index.index import Index
    from port_lsp.index.roots import Wanted

    wanted = Wanted(
        os.path.abspath(root),
        os.path.abspath(backend) if backend else None,
        os.path.abspath(crate) if crate else None,
    )
    with progressing() as progress:
        return Index.open(wanted, progress)


def snapshot_of(root: str, backend: str | None, crate: str | None) -> "Snapshot":
    """As `indexed`: the snapshot alone."""
    return indexed(root, backend, crate).snapshot


def indexed(
    root: str, backend: str | None, crate: str | None, *, new_crate: bool = False
) -> "Index":
    """Reads everything and says what is wrong. Ends with exit code 3 where there is no backend.
    The folder of a new crate needn't be there."""
    index = open_index(root, backend, crate)
    snapshot = index.snapshot
    missing = snapshot.root("crate") if new_crate else None
    for problem in snapshot.problems:
        if missing is None or problem.file != missing:
            say(problem_text(problem))
    if snapshot.backend is None:
        say(_no_backend(snapshot))
        raise click.exceptions.Exit(NO_BACKEND)
    if snapshot.crate_root is None and not backend:
        say(f"no crate with axum or actix-web was found in {snapshot.searched}: name it by --crate")
    return index


def _no_backend(snapshot: "Snapshot") -> str:
    root = snapshot.root("backend")
    if root is not None:
        return f"no backend: there is no Python file in {root}"
    return (
        f"no backend: no Python file in {snapshot.searched} imports fastapi; name it by --backend"
    )


def say(message: str) -> None:
    """Something for people, on standard error."""
    click.echo(f"port-lsp: {message}", err=True)


def problem_text(problem: "Problem") -> str:
    """A problem as `path:line: severity: message`."""
    from port_lsp.report.places import shown_path

    at = shown_path(problem.file) + (f":{problem.line}" if problem.line else "")
    return f"{at}: {problem.severity}: {problem.message}"


def configuration_failed(snapshot: "Snapshot") -> bool:
    """Whether something in the configuration is wrong."""
    return any(problem.severity == "error" for problem in snapshot.problems)


def write(data: str | bytes, output: str | None) -> None:
    """Machine output: to a file or to standard output, as UTF-8. Raises click's FileError."""
    content = data.encode("utf-8", "replace") if isinstance(data, str) else data
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        Path(output).write_bytes(content)
    except OSError as error:
        raise click.FileError(output, error.strerror or str(error)) from error


@contextmanager
def progressing() -> "Generator[Progress, None, None]":
    """A bar on standard error for what takes long, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")
        yield lambda stage, done, total: bar.update(
            task, description=stage, completed=done, total=total
        )
