"""Beside pyright and rust-analyzer on the same buffers: what is theirs stays theirs.

At 20 places of each language, with and without our server: the same answers to what is theirs, ours
only in addition to hover and code actions, and "go to definition" leads to the same place, at once.
"""

from __future__ import annotations

import json
import keyword
import os
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

OURS = "port_lsp"
CASE = (Path(__file__).parent / "beside.lua").read_text(encoding="utf-8")
SEED = 6
PLACES, ITEMS = 20, 4
NAME = re.compile(r"\b[A-Za-z_][A-Za-z_0-9]+\b")
RUST = "as async await enum false fn for if impl in let match mod mut pub self struct true use"
KEYWORDS = {*keyword.kwlist, *RUST.split()}
ITEM = re.compile(r"\b(def|class|fn|struct) $")
THEIRS = ("definition", "declaration", "references", "prepareRename", "rename", "completion")
GAINING = ("hover", "codeAction")
# So many names at least have an answer: a server that is mute would be the same with us, too.
LEAST = {"definition": 12, "references": 12, "rename": 8, "completion": 12, "hover": 12}

# The tests' HOME has no toolchain: it is where it was.
CARGO = {
    name: os.environ.get(name, str(Path.home() / folder))
    for name, folder in (("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup"))
}


def places(example: Path, files: str) -> list[dict[str, Any]]:
    """Names of the code, not of comments, drawn from some files; lines and bytes count from 1.

    Some are of items, of which we have something to say; the others may be anything.
    """
    found = [
        {
            "file": str(path.relative_to(example)),
            "line": number,
            "column": match.start() + 1,
            "item": bool(ITEM.search(line[: match.start()])),
        }
        for path in sorted(example.glob(files))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if not line.lstrip().startswith(("#", '"""', "//"))
        for match in NAME.finditer(line)
        if match.group() not in KEYWORDS
    ]
    items = [place for place in found if place["item"]]
    others = [place for place in found if not place["item"]]
    lottery = random.Random(SEED)  # noqa: S311 - a draw, no secret
    drawn = lottery.sample(items, ITEMS) + lottery.sample(others, PLACES - ITEMS)
    return sorted(drawn, key=lambda place: (place["file"], place["line"], place["column"]))


def pyright(example: Path, _: Callable[..., Path]) -> dict[str, Any]:
    """How pyright is started: the one that checks this project."""
    analysis = {"autoImportCompletions": False}
    return {
        "name": "pyright",
        "command": [str(Path(sys.executable).parent / "pyright-langserver"), "--stdio"],
        "root": str(example / "backend"),
        "settings": {"python": {"pythonPath": sys.executable, "analysis": analysis}},
        "options": {},
        "tells": False,
        "places": places(example, "backend/notes_app/*/notes.py"),
    }


def rust_analyzer(example: Path, unpacked: Callable[..., Path]) -> dict[str, Any]:
    """How rust-analyzer is started: that of Debian's sid, without what takes minutes."""
    program = unpacked("rust-analyzer", "sid", "rust-analyzer", "rust-analyzer")
    return {
        "name": "rust-analyzer",
        "command": [str(program)],
        "root": str(example / "crate"),
        "settings": {},
        "options": {
            "cargo": {"buildScripts": {"enable": False}},
            "procMacro": {"enable": False},
            "cachePriming": {"enable": False},
            "checkOnSave": False,
        },
        "tells": True,
        "places": places(example, "crate/src/*/notes.rs"),
    }


def in_order(value: Any) -> Any:
    """An answer with its lists sorted: a server may find the same things in another order."""
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {key: in_order(one) for key, one in sorted(items)}
    if isinstance(value, list):
        return sorted((in_order(one) for one in cast("list[Any]", value)), key=json.dumps)
    return value


@pytest.mark.parametrize("neovim", ["0.12"], indirect=True)
@pytest.mark.parametrize("wish_of", [pyright, rust_analyzer])
def test_theirs_stays_theirs(
    run: Any,
    example: Path,
    tmp_path: Path,
    unpacked: Callable[..., Path],
    wish_of: Callable[..., dict[str, Any]],
) -> None:
    wish = wish_of(example, unpacked)
    given = tmp_path / "wish.json"
    given.write_text(json.dumps(wish), encoding="utf-8")
    alone, beside = [run(CASE, WISH=str(given), WITH_US=with_us, **CARGO) for with_us in ("0", "1")]
    assert [found["clients"] for found in alone + beside] == [1] * PLACES + [2] * PLACES
    for place, one, both in zip(wish["places"], alone, beside, strict=True):
        for method in THEIRS:
            key = f"textDocument/{method}"
            assert in_order(both[key]) == in_order(one[key]), (place, method)
        for method in GAINING:
            answers = dict(both[f"textDocument/{method}"])
            answers.pop(OURS, None)
            alone_said = dict(one[f"textDocument/{method}"])
            assert in_order(answers) == in_order(alone_said), (place, method)
        assert both["jump"] == one["jump"], place
    # pyright itself lists several definitions of some names: only there may a list come up.
    assert sum(found["jump"]["pickers"] == 0 for found in beside) >= LEAST["definition"]
    for method, least in LEAST.items():
        answered = sum(wish["name"] in found[f"textDocument/{method}"] for found in alone)
        assert answered >= least, (method, answered)
    for method in GAINING:
        assert any(OURS in found[f"textDocument/{method}"] for found in beside), method
