"""Where a new field goes in its struct, and how it is called there."""

from __future__ import annotations

from port_lsp.patterns.gaps import Gap
from port_lsp.patterns.names import snake
from port_lsp.rust.structtext import StructText


def styled(gap: Gap, name: str) -> str:
    """A field's name as this struct writes such names: as Python does, where it does so with names
    that aren't Rust's."""
    odd = [(ours, theirs) for ours, theirs in gap.pairs if ours != snake(ours)]
    kept = sum(ours == theirs for ours, theirs in odd)
    return name if odd and 2 * kept > len(odd) else snake(name)


def place_behind(gap: Gap, name: str, struct: StructText) -> str:
    """The field of a struct that a new one comes behind, by the order of the backend's fields; ""
    for the struct's beginning. What is flattened stays at the end."""
    there = {ours: theirs.removeprefix("r#") for ours, theirs in gap.pairs}
    order = [one.name for one in gap.model.fields]
    at = order.index(name)
    listed = [one.name for one in struct.fields]
    for other in reversed(order[:at]):
        if (known := there.get(other)) in listed:
            return known or ""
    for other in order[at + 1 :]:
        if (known := there.get(other)) in listed:
            index = listed.index(known or "")
            return listed[index - 1] if index else ""
    plain = [one.name for one in struct.fields if not one.is_flattened]
    return plain[-1] if plain else ""
