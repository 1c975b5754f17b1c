"""`use` declarations as a writer sees them: which names they bring in, and in what order rustfmt
wants names and declarations.

Order: rustfmt's `imports.rs` (`impl Ord for UseSegment`, style edition 2015): `self`, `super` and
`crate` first, then names in lower case, in camel case, in upper case; each by its bytes.
"""

from __future__ import annotations

import re

from port_lsp.facts.source import Record
from port_lsp.rust.imports import use_names
from port_lsp.rust.scopes import Path

_USE = re.compile(r"(?P<visible>pub(?:\s*\([^)]*\))?\s+)?use\s+(?P<tree>[^;]+);\s*$")
# rustfmt's `rewrite_nested_use_tree`: how wide braces on one line may be with all that is around
# them, and the names of one line of several, with their commas and without their indentation.
_ALONE, _AMONG = 98, 95
_FIRST = {"self": 0, "super": 1, "crate": 2}


class UseTree(Record, frozen=True):
    """One `use`: `prefix::{names}`; of a single path the prefix is all but its last name.

    `names` are as written ("a", "b as c", "self"). `flat` says that nothing is nested and that no
    comment stands in it, so that it can be written anew.
    """

    prefix: Path
    names: tuple[str, ...]
    visible: str
    flat: bool


def read_use_tree(text: str) -> UseTree | None:
    """The tree of a `use` as written, without attributes; None where it is none."""
    match = _USE.match(text)
    if match is None:
        return None
    tree = match["tree"].strip()
    head, brace, inside = tree.partition("{")
    visible = (match["visible"] or "").strip()
    flat = "{" not in inside and "//" not in tree and "/*" not in tree
    if brace:
        prefix = tuple(part.strip() for part in head.split("::") if part.strip())
        names = tuple(part.strip() for part in inside.rpartition("}")[0].split(","))
        return UseTree(prefix, tuple(name for name in names if name), visible, flat)
    path = tuple(part.strip() for part in tree.split("::"))
    return UseTree(path[:-1], path[-1:], visible, flat and bool(path[:-1]))


def paths_of(text: str) -> list[Path]:
    """Every path that a `use` names; "*" for a glob."""
    match = _USE.match(text)
    if match is None:
        return []
    return [(*path, "*") if name == "*" else path for name, path in use_names(match["tree"])]


def segment_order(segment: str) -> tuple[int, int, str]:
    """The place of a name among its neighbours."""
    word = segment.partition(" ")[0]
    if word in _FIRST:
        return (0, _FIRST[word], segment)
    bare = word.removeprefix("r#")  # what kind of name it is; its place is that of what is written
    kind = 1
    if bare[:1].isupper():
        kind = 3 if bare == bare.upper() else 2
    if bare in ("*",) or bare.startswith("{"):
        kind = 4
    return (kind, 0, word)


def path_order(path: Path) -> tuple[tuple[int, int, str], ...]:
    """The place of a declaration among its neighbours."""
    return tuple(segment_order(segment) for segment in path)


def written(prefix: Path, names: tuple[str, ...], visible: str = "") -> str:
    """A flat `use` as rustfmt lays it out: names in order, as many on a line as fit."""
    head = f"{visible} use ".lstrip() if visible else "use "
    ordered = sorted(dict.fromkeys(names), key=segment_order)
    path = "::".join(prefix)
    if len(ordered) == 1 and ordered[0] != "self":
        return f"{head}{path}::{ordered[0]};"
    one = f"{head}{path}::{{{', '.join(ordered)}}};"
    if len(one) <= _ALONE:
        return one
    rows = [""]
    for name in ordered:
        joined = f"{rows[-1]} {name},".lstrip()
        # The last comma counts only once there is more than one line.
        uncounted = name == ordered[-1] and len(rows) == 1
        if len(joined) - uncounted > _AMONG and rows[-1]:
            rows.append(f"{name},")
        else:
            rows[-1] = joined
    lines = "".join(f"    {row}\n" for row in rows)
    return f"{head}{path}::{{\n{lines}}};"
