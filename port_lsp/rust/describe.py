"""What an endpoint says besides its route: signature, guard, and whether it is a stub."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from port_lsp.facts.items import Signature
from port_lsp.facts.source import SourceFile
from port_lsp.resolve.routes import Resolved
from port_lsp.rust.access import Access
from port_lsp.rust.declarations import Declarations
from port_lsp.rust.modules import Found
from port_lsp.rust.signatures import Signatures

_replace = msgspec.structs.replace


class Describing:
    """Describes handlers by what the crate declares."""

    def __init__(
        self,
        files: Mapping[str, SourceFile],
        declared: Declarations,
    ) -> None:
        self._files = files
        models = {model.key: model for model in declared.models}
        self._signatures = Signatures(declared.types, models)
        self._access = Access(declared.gates, declared.types)
        self._texts: dict[tuple[str, str], bytes] = {}
        self._stubs = {one.key: one.stub for one in declared.functions if one.stub}

    def signature(self, handler: Found | None, route: Resolved) -> Signature:
        """The signature of what answers a route; a closure's is empty but for its guard."""
        if handler is None:
            return Signature(guard=self._access.guard(None, b"", route.layers))
        text = self._text(handler)
        found = self._signatures.read(handler, text, route.path)
        return _replace(found, guard=self._access.guard(handler, text, route.layers))

    def stub(self, key: str) -> str | None:
        """The sign by which the handler with this item key is a stub."""
        return self._stubs.get(key)

    def _text(self, handler: Found) -> bytes:
        key = (handler.module.file, handler.chunk)
        if key not in self._texts:
            file = self._files[key[0]]
            self._texts[key] = file.chunk_bytes(file.by_id[key[1]])
        return self._texts[key]
