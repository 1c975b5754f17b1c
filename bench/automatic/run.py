"""One whole run: port, build, start, ask."""

from __future__ import annotations

from pathlib import Path

from bench.automatic.asked import Asker, Came
from bench.automatic.chosen import Chosen, environment, scenario
from bench.automatic.sides import ported, started
from port_lsp.facts.source import Record
from port_lsp.writing.registering import Framework


class Run(Record, frozen=True):
    """What came of it; endpoints that nothing was asked of, and what the databases differed in
    before anything was."""

    came: tuple[Came, ...]
    unasked: tuple[str, ...]
    begun: tuple[str, ...]


def run(
    one: Chosen,
    folder: Path,
    *,
    environments: Path,
    target: Path,
    checkout: Path | None = None,
    framework: Framework = "axum",
) -> Run:
    """Ports a backend into a new crate below `folder`, which has to be empty, and asks both."""
    wanted, backend = scenario(one), one.backend(checkout)
    python = environment(one, environments)
    crate, index = ported(backend, folder, framework)
    known = index.snapshot.backend
    endpoints = known.endpoints if known is not None else ()
    with started(one, backend, crate, python, folder, target, wanted.apart) as sides:
        asker = Asker(sides, wanted, endpoints, framework)
        begun = tuple(map(str, asker.begin()))
        came = [asker.step(step) for step in wanted.step]
        came += asker.cases(index)
        return Run(tuple(came), tuple(asker.unasked(came)), begun)
