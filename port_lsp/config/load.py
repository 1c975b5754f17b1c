"""Reads a configuration file. Reading never fails: what is wrong becomes a Problem with its file
and line, the rest is in force.
"""

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import tomlkit
from tomlkit.exceptions import ParseError

from port_lsp.config import (
    CONVENTIONS,
    FILE_NAME,
    LEVELS,
    PYPROJECT,
    TOOL_TABLE,
    Config,
    Loaded,
    ParityConfig,
    Problem,
    RuleLevel,
    Scalar,
    Setting,
    library,
)
from port_lsp.config.library import Library
from port_lsp.config.lines import KeyLines
from port_lsp.linking.config import Ignore, LinkConfig

_Table = dict[str, Any]
_T = TypeVar("_T")


def find(folders: Iterable[Path]) -> list[Path]:
    """The configuration files in these folders, in their order; port-lsp.toml comes first in one.

    A pyproject.toml counts only if it has the table.
    """
    found: list[Path] = []
    for folder in dict.fromkeys(folders):
        own = folder / FILE_NAME
        if own.is_file():
            found.append(own)
        project = folder / PYPROJECT
        if project.is_file() and _has_table(project):
            found.append(project)
    return found


def _has_table(path: Path) -> bool:
    try:
        return b"port-lsp" in path.read_bytes() and bool(_table_of(path, path.read_text("utf-8")))
    except (OSError, ValueError):
        return False


def load(path: Path, rules: Collection[str] = (), text: str | None = None) -> Loaded:
    """Reads a configuration file, or `text` in its place (an open buffer).

    `rules` are the names of all rules; without them none is called unknown. Raises nothing.
    """
    if text is None:
        try:
            text = path.read_text("utf-8")
        except (OSError, ValueError) as error:
            return Loaded(Config(str(path)), (Problem(str(path), 0, f"cannot be read: {error}"),))
    try:
        table = _table_of(path, text)
    except ParseError as error:
        message = str(error).rpartition(" at line ")[0] or str(error)
        return Loaded(Config(str(path)), (Problem(str(path), error.line, message),))
    except ValueError as error:  # a key given twice has no line
        return Loaded(Config(str(path)), (Problem(str(path), 0, str(error)),))
    prefix = TOOL_TABLE if path.name == PYPROJECT else ()
    reader = _Reader(path, table, KeyLines(text, prefix), frozenset(rules))
    config = reader.config()
    return Loaded(config, tuple(reader.problems), tuple(reader.settings))


def _table_of(path: Path, text: str) -> _Table:
    table: Any = tomlkit.parse(text).unwrap()
    for part in TOOL_TABLE if path.name == PYPROJECT else ():
        table = cast(_Table, table).get(part, {}) if isinstance(table, dict) else {}
    return cast(_Table, table) if isinstance(table, dict) else {}


