"""A crate that has a real port's routes and nothing else, made of port/routes.json.

The port itself isn't fetched where everything must run by itself; its registrations are data of
this project. In the skeleton each handler is a function of its name in its file that answers 501,
and `main` registers all of them. What needs bodies, types or models can't be asked of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import msgspec

from bench.port_routes import FACTS, Fact, Facts

MANIFEST = """\
[package]
name = "skeleton"
version = "0.1.0"
edition = "2021"

[dependencies]
actix-web = "4"
"""
IMPORTS = "use actix_web::{web, App, HttpResponse, HttpServer};\n"
HANDLER = "pub async fn {}() -> HttpResponse {{\n    HttpResponse::NotImplemented().finish()\n}}\n"
MAIN = """\
#[actix_web::main]
async fn main() -> std::io::Result<()> {{
    HttpServer::new(|| {{
        App::new()
{routes}    }})
    .bind("127.0.0.1:0")?
    .run()
    .await
}}
"""
ROUTE = '            .route("{path}", {method}({handler}))\n'


def write(folder: Path) -> None:
    """Writes the crate into a folder, which may be missing."""
    facts = msgspec.json.decode(FACTS.read_bytes(), type=Facts)
    files = {"Cargo.toml": MANIFEST, **sources(facts.http)}
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


def sources(routes: Iterable[Fact]) -> dict[str, str]:
    """The crate's modules by path. Reachable routes come first: which pattern of actix-web answers
    hangs on their order."""
    handlers: defaultdict[str, dict[str, None]] = defaultdict(dict)
    calls: dict[str, None] = {}
    for fact in sorted(routes, key=lambda fact: not fact.reachable):
        handlers[fact.fn_file][fact.handler] = None
        handler = "::".join(("crate", *_module(fact.fn_file), fact.handler))
        method = "web::to" if fact.method == "ANY" else f"web::{fact.method.lower()}().to"
        calls[ROUTE.format(path=fact.path, method=method, handler=handler)] = None
    files: defaultdict[str, str] = defaultdict(str)
    children: defaultdict[str, set[str]] = defaultdict(set)
    for file, names in handlers.items():
        files[file] += IMPORTS + "".join(HANDLER.format(name) for name in names)
        for depth, name in enumerate(_module(file)):
            children[_file(_module(file)[:depth])].add(name)
    for file, names in children.items():
        files[file] = "".join(f"pub mod {name};\n" for name in sorted(names)) + files[file]
    files["src/main.rs"] += MAIN.format(routes="".join(calls))
    return dict(files)


def _module(file: str) -> tuple[str, ...]:
    """A file's module below the crate's root; of `main.rs` none."""
    parts = Path(file).with_suffix("").parts[1:]
    return parts[:-1] if parts[-1] in ("mod", "main", "lib") else parts


def _file(module: tuple[str, ...]) -> str:
    """The file that declares the modules below this one, with mod.rs where it has some."""
    return "/".join(("src", *module, "mod.rs")) if module else "src/main.rs"
