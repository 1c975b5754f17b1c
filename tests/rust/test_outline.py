"""Cutting Rust files: which bytes are one chunk, what it is called, what a broken text costs."""

from __future__ import annotations

import pytest

from port_lsp.facts.source import Chunk, name_chunks
from port_lsp.rust.declared import FnItem
from port_lsp.rust.outline import cut
from port_lsp.rust.reader import CrateReader
from port_lsp.text import Text

FILE = """//! What this file is for.
#![allow(dead_code)]

use std::fmt;
use crate::{a, b::*};

// No part of the function below.
/// What it says.
#[get("/")] // a comment between
#[cfg(feature = "x")]
pub async fn index() -> &'static str {
    "index"
}

pub struct User { pub name: String }

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}", self.name) }
}
impl User { fn new() -> Self { todo!() } }
mod inner { fn deep() {} }
mod other;
const A: &str = "a";
macro_rules! m { () => {} }
m!();
fn index2() { let x = r#"
fn not_an_item() {}
"#; }
"""


def chunks(text: str) -> tuple[Chunk, ...]:
    data = text.encode()
    return name_chunks(data, cut(data).pieces)


def test_chunks_are_items_with_their_attributes_and_doc_comments() -> None:
    found = [(chunk.kind, chunk.name) for chunk in chunks(FILE)]
    assert found == [
        ("attribute", ""),
        ("import", ""),
        ("import", ""),
        ("function", "index"),
        ("struct", "User"),
        ("impl", "impl fmt::Display for User"),
        ("impl", "impl User"),
        ("module", "inner"),
        ("module", "other"),
        ("const", "A"),
        ("macro", "m"),
        ("macro-call", ""),
        ("function", "index2"),
    ]
    index = next(chunk for chunk in chunks(FILE) if chunk.name == "index")
    text = FILE.encode()[index.span.start : index.span.end]
    assert text.startswith(b"/// What it says.")
    assert text.endswith(b"}")


def test_ids_are_unique_and_hold_no_position() -> None:
    ids = [chunk.id for chunk in chunks(FILE)]
    assert len(set(ids)) == len(ids)
    assert [chunk.id for chunk in chunks("\n\n" + FILE)] == ids
    twice = [chunk.id for chunk in chunks("fn a() {}\nmod a {}\nfn a() {}\n")]
    assert twice == ["a", "a~2", "a~3"]


def test_facts_are_relative_to_the_chunk() -> None:
    here, moved = cut(FILE.encode()), cut(b"\n// more\n" + FILE.encode())
    assert here.facts == moved.facts


@pytest.mark.parametrize(
    "broken",
    [
        "pub fn second() { call((1, 2 }",
        'pub fn second() { call("never closed) }',
        'pub fn second() { call(r#"never closed) }',
        "pub fn second() { if true { }",
        "pub fn second( { }",
        "pub fn second() { x. }",
        "#[get(\npub fn second() {}",
    ],
)
def test_a_broken_item_loses_only_its_own_chunk(broken: str) -> None:
    text = (
        f"fn first() {{}}\n\n{broken}\n\n/// Says.\nfn third() {{}}\n\nstruct Fourth {{ a: u8 }}\n"
    )
    found = chunks(text)
    healthy = [chunk.name for chunk in found if chunk.kind != "broken"]
    assert healthy == ["first", "third", "Fourth"]
    [lost] = [chunk for chunk in found if chunk.kind == "broken"]
    assert lost.name in ("second", "")


def test_a_comment_that_never_ends_is_found() -> None:
    found = [chunk.kind for chunk in chunks("fn first() {}\n/* fn second() {}\nfn third() {}\n")]
    assert found[0] == "function"
    assert "broken" in found


def test_an_edit_reads_only_what_it_touches_and_keeps_the_rest() -> None:
    reader = CrateReader()
    before = reader.outline("a.rs", Text(FILE.encode()))
    text = FILE.replace('"index"', '"changed"')
    after = reader.outline("a.rs", Text(text.encode()), before)
    assert after.chunks == chunks(text)
    changed = [
        a.id for a, b in zip(after.chunks, before.chunks, strict=True) if a.digest != b.digest
    ]
    assert changed == ["index"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\ufeff",
        "#",
        "fn",
        "}" * 50,
        "{" * 5000,
        '"',
        "/*",
        "r#",
        "fn f() {" + "(" * 3000 + "}",
        "\r\nfn a() {}\r\n\r\nfn b() {}\r\n",
        "fn a() {}\x0cfn b() {}",
        "é🦀 fn a() {}",
    ],
)
def test_no_text_fails(text: str) -> None:
    reader = CrateReader()
    file = reader.outline("a.rs", Text(text.encode()))
    reader.read({"a.rs": file}, {})


def test_a_chain_of_thousands_of_calls_is_read() -> None:
    chain = "".join(f'\n        .route("/{n}", get(h))' for n in range(3000))
    data = f"fn app() -> Router {{\n    Router::new(){chain}\n}}\n".encode()
    [facts] = cut(data).facts
    [item] = facts.items
    assert isinstance(item, FnItem)
    assert len(facts.sites) == 3000
