"""Settings and comments that name something which isn't there: what was renamed or misspelled.

Such a setting does nothing, silently: the pin no longer holds, the item is unported again. Each
becomes a Problem at its line, with the nearest thing that is there.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from port_lsp.config import Problem, Setting
from port_lsp.facts.items import Side
from port_lsp.facts.links import Severity, SideName
from port_lsp.facts.recut import BROKEN
from port_lsp.facts.source import SourceFile
from port_lsp.index.naming import SILENT, Names, nearest, sentence
from port_lsp.linking.config import Ignore
from port_lsp.linking.globs import ignored
from port_lsp.linking.paths import begins
from port_lsp.rules.suppress import Comment, Verdicts


class Asked(NamedTuple):
    """One side as settings name it: its root (absolute), facts and files."""

    root: str
    facts: Side
    files: Mapping[str, SourceFile]


class _Stale(NamedTuple):
    """A problem, and where the thing would be that it misses: in a file of a side whose path ends
    so, or in any ("")."""

    problem: Problem
    side: SideName
    file: str


class Stale:
    """Finds them. State: what was found last, for as long as names and settings are the same."""

    def __init__(self, rules: Iterable[str]) -> None:
        self._rules = frozenset(rules)
        self._names: dict[SideName, tuple[tuple[object, ...], Names]] = {}
        self._basis: tuple[object, ...] = ()
        self._found: tuple[_Stale, ...] = ()

    def of(
        self,
        source: str | None,
        settings: tuple[Setting, ...],
        sides: Mapping[SideName, Asked],
        verdicts: tuple[Verdicts, Verdicts] | None,
    ) -> tuple[Problem, ...]:
        """The problems of the settings in `source` and of the comments that `verdicts` hold.

        What a chunk with a syntax error declares isn't known: nothing in its file is missed.
        """
        comments = tuple(_comments(verdicts)) if verdicts is not None and any(verdicts) else ()
        if not settings and not comments:
            self._basis, self._found = (), ()
            return ()
        names: dict[SideName, Names] = {
            side: self._names_of(side, asked) for side, asked in sides.items()
        }
        basis = (source, settings, comments, *names.values())
        if basis != self._basis:
            self._basis = basis
            self._found = (
                *(one for setting in settings for one in _stale(source or "", setting, names)),
                *(one for told in comments for one in self._in_comment(*told, sides, names)),
            )
        return tuple(
            one.problem
            for one in self._found
            if one.side not in sides or not _is_broken(one.file, sides[one.side].files)
        )

    def _names_of(self, side: SideName, asked: Asked) -> Names:
        """The names of a side; the very same object while they rest on the same facts."""
        facts = asked.facts
        parts = (facts.endpoints, facts.unmounted, facts.models, facts.events, facts.functions)
        known = self._names.get(side)
        if known is not None and all(a is b for a, b in zip(known[0], parts, strict=True)):
            return known[1]
        made = Names(facts, asked.files)
        if known is not None and known[1].is_as(made):
            made = known[1]
        self._names[side] = parts, made
        return made

    def _in_comment(
        self,
        side: SideName,
        file: str,
        comment: Comment,
        sides: Mapping[SideName, Asked],
        names: Mapping[SideName, Names],
    ) -> Iterator[_Stale]:
        path = f"{sides[side].root}/{file}"
        for rule in comment.rules:
            if rule not in self._rules:
                hint = sentence(nearest(rule, self._rules), f"known are {_listed(self._rules)}")
                message = f"`port: ignore`: unknown rule `{rule}`; {hint}"
                yield _Stale(Problem(path, comment.line, message, "warning"), side, file)
        other: SideName = "crate" if side == "backend" else "backend"
        if comment.item is not None and other in names:
            missing = names[other].missing(comment.item, other)
            if missing is not None:
                problem = Problem(path, comment.line, f"`port:` {missing}", "warning")
                yield _Stale(problem, other, comment.item.partition("::")[0])


def _comments(verdicts: tuple[Verdicts, Verdicts]) -> Iterator[tuple[SideName, str, Comment]]:
    sides: tuple[SideName, SideName] = ("backend", "crate")
    for side, found in zip(sides, verdicts, strict=True):
        for file, comment in found.every():
            yield side, file, comment


def _stale(source: str, setting: Setting, names: Mapping[SideName, Names]) -> Iterator[_Stale]:
    def told(
        message: str, side: SideName, file: str = "", severity: Severity = "warning"
    ) -> _Stale:
        text = f"`{setting.key}`: {message}"
        return _Stale(Problem(source, setting.line, text, severity), side, file)

    backend, crate = names.get("backend"), names.get("crate")
    ours, theirs = (*setting.names, "")[:2]
    if backend is None:
        return
    if setting.key == "ignore":
        missing = _unmatched(ours, backend)
        if missing is not None:
            yield told(missing, "backend", "" if ours.startswith("/") else ours.partition("::")[0])
    elif setting.key == "prefixes":
        if not any(begins(path, ours) for path in backend.paths):
            hint = sentence(backend.near_prefix(ours), "then the line does nothing")
            yield told(f"no route of the backend begins with `{ours}`; {hint}", "backend")
        there = crate.paths if crate is not None else ()
        if there and crate is not None and not any(begins(path, theirs) for path in there):
            hint = sentence(crate.near_prefix(theirs), "or it isn't ported yet")
            text = f"no route of the crate begins with `{theirs}`; {hint}"
            yield told(text, "crate", severity="information")
    else:
        ends: tuple[tuple[SideName, str, Names | None], ...] = (
            ("backend", ours, backend),
            ("crate", theirs, crate),
        )
        lost = False
        for side, name, known in ends:
            missing = known.missing(name, side) if known is not None else None
            if missing is not None:
                lost = True
                yield told(missing, side, name.partition("::")[0] if "::" in name else "")
        if not lost and crate is not None and not backend.kinds(ours) & crate.kinds(theirs):
            one, other = _listed(backend.kinds(ours)), _listed(crate.kinds(theirs))
            text = f"`{ours}` ({one}) and `{theirs}` ({other}) aren't of one kind"
            yield told(f"{text}, so neither is the other's counterpart", "backend")


def _unmatched(pattern: str, names: Names) -> str | None:
    """What is wrong with an ignore; None where it matches an item, or a file without any."""
    rule = (Ignore(pattern),)
    if any(ignored(rule, *item) is not None for item in names.items):
        return None
    if any(ignored(rule, file) is not None for file in names.files):
        return None
    near = nearest(pattern, names.paths) if pattern.startswith("/") else names.near(pattern)
    return f"nothing in the backend is `{pattern}`; {sentence(near, SILENT)}"


def _is_broken(file: str, files: Mapping[str, SourceFile]) -> bool:
    """Whether a file whose path ends so (any, for "") has a chunk that doesn't parse."""
    return any(
        chunk.kind == BROKEN
        for path, one in files.items()
        if not file or path == file or path.endswith(f"/{file}")
        for chunk in one.chunks
    )


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
