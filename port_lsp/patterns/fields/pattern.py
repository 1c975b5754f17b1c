"""The pattern: fields for linked structs that lack them, names for those that clients don't find.

A target is a field of the backend's model, by the model's item key and the field's name behind a
`#`. What is missing is added where the backend's order says, what is misnamed is named anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.fields.changing import Changing
from port_lsp.patterns.fields.gaps import Gap, Gaps
from port_lsp.patterns.models.pattern import Drafting
from port_lsp.patterns.port import CannotPortError, Target, about
from port_lsp.writing.draft import Draft


class FieldsPattern:
    """What the registry knows."""

    def draft(self, desk: Desk, targets: Sequence[Target]) -> Draft:
        """The draft of fields, all of a struct at once, with the unported models that they need.
        Raises CannotPortError."""
        gaps, drafting = Gaps(desk.snapshot), Drafting(desk)
        wanted: dict[str, list[tuple[Target, Gap]]] = {}
        for target in targets:
            gap = gaps.of_model(target.id.partition("#")[0])
            if gap is None:
                raise CannotPortError("its struct lacks nothing", (target.id,))
            wanted.setdefault(gap.struct.key, []).append((target, gap))
        whole = Draft()
        taken: dict[str, set[str]] = {}
        for group in wanted.values():
            with about([target.id for target, _ in group]):
                file = group[0][1].struct.place.file
                changing = Changing(
                    desk, drafting, group[0][1].struct, taken.setdefault(file, set())
                )
                for target, gap in group:
                    with about((target.id,)):
                        changing.take(gap, target.id)
                whole = whole.with_(changing.draft())
        return whole
