"""Where the crate lists a struct's fields one by one, so that a new field must be said there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from port_lsp.facts.items import Model
from port_lsp.facts.source import Place, Record, SourceFile
from port_lsp.patterns.desk import Desk
from port_lsp.rust.constructions import Listing, listings
from port_lsp.rust.declared import TypeItem
from port_lsp.text import Span

_SHARED = "listings of"
_SHOWN = 5  # places in a message


class Listed(Record, frozen=True):
    """One such place. Where it isn't `sure`, it may be about another type of the name."""

    file: str
    listing: Listing
    place: Place
    line: int
    sure: bool = True

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def listed(desk: Desk, struct: Model) -> list[Listed]:
    """The places where the fields of a struct are listed in full, in the order of files; looked for
    once in a revision."""
    known = desk.shared.setdefault(f"{_SHARED} {struct.key}", None)
    if not isinstance(known, _Found):
        known = desk.shared[f"{_SHARED} {struct.key}"] = _Found(tuple(_Search(desk, struct).run()))
    return list(known.places)


class _Found(Record, frozen=True):
    places: tuple[Listed, ...]


class _Search:
    def __init__(self, desk: Desk, struct: Model) -> None:
        self._desk, self._files = desk, desk.workshop.files
        self._scopes = desk.workshop.scopes
        self._file, _, self._qualified = struct.key.partition("::")
        *inside, self._name = self._qualified.split("::")
        self._modules = tuple(inside)
        self._target = self._scopes.found_path(self._file, self._qualified)
        self._aliases = self._other_names()

    def run(self) -> Iterator[Listed]:
        """Every listing that is about the struct, or may be."""
        names = frozenset((self._name, *self._aliases))
        words = "|".join(map(re.escape, names)).encode()
        begins = re.compile(
            rb"\b(?:%s|Self)\b\s*(?:::\s*<[^;{}]*>\s*)?\{|as(?:_unchecked)?!" % words
        )
        for path, file in self._files.items():
            data = file.text.data
            if not any(name.encode() in data for name in names) or not begins.search(data):
                continue
            for one in listings(data, names):
                sure = self._is_meant(path, one)
                if sure is not False:
                    line = file.text.line_of(one.at)
                    yield Listed(path, one, _place(file, one.at), line, sure is True)

    def _other_names(self) -> frozenset[str]:
        """The names that the struct has by `use … as` and `type`."""
        found: set[str] = set()
        while True:
            words = "|".join(map(re.escape, (self._name, *found)))
            other = re.compile(
                rf"\b(?:{words})\s+as\s+(\w+)|\btype\s+(\w+)[^=;]*=\s*(?:\w+::)*(?:{words})\b".encode()
            )
            more = {
                (match[1] or match[2]).decode()
                for file in self._files.values()
                for match in other.finditer(file.text.data)
            } - {"_", self._name}
            if more <= found:
                return frozenset(found)
            found |= more

    def _is_meant(self, file: str, one: Listing) -> bool | None:
        """Whether a listing is about the struct; None where that can't be told."""
        path, name = one.path, one.path[-1]
        if len(path) > 1 and path[-2][:1].isupper():  # an enum's variant
            return False
        if one.modules and len(path) == 1:
            declared = list(self._types(file, name))
            if any(item.module == one.modules for item in declared):
                return (file, one.modules) == (self._file, self._modules)
            if self._written(file, name) > len(declared):  # one that only tests have
                return None
        meaning = self._scopes.meant(file, path)
        if meaning is not None and self._target is not None:
            if meaning == self._target or meaning[-1] in self._aliases:
                return True
            if not one.modules:
                return False
        if name in self._aliases:
            return None
        others = sum(1 for other in self._files for _ in self._types(other, name))
        return True if others == 1 else None

    def _written(self, file: str, name: str) -> int:
        """How often a file has the beginning of a type's declaration."""
        word = rf"\b(?:struct|enum|union|type)\s+{name}\b".encode()
        return len(re.findall(word, self._files[file].text.data))

    def _types(self, file: str, name: str) -> Iterator[TypeItem]:
        """The types of a name that a file declares."""
        if name.encode() not in self._files[file].text.data:
            return
        for _, item in self._desk.workshop.declared(file):
            if isinstance(item, TypeItem) and item.name == name:
                yield item


def shown(places: Sequence[Listed]) -> str:
    """The first few of some places, as a message says them."""
    text = ", ".join(map(str, places[:_SHOWN]))
    return text if len(places) <= _SHOWN else f"{text} and {len(places) - _SHOWN} more"


def _place(file: SourceFile, offset: int) -> Place:
    chunk = next(one for one in file.chunks if one.span.start <= offset < one.span.end)
    start = offset - chunk.span.start
    return Place(file.path, chunk.id, Span(start, start + 1))
