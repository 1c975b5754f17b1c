"""What an endpoint says besides its route: signature, guard, and whether it is a stub."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import msgspec

from port_lsp.facts.items import Model, Signature
from port_lsp.facts.source import SourceFile
from port_lsp.resolve.routes import Resolved
from port_lsp.rust.access import Access, changed_gates
from port_lsp.rust.declarations import Chunks, Declarations
from port_lsp.rust.declared import ChunkFacts
from port_lsp.rust.gates import Gate
from port_lsp.rust.module import Found
from port_lsp.rust.signatures import Signatures, placeholders

_MOST_KEPT = 10_000  # signatures of texts that are gone stay until then
_NONE = Signature()
_replace = msgspec.structs.replace
_Key = tuple[str, str, int, tuple[str, ...], tuple[str, ...]]


class _Kept(msgspec.Struct, frozen=True, eq=False):
    """A signature, and what it was read of: the chunk's digest, the gates that were looked up, the
    meanings of the types that it names, and the models it looked at."""

    digest: bytes
    looked: frozenset[str]
    names: dict[tuple[str, str, str], str | None]
    models: dict[str, Model | None]
    signature: Signature


class Undescribed:
    """Says nothing of any handler: for a reading that only asks for routes."""

    as_before = True

    def start(
        self,
        files: Mapping[str, SourceFile],
        facts: Mapping[str, Chunks],
        declared: Declarations,
    ) -> None:
        """See `Describing`."""

    def is_as_before(self, path: str) -> bool:
        """See `Describing`."""
        return True

    def signature(self, handler: Found | None, route: Resolved) -> Signature:
        """The same one for all."""
        return _NONE

    def stub(self, key: str) -> str | None:
        """None is known to be a stub."""
        return None


class Describing:
    """Describes handlers by what the crate declares; keeps what an edit leaves as it was."""

    def __init__(self) -> None:
        self._kept: dict[_Key, _Kept] = {}
        self._gates: tuple[Gate, ...] = ()
        self._declared: Declarations | None = None
        self._models: dict[str, Model] = {}
        self._checked: set[_Key] = set()
        self._files: Mapping[str, SourceFile] = {}
        self._before: Mapping[str, SourceFile] = {}
        self.as_before = False

    def start(
        self,
        files: Mapping[str, SourceFile],
        facts: Mapping[str, Chunks],
        declared: Declarations,
    ) -> None:
        """Begins a reading; `as_before` says whether all that signatures and stubs rest on is
        declared as at the last one, but for the handlers themselves."""
        self.as_before = self._declared is declared or self._is_as_before(declared)
        self._before, self._files, self._facts = self._files, files, facts
        self._by_chunk: dict[tuple[str, str], ChunkFacts] = {}
        if self.as_before:
            self._declared = declared
            return
        before, self._declared = self._declared, declared
        models = {model.key: model for model in declared.models}
        # What held at the last reading holds, unless it looked at a model that is another now.
        same_names = before is not None and declared.types.means_as(before.types)
        self._held = self._checked if same_names else set[_Key]()
        self._checked = set[_Key]()
        old, self._models = self._models, models
        keys = old.keys() | models.keys()
        self._others = {key for key in keys if old.get(key) is not models.get(key)}
        self._watch = Watched(declared.types.key_of, models)
        self._signatures = Signatures(self._watch.key_of, self._watch.model)
        self._access = Access(declared.gates, self._watch.key_of)
        self._stubs = _stubs(declared)
        gone = changed_gates(self._gates, declared.gates)
        if gone or len(self._kept) > _MOST_KEPT:
            many = len(self._kept) > _MOST_KEPT
            self._kept = {
                key: known
                for key, known in self._kept.items()
                if not many and gone.isdisjoint(known.looked)
            }
        self._gates = declared.gates

    def _is_as_before(self, declared: Declarations) -> bool:
        before = self._declared
        if before is None or before.types is not declared.types:
            return False
        same = before.models is declared.models and before.gates is declared.gates
        return same and self._stubs == _stubs(declared)

    def is_as_before(self, path: str) -> bool:
        """Whether a file has the text that it had at the last reading."""
        return self._files.get(path) is self._before.get(path)

    def signature(self, handler: Found | None, route: Resolved) -> Signature:
        """The signature of what answers a route; a closure's is empty but for its guard."""
        if handler is None:
            return Signature(guard=self._access.guard(None, b"", route.layers))
        file = self._files[handler.module.file]
        chunk = file.by_id[handler.chunk]
        key = (*handler.identity, placeholders(route.path), route.layers)
        known = self._kept.get(key)
        fits = known is not None and known.digest == chunk.digest
        if known is not None and fits and self._holds(key, known):
            return known.signature
        body = self._body(handler, file)
        names, models = self._watch.begin()
        self._access.looked.clear()
        found = self._signatures.read(handler, body, key[3])
        found = _replace(found, guard=self._access.guard(handler, body, route.layers))
        if known is not None and known.signature == found:
            found = known.signature
        looked = frozenset(self._access.looked)
        self._kept[key] = _Kept(chunk.digest, looked, names, models, found)
        self._checked.add(key)
        return found

    def _holds(self, key: _Key, known: _Kept) -> bool:
        """Whether what a signature was read of is the same still."""
        if key not in self._checked:
            held = key in self._held and known.models.keys().isdisjoint(self._others)
            if not held and not self._watch.still(known.names, known.models):
                return False
            self._checked.add(key)
        return True

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


Describes: TypeAlias = Describing | Undescribed


def _stubs(declared: Declarations) -> dict[str, str]:
    """The signs by which functions are stubs, by item key."""
    return {one.key: one.stub for one in declared.functions if one.stub}


class Watched:
    """Types and models; notes what was asked and what the answers were."""

    def __init__(
        self, key_of: Callable[[str, str, str], str | None], models: Mapping[str, Model]
    ) -> None:
        self._key_of = key_of
        self._models = models
        self.begin()

    def begin(self) -> tuple[dict[tuple[str, str, str], str | None], dict[str, Model | None]]:
        """The notes from now on: what types meant, and the models."""
        self._names: dict[tuple[str, str, str], str | None] = {}
        self._asked: dict[str, Model | None] = {}
        return self._names, self._asked

    def key_of(self, file: str, scope: str, path: str) -> str | None:
        """The item key of the type that a path means where it is written."""
        key = self._names[file, scope, path] = self._key_of(file, scope, path)
        return key

    def model(self, key: str) -> Model | None:
        """The model with this key."""
        found = self._asked[key] = self._models.get(key)
        return found

    def still(
        self, names: dict[tuple[str, str, str], str | None], models: dict[str, Model | None]
    ) -> bool:
        """Whether the answers are the same as they were."""
        return all(self._models.get(key) is model for key, model in models.items()) and all(
            self._key_of(*asked) == key for asked, key in names.items()
        )
