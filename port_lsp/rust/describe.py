"""What an endpoint says besides its route: signature, guard, and whether it is a stub."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from port_lsp.facts.items import Model, Signature
from port_lsp.facts.source import SourceFile
from port_lsp.resolve.routes import Resolved
from port_lsp.rust.access import Access
from port_lsp.rust.declarations import Chunks, Declarations
from port_lsp.rust.declared import ChunkFacts
from port_lsp.rust.modules import Found
from port_lsp.rust.signatures import Signatures

_replace = msgspec.structs.replace
_Key = tuple[str, str, int, str, tuple[str, ...]]


class _Kept(msgspec.Struct, frozen=True, eq=False):
    """A signature, and what it was read of: the chunk's digest and the models it looked at."""

    digest: bytes
    models: tuple[tuple[str, Model | None], ...]
    signature: Signature


class Describing:
    """Describes handlers by what the crate declares; keeps what an edit leaves as it was."""

    def __init__(self) -> None:
        self._kept: dict[_Key, _Kept] = {}
        self._gates: object = None
        self._types: object = None

    def start(
        self,
        files: Mapping[str, SourceFile],
        facts: Mapping[str, Chunks],
        declared: Declarations,
        *,
        same_names: bool,
    ) -> None:
        """Begins a reading. `same_names` says that names mean what they meant in the last one."""
        self._files, self._facts = files, facts
        self._models = Watched({model.key: model for model in declared.models})
        self._signatures = Signatures(declared.types, self._models)
        self._access = Access(declared.gates, declared.types)
        self._stubs = {one.key: one.stub for one in declared.functions if one.stub}
        self._by_chunk: dict[tuple[str, str], ChunkFacts] = {}
        types = tuple(declared.types.by_key)
        if not same_names or self._gates != declared.gates or self._types != types:
            self._kept.clear()
        self._gates, self._types = declared.gates, types

    def signature(self, handler: Found | None, route: Resolved) -> Signature:
        """The signature of what answers a route; a closure's is empty but for its guard."""
        if handler is None:
            return Signature(guard=self._access.guard(None, b"", route.layers))
        file = self._files[handler.module.file]
        chunk = file.by_id[handler.chunk]
        key = (*handler.identity, route.path, route.layers)
        known = self._kept.get(key)
        if known is not None and known.digest == chunk.digest:
            models = self._models.all
            if all(models.get(name) is model for name, model in known.models):
                return known.signature
        body = self._body(handler, file)
        self._models.asked.clear()
        found = self._signatures.read(handler, body, route.path)
        found = _replace(found, guard=self._access.guard(handler, body, route.layers))
        asked = tuple((name, self._models.all.get(name)) for name in self._models.asked)
        self._kept[key] = _Kept(chunk.digest, asked, found)
        return found

    def stub(self, key: str) -> str | None:
        """The sign by which the handler with this item key is a stub."""
        return self._stubs.get(key)

    def _body(self, handler: Found, file: SourceFile) -> bytes:
        place = (handler.module.file, handler.chunk)
        if place not in self._by_chunk:
            for ident, facts in self._facts.get(place[0], ()):
                self._by_chunk[place[0], ident] = facts
        text = file.chunk_bytes(file.by_id[handler.chunk])
        for name, start, end in self._by_chunk[place].blocks:
            if name == handler.item.start:
                return text[start:end]
        return b""


class Watched:
    """Models by key; notes which were asked for."""

    def __init__(self, models: Mapping[str, Model]) -> None:
        self.all = models
        self.asked: dict[str, None] = {}

    def __call__(self, key: str) -> Model | None:
        """The model with this key."""
        self.asked[key] = None
        return self.all.get(key)
