"""`use` and `extern crate`, one item per name that they bring in."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from port_lsp.rust.declared import UseItem
from port_lsp.rust.literals import uncommented
from port_lsp.rust.syntax import Source

_TOKEN = re.compile(r"[\w#]+|::|[{},*]")


def read_use(node: Node, source: Source, module: tuple[str, ...], cfg: str | None) -> list[UseItem]:
    """The names of one `use`; an alias `_` brings in no name."""
    argument = node.child_by_field_name("argument")
    if argument is None:
        return []
    start, end = argument.start_byte - source.base, argument.end_byte - source.base
    public = node.children[0].type == "visibility_modifier"
    return [
        UseItem(start, end, name, module, public, cfg, path)
        for name, path in use_names(source.text(argument))
        if name != "_"
    ]


def read_extern_crate(
    node: Node, source: Source, module: tuple[str, ...], cfg: str | None
) -> list[UseItem]:
    """`extern crate name as alias;`."""
    name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
    if name is None:
        return []
    start, end = name.start_byte - source.base, name.end_byte - source.base
    text = source.text(name)
    bound = source.text(alias) if alias is not None else text
    return [UseItem(start, end, bound, module, False, cfg, ("", text))]


def use_names(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Alias and path of every name of a use tree: `a::{self, b as c, d::*}`; "*" for a glob.

    A path that starts with `::` starts with an empty segment.
    """
    tokens = iter(_TOKEN.findall(uncommented(text)))
    return list(_tree(tokens, ()))


def _tree(tokens: Iterator[str], prefix: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The entries of one level, up to its closing brace or the end."""
    path, alias, renamed, done = prefix, "", False, False
    for word in tokens:
        if word == "::":
            if path == () == prefix:
                path = ("",)
        elif word == "{":
            yield from _tree(tokens, path)
            done = True
        elif word in (",", "}"):
            if path != prefix and not done:
                yield _entry(path, alias)
            path, alias, renamed, done = prefix, "", False, False
            if word == "}":
                return
        elif word == "*":
            yield "*", path
            done = True
        elif word == "as":
            renamed = True
        elif renamed:
            alias = word.removeprefix("r#")
        else:
            path = (*path, word.removeprefix("r#"))
    if path != prefix and not done:
        yield _entry(path, alias)


def _entry(path: tuple[str, ...], alias: str) -> tuple[str, tuple[str, ...]]:
    last = path[-1]
    if last == "self" and len(path) > 1:
        path, last = path[:-1], path[-2]
    return alias or last, path
