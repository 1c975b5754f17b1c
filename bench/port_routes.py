"""The registrations of a real port, exactly: those read by hand and no other.

    python -m bench.port_routes CRATE [--export FILE]

CRATE is `rust-backend/` of xxnuo/open-webui-rust at commit bd0757d; port/routes.json holds what was
read by hand of it: 356 registrations with method and full path, handler, the place of its `fn` and
of the registering call, the middleware they stand behind (outermost first) and whether a request
can reach them, and the functions that register something and that nothing mounts. Each difference
is a line: missing (-), surplus (+) or another value (~). Exit 1 if there is any. The default
service is no registration on a path: its row is of kind `fallback` and isn't compared.

--export reads an export from a file instead of running the product.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click
import msgspec

from bench.exported import SMALLEST_BACKEND, Row, Spot

FACTS = Path(__file__).parent / "port" / "routes.json"
PRODUCT = (sys.executable, "-m", "port_lsp")
SECONDS = 120


class Fact(msgspec.Struct, frozen=True):
    """One method on one full path, as read by hand; lines are 1-based."""

    method: str
    path: str
    handler: str
    reg_file: str
    reg_line: int
    fn_file: str
    fn_line: int
    reachable: bool
    middleware: tuple[str, ...]


class Forgotten(msgspec.Struct, frozen=True):
    """A function (at its `fn`) that registers so many routes and that nothing mounts."""

    file: str
    function: str
    line: int
    registrations: int


class Facts(msgspec.Struct, frozen=True):
    """Everything that was read by hand."""

    source: str
    http: tuple[Fact, ...]
    unmounted: tuple[Forgotten, ...]


class Registration(Row, frozen=True, kw_only=True):
    """An exported registration, as far as it is compared."""

    reachable: bool
    middleware: tuple[str, ...]
    root: str | None = None


class Function(msgspec.Struct, frozen=True):
    id: str
    line: int


class Crate(msgspec.Struct, frozen=True):
    endpoints: tuple[Registration, ...]
    unmounted: tuple[Registration, ...]
    functions: tuple[Function, ...]
    unresolved: tuple[Spot, ...]


class Exported(msgspec.Struct, frozen=True):
    """An export; everything else in it is skipped."""

    crate: Crate


def as_fact(row: Registration) -> Fact:
    """An exported row in the words of the facts."""
    return Fact(
        row.method,
        row.path,
        row.handler,
        row.registered.file,
        row.registered.line,
        row.file,
        row.line,
        row.reachable,
        row.middleware,
    )


def differences(facts: Facts, crate: Crate) -> Iterator[str]:
    """A line for each way in which the export isn't what was read by hand."""
    got = [as_fact(row) for row in crate.endpoints if row.kind != "fallback"]
    yield from _routes(facts.http, got)
    yield from _forgotten(facts.unmounted, crate)
    yield from (f"+ unresolved {spot.file}:{spot.line}" for spot in crate.unresolved)


def _forgotten(said: Iterable[Forgotten], crate: Crate) -> Iterator[str]:
    """A function in a file that no `mod` names isn't among the crate's functions: its `fn` can't be
    compared, only what it registers."""
    want = {f"{one.file}::{one.function}": one for one in said}
    got = Counter(row.root or "" for row in crate.unmounted)
    lines = {one.id: one.line for one in crate.functions}
    for key in sorted({*want, *got}):
        one = want.get(key)
        if one is None:
            yield f"+ unmounted {key}, {got[key]} registrations"
        elif got[key] != one.registrations:
            yield f"~ unmounted {key}: {got[key]} registrations, by hand {one.registrations}"
        if one is not None and lines.get(key, one.line) != one.line:
            yield f"~ unmounted {key}: line {lines[key]}, by hand {one.line}"


def _routes(want: Iterable[Fact], got: Iterable[Fact]) -> Iterator[str]:
    """Rows of one method and path are compared in the order of their registering calls; equal ones
    first, so that one that is missing isn't told as all its followers."""
    here: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
    there: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
    surplus = Counter(got) - Counter(want)
    missing = Counter(want) - Counter(got)
    for fact in missing.elements():
        here[fact.method, fact.path].append(fact)
    for fact in surplus.elements():
        there[fact.method, fact.path].append(fact)
    for key in sorted({*here, *there}):
        yield from _rows(sorted(here[key], key=_place), sorted(there[key], key=_place))


def _place(fact: Fact) -> tuple[str, int]:
    return fact.reg_file, fact.reg_line


def _rows(want: Sequence[Fact], got: Sequence[Fact]) -> Iterator[str]:
    common = min(len(want), len(got))
    for one, other in zip(want[:common], got[:common], strict=True):
        for name in Fact.__struct_fields__:
            said, found = getattr(one, name), getattr(other, name)
            if said != found:
                yield f"~ {one.method} {one.path} {name}: {found}, by hand {said}"
    yield from (_told("-", one) for one in want[common:])
    yield from (_told("+", one) for one in got[common:])


def _told(sign: str, one: Fact) -> str:
    return f"{sign} {one.method} {one.path} {one.handler} {one.reg_file}:{one.reg_line}"


def export(root: Path) -> bytes:
    """What the product reads of a crate; raises ClickException with its message where it fails."""
    with tempfile.TemporaryDirectory() as backend:
        (Path(backend) / "main.py").write_text(SMALLEST_BACKEND)
        command = [*PRODUCT, "export", "--backend", backend, "--crate", str(root)]
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    if done.returncode != 0:
        raise click.ClickException(done.stderr.decode(errors="replace").strip())
    return done.stdout


@click.command(help=(__doc__ or "").split("\n\n")[0])
@click.argument("crate", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--export", "kept", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def main(crate: Path, kept: Path | None) -> None:
    """Compares and prints the counts; exit 1 on any difference."""
    facts = msgspec.json.decode(FACTS.read_bytes(), type=Facts)
    text = kept.read_bytes() if kept is not None else export(crate)
    read = msgspec.json.decode(text, type=Exported).crate
    told = list(differences(facts, read))
    for one in told:
        print(one)
    routes = [row for row in read.endpoints if row.kind != "fallback"]
    unreachable = sum(not row.reachable for row in routes)
    said = sum(not fact.reachable for fact in facts.http)
    print(
        f"{len(routes)} registrations, by hand {len(facts.http)};"
        f" unreachable {unreachable}, by hand {said};"
        f" unmounted {len(read.unmounted)},"
        f" by hand {sum(one.registrations for one in facts.unmounted)};"
        f" fallbacks {len(read.endpoints) - len(routes)};"
        f" differences {len(told)}"
    )
    sys.exit(bool(told))


if __name__ == "__main__":
    main()
