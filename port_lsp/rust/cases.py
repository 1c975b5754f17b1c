"""How serde and sqlx change the case of names.

serde: serde_derive 1.0, internals/case.rs. It trusts a field to be snake_case and a variant to be
PascalCase, so its rules differ between the two and never look for words of their own.
sqlx: sqlx-macros-core 0.8, derives/mod.rs, which asks heck 0.5 to look for words.
"""

import re
from collections.abc import Callable

_HUMP = re.compile(r"([a-z][^a-zA-Z_]*)(?=[A-Z])")
_ACRONYM = re.compile(r"([A-Z][^a-zA-Z_]*)(?=[A-Z][a-z])")
_BETWEEN = re.compile(r"[\W_]+")


def _plain(name: str) -> str:
    return name


def _upper(name: str) -> str:
    """ASCII letters only, as serde does."""
    return "".join(char.upper() if char.isascii() else char for char in name)


def _lower(name: str) -> str:
    return "".join(char.lower() if char.isascii() else char for char in name)


def _first_lower(name: str) -> str:
    return _lower(name[:1]) + name[1:]


def _pascal_field(name: str) -> str:
    # Only the first letter of a word changes: `a_BC` is `ABC`.
    return "".join(_upper(word[:1]) + word[1:] for word in name.split("_"))


def _snake_variant(name: str) -> str:
    return "".join(
        ("_" if index and char.isupper() else "") + _lower(char) for index, char in enumerate(name)
    )


_FIELD: dict[str, Callable[[str], str]] = {
    "lowercase": _plain,
    "UPPERCASE": _upper,
    "PascalCase": _pascal_field,
    "camelCase": lambda name: _first_lower(_pascal_field(name)),
    "snake_case": _plain,
    "SCREAMING_SNAKE_CASE": _upper,
    "kebab-case": lambda name: name.replace("_", "-"),
    "SCREAMING-KEBAB-CASE": lambda name: _upper(name).replace("_", "-"),
}
_VARIANT: dict[str, Callable[[str], str]] = {
    "lowercase": _lower,
    "UPPERCASE": _upper,
    "PascalCase": _plain,
    "camelCase": _first_lower,
    "snake_case": _snake_variant,
    "SCREAMING_SNAKE_CASE": lambda name: _upper(_snake_variant(name)),
    "kebab-case": lambda name: _snake_variant(name).replace("_", "-"),
    "SCREAMING-KEBAB-CASE": lambda name: _upper(_snake_variant(name)).replace("_", "-"),
}
_COLUMN: dict[str, Callable[[str], str]] = {
    "lowercase": str.lower,
    "UPPERCASE": str.upper,
    "PascalCase": lambda name: "".join(map(_capital, words(name))),
    "camelCase": lambda name: "".join(
        _capital(word) if index else word.lower() for index, word in enumerate(words(name))
    ),
    "snake_case": lambda name: "_".join(words(name)).lower(),
    "SCREAMING_SNAKE_CASE": lambda name: "_".join(words(name)).upper(),
    "kebab-case": lambda name: "-".join(words(name)).lower(),
}


def field_name(rule: str | None, name: str) -> str:
    """A struct's field under serde's `rename_all`; an unknown rule changes nothing."""
    return _FIELD.get(rule or "", _plain)(name)


def variant_name(rule: str | None, name: str) -> str:
    """An enum's variant under serde's `rename_all`."""
    return _VARIANT.get(rule or "", _plain)(name)


def column_name(rule: str | None, name: str) -> str:
    """A column or a value of a database's enum under sqlx's `rename_all`."""
    return _COLUMN.get(rule or "", _plain)(name)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:].lower()


def words(name: str) -> list[str]:
    """The words of a name as heck sees them: cut at what is no letter or digit, before a capital
    that follows a small letter, and before the last capital of an acronym: `XMLHttpRequest` is
    XML, Http, Request. Digits belong to the letters before them."""
    cut = _ACRONYM.sub(r"\1_", _HUMP.sub(r"\1_", name))
    return [word for word in _BETWEEN.split(cut) if word]
