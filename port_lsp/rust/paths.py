"""Paths as they are written: `a::b::<T>::c`, `<T as Trait>::NAME`."""

from tree_sitter import Node

from port_lsp.rust.expressions import Path
from port_lsp.rust.syntax import Source, plain

_Parts = tuple[tuple[str, ...], tuple[str, ...], str | None]


def path(node: Node, source: Source) -> Path:
    """A path of any form; arguments in angle brackets in its middle are left out."""
    text = source.text(node)
    start, end = node.start_byte - source.base, node.end_byte - source.base
    if "<" not in text and " " not in text and "\n" not in text:
        segments = text.split("::")
        if "r#" in text:
            segments = [plain(segment) for segment in segments]
        return Path(start, end, tuple(segments))
    return Path(start, end, *_parts(node, source))


def generics_of(node: Node, source: Source) -> tuple[str, ...]:
    """The texts of the arguments in angle brackets of a generic type or function."""
    arguments = node.child_by_field_name("type_arguments")
    if arguments is None:
        return ()
    return tuple(source.text(child) for child in arguments.named_children)


def _parts(node: Node, source: Source) -> _Parts:
    """Segments, arguments of the last segment that has any, and the trait of `<T as Trait>`."""
    kind = node.type
    if kind in ("scoped_identifier", "scoped_type_identifier"):
        before, name = node.child_by_field_name("path"), node.child_by_field_name("name")
        own = (plain(source.text(name)),) if name is not None else ()
        if before is None:
            return own, (), None
        segments, generics, qualified = _parts(before, source)
        return segments + own, generics, qualified
    if kind in ("generic_type", "generic_function", "generic_type_with_turbofish"):
        inner = node.child_by_field_name("type") or node.child_by_field_name("function")
        segments, _, qualified = _parts(inner, source) if inner is not None else ((), (), None)
        return segments, generics_of(node, source), qualified
    if kind == "bracketed_type":
        return _parts(node.named_children[0], source) if node.named_children else ((), (), None)
    if kind == "qualified_type":
        inner, alias = node.child_by_field_name("type"), node.child_by_field_name("alias")
        segments = _parts(inner, source)[0] if inner is not None else ()
        return segments, (), source.text(alias) if alias is not None else None
    return (plain(source.text(node)),), (), None
