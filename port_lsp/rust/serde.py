"""Structs, enums and type aliases as one chunk declares them, with serde's and sqlx's attributes.

Nothing here looks beyond the chunk: which types are models is said in `models.py`, because an
`impl Serialize for X` may stand elsewhere. Rules of names and of what must be there: serde_derive
1.0 (internals/attr.rs, `expr_is_missing` in de.rs), sqlx-macros-core 0.8 (derives/row.rs).
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from tree_sitter import Node

from port_lsp.facts.items import Constraint
from port_lsp.facts.source import Record
from port_lsp.rust.attributes import Meta, condition, derives
from port_lsp.rust.cases import column_name, field_name, variant_name
from port_lsp.rust.constraints import constraints
from port_lsp.rust.syntax import Item, Source, items, plain
from port_lsp.rust.wirenames import Rules, rules_of, serde_entry, two_ways, value_of, wire_name
from port_lsp.text import Span

TypeKind = Literal["struct", "enum", "alias"]
Shape = Literal["named", "tuple", "unit"]

TYPE_NODES = frozenset({"struct_item", "enum_item", "type_item", "union_item"})

# What may stand around an Option without making a missing field an error: their Deserialize asks
# the inner type.
_OPTION = re.compile(
    r"(?:(?:\w+::)*(?:Box|Arc|Rc|Cow|Cell|RefCell|Mutex|RwLock)\s*<\s*)*(?:\w+::)*Option\s*<"
)
_MAP = re.compile(r"(?:\w+::)*(?:\w*Map|Value|JsonValue)\b")
_TABLE_DERIVES = frozenset(
    {"FromRow", "Queryable", "QueryableByName", "Insertable", "AsChangeset", "DeriveEntityModel"}
)
_TABLE_ATTRIBUTES = ("diesel.table_name", "sea_orm.table_name", "table_name")
_NO_COLUMN = frozenset({"sqlx.skip", "sqlx.flatten", "diesel.embed", "sea_orm.ignore"})
_NUMBERED = frozenset({"Serialize_repr", "Deserialize_repr"})
_COLUMN_ATTRIBUTES = ("sqlx.rename", "diesel.column_name", "sea_orm.column_name")


class FieldFact(Record, frozen=True):
    """A field or a variant; see `facts.items.Field`. `inner` are a variant's own fields."""

    name: str
    annotation: str | None
    span: Span
    required: bool
    alias: str | None = None
    column: str | None = None
    default: str | None = None
    constraints: tuple[Constraint, ...] = ()
    inner: "tuple[FieldFact, ...]" = ()


class TypeFact(Record, frozen=True):
    """A struct, an enum or a type alias.

    `name` is qualified inside the file (`module::function::Name`), `generics` are its type
    parameters, `target` is what an alias stands for, `shape` says how a struct's fields are given.
    """

    kind: TypeKind
    name: str
    span: Span
    public: bool
    fields: tuple[FieldFact, ...] = ()
    derives: tuple[str, ...] = ()
    attributes: tuple[Constraint, ...] = ()
    generics: tuple[str, ...] = ()
    target: str | None = None
    shape: Shape = "named"
    condition: str | None = None

    @property
    def table(self) -> str | None:
        """The table that an attribute names (diesel, sea-orm)."""
        found = {c.name: c.value.strip('"') for c in self.attributes}
        return next((found[name] for name in _TABLE_ATTRIBUTES if name in found), None)


def read_type(item: Item, source: Source, scope: str = "") -> TypeFact | None:
    """A struct_item, enum_item or type_item; `scope` is the path of what it stands in, with a
    closing `::`, or empty. None for a union and for an item whose name is missing."""
    node = item.node
    name = node.child_by_field_name("name")
    if name is None or node.type not in TYPE_NODES or node.type == "union_item":
        return None
    qualified, span = scope + plain(source.text(name)), source.span(name)
    generics, public = _generics(node, source), is_public(node)
    if node.type == "type_item":
        target = node.child_by_field_name("type")
        return TypeFact(
            "alias",
            qualified,
            span,
            public,
            generics=generics,
            target=source.text(target) if target is not None else None,
            condition=condition(item.attributes),
        )
    traits = derives(item.attributes)
    rules = rules_of(item.attributes, traits)
    body = node.child_by_field_name("body")
    if node.type == "enum_item":
        fields = _variants(body, source, rules, item.attributes, traits) if body else ()
        shape: Shape = "named"
    else:
        shape = _shape(body)
        table = shape == "named" and _is_table(traits)  # a tuple's columns go by their place
        fields = _fields(body, source, rules, table=table) if body else ()
    return TypeFact(
        "enum" if node.type == "enum_item" else "struct",
        qualified,
        span,
        public,
        fields,
        traits,
        constraints(item.attributes),
        generics,
        shape=shape,
        condition=condition(item.attributes),
    )


