"""Which plan is followed: the configured file, a guide that the workspace has, or none."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from port_lsp.facts.source import Record
from port_lsp.index.snapshot import Snapshot
from port_lsp.plan import guide, order, planfile
from port_lsp.plan.steps import Named, Step, with_rest

_GUIDE = re.compile(
    r"(?:.*[_\-. ])?(?:migration|migrating|porting|port[_\-]?plan)(?:[_\-. ].*)?\.md", re.I
)
_FOLDERS = ("", "docs", "doc")


class Followed(Record, frozen=True):
    """The steps, and where they are from: a file's path, or "" for the order of what rests on what.
    `problem` says why a configured file can't be followed."""

    steps: tuple[Step, ...]
    source: str = ""
    problem: str = ""


def plan_of(snapshot: Snapshot) -> Followed:
    """The plan for a backend: all its files that have something to port are in it, once each.

    The file that the configuration names is followed, Markdown or TOML by its ending; else the
    first guide that names files of the backend. Guides are looked for at the top of the repository
    and of both sides, and in their `docs`.
    """
    backend = snapshot.backend
    if backend is None:
        return Followed(())
    files = _with_items(snapshot)
    routers = {one.place.file for one in backend.endpoints}
    named, problem = Named(snapshot.backend_files, routers), ""
    configured = snapshot.config.plan
    usual = order.steps_of(backend)
    rest = [one.file for step in usual for one in step.files]
    rest += [file for file in files if file not in rest]
    for path in [configured] if configured is not None else _guides(snapshot):
        try:
            steps = _read(path, named)
        except (OSError, planfile.PlanFileError) as error:
            problem = f"{path}: {error}" if path == configured else problem
            continue
        if steps:
            return Followed(with_rest(steps, rest), path, problem)
        if path == configured:
            problem = f"{path}: it names no file of the backend"
    return Followed(with_rest(usual, rest), problem=problem)


def _with_items(snapshot: Snapshot) -> list[str]:
    """The files of the backend that have something to port."""
    backend = snapshot.backend
    kinds = (backend.endpoints, backend.models, backend.events) if backend is not None else ()
    keys = (row.backend for row in snapshot.links.functions if row.backend is not None)
    return sorted({one.place.file for items in kinds for one in items}
                  | {key.partition("::")[0] for key in keys})  # fmt: skip


def _read(path: str, named: Named) -> tuple[Step, ...]:
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    return (planfile if path.endswith(".toml") else guide).steps_of(text, named)


def _guides(snapshot: Snapshot) -> Iterator[str]:
    """The documents that may be guides: nearest the top first, by name."""
    roots = (snapshot.searched, snapshot.root("crate"), snapshot.root("backend"))
    folders = [os.path.join(root, folder) for root in roots if root for folder in _FOLDERS]
    for folder in dict.fromkeys(map(os.path.normpath, folders)):
        try:
            names = sorted(name for name in os.listdir(folder) if _GUIDE.fullmatch(name))
        except OSError:
            continue
        yield from (os.path.join(folder, name) for name in names)
