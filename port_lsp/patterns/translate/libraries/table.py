"""Which rows there are for a name: the project's own before those that come with port-lsp."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from port_lsp.config.library import Library
from port_lsp.config.shipped import shipped
from port_lsp.patterns.desk import Desk


class Table:
    """The rows of one configuration, by Python's names."""

    def __init__(self, own: Iterable[Library]) -> None:
        """`own` are the project's."""
        self._rows: dict[tuple[str, bool], list[Library]] = {}
        self._methods: dict[tuple[str, bool], list[Library]] = {}
        off: set[tuple[str, bool]] = set()
        for row in own:
            self._add(row, off)
        for row in shipped():
            if (row.name, row.is_value) not in off:
                self._add(row, off)

    @cached_property
    def packages(self) -> frozenset[str]:
        """The packages that rows are of."""
        return frozenset(name.partition(".")[0] for name, _ in self._rows)

    def _add(self, row: Library, off: set[tuple[str, bool]]) -> None:
        key = (row.name, row.is_value)
        if row.rust is None:
            off.add(key)
            return
        self._rows.setdefault(key, []).append(row)
        if row.takes and row.takes[0].name == "self":
            last = row.name.rpartition(".")[2]
            self._methods.setdefault((last, row.is_value), []).append(row)

    def rows(self, name: str, *, is_value: bool = False) -> list[Library]:
        """Those of a dotted name."""
        return self._rows.get((name, is_value), [])

    def of_values(self, name: str, *, is_value: bool = False) -> list[Library]:
        """Those of methods, or attributes, that are called so, whatever they are of."""
        return self._methods.get((name, is_value), [])

    def is_plain(self, name: str) -> bool:
        """Whether calls of a name surely neither wait nor fail."""
        rows = self.rows(name)
        return bool(rows) and all(row.is_plain for row in rows)


def _table_of(desk: Desk) -> Table:
    return Table(desk.snapshot.config.libraries)


def table_of(desk: Desk) -> Table:
    """That of a desk's configuration."""
    return desk.stands(_table_of)
