"""Every call of a registering construct as it stands in the text, whatever it means.

This scan knows nothing of routers: it is what the reader's own findings are held against.
"""

import re

from tree_sitter import Node

from port_lsp.rust.declared import SiteFact
from port_lsp.rust.syntax import Source
from port_lsp.rust.words import has_sites

_CALL = re.compile(
    rb"\.(?P<call>route|service|configure|nest|merge|fallback|to|nest_service|route_service"
    rb"|fallback_service|default_service|routes|api_route|method_not_allowed_fallback"
    rb"|nest_api_service|route_with_tsr|typed_get|typed_post|typed_put|typed_delete|typed_patch)"
    rb"\s*\("
)
_MACRO = re.compile(rb"\b(?P<macro>routes)!\s*[(\[{]")
_ATTRIBUTE = re.compile(
    rb"#\[\s*(?:\w+\s*::\s*)*(?P<attribute>get|post|put|delete|patch|head|options|trace|connect"
    rb"|route)\s*\("
)


def site_facts(
    root: Node, source: Source, start: int, end: int, *, test: bool
) -> tuple[SiteFact, ...]:
    """The sites between two offsets of the source's bytes; `test` where all is a test's."""
    text = source.data[start:end]
    matches = [*_ATTRIBUTE.finditer(text)] if b"#[" in text else []
    if has_sites(text):
        matches += (*_CALL.finditer(text), *_MACRO.finditer(text))
    found: list[SiteFact] = []
    for match in matches:
        group = match.lastgroup or "call"
        at, to = match.span(group)
        node = root.descendant_for_byte_range(at + start, to + start)
        where = _where(node, group) if node is not None else None
        if where is not None:
            within, function, in_test = where
            word = match[group].decode()
            construct = {"call": f".{word}(", "macro": f"{word}!"}.get(group, f"#[{word}]")
            within = "test" if test or in_test else within
            found.append(SiteFact(construct, at + start - source.base, within, function))
    return tuple(found)


def _where(node: Node, group: str) -> tuple[str, str, bool] | None:
    """Code or macro, the function around it and whether that is a test's; None in a comment."""
    kind = node.type
    if kind not in ("field_identifier", "identifier"):
        return None
    within, function, test = "code", "", False
    if group == "call" and kind == "field_identifier":
        above = node.parent.parent if node.parent is not None else None
        if above is not None and above.type == "generic_function":
            above = above.parent
        if above is None or above.type != "call_expression":
            return None
    parent = node.parent
    names: list[str] = []
    while parent is not None:
        kind = parent.type
        if kind == "token_tree" and within == "code" and group != "attribute":
            within = "macro"
        elif kind == "macro_definition":
            within = "macro_rules"
        elif kind == "function_item" or kind == "mod_item":
            name = parent.child_by_field_name("name")
            names.append(name.text.decode() if name is not None and name.text else "")
            test = test or _is_test(parent)
        elif kind == "impl_item":
            name = parent.child_by_field_name("type")
            names.append(name.text.decode() if name is not None and name.text else "")
            test = test or _is_test(parent)
        parent = parent.parent
    function = "::".join(reversed(names))
    return within, function, test


def _is_test(node: Node) -> bool:
    before = node.prev_named_sibling
    while before is not None and before.type in ("attribute_item", "line_comment"):
        text = before.text or b""
        if before.type == "attribute_item" and re.search(rb"\btest\b", text) and b"not" not in text:
            return True
        before = before.prev_named_sibling
    return False
