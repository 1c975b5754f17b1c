"""Linked items that vouch for a pair of models: handlers, tables, fields of linked models."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from port_lsp.facts.links import EvidenceKind
from port_lsp.linking.board import Board
from port_lsp.linking.modelboard import ModelBoard
from port_lsp.linking.typematch import Shape, Voucher
from port_lsp.linking.typenames import type_name

_ALONE = 1.0  # how plainly a handler's only body says which model its counterpart's is
_AMONG = 0.6  # the same, where there are several
_NESTED = 0.7  # the same, of a field's type in linked models
_SAME = 0.75  # the share of a table's and a model's fields that are in both, for rows of the one

_IDENTIFIER = re.compile(r"[A-Z]\w*")


def vouch_by_endpoints(models: ModelBoard, board: Board) -> None:
    """Bodies and answers of linked endpoints are counterparts of each other, if any are."""
    ours = {shape.model.key: shape.order for shape in models.backend}
    theirs = {shape.model.key: shape.order for shape in models.crate}
    named = by_name(models.crate)
    for order in sorted(board.found):
        match = board.found[order].match
        left, right = match.backend.endpoint, match.crate.endpoint
        detail = f"{left.handler} ~ {right.handler}"
        parts: list[tuple[EvidenceKind, tuple[str, ...], tuple[str, ...]]] = [
            ("body-type", left.signature.body_models, right.signature.body_models),
            ("response-type", left.signature.response_models, right.signature.response_models),
        ]
        for kind, mine, other in parts:
            strength = _ALONE if len(mine) == len(other) == 1 else _AMONG
            voucher = Voucher(strength, kind, detail)
            for one in mine:
                for two in other:
                    if one in ours and two in theirs:
                        left_order, right_order = ours[one], theirs[two]
                        models.scale.vouch(left_order, right_order, voucher)
                        if (inner := inside(models.crate[right_order], named)) is not None:
                            models.scale.vouch(left_order, inner.order, voucher)


def inside(envelope: Shape, named: dict[str, list[Shape]]) -> Shape | None:
    """The model that is all an envelope holds; FastAPI's `Body(embed=True)` has no class for it."""
    if len(envelope.model.fields) != 1:
        return None
    annotation = envelope.model.fields[0].annotation
    return nearest(identifiers(annotation), named, envelope.file) if annotation else None


def vouch_by_tables(models: ModelBoard) -> set[int]:
    """The model of a table's rows is the counterpart of what the table is; whose that is news.

    A row model has the table's fields and its subject, and stands in the same file.
    """
    news: set[int] = set()
    by_file: defaultdict[str, list[Shape]] = defaultdict(list)
    for shape in models.backend:
        if not shape.is_table and not shape.is_enum:
            by_file[shape.file].append(shape)
    for order in sorted(models.found):
        match = models.found[order]
        table = match.backend
        if not table.is_table:
            continue
        subject = type_name(table.name).subject
        rows = [
            (len(table.fields ^ shape.fields), shape.order)
            for shape in by_file[table.file]
            if type_name(shape.name).subject == subject
            and type_name(shape.name).part in ("", "row")
            and len(table.fields & shape.fields) >= _SAME * len(table.fields | shape.fields)
        ]
        if rows:
            row = min(rows)[1]
            if (known := models.found.get(row)) and known.name >= 1.0:
                continue  # the crate has a struct for the rows too
            voucher = Voucher(_NESTED, "linked-by", f"the rows of {table.name}")
            if models.scale.vouch(row, match.crate.order, voucher):
                news.add(row)
    return news


def vouch_by_fields(models: ModelBoard) -> set[int]:
    """The types of equal fields of linked models are counterparts too; whose that is news."""
    ours, theirs = by_name(models.backend), by_name(models.crate)
    news: set[int] = set()
    for order in sorted(models.found):
        match = models.found[order]
        kinds = {one.alias or one.name: one.annotation for one in match.crate.model.fields}
        for one in match.backend.model.fields:
            other = kinds.get(one.alias or one.name)
            if not other or not one.annotation:
                continue
            mine = nearest(identifiers(one.annotation), ours, match.backend.file)
            peer = nearest(identifiers(other), theirs, match.crate.file) if mine else None
            if mine is not None and peer is not None:
                detail = f"{match.backend.name}.{one.name}"
                if models.scale.vouch(
                    mine.order, peer.order, Voucher(_NESTED, "linked-by", detail)
                ):
                    news.add(mine.order)
    return news


def by_name(listed: Iterable[Shape]) -> dict[str, list[Shape]]:
    """The models of one side by their bare names."""
    named: defaultdict[str, list[Shape]] = defaultdict(list)
    for shape in listed:
        named[shape.model.name].append(shape)
    return named


@lru_cache(maxsize=16384)
def identifiers(annotation: str) -> tuple[str, ...]:
    """The names in an annotation that may be models'."""
    return tuple(_IDENTIFIER.findall(annotation))


def nearest(names: tuple[str, ...], listed: dict[str, list[Shape]], file: str) -> Shape | None:
    """The only model that a type names, that of the same file first."""
    if not names or all(name not in listed for name in names):
        return None
    found = [shape for name in names for shape in listed.get(name, ())]
    if len(found) > 1:
        found = [shape for shape in found if shape.file == file]
    return found[0] if len(found) == 1 else None
