"""The expected routes of the Rust fixtures, against the compiled fixtures themselves.

A program is asked every method on every path of its fixture, and says which handler answered.
So what is expected of the readers is not what the readers say. It needs cargo; without it these
tests say that they were left out, in CI they fail.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.fixturefile import Fixture, parse
from tests.oracles.rust_oracle import Answer, Answers, Ask, Run, ask, cargo_version
from tests.oracles.rust_rows import Row, asks_for, grid, read_rows, sample_path
from tests.oracles.rust_workspace import OLDEST_CARGO, Program

FIXTURES = Path(__file__).parent / "fixtures"
NAMES = sorted(
    f"{folder}/{path.stem}"
    for folder in ("axum", "actix")
    for path in (FIXTURES / folder).glob("*.txt")
)
# Middleware of the frameworks: it marks no answer, so that nothing shows where it stands.
UNMARKED = ("DefaultHeaders::", "Logger::", "NormalizePath::", "Extension(")
REGISTERING = re.compile(
    r"^\s*#\[|\b(route|routes|to|on|any|get|post|put|patch|delete|head|options|trace|service"
    r"|route_service|nest_service|fallback|fallback_service|default_service"
    r"|method_not_allowed_fallback)!?\s*(::<.*>)?(\(|$)"
)


@dataclass(frozen=True, slots=True)
class Case:
    """One fixture, the crate made of it and the rows expected of it."""

    fixture: Fixture
    program: Program
    rows: tuple[Row, ...]

    @property
    def variants(self) -> list[tuple[tuple[str, str], ...]]:
        """The environments to run in: the plain one, and each that a row is tested under."""
        return sorted({(), *(row.variant for row in self.rows)})

    def run(self, variant: tuple[tuple[str, str], ...]) -> Run:
        return Run(self.program.name, grid(self.rows, self.program.framework), variant)


@cache
def case(name: str) -> Case:
    fixture = parse((FIXTURES / f"{name}.txt").read_text(encoding="utf-8"))
    meta = fixture.meta
    framework = "actix4" if "actix-web" in meta else "axum" + meta["axum"][0].replace(".", "")
    program = Program(
        name.replace("/", "_"), framework, fixture.files, tuple(meta.get("features", ()))
    )
    return Case(fixture, program, read_rows(FIXTURES / f"{name}.expected.json"))


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """What all fixtures answer: one build for all of them."""
    version = cargo_version()
    if version is None or version < OLDEST_CARGO:
        reason = "the Rust oracle was left out: no cargo of at least {}.{}".format(*OLDEST_CARGO)
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    cases = [case(name) for name in NAMES]
    runs = [each.run(variant) for each in cases for variant in each.variants]
    target = os.environ.get("CARGO_TARGET_DIR")
    folder = Path(target) / "rust-oracle" if target else tmp_path_factory.mktemp("rust-oracle")
    return ask([each.program for each in cases], runs, folder)


@pytest.mark.parametrize("name", NAMES)
def test_expected_routes_are_what_answers(name: str, answers: Answers) -> None:
    each = case(name)
    problems: list[str] = []
    for variant in each.variants:
        run = each.run(variant)
        got = answers[run]
        assert got is not None, f"the program panicked before it served, with {dict(variant)}"
        by_ask = dict(zip(run.asks, got, strict=True))
        for row in each.rows:
            if row.status == "endpoint" and row.variant == variant:
                problems += judge_row(row, by_ask, each.program.framework)
        problems += unexpected(each, by_ask)
    assert not problems, "\n".join(problems)


def judge_row(row: Row, by_ask: dict[Ask, Answer], framework: str) -> list[str]:
    """Is it the row's handler that answers, and only if it is said to be reachable?"""
    what = f"{row.method} {row.path!r} -> {row.says}"
    own = [
        (each, by_ask[each])
        for each in asks_for(row, framework)
        if by_ask[each].handler == row.says and fits(row, by_ask[each])
    ]
    if not row.reachable:
        return [f"{what}: unreachable, but {each} is answered by it" for each, _ in own[:1]]
    if not own:
        seen = [(each, by_ask[each]) for each in asks_for(row, framework)]
        return [f"{what}: reachable, but {each} is answered {answer}" for each, answer in seen[:1]]
    expected = tuple(
        mark(name) for name in row.middleware if not any(known in name for known in UNMARKED)
    )
    seen = own[0][1].layers
    return [] if seen == expected else [f"{what}: behind {seen}, expected {expected}"]


def unexpected(each: Case, by_ask: dict[Ask, Answer]) -> list[str]:
    """Answers of a handler for which no row speaks."""
    unread = {answer for row in each.rows for answer in row.answers}
    problems: list[str] = []
    for request, answer in by_ask.items():
        if answer.status >= 400 or answer.handler in unread:
            continue
        # axum answers HEAD by the handler of GET and drops the body; it is no route.
        if request.method == "HEAD" and not answer.handler:
            continue
        if not any(
            row.reachable
            and row.method in (request.method, "ANY")
            and row.says == answer.handler
            and fits(row, answer)
            for row in each.rows
        ):
            problems.append(f"no row for {request}: {answer}")
    return problems


