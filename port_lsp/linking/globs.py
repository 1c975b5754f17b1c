"""Globs over items, files and routes, and items named by people."""

import re
from collections.abc import Iterable
from functools import lru_cache

from port_lsp.linking.config import Ignore


@lru_cache(maxsize=1024)
def pattern(glob: str) -> re.Pattern[str]:
    """A glob as a regular expression: `*` and `?` stop at a slash, `**` doesn't.

    Only what belongs to a glob is special: the braces of a route's path stand for themselves.
    """
    out: list[str] = []
    index = 0
    while index < len(glob):
        if glob.startswith("**/", index):
            out.append("(?:.*/)?")
            index += 3
        elif glob.startswith("**", index):
            out.append(".*")
            index += 2
        else:
            char = glob[index]
            out.append({"*": "[^/]*", "?": "[^/]"}.get(char) or re.escape(char))
            index += 1
    return re.compile("".join(out))


def ignored(ignores: Iterable[Ignore], key: str, id_: str = "", path: str = "") -> str | None:
    """The reason why an item is ignored ("" where none is given), None where it isn't.

    `key` is its item key; an endpoint also has an id and its path.
    """
    file, _, name = key.partition("::")
    for ignore in ignores:
        glob = ignore.pattern
        if glob.startswith("/"):
            if path and pattern(glob).fullmatch(path):
                return ignore.reason
            continue
        if glob in (key, id_) or any(
            pattern(glob).fullmatch(text) for text in (key, id_, file, name) if text
        ):
            return ignore.reason
        if glob.endswith("/") and file.startswith(glob):
            return ignore.reason
    return None


def named(name: str, items: Iterable[str]) -> str | None:
    """The item that a person means: its whole name, else the only one that ends so."""
    known = dict.fromkeys(items)
    if name in known:
        return name
    found = [item for item in known if ends(item, name)]
    return found[0] if len(found) == 1 else None


def ends(item: str, name: str) -> bool:
    """Whether an item's name ends in the given one, from the begin of one of its parts on."""
    if not name or not item.endswith(name):
        return False
    before = item[: len(item) - len(name)]
    return before.endswith(("/", "::", ".", "#", " ")) or name.startswith(("/", "::"))
