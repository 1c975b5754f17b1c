"""Variables that are changed where they stand: what a loop or a `try` assigns and others read,
lists and dicts that are filled. In Rust they are `let mut`, of one type.

Which these are, and of which type, shows only while a body is translated; so it is translated again
with what was learned (`body.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from port_lsp.patterns.translate.values import (
    EMPTY,
    OBJECT,
    STR,
    STRING,
    VALUE,
    UntranslatedError,
    Val,
    inside,
    is_none,
    option_of,
    without_reference,
)
from port_lsp.writing.ir.types import AnyType, named


class Variables:
    """What is known of a body's variables: `types` of those that are changed, by Python's names."""

    def __init__(
        self,
        types: Mapping[str, AnyType] | None = None,
        shared: frozenset[str] = frozenset(),
        *,
        is_final: bool = True,
    ) -> None:
        """`types` as an earlier pass has learned them; `shared` are lists and dicts that others may
        know by another name, so that nobody may change them here. `is_final` says that nothing is
        learned any more; `is_tentative` that something stands for what isn't known yet."""
        self.types, self.shared = dict(types or {}), shared
        self.rust: set[str] = set()
        self.is_final = is_final
        self.is_tentative = False
        self._seen: dict[str, list[Val]] = {}
        self._items: dict[str, list[Val]] = {}
        self._wanted: set[str] = set()
        self._dicts: set[str] = set()

    def saw(self, name: str, val: Val) -> None:
        """Notes what is assigned to a name."""
        self._seen.setdefault(name, []).append(val)

    def wants(self, name: str) -> None:
        """Notes that a name is assigned anew, where a `let` isn't enough."""
        self._wanted.add(name)

    def filled(self, name: str, item: Val) -> None:
        """Notes that an item is put into a list of this name."""
        if name not in self.shared:
            self._items.setdefault(name, []).append(item)

    def set_in(self, name: str) -> None:
        """Notes that a key of a dict of this name is set."""
        if name not in self.shared:
            self._dicts.add(name)

    def learned(self) -> dict[str, AnyType]:
        """The types of what is changed, beside what was known before."""
        found = dict(self.types)
        for names in (self._dicts, self._wanted - self._items.keys(), self._items.keys()):
            for name in names - found.keys():
                kind = self._type(name)
                if kind is not None:
                    found[name] = kind
            if found != self.types:  # what a list holds may be another thing then
                break
        return found

    def _type(self, name: str) -> AnyType | None:
        seen = self._seen.get(name, [])
        if name in self._dicts:
            return OBJECT if all(one.type in (VALUE, OBJECT) for one in seen) else None
        try:
            if name in self._items:
                item = common(self._items[name])
                fits = all(one.type in (EMPTY, named("Vec", item)) for one in seen)
                return named("Vec", item) if fits else None
            return common(seen)
        except UntranslatedError:
            return None


def common(vals: Iterable[Val]) -> AnyType:
    """The type that all of some values fit into. Raises UntranslatedError."""
    kinds: list[AnyType] = []
    optional = empty = False
    for val in vals:
        kind = STRING if val.type == STR else without_reference(val.type)
        optional = optional or is_none(val)
        empty = empty or kind == EMPTY
        if not is_none(val) and kind != EMPTY and kind not in kinds:
            kinds.append(kind)
    for kind in kinds:
        inner = option_of(kind)
        if inner is not None and set(kinds) <= {kind, inner}:
            return kind
    if len(kinds) == 1 and kinds[0] != VALUE:
        if empty and inside(kinds[0], "Vec") is None:
            raise UntranslatedError("a name that is of several types")
        return named("Option", kinds[0]) if optional else kinds[0]
    if VALUE in kinds:
        return VALUE
    raise UntranslatedError("a name that is of several types")
