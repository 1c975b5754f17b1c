"""The list of a file's functions has each name once, with the definition that the name means."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

from port_lsp.report.export import export_json
from tests.index.projects import PAIR, opened, write

SOURCE = """\
//- /backend/app/things.py
from typing import overload

from app.users import router


@router.get("/things/{id}")
def get_thing(id: str):
    return id


@router.get("/things/{id}/{name}")
def get_thing(id: str, name: str):
    return name


@overload
def load(key: int) -> int: ...
@overload
def load(key: str) -> str: ...
def load(key):
    return key


class Things:
    @property
    def size(self) -> int:
        return self._size

    @size.setter
    def size(self, size: int) -> None:
        self._size = size

    @size.deleter
    def size(self) -> None:
        del self._size


class Others:
    def size(self) -> int:
        return 0


class Twice:
    one: int


class Twice:
    two: int
"""


def test_each_function_once(tmp_path: Path) -> None:
    snapshot = opened(write(tmp_path, PAIR + SOURCE)).snapshot
    assert snapshot.backend is not None
    found = [
        (one.key.partition("::")[2], snapshot.line("backend", one.place))
        for one in snapshot.backend.functions
        if one.place.file == "app/things.py"
    ]
    assert found == [("get_thing", 12), ("load", 20), ("Things.size", 26), ("Others.size", 39)]


def test_ids_of_an_export_are_unique(tmp_path: Path) -> None:
    exported = msgspec.json.decode(export_json(opened(write(tmp_path, PAIR + SOURCE)).snapshot))
    for side in ("backend", "crate"):
        for kind in ("endpoints", "models", "events", "functions"):
            ids = Counter(one["id"] for one in exported[side][kind])
            assert [one for one, number in ids.items() if number > 1] == [], (side, kind)
    for kind, rows in exported["links"].items():
        ids = Counter(row["backend"] for row in rows if row["backend"] is not None)
        assert [one for one, number in ids.items() if number > 1] == [], kind
