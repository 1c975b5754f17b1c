"""Functions and consts of impls and traits, by type and by name; what implements what."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from typing import TYPE_CHECKING

from port_lsp.rust.declared import ConstItem, FnItem

if TYPE_CHECKING:
    from port_lsp.rust.module import Found, Read

_LONGEST_PARAMETER = 2  # letters of a type parameter's name: `impl<T: A> B for T`


class Members:
    """The members of all types. Lists are in the order of the modules, whatever was added last."""

    def __init__(self) -> None:
        self._by_type: dict[str, dict[str, list[Found]]] = {}
        self._by_name: dict[str, list[Found]] = {}
        self._blanket: dict[str, list[Found]] = {}
        self._traits: dict[str, list[tuple[str, str]]] = {}

    def add(self, read: Read) -> None:
        """What a file declares of types, as one module."""
        for found in read.members:
            self._add(found)
        for name, trait in read.implements:
            self._traits.setdefault(name, []).append((read.module.file, trait))

    def _add(self, found: Found) -> None:
        item = found.item
        if not isinstance(item, (FnItem, ConstItem)) or item.owner is None:
            return
        of_type = self._by_type.setdefault(item.owner, {})
        _insert(of_type.setdefault(item.name, []), found)
        _insert(self._by_name.setdefault(item.name, []), found)
        if item.trait and len(item.owner) <= _LONGEST_PARAMETER:
            _insert(self._blanket.setdefault(item.name, []), found)

    def remove(self, read: Read) -> None:
        """Takes out what `add` put in. The reading must say the same as then."""
        for found in read.members:
            name, owner = found.item.name, getattr(found.item, "owner", None)
            for lists in (self._by_name, self._blanket, self._by_type.get(owner or "", {})):
                if name in lists:
                    lists[name] = [one for one in lists[name] if one is not found]
        for name, trait in read.implements:
            self._traits[name].remove((read.module.file, trait))

    def of(self, type_name: str, name: str) -> list[Found]:
        """The members of that name of types of that name."""
        return self._by_type.get(type_name, {}).get(name, [])

    def named(self, name: str) -> list[Found]:
        """The members of that name, whatever their types."""
        return self._by_name.get(name, [])

    def of_every(self, name: str) -> list[Found]:
        """The members of that name of blanket impls."""
        return self._blanket.get(name, [])

    def traits_of(self, type_name: str) -> list[str]:
        """The traits that types of that name implement, by name."""
        return sorted(trait for _, trait in self._traits.get(type_name, ()))

    def implementors(self, trait: str) -> list[str]:
        """The types that implement traits of that name, by name; blanket impls are left out."""
        return sorted(
            name
            for name, pairs in self._traits.items()
            if len(name) > _LONGEST_PARAMETER and any(of == trait for _, of in pairs)
        )

    def __iter__(self) -> Iterator[Found]:
        for ones in self._by_name.values():
            yield from ones


def _insert(ones: list[Found], found: Found) -> None:
    if not ones or ones[-1].order <= found.order:  # modules are mostly added in their order
        ones.append(found)
    else:
        insort(ones, found, key=lambda one: one.order)
