"""What a type's path means, as an item key: `modules.Modules` asked from a place in a file."""

from port_lsp.facts.source import item_key
from port_lsp.rust.declared import TypeItem
from port_lsp.rust.module import Found, Module
from port_lsp.rust.modules import Modules
from port_lsp.rust.syntax import plain

_MOST_ASKED = 5_000  # of texts that are gone, too


class TypeNames:
    """Answers `typetable.Resolve`: the item key of the type that a path means, else None.

    A file that is a module of several crates (of a library and a program) answers as the first.
    """

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._by_place: dict[tuple[str, str], Module] = {}
        for module in modules.modules:
            self._by_place.setdefault((module.file, module.inline), module)
        self._known: dict[tuple[str, str, str], str | None] = {}

    def again(self, modules: Modules) -> "TypeNames":
        """What paths mean in modules that are others now: these very names, brought up to date,
        where all that was asked so far means what it meant; else new ones."""
        new = TypeNames(modules)
        if len(self._known) > _MOST_ASKED or any(
            new(*asked) != key for asked, key in self._known.items()
        ):
            return new
        self._modules, self._by_place = modules, new._by_place
        return self

    def __call__(self, file: str, scope: str, path: str) -> str | None:
        """`scope` is the path inside the file with a closing `::`, or empty."""
        asked = (file, scope, path)
        if asked not in self._known:
            self._known[asked] = self._find(file, scope, path)
        return self._known[asked]

    def _find(self, file: str, scope: str, path: str) -> str | None:
        module = self._module(file, scope)
        if module is None or not path:
            return None
        segments = tuple(plain(part.strip()) for part in path.split("::"))
        meaning = self._modules.meaning(module, segments, value=False)
        if not isinstance(meaning, Found) or not isinstance(meaning.item, TypeItem):
            return None
        return item_key(meaning.module.file, meaning.qualified)

    def _module(self, file: str, scope: str) -> Module | None:
        """The innermost inline module that a scope begins with."""
        parts = scope.split("::")[:-1]
        while parts:
            module = self._by_place.get((file, "::".join(parts)))
            if module is not None:
                return module
            parts.pop()
        return self._by_place.get((file, ""))
