"""Who the crate lets in, as one chunk says it: extractors, middleware, and checks in functions.

Which statuses and error variants a body names, which credential it reads, which roles it asks for,
which types it passes on through the request's extensions. What that comes to over the crate is
said in `gates.py`.
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

from port_lsp.facts.source import Record
from port_lsp.rust.functions import FunctionFact
from port_lsp.rust.passing import lets_through
from port_lsp.rust.statuses import statuses
from port_lsp.rust.syntax import Item, Source
from port_lsp.rust.typetable import arguments
from port_lsp.text import Span

EXTRACTING = frozenset({"FromRequest", "FromRequestParts", "OptionalFromRequestParts"})
WRAPPING = frozenset({"Transform", "Layer", "Service"})
CHECK = "fn"
_REFUSALS = (
    *(b"nauthorized", b"UNAUTHORIZED", b"orbidden", b"FORBIDDEN"),
    *(b"nauthenticated", b"nvalidCredentials"),
)
_PLAIN = 4  # of these, what a function may refuse with whatever it is given
_REQUESTS = ("Request", "Header", "Parts", "Cookie", "Bearer", "Session", "Identity")
_STATUSES = (
    (401, (b"StatusCode::UNAUTHORIZED", b"HttpResponse::Unauthorized", b"ErrorUnauthorized")),
    (403, (b"StatusCode::FORBIDDEN", b"HttpResponse::Forbidden", b"ErrorForbidden")),
)
_REFUSING_WORDS = (b"nauthorized", b"orbidden", b"nauthenticated", b"nvalidCredentials")
_REFUSING_VARIANT = re.compile(
    rb"(\w+)::(\w*(?:nauthorized|orbidden|nauthenticated|nvalidCredentials)\w*)"
)
# An error without a path in front: a struct without variants, a constant.
_BARE = re.compile(
    rb"(?:\bErr|\bok_or|\bok_or_else|\bmap_err)\s*\(\s*(?:\|[^|]*\|\s*)?(?P<name>[A-Z]\w+)\b"
    rb"(?!\s*::)"
)
# `AppError::unauthorized("…")`
_BUILDER = re.compile(rb"\b([A-Z]\w*)::(unauthorized|forbidden|unauthenticated)\b")
_VARIANT = re.compile(rb"\b([A-Z]\w*)::([A-Z][a-z]\w*)\b(?!\s*::)")
_NO_ERRORS = frozenset(
    {b"StatusCode", b"HttpResponse", b"Method", b"Ordering", b"Duration", b"Self"}
)
_USES = re.compile(
    rb"\b([A-Z]\w*)(?:::<[^()]*?>|<[^()]*?>)?(?:\s+as\s+[\w:<>]+>)?::(?:from_request(?:_parts)?|extract)\s*\("
    rb"|\.extract(?:_with_state|_parts|_parts_with_state)?::<\s*(?:\w+::)*([A-Z]\w*)"
)
_ROLE = re.compile(
    rb"role\w*(?:\(\))?(?:\s*\.\s*\w+\(\))*\s*[!=]=\s*(?:Some\()?\"(\w+)\""
    rb"|\"(\w+)\"\s*[!=]=\s*[\w.&*]*role|\bRole::([A-Z]\w*)"
    rb"|\bis_(admin|superuser|super_user|superadmin|super_admin|staff|moderator|owner)\b"
)
_TAKES = re.compile(
    rb"extensions(?:_mut)?(?:\(\))?\s*\.\s*(?:get|remove|get_mut)::<\s*(?:\w+::)*(\w+)"
)
_GIVES = re.compile(
    rb"extensions_mut\(\)\s*\.\s*insert(?:::<\s*(?:\w+::)*(?P<typed>\w+)[^>]*>)?"
    rb"\s*\(\s*(?:(?:\w+::)*(?P<built>[A-Z]\w*)|(?P<variable>[a-z_]\w*)\b)?"
)
_CREDENTIALS = (
    ("Authorization header", (b"AUTHORIZATION", b"uthorization", b"BearerAuth", b"Bearer")),
    ("cookie", (b"cookie", b"Cookie")),
    ("session", (b"get_session", b"Session", b"Identity")),
    ("API key", (b"api-key", b"api_key", b"API_KEY", b"ApiKey")),
    ("token", (b"verify_jwt", b"jwt", b"decode::<", b"verify_token")),
)
# axum's `Next::run`, actix-web's `Next::call`
_RUNS = re.compile(rb"\w+\s*\.\s*(?:run|call)\s*\(\s*\w+\s*\)\s*\.await\s*\??")
_COMMENT = re.compile(rb"(?m)^[ \t]*//[^\n]*$")
_ASSOCIATED = re.compile(
    rb"\btype\s+(?P<name>Rejection|Error|Transform|Service)\s*=\s*(?P<type>[^;]+);"
)


_CALLS = re.compile(rb"((?<!\.)\.|\b[A-Z]\w*::)?(?<![\w!])([a-z_]\w*)(?:::<[^()]*?>)?\s*\(")


class Refusals(Record, frozen=True):
    """What a body says of letting somebody in.

    `statuses` are named outright, `variants` are paths like `AppError::Unauthorized`, `uses` the
    extractors it calls, `roles` what it compares a role with, `reads` the credentials it looks at,
    `takes` and `gives` the types in the request's extensions (a variable's name where that is all
    that is written), `calls` the functions it calls, methods with a dot, those of a named type
    with `Type::` in front. `lets` says that who shows nothing gets past.
    """

    statuses: tuple[int, ...] = ()
    variants: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    lets: bool = False


class GateFact(Record, frozen=True):
    """An extractor, a piece of middleware or a function that checks, as one chunk has it.

    `trait` is "" for a function that takes `Next`, `CHECK` for one that may refuse. `rejection` is
    the error's type, `service` the type that a Transform or Layer makes, both as written.
    """

    type: str
    trait: str
    span: Span
    refusals: Refusals
    rejection: str | None = None
    service: str | None = None


def read_gate(item: Item, source: Source, scope: str = "") -> GateFact | None:
    """An impl_item of one of the frameworks' traits for extractors and middleware."""
    trait, kind = item.node.child_by_field_name("trait"), item.node.child_by_field_name("type")
    if trait is None or kind is None:
        return None
    name = _bare(source.text(trait))
    if name not in EXTRACTING and name not in WRAPPING:
        return None
    text = source.data[item.node.start_byte : item.node.end_byte]
    given = {match["name"]: match["type"] for match in _ASSOCIATED.finditer(text)}
    rejection = given.get(b"Rejection") or given.get(b"Error")
    service = given.get(b"Transform") or (given.get(b"Service") if name == "Layer" else None)
    return GateFact(
        scope + _bare(source.text(kind)),
        name,
        source.span(kind),
        refusals(text),
        rejection.decode("utf-8", "replace").strip() if rejection else None,
        _bare(service.decode("utf-8", "replace")) if service else None,
    )