class _Reader:
    """Takes a table apart, key by key; what can't be taken is a problem."""

    def __init__(self, path: Path, table: _Table, lines: KeyLines, rules: frozenset[str]) -> None:
        self.path, self.table, self.lines, self.rules = path, table, lines, rules
        self.problems: list[Problem] = []
        self.settings: list[Setting] = []

    def config(self) -> Config:
        """The configuration; fills `problems` and `settings`."""
        self._known(self.table, (), _KEYS)
        return Config(
            source=str(self.path),
            backend=self._folder("backend"),
            crate=self._folder("crate"),
            exclude=self._get(("exclude",), _strings, "a list of globs", ()),
            resolve=self._scalars("resolve", "a table of values"),
            links=LinkConfig(
                prefixes=tuple(sorted(self._pairs("prefixes"), key=lambda p: (-len(p[0]), p))),
                pin=self._pairs("pin"),
                unpin=self._unpinned(),
                ignore=tuple(self._ignored()),
            ),
            rules=tuple(self._levels()),
            conventions=self._conventions(),
            templates=self._folder("templates"),
            plan=self._folder("plan"),
            jump_standard=self._jump(),
            parity=self._parity(),
            libraries=tuple(self._libraries()),
        )

    def _conventions(self) -> tuple[tuple[str, Scalar], ...]:
        found = self._table_of_scalars("conventions", "a table of values")
        self._known(found, ("conventions",), CONVENTIONS)
        return tuple((name, value) for name, value in found.items() if name in CONVENTIONS)

    def _wrong(self, keys: tuple[str, ...], message: str) -> None:
        self.problems.append(Problem(str(self.path), self.lines.line(keys), message))

    def _known(self, table: _Table, at: tuple[str, ...], known: Collection[str]) -> None:
        for key in table:
            if key not in known:
                self._wrong((*at, key), _unknown("key", ".".join((*at, key)), key, known))

    def _get(
        self,
        keys: tuple[str, ...],
        read: Callable[[Any], _T | None],
        expected: str,
        default: _T,
    ) -> _T:
        """The value of a key, as `read` takes it; `default` where it is missing or wrong."""
        value: Any = self.table
        for key in keys:
            if not isinstance(value, dict) or key not in value:
                return default
            value = cast(_Table, value)[key]
        found = read(value)
        if found is None:
            self._wrong(keys, f"`{'.'.join(keys)}` must be {expected}, not {_said(value)}")
            return default
        return found

    def _folder(self, *keys: str) -> str | None:
        given = self._get(keys, _string, "a path in quotes", "")
        return str(Path(self.path.parent, given).resolve()) if given else None

    def _table_of_scalars(self, key: str, expected: str) -> dict[str, Scalar]:
        table = self._get((key,), _table, expected, {})
        out: dict[str, Scalar] = {}
        for name, value in table.items():
            if isinstance(value, (str, int, float, bool)):
                out[name] = value
            else:
                self._wrong((key, name), f"`{key}.{name}` must be a value, not {_said(value)}")
        return out

    def _scalars(self, key: str, expected: str) -> tuple[tuple[str, str], ...]:
        out: list[tuple[str, str]] = []
        for name, value in _flat(self._get((key,), _table, expected, {})):
            if isinstance(value, (str, int, float, bool)):
                out.append((name, str(value)))
            else:
                self._wrong((key, name), f"`{key}.{name}` must be a value, not {_said(value)}")
        return tuple(out)

    def _pairs(self, key: Literal["pin", "prefixes"]) -> tuple[tuple[str, str], ...]:
        table = self._get((key,), _table, 'a table of pairs: "one" = "other"', {})
        out: list[tuple[str, str]] = []
        for name, value in table.items():
            if isinstance(value, str):
                out.append((name, value))
                self.settings.append(Setting(key, (name, value), self.lines.line((key, name))))
            else:
                self._wrong((key, name), f"`{key}.{name}` must be a text, not {_said(value)}")
        return tuple(out)

    def _unpinned(self) -> tuple[tuple[str, str], ...]:
        """Pairs, as a table (`"a" = "b"`, `"a" = ["b", "c"]`) or as a list of `["a", "b"]`."""
        expected = 'a table, "backend item" = ["crate item"]'
        value = self._get(("unpin",), _table_or_list, expected, {})
        if isinstance(value, dict):
            rows = list(value.items())
        else:
            rows = [(one[0], one[1:]) if _strings(one) else ("", one) for one in value]
        out: list[tuple[str, str]] = []
        for name, others in rows:
            names = (others,) if isinstance(others, str) else _strings(others)
            if not name or not names:
                self._wrong(("unpin", name), f"`unpin` must be {expected}, not {_said(others)}")
                continue
            out += [(name, other) for other in names]
            line = self.lines.line(("unpin", name))
            self.settings += [Setting("unpin", (name, other), line) for other in names]
        return tuple(out)

    def _ignored(self) -> Iterator[Ignore]:
        rows = self._get(("ignore",), _array, "a list: [[ignore]] with item and reason", [])
        for index, row in enumerate(rows):
            at = ("ignore", str(index))
            found = Ignore(row) if isinstance(row, str) else self._ignore(at, row)
            if found is not None:
                self.settings.append(Setting("ignore", (found.pattern,), self.lines.line(at)))
                yield found

    def _ignore(self, at: tuple[str, ...], row: Any) -> Ignore | None:
        table = _table(row)
        if table is None:
            self._wrong(at, f"`ignore` must hold tables with item and reason, not {_said(row)}")
            return None
        self._known(table, at, ("item", "path", "reason"))
        pattern = table.get("item", table.get("path"))
        reason = table.get("reason", "")
        if not isinstance(pattern, str) or not pattern:
            self._wrong(at, "`ignore` needs `item` (an item key) or `path` (a glob)")
            return None
        if not isinstance(reason, str):
            self._wrong((*at, "reason"), f"`reason` must be a text, not {_said(reason)}")
            return Ignore(pattern)
        return Ignore(pattern, reason)

    def _libraries(self) -> Iterator[Library]:
        """Rows that are wrong are left out, the others hold."""
        rows = self._get(("library",), _array, "a list: [[library]] with call, gives and rust", [])
        for index, row in enumerate(rows):
            at = ("library", str(index))
            table = _table(row)
            if table is None:
                self._wrong(at, f"`library` must hold tables, not {_said(row)}")
                continue
            self._known(table, at, library.KEYS)
            try:
                yield library.row_of(table)
            except library.RowError as error:
                name = table.get("call", table.get("value"))
                of = f"library {name}: " if isinstance(name, str) else "library: "
                self._wrong((*at, error.key) if error.key else at, of + error.message)

    def _levels(self) -> Iterator[RuleLevel]:
        """`rule = "level"`; a table in `rules` holds those of the files that its key matches."""
        inner: list[tuple[str, _Table]] = []
        for name, value in self._get(("rules",), _table, "a table of rules", {}).items():
            if isinstance(value, dict):
                inner.append((name, cast(_Table, value)))
            else:
                yield from self._level(("rules", name), name, value, None)
        for path, table in inner:
            for name, value in table.items():
                yield from self._level(("rules", path, name), name, value, path)

    def _level(
        self, keys: tuple[str, ...], rule: str, value: Any, path: str | None
    ) -> Iterator[RuleLevel]:
        if self.rules and rule not in self.rules:
            self._wrong(keys, _unknown("rule", rule, rule, self.rules))
        elif value not in LEVELS:
            levels = ", ".join(LEVELS)
            self._wrong(keys, f"`{'.'.join(keys)}` must be one of {levels}, not {_said(value)}")
        else:
            yield RuleLevel(rule, value, path)

    def _jump(self) -> bool:
        table = self._get(("jump",), _table, "a table with `standard`", {})
        self._known(table, ("jump",), ("standard",))
        return self._get(("jump", "standard"), _bool, "true or false", default=False)

    def _parity(self) -> ParityConfig:
        table = self._get(("parity",), _table, "a table with `ignore`, `values` and `results`", {})
        self._known(table, ("parity",), ("ignore", "values", "results"))
        ignore = self._get(("parity", "ignore"), _strings, "a list of places in JSON", ())
        values: list[tuple[str, str]] = []
        for name, value in self._get(("parity", "values"), _table, "a table", {}).items():
            if isinstance(value, (str, int, float)) and not isinstance(value, bool):
                values.append((name, str(value)))
            else:
                keys = ("parity", "values", name)
                self._wrong(keys, f"`{'.'.join(keys)}` must be a text or a number")
        return ParityConfig(ignore, tuple(values), self._folder("parity", "results"))


