"""Findings and problems of the configuration as LSP's diagnostics, each file converted once."""

import operator
from hashlib import blake2b
from typing import NamedTuple

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
_END = 1 << 30  # behind every end of a line


class Report:
    """The diagnostics of one file; `id` changes with them and with nothing else."""

    __slots__ = ("id", "items")

    def __init__(self, items: list[types.Diagnostic], ident: str) -> None:
        self.items = items
        self.id = ident


EMPTY = Report([], "none")


class _Basis(NamedTuple):
    """What a report rests on: the findings, what is wrong with comments, the file and those that
    related places are in."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    files: tuple[SourceFile | None, ...]

    def is_as(self, other: "_Basis") -> bool:
        """Whether two are equal; files by identity, comparing them costs more than it saves."""
        same = len(self.files) == len(other.files)
        same = same and all(map(operator.is_, self.files, other.files))
        return same and self[:2] == other[:2]


class Reports:
    """The reports of all files, kept as long as what they rest on is the same."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[_Basis, Report]] = {}

    def of(self, context: Context, path: str) -> Report:
        """The report of a file (absolute path)."""
        every = context.view.snapshot.problems
        problems = tuple(p for p in every if p.file == path and _is_shown(p))
        located = context.view.locate(path)
        if located is not None:
            return self._of_file(context, path, *located, problems)
        return _report([_problem(context, problem) for problem in problems])

    def paths(self, context: Context) -> list[str]:
        """The files (absolute paths) that have something to report."""
        view = context.view
        found = (view.absolute(side, path) for side, path in view.findings)
        problems = (problem.file for problem in view.snapshot.problems if _is_shown(problem))
        return sorted({*(path for path in found if path is not None), *problems})

    def _of_file(
        self,
        context: Context,
        path: str,
        side: SideName,
        relative: str,
        problems: tuple[Problem, ...],
    ) -> Report:
        view = context.view
        findings = view.findings.get((side, relative), ())
        if not findings and not problems:
            self._known.pop(path, None)
            return EMPTY
        related = (
            view.file(one.side, one.place.file)
            for finding in findings
            for one in finding.related[:_MOST_RELATED]
        )
        basis = _Basis(findings, problems, (view.file(side, relative), *related))
        known = self._known.get(path)
        if known is not None and known[0].is_as(basis):
            return known[1]
        items = [d for f in findings if (d := _diagnostic(context, side, f)) is not None]
        report = _report([*items, *(_problem(context, problem) for problem in problems)])
        self._known[path] = basis, report
        return report


def _report(items: list[types.Diagnostic]) -> Report:
    return Report(items, _hash(items)) if items else EMPTY


def _is_shown(problem: Problem) -> bool:
    """Whether a problem is one of a configuration file or of a comment, not of a folder that can't
    be read."""
    return problem.line > 0 or problem.file.endswith(".toml")


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


def _problem(context: Context, problem: Problem) -> types.Diagnostic:
    return types.Diagnostic(
        range=_line(context, problem) if problem.line else START,
        message=problem.message,
        severity=_SEVERITIES[problem.severity],
        code="configuration",
        source=NAME,
    )


def _line(context: Context, problem: Problem) -> types.Range:
    """The line of a problem; of a file that isn't open, its beginning."""
    line = problem.line - 1
    document = context.documents.by_path.get(problem.file)
    end = types.Position(line, 0)
    if document is not None:
        text, encoding = document.text, context.client.encoding
        end = types.Position(*text.line_column(text.offset(line, _END, encoding), encoding))
    return types.Range(types.Position(line, 0), end)


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
