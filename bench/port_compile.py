"""Ports a whole backend into a fresh crate and compiles it.

    python -m bench.port_compile BACKEND [--kind model] [--folder DIR]

Makes a crate in DIR (a temporary folder, if none is named), writes every item of the backend into
it, and runs `cargo check`, `rustfmt --check` and, with --clippy, clippy. Prints what was ported,
what was left and why, what was degraded, and the compiler's errors by their codes.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import click

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import Ported, unfinished
from port_lsp.patterns.registry import porter

MANIFEST = """[package]
name = "ported"
version = "0.1.0"
edition = "2021"

[dependencies]
axum = "0.8"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
sqlx = { version = "0.8", default-features = false, features = ["derive", "sqlite"] }
tokio = { version = "1", features = ["macros", "rt"] }
validator = { version = "0.20", features = ["derive"] }
"""
MAIN = """#![allow(dead_code)]

use axum::Router;

fn router() -> Router {
    Router::new()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let _ = router();
}
"""


def make(folder: Path) -> None:
    """The crate that everything is written into."""
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "Cargo.toml").write_text(MANIFEST, "utf-8")
    (folder / "src" / "main.rs").write_text(MAIN, "utf-8")


def port(backend: Path, folder: Path, kinds: tuple[str, ...]) -> Ported:
    """Ports everything of some kinds and writes it."""
    index = Index.open(Wanted(str(backend), str(backend), str(folder)))
    targets = [one for one in unfinished(index.snapshot) if not kinds or one.kind in kinds]
    done = porter(Desks().at(index)).port(targets)
    for change in done.changes:
        path = folder / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, "utf-8")
    return done


def cargo(folder: Path, command: str) -> tuple[Counter[str], list[str]]:
    """The compiler's errors and warnings by code, and the errors as they are shown."""
    run = subprocess.run(
        ["cargo", command, "--quiet", "--message-format", "json"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    found: Counter[str] = Counter()
    shown: list[str] = []
    for line in run.stdout.splitlines():
        message = json.loads(line).get("message") if line.startswith("{") else None
        if isinstance(message, dict) and message.get("level") in ("error", "warning"):  # pyright: ignore[reportUnknownMemberType]
            code = (message.get("code") or {}).get("code", "")  # pyright: ignore
            found[f"{message['level']} {code}".strip()] += 1
            if message["level"] == "error":
                shown.append(str(message["rendered"]))  # pyright: ignore[reportUnknownArgumentType]
    if run.returncode and not shown:
        shown.append(run.stderr)
        found["error"] += 1
    return found, shown


def unformatted(folder: Path) -> list[str]:
    """The files that rustfmt would change."""
    run = subprocess.run(
        ["rustfmt", "--check", "--edition", "2021", "-l", str(folder / "src" / "main.rs")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return run.stdout.split()


@click.command(help=__doc__)
@click.argument("backend", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--kind", "kinds", multiple=True, help="Only items of this kind.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--clippy", is_flag=True)
@click.option("--shown", default=5, show_default=True, help="How many errors are shown.")
def main(
    backend: Path, kinds: tuple[str, ...], folder: Path | None, clippy: bool, shown: int
) -> None:
    folder = (folder or Path(tempfile.mkdtemp(prefix="ported-"))).resolve()
    make(folder)
    done = port(backend.resolve(), folder, kinds)
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