def read_check(node: Node, fact: FunctionFact, source: Source) -> GateFact | None:
    """A function_item that takes `Next`, as `from_fn` wants it, or one that may refuse."""
    text = source.data[node.start_byte : node.end_byte]
    if any(_bare(kind) == "Next" for kind in fact.types):
        before = text[: _let_through(node) - node.start_byte]
        return GateFact(fact.name, "", fact.span, refusals(before), _error_of(node, source))
    if fact.trait in EXTRACTING or fact.trait in WRAPPING:
        return None  # the whole impl is the gate
    if not any(word in text for word in _REFUSALS):
        return None
    text = _COMMENT.sub(b"", text)
    asked = any(word in kind for kind in fact.types for word in _REQUESTS)
    if not asked and not any(word in text for word in _REFUSALS[:_PLAIN]):
        return None  # wrong credentials in a body are what a login is about
    said = Refusals(
        tuple(status for status, words in _STATUSES if any(word in text for word in words)),
        tuple(dict.fromkeys(_refusing_variants(text))),
        roles=tuple(role.lower() for role in _names(_ROLE, text)),
    )
    return GateFact(fact.name, CHECK, fact.span, said) if said != Refusals() else None


def _let_through(node: Node) -> int:
    """The byte offset up to which a middleware may refuse: where a statement of the body itself
    has called the rest, what follows only changes an answer."""
    body = node.child_by_field_name("body")
    for one in body.named_children if body is not None else ():
        value = one.child_by_field_name("value") if one.type == "let_declaration" else None
        if value is not None and _RUNS.fullmatch(value.text or b""):
            return one.end_byte
    return node.end_byte


def _refusing_variants(text: bytes) -> Iterator[str]:
    """`AppError::Forbidden` and its like, looked for from a word that most bodies lack."""
    for word in _REFUSING_WORDS:
        at = text.find(word)
        while at >= 0:
            start, end = max(0, at - 60), at + 30
            for kind, variant in _REFUSING_VARIANT.findall(text[start:end]):
                if kind not in _NO_ERRORS:
                    yield f"{kind.decode()}::{variant.decode()}"
            at = text.find(word, end)


def refusals(text: bytes) -> Refusals:
    """What a body's text says of letting somebody in; lines of comments say nothing."""
    text = _COMMENT.sub(b"", text)
    variants = [
        (whole[0] + b"::" + whole[1]).decode()
        for pattern in (_VARIANT, _BUILDER)
        for whole in pattern.findall(text)
        if whole[0] not in _NO_ERRORS
    ]
    variants += [match["name"].decode() for match in _BARE.finditer(text)]
    return Refusals(
        statuses(text),
        tuple(dict.fromkeys(variants)),
        _names(_USES, text),
        tuple(role.lower() for role in _names(_ROLE, text)),
        tuple(name for name, words in _CREDENTIALS if any(word in text for word in words)),
        _names(_TAKES, text),
        _names(_GIVES, text),
        tuple(dict.fromkeys((dot + name).decode() for dot, name in _CALLS.findall(text))),
        lets_through(text),
    )


def _names(pattern: re.Pattern[bytes], text: bytes) -> tuple[str, ...]:
    """What any group of a pattern caught, each once."""
    found = (
        group.decode() for match in pattern.finditer(text) for group in match.groups() if group
    )
    return tuple(dict.fromkeys(found))


def _bare(kind: str) -> str:
    """The last segment of a type's path, without arguments: `a::B<C>` is `B`."""
    return kind.strip().lstrip("&").partition("<")[0].strip().rpartition("::")[2]


def _error_of(node: Node, source: Source) -> str | None:
    """The error's type of a function that gives `Result<T, E>`, as written."""
    returns = node.child_by_field_name("return_type")
    inner = arguments(source.text(returns)) if returns is not None else ()
    return inner[1].strip() if len(inner) == 2 else None
