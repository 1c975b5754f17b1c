"""The crate's extractors that are called like the backend's dependencies: AdminUser for
`get_admin_user`."""

from __future__ import annotations

import re

from port_lsp.facts.items import Endpoint
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.endpoints.says import GuardWay
from port_lsp.patterns.ground.auth.names import extractor_name, extractor_names
from port_lsp.patterns.names import snake
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir import items as i
from port_lsp.writing.ir.types import Symbol, Type

# A struct with one field that handlers may use, or without any.
_STRUCT = (
    r"\bpub(?:\([^)]*\))?\s+struct\s+{}\s*"
    r"(?:(?P<unit>;)|\(\s*(?P<one>pub\s+(?:\([^()]*\)|[^,()]+?)),?\s*\)\s*;)"
)


class Keepers:
    """Finds the extractors that stand for the gates of the backend's endpoints."""

    def __init__(self, desk: Desk) -> None:
        """Of the desk's revision; `depended` says what each endpoint (its id) depends on."""
        self._desk = desk
        crate = desk.snapshot.crate
        parts = crate.parts if crate is not None else ()
        known = {part.name: part.place.file for part in parts if part.kind == "extractor"}
        self._known = known
        self.depended = desk.backend.depended()
        guards = {one.name for every in self.depended.values() for one in every if one.guards}
        # How they let somebody in takes a while to find out.
        usual = tuple(extractor_name(one) for one in guards)
        auth = desk.backend.auth() if any(name.startswith(usual) for name in known) else None
        names = extractor_names(auth.gates) if auth is not None else {}
        self._files: dict[str, tuple[str, str]] = {}
        for gate in auth.gates if auth is not None else ():
            called = (names[gate.key], extractor_name(gate.name, gate.made_with))
            found = next((name for name in called if name in known), None)
            if found is not None:
                self._files[gate.key] = (found, known[found])
        self._gates = dict(auth.endpoints) if auth is not None and self._files else {}

    def way(self, endpoint: Endpoint) -> GuardWay | None:
        """The extractors for all gates of an endpoint; None where the crate lacks one of them."""
        params: list[i.Param] = []
        for key in self._gates.get(endpoint.id, ()):
            param = self._param(*self._files[key]) if key in self._files else None
            if param is None:
                return None
            params.append(param)
        if not params:
            return None
        return GuardWay("extractor", params[0], more=tuple(params[1:]))

    def named(self, dependency: str) -> i.Param | None:
        """The parameter for the extractor that is called like a dependency; None without one."""
        name = extractor_name(dependency)
        if name not in self._known:
            return None
        found = self._param(name, self._known[name])
        if found is None or isinstance(found.pattern, b.Wild):
            return found
        bound: b.Pattern = b.Bind(snake(name))
        if isinstance(found.pattern, b.TuplePattern):
            bound = b.TuplePattern(found.pattern.symbol, (bound,))
        return i.Param(bound, found.type)

    def _param(self, name: str, file: str) -> i.Param | None:
        scopes = self._desk.workshop.scopes
        path = scopes.found_path(file, name)
        found = scopes.type_item(path) if path is not None else None
        if path is None or found is None:
            return None
        source = self._desk.snapshot.crate_files.get(found[0])
        text = source.text.data.decode("utf-8", "replace") if source is not None else ""
        struct = re.search(_STRUCT.format(name), text)
        of = Symbol(path)
        if struct is None:
            return i.Param(b.Bind("user"), Type(of))
        pattern: b.Pattern = b.Wild()
        if struct["one"]:
            pattern = b.TuplePattern(of, (b.Bind(_bound(struct["one"])),))
        return i.Param(pattern, Type(of))


def _bound(field: str) -> str:
    """What a handler calls what an extractor holds."""
    kind = field.rpartition(" ")[2]
    if kind.endswith("Claims"):
        return "claims"
    return "token" if kind.endswith(("String", "Option<String>")) else "user"


def keepers(desk: Desk) -> Keepers:
    """Those of the desk's revision."""
    return desk.shares(Keepers)
