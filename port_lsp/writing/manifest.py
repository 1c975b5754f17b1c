"""Cargo.toml with further dependencies; everything else in it stays as it is.

Cargo's reference, "Specifying Dependencies".
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable

from port_lsp.writing.draft import Dependency

# Features that a package has unless it is told not to.
_DEFAULTS = {
    "sqlx": frozenset(("any", "derive", "json", "macros", "migrate")),
    "chrono": frozenset(("alloc", "clock", "now", "oldtime", "std", "wasmbind")),
    "validator": frozenset[str](),
}


def with_dependencies(text: str, wanted: Iterable[Dependency]) -> str:
    """The manifest with these packages in `[dependencies]`: those that are there keep their
    version and only get the features that they lack. Raises ValueError where it isn't TOML."""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise ValueError(f"Cargo.toml can't be read: {error}") from error
    if "dependencies" not in document:
        document.add(tomlkit.nl())
        document.add("dependencies", tomlkit.table())
    table: Any = document["dependencies"]
    for one in wanted:
        if one.name not in table:
            table.add(one.name, _entry(one))
        elif one.features:
            _widen(table, one)
    return tomlkit.dumps(document)


# Features that are part of others (tokio's Cargo.toml).
_PART_OF = {"rt": ("rt-multi-thread", "full"), "macros": ("full",), "util": ("full",)}


def with_dev_dependencies(text: str, wanted: Iterable[Dependency]) -> str:
    """The manifest with these packages in `[dev-dependencies]`: but for those that tests have
    anyway, as `[dependencies]` has them. Raises ValueError where it isn't TOML."""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise ValueError(f"Cargo.toml can't be read: {error}") from error
    there: Any = document.unwrap().get("dependencies", {})
    needed = [one for one in wanted if not _has(there.get(one.name), one)]
    if not needed:
        return text
    if "dev-dependencies" not in document:
        if not text.endswith("\n\n"):
            document.add(tomlkit.nl())
        document.add("dev-dependencies", tomlkit.table())
    table: Any = document["dev-dependencies"]
    for one in needed:
        if one.name in table:
            _widen(table, one)
        else:
            table.add(one.name, _beside(there.get(one.name), one))
    return tomlkit.dumps(document)


def _has(known: Any, one: Dependency) -> bool:
    """Whether a dependency has all features that are wanted."""
    if known is None:
        return False
    features = () if isinstance(known, str) else known.get("features", ())
    return all(
        feature in features or any(whole in features for whole in _PART_OF.get(feature, ()))
        for feature in one.features
    )


def _beside(known: Any, one: Dependency) -> Any:
    """A dependency's value, of the version that is there already."""
    if known is None:
        return _entry(one)
    if not isinstance(known, str) and known.get("workspace") is True:
        features = tomlkit.item(list(one.features)).as_string()
        return tomlkit.value(f"{{ workspace = true, features = {features} }}")
    version = known if isinstance(known, str) else known.get("version")
    if version is None:
        return _entry(one)
    return _entry(Dependency(one.name, str(version), one.features))


def _entry(one: Dependency) -> Any:
    """A dependency's value, with the blanks that Cargo's own documents have."""
    words = [f"version = {tomlkit.item(one.version).as_string()}"]
    if not one.default_features:
        words.append("default-features = false")
    if one.features:
        words.append(f"features = {tomlkit.item(list(one.features)).as_string()}")
    text = words[0].partition(" = ")[2] if len(words) == 1 else f"{{ {', '.join(words)} }}"
    return tomlkit.value(text)


def _widen(table: Any, one: Dependency) -> None:
    """Adds the features that a dependency lacks."""
    known = table[one.name]
    is_text = isinstance(known, str)
    plain = is_text or known.get("default-features", True) is not False
    there = set(_DEFAULTS.get(one.name, ())) if plain else set[str]()
    there |= set() if is_text else set(map(str, known.get("features", ())))
    missing = tuple(feature for feature in one.features if feature not in there)
    if not missing:
        return
    if is_text:
        table[one.name] = _entry(Dependency(one.name, str(known), missing))
        return
    features = known.get("features")
    listed = tomlkit.item(list(missing))
    if features is None and isinstance(known, InlineTable):
        # Written as text: tomlkit would put no blank before the bracket.
        words = known.as_string().strip().removesuffix("}").rstrip()
        table[one.name] = tomlkit.value(f"{words}, features = {listed.as_string()} }}")
        return
    if features is None:
        known["features"] = listed
        return
    for feature in missing:
        features.append(feature)


def manifest_of(file: str, manifests: Iterable[str]) -> str | None:
    """The Cargo.toml of the package that a file is in."""
    found = [
        one for one in manifests
        if one.endswith("Cargo.toml")
        and ((folder := posixpath.dirname(one)) == "" or file.startswith(folder + "/"))
    ]  # fmt: skip
    return max(found, key=len, default=None)
