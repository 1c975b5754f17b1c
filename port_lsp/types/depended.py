"""What an endpoint depends on, in neutral form."""

from __future__ import annotations

from port_lsp.facts.items import Parameter
from port_lsp.facts.source import Record


class Dependency(Record, frozen=True):
    """One `Depends`: the dependency's name, the handler's parameter that gets its value ("" where
    none does), the item key of its function or class ("" for another thing), and the parameters
    that it takes from the request, with those of what it depends on itself. `guards` says whether
    it keeps somebody out by itself."""

    name: str
    param: str = ""
    key: str = ""
    parameters: tuple[Parameter, ...] = ()
    guards: bool = False
