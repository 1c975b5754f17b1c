"""What one chunk declares, read off its syntax tree while that is alive."""

from __future__ import annotations

import re

from tree_sitter import Node

from port_lsp.rust.attributes import Meta, attributes, condition, is_test
from port_lsp.rust.declared import (
    Attribute,
    ChunkFacts,
    ConstItem,
    FnItem,
    ImplItem,
    Item,
    MacroItem,
    ModItem,
    TypeItem,
)
from port_lsp.rust.expressions import Expr
from port_lsp.rust.imports import read_extern_crate, read_use
from port_lsp.rust.literals import unquote
from port_lsp.rust.lower import Lowering
from port_lsp.rust.paths import path
from port_lsp.rust.readers import READERS, Around
from port_lsp.rust.sites import Region, site_facts
from port_lsp.rust.syntax import Item as Parsed
from port_lsp.rust.syntax import Source, plain
from port_lsp.rust.typed_paths import typed_path
from port_lsp.rust.words import Words, rules_register

# Attributes that may put a handler under a path: what they are called can be an alias.
_ROUTE_ATTRIBUTE = re.compile(
    rb"#\[\s*(?P<name>(?:\w+\s*::\s*)*(?:path(?=\s*\()|\w+(?=\s*\(\s*r?#*\")))\s*(?P<arguments>\(.*)",
    re.S,
)
_TYPES = {
    "struct_item": "struct",
    "enum_item": "enum",
    "union_item": "union",
    "trait_item": "trait",
    "type_item": "alias",
}
_ROUTER_TYPE = re.compile(
    r"Router|ServiceConfig|\bScope\b|\bResource\b|HttpServiceFactory|\bRoute\b|\bApp\b"
)
_TEXT_TYPE = re.compile(r"\bstr\b|\bString\b")
_MOD = re.compile(rb"\bmod\s+(\w+)\s*;")
_FN = re.compile(rb"\bfn\s+(\w+)")
_MAIN = "main"
_SHORT = 200  # bytes: a function that only gives back a text, or a const, is shorter
_CASES = 4000  # bytes: what gives each variant of an enum its text is shorter
_OF_SELF = re.compile(rb"\{\s*match\s+[&*]?self\s*\{")
# A path beside a method's router: `("/x", post(x))` in a list that somebody registers.
_PAIR = re.compile(rb'"/[^"\n]*"\s*,\s*(?:\w+::)*(?:get|post|put|patch|delete|any|on)\(')
_MAKER = 600  # bytes: a constructor that says what its fields are is shorter


