"""Endpoints and files made by hand for the rules' tests."""

from collections.abc import Mapping

from port_lsp.config import NO_CONFIG, Config
from port_lsp.facts.items import Endpoint, Side
from port_lsp.facts.links import Finding, Links
from port_lsp.facts.source import Piece, Place, SourceFile, name_chunks, source_file
from port_lsp.rules.judge import judge
from port_lsp.text import Span, Text


def endpoint(
    file: str,
    route: str,
    handler: str,
    *,
    registered: Place | None = None,
    trail: tuple[tuple[str, Place], ...] = (),
    reachable: bool = True,
    stub: str | None = None,
) -> Endpoint:
    """An endpoint; `route` is method and path. Its handler's name is 4 bytes into its chunk."""
    method, _, path = route.partition(" ")
    key = f"{file}::{handler}"
    return Endpoint(
        id=f"{key}#{route}",
        kind="route",
        method=method,
        path=path,
        handler=handler,
        key=key,
        place=Place(file, handler, Span(4, 4 + len(handler))),
        registered=registered or Place(file, handler, Span(0, 3)),
        trail=trail,
        reachable=reachable,
        unreachable_reason=None if reachable else "an earlier route takes it",
        stub=stub,
    )


def cut(path: str, text: str, *starts: tuple[str, str]) -> SourceFile:
    """A file whose chunks begin where each (name, beginning of its text) says."""
    data = text.encode()
    offsets = [(data.index(begin.encode()), name) for name, begin in starts]
    ends = [offset for offset, _ in offsets[1:]] + [len(data)]
    pieces = [
        Piece("function", name, Span(start, end))
        for (start, name), end in zip(offsets, ends, strict=True)
    ]
    return source_file(path, Text(data), name_chunks(data, pieces))


def judged(
    backend: Side,
    crate: Side | None,
    config: Config = NO_CONFIG,
    backend_files: Mapping[str, SourceFile] | None = None,
    crate_files: Mapping[str, SourceFile] | None = None,
) -> tuple[Links, tuple[Finding, ...]]:
    """Links and findings of the two."""
    return judge(backend, crate, backend_files or {}, crate_files or {}, config)
