"""Ports a whole backend into a fresh crate and compiles it.

    python -m bench.port_compile BACKEND [--kind model|endpoint|event|function] [--folder DIR]

Makes a crate in DIR (a temporary folder, if none is named), writes every item of the backend into
it, and runs `cargo check`, `rustfmt --check` and, with --clippy, clippy. Prints what was ported,
what was left and why, what was degraded, and the compiler's errors by their codes.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import click
import msgspec

from port_lsp.commands.files import write_all
from port_lsp.facts.items import Function
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.ground.start import lay, onto
from port_lsp.patterns.port import Ported, Target
from port_lsp.patterns.registry import porter
from port_lsp.patterns.waiting import waiting
from port_lsp.writing.registering import Framework


def functions_of(index: Index) -> tuple[Function, ...]:
    """The backend's functions and methods, each key once."""
    backend = index.snapshot.backend
    every = backend.functions if backend is not None else ()
    return tuple({one.key: one for one in every}.values())


def port(backend: Path, folder: Path, kinds: tuple[str, ...], framework: Framework) -> Ported:
    """Ports everything of some kinds into a new crate and writes it: onto the ground that
    `port-lsp port` lays."""
    folder.mkdir(parents=True, exist_ok=True)
    index = Index.open(Wanted(str(backend), str(backend), str(folder)))
    files = lay(index, framework)
    targets = [one for one in waiting(index.snapshot) if not kinds or one.kind in kinds]
    if "function" in kinds:  # also those that aren't part of everything
        known = {one.id for one in targets}
        every = (one.key for one in functions_of(index))
        targets += [Target("function", key) for key in every if key not in known]
    done = porter(Desks().at(index)).port(targets)
    if not write_all(str(folder), onto(files, done, str(folder)).changes):
        raise OSError(f"{folder} couldn't be written")
    return done


def cargo(folder: Path, command: str, target: Path | None = None) -> tuple[Counter[str], list[str]]:
    """The compiler's errors and warnings by code, and the errors as they are shown. `target` is
    where it builds, if not in the crate."""
    found: Counter[str] = Counter()
    shown: list[str] = []
    for one in _messages(folder, command, target):
        found[f"{one.level} {one.code}".strip()] += 1
        if one.level == "error":
            shown.append(one.rendered)
    return found, shown


def cargo_errors(folder: Path, target: Path | None = None) -> Counter[str]:
    """The compiler's errors with the files that they are in, but no lines, so that those of one
    state of a crate can be told from those of another."""
    return Counter(
        f"{one.files}: {one.code} {one.message}".replace(":  ", ": ")
        for one in _messages(folder, "check", target)
        if one.level == "error"
    )


class _Code(msgspec.Struct):
    code: str = ""


class _Span(msgspec.Struct):
    file_name: str = ""
    is_primary: bool = False


class _Message(msgspec.Struct):
    """rustc's JSON of a diagnostic, as far as it is read here."""

    level: str
    message: str
    rendered: str | None = None
    code: _Code | None = None
    spans: list[_Span] = []


class _Line(msgspec.Struct):
    message: _Message | None = None


class _Said(msgspec.Struct):
    level: str
    code: str
    message: str
    files: str
    rendered: str


def _messages(folder: Path, command: str, target: Path | None) -> list[_Said]:
    more = () if target is None else ("--target-dir", str(target))
    run = subprocess.run(
        # A toolchain older than a crate asks for may do; if not, its errors say it.
        ["cargo", command, "--quiet", "--ignore-rust-version", "--message-format", "json", *more],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found: list[_Said] = []
    for line in run.stdout.splitlines():
        one = msgspec.json.decode(line, type=_Line).message if line.startswith("{") else None
        if one is None or one.level not in ("error", "warning"):
            continue
        files = " ".join(sorted({span.file_name for span in one.spans if span.is_primary}))
        code = one.code.code if one.code is not None else ""
        found.append(_Said(one.level, code, one.message, files, one.rendered or one.message))
    if run.returncode and all(one.level != "error" for one in found):
        found.append(_Said("error", "", run.stderr.strip()[-500:], "", run.stderr))
    return found


def unformatted(folder: Path) -> list[str]:
    """The files that rustfmt would change."""
    roots = [path for name in ("main.rs", "lib.rs") if (path := folder / "src" / name).exists()]
    run = subprocess.run(
        ["rustfmt", "--check", "--edition", "2021", "-l", *map(str, roots)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return run.stdout.split()


@click.command(help=__doc__)
@click.argument("backend", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--kind", "kinds", multiple=True, help="Only items of this kind.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--framework", type=click.Choice(("axum", "actix-web")), default="axum")
@click.option("--clippy", is_flag=True)
@click.option("--shown", default=5, show_default=True, help="How many errors are shown.")
def main(
    backend: Path,
    kinds: tuple[str, ...],
    folder: Path | None,
    framework: Framework,
    clippy: bool,
    shown: int,
) -> None:
    folder = (folder or Path(tempfile.mkdtemp(prefix="ported-"))).resolve()
    done = port(backend.resolve(), folder, kinds, framework)
    text = "".join(path.read_text("utf-8") for path in folder.rglob("*.rs"))
    holes = len(re.findall(r"\btodo!\(", text))
    click.echo(f"ported {len(done.done)}, left {len(done.left)}, {holes} holes, in {folder}")
    for one in done.left[:shown]:
        click.echo(f"  left {one.id}: {one.reason}")
    for note in done.notes:
        click.echo(f"  note {note}")
    found, errors = cargo(folder, "clippy" if clippy else "check")
    for code, count in found.most_common():
        click.echo(f"  {count:5} {code}")
    for error in errors[:shown]:
        click.echo(error)
    changed = unformatted(folder)
    click.echo(f"{len(changed)} files that rustfmt would change: {' '.join(changed[:shown])}")
    sys.exit(1 if errors or changed or done.left else 0)


if __name__ == "__main__":
    main()
