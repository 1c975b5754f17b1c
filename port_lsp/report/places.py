"""Places as people and other tools read them: 1-based lines and columns, paths to open."""

import os

from port_lsp.facts.links import SideName
from port_lsp.facts.source import Place
from port_lsp.index.snapshot import Snapshot
from port_lsp.report.records import FileLine, Position

_START = Position(1, 1)


def file_line(snapshot: Snapshot, side: SideName, place: Place) -> FileLine:
    """The file and line of a place."""
    return FileLine(place.file, snapshot.line(side, place))


def positions(snapshot: Snapshot, side: SideName, place: Place) -> tuple[Position, Position]:
    """Where a place begins and ends (behind its last character)."""
    file = snapshot.files(side).get(place.file)
    if file is None:
        return _START, _START
    span = file.span(place)
    return Position(*file.text.position(span.start)), Position(*file.text.position(span.end))


def shown(snapshot: Snapshot, side: SideName, file: str) -> str:
    """The path of a file as the current folder sees it; absolute where it is outside of it."""
    root = snapshot.root(side)
    if root is None:
        return file
    return shown_path(os.path.join(root, *file.split("/")))


def shown_path(path: str) -> str:
    """An absolute path as the current folder sees it, with `/`."""
    here = os.getcwd()
    if path == here or path.startswith(here.rstrip(os.sep) + os.sep):
        path = os.path.relpath(path, here)
    return path.replace(os.sep, "/")


def shown_place(snapshot: Snapshot, side: SideName, place: Place) -> str:
    """`path:line`, which terminals and editors open."""
    return f"{shown(snapshot, side, place.file)}:{snapshot.line(side, place)}"
