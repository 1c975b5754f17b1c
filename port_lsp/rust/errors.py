"""What the crate answers when something fails: the status of each variant of its error types.

First step, chunk by chunk: every `match` in a method that gives variants a status. Second step,
over the crate: for each type with an `impl ResponseError` (actix-web) or `impl IntoResponse`
(axum), the status that a client sees for each variant.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tree_sitter import Node

from port_lsp.facts.items import ApplicationPart
from port_lsp.facts.source import Place, Record, item_key
from port_lsp.rust.literals import blanked
from port_lsp.rust.statuses import statuses
from port_lsp.rust.syntax import Item, Source
from port_lsp.rust.typetable import PlacedType, Types
from port_lsp.text import Span

ANSWERING_TRAITS = frozenset({"ResponseError", "IntoResponse", "Responder"})

_MATCH = re.compile(rb"\bmatch\b")
_VARIANT = re.compile(r"\s*&?\s*(?:ref\s+)?(?P<path>(?:\w+::)*)(?P<name>\w+)")
# Whose word counts for a client, strongest first: what builds the answer, then what it may ask.
_STRENGTH = ("error_response", "into_response", "respond_to", "status_code")
_REST = "_"


class VariantAnswer(Record, frozen=True):
    """The statuses that one arm of a match gives; `name` is `_` for all other variants."""

    name: str
    span: Span
    statuses: tuple[int, ...]


class AnswerFact(Record, frozen=True):
    """What one method says of the statuses of a type.

    `type` is the name of the type whose variants are matched, else of the impl's type. `statuses`
    are all that the method names, for a type without variants. `failing` says whether the method
    may give one of 400 or above.
    """

    type: str
    trait: str | None
    method: str
    span: Span
    variants: tuple[VariantAnswer, ...] = ()
    statuses: tuple[int, ...] = ()


def read_answer(
    item: Item, source: Source, owner: str | None, trait: str | None
) -> AnswerFact | None:
    """A function_item that gives statuses to the variants of a type, or answers for its owner."""
    node = item.node
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if owner is None or name is None or body is None:
        return None
    answers = trait in ANSWERING_TRAITS
    text = source.data[body.start_byte : body.end_byte]
    if not answers and (b"match " not in text or b"self" not in text):
        return None
    if not (b"StatusCode" in text or b"HttpResponse" in text or answers):
        return None
    arms = list(_arms(body, source))
    types = [kind for kind, _ in arms if kind]
    variants = tuple(answer for _, answer in arms)
    if not variants and not answers:
        return None
    whose = types[0] if types and "Self" not in types else owner
    return AnswerFact(whose, trait, source.text(name), source.span(name), variants, statuses(text))


def _arms(body: Node, source: Source) -> Iterator[tuple[str, VariantAnswer]]:
    """The arms of the matches that give statuses: the type before the variant, and the answer."""
    done = body.start_byte
    for match in _MATCH.finditer(source.data, body.start_byte, body.end_byte):
        if match.start() < done:
            continue  # inside an arm that was read
        word = body.descendant_for_byte_range(match.start(), match.start() + 1)
        node = word.parent if word is not None and word.type == "match" else None
        value = node.child_by_field_name("value") if node is not None else None
        block = node.child_by_field_name("body") if node is not None else None
        if (
            value is None
            or block is None
            or b"self" not in source.data[value.start_byte : value.end_byte]
        ):
            continue
        done = block.end_byte
        for arm in block.named_children:
            pattern, answer = arm.child_by_field_name("pattern"), arm.child_by_field_name("value")
            if arm.type != "match_arm" or pattern is None or answer is None:
                continue
            found = statuses(source.data, answer.start_byte, answer.end_byte)
            for part in blanked(source.text(pattern)).split("|"):
                if (variant := _VARIANT.match(part)) is None:
                    continue
                path, name = variant["path"].split("::"), variant["name"]
                kind = path[-2] if len(path) > 1 else ""
                if name[0].islower():
                    name = _REST
                yield kind, VariantAnswer(name, source.span(pattern), found)


class PlacedAnswer(Record, frozen=True):
    """An answer and where its chunk is."""

    file: str
    chunk: str
    fact: AnswerFact


def error_parts(answers: Iterable[PlacedAnswer], types: Types) -> tuple[ApplicationPart, ...]:
    """The status of each variant of each error type of the crate, in the order of their files.

    A variant that several arms speak of has several statuses in its `detail`, a variant nobody
    gives a status has none.
    """
    by_type: dict[str, list[PlacedAnswer]] = defaultdict(list)
    for answer in answers:
        key = answering(types, answer) or item_key(answer.file, answer.fact.type)
        by_type[key].append(answer)
    return tuple(
        part
        for key, found in sorted(by_type.items())
        for part in _parts(key, sorted(found, key=_strength), types.by_key.get(key))
    )


def answering(types: Types, answer: PlacedAnswer) -> str | None:
    """The key of the type that an answer is of; None for one outside the crate."""
    scope, _, name = answer.fact.type.rpartition("::")
    return types.key_of(answer.file, f"{scope}::" if scope else "", name)


def _strength(answer: PlacedAnswer) -> tuple[int, str]:
    method = answer.fact.method
    return (_STRENGTH.index(method) if method in _STRENGTH else len(_STRENGTH), method)


def _parts(
    key: str, answers: list[PlacedAnswer], placed: PlacedType | None
) -> Iterator[ApplicationPart]:
    name = key.rpartition("::")[2]
    kind = placed.fact if placed is not None else None
    traits = {answer.fact.trait for answer in answers} & ANSWERING_TRAITS
    known = {status for answer in answers for status in answer.fact.statuses}
    if not traits or not (any(status >= 400 for status in known) or "ResponseError" in traits):
        return  # a type that never fails, or that nobody answers with
    given = _by_variant(answers)
    declared = [field.name for field in kind.fields] if kind and kind.kind == "enum" else []
    if not declared and not given:
        first = answers[0]
        status = first.fact.statuses or tuple(sorted(known))
        if "ResponseError" in traits and not status:
            status = (500,)  # actix-web's default
        yield _part(name, status, Place(first.file, first.chunk, first.fact.span))
        return
    rest = given.pop(_REST, None)
    for variant in [*declared, *(v for v in given if v not in declared)]:
        said = given.get(variant) or rest
        if said is None:
            first = answers[0]
            place = Place(first.file, first.chunk, first.fact.span)
            status = (500,) if "ResponseError" in traits and not given else ()
            said = (status, place)
        yield _part(f"{name}::{variant}", *said)
    if rest is not None and not declared:
        yield _part(f"{name}::{_REST}", *rest)


def _by_variant(answers: list[PlacedAnswer]) -> dict[str, tuple[tuple[int, ...], Place]]:
    """What the strongest method that knows says of each variant."""
    found: dict[str, tuple[tuple[int, ...], Place]] = {}
    for answer in answers:
        own: dict[str, tuple[tuple[int, ...], Place]] = {}
        for variant in answer.fact.variants:
            place = Place(answer.file, answer.chunk, variant.span)
            before, at = own.get(variant.name, ((), place))
            own[variant.name] = (tuple(dict.fromkeys((*before, *variant.statuses))), at)
        for variant, said in own.items():
            if said[0] and not found.get(variant, ((), None))[0]:
                found[variant] = said
            else:
                found.setdefault(variant, said)
    return found


def _part(name: str, status: tuple[int, ...], place: Place) -> ApplicationPart:
    return ApplicationPart("error-response", name, place, " ".join(map(str, status)))
