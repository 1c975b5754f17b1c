"""Precision and recall of reading crates, on public applications that the product wasn't tuned to.

    python bench/crates.py --checkouts DIR [--misses] [--exports DIR] [NAME...]

crates.toml names the applications, crates/<name>.json holds what was read by hand of each: every
registration, in code order, with the places of the registering call and of the handler. DIR holds a
checkout of each application under its name; a missing one is reported with the commands that make
it. Nothing of the applications is built or run. --exports reads `<name>.json` from a folder instead
of running `port-lsp export`.

How the lists count:
- A row is one method on one full path; a fallback is no row. WEBSOCKET is a GET in a crate.
- Columns after recall are shares of the rows found: handler, line of the `fn`, the registering call
  (file and line), whether it is said to be conditional (the text isn't compared). A handler that is
  a constant has no name, a foreign one no line: those agree with anything.
- `optional` rows (one handler registered twice, a redirect service) count neither way.
- A condition is one inside of the application; what decides whether it runs at all doesn't count.
- `prefix`: the row stands below a prefix that only a running program knows. "always": it is found
  under any prefix. "sometimes": its path without the prefix is expected, and the same registration
  under any prefix isn't held against us.
- What is registered at a place of which only a running program knows the path counts neither way.
- `unresolved`: how many places the product lists, and of the places that can't be read by
  definition how many are among them (within three lines).
- `dropped`: call sites of registering constructs that are neither resolved nor unresolved nor left
  out for a reason (`check --reconcile`); anything but 0 is a failure. Not asked with --exports.

Exit 1 if something was dropped, or a crate that is there couldn't be read.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
import tomlkit
from crates_compare import Comparison, Exported, Facts, compare
from exported import SMALLEST_BACKEND
from reconciled import Account, account

HERE = Path(__file__).parent
PRODUCT = (sys.executable, "-m", "port_lsp")
SECONDS = 300
HEADER = (
    f"{'name':20} {'framework':13} {'by hand':>7} {'found':>5} {'extra':>5} {'prec.':>6}"
    f" {'recall':>6} {'handler':>7} {'fn line':>7} {'reg.':>6} {'cond.':>6} {'unresolved':>10}"
    f" {'dropped':>7}"
)


class Chosen(msgspec.Struct, frozen=True):
    """One application of crates.toml; `root` is the crate's folder inside of its checkout.

    `held_out`: it wasn't known to those who wrote the reader when it was first measured.
    """

    name: str
    source: str
    commit: str
    root: str
    framework: str
    version: str
    shape: str
    held_out: bool = False


def chosen(names: Sequence[str]) -> list[Chosen]:
    """The applications of crates.toml, all or those named; unknown names are a usage error."""
    document = tomlkit.parse((HERE / "crates.toml").read_text()).unwrap()
    every = msgspec.convert(document["crate"], list[Chosen])
    unknown = set(names) - {one.name for one in every}
    if unknown:
        raise click.UsageError(f"crates.toml doesn't name {', '.join(sorted(unknown))}")
    return [one for one in every if not names or one.name in names]


def facts_of(one: Chosen) -> Facts:
    """What was read by hand; refuses a list that was made of another commit."""
    facts = msgspec.json.decode((HERE / "crates" / f"{one.name}.json").read_bytes(), type=Facts)
    if (facts.source, facts.commit) != (one.source, one.commit):
        raise click.ClickException(f"crates/{one.name}.json is of another source or commit")
    return facts


@contextmanager
def smallest_backend() -> Generator[Path]:
    """A folder with the smallest backend there is, for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.py").write_text(SMALLEST_BACKEND)
        yield Path(folder)


def reconciled(root: Path) -> Account:
    """What became of each call site of a crate. Raises ClickException where it can't be told."""
    with smallest_backend() as backend:
        return account("crate", backend, root, SECONDS)


