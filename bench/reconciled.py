"""What the product says of its own completeness: the difference of `check --reconcile`.

Every call site of a registering construct is resolved, listed as unresolved, or left out with its
reason. What is none of these was dropped silently: the difference counts it, and has to be 0.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

COMMAND = (sys.executable, "-m", "port_lsp", "check", "--reconcile")
_ACCOUNT = re.compile(r"^(backend|crate): (\d+) call sites = .*; difference (\d+)$", re.M)


class Account(msgspec.Struct, frozen=True):
    """The call sites of one side (`backend` or `crate`), how many were dropped, and where."""

    side: str
    sites: int
    difference: int
    text: str

    @property
    def dropped(self) -> Iterator[str]:
        """A line for each place that the product didn't meet."""
        return (line for line in self.text.splitlines() if line.startswith("  not met: "))


def account(side: str, backend: Path, crate: Path | None, seconds: int) -> Account:
    """The account of one side of a pair; ClickException where the product gives none."""
    command = [*COMMAND, "--backend", str(backend)]
    command += ["--crate", str(crate)] if crate is not None else []
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise click.ClickException(f"no account within {seconds} s") from None
    return read(side, done.stdout.decode(), done.stderr.decode(errors="replace"))


def read(side: str, text: str, complaint: str = "") -> Account:
    """One side's account in what `check --reconcile` prints; ClickException if it isn't there."""
    lines = text.splitlines(keepends=True)
    starts = [(at, found) for at, line in enumerate(lines) if (found := _ACCOUNT.match(line))]
    ends = [*(at for at, _ in starts), len(lines)][1:]
    for (at, found), end in zip(starts, ends, strict=True):
        if found[1] == side:
            return Account(side, int(found[2]), int(found[3]), "".join(lines[at:end]))
    raise click.ClickException(f"no account of the {side}: {complaint.strip() or text.strip()}")
