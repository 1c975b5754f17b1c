"""The reports for people and for CI, over the example."""

import html.parser
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from port_lsp.facts.links import Finding, Links
from port_lsp.facts.source import Place
from port_lsp.index.snapshot import Snapshot
from port_lsp.report.coverage import Counts, coverage, coverage_json
from port_lsp.report.findings import print_findings, summary
from port_lsp.report.github import github
from port_lsp.report.gitlab import gitlab
from port_lsp.report.html import html as html_report
from port_lsp.report.markdown import markdown
from port_lsp.report.reconcile import reconciliation
from port_lsp.report.sarif import sarif
from port_lsp.report.text import print_report
from port_lsp.report.words import percent
from port_lsp.rules import RULES
from tests.index.projects import PAIR, opened, write

ROOT = Path(__file__).parents[2]
PAGES = {rule.name: rule.page for rule in RULES}


@pytest.fixture(scope="module")
def example() -> Snapshot:
    return opened(ROOT / "examples").snapshot


def test_the_counts_add_up(example: Snapshot) -> None:
    found = coverage(example)
    rows = [link for link in example.links.endpoints if link.backend]
    assert found.total.endpoints.total == len(rows) == 26
    for kind in ("endpoints", "models", "events"):
        by_file = [getattr(file, kind).total for file in found.files]
        assert sum(by_file) == found.total.counts(kind).total
    assert found.total.endpoints.ignored == 1
    assert len(found.of("endpoints", "rust-only")) == 1


@pytest.mark.parametrize(
    ("counts", "share"),
    [
        (Counts(), "–"),
        (Counts(ignored=2), "–"),
        (Counts(ported=1, drifted=1, stub=1, unported=1, ignored=1), "50 %"),
        (Counts(ported=999, unported=1), "99 %"),
        (Counts(ported=2, ignored=1), "100 %"),
    ],
)
def test_the_share_is_never_whole_before_everything_is_there(counts: Counts, share: str) -> None:
    assert percent(counts) == share


def test_coverage_as_json_has_the_same_items(example: Snapshot) -> None:
    found = json.loads(coverage_json(example))
    assert found["version"] == 1
    assert len(found["coverage"]["items"]) == len(coverage(example).items)
    assert found["coverage"]["total"]["endpoints"]["ignored"] == 1


def test_the_text_is_plain_without_a_terminal(
    example: Snapshot, capsys: pytest.CaptureFixture[str]
) -> None:
    print_report(example)
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "unported endpoints (3)" in out
    assert "GET /api/v1/notes/search" in out
    assert re.search(r"notes_app/routers/notes\.py +\d+/8", out)


def test_a_text_may_go_to_a_file(example: Snapshot, tmp_path: Path) -> None:
    print_report(example, str(tmp_path / "report.txt"))
    assert "unported endpoints" in (tmp_path / "report.txt").read_text("utf-8")


def test_findings_are_lines_that_an_editor_opens(
    example: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / "examples")
    print_findings(example, str(tmp_path / "findings.txt"))
    lines = (tmp_path / "findings.txt").read_text("utf-8").splitlines()
    form = re.compile(r"^(backend|crate)/\S+:\d+:\d+: (error|warning|information|hint): .+ \[.+\]$")
    for line in lines:
        assert form.match(line) or line.startswith("    "), line
    assert sum(1 for line in lines if form.match(line)) == len(example.findings)
    assert "of 26 endpoints are ported" in summary(example)


def test_markdown_has_a_row_for_every_item(example: Snapshot) -> None:
    text = markdown(example)
    listed = [item for item in coverage(example).items if item.kind != "functions"]
    rows = [line for line in text.splitlines() if line.startswith("| ") and "py:" in line]
    assert len(rows) == sum(item.backend is not None for item in listed)
    widths = {line.count("|") - line.count("\\|") for line in rows}
    assert widths == {6}


