"""Rows of the table of library calls in the configuration, and what is said of mistakes in them."""

from pathlib import Path

import pytest

from port_lsp.config import Config
from port_lsp.config.library import Fails, Package
from port_lsp.config.load import load
from port_lsp.config.shipped import shipped

HERE = Path("/project/port-lsp.toml")
ROW = '[[library]]\ncall = "a.b"\ngives = "i64"\n'


def _read(text: str) -> Config:
    loaded = load(HERE, (), text)
    assert loaded.problems == ()
    return loaded.config


def test_a_row_is_read() -> None:
    (row,) = _read(
        """
        [[library]]
        call = "zip.pack"
        takes = ["data: &[u8]", "level: i64 = 3"]
        may_say = { quick = "False" }
        says = { kind = "zip.FAST" }
        gives = "Result<Vec<u8>, _>"
        rust = "my_zip::pack(data, level)"
        crates = { my-zip = { version = "1.2", features = ["fast"] } }
        runs = "blocking"
        fails = { exception = "zip.Error", message = "too large", status = 413 }
        """
    ).libraries
    assert [(one.name, one.default) for one in row.takes] == [("data", None), ("level", (3,))]
    assert row.packages == (Package("my-zip", "1.2", ("fast",), "my_zip"),)
    assert (row.says, row.may_say) == ((("kind", "zip.FAST"),), (("quick", "False"),))
    assert (row.runs, row.fails) == ("blocking", Fails(("zip.Error",), "too large", 413))
    assert not row.is_plain


def test_a_name_may_be_left_alone() -> None:
    (row,) = _read('[[library]]\ncall = "os.path.join"\noff = true').libraries
    assert row.rust is None


def test_what_is_shipped_is_read() -> None:
    assert len(shipped()) > 50


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            "library = 1",
            1,
            "`library` must be a list: [[library]] with call, gives and rust, not 1",
        ),
        ("library = [1]", 1, "`library` must hold tables, not 1"),
        (
            f'{ROW}rusty = "1"\nrust = "1"',
            4,
            "unknown key `library.0.rusty`; did you mean `rust`?",
        ),
        (
            '[[library]]\ngives = "i64"',
            1,
            "a row needs the dotted name of what it is about: "
            'call = "uuid.uuid4" for a call, or value = "math.pi" for what is none',
        ),
        (
            ROW,
            1,
            "a row needs `rust`: the expression in Rust, which speaks of the parameters by name",
        ),
        (f'{ROW}rust = "1 +"', 4, "`rust`: that is no expression of Rust's"),
        (f'{ROW}rust = "1; 2"', 4, "`rust`: that is more than one expression"),
        (
            f'{ROW}rust = "match 1 {{}}"',
            4,
            "`rust`: `match 1 {}` can't be part of it (match_expression)",
        ),
        (
            f"{ROW}rust = \"println!('a')\"",
            4,
            "`rust`: `format!` is the only macro that may be used",
        ),
        (
            f'{ROW}rust = "rand::random()"',
            4,
            "`rust` names the crate `rand`, which isn't in `crates`; say which: "
            'crates = { rand = "1" }',
        ),
        (
            f'{ROW}rust = "one"\ntakes = ["text: &str"]',
            4,
            "`rust` names `one`, which is no parameter; the parameters are text",
        ),
        (
            f'{ROW}rust = "1"\ntakes = ["text: &str"]',
            4,
            "`rust` says nothing of `text`; an argument that makes no difference belongs to "
            "`may_say`",
        ),
        (
            f'{ROW}rust = "1"\ntakes = ["text"]',
            5,
            '`takes`: "text" isn\'t written as "name: type"',
        ),
        (
            f'{ROW}rust = "1"\ntakes = ["text: &mut str"]',
            5,
            "`takes`: `&mut` can't be part of it",
        ),
        (
            f'{ROW}rust = "1"\ncrates = {{ rand = 1 }}',
            5,
            "`crates` must be a table as Cargo has it: "
            '{ uuid = { version = "1", features = ["v4"] } }',
        ),
        (
            f'{ROW}rust = "1"\ncrates = {{ rand = "latest" }}',
            5,
            "`latest` is no version of Cargo's: `crates` must be a table as Cargo has it: "
            '{ uuid = { version = "1", features = ["v4"] } }',
        ),
        (
            f'{ROW}rust = "1"\ncrates = {{ rand = {{ version = "1", name = "the-rand" }} }}',
            5,
            "no package is called `rand`, or so in code: `crates` must be a table as Cargo has it: "
            '{ uuid = { version = "1", features = ["v4"] } }',
        ),
        (
            f'{ROW}rust = "1"\ntraits = {{ encode = "base64::Engine as X" }}',
            5,
            '`traits` must be a table of methods: { encode = "base64::Engine" }',
        ),
        (f'{ROW}rust = "1"\noff = 1', 5, "`off` must be true or false"),
        (f'{ROW}rust = "{"-" * 3000}1"', 4, "`rust`: that is nested too deeply"),
        (
            f'{ROW}rust = "1"\ntakes = ["one: i64 = {"-" * 5000}1"]',
            5,
            f'`takes`: "one: i64 = {"-" * 5000}1": a default is Python\'s: a text, a number, True, '
            "False or None",
        ),
        (
            f'{ROW}rust = "1"\nruns = "slowly"',
            5,
            "`runs` must be async or blocking; leave it out for what is neither",
        ),
        (
            f'{ROW}rust = "1"\nfails = {{ exception = "ValueError" }}',
            3,
            "where a call may fail, `gives` must be Option<T> or Result<T, E>",
        ),
        (
            f'{ROW}rust = "1"\nfails = {{ exception = "E", status = 200 }}',
            5,
            "the `status` of a failure must be one from 400 to 599",
        ),
        (
            f'{ROW}rust = "1"\nsays = {{ quick = true }}',
            5,
            '`says` must be a table of arguments as Python writes them: { quote = "True" }',
        ),
    ],
)
def test_a_mistake_has_its_line_and_what_to_do(text: str, line: int, message: str) -> None:
    found = load(
        HERE, (), f"{text}\n" if text.startswith("library") else f"{text}\n{ROW}rust = '7'"
    )
    said = [
        (one.line, one.message.partition("library a.b: ")[2] or one.message)
        for one in found.problems
    ]
    assert [(at, one.removeprefix("library: ")) for at, one in said] == [(line, message)]
    if not text.startswith("library"):  # the other row holds
        assert [one.name for one in found.config.libraries][-1] == "a.b"
