"""The ground's auth module: an extractor for each of the backend's gates."""

from port_lsp.patterns.ground.auth.gates import auth_values
from port_lsp.patterns.ground.auth.names import extractor_names

__all__ = ["auth_values", "extractor_names"]
