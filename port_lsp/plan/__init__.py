"""The order in which a backend is ported: the steps of a guide, of a plan file, or of what rests on
what."""

from port_lsp.plan.find import plan_of
from port_lsp.plan.steps import PlannedFile, Step

__all__ = ["PlannedFile", "Step", "plan_of"]
