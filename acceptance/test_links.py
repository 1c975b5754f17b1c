"""Links of Open WebUI and its Rust port as far as they can be asked without the port.

The port isn't fetched here: its registrations are data (bench/port), and a skeleton with the same
files, handlers and routes stands in for it. So the counterpart of each endpoint is asked, 363
verdicts of them; presence by signs, drift and models need the port: `python bench/links.py`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.links_truth import Verdict, Verdicts, endpoint_verdicts, model_verdicts, rust_only
from bench.port_skeleton import write
from port_lsp.facts.links import Link
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.index.snapshot import Snapshot

PAIR = "open-webui"
AIM = 0.98


@pytest.fixture(scope="module")
def snapshot(open_webui: Path, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    crate = tmp_path_factory.mktemp("skeleton")
    write(crate)
    return Index.open(Wanted(str(crate), str(open_webui), str(crate))).snapshot


def is_right(row: Link, verdict: Verdict) -> bool:
    """The counterpart, or that there is none. That all handlers are stubs is the skeleton's."""
    if verdict.presence == "unported":
        return row.presence == "unported"
    return row.presence == "stub" and row.crate in verdict.counterparts


def wrong(rows: dict[str, Link], verdicts: Verdicts) -> list[str]:
    return [key for key, one in verdicts.items() if key not in rows or not is_right(rows[key], one)]


def test_counterparts_of_endpoints(snapshot: Snapshot) -> None:
    verdicts = endpoint_verdicts(PAIR)
    rows = {row.backend: row for row in snapshot.links.endpoints if row.backend is not None}
    assert len(verdicts) == 363
    assert rows.keys() == verdicts.keys()
    missed = wrong(rows, verdicts)
    assert len(missed) <= (1 - AIM) * len(verdicts), missed
    sample = {key: verdict for key, verdict in verdicts.items() if verdict.sampled}
    assert len(sample) == 80
    missed = wrong(rows, sample)
    assert len(missed) <= (1 - AIM) * len(sample), missed


def test_what_is_only_in_the_crate(snapshot: Snapshot) -> None:
    """The skeleton mounts everything, so what nothing mounts in the port isn't in it."""
    alone = {row.crate for row in snapshot.links.endpoints if row.backend is None}
    meant = rust_only(PAIR)
    assert meant is not None
    assert snapshot.crate is not None
    here = {one.id for one in snapshot.crate.endpoints}
    assert len(here) == 356
    assert alone == meant & here


def test_verdicts_are_of_the_models_that_are_read(snapshot: Snapshot) -> None:
    """A verdict on a model that isn't read would count as missed for another reason."""
    read = {row.backend for row in snapshot.links.models}
    verdicts = model_verdicts(PAIR)
    assert len(verdicts) == 241
    assert verdicts.keys() <= read
