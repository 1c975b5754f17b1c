"""The ground of a new crate: everything in it that is no item of the backend."""

from port_lsp.patterns.ground.facts import GroundFacts, facts_of
from port_lsp.patterns.ground.render import TemplateFailedError, ground

__all__ = ["GroundFacts", "TemplateFailedError", "facts_of", "ground"]
