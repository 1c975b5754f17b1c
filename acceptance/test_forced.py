"""Every kind of item of Open WebUI forced into twenty files of a crate, some of them broken.

Which crate is said by PORT_LSP_CRATE, as the real port can't be downloaded; else it is a new one
that the backend was ported into, with its routes below a prefix.
"""

from __future__ import annotations

import os
from pathlib import Path

from bench.forced import Plan, run
from bench.port_compile import port

SHARE = 0.02  # of the items per file: some two minutes


def test_open_webui(open_webui: Path, tmp_path: Path) -> None:
    crate = Path(os.environ.get("PORT_LSP_CRATE", tmp_path / "ported"))
    if not crate.exists():
        port(open_webui, crate, (), "axum")
    done = run(open_webui, crate, Plan(share=SHARE))
    assert done.wrong == []
    for kind in ("endpoint", "model", "event"):
        assert done.counts[f"{kind} written"], kind
    assert done.counts["verified: passed"]
    assert done.counts["read by a new index"]