def export(root: Path) -> Exported:
    """What the product reads of a crate. Raises ClickException with its message where it fails."""
    with smallest_backend() as backend:
        command = [*PRODUCT, "export", "--backend", str(backend), "--crate", str(root)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise click.ClickException(f"export took more than {SECONDS} s on {root}") from None
    if done.returncode != 0:
        tail = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise click.ClickException(f"export ended with {done.returncode} on {root}: {tail}")
    return msgspec.json.decode(done.stdout, type=Exported)


def how_to_get(one: Chosen, folder: Path) -> str:
    """The commands that make a missing checkout."""
    return (
        f"{one.name}: no checkout; git clone https://github.com/{one.source} {folder}"
        f" && git -C {folder} checkout {one.commit}"
    )


def percent(part: int, whole: int) -> str:
    """A share for people; a dash where there is nothing to share."""
    return f"{100 * part / whole:.1f}" if whole else "-"


def line(name: str, framework: str, of: Comparison, dropped: int | None) -> str:
    """One line of the table; `dropped` is None where it wasn't asked."""
    found = len(of.found)
    cells = (of.handlers, of.fn_lines, of.registered, of.conditions)
    shares = " ".join(f"{percent(n, found):>{w}}" for n, w in zip(cells, (7, 7, 6, 6), strict=True))
    unresolved = f"{of.unresolved} {of.known_listed}/{of.known}"
    return (
        f"{name:20} {framework:13} {of.by_hand:7} {found:5} {len(of.extra):5}"
        f" {percent(found, found + len(of.extra)):>6} {percent(found, of.by_hand):>6}"
        f" {shares} {unresolved:>10} {'-' if dropped is None else dropped:>7}"
    )


def total(parts: Iterable[Comparison]) -> Comparison:
    """Several comparisons as one."""
    whole = Comparison()
    for part in parts:
        whole = whole.plus(part)
    return whole


def summed(parts: Iterable[int | None]) -> int | None:
    """What was dropped in all; None if it was asked of none."""
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


@click.command(help="How well crates are read: see the top of this file.")
@click.option("--checkouts", type=click.Path(path_type=Path, file_okay=False), default=None)
@click.option("--exports", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--misses", is_flag=True, help="Each row missed (-), made up (+) or differing (~).")
@click.argument("names", nargs=-1)
def main(
    checkouts: Path | None, exports: Path | None, misses: bool, names: tuple[str, ...]
) -> None:
    """Runs the measurement and prints it."""
    if checkouts is None and exports is None:
        raise click.UsageError("one of --checkouts and --exports is needed")
    results: list[tuple[Chosen, Comparison, int | None]] = []
    failed = False
    click.echo(HEADER)
    for one in chosen(names):
        folder = (checkouts or Path()) / one.name
        if exports is None and not folder.is_dir():
            click.echo(f"{one.name:20} {how_to_get(one, folder)}", err=True)
            continue
        try:
            if exports is not None:
                data = (exports / f"{one.name}.json").read_bytes()
                exported, told = msgspec.json.decode(data, type=Exported), None
            else:
                exported, told = export(folder / one.root), reconciled(folder / one.root)
        except (click.ClickException, OSError, msgspec.DecodeError) as problem:
            text = problem.message if isinstance(problem, click.ClickException) else str(problem)
            click.echo(f"{one.name:20} {text}", err=True)
            failed = True
            continue
        result = compare(facts_of(one), exported)
        dropped = told.difference if told is not None else None
        results.append((one, result, dropped))
        click.echo(line(one.name, f"{one.framework} {one.version}", result, dropped))
        for miss in (*(result.misses() if misses else ()), *(told.dropped if told else ())):
            click.echo(f"    {miss}")
    for held_out in (False, True):
        for framework in sorted({one.framework for one, _, _ in results}):
            of = [
                row
                for row in results
                if (row[0].framework, row[0].held_out) == (framework, held_out)
            ]
            if of:
                name = f"{'held out' if held_out else 'known'}, {len(of)}"
                click.echo(
                    line(name, framework, total(r for _, r, _ in of), summed(d for *_, d in of))
                )
    sys.exit(failed or bool(summed(dropped for *_, dropped in results)))


if __name__ == "__main__":
    main()
