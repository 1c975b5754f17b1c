"""Python's names as Rust writes them (RFC 430: types in camel case, values in snake case)."""

from __future__ import annotations

import re

from port_lsp.writing.printer.names import can_be_raw

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+|[0-9]+")
_NO_WORD = re.compile(r"[^0-9A-Za-z]+")

_SIGNS = {
    **{"+": "Plus", "-": "Minus", "*": "Star", "/": "Slash", ".": "Dot", "=": "Equal"},
    **{"<": "Less", ">": "Greater", "!": "Not", "%": "Percent", "&": "And", "|": "Or"},
    **{"$": "Dollar", "#": "Hash", "@": "At", "?": "Question", "~": "Tilde", "^": "Caret"},
    **{",": "Comma", ";": "Semicolon", ":": "Colon", " ": "Space", "_": "Underscore"},
}


def words(name: str) -> list[str]:
    """The words of a name, whatever its case: `getHTTPUrl` is get, HTTP, Url."""
    return [word for part in _NO_WORD.split(name) for word in _WORD.findall(part)]


def snake(name: str) -> str:
    """A name for a value, a field or a module."""
    found = "_".join(word.lower() for word in words(name))
    if not found:
        return "value"
    if found[0].isdigit():
        found = f"n{found}"
    return found if can_be_raw(found) else f"{found}_"


def camel(name: str) -> str:
    """A name for a type or a variant."""
    found = "".join(word[:1].upper() + word[1:].lower() for word in words(name))
    if not found:
        found = "".join(_SIGNS.get(one, "") for one in name)
        return found or ("Other" if name else "Empty")
    if found[0].isdigit():
        found = f"N{found}"
    return found if can_be_raw(found) else f"{found}_"


def type_name(name: str) -> str:
    """A type's name: as Python has it where that is in camel case already."""
    return name if re.fullmatch(r"[A-Z][A-Za-z0-9]*", name) else camel(name)


def lower_camel(name: str) -> str:
    """serde's camelCase of a field in snake case (serde_derive's `case.rs`)."""
    parts = [part[:1].upper() + part[1:] for part in name.split("_")]
    joined = "".join(parts)
    return joined[:1].lower() + joined[1:]


def distinct(name: str, taken: set[str]) -> str:
    """The name, or with a number where it is taken; takes it."""
    found, number = name, 2
    while found in taken:
        found, number = f"{name}{number}", number + 1
    taken.add(found)
    return found
