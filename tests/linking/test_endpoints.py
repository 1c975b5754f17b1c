"""The hard pairs of data/endpoints.txt, case by case."""

import pytest

from port_lsp.facts.links import Link
from port_lsp.linking.link import link
from tests.linking.cases import Case, load

CASES = load("endpoints.txt")


def brief(id_: str | None) -> str:
    """An endpoint's id as the cases write it: method, path, and the handler where it is needed."""
    if id_ is None:
        return "none"
    key, _, route = id_.partition("#")
    return f"{route} {key.rpartition('::')[2]}"


def told(row: Link) -> str:
    if row.presence == "ignored":
        return "ignored"
    return " + ".join(brief(one) for one in (row.crate, *row.also)) + "".join(
        f" {rule}" for rule in row.drift
    )


def expects(case: Case) -> dict[str, tuple[str, str]]:
    return {left: (arrow, right) for left, arrow, right in case.expected}


def matches(wanted: str, got: str) -> bool:
    """Whether each word that is wanted is there; a handler may be left out where it is plain."""
    counterparts, _, drift = wanted.partition("  ")
    there, rules = split(got)
    parts = counterparts.split(" + ")
    return (
        sorted(drift.split()) == sorted(rules)
        and len(parts) == len(there)
        and all(
            (whole + " ").startswith(part + " ") for part, whole in zip(parts, there, strict=True)
        )
    )


def split(got: str) -> tuple[list[str], list[str]]:
    words = got.split(" ")
    rules = [word for word in words if word.endswith(("-drift", "-route", "-mounted"))]
    return " ".join(word for word in words if word not in rules).split(" + "), rules


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_links_of_the_case(case: Case) -> None:
    links = link(case.backend.side(), case.crate.side(), case.config())
    expected = expects(case)
    wrong: list[str] = []
    for row in links.endpoints:
        if row.backend is None:
            continue
        whole = brief(row.backend)
        name = whole if whole in expected else whole.rpartition(" ")[0]
        arrow, wanted = expected.pop(name) if whole == name else expected[name]
        got = told(row)
        stub = "~>" if row.presence == "stub" else "->"
        if not matches(wanted, got) or arrow != stub:
            wrong.append(f"{whole} {stub} {got}   expected: {arrow} {wanted}; {row}")
    only = {brief(row.crate).rpartition(" ")[0] for row in links.endpoints if row.backend is None}
    wanted_only = {left[5:] for left, arrow, _ in case.expected if not arrow}
    wrong += [f"not only in the crate: {one}" for one in wanted_only - only]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_item_has_exactly_one_row(case: Case) -> None:
    backend, crate = case.backend.side(), case.crate.side()
    links = link(backend, crate, case.config())
    ours = [row.backend for row in links.endpoints if row.backend is not None]
    assert sorted(ours) == sorted(endpoint.id for endpoint in backend.endpoints)
    used = {one for row in links.endpoints for one in (row.crate, *row.also)} - {None}
    every = {one.id for one in crate.endpoints} | {one.endpoint.id for one in crate.unmounted}
    assert used == every


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_confidence_is_what_the_evidence_adds_up_to(case: Case) -> None:
    links = link(case.backend.side(), case.crate.side(), case.config())
    for row in links.endpoints:
        if row.crate is not None and row.backend is not None:
            total = sum(one.weight for one in row.evidence)
            assert abs(row.confidence - min(1.0, total)) < 0.01
            assert row.confidence >= 0.5
        assert all(candidate.confidence <= 1.0 for candidate in row.candidates)
