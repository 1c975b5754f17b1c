"""The configuration: what is read, what is said about mistakes, what verdicts write."""

from pathlib import Path

import pytest

from port_lsp.config import Config, ParityConfig, RuleLevel
from port_lsp.config.edit import ConfigEditError, ignore, pin, unpin
from port_lsp.config.load import find, load
from port_lsp.linking.config import Ignore

RULES = ("unported-endpoint", "unported-model")
HERE = Path("/project/port-lsp.toml")


def read(text: str, path: Path = HERE) -> Config:
    loaded = load(path, RULES, text)
    assert loaded.problems == ()
    return loaded.config


def said(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.message) for problem in load(HERE, RULES, text).problems]


def test_every_key_is_read() -> None:
    config = read(
        """
        backend = "server"
        crate = "../rust"
        exclude = ["legacy/**"]
        templates = "templates"
        plan = "plan.toml"
        [resolve]
        "settings.api_prefix" = "/api"
        settings.port = 8000
        [prefixes]
        "/api" = "/v1"
        "/api/users" = "/v1/people"
        [pin]
        "a.py::A" = "src/a.rs::A"
        [unpin]
        "b.py::B" = ["src/b.rs::B", "src/c.rs::B"]
        "c.py::C" = "src/c.rs::C"
        [rules]
        unported-endpoint = "error"
        [rules."app/old/**"]
        unported-endpoint = "off"
        [conventions]
        handlers = "src/routes"
        [jump]
        standard = true
        [parity]
        ignore = ["*.created_at"]
        values = { note_id = 7, name = "x" }
        results = "parity.json"
        [[ignore]]
        item = "a.py::f"
        reason = "nobody calls it"
        [[ignore]]
        path = "/internal/**"
        """
    )
    assert config.backend == str(Path("/project/server").resolve())
    assert config.crate == str(Path("/rust").resolve())
    assert config.exclude == ("legacy/**",)
    assert config.resolve == (("settings.api_prefix", "/api"), ("settings.port", "8000"))
    assert config.links.prefixes == (("/api/users", "/v1/people"), ("/api", "/v1"))
    assert config.links.pin == (("a.py::A", "src/a.rs::A"),)
    assert config.links.unpin == (
        ("b.py::B", "src/b.rs::B"),
        ("b.py::B", "src/c.rs::B"),
        ("c.py::C", "src/c.rs::C"),
    )
    assert config.links.ignore == (
        Ignore("a.py::f", "nobody calls it"),
        Ignore("/internal/**"),
    )
    assert config.rules == (
        RuleLevel("unported-endpoint", "error"),
        RuleLevel("unported-endpoint", "off", "app/old/**"),
    )
    assert config.conventions == (("handlers", "src/routes"),)
    assert config.templates == str(Path("/project/templates").resolve())
    assert config.plan == str(Path("/project/plan.toml").resolve())
    assert config.jump_standard
    assert config.parity == ParityConfig(
        ("*.created_at",),
        (("note_id", "7"), ("name", "x")),
        str(Path("/project/parity.json").resolve()),
    )


def test_unpin_may_be_a_list_of_pairs() -> None:
    assert read('unpin = [["a", "b"], ["a", "c"]]').links.unpin == (("a", "b"), ("a", "c"))


def test_the_table_of_pyproject_is_read() -> None:
    config = read('[tool.port-lsp]\ncrate = "r"\n', Path("/project/pyproject.toml"))
    assert config.crate == str(Path("/project/r").resolve())


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('\nbakend = "x"', 2, "unknown key `bakend`; did you mean `backend`?"),
        ("crate = 3", 1, "`crate` must be a path in quotes, not 3"),
        ('exclude = "a"', 1, '`exclude` must be a list of globs, not "a"'),
        ("[pin]\na = 1", 2, "`pin.a` must be a text, not 1"),
        ('pin = ["a"]', 1, '`pin` must be a table of pairs: "one" = "other", not a list'),
        (
            '[[ignore]]\nitem="a"\n[[ignore]]\nitm="a"\nitem="b"',
            4,
            "unknown key `ignore.1.itm`; did you mean `item`?",
        ),
        (
            '[[ignore]]\nreason = "x"',
            1,
            "`ignore` needs `item` (an item key) or `path` (a glob)",
        ),
        (
            '[rules]\n\nunported-endpont = "off"',
            3,
            "unknown rule `unported-endpont`; did you mean `unported-endpoint`?",
        ),
        (
            '[rules]\nunported-model = "fatal"',
            2,
            "`rules.unported-model` must be one of off, hint, information, warning, error, "
            'not "fatal"',
        ),
        ("[jump]\nstandard = 1", 2, "`jump.standard` must be true or false, not 1"),
        ("[parity]\nignore = 1", 2, "`parity.ignore` must be a list of places in JSON, not 1"),
        ("[parity.values]\na = [1]", 2, "`parity.values.a` must be a text or a number"),
        ("[resolve]\na = [1]", 2, "`resolve.a` must be a value, not a list"),
    ],
)
def test_a_mistake_has_its_line_and_the_rest_is_in_force(
    text: str, line: int, message: str
) -> None:
    assert said(text) == [(line, message)]
    below = "\n[prefixes]\na = 'b'\n" if "prefixes" not in text else ""
    assert load(HERE, RULES, text + below).config.links.prefixes == (("a", "b"),)


