"""What is written for the backend's functions, built and asked: a crate for each database."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.port import Target
from port_lsp.patterns.registry import porter
from port_lsp.types.databases import Database
from tests.fixturefile import parse
from tests.patterns.querying.forms import Form, Given
from tests.patterns.querying.tables import DATABASE, Module

FIXTURE = Path(__file__).parents[2] / "fixtures" / "writing" / "bodies" / "queries.txt"
POOLS = {"sqlite": "sqlx::sqlite::SqlitePool", "postgres": "sqlx::postgres::PgPool"}
APPLICATION = "from fastapi import FastAPI\n\napp = FastAPI()\n"
MAIN = """
use serde_json::{json, Value};

#[derive(Clone)]
pub struct AppState {
    pub name: String,
    pub db: POOL,
}

fn told<T: serde::Serialize>(name: &str, answer: error::AppResult<T>, rows: Vec<Value>) {
    let answer = answer.map_or(json!("refused"), |found| json!({ "gives": found }));
    println!("{}", json!([name, answer, rows]));
}

ASKED
#[tokio::main]
async fn main() {
    let url = std::env::var("DATA").unwrap();
    let state = AppState { name: String::new(), db: POOL::connect(&url).await.unwrap() };
CALLS}
"""
ROWS = """/// The table's rows behind a write, which is taken back.
async fn MODULE_rows(state: &AppState) -> Vec<Value> {
    let found: Vec<models::MODULE::ROW> = sqlx::query_as("SELECT * FROM TABLE ORDER BY id")
        .fetch_all(&state.db)
        .await
        .unwrap();
    for one in [RESET] {
        sqlx::query(one).execute(&state.db).await.unwrap();
    }
    found.into_iter().map(|one| json!(one)).collect()
}

"""
Asked = Mapping[Module, Sequence[Form]]


def written(folder: Path, database: Database, asked: Asked) -> dict[str, str]:
    """Makes the backend and its crate in a folder, and gives the text of each form's function, by
    its module and its name."""
    text = FIXTURE.read_text(encoding="utf-8")
    crate = text[text.index("//- /crate/Cargo.toml") :].replace(
        'name = "port"', f'name = "queries-{database}"'
    )
    if database == "postgres":
        crate = crate.replace('"sqlite"', '"postgres"').replace("sqlite::Sqlite", "postgres::Pg")
        crate = crate.replace("SqlitePool", "PgPool")
    modules = "".join(f"//- /backend/app/{one.name}.py\n{one.written(forms)}\n"
                      for one, forms in asked.items())  # fmt: skip
    parse(
        f"//- /backend/app/__init__.py\n//- /backend/app/database.py\n{DATABASE}"
        f"{modules}//- /backend/app/main.py\n{APPLICATION}{crate}"
    ).write_to(folder)
    wanted = Wanted(str(folder), str(folder / "backend"), str(folder / "crate"))
    targets = [
        Target("function", f"app/{one.name}.py::form_{at}")
        for one, forms in asked.items()
        for at in range(len(forms))
    ]
    done = porter(Desks().at(Index.open(wanted))).port(targets)
    assert done.left == ()
    for change in done.changes:
        path = folder / "crate" / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.after, encoding="utf-8")
    found: dict[str, str] = {}
    for one in asked:
        made = (folder / f"crate/src/models/{one.name}.rs").read_text(encoding="utf-8")
        for match in re.finditer(r"pub async fn (\w+)\(.*?\n}\n", made, re.S):
            found[f"{one.name}.{match[1]}"] = match[0]
    _main(folder / "crate/src/main.rs", database, asked, found)
    return found


def _main(path: Path, database: Database, asked: Asked, made: dict[str, str]) -> None:
    """Makes a program of the crate that calls the functions which have no hole in them."""
    modules = "".join(re.findall(r"^mod \w+;\n", path.read_text(encoding="utf-8"), re.M))
    parts: list[str] = []
    names: list[str] = []
    for module, forms in asked.items():
        reset = ", ".join(json.dumps(one) for one in module.reset(database))
        rows = ROWS.replace("RESET", reset).replace("TABLE", module.table)
        parts.append(rows.replace("ROW", module.row).replace("MODULE", module.name))
        for at, form in enumerate(forms):
            name = f"{module.name}.form_{at}"
            if "todo!" in made[name]:
                continue
            path_of, own = f"models::{module.name}::form_{at}", name.replace(".", "_")
            names.append(own)
            found = f"{module.name}_rows(state).await" if form.writes else "Vec::new()"
            calls = "".join(
                f"    let found = {path_of}({_arguments(form, given)}).await;\n"
                f'    told("{name}", found, {found});\n'
                for given in form.calls
            )
            parts.append(f"async fn {own}(state: &AppState) {{\n{calls}}}\n\n")
    main = MAIN.replace("POOL", POOLS[database]).replace("ASKED\n", "".join(parts))
    each = "".join(f"    {name}(&state).await;\n" for name in names)
    path.write_text(modules + main.replace("CALLS", each), encoding="utf-8")


def _arguments(form: Form, given: Given) -> str:
    """The arguments behind the state, as functions take them: texts and lists are borrowed."""
    arguments = ["state"]
    for name, value in given.items():
        text = _literal(value)
        may_be_none = re.search(rf"\b{name}: Optional\[", form.params) is not None
        arguments.append(f"Some({text})" if may_be_none and value is not None else text)
    return ", ".join(arguments)


def _literal(value: Any) -> str:
    if isinstance(value, list):
        each = [_literal(one) for one in cast("list[Any]", value)]
        owned = [f"{one}.to_string()" if one.startswith('"') else one for one in each]
        return f"&[{', '.join(owned)}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\\u0000", "\\u{0}")
    return "None" if value is None else repr(value).lower()


def built(folder: Path, members: Sequence[Database]) -> dict[Database, Path]:
    """The programs of the crates below a folder, which are built together: their dependencies
    once."""
    listed = ", ".join(f'"{one}/crate"' for one in members)
    manifest = f'[workspace]\nresolver = "2"\nmembers = [{listed}]\n'
    (folder / "Cargo.toml").write_text(manifest, encoding="utf-8")
    target = Path(os.environ.get("CARGO_TARGET_DIR") or folder / "target").absolute()
    env = os.environ | {"CARGO_TARGET_DIR": str(target), "RUSTFLAGS": "-Awarnings"}
    done = subprocess.run(
        ["cargo", "build", "--quiet", "--workspace"],
        cwd=folder, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {one: target / "debug" / f"queries-{one}" for one in members}