def fits(row: Row, answer: Answer) -> bool:
    """Is the row's path the one of the route that the framework took, where it names one?"""
    return row.kind == "fallback" or answer.pattern in ("", row.path, *row.patterns)


def mark(name: str) -> str:
    """The word by which a middleware marks an answer: the last name or string in its text."""
    return name if name == "<closure>" else re.findall(r"<closure>|\w+", name)[-1]


@pytest.mark.parametrize("name", NAMES)
def test_lines_are_those_of_the_handlers(name: str) -> None:
    each = case(name)
    said_by: dict[str, set[tuple[str, int]]] = {}
    for row in each.rows:
        registered = line(each.fixture, row.reg_file, row.reg_line)
        assert row.construct or REGISTERING.search(registered), (row, registered)
        if row.status == "unresolved":
            continue
        handler = line(each.fixture, row.fn_file, row.fn_line)
        wanted = r"\|" if row.handler == "<closure>" else rf"\bfn {row.handler}\b"
        assert re.search(wanted, handler), (row, handler)
        if row.status == "endpoint":
            assert f'"{row.says}"' in body(each.fixture, row), f"{row}: says something else"
            said_by.setdefault(row.says, set()).add((row.fn_file, row.fn_line))
    assert all(len(places) == 1 for places in said_by.values()), "two handlers say the same"


def line(fixture: Fixture, file: str, number: int) -> str:
    return fixture.files[file].split("\n")[number - 1]


def body(fixture: Fixture, row: Row) -> str:
    """From a handler's first line to the line that closes it: the next one indented as little,
    but for the one that closes a header of several lines."""
    lines = fixture.files[row.fn_file].split("\n")[row.fn_line - 1 :]
    indent = len(lines[0]) - len(lines[0].lstrip())
    for number, text in enumerate(lines[1:], start=1):
        inner = text.lstrip()
        if inner and len(text) - len(inner) <= indent and not inner.startswith(")"):
            return "\n".join(lines[: number + 1])
    return "\n".join(lines)


def _case(*rows: Row) -> Case:
    return Case(parse("//- /src/main.rs\n"), Program("axum_x", "axum08", {}), rows)


USERS = Row("src/main.rs", 1, method="GET", path="/users", handler="list", reachable=True)
ASK = Ask("GET", "/users")
LISTED = {ASK: Answer(200, "list", "/users", ())}


@pytest.mark.parametrize(
    ("row", "answer", "problem"),
    [
        (USERS, Answer(200, "list", "/users", ()), ""),
        (USERS, Answer(200, "other", "/users", ()), "reachable, but"),
        (USERS, Answer(404, "", "", ()), "reachable, but"),
        (USERS, Answer(200, "list", "/user", ()), "reachable, but"),
        (USERS, Answer(200, "list", "/users", ("auth",)), "behind ('auth',), expected ()"),
        (replace(USERS, reachable=False), Answer(200, "list", "/users", ()), "unreachable, but"),
        (replace(USERS, reachable=False), Answer(200, "other", "/users", ()), ""),
        (
            replace(USERS, middleware=("from_fn(log)", 'Tag("inner")')),
            Answer(200, "list", "/users", ("inner", "log")),
            "expected ('log', 'inner')",
        ),
    ],
)
def test_a_wrong_row_is_noticed(row: Row, answer: Answer, problem: str) -> None:
    said = judge_row(row, {ASK: answer}, "axum08")
    assert problem in "".join(said)
    assert bool(said) == bool(problem)


@pytest.mark.parametrize(
    ("rows", "noticed"),
    [
        ((USERS,), False),
        ((), True),
        ((replace(USERS, reachable=False),), True),
        ((replace(USERS, method="POST"),), True),
        ((replace(USERS, method="ANY"),), False),
        ((replace(USERS, path="/people"),), True),
        ((Row("src/main.rs", 1, status="unresolved", answers=("list",)),), False),
    ],
)
def test_a_missing_row_is_noticed(rows: tuple[Row, ...], noticed: bool) -> None:
    assert bool(unexpected(_case(*rows), LISTED)) == noticed


@pytest.mark.parametrize(
    ("pattern", "framework", "sample"),
    [
        ("", "actix4", "/"),
        ("/a/{id}/b/{path:.*}", "actix4", "/a/x1/b/x2/y"),
        ("/a/{rest}*", "actix4", "/a/x1/y"),
        ("/a/:id/*rest", "axum07", "/a/x1/x2/y"),
        ("/a/{id}", "axum07", "/a/x1"),
        ("/a/{id}/{*rest}", "axum08", "/a/x1/x2/y"),
    ],
)
def test_sample_paths(pattern: str, framework: str, sample: str) -> None:
    assert sample_path(pattern, framework) == sample
