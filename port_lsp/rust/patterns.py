"""Patterns of `let`, `match`, closures and parameters, as far as they pass a router on."""

from tree_sitter import Node

from port_lsp.rust.expressions import Pattern
from port_lsp.rust.syntax import Source, items, plain

# Patterns whose one part is, to us, what the whole is.
_WRAPPERS = frozenset(
    {"Some", "Ok", "Err", "Data", "Json", "Path", "Query", "Form", "State", "Extension"}
)
_AROUND_A_NAME = frozenset(
    {"mut_pattern", "ref_pattern", "reference_pattern", "captured_pattern", "match_pattern"}
)


def pattern(node: Node, source: Source) -> Pattern:
    """A pattern by what it binds; the parts that bind nothing we follow are "other"."""
    start, end = node.start_byte - source.base, node.end_byte - source.base
    kind = node.type
    if kind == "identifier":
        return Pattern(start, end, "name", plain(source.text(node)))
    if kind == "self":
        return Pattern(start, end, "name", "self")
    if kind in ("tuple_pattern", "slice_pattern"):
        # `_` is no named node, and a place in the pattern all the same.
        inside = [c for c in node.children if c.is_named or c.type == "_"]
        inside = [c for c in inside if c.type not in ("line_comment", "block_comment")]
        return Pattern(start, end, "tuple", "", tuple(pattern(c, source) for c in inside))
    parts = [child for child, _ in items(node.children, source)]
    if kind in _AROUND_A_NAME:
        inner = [part for part in parts if part.type != "mutable_specifier"]
        return pattern(inner[0], source) if inner else Pattern(start, end, "other")
    if kind == "tuple_struct_pattern" and parts:
        name = source.text(parts[0]).rpartition("::")[2]
        inner = tuple(pattern(part, source) for part in parts[1:])
        wraps = name in _WRAPPERS and len(inner) == 1
        return Pattern(start, end, "wrapper" if wraps else "other", name, inner)
    if kind == "struct_pattern":
        fields = [part for part in parts if part.type == "field_pattern"]
        return Pattern(start, end, "struct", "", tuple(_field(f, source) for f in fields))
    return Pattern(start, end, "other")


def _field(node: Node, source: Source) -> Pattern:
    """A field of a struct pattern: its name, and as its one part what it is bound to."""
    start, end = node.start_byte - source.base, node.end_byte - source.base
    name = node.child_by_field_name("name")
    bound = node.child_by_field_name("pattern")
    text = plain(source.text(name)) if name is not None else ""
    inner = pattern(bound, source) if bound is not None else Pattern(start, end, "name", text)
    return Pattern(start, end, "field", text, (inner,))
