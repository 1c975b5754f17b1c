"""How the symbols of new items are written in one file, and which `use`s that takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from port_lsp.facts.source import Record
from port_lsp.rust.scopes import PRELUDE, Path, Scopes, canonical
from port_lsp.writing.ir.types import Symbol
from port_lsp.writing.printer.names import identifier

# Modules that are brought in themselves, as their own documentation does.
_MACROS = frozenset({("serde_json", "json")})
_BY_MODULE = frozenset({("actix_web", "web"), ("std", "fmt"), ("std", "io"), ("tokio", "fs")})

_EVERYBODYS = frozenset(("Error", "Result"))

_PLAIN = frozenset((str, int, bool, float, type(None)))  # what holds no symbol


@dataclass(frozen=True, slots=True)
class Imported:
    """What was decided for one file: how each symbol is written, and the paths to `use`."""

    written: Mapping[Symbol, str]
    uses: tuple[Path, ...]

    def name(self, symbol: Symbol) -> str:
        """How a symbol is written; what wasn't asked for has its full path."""
        return self.written.get(symbol) or "::".join(map(identifier, symbol.path))


def symbols_in(record: object) -> list[Symbol]:
    """Every symbol in a record, in the order in which they stand."""
    found: list[Symbol] = []
    _collect(record, found)
    return found


def _collect(record: object, found: list[Symbol]) -> None:
    if isinstance(record, Symbol):
        found.append(record)
    elif isinstance(record, tuple):
        for one in cast("tuple[object, ...]", record):
            if one.__class__ not in _PLAIN:
                _collect(one, found)
    elif isinstance(record, Record):
        for field in record.__struct_fields__:
            one = getattr(record, field)
            if one.__class__ not in _PLAIN:
                _collect(one, found)


def imported(
    scopes: Scopes,
    file: str,
    symbols: Iterable[Symbol],
    declared: Iterable[str] = (),
    modules: Iterable[str] = (),
    qualified: Iterable[Symbol] = (),
    hidden: Iterable[Symbol] = (),
) -> Imported:
    """Decides how symbols are written in a file (relative path; it may be new).

    What is visible already has the name that it has there. A name that is free is brought in by a
    `use`; one that is taken, by something else or by another symbol, means a qualified path.
    `declared` are the names of the new items themselves, `modules` those of modules that the file
    will declare. `qualified` are symbols that are never brought in: many modules have a `router`.
    `hidden` are those whose last name is a variable's where they stand.
    """
    by_path, by_module = frozenset(qualified), frozenset(hidden)
    here = scopes.planned_path(file)
    children = {scopes.seen_from(file, (*here, name)) for name in modules}
    taken = set(declared)
    written: dict[Symbol, str] = {}
    uses: list[Path] = []
    for symbol in dict.fromkeys(symbols):
        if len(symbol.path) == 1:
            written[symbol] = identifier(symbol.path[0])
            continue
        if symbol in by_module:
            path = scopes.path_to(file, _known_by(scopes, file, symbol.path))
            written[symbol] = _qualified(scopes, file, path, children)
            continue
        if symbol.path[:-1] == here and symbol.name in taken:
            written[symbol] = identifier(symbol.name)
            continue
        known = scopes.name_of(file, symbol.path)
        if known is not None and known not in taken:
            written[symbol] = identifier(known)
            continue
        module = _module(scopes, file, symbol.path, uses, taken)
        if module is not None:
            written[symbol] = f"{module}::{identifier(symbol.name)}"
            continue
        path = scopes.path_to(file, _known_by(scopes, file, symbol.path))
        if path in uses:  # another path of the same thing
            written[symbol] = identifier(symbol.name)
            continue
        if _by_its_package(path):
            written[symbol] = "::".join(identifier(part) for part in path)
            continue
        free = symbol not in by_path and symbol.name not in taken
        if free and _is_free(scopes, file, path):
            uses.append(path)
            taken.add(symbol.name)
            written[symbol] = identifier(symbol.name)
        else:
            written[symbol] = _qualified(scopes, file, path, children)
    return Imported(written, tuple(uses))


def _known_by(scopes: Scopes, file: str, path: Path) -> Path:
    """The one path of what has several; its own where the crate has nothing of the other."""
    usual = canonical(path)
    return usual if usual[0] == path[0] or scopes.has_dependency(file, usual[0]) else path


def _qualified(scopes: Scopes, file: str, path: Path, children: set[Path]) -> str:
    """A thing by its path, from the innermost module on that is visible."""
    for length in range(len(path) - 1, 1, -1):
        module = path[:length]
        known = module[-1] if module in children else scopes.name_of(file, module)
        if known is not None:
            return "::".join(identifier(part) for part in (known, *path[length:]))
    return "::".join(identifier(part) for part in path)


def _module(scopes: Scopes, file: str, path: Path, uses: list[Path], taken: set[str]) -> str | None:
    """The name of the module by which a thing is written: one that is visible already, or that
    people bring in rather than what is in it. None where there is none."""
    parent = path[:-1]
    if (
        len(parent) < 2
    ):  # a crate's own name is always there: `serde_json::json!` is a matter of taste
        return None
    if parent in uses:
        return identifier(parent[-1])
    known = scopes.name_of(file, parent)
    if known is not None and known not in taken:
        return identifier(known)
    if parent in _BY_MODULE and parent[-1] not in taken and scopes.is_free(file, parent[-1]):
        uses.append(parent)
        taken.add(parent[-1])
        return identifier(parent[-1])
    return None


def _by_its_package(path: Path) -> bool:
    """Whether it is a function at a package's root, `serde_json::from_str`, or what every package
    has, `sqlx::Error`: people write those with the package's name, but for macros that are all
    there is of their kind."""
    own = len(path) == 2 and path[0] != "crate" and path not in _MACROS
    return own and (path[1][:1].islower() or path[1] in _EVERYBODYS)


def _is_free(scopes: Scopes, file: str, path: Path) -> bool:
    name = path[-1]
    if path[0] == "std" and name in PRELUDE:  # std::fmt::Debug as a trait beside the derive
        return scopes.is_free(file, name)
    return name not in PRELUDE and scopes.is_free(file, name)
