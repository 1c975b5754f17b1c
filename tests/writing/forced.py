"""Porting into a file that nobody would choose, broken ones too: what is never allowed to happen
is that an edit brings a new syntax error."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from port_lsp.facts.source import Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.port import CannotPortError, Target, planned
from port_lsp.patterns.registry import PATTERNS
from port_lsp.rust.grammar import errors_in
from port_lsp.writing.compose import compose
from port_lsp.writing.verify import problems
from port_lsp.writing.workshop import FileChange


class Tried(Record, frozen=True):
    """What became of a target in a file: the changes, or the reason why there are none. `by` says
    who refused: the pattern, the composer or the verifier."""

    changes: tuple[FileChange, ...] = ()
    reason: str = ""
    by: str = ""


def broken(files: Mapping[str, str], seed: int) -> dict[str, str]:
    """The files with a brace, a bracket or a quote less in each, somewhere."""
    chance = random.Random(seed)  # noqa: S311 - the same ones again
    found: dict[str, str] = {}
    for path, text in sorted(files.items()):
        places = [at for at, letter in enumerate(text) if letter in '{}()[]"']
        at = chance.choice(places) if places else 0
        found[path] = text[:at] + text[at + 1 :]
    return found


def new_errors(changes: Sequence[FileChange]) -> list[str]:
    """The changed files with more errors than before."""
    return [
        one.path
        for one in changes
        if one.path.endswith(".rs")
        and errors_in(one.after.encode()) > errors_in((one.before or "").encode())
    ]


def aimed_at(desk: Desk, file: str) -> Desk:
    """A desk at which everything that is written goes into a file, whatever belongs there."""
    backend = desk.snapshot.backend
    assert backend is not None
    models = (one.key for one in backend.models)
    others = (one.id for one in (*backend.endpoints, *backend.events))
    return desk.aimed(dict.fromkeys((*models, *others), file))


def tried(desk: Desk, target: Target, *, verify: bool) -> Tried:
    """Ports one item; without `verify` the reader isn't asked whether it says what was meant."""
    try:
        draft = PATTERNS[target.kind].draft(desk, [target])
    except CannotPortError as error:
        return Tried(reason=str(error), by="pattern")
    try:
        changes = compose(desk.workshop, draft, desk.framework)
    except ValueError as error:
        return Tried(reason=str(error), by="composer")
    found = problems(desk.workshop, changes, planned(draft)) if verify else []
    return Tried(reason=found[0], by="verifier") if found else Tried(changes)
