"""The roots and the configuration: what was given, what is configured, what is found."""

import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

from port_lsp.config import NO_CONFIG, PYPROJECT, TOOL_TABLE, Config, Loaded, Problem, Setting
from port_lsp.config.lines import KeyLines
from port_lsp.config.load import find, load
from port_lsp.facts.links import SideName
from port_lsp.facts.source import Record
from port_lsp.index.discover import Root, discover
from port_lsp.index.walk import Tree, is_below, repository_top

_ROUNDS = 3  # a configuration beside a root that another one names may name roots too


class Wanted(Record, frozen=True):
    """What somebody asks for. `root` is searched for what isn't given; all absolute paths."""

    root: str
    backend: str | None = None
    crate: str | None = None


class Settled(Record, frozen=True):
    """The two roots, the configuration in force and what is wrong with it."""

    backend: Root | None
    crate: Root | None
    config: Config
    problems: tuple[Problem, ...]
    top: str | None
    searched: str
    settings: tuple[Setting, ...] = ()


def settle(
    wanted: Wanted,
    rules: Collection[str] = (),
    cancelled: Callable[[], bool] = lambda: False,
    buffers: Callable[[Path], str | None] = lambda path: None,
) -> Settled:
    """Finds the roots and the configuration. `rules` are the names of all rules; `buffers` gives
    the text of a configuration file that is open.

    The nearest configuration counts: of the backend's folder and those above it, then of the
    crate's, then of those above both and ROOT.
    """
    start = Path(wanted.root)
    tree = Tree(repository_top(start), cancelled)
    source: Path | None = None
    given = [Path(path) for path in (wanted.backend, wanted.crate) if path]
    files = find(_folders(start, given))
    loaded = Loaded(NO_CONFIG)
    backend, crate, searched = None, None, wanted.root
    for _ in range(_ROUNDS):
        source = files[0] if files else None
        loaded = load(source, rules, buffers(source)) if source else Loaded(NO_CONFIG)
        backend, crate, searched = _roots(wanted, loaded.config, tree)
        roots = [Path(root.path) for root in (backend, crate) if root]
        files = find(_folders(start, roots))
        if (files[0] if files else None) == source:
            break
    problems = [
        *loaded.problems,
        *_missing(loaded.config, backend, crate),
        *_unread(source, files[1:]),
        *(Problem(path, 0, note, "information") for path, note in tree.notes.items()),
    ]
    config, settings = loaded.config, loaded.settings
    return Settled(backend, crate, config, tuple(problems), tree.top, searched, settings)


def _roots(wanted: Wanted, config: Config, tree: Tree) -> tuple[Root | None, Root | None, str]:
    named = f"named in {Path(config.source).name}" if config.source else ""
    backend = Root(wanted.backend, "given by --backend") if wanted.backend else None
    crate = Root(wanted.crate, "given by --crate") if wanted.crate else None
    if backend and not crate:
        return backend, None, wanted.root
    if not backend and config.backend and os.path.isdir(config.backend):
        backend = Root(config.backend, named)
    if not crate and config.crate and os.path.isdir(config.crate):
        crate = Root(config.crate, named)
    missing: list[SideName] = [
        *(["backend"] if backend is None else []),
        *(["crate"] if crate is None else []),
    ]
    if not missing:
        return backend, crate, wanted.root
    found = discover(
        Path(wanted.root),
        tree,
        backend=Path(backend.path) if backend else None,
        crate=Path(crate.path) if crate else None,
        wanted=missing,
        excluded=excluder(config),
    )
    return backend or found.backend, crate or found.crate, found.searched


def excluder(config: Config, root: str | None = None) -> Callable[[str], bool]:
    """Whether an absolute path is left out by `exclude`: the globs count from the folder of the
    configuration and from the side's root."""
    if not config.exclude:
        return lambda path: False
    spec = GitIgnoreSpec.from_lines(config.exclude)
    bases = [os.path.dirname(config.source)] if config.source else []
    bases += [root] if root else []

    def excluded(path: str) -> bool:
        return any(
            spec.match_file(path[len(base) :].lstrip(os.sep))
            for base in bases
            if is_below(path, base)
        )

    return excluded


def _folders(start: Path, roots: list[Path]) -> Iterator[Path]:
    """The folders in which a configuration may be, the nearest first.

    Those above a single side come first, so that both sides lead to the same one.
    """
    chains = [list(_upwards(folder)) for folder in (*roots, start)]
    shared = set(chains[0]).intersection(*map(set, chains[1:]))
    for chain in chains:
        yield from (folder for folder in chain if folder not in shared)
    yield from (folder for folder in chains[0] if folder in shared)


def _upwards(folder: Path) -> Iterator[Path]:
    """A folder and those above it, up to the repository's top; without one, up to home."""
    top = repository_top(folder)
    yield folder
    while folder not in (top, folder.parent):
        folder = folder.parent
        if top is None and folder in (Path.home(), folder.parent):
            return
        yield folder


def _missing(config: Config, backend: Root | None, crate: Root | None) -> Iterator[Problem]:
    for key, path, root in (("backend", config.backend, backend), ("crate", config.crate, crate)):
        if path and not os.path.isdir(path) and not (root and root.reason.startswith("given")):
            source = config.source or ""
            yield Problem(source, _line(source, key), f"`{key}`: there is no folder {path}")


def _line(source: str, key: str) -> int:
    prefix = TOOL_TABLE if source.endswith(PYPROJECT) else ()
    try:
        text = Path(source).read_text("utf-8", "replace")
    except OSError:
        return 0
    return KeyLines(text, prefix).line((key,))


def _unread(source: Path | None, others: list[Path]) -> Iterator[Problem]:
    for other in others:
        if source and other != source:
            yield Problem(str(other), 0, f"isn't read: {source} comes first", "information")
