"""The types of the crate, and what a path means as one of them."""

from collections.abc import Callable, Iterable

from port_lsp.facts.source import Record, item_key
from port_lsp.rust.literals import split
from port_lsp.rust.serde import TypeFact

Resolve = Callable[[str, str, str], "str | None"]
"""(file, scope inside it with a closing `::` or empty, path as written) → item key of the type."""


class PlacedType(Record, frozen=True):
    """A type and where its chunk is."""

    file: str
    chunk: str
    fact: TypeFact


class Types:
    """The types of the crate by item key, and what a path means as one of them."""

    def __init__(self, placed: Iterable[PlacedType], resolve: Resolve) -> None:
        self.by_key: dict[str, PlacedType] = {}
        for one in placed:
            key = base = item_key(one.file, one.fact.name)
            number = 2
            while key in self.by_key:  # the same name under another `cfg`
                key, number = f"{base}~{number}", number + 1
            self.by_key[key] = one
        self._resolve = resolve

    def means_as(self, other: "Types") -> bool:
        """Whether every path means the same type as it does with others."""
        return self._resolve is other._resolve and self.by_key.keys() == other.by_key.keys()

    def key_of(self, file: str, scope: str, path: str) -> str | None:
        """The type that a path means where it is written; None for one outside the crate."""
        if "::" not in path:
            around = scope
            while True:
                key = item_key(file, around + path)
                if key in self.by_key:
                    return key
                if not around:
                    break
                around = "".join(f"{part}::" for part in around.split("::")[:-2])
        key = self._resolve(file, scope, path)
        return key if key in self.by_key else None


def head(kind: str) -> str:
    """The path of a type without references, lifetimes and arguments: `&'a b::C<D>` is `b::C`."""
    text = kind.strip()
    while text.startswith(("&", "'", "mut ", "dyn ")):
        text = text[1:] if text[0] == "&" else text.partition(" ")[2]
        text = text.strip()
    return text.partition("<")[0].strip()


def arguments(kind: str) -> tuple[str, ...]:
    """The arguments in a type's angle brackets, without lifetimes."""
    inside = kind.partition("<")[2].rpartition(">")[0]
    return tuple(part for part in split(inside) if not part.startswith("'"))
