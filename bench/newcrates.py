"""Ports the public backends of bench/newcrates.toml into new crates, and holds what comes out
against what is recorded there.

    python -m bench.newcrates CHECKOUTS [--only NAME] [--framework actix-web] [--write]

CHECKOUTS is a folder with a checkout of each at its commit, below any name: one that git knows,
or one whose commit stands beside it, in a file `NAME.commit`. Prints for each what was ported and
left, the compiler's errors, the files that rustfmt would change, and the seconds that the port
took. The crates share one folder for what is built; CARGO_TARGET_DIR says another. Exit status 1
where anything is worse than recorded, or a checkout is missing. `--write` records what came out.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import tomlkit

from bench.port_compile import cargo, port, unformatted
from port_lsp.facts.source import Record
from port_lsp.writing.registering import Framework

TABLE = Path(__file__).with_name("newcrates.toml")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_UNKNOWN = -1  # the compiler wasn't asked


class Figures(Record, frozen=True):
    """What came out: items ported and left, errors of the compiler, files rustfmt would change."""

    ported: int
    left: int
    errors: int
    unformatted: int

    def worse(self, than: Figures) -> list[str]:
        """In what these are worse than others; what wasn't measured before is no measure."""
        found = [
            f"{name} {new} instead of {old}"
            for name in ("left", "errors", "unformatted")
            if (new := getattr(self, name)) > (old := getattr(than, name)) != _UNKNOWN
        ]
        if self.ported < than.ported:
            found.insert(0, f"ported {self.ported} instead of {than.ported}")
        return found


class Entry(Record, frozen=True):
    """One backend of the table, and where it is in a checkout."""

    name: str
    source: str
    commit: str
    folder: str
    ported: int
    left: int
    errors: int
    unformatted: int
    framework: Framework = "axum"

    @property
    def recorded(self) -> Figures:
        return Figures(self.ported, self.left, self.errors, self.unformatted)


class Table(Record, frozen=True):
    backend: list[Entry]


def entries() -> list[Entry]:
    """The table's entries, in its order."""
    return msgspec.toml.decode(TABLE.read_bytes(), type=Table).backend


def checkouts(folder: Path) -> dict[str, Path]:
    """The checkouts in a folder, by their commits."""
    return {commit: path for path in sorted(folder.iterdir()) for commit in _commits(path)}


def _commits(path: Path) -> Iterator[str]:
    beside = path.with_name(f"{path.name}.commit")
    if path.is_dir() and beside.is_file():
        yield beside.read_text("utf-8").strip()
    elif (path / ".git").exists():
        run = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=path, capture_output=True, text=True, check=False
        )
        yield run.stdout.strip()


def measured(entry: Entry, backend: Path, folder: Path, target: Path) -> tuple[Figures, str]:
    """Ports a backend into a new crate in `folder`; what came out, and what to say of it."""
    began = time.perf_counter()
    done = port(backend, folder, (), entry.framework)
    seconds = time.perf_counter() - began
    _, errors = cargo(folder, "check", target)
    changed = unformatted(folder)
    figures = Figures(len(done.done), len(done.left), len(errors), len(changed))
    told = [f"{one.id} left: {one.reason}" for one in done.left[:5]]
    told += [error.rstrip() for error in errors[:3]]
    told += [f"rustfmt would change {path}" for path in changed[:3]]
    return figures, "\n".join([f"{seconds:.1f} s", *told])


def record(results: dict[tuple[str, str], Figures]) -> None:
    """Writes figures into the table; its comments stay."""
    document = tomlkit.parse(TABLE.read_text("utf-8"))
    for one in document["backend"]:  # pyright: ignore
        figures = results.get((one["name"], one.get("framework", "axum")))  # pyright: ignore
        for name in Figures.__struct_fields__ if figures is not None else ():
            one[name] = getattr(figures, name)  # pyright: ignore
    TABLE.write_text(tomlkit.dumps(document), "utf-8")  # pyright: ignore


@click.command(help=__doc__)
@click.argument("folder", metavar="CHECKOUTS", type=_FOLDER)
@click.option("--only", multiple=True, help="Only backends of this name.")
@click.option("--framework", type=click.Choice(("axum", "actix-web")), help="Only into these.")
@click.option("--write", is_flag=True, help="Record what came out.")
def main(folder: Path, only: tuple[str, ...], framework: Framework | None, write: bool) -> None:
    known = checkouts(folder.resolve())
    results: dict[tuple[str, str], Figures] = {}
    bad = 0
    with tempfile.TemporaryDirectory(prefix="newcrates-") as temporary:
        target = Path(os.environ.get("CARGO_TARGET_DIR") or Path(temporary) / "target")
        for number, entry in enumerate(entries()):
            if (only and entry.name not in only) or framework not in (None, entry.framework):
                continue
            checkout = known.get(entry.commit)
            if checkout is None:
                click.echo(f"{entry.name}: no checkout of {entry.source} at {entry.commit}")
                bad += 1
                continue
            place = Path(temporary) / f"{number}"
            figures, told = measured(entry, checkout / entry.folder, place, target)
            results[(entry.name, entry.framework)] = figures
            worse = figures.worse(entry.recorded)
            bad += bool(worse)
            better = not worse and figures != entry.recorded
            verdict = "WORSE: " + ", ".join(worse) if worse else "better" if better else "same"
            click.echo(
                f"{entry.name} ({entry.framework}): {figures.ported} ported, {figures.left} left,"
                f" {figures.errors} errors, {figures.unformatted} unformatted; {verdict}; {told}"
            )
    if write:
        record(results)
    click.echo(f"{len(results)} backends measured, {bad} worse or missing")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
