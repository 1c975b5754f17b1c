"""Steps from a migration guide in Markdown.

Steps are the sections whose heading says so ("Step 3: …", "Phase 2 …"), else those that name files
of the backend. A file is named by a path (`backend/app/models/users.py`), a router in a step's
lists also by a word (`- folders`). A list item above others may class them: "Simple routers (1-2
days each)".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from port_lsp.plan.steps import Named, PlannedFile, Step

_NUMBERED = re.compile(r"^(?:step|phase|stage|milestone|part)\s+\w+\b", re.I)
_PATH = re.compile(r"[\w.\-]+(?:/[\w.\-]+)*/(?:[\w.\-]*\w)?|[\w\-]+\.py\b")
_EFFORT = re.compile(
    r"~?\d+(?:\.\d+)?(?:\s*(?:-|–|to)\s*\d+(?:\.\d+)?)?\s*(?:hours?|days?|weeks?|months?)\b", re.I
)
_NAME = re.compile(r"[A-Za-z_][\w\-]*")  # of something: no sentence
_ASIDE = re.compile(r"\([^)]*\)")


class _Section:
    """A heading and what stands below it, before the next heading of its rank or a higher one."""

    def __init__(self, title: str, rank: int) -> None:
        self.title, self.rank = title, rank
        self.blocks: list[SyntaxTreeNode] = []


def steps_of(text: str, named: Named) -> tuple[Step, ...]:
    """The steps of a guide, in its order; nothing where it names no file of the backend."""
    read = [(one, tuple(_files(one.blocks, named))) for one in _sections(text)]
    numbered = [(one, files) for one, files in read if _NUMBERED.match(one.title)]
    if any(files for _, files in numbered):
        return tuple(Step(one.title, files) for one, files in numbered)
    return tuple(Step(one.title, files) for one, files in read if files)


def _sections(text: str) -> Iterator[_Section]:
    """The sections, each with the blocks of those below it that are no steps themselves."""
    found: list[_Section] = []
    open_ones: list[_Section] = []
    for node in SyntaxTreeNode(MarkdownIt("commonmark").parse(text)).children:
        if node.type == "heading":
            rank, title = int(node.tag[1:]), _text(node)
            open_ones = [one for one in open_ones if one.rank < rank]
            # What a step is made of is part of it; a section of steps isn't one itself.
            if any(_NUMBERED.match(one.title) for one in open_ones) and not _NUMBERED.match(title):
                continue
            section = _Section(title, rank)
            found.append(section)
            open_ones.append(section)
        elif open_ones:
            open_ones[-1].blocks.append(node)
    yield from found


def _files(blocks: Sequence[SyntaxTreeNode], named: Named) -> list[PlannedFile]:
    """The files that a section is about, in its order."""
    found: dict[str, PlannedFile] = {}
    for block in blocks:
        if block.type in ("bullet_list", "ordered_list"):
            for one in _of_list(block, named, "", ""):
                found.setdefault(one.file, one)
        elif block.type == "paragraph":
            for file in _paths(_text(block), named):
                found.setdefault(file, PlannedFile(file))
    return list(found.values())


def _of_list(
    node: SyntaxTreeNode, named: Named, complexity: str, effort: str
) -> Iterator[PlannedFile]:
    """The files of a list; what an item above says of the effort holds for those below it."""
    for item in node.children:
        own = next((one for one in item.children if one.type == "paragraph"), None)
        below = [one for one in item.children if one.type in ("bullet_list", "ordered_list")]
        text = _text(own) if own is not None else ""
        said = _EFFORT.search(text)
        lasts = said[0] if said else effort
        if below:
            title = _ASIDE.sub("", text).strip().rstrip(":").strip()
            for one in below:
                yield from _of_list(one, named, title if said else complexity, lasts)
            continue
        word = _ASIDE.sub("", text).strip()
        files = _paths(text, named) or (named.by_word(word) if _NAME.fullmatch(word) else [])
        yield from (PlannedFile(file, complexity, lasts) for file in files)


def _paths(text: str, named: Named) -> list[str]:
    """The files that paths in a text name."""
    found = (file for path in _PATH.findall(text) for file in named.by_path(path))
    return list(dict.fromkeys(found))


def _text(node: SyntaxTreeNode) -> str:
    """The words of a block, without marks."""
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return " "
    return "".join(_text(child) for child in node.children)
