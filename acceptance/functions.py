"""The functions of a backend's module `app/everyday.py`, called in Python and in the Rust that is
written for them: each call is a line of JSON, `[name, arguments]`, and so is what it gives,
`[value]`, or `null` where it fails.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import Target
from port_lsp.patterns.registry import porter
from tests.fixturefile import parse

MODULE = "backend/app/everyday.py"
Function = ast.FunctionDef | ast.AsyncFunctionDef

# By annotations: the type that a value is read as, how it is handed over.
_HANDED: dict[str, tuple[str, str]] = {
    "str": ("String", "&{}"),
    "Optional[str]": ("Option<String>", "{}.as_deref()"),
    "int": ("i64", "{}"),
    "Optional[int]": ("Option<i64>", "{}"),
    "float": ("f64", "{}"),
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


def functions_of(fixture: Path) -> list[Function]:
    """Those of the module in a fixture."""
    body = ast.parse(parse(fixture.read_text("utf-8")).files[MODULE]).body
    return [one for one in body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]


def kinds_of(function: Function) -> list[str]:
    """The annotations of its parameters."""
    return [ast.unparse(one.annotation) for one in function.args.args if one.annotation]


def ported(folder: Path, functions: Sequence[Function]) -> str:
    """Ports functions of the backend to the crate in a folder; the text of the module that they
    become."""
    crate = folder / "crate"
    wanted = Wanted(str(folder), str(folder / "backend"), str(crate))
    targets = [Target("function", f"app/everyday.py::{one.name}") for one in functions]
    done = porter(Desks().at(Index.open(wanted))).port(targets)
    assert done.left == ()
    for change in done.changes:
        path = crate / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, encoding="utf-8")
    return (crate / "src/models/everyday.rs").read_text(encoding="utf-8")


def by_rust(
    folder: Path, target: Path, rust: str, functions: Sequence[Function], lines: str
) -> list[object]:
    """What calls of functions give that were ported to `rust`; the crate is built in `target`."""
    crate = folder / "crate"
    main = crate / "src/main.rs"
    text = main.read_text(encoding="utf-8")
    text = text[: text.index("    let app: Router")].replace("use axum::Router;\n", "")
    arms = "".join(_arm(one, rust) for one in functions)
    main.write_text(text.replace("mod routes;\n", "") + _MAIN % arms, encoding="utf-8")
    env = {**os.environ, "CARGO_TARGET_DIR": str(target)}
    ran = subprocess.run(
        ["cargo", "run", "--quiet"],
        cwd=crate, env=env, input=lines, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def by_python(folder: Path, program: str, lines: str) -> list[object]:
    """What a program gives that calls them in Python."""
    env = {**os.environ, "PYTHONPATH": str(folder / "backend"), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=env, input=lines, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def _arm(function: Function, rust: str) -> str:
    """What is done with the arguments of a function, as it stands in Rust."""
    kinds = kinds_of(function)
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
