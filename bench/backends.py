"""Precision and recall of reading backends, on public applications that it wasn't tuned to.

    python bench/backends.py [--misses] [--refresh] [--cache DIR] [--checkouts DIR] [NAME...]

backends.toml names the applications, routes/<name>.json holds what FastAPI itself says of each: a
throw-away environment imported it and walked its routes (--refresh does so anew). The product only
reads their source, which is taken from PyPI or, for those that aren't there, from DIR/<name>.

How the lists count:
- A row is one method of one route, found if method and full path are equal. Recall is of the rows
  whose handlers are in the tree, precision of the rows exported.
- Shares of the rows found: `exact` with the right handler, line of the `def` and place of the
  decorator or registering call; `depend.` with the direct dependencies, `body` with the models of
  the body (of the tree), `status` with the status code that FastAPI has.
- `outside`: routes that a library brings, how many of them were found; they count neither way.
- `idle`: rows that the product calls conditional and FastAPI, under the settings of backends.toml,
  doesn't have; they don't count.
- `unresolved`: how many places the product lists as not readable.
- `dropped`: call sites of registering constructs that are neither resolved nor unresolved nor left
  out for a reason (`check --reconcile`); anything but 0 is a failure. Not asked with --exports.

Exit 1 if something was dropped or couldn't be read.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import msgspec
import tomlkit
from backends_compare import (
    Comparison,
    Exported,
    bodies_agree,
    compare,
    dependencies_agree,
    exact,
    status_agrees,
)
from backends_prepare import HERE, Chosen, refresh, routes, run, tree
from exported import Tree
from reconciled import account

PRODUCT = (sys.executable, "-m", "port_lsp")
SECONDS = 300
NOTHING = Exported(Tree((), ()))
HEADER = (
    f"{'name':20} {'FastAPI':>7} {'found':>5} {'extra':>5} {'prec.':>6} {'recall':>6} {'exact':>6}"
    f" {'depend.':>7} {'body':>6} {'status':>6} {'outside':>7} {'idle':>4} {'unresolved':>10}"
    f" {'dropped':>7} {'seconds':>7}"
)


def chosen(names: Sequence[str]) -> tuple[str, list[Chosen]]:
    """The date and the applications of backends.toml, all or those named."""
    document = tomlkit.parse((HERE / "backends.toml").read_text(encoding="utf-8")).unwrap()
    every = msgspec.convert(document["backend"], list[Chosen])
    unknown = set(names) - {one.name for one in every}
    if unknown:
        raise click.UsageError(f"backends.toml doesn't name {', '.join(sorted(unknown))}")
    return str(document["date"]), [one for one in every if not names or one.name in names]


def export(folder: Path) -> bytes:
    """What the product reads of a backend."""
    command = [*PRODUCT, "export", "--backend", str(folder), "--format", "json"]
    return run(command, SECONDS).encode()


def line(name: str, found: Comparison, dropped: int | None, seconds: float) -> str:
    """One line of the table; `seconds` is what the export took, start of the program included;
    `dropped` is None where it wasn't asked."""

    def share(part: float, whole: float) -> str:
        return f"{100 * part / whole:.1f}" if whole else "-"

    def agree(agrees: Callable[..., bool]) -> str:
        return share(found.count(agrees), len(found.found))

    return (
        f"{name:20} {found.said:7} {len(found.found):5} {len(found.extra):5}"
        f" {share(found.precision or 0, found.precision is not None):>6}"
        f" {share(found.recall or 0, found.recall is not None):>6}"
        f" {agree(exact):>6} {agree(dependencies_agree):>7} {agree(bodies_agree):>6}"
        f" {agree(status_agrees):>6} {f'{found.outside_found}/{found.outside}':>7}"
        f" {found.idle:4} {found.unresolved:10} {'-' if dropped is None else dropped:>7}"
        f" {seconds:7.1f}"
    )


@click.command(help=(__doc__ or "").split("\n\n")[0])
@click.option("--misses", is_flag=True, help="Print each row that is missing, made up or differs.")
@click.option("--refresh", "anew", is_flag=True, help="Ask FastAPI anew; needs uv or pip.")
@click.option("--cache", type=click.Path(path_type=Path), help="Where unpacked source is kept.")
@click.option("--checkouts", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--exports", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("names", nargs=-1)
def main(
    misses: bool,
    anew: bool,
    cache: Path | None,
    checkouts: Path | None,
    exports: Path | None,
    names: tuple[str, ...],
) -> None:
    date, applications = chosen(names)
    total = Comparison()
    seconds = 0.0
    lost: int | None = None
    failed = False
    print(HEADER)
    with tempfile.TemporaryDirectory() as scratch:
        for one in applications:
            folder = tree(one, cache or Path(scratch), checkouts)
            if folder is None:
                print(f"{one.name:20} left out: no checkout of {one.source} at {one.commit}")
                continue
            said = refresh(one, folder, date) if anew else routes(one)
            if said is None:
                raise click.ClickException(f"routes/{one.name}.json is missing or stale: --refresh")
            began = time.perf_counter()
            try:
                kept = exports / f"{one.name}.json" if exports is not None else None
                text = kept.read_bytes() if kept is not None else export(folder)
                exported = msgspec.json.decode(text, type=Exported)
            except (click.ClickException, OSError, msgspec.MsgspecError) as error:
                failed = True
                exported = NOTHING  # what can't be read is missed, not left out
                print(f"{one.name:20} no export: {error}", file=sys.stderr)
            took = time.perf_counter() - began
            found = compare(said.endpoints, exported)
            total = total.plus(found)
            seconds += took
            told = None
            try:
                told = account("backend", folder, None, SECONDS) if exports is None else None
            except click.ClickException as error:
                failed = True
                print(f"{one.name:20} {error}", file=sys.stderr)
            dropped = told.difference if told is not None else None
            lost = dropped if lost is None else lost + (dropped or 0)
            print(line(one.name, found, dropped, took), flush=True)
            for text in (*(found.misses() if misses else ()), *(told.dropped if told else ())):
                print(f"    {text}")
    print(line("together", total, lost, seconds))
    sys.exit(failed or bool(lost))


if __name__ == "__main__":
    main()
