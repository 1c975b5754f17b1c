"""What the runs of modules came to, by its item key, until a module is run again."""

from __future__ import annotations


class Reached:
    """A set of item keys, each there as long as one of the modules whose runs added it."""

    def __init__(self) -> None:
        self._by_module: dict[str, set[str]] = {}

    def add(self, module: str, key: str) -> None:
        """The run of a module (its path) came to an item."""
        self._by_module.setdefault(module, set()).add(key)

    def forget(self, module: str) -> None:
        """The module is run again."""
        self._by_module.pop(module, None)

    def __contains__(self, key: str) -> bool:
        """Whether any module's run came to it."""
        return any(key in keys for keys in self._by_module.values())
