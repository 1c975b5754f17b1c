"""From the facts of both sides to links and findings: always whole, it costs milliseconds."""

from collections.abc import Mapping

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
        files = {"backend": backend_files, "crate": crate_files}

        def order(one: Finding) -> tuple[str, str, int, str, str]:
            file = files[one.side].get(one.place.file)
            start = file.span(one.place).start if file else 0
            return (one.side, one.place.file, start, one.rule, one.item)

        return links, tuple(sorted(findings, key=order))
