"""rustfmt's measures, and the few ways in which lists are laid out.

The numbers are rustfmt's defaults (Configurations.md: `max_width` and what `use_small_heuristics`
derives from it).
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

WIDTH = 100  # columns of a line
STEP = 4  # columns of one indentation
CALL = 60  # fn_call_width: arguments of a call with more than one
ATTRIBUTE = 70  # attr_fn_like_width
STRUCT = 18  # struct_lit_width: the fields of a struct literal
VARIANT = 35  # struct_variant_width
ARRAY = 60  # array_width
CHAIN = 60  # chain_width
IF_ELSE = 50  # single_line_if_else_max_width
SHORT = 10  # short_array_element_width_threshold: several of them on a line


def pad(indent: int) -> str:
    """The blanks before a line."""
    return " " * indent


def width(text: str) -> int:
    """The columns that a text takes: what is wide in East Asia takes two (UAX #11), as rustfmt
    reckons."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(one) in "WF" else not combining(one) for one in text)


def fits(text: str, start: int, after: int = 0) -> bool:
    """Whether a line's rest, from a column on and with so much behind it, is short enough."""
    return "\n" not in text and start + width(text) + after <= WIDTH


def last_column(text: str, start: int) -> int:
    """The column behind a text that begins at a column."""
    _, is_broken, tail = text.rpartition("\n")
    return width(tail) if is_broken else start + width(tail)


def is_sound(text: str, start: int) -> bool:
    """Whether no line is too wide; the first begins in a column."""
    first, *rest = text.split("\n")
    return start + width(first) <= WIDTH and all(width(line) <= WIDTH for line in rest)


def is_better_below(beside: str, below: str) -> bool:
    """Whether rustfmt puts a value on the next line (`prefer_next_line` in its `expr.rs`)."""
    if "\n" not in below or beside.count("\n") > below.count("\n") + 1:
        return True
    one, other = beside.partition("\n")[0], below.partition("\n")[0]
    return any(one.endswith(end) and not other.endswith(end) for end in "({[")


def tall(opening: str, items: Sequence[str], closing: str, indent: int) -> str:
    """A list with an item a line and a comma behind each."""
    inner = pad(indent + STEP)
    lines = "".join(f"{inner}{item},\n" for item in items)
    return f"{opening}\n{lines}{pad(indent)}{closing}"


def filled(items: list[str], indent: int) -> list[str]:
    """Items on lines: several on one where all are short (rustfmt's `no_long_items`); one column
    stays free (its `shape_from_indent_style`)."""
    if any(width(one) > SHORT for one in items):
        return [f"{one}," for one in items]
    lines: list[str] = []
    for one in items:
        if lines and indent + STEP + len(lines[-1]) + len(one) + 2 < WIDTH:
            lines[-1] += f" {one},"
        else:
            lines.append(f"{one},")
    return lines