class Page(html.parser.HTMLParser):
    """Collects tags and text of a page; every tag must be closed in turn."""

    VOID = frozenset({"meta", "link", "br", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.sources: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_whole_and_loads_nothing(example: Snapshot) -> None:
    text = html_report(example)
    page = Page()
    page.feed(text)
    assert page.open == []
    assert page.sources == []
    assert "url(" not in text
    assert "<script" not in text
    assert "prefers-color-scheme: dark" in text
    for item in coverage(example).items:
        if item.backend and item.kind != "functions":
            assert item.backend.title in page.text


def test_names_from_the_code_are_no_markup(tmp_path: Path) -> None:
    text = PAIR.replace('@router.get("")', '@router.get("/<b>|x")')
    snapshot = opened(write(tmp_path, text)).snapshot
    assert "/users/<b>" not in html_report(snapshot)
    assert "/users/&lt;b&gt;|x" in html_report(snapshot)
    assert "`GET /users/<b>\\|x`" in markdown(snapshot)


def locations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for location in [*result["locations"], *result.get("relatedLocations", [])]:
        yield location["physicalLocation"]


def test_sarif_has_what_the_standard_asks_for(example: Snapshot) -> None:
    log = json.loads(sarif(example, PAGES))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(PAGES)
    assert all(rule["help"]["markdown"] for rule in rules)
    assert all(rule["shortDescription"]["text"].endswith(".") for rule in rules)
    assert len(run["results"]) == len(example.findings)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        for location in locations(result):
            assert location["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
            region = location["region"]
            assert (region["startLine"], region["startColumn"]) <= (
                region["endLine"],
                region["endColumn"],
            )
    assert all(base["uri"].endswith("/") for base in run["originalUriBaseIds"].values())
    prints = [result["partialFingerprints"]["item/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_github_gets_one_command_a_finding(
    example: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    lines = github(example).splitlines()
    assert len(lines) == len(example.findings)
    form = re.compile(r"^::(error|warning|notice) file=examples/[^,:]+,line=\d+,[^:]+::.+$")
    assert all(form.match(line) for line in lines)


def test_what_github_would_misread_is_escaped() -> None:
    finding = Finding("r", "warning", "backend", Place("a,b.py", ""), "50 %\nor: so", "i")
    snapshot = Snapshot(1, links=Links(), findings=(finding,))
    assert github(snapshot) == (
        "::warning file=a%2Cb.py,line=1,endLine=1,title=port-lsp%3A r,col=1,endColumn=1"
        "::50 %25%0Aor: so\n"
    )


def test_gitlab_gets_a_list_of_issues(example: Snapshot) -> None:
    issues = json.loads(gitlab(example))
    assert len(issues) == len(example.findings)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["location"]["lines"]["begin"] >= 1


def test_nothing_is_dropped_from_the_example(example: Snapshot) -> None:
    text, difference = reconciliation(example)
    assert "backend: 34 call sites = 34 resolved + 0 unresolved + 0 excluded; difference 0" in text
    assert difference == 0, text


def test_a_registration_that_no_reader_met_is_counted(tmp_path: Path) -> None:
    text = PAIR.replace(
        "    return form\n", "    return form\n\n\nprint([], other.include_router(x))\n"
    )
    text, difference = reconciliation(opened(write(tmp_path, text)).snapshot)
    assert difference == 1, text


SKIPPED = """//- /backend/main.py
from fastapi import APIRouter, FastAPI

router = APIRouter()


def register(app, store=None, named=None):
    if named is None:
        app.include_router(router, prefix="/plain")
    else:
        app.include_router(router, prefix=named)
    if store is None:
        return
    @app.get("/stored")
    def stored(): ...


app = FastAPI()
register(app)
"""


def test_what_a_test_keeps_from_being_registered_is_excluded(tmp_path: Path) -> None:
    text, difference = reconciliation(opened(write(tmp_path, SKIPPED)).snapshot)
    assert difference == 0, text
    assert "3 call sites = 1 resolved + 0 unresolved + 2 excluded" in text
    assert "`not (store is None)` is never so when it is called" in text
