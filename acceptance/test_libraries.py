"""The table of library calls: every row that is shipped is translated, and gives in Rust what the
call gives in Python, or fails where that does, for values at the edges.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest

from acceptance.functions import by_python, by_rust, functions_of, kinds_of, ported
from port_lsp.config.library import Library
from port_lsp.config.shipped import shipped
from port_lsp.patterns.translate.libraries import calling
from tests.fixturefile import parse
from tests.rustc import needs_cargo

DATA = Path(__file__).parent / "data/libraries.txt"
CRATE = Path(__file__).parent.parent / "tests/fixtures/writing/bodies/everyday.txt"
_VALUES: dict[str, list[object]] = {
    "str": [
        "", " ", "a", "é😀", "a b&c=d/e?f", "<a href=\"x\">'&amp;'</a>", "/", "/etc", "a/", "//b/c",
        "a%20b+c", "%C3%A9%c3", "%C3é%A9%", "%zz%41", "\x00%00", "~-._*()!'", "/nowhere", "b.txt",
        "/etc/passwd",
    ],
    "int": [0, 1, -1, 7, 2**53 + 1, -(2**63) + 1],
    "float": [0.0, -0.0, 0.5, 1.5, 2.5, -0.5, -2.5, 1e-300, 123456.789, -1e15, 9.1e18, 0.1],
    "list[str]": [[], ["a"], ["", "é", "z"]],
    "dict": [{}, {"b": 1.0, "value": {"a": [1, None, "é"]}}, {"value": []}, {"value": 0}],
}  # fmt: skip
_PROGRAM = """
import asyncio, inspect, json, sys
from app import everyday

for line in sys.stdin:
    name, args = json.loads(line)
    try:
        value = getattr(everyday, name)(*args)
        print(json.dumps([asyncio.run(value) if inspect.isawaitable(value) else value]))
    except Exception:  # whichever: what is compared is that it fails
        print("null")
"""


def _laid(folder: Path) -> None:
    """A backend of these functions, and a crate without any."""
    parse(CRATE.read_text("utf-8")).write_to(folder)
    parse(DATA.read_text("utf-8")).write_to(folder)
    main = "from fastapi import FastAPI\nfrom app import everyday\n\napp = FastAPI()\n"
    (folder / "backend/app/main.py").write_text(main, "utf-8")


def test_every_row_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is shipped that no function of the data calls."""
    used: list[Library] = []
    depend = calling.depend

    def noted(scene: calling.Scene, row: Library) -> None:
        used.append(row)
        depend(scene, row)

    monkeypatch.setattr(calling, "depend", noted)
    _laid(tmp_path)
    text = ported(tmp_path, functions_of(DATA))
    assert "todo!" not in text
    assert [one.name for one in shipped() if one not in used] == []
    # As the README says.
    assert (len(shipped()), len({one.name for one in shipped()})) == (87, 74)


def test_the_same_comes_of_the_same(tmp_path: Path, target: Path) -> None:
    needs_cargo()
    _laid(tmp_path)
    functions = functions_of(DATA)
    calls = [
        (one.name, values)
        for one in functions
        for values in product(*(_VALUES[kind] for kind in kinds_of(one)))
    ]
    assert len(calls) == 2593  # as the README says
    lines = "".join(json.dumps(one) + "\n" for one in calls)
    theirs = by_python(tmp_path, _PROGRAM, lines)
    ours = by_rust(tmp_path, target, ported(tmp_path, functions), functions, lines)
    assert len(ours) == len(theirs) == len(calls)
    pairs = zip(calls, theirs, ours, strict=True)
    assert [one for one in pairs if json.dumps(one[1]) != json.dumps(one[2])] == []
    failed = {name for (name, _), one in zip(calls, theirs, strict=True) if one is None}
    assert failed == {"floor_of_none", "chosen", "copied_part"}
