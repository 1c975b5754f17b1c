"""How tests get at the application of a package without a library: from inside of its program.

Its `main` can't be called, but what it puts together can: the functions that make routers or
configure scopes, each under the prefix that it stands under there, with what is wrapped around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from port_lsp.facts.routing import Join, Layer
from port_lsp.facts.source import Place, Record
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.events.statelayer import layer_makers
from port_lsp.resolve.paths import join
from port_lsp.resolve.routes import Resolved
from port_lsp.rust.cargo import Package
from port_lsp.rust.declared import FnItem
from port_lsp.testing.harness import Harness, Mounted, NoHarnessError
from port_lsp.testing.makers import Maker, makes, mounted_by, state_of
from port_lsp.writing.ir import body as b
from port_lsp.writing.ir.types import Symbol

# What a test's requests don't notice: they have no Origin, and accept no encodings.
_UNSEEN = ("Cors", "CorsLayer", "Compress", "CompressionLayer", "Logger", "TraceLayer",
           "TracingLogger")  # fmt: skip
_UNNOTICED, _UNKNOWN = "unnoticed", "unknown"
_PLAIN = re.compile(r"([A-Za-z_]\w*(?:::\w+)*)(\(\))?$")
_CONFIGURES = re.compile(rb"\b(?:Json|Form|Query|Path)Config\b")


class _Part(Record, frozen=True):
    """A function that makes a part, its prefix, and the layers outside of it."""

    maker: Maker
    prefix: str
    layers: tuple[Layer, ...]


def of_program(desk: Desk, package: Package, root: str) -> Harness:
    """The harness of a program, by the first of its files. Raises NoHarnessError."""
    return _Program(desk, package, root).harness()


class _Program:
    """What a program puts together."""

    def __init__(self, desk: Desk, package: Package, root: str) -> None:
        self._desk, self._package, self._root = desk, package, root
        self._scopes = desk.workshop.scopes
        self._join: Join = "axum" if desk.framework == "axum" else "actix"
        self._makers: dict[tuple[str, str], Maker | None] = {}
        self._outside: set[tuple[str, str]] = set()
        self._known: dict[Layer, b.Expr | str] = {}

    def harness(self) -> Harness:
        parts: dict[_Part, None] = {}
        missing: list[tuple[Place, str]] = []
        for one in self._desk.workshop.resolved():
            registered = one.register.registered
            if self._scopes.root_of(registered.file) != self._root:
                continue
            part = self._part(one)
            if isinstance(part, _Part):
                parts[part] = None
            else:
                missing.append((registered, part))
        if not parts:
            wanted = "gives a Router" if self._desk.framework == "axum" else "takes a ServiceConfig"
            raise NoHarnessError(
                f"no function of {self._root} {wanted}: what `main` builds can't be called"
            )
        common = [
            layer for layer in next(iter(parts)).layers
            if all(layer in part.layers for part in parts)
        ]  # fmt: skip
        mounts = tuple(self._mounted(one, common) for one in parts)
        state, takes = state_of(self._desk, [one.maker for one in parts], self._package)
        layers = tuple(self._layers(common))
        return Harness(
            self._package, "crate", mounts, state, takes, self._root, layers,
            self._configured(), tuple(missing),
        )  # fmt: skip

    def _part(self, one: Resolved) -> _Part | str:
        """The outermost function that makes what a registration is in, or why there is none."""
        chain = [*one.trail, ("", one.register.registered)]
        prefix = ""
        for at, (added, place) in enumerate(chain):
            maker = self._maker(place)
            if maker is None:
                prefix = join(self._join, prefix, added) if added else prefix
                continue
            inside = {(place.file, place.chunk) for _, place in chain[at:]}
            outside = tuple(
                layer for layer in one.placed
                if (layer.place.file, layer.place.chunk) not in inside
            )  # fmt: skip
            self._outside |= {(place.file, place.chunk) for _, place in chain[:at]}
            for layer in outside:
                if self._layer(layer) == _UNKNOWN:
                    return f"what `{layer.name}` does, which is around it, isn't known"
            return _Part(maker, prefix, outside)
        return f"{self._root} registers it in no function that tests could call"

    def _maker(self, place: Place) -> Maker | None:
        """The function that a place is in, if it makes a part."""
        key = (place.file, place.chunk)
        if key not in self._makers:
            items = [
                item for ident, item in self._desk.workshop.declared(place.file)
                if ident == place.chunk and isinstance(item, FnItem)
            ]  # fmt: skip
            alone = len(items) == 1 and items[0].owner is None and not items[0].generics
            makes_it = alone and makes(self._desk, items[0])
            self._makers[key] = Maker(place.file, items[0]) if makes_it else None
        return self._makers[key]

    def _mounted(self, part: _Part, common: Sequence[Layer]) -> Mounted:
        maker = part.maker
        path = self._scopes.found_path(maker.file, maker.item.qualified)
        if path is None:
            raise NoHarnessError(f"{maker.file} is no module of {self._root}")
        mounted = mounted_by(maker, Symbol(path), part.prefix)
        own = [one for one in part.layers if one not in common]
        layers = tuple(self._layers(own))
        return replace(mounted, layers=layers)

    def _layers(self, layers: Iterable[Layer]) -> Iterable[b.Expr]:
        """Layers as they stand in the program, from top to bottom."""
        for one in sorted(layers, key=lambda layer: layer.place.span.start):
            made = self._layer(one)
            if not isinstance(made, str):
                yield made

    def _layer(self, layer: Layer) -> b.Expr | str:
        """What makes a layer again, or why nothing does."""
        if layer not in self._known:
            unnoticed = _is_unnoticed(self._desk, layer)
            made = _UNNOTICED if unnoticed else self._again(layer) or _UNKNOWN
            self._known[layer] = made
        return self._known[layer]

    def _again(self, layer: Layer) -> b.Expr | None:
        """A layer that needs nothing of its surroundings: `middleware::Headers`, `Trim::new()`."""
        found = _PLAIN.match(layer.name)
        if found is None:
            return None
        path, file = tuple(found[1].split("::")), layer.place.file
        whole = self._scopes.meant(file, path)
        if whole is not None and not found[2]:
            return b.Path(Symbol(whole))
        of = self._scopes.meant(file, path[:-1]) if len(path) > 1 else None
        if of is None or not found[2]:
            return None
        return b.Call(b.Path(Symbol(of), path[-1:]))

    def _configured(self) -> bool:
        """Whether what is outside of these functions says how wrong requests are answered."""
        files = self._desk.workshop.files
        for file, ident in self._outside:
            chunk = files[file].by_id.get(ident) if file in files else None
            if chunk is not None and _CONFIGURES.search(files[file].chunk_bytes(chunk)):
                return True
        return False


def _is_unnoticed(desk: Desk, layer: Layer) -> bool:
    """Whether a layer is one that no request of a test notices; none of the crate's own, whatever
    it is called."""
    scopes = desk.workshop.scopes

    def is_unseen(path: Sequence[str]) -> bool:
        at = next((at for at, name in enumerate(path) if name in _UNSEEN), None)
        if at is None:
            return False
        meant = scopes.meant(layer.place.file, tuple(path[: at + 1]))
        return meant is None or not scopes.is_ours(meant)

    head = re.match(r"\w+(?:::\w+)*", layer.name)
    names = head[0].split("::") if head is not None else []
    if is_unseen(names):
        return True
    if names and any(item.name == names[-1] for _, item in layer_makers(desk)):
        return True  # it answers only what is asked below its own path
    if len(names) != 1 or head is None or head[0] != layer.name:
        return False
    file = desk.workshop.files.get(layer.place.file)
    chunk = file.by_id.get(layer.place.chunk) if file is not None else None
    if file is None or chunk is None:
        return False
    text = file.chunk_bytes(chunk).decode("utf-8", "replace")
    bound = re.search(rf"\blet (?:mut )?{names[0]}\b[^;]*;", text)
    paths = re.findall(r"\b\w+(?:::\w+)+", bound[0]) if bound is not None else []
    return any(is_unseen(one.split("::")) for one in paths)
