"""Edits of one file: `use`, `mod` and items where they belong, as few bytes as it takes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from port_lsp.facts.source import SourceFile
from port_lsp.rust.scopes import Path
from port_lsp.rust.usetree import (
    UseTree,
    path_order,
    paths_of,
    read_use_tree,
    segment_order,
    written,
)
from port_lsp.text import Edit, Span
from port_lsp.writing.anchors import Anchors, ModAt, UseAt
from port_lsp.writing.printer.names import identifier

_STD = frozenset(("std", "core", "alloc"))
_HERE = frozenset(("crate", "super", "self"))


def use_edits(file: SourceFile, at: Anchors, paths: Iterable[Path]) -> list[Edit]:
    """Brings paths into scope: joined to a `use` of the same prefix, else a line of their own in
    order among their like."""
    joined: dict[UseAt, list[str]] = {}
    alone: list[Path] = []
    for path in paths:
        home = next((one for one in at.uses if _takes(one, path[:-1])), None)
        if home is None:
            alone.append(path)
        else:
            joined.setdefault(home, []).append(identifier(path[-1]))
    edits = [Edit(one.span, _with(one, names)) for one, names in joined.items()]
    lines: dict[int, list[str]] = {}
    behind: set[int] = set()
    for prefix, names in _grouped(alone):
        line = written(tuple(map(identifier, prefix)), tuple(names))
        offset, is_behind = _place_of_use(at, (*prefix, names[0] if len(names) == 1 else "{"))
        lines.setdefault(offset, []).append(line)
        if is_behind:
            behind.add(offset)
    for offset, texts in lines.items():
        texts.sort(key=lambda text: _order(_written_path(text)))
        if offset in behind:
            there = {_kind(first) for first in _firsts(at.uses)}
            kinds: dict[int, list[str]] = {}  # those that the file hasn't are groups of their own
            for text in texts:
                kind = _kind(paths_of(text)[0][0])
                kinds.setdefault(-1 if kind in there else kind, []).append(f"\n{text}")
            new = "".join("\n" * (kind >= 0) + "".join(kinds[kind]) for kind in sorted(kinds))
        elif at.uses:
            new = "".join(f"{text}\n" for text in texts)
        else:
            new = "\n".join(texts) + "\n\n"
            if at.start == at.end and offset:  # behind inner attributes, with nothing following
                new = "\n\n" + "\n".join(texts)
        edits.append(Edit(Span(offset, offset), new))
    return edits


def _order(path: Path) -> tuple[tuple[int, int, str], ...]:
    """The place of a declaration among its neighbours: keywords count as they are written."""
    return path_order(tuple(map(identifier, path)))


def _grouped(paths: Sequence[Path]) -> list[tuple[Path, list[str]]]:
    """The names to bring in, by what stands before them."""
    found: dict[Path, list[str]] = {}
    for path in sorted(paths, key=_order):
        found.setdefault(path[:-1], []).append(identifier(path[-1]))
    return list(found.items())


def new_uses(paths: Iterable[Path]) -> str:
    """The `use`s of a new file: std, other crates, this crate, an empty line between them."""
    groups: dict[int, list[str]] = {}
    for prefix, names in _grouped(list(paths)):
        line = written(tuple(map(identifier, prefix)), tuple(names))
        groups.setdefault(_kind(prefix[0]), []).append(line)
    for lines in groups.values():  # `a::b::C` stands before `a::{b, d}`
        lines.sort(key=lambda line: _order(_written_path(line)))
    return "\n\n".join("\n".join(groups[kind]) for kind in sorted(groups))


def _kind(first: str) -> int:
    return 0 if first in _STD else 2 if first in _HERE else 1


def _takes(one: UseAt, prefix: Path) -> bool:
    tree = read_use_tree(one.text)
    return tree is not None and tree.flat and not tree.visible and tree.prefix == prefix and (
        not any(name == "*" for name in tree.names)
    )  # fmt: skip


def _with(one: UseAt, names: Sequence[str]) -> str:
    tree = read_use_tree(one.text)
    assert isinstance(tree, UseTree)
    return written(tree.prefix, (*tree.names, *names), tree.visible)


def _place_of_use(at: Anchors, path: Path) -> tuple[int, bool]:
    """Where a new line goes: its offset, and whether it comes behind what ends there."""
    if not at.uses:
        return at.start, False
    groups: list[list[UseAt]] = []
    for one in at.uses:
        if groups and one.follows:
            groups[-1].append(one)
        else:
            groups.append([one])
    group = max(groups, key=lambda ones: _likeness(ones, path))
    if _likeness(group, path) == (0, 0):  # a kind of its own, behind all others
        return at.uses[-1].span.end, True
    for one in group:
        if not one.text.startswith("pub") and _order(path) < _order(_sorted_by(one)):
            return one.start, False
    return group[-1].span.end, True


def _sorted_by(one: UseAt) -> Path:
    """What a declaration is in its place by: its path, or what stands before its braces."""
    text = one.text.rpartition("]")[2].strip() if one.text.startswith("#") else one.text
    return _written_path(text)


def _written_path(text: str) -> Path:
    """The path of a declaration, or what stands before its braces, and those."""
    tree = read_use_tree(text)
    if tree is None:
        return ()
    return (*tree.prefix, tree.names[0] if len(tree.names) == 1 else "{")


def _firsts(group: Sequence[UseAt]) -> list[str]:
    """What the paths of declarations begin with."""
    return [found[0][0] for one in group if (found := paths_of(one.text)) and found[0]]


def _likeness(group: Sequence[UseAt], path: Path) -> tuple[int, int]:
    firsts = _firsts(group)
    return (sum(first == path[0] for first in firsts),
            sum(_kind(first) == _kind(path[0]) for first in firsts))  # fmt: skip


def mod_edits(
    at: Anchors, names: Iterable[str], *, reexport: bool, outside: Collection[str] = ()
) -> list[Edit]:
    """Declares modules, in order among those that are there and as visible as most of them; those
    that are named from `outside` of the file's own module are visible there in any case."""
    known = {one.name for one in at.mods}
    usual = _visibility(at.mods)
    order = [segment_order(one.name) for one in at.mods]
    in_order = order == sorted(order)  # whatever their visibility, as rustfmt has them
    lines: dict[int, list[str]] = {}
    edits: list[Edit] = []
    end = at.mods[-1].span.end if at.mods else -1
    for name in sorted(set(names) - known, key=segment_order):
        visible = usual if usual or name not in outside else "pub(crate)"
        lead = f"{visible} " if visible else ""
        follower = next((one for one in at.mods if (in_order or one.visible == visible) and
                         segment_order(name) < segment_order(one.name)), None)  # fmt: skip
        offset = follower.span.start if follower is not None else end if at.mods else at.start
        lines.setdefault(offset, []).append(f"{lead}mod {identifier(name)};")
        if reexport:
            edits += _reexport(at, name)
    for offset, texts in lines.items():
        if offset == end:
            new = "".join(f"\n{text}" for text in texts)
        else:
            new = "".join(f"{text}\n" for text in texts)
            new += "\n" if not at.mods and at.end else ""
        edits.append(Edit(Span(offset, offset), new))
    return edits


def _reexport(at: Anchors, name: str) -> list[Edit]:
    line = f"pub use {identifier(name)}::*;"
    globs = [one for one in at.uses if one.text.startswith("pub use") and one.text.endswith("::*;")]
    follower = next((one for one in globs if line < one.text), None)
    if follower is not None:
        return [Edit(Span(follower.span.start, follower.span.start), f"{line}\n")]
    end = globs[-1].span.end if globs else at.end
    return [Edit(Span(end, end), f"\n{line}")]


def _visibility(mods: Sequence[ModAt]) -> str:
    """What most of a file's modules are; `pub` where there is none."""
    if not mods:
        return "pub"
    words = [one.visible for one in mods]
    return max(sorted(set(words)), key=words.count)


def item_edits(file: SourceFile, at: Anchors, text: str) -> list[Edit]:
    """Puts items behind the last one that isn't a test's, an empty line before them."""
    if not file.chunks:
        return [Edit(Span(at.end, at.end), text if not file.text.data.strip() else f"\n{text}")]
    return [Edit(Span(at.end, at.end), f"\n\n{text.rstrip()}")]
