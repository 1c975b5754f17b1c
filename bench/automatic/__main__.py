"""Ports a backend into an empty crate, builds it, starts both, asks both the same, and compares
answers and, after each write, the rows of every table.

    python -m bench.automatic NAME [--checkout DIR] [--framework actix-web] [--folder DIR]

NAME is a backend of bench/automatic/backends.toml; its scenario says what is asked, and what may
differ. Prints what agrees by endpoint and kind, the shares, and what stands in the way by how often
it does. CARGO_TARGET_DIR says where cargo builds; environments are made below --environments.
Exit status 1 where something doesn't agree.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import click

from bench.automatic.chosen import chosen, scenario
from bench.automatic.run import run
from bench.automatic.telling import masked, obstacles, summary, table
from port_lsp.writing.registering import Framework

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(help=__doc__)
@click.argument("name")
@click.option("--checkout", type=_FOLDER, help="The repository, where it isn't this project.")
@click.option("--framework", type=click.Choice(("axum", "actix-web")), default="axum")
@click.option("--folder", type=_FOLDER, help="Where the crate and both databases are made.")
@click.option("--environments", type=_FOLDER, help="Where environments are kept.")
@click.option("--each", is_flag=True, help="Print each request that doesn't agree.")
def main(
    name: str,
    checkout: Path | None,
    framework: Framework,
    folder: Path | None,
    environments: Path | None,
    each: bool,
) -> None:
    one = chosen(name)
    folder = (folder or Path(tempfile.mkdtemp(prefix="automatic-"))).resolve()
    kept = environments or Path(tempfile.gettempdir()) / "port-lsp-environments"
    target = Path(os.environ.get("CARGO_TARGET_DIR", folder / "target"))
    found = run(
        one, folder, environments=kept, target=target, checkout=checkout, framework=framework
    )
    if each:
        for it in found.came:
            if not it.agrees:
                click.echo(f"{it.endpoint} · {it.kind} · {it.name} {it.statuses}: {it.reason}")
    for difference in found.begun:
        click.echo(f"before anything was asked: {difference}")
    for part in (table(found.came), obstacles(found.came), masked(scenario(one))):
        click.echo("\n".join(part))
    if found.unasked:
        click.echo(f"not asked: {', '.join(found.unasked)}")
    click.echo("\n".join(summary(found.came)))
    sys.exit(0 if all(it.agrees for it in found.came) else 1)


if __name__ == "__main__":
    main()
