"""Links of models, functions and events: the cases of data/models.txt and data/others.txt."""

import pytest

from port_lsp.facts.links import Link, Links
from port_lsp.linking.link import link
from tests.linking.cases import Case, load

CASES = [*load("models.txt"), *load("others.txt")]


def event(id_: str) -> tuple[str, str]:
    """Name and handler of an event's id."""
    key, _, name = id_.partition("#")
    return name, key.rpartition("::")[2]


def counterpart(links: Links, left: str) -> str:
    """What the row of an expected line's item is linked to, as the line would write it."""
    kind, _, item = left.partition(" ")
    if kind == "on":
        name, _, handler = item.partition(" ")
        row = found(
            [
                row
                for row in links.events
                if row.backend
                and event(row.backend)[0] == name
                and event(row.backend)[1].startswith(handler)
            ]
        )
        there = event(row.crate) if row.crate else ("none", "")
        return f"{there[0]} {there[1]}" if handler else there[0]
    rows = links.models if kind == "model" else links.functions
    return found([row for row in rows if row.backend == item]).crate or "none"


def found(rows: list[Link]) -> Link:
    assert len(rows) == 1, rows
    return rows[0]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_links_of_the_case(case: Case) -> None:
    links = link(case.backend.side(), case.crate.side(), case.config())
    wrong = [
        f"{left} -> {got}, expected {right}"
        for left, _, right in case.expected
        if (got := counterpart(links, left)) != right
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_item_has_exactly_one_row(case: Case) -> None:
    backend = case.backend.side()
    links = link(backend, case.crate.side(), case.config())
    for rows, items in (
        (links.models, [model.key for model in backend.models]),
        (links.functions, [function.key for function in backend.functions]),
        (links.events, [event.id for event in backend.events]),
    ):
        assert [row.backend for row in rows if row.backend is not None] == items


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_is_a_link_has_the_confidence_of_one(case: Case) -> None:
    links = link(case.backend.side(), case.crate.side(), case.config())
    for row in (*links.models, *links.functions, *links.events):
        if row.backend is not None and row.crate is not None:
            assert row.confidence >= 0.5, row
            assert abs(min(1.0, sum(one.weight for one in row.evidence)) - row.confidence) < 0.01
