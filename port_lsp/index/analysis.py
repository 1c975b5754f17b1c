"""From the facts of both sides to links and findings: always whole, it costs milliseconds."""

from collections.abc import Mapping
from typing import NamedTuple

from port_lsp.config import Config
from port_lsp.facts.items import Side
from port_lsp.facts.links import Finding, Links
from port_lsp.facts.source import SourceFile
from port_lsp.linking.inline import InlineReader
from port_lsp.rules.judge import Judge


class Analysis:
    """Links and judges; keeps what it read of the crate's chunks, and the last result."""

    def __init__(self) -> None:
        self._inline = InlineReader()
        self._judge = Judge()
        self._last: _Sorted | None = None

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
        last = self._last
        if (
            last is None
            or last.findings is not findings
            or not last.stands(backend_files, crate_files)
        ):
            found = _in_order(findings, backend_files, crate_files)
        else:
            found = last.found
        self._last = _Sorted(findings, backend_files, crate_files, found)
        return links, found


class _Sorted(NamedTuple):
    """Findings as they were sorted last, and by which files."""

    findings: tuple[Finding, ...]
    backend_files: Mapping[str, SourceFile]
    crate_files: Mapping[str, SourceFile]
    found: tuple[Finding, ...]

    def stands(
        self, backend_files: Mapping[str, SourceFile], crate_files: Mapping[str, SourceFile]
    ) -> bool:
        """Whether the chunks of all files stand in the order in which they did."""
        sides = ((self.backend_files, backend_files), (self.crate_files, crate_files))
        return all(
            old is file or (old is not None and list(old.by_id) == list(file.by_id))
            for before, now in sides
            for path, file in now.items()
            for old in (before.get(path),)
        )


def _in_order(
    findings: tuple[Finding, ...],
    backend_files: Mapping[str, SourceFile],
    crate_files: Mapping[str, SourceFile],
) -> tuple[Finding, ...]:
    files = {"backend": backend_files, "crate": crate_files}

    def order(one: Finding) -> tuple[str, str, int, str, str]:
        file = files[one.side].get(one.place.file)
        start = file.span(one.place).start if file else 0
        return (one.side, one.place.file, start, one.rule, one.item)

    return tuple(sorted(findings, key=order))
