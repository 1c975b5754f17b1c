"""Names that new items of a file can't have."""

from __future__ import annotations

from collections.abc import Iterable

from port_lsp.rust.scopes import Scopes


class Taken(set[str]):
    """The names that can't be given in a file any more: these, and what the file has."""

    def __init__(self, scopes: Scopes, file: str, names: Iterable[str] = ()) -> None:
        """`scopes` say what is there already."""
        super().__init__(names)
        self._scopes, self._file = scopes, file

    def __contains__(self, name: object) -> bool:
        there = super().__contains__(name)
        return there or (isinstance(name, str) and not self._scopes.is_free(self._file, name))
