"""The pattern: fields for linked structs that lack them, names for those that clients don't find.

A target is a field of the backend's model, by the model's item key and the field's name behind a
`#`. What is missing is added where the backend's order says, what is misnamed is named anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.fields.changing import Changing
from port_lsp.patterns.gaps import Gap, Gaps
from port_lsp.patterns.models.pattern import Drafting
from port_lsp.patterns.port import CannotPortError, Target
from port_lsp.writing.draft import Draft


class FieldsPattern:
    """What the registry knows."""

    def draft(self, desk: Desk, targets: Sequence[Target]) -> Draft:
        """The draft of fields, all of a struct at once, with the unported models that they need.
        Raises CannotPortError."""
        gaps, drafting = Gaps(desk.snapshot), Drafting(desk)
        wanted: dict[str, list[tuple[Target, Gap]]] = {}
        reasons: dict[str, str] = {}
        for target in targets:
            gap = gaps.of_model(target.id.partition("#")[0])
            if gap is None:
                reasons[target.id] = "its struct lacks nothing"
            else:
                wanted.setdefault(gap.struct.key, []).append((target, gap))
        whole = Draft()
        taken: dict[str, set[str]] = {}
        for group in wanted.values():
            struct = group[0][1].struct
            names = taken.setdefault(struct.place.file, set())
            try:
                changing = Changing(desk, drafting, struct, names)
            except CannotPortError as error:
                reasons |= {target.id: str(error) for target, _ in group}
                continue
            refused = ((target.id, _refused(changing, gap, target)) for target, gap in group)
            reasons |= {ident: reason for ident, reason in refused if reason is not None}
            if not reasons:
                whole = whole.with_(changing.draft())
        if reasons:
            raise CannotPortError(next(iter(reasons.values())), reasons=reasons)
        return whole

    def places(self, desk: Desk, target: Target) -> tuple[str, ...]:
        """A field goes into its struct."""
        return ()


def _refused(changing: Changing, gap: Gap, target: Target) -> str | None:
    """Has a target done; why that can't be, else."""
    try:
        changing.take(gap, target.id)
    except CannotPortError as error:
        return str(error)
    return None
