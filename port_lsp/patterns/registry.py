"""Which pattern writes which kind of item: one line each."""

from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.pattern import EndpointPattern
from port_lsp.patterns.events.pattern import EventPattern
from port_lsp.patterns.fields import FieldsPattern
from port_lsp.patterns.functions import FunctionPattern
from port_lsp.patterns.models import ModelPattern
from port_lsp.patterns.port import Kind, Pattern, Porter
from port_lsp.patterns.stubs import StubPattern

PATTERNS: dict[Kind, Pattern] = {
    "model": ModelPattern(),
    "endpoint": EndpointPattern(),
    "event": EventPattern(),
    "fields": FieldsPattern(),
    "function": FunctionPattern(),
    "stub": StubPattern(),
}


def porter(desk: Desk) -> Porter:
    """Who ports items at a desk."""
    return Porter(desk, PATTERNS)
