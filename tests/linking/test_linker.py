"""A Linker that remembers gives what a new one gives, whatever it was asked before."""

import pytest
from msgspec.structs import replace

from port_lsp.facts.items import Side
from port_lsp.linking.link import Linker, link
from tests.linking.cases import Case, Half, load

CASES = [*load("endpoints.txt"), *load("models.txt"), *load("others.txt")]
LINKER = Linker()


class Chance:
    """Choices that are the same in each run."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, limit: int) -> int:
        """A number from 0 up to, not including, `limit`."""
        self._state = (self._state * 1103515245 + 12345) % 2**31
        return (self._state >> 8) % limit


def merged(pick: str) -> Side:
    """All cases' items of one side in one, told apart by their files."""
    whole = Half()
    for number, case in enumerate(CASES):
        half: Half = getattr(case, pick)
        for endpoint in half.endpoints:
            path, key = f"/case{number}{endpoint.path}", f"case{number}/{endpoint.key}"
            place = replace(endpoint.place, file=f"case{number}/{endpoint.place.file}")
            whole.endpoints.append(
                replace(
                    endpoint,
                    id=f"{key}#{endpoint.method} {path}",
                    path=path,
                    key=key,
                    place=place,
                    registered=place,
                )
            )
        whole.models += half.models
        whole.functions += half.functions
    return whole.side()


def edited(side: Side, chance: Chance) -> Side:
    """A side after an edit: something gone, or something renamed."""
    kind = ("endpoints", "models", "functions")[chance.below(3)]
    items = list(getattr(side, kind))
    if not items:
        return side
    at = chance.below(len(items))
    if chance.below(2):
        del items[at]
    elif kind == "endpoints":
        items[at] = replace(items[at], path=items[at].path + "/more", id=items[at].id + "/more")
    elif kind == "models":
        items[at] = replace(items[at], fields=items[at].fields[:-1])
    else:
        items[at] = replace(items[at], stub="todo!()")
    return replace(side, **{kind: tuple(items)})


@pytest.mark.parametrize("seed", range(4))
def test_any_sequence_of_edits_gives_what_a_fresh_start_gives(seed: int) -> None:
    chance = Chance(seed)
    backend, crate = merged("backend"), merged("crate")
    linker = Linker()
    for _ in range(25):
        if chance.below(2):
            backend = edited(backend, chance)
        else:
            crate = edited(crate, chance)
        assert linker.link(backend, crate) == link(backend, crate)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_one_linker_for_all_cases(case: Case) -> None:
    sides = case.backend.side(), case.crate.side(), case.config()
    assert LINKER.link(*sides) == link(*sides)


def test_the_order_of_files_changes_no_counterpart() -> None:
    """Which counterpart an endpoint has doesn't hang on which file was read first."""
    for case in CASES:
        crate = case.crate.side()
        files = dict.fromkeys(endpoint.place.file for endpoint in crate.endpoints)
        turned = tuple(
            endpoint
            for file in reversed(list(files))
            for endpoint in crate.endpoints
            if endpoint.place.file == file
        )
        one = link(case.backend.side(), crate, case.config())
        two = link(case.backend.side(), replace(crate, endpoints=turned), case.config())
        backend = [row for row in one.endpoints if row.backend is not None]
        again = [row for row in two.endpoints if row.backend is not None]
        assert [(row.backend, row.crate, row.presence) for row in backend] == [
            (row.backend, row.crate, row.presence) for row in again
        ], case.name
