"""Everyday Python: the same calls of a backend's functions and of those that are written for them
give the same, or fail alike, for values at the edges.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import Target
from port_lsp.patterns.registry import porter
from tests.fixturefile import parse
from tests.rustc import needs_cargo

FIXTURE = Path(__file__).parent.parent / "tests/fixtures/writing/bodies/everyday.txt"
MODULE = "backend/app/everyday.py"
LEFT = frozenset(("given_away",))
"""Functions that stay a gap: what they do to a list that somebody else has got, too."""
_TEXTS = [
    "", " ", "a", "é", "aé", " \x1c\t ümlaut, und  mehr,\u2003", "AbC d\u00df\u0130", "/é a é/",
    "https://example.org/a/b", "a://", "😀x", "\x00", "'", "x{}y",
]  # fmt: skip
_LISTS: list[list[str]] = [
    [], [""], ["b", "a"], ["é", "", "z", "aa", "é"], ["x", "y", "zz", "xx", "Y"], ["", "", "b"],
]  # fmt: skip
_DICTS: list[dict[str, object]] = [
    {},
    {"model": "m", "name": None, "size": 0, "kind": "text", "list": ["x", "y"], "value": "é😀"},
    {"model": None, "size": -1, "kind": "other", "list": [], "value": [1, None, "a"], "b": 1},
    {"names": {"a": None}, "kind": ["text"], "list": "éa", "value": {"z": 1, "a": 2}, "a": ""},
    {"names": ["a", "b", 1], "kind": {}, "info": {"params": {"max": None}}, "a": [], "z": 0.0},
    {"names": "abc", "info": {"params": {}}, "value": None, "kind": True, "a": 0, "É": {"x": []}},
    {"names": 5, "info": {"params": {"max": 2.5}}, "value": 7, "list": {"0": 1}, "a": "0", "b": {}},
    {"info": {}, "value": {}, "list": None, "a": False, "b": True, "c": [0], "d": -0.5},
    {"info": None, "names": None, "value": True, "list": [None], "a": {"b": None}},
    {"info": [], "value": "", "z": "last", "a": "first", "m": 1},
]
_THINGS: list[list[dict[str, object]]] = [
    [],
    [{"id": "1", "size": 2, "owner": {"name": "é"}, "tags": ["x", ""]}],
    [
        {"id": "b", "size": -1, "owner": None, "tags": []},
        {"id": "a", "size": 3, "owner": {"name": "n", "email": "e"}, "tags": ["y"]},
        {"id": "É", "size": 3, "owner": {"name": ""}, "tags": ["x", "y"]},
    ],
]
_VALUES: dict[str, list[object]] = {
    "str": list(_TEXTS),
    "Optional[str]": [None, "", "é"],
    "int": [0, 1, -1, 5, -7],
    "Optional[int]": [None, 0, -2, 4],
    "list[str]": list(_LISTS),
    "dict": list(_DICTS),
    "Optional[dict]": [None, {}, {"é": 1, "a": None}],
    "list[Thing]": list(_THINGS),
}


def _functions() -> list[ast.FunctionDef]:
    text = parse(FIXTURE.read_text(encoding="utf-8")).files[MODULE]
    return [one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef)]


def _calls() -> list[tuple[str, list[tuple[str, object]]]]:
    """The functions that are called, with values of each parameter's annotation."""
    made: list[tuple[str, list[tuple[str, object]]]] = []
    for one in _functions():
        kinds = [ast.unparse(arg.annotation) for arg in one.args.args if arg.annotation]
        if one.name not in LEFT:
            every = product(*(_VALUES[kind] for kind in kinds))
            made += [(one.name, list(zip(kinds, values, strict=True))) for values in every]
    return made


def _by_python(folder: Path, calls: list[tuple[str, list[tuple[str, object]]]]) -> list[object]:
    program = """
import json, sys
from app import everyday

for line in sys.stdin:
    name, args = json.loads(line)
    args = [[everyday.Thing(**one) for one in value] if kind == "list[Thing]" else value
            for kind, value in args]
    try:
        print(json.dumps([getattr(everyday, name)(*args)], default=lambda one: one.model_dump()))
    except Exception:
        print("null")
"""
    env = {**os.environ, "PYTHONPATH": str(folder / "backend")}
    given = "".join(json.dumps(one) + "\n" for one in calls)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=env, input=given, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


# By annotations: the type that a value is read as, how it is handed over.
_HANDED: dict[str, tuple[str, str]] = {
    "str": ("String", "&{}"),
    "Optional[str]": ("Option<String>", "{}.as_deref()"),
    "int": ("i64", "{}"),
    "Optional[int]": ("Option<i64>", "{}"),
    "list[str]": ("Vec<String>", "&{}"),
    "dict": ("serde_json::Map<String, serde_json::Value>", "&{}"),
    "Optional[dict]": ("Option<serde_json::Map<String, serde_json::Value>>", "{}.as_ref()"),
    "list[Thing]": ("Vec<models::everyday::Thing>", "&{}"),
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


def _arm(function: ast.FunctionDef, rust: str) -> str:
    """What is done with the arguments of a function, as it stands in Rust."""
    kinds = [ast.unparse(one.annotation) for one in function.args.args if one.annotation]
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


def _by_rust(
    folder: Path, target: Path, calls: list[tuple[str, list[tuple[str, object]]]]
) -> list[object]:
    crate = folder / "crate"
    wanted = Wanted(str(folder), str(folder / "backend"), str(crate))
    targets = [Target("function", f"app/everyday.py::{one.name}") for one in _functions()]
    done = porter(Desks().at(Index.open(wanted))).port(targets)
    assert done.left == ()
    for change in done.changes:
        path = crate / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, encoding="utf-8")
    text = (crate / "src/models/everyday.rs").read_text(encoding="utf-8")
    assert text.count("todo!") == len(LEFT)
    main = crate / "src/main.rs"
    arms = "".join(_arm(one, text) for one in _functions() if one.name not in LEFT)
    text = main.read_text(encoding="utf-8")
    begin = text.index("    let app: Router")
    text = text[:begin].replace("use axum::Router;\n", "").replace("mod routes;\n", "")
    main.write_text(text + _MAIN % arms, encoding="utf-8")
    env = {**os.environ, "CARGO_TARGET_DIR": str(target)}
    given = "".join(json.dumps([name, [value for _, value in args]]) + "\n" for name, args in calls)
    ran = subprocess.run(
        ["cargo", "run", "--quiet"],
        cwd=crate, env=env, input=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_the_same_comes_of_the_same(tmp_path: Path, target: Path) -> None:
    needs_cargo()
    parse(FIXTURE.read_text(encoding="utf-8")).write_to(tmp_path)
    calls = _calls()
    theirs = _by_python(tmp_path, calls)
    ours = _by_rust(tmp_path, target, calls)
    assert len(ours) == len(theirs) == len(calls)
    pairs = zip(calls, theirs, ours, strict=True)
    others = [one for one in pairs if json.dumps(one[1]) != json.dumps(one[2])]
    assert others == []
    failed = {name for (name, _), one in zip(calls, theirs, strict=True) if one is None}
    assert len(failed) > 10  # what fails is compared, too
