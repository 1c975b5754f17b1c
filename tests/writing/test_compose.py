"""Drafts become changes of files: each fixture is a crate, its expected file what is written.

The fixture's metadata says what is to be written: `item: FILE struct|fn|pub-fn NAME [MODEL]`,
`route: METHOD FULL PATH HANDLER_KEY [join|after|first] [ROUTER_KEY]`, `framework:`,
`needs: NAME VERSION [FEATURE…]`. `UPDATE_EXPECT=1` writes the expected files anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from port_lsp.facts.items import Endpoint
from port_lsp.writing.compose import compose
from port_lsp.writing.draft import Dependency, Draft, Piece, Registration
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Symbol, named, symbol
from port_lsp.writing.registering import CannotRegisterError, Framework
from port_lsp.writing.verify import Planned, problems
from port_lsp.writing.workshop import Workshop
from tests.fixturefile import Fixture, parse
from tests.writing.crates import shown, workshop
from tests.writing.test_printer import formatted, rustfmt

__all__ = ["rustfmt"]

FIXTURES = Path(__file__).parent.parent / "fixtures" / "writing" / "compose"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.txt") if ".expected" not in path.name)


def struct(name: str) -> i.Struct:
    fields = (
        i.Field("title", named("String")),
        i.Field("extra", named("serde_json::Value")),
    )
    derives = (symbol("Debug"), symbol("serde::Serialize"), symbol("serde::Deserialize"))
    return i.Struct(name, fields, derives=derives)


def function(name: str, model: str, framework: Framework) -> i.Function:
    if framework == "axum":
        kind = named("axum::Json", named(model))
        param = i.Param(b.TuplePattern(symbol("axum::Json"), (b.Bind("form"),)), kind)
        returns = named("axum::Json", named(model))
    else:
        param = i.Param(b.Bind("form"), named("actix_web::web::Json", named(model)))
        returns = named("actix_web::HttpResponse")
    hole = b.Block((b.Hole(("return form",), "not ported", ("form",)),))
    return i.Function(name, (param,), returns, hole, is_async=True)


def draft(fixture: Fixture, work: Workshop, framework: Framework) -> Draft:
    pieces: list[Piece] = []
    for line in fixture.meta.get("item", ()):
        file, kind, name, *model = line.split()
        item = struct(name) if kind == "struct" else function(name, model[0], framework)
        if kind == "pub-fn":
            item = replace(item, visibility="pub")
        pieces.append(Piece(file, (item,), name))
    routes = [_route(line, work) for line in fixture.meta.get("route", ())]
    needs = [line.split() for line in fixture.meta.get("needs", ())]
    dependencies = tuple(Dependency(n, v, tuple(features)) for n, v, *features in needs)
    return Draft(tuple(pieces), tuple(routes), dependencies)


def _route(line: str, work: Workshop) -> Registration:
    method, full, path, key, how, at = line.split()
    file, _, name = key.partition("::")
    module = Path(file).with_suffix("").parts[1:]
    handler = Symbol(("crate", *(part for part in module if part not in ("mod", "main")), name))
    if how == "first":
        router = next(one for one in work.side.functions if one.key == at)
        return Registration(
            method, full, path, handler, key, key, router.place.file,
            router=at, router_place=router.place,
        )  # fmt: skip
    neighbour: Endpoint = next(one for one in work.side.endpoints if one.key == at)
    place = neighbour.registered
    return Registration(
        method, full, path, handler, key, key, place.file, place, how == "join"
    )  # fmt: skip


def framework_of(fixture: Fixture) -> Framework:
    return "actix-web" if fixture.meta.get("framework") == ("actix-web",) else "axum"


@pytest.mark.parametrize("name", NAMES)
def test_written(name: str, rustfmt: str) -> None:
    text = (FIXTURES / f"{name}.txt").read_text(encoding="utf-8")
    fixture, work = parse(text), workshop(text)
    framework = framework_of(fixture)
    wanted = draft(fixture, work, framework)
    changes = compose(work, wanted, framework)
    routes = tuple((one.method, one.full, one.handler_key) for one in wanted.registrations)
    items = {f"{piece.file}::{piece.source}": piece.items[0] for piece in wanted.pieces}
    models = tuple(key for key, item in items.items() if isinstance(item, i.Struct))
    functions = tuple(key for key, item in items.items() if isinstance(item, i.Function))
    assert problems(work, changes, Planned(routes, models, functions)) == []
    expected = FIXTURES / f"{name}.expected.txt"
    if os.environ.get("UPDATE_EXPECT"):
        expected.write_text(shown(changes), encoding="utf-8")
    assert shown(changes) == expected.read_text(encoding="utf-8")
    for change in changes:
        if change.path.endswith(".rs"):
            assert formatted(rustfmt, change.after) == change.after


def test_a_function_that_makes_no_router_is_refused() -> None:
    text = '//- /Cargo.toml\n[package]\nname = "a"\n//- /src/main.rs\nfn main() {}\n'
    work = workshop(text)
    place = next(one.place for one in work.side.functions)
    one = Registration(
        "GET", "/", "/", symbol("crate::f"), "src/main.rs::f", "f", "src/main.rs",
        router="src/main.rs::main", router_place=place,
    )  # fmt: skip
    with pytest.raises(CannotRegisterError, match="main makes no router"):
        compose(work, Draft(registrations=(one,)), "axum")


def test_what_breaks_something_is_found() -> None:
    text = (FIXTURES / "axum.txt").read_text(encoding="utf-8")
    fixture, work = parse(text), workshop(text)
    wanted = draft(fixture, work, "axum")
    changes = compose(work, wanted, "axum")
    lost = tuple(
        type(one)(one.path, one.before, one.after.replace("get(get_user)", "get(get_user"))
        for one in changes
    )
    found = problems(work, lost, Planned())
    assert any("a syntax error in router" in line for line in found)
    assert any("GET /users/{id} would change" in line for line in found)
