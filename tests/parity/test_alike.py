"""What two sides that make ids, times and secrets of their own may differ in."""

from __future__ import annotations

from port_lsp.parity.alike import Alike, Allowed
from port_lsp.parity.comparing import differing

ALLOWED = Allowed(masked=("token",), paired=("id", "owner_id"), near=("*_at",))


def _left(alike: Alike, one: object, other: object) -> list[str]:
    return [it.where for it in alike.left(differing("$", one, other))]


def test_an_id_stands_for_the_same_one_all_the_way() -> None:
    alike = Alike(ALLOWED)
    assert _left(alike, {"id": "a"}, {"id": "x"}) == []
    assert _left(alike, [{"owner_id": "a"}], [{"owner_id": "x"}]) == []
    assert _left(alike, [{"owner_id": "a"}], [{"owner_id": "y"}]) == ["$[0].owner_id"]
    assert _left(alike, {"id": "b"}, {"id": "x"}) == ["$.id"]
    assert _left(alike, {"id": None}, {"id": "z"}) == ["$.id"]
    alike.forget()
    assert _left(alike, {"id": "b"}, {"id": "x"}) == []


def test_times_are_near() -> None:
    alike = Alike(ALLOWED)
    assert _left(alike, {"made_at": 100}, {"made_at": 103}) == []
    assert _left(alike, {"made_at": 100}, {"made_at": 203}) == ["$.made_at"]
    assert _left(alike, {"made_at": None}, {"made_at": 203}) == ["$.made_at"]
    one, other = "2024-02-29T10:00:00.123456", "2024-02-29T10:00:02Z"
    assert _left(alike, {"made_at": one}, {"made_at": one[:-3]}) == []
    assert _left(alike, {"made_at": one}, {"made_at": other.replace("00:02", "30:02")}) != []


def test_what_is_masked() -> None:
    alike = Alike(ALLOWED)
    assert _left(alike, {"token": "a", "name": 1}, {"token": 7, "name": True}) == ["$.name"]
    assert _left(alike, {"token": "a"}, {}) == []