class _Reading:
    """Collects what the items of one chunk declare."""

    def __init__(self, source: Source, words: Words) -> None:
        self.source = source
        self.words = words
        self.items: list[Item] = []
        self.more: list[object] = []
        self.regions: list[Region] = []
        self.blocks: list[tuple[int, int, int]] = []
        self.lowering = Lowering(source, words, self._items_of_block)

    def item(self, parsed: Parsed, attribute_nodes: list[Node], around: Around) -> None:
        """One item and what stands inside it."""
        node, metas = parsed
        if metas and is_test(metas):
            self.regions.append(Region(node.start_byte, node.end_byte, "test"))
            if node.type == "mod_item" and node.child_by_field_name("body") is None:
                self._module(node, metas, None, around, test=True)
            return
        kind = node.type
        for reader in READERS.get(kind, ()):
            if (fact := reader(parsed, self.source, around)) is not None:
                self.more.append(fact)
        cfg = (condition(metas) if metas else None) or around.cfg
        if kind == "function_item" or kind == "function_signature_item":
            self._function(node, attribute_nodes, cfg, around)
        elif kind == "use_declaration":
            self.items += read_use(node, self.source, around.module, cfg)
        elif kind == "extern_crate_declaration":
            self.items += read_extern_crate(node, self.source, around.module, cfg)
        elif kind == "impl_item":
            self._impl(node, cfg, around)
        elif kind == "mod_item":
            self._module(node, metas, cfg, around)
        elif kind in _TYPES:
            self._type(parsed, kind, cfg, around)
        elif kind in ("const_item", "static_item"):
            self._const(node, cfg, around)
        elif kind == "macro_definition":
            self._macro(node, cfg, around)
        elif kind in ("macro_invocation", "expression_statement"):
            self._modules_of_macro(node, cfg, around)

    def members(self, body: Node, around: Around) -> None:
        """The items of a module, an impl or a trait."""
        pending: list[Node] = []
        for node in body.children:
            if node.type == "attribute_item":
                pending.append(node)
            elif node.is_named and not node.type.endswith("_comment"):
                self.item(_with_attributes(node, pending), pending, around)
                pending = []

    def _items_of_block(self, node: Node, source: Source) -> tuple[Item, ...]:
        """The items that a statement in a function's body declares."""
        reading = _Reading(source, self.words)
        reading.blocks = self.blocks
        reading.item(Parsed(node, ()), [], Around())
        return tuple(reading.items)

    def _name(self, node: Node) -> tuple[int, int, str] | None:
        name = node.child_by_field_name("name")
        if name is None:
            return None
        base = self.source.base
        return name.start_byte - base, name.end_byte - base, plain(self.source.text(name))

    def _function(
        self, node: Node, attribute_nodes: list[Node], cfg: str | None, around: Around
    ) -> None:
        named = self._name(node)
        if named is None:
            return
        params: list[tuple[str, str]] = []
        parameters = node.child_by_field_name("parameters")
        for child in parameters.named_children if parameters is not None else []:
            if child.type == "parameter":
                at, kind = child.child_by_field_name("pattern"), child.child_by_field_name("type")
                if at is not None and kind is not None:
                    params.append((self.source.text(at), self.source.text(kind)))
            elif child.type == "self_parameter":
                params.append(("self", "Self"))
        returned, generics = node.child_by_field_name("return_type"), ()
        parameters = node.child_by_field_name("type_parameters")
        if parameters is not None:
            generics = tuple(
                self.source.text(name)
                for child in parameters.named_children
                if (name := child.child_by_field_name("name")) is not None
            )
        returns = self.source.text(returned) if returned is not None else None
        modifiers = node.children[0] if node.children else None
        public = modifiers is not None and modifiers.type == "visibility_modifier"
        qualified, base = around.scope + named[2], self.source.base
        self.regions.append(Region(node.start_byte, node.end_byte, "function", qualified))
        header = self.source.data[node.start_byte : named[0] + self.source.base]
        body = node.child_by_field_name("body")
        if body is not None:
            self.blocks.append((named[0], body.start_byte - base, body.end_byte - base))
        self.items.append(
            FnItem(
                *named,
                around.module,
                public,
                cfg,
                tuple(params),
                returns,
                b"async" in header,
                generics,
                around.owner,
                around.trait,
                self._macros(attribute_nodes) if attribute_nodes else (),
                *self._body(body, named[2], returns, params),
            )
        )

    def _body(
        self, body: Node | None, name: str, returns: str | None, params: list[tuple[str, str]]
    ) -> tuple[Expr | None, bool]:
        """The lowered body where it might matter, and whether it might register something."""
        if body is None:
            return None, False
        length = body.end_byte - body.start_byte
        registers = (
            name == _MAIN
            or (returns is not None and _ROUTER_TYPE.search(returns) is not None)
            or any(_ROUTER_TYPE.search(kind) for _, kind in params)
            or self.words.register(self.source.data[body.start_byte : body.end_byte])
        )
        gives = returns is not None and (
            (length < _MAKER and returns == "Self")
            or (
                _TEXT_TYPE.search(returns) is not None
                and (length < _SHORT or (length < _CASES and self._is_of_self(body)))
            )
            or _PAIR.search(self.source.data, body.start_byte, body.end_byte) is not None
        )
        return (self.lowering.block(body) if registers or gives else None), registers

    def _is_of_self(self, body: Node) -> bool:
        """Whether a body begins with `match self`."""
        return _OF_SELF.match(self.source.data, body.start_byte, body.end_byte) is not None

    def _macros(self, nodes: list[Node]) -> tuple[Attribute, ...]:
        found: list[Attribute] = []
        for node in nodes:
            text = self.source.data[node.start_byte : node.end_byte]
            if match := _ROUTE_ATTRIBUTE.match(text):
                start, end = node.start_byte - self.source.base, node.end_byte - self.source.base
                name = match["name"].decode().replace(" ", "")
                arguments = match["arguments"].decode("utf-8", "replace")
                found.append(Attribute(start, end, name, arguments.rstrip("] \r\n").strip()))
        return tuple(found)

    def _impl(self, node: Node, cfg: str | None, around: Around) -> None:
        kind, trait = node.child_by_field_name("type"), node.child_by_field_name("trait")
        body = node.child_by_field_name("body")
        if kind is None:
            return
        owner = path(kind, self.source).segments[-1]
        of = path(trait, self.source).segments[-1] if trait is not None else None
        start, end = kind.start_byte - self.source.base, kind.end_byte - self.source.base
        self.items.append(ImplItem(start, end, owner, around.module, False, cfg, of))
        if body is not None:
            self.members(body, Around(around.module, owner, of, cfg))

    def _module(
        self,
        node: Node,
        metas: tuple[Meta, ...],
        cfg: str | None,
        around: Around,
        *,
        test: bool = False,
    ) -> None:
        named, body = self._name(node), node.child_by_field_name("body")
        if named is None:
            return
        given = next((meta.text for meta in metas if meta.path == "path"), None)
        scopes = (unquote(meta.value or "") for meta in metas if meta.name == "scope")
        public = node.children[0].type == "visibility_modifier"
        self.items.append(
            ModItem(
                *named,
                around.module,
                public,
                cfg,
                body is not None,
                given,
                next(scopes, None) or "",
                test,
            )
        )
        if body is not None:
            self.members(body, Around((*around.module, named[2]), cfg=cfg))

    def _modules_of_macro(self, node: Node, cfg: str | None, around: Around) -> None:
        """`cfg_if! { … mod name; … }` and the like declare modules, too."""
        for match in _MOD.finditer(self.source.data, node.start_byte, node.end_byte):
            start, end = match.start() - self.source.base, match.end() - self.source.base
            name = match[1].decode()
            self.items.append(ModItem(start, end, name, around.module, True, cfg, False))

    def _type(self, parsed: Parsed, kind: str, cfg: str | None, around: Around) -> None:
        node, metas = parsed
        named = self._name(node)
        if named is None or around.owner is not None:
            return  # what an impl calls a trait's type is no name of the module
        target = node.child_by_field_name("type") if kind == "type_item" else None
        text = self.source.text(target) if target is not None else None
        public = node.children[0].type == "visibility_modifier"
        path = typed_path(metas) if metas else None
        self.items.append(TypeItem(*named, around.module, public, cfg, _TYPES[kind], text, path))
        body = node.child_by_field_name("body")
        if kind == "trait_item" and body is not None:
            self.members(body, Around(around.module, named[2], named[2], cfg))

    def _const(self, node: Node, cfg: str | None, around: Around) -> None:
        named, value = self._name(node), node.child_by_field_name("value")
        if named is None:
            return
        lowered: Expr | None = None
        if value is not None and value.end_byte - value.start_byte < _SHORT:
            lowered = self.lowering.expression(value)
        public = node.children[0].type == "visibility_modifier"
        self.items.append(
            ConstItem(*named, around.module, public, cfg, lowered, around.owner, around.trait)
        )

    def _macro(self, node: Node, cfg: str | None, around: Around) -> None:
        named = self._name(node)
        if named is not None:
            self.regions.append(Region(node.start_byte, node.end_byte, "macro_rules", named[2]))
            rules = self.source.data[node.start_byte : node.end_byte]
            function = _FN.search(rules)
            by = node.start_byte - self.source.base
            place = (function.start(1) + by, function.end(1) + by) if function else None
            found = rules_register(rules)
            self.items.append(MacroItem(*named, around.module, True, cfg, found, place))


def read_chunk(
    node: Node, attribute_nodes: list[Node], source: Source, root: Node, words: Words
) -> ChunkFacts:
    """What a top-level item declares. `source.base` is where its chunk begins, `root` the tree,
    `words` are those of the text that the tree is of."""
    reading = _Reading(source, words)
    parsed = _with_attributes(node, attribute_nodes)
    reading.item(parsed, attribute_nodes, Around())
    sites = site_facts(root, source, node.end_byte, reading.regions, words)
    return ChunkFacts(tuple(reading.items), sites, tuple(reading.more), tuple(reading.blocks))


def _with_attributes(node: Node, nodes: list[Node]) -> Parsed:
    texts = [text for n in nodes if (text := n.text) is not None]
    return Parsed(node, attributes(texts) if texts else ())
