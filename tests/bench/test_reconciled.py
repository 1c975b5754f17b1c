"""The account that the benches read of `check --reconcile`, also where something is lost."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from bench.reconciled import account, read

TOLD = """\
backend: 2 call sites = 2 resolved + 0 unresolved + 0 excluded; difference 0
  constructs: route 2
crate: 9 call sites = 7 resolved + 0 unresolved + 0 excluded; difference 2
  constructs: .route( 7
  not met: src/a.rs:3
  not met: src/a.rs:5
"""


def test_each_side_is_read() -> None:
    backend, crate = read("backend", TOLD), read("crate", TOLD)
    assert (backend.sites, backend.difference, list(backend.dropped)) == (2, 0, [])
    assert (crate.sites, crate.difference) == (9, 2)
    assert list(crate.dropped) == ["  not met: src/a.rs:3", "  not met: src/a.rs:5"]


def test_no_account_is_a_failure() -> None:
    with pytest.raises(click.ClickException, match="no account of the crate: no such folder"):
        read("crate", "", "no such folder\n")


def test_the_product_is_asked(tmp_path: Path) -> None:
    text = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/')\ndef root(): ...\n"
    (tmp_path / "main.py").write_text(text)
    told = account("backend", tmp_path, None, seconds=60)
    assert (told.sites, told.difference) == (1, 0)
