"""examples/'s backend, ported by `port-lsp port --all` alone, answers as it does itself, and writes
the same rows.

What agrees stands in a file, request by request, and has to be just that: `UPDATE_EXPECT=1` writes
it anew.
"""

from __future__ import annotations

import os
from pathlib import Path

from acceptance.conftest import cache
from bench.automatic.chosen import chosen
from bench.automatic.run import run
from bench.automatic.telling import lines, summary
from tests.rustc import needs_cargo

EXPECTED = Path(__file__).parent / "data" / "automatic-notes.txt"


def test_the_example(tmp_path: Path, target: Path) -> None:
    needs_cargo()
    found = run(chosen("notes"), tmp_path, environments=cache() / "environments", target=target)
    assert found.begun == ()
    assert found.unasked == ()
    text = "\n".join((*summary(found.came), "", *lines(found.came))) + "\n"
    if os.environ.get("UPDATE_EXPECT"):
        EXPECTED.write_text(text, "utf-8")
    assert text.splitlines() == EXPECTED.read_text("utf-8").splitlines()