def is_public(node: Node) -> bool:
    """Whether an item can be seen outside its module; `pub(self)` can't."""
    first = next((child for child in node.children if child.type == "visibility_modifier"), None)
    return first is not None and first.text != b"pub(self)"


def is_optional(annotation: str) -> bool:
    """Whether a type's Deserialize takes a missing field for None."""
    return _OPTION.match(annotation) is not None


def _shape(body: Node | None) -> Shape:
    if body is None:
        return "unit"
    return "tuple" if body.type == "ordered_field_declaration_list" else "named"


def _generics(node: Node, source: Source) -> tuple[str, ...]:
    parameters = node.child_by_field_name("type_parameters")
    if parameters is None:
        return ()
    names = (
        child.child_by_field_name("name")
        for child in parameters.named_children
        if child.type == "type_parameter"
    )
    return tuple(source.text(name) for name in names if name is not None)


def _is_table(traits: Iterable[str]) -> bool:
    return any(trait.rpartition("::")[2] in _TABLE_DERIVES for trait in traits)


def _fields(body: Node, source: Source, rules: Rules, *, table: bool) -> tuple[FieldFact, ...]:
    """The fields of a struct or of a variant, in order; a tuple's are named by their place."""
    found: list[FieldFact] = []
    named = body.type == "field_declaration_list"
    pending: tuple[Meta, ...] = ()
    for node, metas in items(body.children, source):
        if named:
            name, kind = node.child_by_field_name("name"), node.child_by_field_name("type")
            if name is not None:
                text = source.text(name)
                found.append(_field(text, name, kind, metas, source, rules, table=table))
        elif node.type == "visibility_modifier":
            pending = metas  # the attributes of a tuple's field stand before its `pub`
        else:
            own = metas or pending
            found.append(_field(str(len(found)), node, node, own, source, rules, table=table))
            pending = ()
    return tuple(found)


def _field(
    name: str,
    at: Node,
    kind: Node | None,
    metas: Sequence[Meta],
    source: Source,
    rules: Rules,
    *,
    table: bool,
) -> FieldFact:
    annotation = source.text(kind) if kind is not None else ""
    bare = plain(name)
    said = constraints(metas) if metas else ()
    words = {constraint.name: constraint.value for constraint in said}
    wire = wire_name(metas, bare, rules, field_name)
    default = serde_entry(metas, "default")
    value = value_of(default, "Default::default()") if default is not None else rules.default
    return FieldFact(
        name,
        annotation or None,
        source.span(at),
        value is None and _demanded(annotation, words),
        wire if wire != name else None,
        _column(words, bare, rules) if table else None,
        value,
        said,
    )


def _demanded(annotation: str, words: dict[str, str]) -> bool:
    """Whether a field without a default must be there (serde_derive, `expr_is_missing`)."""
    if "skip" in words or "skip_deserializing" in words:
        return False
    if "flatten" in words and _MAP.match(annotation):
        return False
    if is_optional(annotation):
        # A function of one's own is never asked what a missing field means.
        return "with" in words or "deserialize_with" in words
    return True


def _column(words: dict[str, str], bare: str, rules: Rules) -> str | None:
    if not _NO_COLUMN.isdisjoint(words):
        return None
    given = next((words[key] for key in _COLUMN_ATTRIBUTES if key in words), None)
    return given.strip('"') if given is not None else column_name(rules.columns, bare)


def _variants(
    body: Node, source: Source, rules: Rules, outer: Sequence[Meta], traits: Iterable[str]
) -> tuple[FieldFact, ...]:
    numbered = any(trait.rpartition("::")[2] in _NUMBERED for trait in traits)
    inner = Rules(rules.way, two_ways(outer, "rename_all_fields")[rules.way])
    return tuple(
        _variant(item, source, rules, inner, numbered=numbered)
        for item in items(body.children, source)
        if item.node.type == "enum_variant"
    )


def _variant(
    item: Item, source: Source, rules: Rules, inner: Rules, *, numbered: bool
) -> FieldFact:
    node, metas = item
    name_node, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    value = node.child_by_field_name("value")
    name = source.text(name_node) if name_node is not None else ""
    discriminant = source.text(value) if value is not None else None
    wire = wire_name(metas, plain(name), rules, variant_name)
    if numbered and discriminant is not None:
        wire = discriminant
    own = two_ways(metas, "rename_all")[rules.way]
    said = constraints(metas) if metas else ()
    stored = next((c.value.strip('"') for c in said if c.name == "sqlx.rename"), None)
    if stored is None and rules.columns:
        stored = column_name(rules.columns, plain(name))
    return FieldFact(
        name,
        source.text(body) if body is not None else None,
        source.span(name_node or node),
        required=True,
        alias=wire if wire != name else None,
        column=stored,
        default=discriminant,
        constraints=said,
        inner=_fields(body, source, Rules(rules.way, own) if own else inner, table=False)
        if body is not None
        else (),
    )
