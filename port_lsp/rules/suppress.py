"""Verdicts in comments: `# port: ignore[rule] reason` and `# port: <item key>`, `//` in Rust.

They are found by a search over a file's bytes, and only in files that hold `port:` at all. A
comment belongs to the item on its line or below it; between the two, decorators, attributes and
further comments may stand.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from port_lsp.facts.items import Side
from port_lsp.facts.links import Finding
from port_lsp.facts.source import Place, Record, SourceFile

_COMMENT = re.compile(
    rb"(?P<mark>#|//)[ \t]*port:[ \t]*"
    rb"(?:ignore[ \t]*\[(?P<rules>[\w\-, \t]*)\](?P<reason>[^\r\n]*)|(?P<item>[^\s:]\S*::\S+))"
)


class Comment(Record, frozen=True):
    """A verdict on a line (1-based): rules that are ignored there and why, or a counterpart.

    `alone` says that nothing else stands on its line.
    """

    line: int
    rules: tuple[str, ...] = ()
    reason: str = ""
    item: str | None = None
    alone: bool = False


def comments(file: SourceFile) -> tuple[Comment, ...]:
    """The verdicts in one file, in their order."""
    data = file.text.data
    if b"port:" not in data:
        return ()
    mark = _mark(file)
    found: list[Comment] = []
    for match in _COMMENT.finditer(data):
        if match["mark"] != mark:
            continue
        start = max(data.rfind(b"\n", 0, match.start()), data.rfind(b"\r", 0, match.start())) + 1
        item, rules = match["item"], match["rules"]
        names = rules.decode().replace(",", " ").split() if rules is not None else ()
        found.append(
            Comment(
                file.text.line_of(match.start()),
                tuple(names),
                (match["reason"] or b"").decode("utf-8", "replace").strip(" \t:-"),
                item.decode("utf-8", "replace") if item else None,
                not data[start : match.start()].strip(),
            )
        )
    return tuple(found)


def _mark(file: SourceFile) -> bytes:
    """What a comment of the file's language begins with."""
    return b"#" if file.path.endswith(".py") else b"//"


class Suppressed(NamedTuple):
    """A finding that a comment says to leave out, and the comment's reason."""

    finding: Finding
    reason: str


class CommentReader:
    """Reads the verdicts of one side's files, each file again only when it is another."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[SourceFile, tuple[Comment, ...]]] = {}

    def read(self, files: Mapping[str, SourceFile]) -> "Verdicts":
        """The verdicts of all files."""
        known = self._known
        self._known = {
            path: there
            if (there := known.get(path)) and there[0] is file
            else (file, comments(file))
            for path, file in files.items()
        }
        found = {path: found for path, (_, found) in self._known.items() if found}
        return Verdicts(files, found)


class Verdicts:
    """The comments of one side's files, and which places they belong to."""

    def __init__(
        self, files: Mapping[str, SourceFile], found: Mapping[str, tuple[Comment, ...]]
    ) -> None:
        self._files = files
        self._found = found

    def __bool__(self) -> bool:
        return bool(self._found)

    def is_as(self, other: "Verdicts") -> bool:
        """Whether the comments are the same ones, of the same files."""
        files = self._found.keys()
        return files == other._found.keys() and all(
            self._files[path] is other._files[path] for path in files
        )

    def every(self) -> Iterator[tuple[str, Comment]]:
        """All comments with their files, in the order of the files' paths."""
        for path in sorted(self._found):
            yield from ((path, comment) for comment in self._found[path])

    def speaks_of(self, path: str) -> bool:
        """Whether a file has comments at all."""
        return path in self._found

    def at(self, place: Place, *, whole: bool) -> Iterator[Comment]:
        """The comments on a place's line or above it.

        `whole` says that the chunk is the item at the place, so that its decorators and attributes
        are lines of the item.
        """
        found = self._found.get(place.file)
        if not found:
            return
        file = self._files[place.file]
        last = file.line(place)
        first = last
        if whole and (chunk := file.by_id.get(place.chunk)) is not None:
            first = min(last, file.text.line_of(chunk.span.start))
        while first > 1 and _is_comment(file, first - 1):
            first -= 1
        for comment in found:
            if comment.line == last or (first <= comment.line < last and comment.alone):
                yield comment

    def pins(self, side: Side) -> Iterator[tuple[str, str]]:
        """The pairs of an item of this side and the counterpart that a comment names."""
        if not self._found:
            return
        seen: set[tuple[str, Place]] = set()
        items = (*side.endpoints, *side.models, *side.functions, *side.events)
        loose = (one.endpoint for one in side.unmounted)
        for item in (*items, *loose):
            if item.place.file not in self._found or (item.key, item.place) in seen:
                continue
            seen.add((item.key, item.place))
            for comment in self.at(item.place, whole=_is_whole(item.key, item.place)):
                if comment.item is not None:
                    yield item.key, comment.item


def _is_comment(file: SourceFile, line: int) -> bool:
    """Whether nothing but a comment stands on a line (1-based)."""
    starts = file.text.line_starts
    text = file.text.data[starts[line - 1] : starts[line]].lstrip()
    return text.startswith(_mark(file))


def _is_whole(key: str, place: Place) -> bool:
    """Whether an item is its chunk, and not one of several things in it."""
    return key.rpartition("::")[2] == place.chunk.partition("~")[0].rpartition("::")[2]


def split(
    findings: Iterable[Finding],
    backend: Verdicts,
    crate: Verdicts,
    anchors: Mapping[str, tuple[Place, ...]],
) -> tuple[list[Finding], list[Suppressed]]:
    """The findings that stay, and those that comments leave out.

    `anchors` are the places of each item, at any of which its comments may stand.
    """
    if not backend and not crate:
        return list(findings), []
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    known: defaultdict[Place, list[Comment]] = defaultdict(list)
    for finding in findings:
        verdicts = backend if finding.side == "backend" else crate
        places = (finding.place, *anchors.get(finding.item, ()))
        if not any(verdicts.speaks_of(place.file) for place in places):
            kept.append(finding)
            continue
        places = dict.fromkeys(places)
        for place in places:
            if place not in known:
                known[place] = list(verdicts.at(place, whole=_is_whole(finding.item, place)))
        reasons = [
            comment.reason
            for place in places
            for comment in known[place]
            if finding.rule in comment.rules
        ]
        if reasons:
            suppressed.append(Suppressed(finding, reasons[0]))
        else:
            kept.append(finding)
    return kept, suppressed
