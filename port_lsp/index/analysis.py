"""From the facts of both sides to links and findings: always whole, it costs milliseconds."""

import operator
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from port_lsp.config import Config
from port_lsp.facts.items import Side
from port_lsp.facts.links import Finding, Links
from port_lsp.facts.source import SourceFile
from port_lsp.linking.inline import InlineReader
from port_lsp.rules.judge import Judge
from port_lsp.rules.suppress import Verdicts


class Analysis:
    """Links and judges; keeps what it read of the crate's chunks, and how findings were sorted."""

    def __init__(self) -> None:
        self._inline = InlineReader()
        self._judge = Judge()
        self._order = _Order()

    @property
    def verdicts(self) -> tuple[Verdicts, Verdicts] | None:
        """The comments of both sides that were last heeded."""
        return self._judge.verdicts

    def of(
        self,
        backend: Side | None,
        crate: Side | None,
        backend_files: Mapping[str, SourceFile],
        crate_files: Mapping[str, SourceFile],
        config: Config,
    ) -> tuple[Links, tuple[Finding, ...]]:
        """The links and what the rules find, in order of places; nothing without a backend."""
        if backend is None:
            return Links(), ()
        inline = self._inline.read(crate_files, crate.functions) if crate else ()
        links, findings = self._judge.judge(
            backend, crate, backend_files, crate_files, config, inline
        )
        return links, self._order.of(findings, backend_files, crate_files)


class _Order:
    """Findings by side and file, in the order of their places. State: those of each file as they
    were sorted last, and the file."""

    def __init__(self) -> None:
        self._known: dict[_FileKey, _Sorted] = {}
        self._last: tuple[Finding, ...] = ()

    def of(
        self,
        findings: tuple[Finding, ...],
        backend_files: Mapping[str, SourceFile],
        crate_files: Mapping[str, SourceFile],
    ) -> tuple[Finding, ...]:
        """The findings, sorted; the very same tuple as before where they are the same."""
        files = {"backend": backend_files, "crate": crate_files}
        groups: defaultdict[_FileKey, list[Finding]] = defaultdict(list)
        for one in findings:
            groups[one.side, one.place.file].append(one)
        known, self._known = self._known, {}
        found: list[Finding] = []
        for key in sorted(groups):
            given, file, last = groups[key], files[key[0]].get(key[1]), known.get(key)
            if last is None or last.file is not file or last.given != given:
                last = _Sorted(file, given, _in_order(given, file))
            self._known[key] = last
            found += last.found
        if len(found) != len(self._last) or not all(map(operator.is_, found, self._last)):
            self._last = tuple(found)
        return self._last


_FileKey = tuple[str, str]


class _Sorted(NamedTuple):
    """The findings of one file as they were given, and in order."""

    file: SourceFile | None
    given: list[Finding]
    found: list[Finding]


def _in_order(findings: list[Finding], file: SourceFile | None) -> list[Finding]:
    def order(one: Finding) -> tuple[int, str, str]:
        return (file.span(one.place).start if file else 0, one.rule, one.item)

    return sorted(findings, key=order)