@pytest.mark.parametrize(("text", "line"), [("a = 1\nb = ", 2), ("[a\nb = 1", 1), ('x = "', 1)])
def test_what_is_no_toml_is_said_with_its_line(text: str, line: int) -> None:
    problems = load(HERE, RULES, text).problems
    assert [problem.line for problem in problems] == [line]


def test_a_file_that_is_no_text_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "port-lsp.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in load(path).problems[0].message
    assert "cannot be read" in load(tmp_path / "none.toml").problems[0].message


def test_files_are_found_in_the_order_of_the_folders(tmp_path: Path) -> None:
    inner = tmp_path / "a"
    inner.mkdir()
    (inner / "pyproject.toml").write_text('[tool.port-lsp]\ncrate = "r"\n')
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "port-lsp-user"\n')
    (tmp_path / "port-lsp.toml").write_text("")
    assert find([inner, tmp_path, inner]) == [inner / "pyproject.toml", tmp_path / "port-lsp.toml"]


TEXT = """\
# Decided in spring.
crate = 'rust'   # beside us

[pin]
"a.py::A" = "src/a.rs::A"  # really

[[ignore]]
item = "x.py::f"
reason = "old"
"""


def test_a_pin_keeps_everything_else() -> None:
    new = pin(TEXT, "b.py::B", "src/b.rs::B")
    assert new == TEXT.replace("# really\n", '# really\n"b.py::B" = "src/b.rs::B"\n')


def test_a_pin_into_nothing_makes_a_file() -> None:
    assert pin("", "b.py::B", "src/b.rs::B") == '[pin]\n"b.py::B" = "src/b.rs::B"\n'


def test_verdicts_take_their_opposites_back() -> None:
    new = unpin(TEXT, "a.py::A", "src/a.rs::A")
    assert read(new).links.pin == ()
    assert read(new).links.unpin == (("a.py::A", "src/a.rs::A"),)
    back = pin(new, "a.py::A", "src/a.rs::A")
    assert read(back).links.unpin == ()
    assert read(back).links.pin == (("a.py::A", "src/a.rs::A"),)
    assert "Decided in spring" in back


@pytest.mark.parametrize(
    "text",
    ['unpin = [["a", "b"]]\n', '[unpin]\na = "b"\n', '[unpin]\na = ["b"]\n', '[unpin]\n"a"=["b"]'],
)
def test_unpinning_twice_adds_to_what_is_there(text: str) -> None:
    assert read(unpin(text, "a", "c")).links.unpin == (("a", "b"), ("a", "c"))


def test_ignoring_adds_an_entry_or_changes_its_reason() -> None:
    new = ignore(TEXT, "y.py::g", 'it says "no"')
    assert new == TEXT + '\n[[ignore]]\nitem = "y.py::g"\nreason = "it says \\"no\\""\n'
    again = ignore(new, "x.py::f", "new")
    assert again == new.replace('"old"', '"new"')


def test_entries_between_other_tables_stay_apart() -> None:
    text = '[[ignore]]\nitem = "a"\n\n[pin]\nx = "y"\n'
    assert ignore(text, "b", "c") == (
        '[[ignore]]\nitem = "a"\n\n[[ignore]]\nitem = "b"\nreason = "c"\n\n[pin]\nx = "y"\n'
    )


def test_verdicts_in_pyproject_stand_below_the_tool() -> None:
    path = Path("/project/pyproject.toml")
    text = '[project]\nname = "x"\n'
    for new in (
        pin(text, "a", "b", pyproject=True),
        unpin(text, "a", "b", pyproject=True),
        ignore(text, "a", "b", pyproject=True),
        pin('[tool.port-lsp]\ncrate = "b"\n', "a", "b", pyproject=True),
    ):
        links = read(new, path).links
        assert links.pin or links.unpin or links.ignore


@pytest.mark.parametrize("text", ["[pin", 'pin = "x"', "pin = 3"])
def test_what_cannot_be_edited_is_refused(text: str) -> None:
    with pytest.raises(ConfigEditError):
        pin(text, "a", "b")


def test_unknown_conventions() -> None:
    text = '[conventions]\nhandler = "src/web"\nuser = "caller: crate::Caller"\n'
    assert load(HERE, RULES, text).config.conventions == (("user", "caller: crate::Caller"),)
    [(line, message)] = said(text)
    assert line == 2
    assert "`conventions.handler`" in message
    assert "handlers" in message
