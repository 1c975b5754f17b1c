"""Functions and methods of the crate: what they are called, what they take, whether they are stubs.

Methods of the standard library's and the frameworks' traits (`Display::fmt`, `From::from`,
`FromRequest::from_request`) are no counterpart of anything in a backend and are left out.
"""

import re

from tree_sitter import Node

from port_lsp.facts.items import Function
from port_lsp.facts.source import Place, Record, item_key
from port_lsp.rust.serde import is_public
from port_lsp.rust.stubs import stub_sign
from port_lsp.rust.syntax import Item, Source, plain
from port_lsp.text import Span

_NAMES = re.compile(r"(?<![:\w#])(?:r#)?([a-z_]\w*)\b(?!\s*(?:::|\(|:(?!:)))")
_KEYWORDS = frozenset({"mut", "ref", "box", "_"})
_LONGEST_VALUE = 120  # bytes of a body that is shown as the value of a default

# Traits whose methods nobody ports: how a value is shown, compared, converted or handed around.
_PLUMBING = """
    Add Any AsMut AsRef Borrow BorrowMut Clone Debug Decode Default Deref DerefMut Deserialize
    Deserializer Display Div Drop Encode Eq Error Extend From FromIterator FromRef FromRequest
    FromRequestParts FromRow FromStr Future Hash Index IndexMut Into IntoFuture IntoIterator
    IntoResponse IntoResponseParts Iterator Layer Mul Neg Not OptionalFromRequestParts Ord
    OpenApi PartialEq PartialOrd Read Responder ResponseError Serialize Serializer Service Sink
    Stream Sub ToOwned ToSchema ToString Transform TryFrom TryInto Type Validate Visitor Write
"""
PLUMBING = frozenset(_PLUMBING.split())


class FunctionFact(Record, frozen=True):
    """A function or method of one chunk; see `facts.items.Function`.

    `name` is qualified inside the file. `types` are the parameters' types as written, one for each
    parameter but self. `value` is the text of a body that is a single short expression, which says
    what `#[serde(default = "…")]` means.
    """

    name: str
    span: Span
    owner: str | None = None
    trait: str | None = None
    parameters: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    public: bool = True
    stub: str | None = None
    value: str | None = None


def read_function(
    item: Item, source: Source, scope: str = "", owner: str | None = None, trait: str | None = None
) -> FunctionFact | None:
    """A function_item. `scope` ends with `::` or is empty; `owner` is the impl's type, which the
    scope contains, `trait` the impl's trait without its arguments."""
    node = item.node
    name = node.child_by_field_name("name")
    if name is None:
        return None
    text, given = plain(source.text(name)), _parameters(node, source)
    body = node.child_by_field_name("body")
    return FunctionFact(
        scope + text,
        source.span(name),
        owner,
        trait,
        tuple(found for pattern, _ in given for found in _bound(pattern)),
        tuple(kind for _, kind in given),
        trait is not None or is_public(node),
        None if body is None or "not_implemented" in text else stub_sign(body, given, source),
        _value(body, source) if body is not None and not given else None,
    )


def functions(file: str, chunk: str, facts: tuple[FunctionFact, ...]) -> tuple[Function, ...]:
    """The functions of one chunk as a side lists them."""
    return tuple(
        Function(
            item_key(file, fact.name),
            fact.name.rpartition("::")[2],
            Place(file, chunk, fact.span),
            fact.owner,
            (),
            fact.parameters,
            fact.public,
            fact.stub,
        )
        for fact in facts
        if fact.trait not in PLUMBING
    )


def _parameters(node: Node, source: Source) -> list[tuple[str, str]]:
    """Pattern and type of each parameter, as written; self is left out."""
    listed = node.child_by_field_name("parameters")
    found: list[tuple[str, str]] = []
    for child in listed.named_children if listed is not None else ():
        if child.type != "parameter":
            continue
        pattern, kind = child.child_by_field_name("pattern"), child.child_by_field_name("type")
        if pattern is not None and kind is not None and pattern.type != "self":
            found.append((source.text(pattern), source.text(kind)))
    return found


def _bound(pattern: str) -> list[str]:
    """The names that a parameter's pattern binds: `Path((id, name))` binds two."""
    if pattern.isidentifier():
        return [pattern] if pattern != "_" else []
    return [name for name in _NAMES.findall(pattern) if name not in _KEYWORDS]


def _value(body: Node, source: Source) -> str | None:
    if body.end_byte - body.start_byte > _LONGEST_VALUE or body.named_child_count != 1:
        return None
    only = body.named_children[0]
    return None if only.type == "expression_statement" else source.text(only)
