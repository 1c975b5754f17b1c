"""Every call of a registering construct as it stands in the text, whatever it means.

This scan knows nothing of routers: it is what the reader's own findings are held against.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tree_sitter import Node

from port_lsp.rust.declared import SiteFact
from port_lsp.rust.syntax import Source
from port_lsp.rust.words import Words

_CALL = re.compile(
    rb"\.(?P<call>route|service|configure|nest|merge|fallback|to|nest_service|route_service"
    rb"|fallback_service|default_service|routes|api_route|method_not_allowed_fallback"
    rb"|nest_api_service|api_route_with|route_with_tsr|typed_get|typed_post|typed_put|typed_delete|typed_patch)"
    rb"\s*\("
)
# `Router::route(router, …)`: a method called as a function.
_TYPED = re.compile(
    rb"\b(?:Router|App|Scope|Resource|Route|ServiceConfig)(?:::<[^()]*>)?::(?P<typed>route|service"
    rb"|configure|nest|merge|fallback|to)\s*\("
)
_MACRO = re.compile(rb"\b(?P<macro>routes)!\s*[(\[{]")
_ATTRIBUTE = re.compile(
    rb"#\[\s*(?:\w+\s*::\s*)*(?P<attribute>get|post|put|delete|patch|head|options|trace|connect"
    rb"|route)\s*\("
)


class Region(NamedTuple):
    """A part of a chunk: of a function, of a test ("test") or of a macro's rules ("macro_rules").

    Offsets are those of the source's bytes.
    """

    start: int
    end: int
    kind: str
    name: str = ""


def site_facts(
    root: Node, source: Source, end: int, regions: Sequence[Region], words: Words
) -> tuple[SiteFact, ...]:
    """The sites from the chunk's begin to an offset of the source's bytes."""
    start = source.base
    text = source.data[start:end]
    matches = [*_ATTRIBUTE.finditer(text)] if b"#[" in text else []
    if words.have_sites(text):
        matches += (*_CALL.finditer(text), *_MACRO.finditer(text))
    if words.register(text):
        matches += _TYPED.finditer(text)
    found: list[SiteFact] = []
    for match in matches:
        group = match.lastgroup or "call"
        at, to = match.span(group)
        node = root.descendant_for_byte_range(at + start, to + start)
        if node is None or node.type not in ("field_identifier", "identifier"):
            continue  # in a comment or a text
        # An identifier behind a dot is a token of a macro: a call has a field_identifier.
        within = "macro" if group == "call" and node.type == "identifier" else "code"
        word = match[group].decode()
        construct = f"#[{word}]" if group == "attribute" else f".{word}("
        if group == "macro":
            construct = f"{word}!"
        where = [r for r in regions if r.start <= at + start < r.end]
        special = next((r.kind for r in where if r.kind != "function"), None)
        function = next((r.name for r in reversed(where) if r.kind == "function"), "")
        at = match.start() if group == "attribute" else at
        found.append(SiteFact(construct, at, special or within, function))
    return tuple(found)
