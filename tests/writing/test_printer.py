"""The printer: rustfmt leaves what it writes as it is. rustfmt itself is the oracle."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess

import pytest

from port_lsp.rust.usetree import written
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Symbol, Tuple, named, symbol
from port_lsp.writing.printer import identifier, print_items, qualified
from port_lsp.writing.printer.literals import raw_string, string
from tests.writing.randomrust import Maker

SEEDS = range(1500)
# What is known to be laid out otherwise: hardly one in a hundred of random items, none of the
# kinds that patterns write.
TOLERATED = 0.01


@pytest.fixture(scope="session")
def rustfmt() -> str:
    """The formatter; without it these tests say that they were left out, in CI they fail."""
    found = shutil.which("rustfmt")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("rustfmt isn't there")
        pytest.skip("left out: no rustfmt")
    return found


def formatted(rustfmt: str, text: str) -> str:
    """What rustfmt makes of a text."""
    command = [rustfmt, "--edition", "2021", "--config", "style_edition=2015"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert "error:" not in done.stderr or done.stdout, done.stderr
    return done.stdout


def test_random_items_are_formatted(rustfmt: str) -> None:
    texts = {seed: print_items([Maker(seed).item(str(seed))], qualified) for seed in SEEDS}
    whole = "\n".join(f"mod m{seed} {{}}\n{text}" for seed, text in texts.items())
    parts = re.split(r"mod m(\d+) \{\}\n", formatted(rustfmt, whole))
    after = {int(parts[at]): parts[at + 1].strip() for at in range(1, len(parts), 2)}
    assert after.keys() == texts.keys()
    changed = [seed for seed, text in texts.items() if after[seed] != text.strip()]
    assert len(changed) <= TOLERATED * len(texts), changed


def test_keywords_are_raw() -> None:
    assert [identifier(name) for name in ("type", "self", "users")] == ["r#type", "self", "users"]
    assert qualified(symbol("crate::models::type")) == "crate::models::r#type"


def test_strings() -> None:
    assert string('a"b\\c\n\0é\u200b') == '"a\\"b\\\\c\\n\\0é\\u{200b}"'
    assert raw_string('^"#x$') == 'r##"^"#x$"##'


def test_precedence() -> None:
    total = b.Binary(b.Binary(b.Name("a"), "+", b.Name("b")), "*", b.Unary("-", b.Name("c")))
    body = b.Block((), b.Method(total, "abs"))
    text = print_items([i.Function("f", (), named("i64"), body)], qualified)
    assert "((a + b) * -c).abs()" in text


A, B, C = (b.Name(letter * 40) for letter in "abc")
EITHER = b.Binary(A, "||", b.Binary(B, "||", C))


@pytest.mark.parametrize(
    ("expr", "start", "end"),
    [
        (b.Unary("!", EITHER), "!(aaa", "ccc));"),
        (b.Cast(EITHER, named("i64")), "(aaa", "ccc)) as i64;"),
        (b.Method(EITHER, "then", (b.Lit("1"),)), "(aaa", "ccc)).then(1);"),
        (b.Try(EITHER), "(aaa", "ccc))?;"),
        (b.Index(EITHER, b.Lit("0")), "(aaa", "ccc))[0];"),
        (b.Call(b.Access(b.Name("self"), "f"), (A, B, C)), "(self.f)(aaa", "ccc,);"),
    ],
)
def test_what_is_broken_keeps_its_parentheses(expr: b.Expr, start: str, end: str) -> None:
    body = b.Block((b.Let(b.Bind("x"), expr),))
    text = print_items([i.Function("f", (), None, body)], qualified)
    assert text.count("\n") > 3  # it doesn't fit on a line
    collapsed = re.sub(r"\s*\n\s*", "", text)
    assert collapsed.startswith(f"fn f() {{let x = {start}") or f"let x ={start}" in collapsed
    assert collapsed.endswith(f"{end}}}")


def test_a_hole_ends_its_block(rustfmt: str) -> None:
    hole = b.Hole(("x = 1", "return x"), "not ported: two lines", ("user", "type"))
    function = i.Function("f", (), named("i64"), b.Block((hole,)))
    text = print_items([function], qualified)
    assert text.splitlines()[1:-1] == [
        "    // x = 1",
        "    // return x",
        "    let _ = (&user, &r#type);",
        '    todo!("not ported: two lines")',
    ]
    assert formatted(rustfmt, text) == text


@pytest.mark.parametrize("length", range(5, 10))
def test_names_that_fill_a_line(rustfmt: str, length: int) -> None:
    names = (*(f"bound{at}" for at in range(9)), "x" * length, "y", "another")
    function = i.Function("f", (), named("i64"), b.Block((b.Hole((), "left", names),)))
    text = print_items([function], qualified)
    assert formatted(rustfmt, text) == text


ASKED = b.Binary(b.Binary(A, "&&", B), "||", b.Binary(B, "&&", C))
LOOKED_UP = b.Let(
    b.TuplePattern(symbol("Some"), (b.Bind("x"),)),
    b.Try(b.Method(b.Method(A, "first", (B,)), "second", (C,))),
    otherwise=b.Block((b.Hole((), "left"),)),
)
LATER = b.If(A, b.Block((), b.Lit("1")), b.If(ASKED, b.Block((), b.Lit("2"))))


def test_a_block_around_an_arms_call_goes(rustfmt: str) -> None:
    said = b.Call(b.Path(symbol("is_the_error_that_was_expected")), (b.Name("error"),))
    one, other = (b.Block(tail=b.Method(b.Lit(text), "to_string")) for text in ('"yes"', '"no"'))
    some = b.Call(b.Path(symbol("Some")), (b.If(said, one, other),))
    arms = (
        b.Arm(b.TuplePattern(symbol("Ok"), (b.Bind("text"),)), b.Name("text")),
        b.Arm(b.TuplePattern(symbol("Err"), (b.Bind("error"),)), b.Block(tail=some)),
    )
    block = b.Block(tail=b.Match(b.Name("result"), arms))
    text = print_items([i.Function("one", (), named("String"), block)], qualified)
    assert "Err(error) => Some(" in text
    assert formatted(rustfmt, text) == text


@pytest.mark.parametrize(
    "statement",
    [
        b.Let(b.TuplePattern(None, (b.Bind("a" * 40), b.Bind("b" * 40), b.Bind("c" * 40))), A),
        b.Let(b.Bind("x"), b.Call(b.Name("f"), (b.Lit(string("宽" * 30)), A))),
        LOOKED_UP,
        b.Do(LATER),
    ],
    ids=["many names", "wide letters", "let else", "else if"],
)
def test_statements_that_no_random_item_has(rustfmt: str, statement: b.Statement) -> None:
    text = print_items([i.Function("f", (), None, b.Block((statement,)))], qualified)
    assert text.count("\n") > 3
    assert formatted(rustfmt, text) == text


def test_what_json_would_take_for_its_own_is_in_parentheses() -> None:
    block = b.Block((b.Let(b.Bind("x"), b.Lit("1")),), b.Name("x"))
    first = b.Method(b.ArrayOf((A,)), "first")
    entries = (('"block"', block), ('"list"', b.ArrayOf()), ('"first"', first))
    body = b.Block((), b.Json(symbol("serde_json::json"), entries))
    text = print_items([i.Function("f", (), None, body)], qualified)
    assert '"block": ({' in text
    assert '"list": []' in text
    assert f'"first": ([{"a" * 40}].first())' in text


def test_names_are_asked_for_every_symbol() -> None:
    asked: list[Symbol] = []

    def name(one: Symbol) -> str:
        asked.append(one)
        return one.name

    struct = i.Struct(
        "Form",
        (i.Field("role", named("Option", named("crate::models::Role"))),),
        derives=(symbol("serde::Deserialize"),),
    )
    assert "pub role: Option<Role>" in print_items([struct], name)
    assert {one.path for one in asked} >= {
        ("serde", "Deserialize"),
        ("crate", "models", "Role"),
        ("Option",),
    }


def _uses() -> list[str]:
    """Declarations of random names, of all kinds and lengths."""
    made = random.Random(1)  # noqa: S311 (a repeatable sequence is what is wanted)

    def name() -> str:
        letters = "".join(made.choices("abcdefg_h01", k=made.choice([1, 3, 8, 12, 20, 30, 40])))
        word = f"x{letters}".rstrip("_")
        parts = word.split("_")
        forms = [word, word.upper(), "".join(part.capitalize() for part in parts), "gen", "type"]
        return identifier(made.choices(forms, [4, 1, 6, 0.3, 0.3])[0])

    return [
        written(("crate", f"m{at}", name().lower()), tuple(name() for _ in range(at % 6 + 1)))
        for at in range(400)
    ]


def test_uses_are_formatted(rustfmt: str) -> None:
    text = "\n\n".join(_uses()) + "\n"
    assert formatted(rustfmt, text) == text


@pytest.mark.parametrize("length", range(20, 75))
def test_what_is_about_as_wide_as_a_line(rustfmt: str, length: int) -> None:
    word = "x" * length
    schema = i.Attribute("a", (i.Meta("b", args=(i.Meta("function", string(f"check_{word}")),)),))
    default = i.Attribute("serde", (i.Meta("default", string(f"default_{word}")),))
    field = i.Field("f", named("i64"), (schema, default))
    long = i.Function(f"default_{word}", (), named("Thirty" * 5), b.Block((), b.Lit("1")))
    variant = i.Variant("V", attributes=(schema, default))
    wide = named("Vec", named("HashMap", named("i64"), named(word)))
    pair = Tuple((named("i64"), named(word)))
    positional = (
        i.Variant("Ab", (named(word),)), i.Variant("Bc", (wide,)), i.Variant("C", (wide, wide)),
        i.Variant("D", (named("i64"), named(word))), i.Variant("E", (pair,)),
    )  # fmt: skip
    call = b.Call(b.Name("f"), (b.Name("a"), b.Closure((), b.Lit("1")),
                                b.Closure((b.Bind(word),), b.Name(word))))  # fmt: skip
    texts = b.Method(b.ArrayOf((b.Lit(string(word)), b.Lit(string(word)))), "into_iter")
    inner = b.Method(b.Name("layer"), "allow", (b.Call(b.Name("origins"), (texts,)),))
    bodies = [
        i.Function("closures", (), None, b.Block((b.Let(b.Bind("a"), call),))),
        i.Function("chained", (), None, b.Block((), b.Method(inner, "deny", (b.Lit("1"),)))),
    ]
    items = [
        i.Struct("S", (field,), attributes=(schema, default)),
        i.Enum("E", (variant,), attributes=(schema, default)),
        i.Enum("P", positional),
        i.Struct("R", positional=(i.Positional(wide),)),
        i.Struct("Q", positional=(i.Positional(wide), i.Positional(named(word)))),
        i.Impl(named(f"Wide{word}"), (long,), trait=named("From", named("Thirty"))),
        long,
        *bodies,
    ]
    text = print_items(items, qualified)
    assert formatted(rustfmt, text) == text


def _asked(of: b.Expr, marks: int) -> b.Expr:
    return b.Try(_asked(of, marks - 1)) if marks else of


@pytest.mark.parametrize("marks", range(3))
@pytest.mark.parametrize("end", ["await", "field", "call", "call with one", "two", "several"])
def test_chains_about_as_wide_as_a_line(rustfmt: str, end: str, marks: int) -> None:
    """rustfmt counts a last link's `?` twice, a call's three times; what a chain starts with may
    reach the last column where nothing stands behind the chain."""

    def chain(length: int, root: str, inner: int) -> b.Expr:
        called = b.Call(b.Name(root), (b.Lit(string("x" * length)),))
        start: b.Expr = _asked(called, inner) if root != "db" else b.Name(root)
        links: dict[str, b.Expr] = {
            "await": b.Await(start),
            "field": b.Access(start, "found"),
            "call": b.Method(start, "found"),
            "call with one": b.Method(start, "found", (b.Lit(string("x" * (length - 12))),)),
            "two": b.Await(b.Method(start, "bind", (b.Name("id"),))),
            "several": b.Method(
                b.Await(b.Method(start, "bind", (b.Name("kind"),))), "map", (b.Name("model"),)
            ),
        }
        return _asked(links[end], marks)

    bodies = [
        body
        for length in (*range(30, 52), *range(65, 84))
        for root in ("query", "db")
        for inner in range(2 if root == "query" else 1)
        for body in (
            b.Block((), chain(length, root, inner)),
            b.Block((b.Do(chain(length, root, inner)),)),
            b.Block((b.Let(b.Bind("x"), chain(length, root, inner)),)),
            b.Block((), b.Call(b.Name("Ok"), (chain(length, root, inner),))),
        )
    ]
    items = [i.Function(f"f{at}", (), None, body) for at, body in enumerate(bodies)]
    text = print_items(items, qualified)
    assert formatted(rustfmt, text) == text


@pytest.mark.parametrize("kind", ["list", "let", "match"])
def test_what_is_nested_is_laid_out_once(kind: str) -> None:
    """Each level tries two places for what is in it: 2^40 ways, were they all gone."""
    value: b.Expr = b.Lit("1")
    for _ in range(40):
        if kind == "list":
            value = b.ArrayOf((value, b.Lit('"some text that takes room on its line"')))
        elif kind == "let":
            kept = b.Let(b.Bind("a_variable_of_a_long_name"), value)
            value = b.Block((kept,), b.Name("a_variable_of_a_long_name"))
        else:
            value = b.Match(value, (b.Arm(b.Bind("a_variable"), value), b.Arm(b.Wild(), value)))
            value = b.Call(b.Name("some_function"), (b.Lit('"and some text"'), value))
        if kind == "match" and _ == 7:
            break
    function = i.Function("nested", body=b.Block((), value))
    assert print_items([function], qualified).count("\n") > 8
