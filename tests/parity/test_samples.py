"""Values of types, within what limits say and just beyond it."""

from __future__ import annotations

from typing import Any

import pytest

from port_lsp.parity.samples import UnsaidError, beyond, field_value, value_of
from port_lsp.types.schema import FieldSchema, Limit, MemberSchema, ModelSchema
from port_lsp.types.wire import ANY, FLOAT, INT, STR, UUID, Wire, ref, text

MODELS = {
    "m::Inner": ModelSchema(
        "m::Inner",
        "pydantic",
        "Inner",
        (FieldSchema("a", INT, False, True), FieldSchema("b", STR, True, False)),
    ),
    "m::Color": ModelSchema("m::Color", "enum", "Color", members=(MemberSchema("RED", '"red"'),)),
    "m::Own": ModelSchema(
        "m::Own", "pydantic", "Own", (FieldSchema("own", ref("m::Own"), False, True),)
    ),
}


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (STR, "parity"),
        (text("email"), "parity@example.com"),
        (Wire("optional", (INT,)), 1),
        (Wire("list", (UUID,)), ["123e4567-e89b-12d3-a456-426614174000"]),
        (Wire("map", (STR, INT)), {}),
        (Wire("tuple", (INT, STR)), [1, "parity"]),
        (Wire("literal", values=('"red"', '"blue"')), "red"),
        (Wire("union", (INT, STR)), 1),
        (ref("m::Inner"), {"a": 1}),
        (ref("m::Color"), "red"),
        (Wire("list", (ref("m::Inner"),)), [{"a": 1}]),
    ],
)
def test_values(wire: Wire, expected: Any) -> None:
    assert value_of(wire, MODELS.get) == expected


@pytest.mark.parametrize("wire", [ref("m::Nobody"), Wire("unknown", name="X"), ref("m::Own")])
def test_what_has_none(wire: Wire) -> None:
    with pytest.raises(UnsaidError):
        value_of(wire, MODELS.get)


def field(wire: Wire, **limits: str) -> FieldSchema:
    listed = tuple(Limit(name, value) for name, value in limits.items())
    return FieldSchema("x", wire, False, True, limits=listed)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (field(STR, min_length="8"), "paritypa"),
        (field(STR, max_length="3"), "par"),
        (field(INT, ge="5"), 5),
        (field(INT, gt="5"), 6),
        (field(INT, le="0"), 0),
        (field(FLOAT, lt="1"), 0),
        (field(ANY), "parity"),
    ],
)
def test_values_within_limits(given: FieldSchema, expected: Any) -> None:
    assert field_value(given, MODELS.get) == expected


def test_a_pattern_says_nothing_of_its_values() -> None:
    with pytest.raises(UnsaidError, match="pattern"):
        field_value(field(STR, pattern='"^a+$"'), MODELS.get)


def test_values_at_limits_and_beyond() -> None:
    numbers = [("1", 1, False), ("0", 0, True), ("9", 9, False), ("10", 10, True)]
    assert beyond(field(INT, ge="1", le="9")) == numbers
    assert beyond(field(INT, gt="1")) == [("1", 1, True), ("0", 0, True)]
    texts = [("2 characters", "xx", False), ("1 characters", "x", True)]
    assert beyond(field(STR, min_length="2")) == texts
    assert beyond(field(STR, min_length="0")) == [("0 characters", "", False)]
