"""The table of library calls: every row that is shipped is translated, and gives in Rust what the
call gives in Python, or fails where that does, for values at the edges.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from port_lsp.config.library import Library
from port_lsp.config.shipped import shipped
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import Target
from port_lsp.patterns.registry import porter
from port_lsp.patterns.translate.libraries import calling
from tests.fixturefile import parse
from tests.rustc import needs_cargo

DATA = Path(__file__).parent / "data/libraries.txt"
MODULE = "backend/app/everyday.py"
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
# By annotations: the type that a value is read as, how it is handed over.
_HANDED: dict[str, tuple[str, str]] = {
    "str": ("String", "&{}"),
    "int": ("i64", "{}"),
    "float": ("f64", "{}"),
    "list[str]": ("Vec<String>", "&{}"),
    "dict": ("serde_json::Map<String, serde_json::Value>", "&{}"),
}
_MAIN = """
    for line in std::io::stdin().lines() {
        let (name, args): (String, serde_json::Value) =
            serde_json::from_str(&line.unwrap()).unwrap();
        match name.as_str() {
%s            _ => unreachable!(),
        }
    }
}

fn told<T: serde::Serialize, E>(result: Result<T, E>) {
    match result {
        Ok(value) => println!("{}", serde_json::to_string(&[value]).unwrap()),
        Err(_) => println!("null"),
    }
}
"""
_PROGRAM = """
import asyncio, inspect, json, sys
from app import everyday

for line in sys.stdin:
    name, args = json.loads(line)
    try:
        value = getattr(everyday, name)(*args)
        print(json.dumps([asyncio.run(value) if inspect.isawaitable(value) else value]))
    except Exception:
        print("null")
"""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions() -> list[Function]:
    body = ast.parse(parse(DATA.read_text("utf-8")).files[MODULE]).body
    return [one for one in body if isinstance(one, Function)]


def _kinds(function: Function) -> list[str]:
    return [ast.unparse(one.annotation) for one in function.args.args if one.annotation]


def _laid(folder: Path) -> None:
    """A backend of these functions, and a crate without any."""
    parse(CRATE.read_text("utf-8")).write_to(folder)
    parse(DATA.read_text("utf-8")).write_to(folder)
    main = "from fastapi import FastAPI\nfrom app import everyday\n\napp = FastAPI()\n"
    (folder / "backend/app/main.py").write_text(main, "utf-8")


def _ported(folder: Path) -> str:
    """Ports the functions; gives the text of the module that they become."""
    crate = folder / "crate"
    wanted = Wanted(str(folder), str(folder / "backend"), str(crate))
    targets = [Target("function", f"app/everyday.py::{one.name}") for one in _functions()]
    done = porter(Desks().at(Index.open(wanted))).port(targets)
    assert done.left == ()
    for change in done.changes:
        path = crate / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, encoding="utf-8")
    return (crate / "src/models/everyday.rs").read_text(encoding="utf-8")


def test_every_row_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is shipped that no function of the data calls."""
    used: list[Library] = []
    depend = calling.depend

    def noted(scene: calling.Scene, row: Library) -> None:
        used.append(row)
        depend(scene, row)

    monkeypatch.setattr(calling, "depend", noted)
    _laid(tmp_path)
    text = _ported(tmp_path)
    assert "todo!" not in text
    assert [one.name for one in shipped() if one not in used] == []


def _arm(function: Function, rust: str) -> str:
    """What is done with the arguments of a function, as it stands in Rust."""
    kinds = _kinds(function)
    names = [f"arg{at}" for at in range(len(kinds))]
    types = "".join(f"{_HANDED[kind][0]}, " for kind in kinds)
    pattern = "".join(f"{name}, " for name in names)
    given = [_HANDED[kind][1].format(name) for kind, name in zip(kinds, names, strict=True)]
    read = f"let ({pattern}): ({types}) = serde_json::from_value(args).unwrap();" if kinds else ""
    plain = f"pub fn {function.name}(" in rust
    args = ", ".join(given if plain else ["&state", *given])
    call = f"models::everyday::{function.name}({args})"
    done = f"Ok::<_, ()>({call})" if plain else f"{call}.await"
    return f'            "{function.name}" => {{ {read} told({done}) }}\n'


def _by_rust(folder: Path, target: Path, lines: str) -> list[object]:
    rust = _ported(folder)
    main = folder / "crate/src/main.rs"
    arms = "".join(_arm(one, rust) for one in _functions())
    text = main.read_text(encoding="utf-8")
    text = text[: text.index("    let app: Router")].replace("use axum::Router;\n", "")
    main.write_text(text.replace("mod routes;\n", "") + _MAIN % arms, encoding="utf-8")
    env = {**os.environ, "CARGO_TARGET_DIR": str(target)}
    ran = subprocess.run(
        ["cargo", "run", "--quiet"],
        cwd=folder / "crate", env=env, input=lines, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def _by_python(folder: Path, lines: str) -> list[object]:
    env = {**os.environ, "PYTHONPATH": str(folder / "backend"), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env=env, input=lines, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_same_comes_of_the_same(tmp_path: Path, target: Path) -> None:
    needs_cargo()
    _laid(tmp_path)
    calls = [
        [one.name, list(values)]
        for one in _functions()
        for values in product(*(_VALUES[kind] for kind in _kinds(one)))
    ]
    lines = "".join(json.dumps(one) + "\n" for one in calls)
    theirs, ours = _by_python(tmp_path, lines), _by_rust(tmp_path, target, lines)
    assert len(ours) == len(theirs) == len(calls)
    pairs = zip(calls, theirs, ours, strict=True)
    assert [one for one in pairs if json.dumps(one[1]) != json.dumps(one[2])] == []
    failed = {str(name) for (name, _), one in zip(calls, theirs, strict=True) if one is None}
    assert failed == {"floor_of_none", "chosen", "copied_part"}
