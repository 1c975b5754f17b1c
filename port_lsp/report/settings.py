"""The roots with their reasons and the configuration in force, as `port-lsp config` shows them."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from port_lsp.config import FILE_NAME, Config
from port_lsp.index.discover import Root
from port_lsp.index.snapshot import Snapshot
from port_lsp.patterns.conventions import Row
from port_lsp.report.places import shown_path


def settings_json(snapshot: Snapshot, conventions: Sequence[Row] = ()) -> bytes:
    """Roots, configuration and problems as UTF-8 JSON; `conventions` are the crate's."""
    found: dict[str, Any] = {
        "backend": snapshot.backend_root,
        "crate": snapshot.crate_root,
        "searched": snapshot.searched,
        "files": {"backend": len(snapshot.backend_files), "crate": len(snapshot.crate_files)},
        "config": snapshot.config,
        "conventions": list(conventions),
        "problems": snapshot.problems,
    }
    return msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n"


def settings_text(snapshot: Snapshot, conventions: Sequence[Row] = ()) -> str:
    """The same for people."""
    return "".join(f"{line}\n" for line in (*_lines(snapshot), *_conventions(conventions)))


def _lines(snapshot: Snapshot) -> Iterator[str]:
    yield from _root("backend", snapshot.backend_root, len(snapshot.backend_files), snapshot)
    yield from _root("crate", snapshot.crate_root, len(snapshot.crate_files), snapshot)
    config = snapshot.config
    source = shown_path(config.source) if config.source else f"none ({FILE_NAME} would be read)"
    yield f"configuration: {source}"
    yield from _config(config)
    if snapshot.problems:
        yield "problems:"
    for problem in snapshot.problems:
        at = shown_path(problem.file) + (f":{problem.line}" if problem.line else "")
        yield f"  {at}: {problem.severity}: {problem.message}"


def _conventions(rows: Sequence[Row]) -> Iterator[str]:
    if rows:
        yield "conventions (for a file, its own handlers come first):"
    for row in rows:
        yield f"  {row.question}: {row.answer}"
        yield f"    {row.rests_on}"


def _root(name: str, root: Root | None, files: int, snapshot: Snapshot) -> Iterator[str]:
    if root is None:
        yield f"{name}: none, in {snapshot.searched} and below"
        return
    yield f"{name}: {root.path}"
    yield f"  {root.reason}"
    yield f"  {files} files are read"


def _config(config: Config) -> Iterator[str]:
    yield from _values("exclude", config.exclude)
    yield from _values("resolve", [f"{name} = {value}" for name, value in config.resolve])
    links = config.links
    yield from _values("prefixes", [f"{ours} → {theirs}" for ours, theirs in links.prefixes])
    yield from _values("pin", [f"{ours} → {theirs}" for ours, theirs in links.pin])
    yield from _values("unpin", [f"{ours} ↛ {theirs}" for ours, theirs in links.unpin])
    yield from _values(
        "ignore",
        [f"{one.pattern}: {one.reason}" if one.reason else one.pattern for one in links.ignore],
    )
    yield from _values(
        "rules",
        [f"{r.rule} = {r.level}" + (f" in {r.path}" if r.path else "") for r in config.rules],
    )
    yield from _values("conventions", [f"{name} = {value}" for name, value in config.conventions])
    for name, value in (("templates", config.templates), ("plan", config.plan)):
        if value:
            yield f"  {name}: {shown_path(value)}"
    if config.jump_standard:
        yield "  jump.standard: true"
    if config.parity.results:
        yield f"  parity.results: {shown_path(config.parity.results)}"
    yield from _values("parity.ignore", config.parity.ignore)
    yield from _values("parity.values", [f"{n} = {value}" for n, value in config.parity.values])


def _values(name: str, values: tuple[str, ...] | list[str]) -> Iterator[str]:
    if values:
        yield f"  {name}:"
    for value in values:
        yield f"    {value}"
