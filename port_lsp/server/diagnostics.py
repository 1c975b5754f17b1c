"""Findings and problems of the configuration as LSP's diagnostics, each file converted once."""

from hashlib import blake2b

import msgspec
from lsprotocol import types

from port_lsp.config import Problem
from port_lsp.facts.links import Finding, Severity, SideName
from port_lsp.facts.source import SourceFile
from port_lsp.server.context import START, Context
from port_lsp.server.messages import NAME

_SEVERITIES: dict[Severity, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}
_MOST_RELATED = 20  # places of one finding; a doubled prefix may have hundreds
_END_OF_LINE = 1 << 20


class Report:
    """The diagnostics of one file; `id` changes with them and with nothing else."""

    __slots__ = ("id", "items")

    def __init__(self, items: list[types.Diagnostic], ident: str) -> None:
        self.items = items
        self.id = ident


EMPTY = Report([], "none")

# What a report rests on: the findings, the file and those that related places are in.
_Basis = tuple[tuple[Finding, ...], tuple[SourceFile | None, ...]]


class Reports:
    """The reports of all files, kept as long as what they rest on is the same."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[_Basis | tuple[Problem, ...], Report]] = {}

    def of(self, context: Context, path: str) -> Report:
        """The report of a file (absolute path)."""
        located = context.view.locate(path)
        if located is not None:
            return self._of_file(context, path, *located)
        problems = tuple(p for p in context.view.snapshot.problems if p.file == path)
        return self._of_problems(context, path, problems) if problems else self._none(path)

    def paths(self, context: Context) -> list[str]:
        """The files (absolute paths) that have something to report."""
        view = context.view
        found = (view.absolute(side, path) for side, path in view.findings)
        problems = (problem.file for problem in view.snapshot.problems if _is_shown(problem))
        return sorted({*(path for path in found if path is not None), *problems})

    def _none(self, path: str) -> Report:
        self._known.pop(path, None)
        return EMPTY

    def _of_file(self, context: Context, path: str, side: SideName, relative: str) -> Report:
        view = context.view
        findings = view.findings.get((side, relative), ())
        if not findings:
            return self._none(path)
        related = (
            view.file(one.side, one.place.file)
            for finding in findings
            for one in finding.related[:_MOST_RELATED]
        )
        basis = (findings, (view.file(side, relative), *related))
        known = self._known.get(path)
        if known is not None and _same(known[0], basis):
            return known[1]
        items = [d for f in findings if (d := _diagnostic(context, side, f)) is not None]
        return self._keep(path, basis, items)

    def _of_problems(
        self, context: Context, path: str, problems: tuple[Problem, ...]
    ) -> Report:  # fmt: skip
        known = self._known.get(path)
        if known is not None and known[0] == problems:
            return known[1]
        items = [_problem(problem) for problem in problems if _is_shown(problem)]
        return self._keep(path, problems, items)

    def _keep(
        self, path: str, basis: _Basis | tuple[Problem, ...], items: list[types.Diagnostic]
    ) -> Report:
        report = Report(items, _hash(items)) if items else EMPTY
        self._known[path] = basis, report
        return report


def _same(known: _Basis | tuple[Problem, ...], basis: _Basis) -> bool:
    """Whether two bases are equal; files by identity: comparing them costs more than it saves."""
    if len(known) != len(basis) or not isinstance(known[0], tuple):
        return False
    findings, files = known
    if not isinstance(files, tuple) or len(files) != len(basis[1]):
        return False
    return all(a is b for a, b in zip(files, basis[1], strict=True)) and findings == basis[0]


def _is_shown(problem: Problem) -> bool:
    """Whether a problem is one of a configuration file, not of a folder that can't be read."""
    return problem.file.endswith(".toml")


def _diagnostic(context: Context, side: SideName, finding: Finding) -> types.Diagnostic | None:
    where = context.range_of(side, finding.place)
    if where is None:
        return None
    return types.Diagnostic(
        range=where,
        message=finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.rule,
        source=NAME,
        related_information=_related(context, finding) or None,
        data={"item": finding.item},
    )


def _related(context: Context, finding: Finding) -> list[types.DiagnosticRelatedInformation]:
    if not context.client.related_information:
        return []
    return [
        types.DiagnosticRelatedInformation(location, related.message)
        for related in finding.related[:_MOST_RELATED]
        if (location := context.location(related.side, related.place)) is not None
    ]


def _problem(problem: Problem) -> types.Diagnostic:
    line = max(0, problem.line - 1)
    where = types.Range(types.Position(line, 0), types.Position(line, _END_OF_LINE))
    return types.Diagnostic(
        range=where if problem.line else START,
        message=problem.message,
        severity=_SEVERITIES[problem.severity],
        code="configuration",
        source=NAME,
    )


def _hash(items: list[types.Diagnostic]) -> str:
    """A hash that is the same in another process: clients keep result ids over a restart."""
    seen: list[object] = []
    for item in items:
        related = [(_key(r.location.range), r.location.uri, r.message)
                   for r in item.related_information or ()]  # fmt: skip
        seen.append((_key(item.range), item.severity, item.code, item.message, item.data, related))
    return blake2b(msgspec.json.encode(seen), digest_size=8).hexdigest()


def _key(where: types.Range) -> tuple[int, int, int, int]:
    return (where.start.line, where.start.character, where.end.line, where.end.character)