_KEYS = (
    "backend", "crate", "exclude", "resolve", "prefixes", "pin", "unpin", "ignore", "rules",
    "conventions", "templates", "plan", "jump", "parity", "library",
)  # fmt: skip


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _bool(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _table(value: Any) -> _Table | None:
    return cast(_Table, value) if isinstance(value, dict) else None


def _table_or_list(value: Any) -> _Table | list[Any] | None:
    return cast("_Table | list[Any]", value) if isinstance(value, (dict, list)) else None


def _array(value: Any) -> list[Any] | None:
    return cast(list[Any], value) if isinstance(value, list) else None


def _strings(value: Any) -> tuple[str, ...] | None:
    items = _array(value)
    return None if items is None or any(not isinstance(i, str) for i in items) else tuple(items)


def _flat(table: _Table, above: str = "") -> Iterator[tuple[str, Any]]:
    """`settings.api_prefix = "/api"` without quotes is a table in a table: its dotted name."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(cast(_Table, value), f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _said(value: Any) -> str:
    """A value as a message says it."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return str(value).lower()
    return (
        "a table"
        if isinstance(value, dict)
        else "a list"
        if isinstance(value, list)
        else f"{value}"
    )


def _unknown(what: str, whole: str, name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    hint = f"; did you mean `{near[0]}`?" if near else f"; known are {', '.join(sorted(known))}"
    return f"unknown {what} `{whole}`{hint}"
