"""The files of one side: read once, again when they change, never failing."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from port_lsp.index import store as store_module
from port_lsp.index.store import Store
from port_lsp.index.walk import Tree


def store_of(root: Path) -> Store:
    def wanted(paths: Iterable[str]) -> Iterable[str]:
        return [path for path in paths if path.endswith(".py")]

    return Store(str(root), lambda: Tree(None), lambda path: False, wanted)


def test_a_sweep_reads_what_changed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"a = 1\n")
    (tmp_path / "b.py").write_bytes(b"b = 1\n")
    store = store_of(tmp_path)
    assert store.sweep()
    before = dict(store.texts)
    assert not store.sweep()
    (tmp_path / "a.py").write_bytes(b"a = 22\n")
    (tmp_path / "b.py").unlink()
    (tmp_path / "c.py").write_bytes(b"")
    assert store.sweep()
    assert sorted(store.texts) == ["a.py", "c.py"]
    assert store.texts["a.py"].data == b"a = 22\n"
    assert store.texts["a.py"] is not before["a.py"]


def test_a_file_that_was_only_touched_keeps_its_text(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"a = 1\n")
    store = store_of(tmp_path)
    store.sweep()
    text = store.texts["a.py"]
    os.utime(tmp_path / "a.py", ns=(1, 1))
    assert not store.sweep()
    assert store.texts["a.py"] is text


def test_bytes_that_are_no_text_are_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\xef\xbb\xbfa = '\xff'\r\n\x0c")
    store = store_of(tmp_path)
    store.sweep()
    assert store.texts["a.py"].data == "a = '\ufffd'\r\n\x0c".encode()
    assert store.notes == {}


def test_a_huge_file_is_left_out_with_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "MAX_BYTES", 10)
    (tmp_path / "a.py").write_bytes(b"a = 123456789\n")
    store = store_of(tmp_path)
    store.sweep()
    assert store.texts == {}
    assert "larger than" in store.notes[str(tmp_path / "a.py")]
    (tmp_path / "a.py").write_bytes(b"a = 1\n")
    store.sweep()
    assert sorted(store.texts) == ["a.py"]
    assert store.notes == {}


def test_a_file_that_cannot_be_read_is_left_out_with_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.py").write_bytes(b"a = 1\n")
    stat = os.stat

    def refused(path: str | Path, **options: bool) -> os.stat_result:
        if str(path).endswith("a.py"):
            raise PermissionError(13, "Permission denied")
        return stat(path, **options)

    store = store_of(tmp_path)
    monkeypatch.setattr(store_module.os, "stat", refused)
    store.sweep()
    assert store.texts == {}
    assert store.notes[str(tmp_path / "a.py")] == "left out: Permission denied"


def test_one_file_is_refreshed_alone(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"a = 1\n")
    store = store_of(tmp_path)
    store.sweep()
    (tmp_path / "a.py").write_bytes(b"a = 333\n")
    assert store.refresh("a.py")
    assert store.texts["a.py"].data == b"a = 333\n"
    (tmp_path / "a.py").unlink()
    assert store.refresh("a.py")
    assert store.texts == {}
    assert store.notes == {}
