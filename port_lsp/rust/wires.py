"""What the crate's own types are on the wire: the `Resolve` that `types.from_rust` asks.

A model is a ref by its item key, an alias what it stands for, a newtype what it holds, an enum
without data its values. Everything else is left to `from_rust`, which knows the common crates.
"""

from port_lsp.rust.serde import TypeFact
from port_lsp.rust.typetable import Types
from port_lsp.types.from_rust import from_rust
from port_lsp.types.wire import Resolve, Wire, ref

_OUTER_FORMS = frozenset({"tag", "content", "untagged", "from", "into", "try_from"})


class Wires:
    """The wire types of the crate's own types, as far as they were asked for."""

    def __init__(self, types: Types) -> None:
        self._types = types
        self._known: dict[str, Wire | None] = {}

    def at(self, file: str, scope: str = "") -> Resolve:
        """What paths mean where they are written; `scope` is the path inside the file of what
        they stand in, with a closing `::`, or empty."""

        def resolve(path: str) -> Wire | None:
            key = self._types.key_of(file, scope, path)
            return self.of(key) if key is not None else None

        return resolve

    def of(self, key: str) -> Wire | None:
        """The wire type of a type of the crate by its item key; None where there is no such."""
        if key not in self._known:
            self._known[key] = ref(key)  # a type that leads back to itself
            self._known[key] = self._read(key)
        return self._known[key]

    def _read(self, key: str) -> Wire | None:
        placed = self._types.by_key.get(key)
        if placed is None:
            return None
        fact = placed.fact
        outer = fact.name.rpartition("::")[0]
        here = self.at(placed.file, f"{outer}::" if outer else "")
        if fact.generics:
            return ref(key)
        if fact.kind == "alias":
            return from_rust(fact.target, here)
        if any(attribute.name in _OUTER_FORMS for attribute in fact.attributes):
            return ref(key)
        if fact.kind == "enum":
            return _values(fact) or ref(key)
        transparent = any(attribute.name == "transparent" for attribute in fact.attributes)
        if len(fact.fields) == 1 and (fact.shape == "tuple" or transparent):
            only = fact.fields[0]
            return from_rust(only.annotation, here, only.constraints)
        return ref(key)


def _values(fact: TypeFact) -> Wire | None:
    """The values of an enum without data; numbers where it is written as one."""
    if not fact.fields or any(field.annotation is not None for field in fact.fields):
        return None
    numbered = any(trait.endswith("_repr") for trait in fact.derives)
    names = [field.alias or field.name.removeprefix("r#") for field in fact.fields]
    return Wire("literal", values=tuple(name if numbered else f'"{name}"' for name in names))
