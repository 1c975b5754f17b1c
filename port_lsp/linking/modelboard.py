"""What is linked of the models so far, and which structs go to which model."""

from collections import defaultdict
from collections.abc import Iterable

from port_lsp.facts.links import Evidence
from port_lsp.linking.files import BELONG
from port_lsp.linking.typematch import Shape, TypeMatch, TypeScale
from port_lsp.linking.typenames import alike_names, type_name
from port_lsp.linking.weights import LINK

_RARE = 4  # models of the crate with a field; with more, the field leads to none of them
_NAMED = 0.55  # how alike names must be where fields agree a little
_SAME_NAME = 0.9  # how alike names must be for a candidate without a common field
_SOME = 0.3  # how alike fields must be where names agree
_MOST = 0.7  # how alike fields must be where little else speaks
_MANY = 3  # fields from which on they can speak alone


class ModelBoard:
    """What is linked so far; a struct may stand for several models."""

    __slots__ = ("backend", "considered", "crate", "found", "inline", "pinned", "scale", "taken")

    def __init__(self, backend: list[Shape], crate: list[Shape], scale: TypeScale) -> None:
        self.backend = backend
        self.crate = crate
        self.scale = scale
        self.found: dict[int, TypeMatch] = {}
        self.taken: set[int] = set()
        self.pinned: set[int] = set()
        self.considered: dict[int, list[TypeMatch]] = {}
        self.inline: dict[int, Evidence] = {}

    def link(self, match: TypeMatch) -> None:
        """Writes a link down."""
        self.found[match.backend.order] = match
        self.taken.add(match.crate.order)


class Candidates:
    """Which structs are worth weighing for a model: by vouchers, by names, by rare fields."""

    def __init__(self, models: ModelBoard, apart: frozenset[tuple[int, int]]) -> None:
        self._models = models
        self._apart = apart
        self._by_word: defaultdict[str, list[Shape]] = defaultdict(list)
        fields: defaultdict[str, list[Shape]] = defaultdict(list)
        for shape in models.crate:
            for word in type_name(shape.name).subject:
                self._by_word[word].append(shape)
            for name in shape.fields:
                fields[name].append(shape)
        self._rare = {name: there for name, there in fields.items() if len(there) <= _RARE}

    def of(self, ours: Shape, vouched: Iterable[int]) -> list[TypeMatch]:
        """The structs weighed, in their order."""
        crate, name = self._models.crate, ours.name
        orders = {order: crate[order] for order in vouched}
        for word in type_name(name).subject:
            for theirs in self._by_word.get(word, ()):
                if theirs.order not in orders and _is_like(ours, theirs):
                    orders[theirs.order] = theirs
        for field in ours.fields:
            for theirs in self._rare.get(field, ()):
                orders[theirs.order] = theirs
        return [
            self._models.scale.match(ours, orders[order])
            for order in sorted(orders)
            if ours.is_enum is orders[order].is_enum and (ours.order, order) not in self._apart
        ]


def _is_like(ours: Shape, theirs: Shape) -> bool:
    """Whether a struct's name is alike, and a field is shared or the name is nearly the same."""
    alike = alike_names(ours.name, theirs.name)
    return alike >= _NAMED and (alike >= _SAME_NAME or not ours.fields.isdisjoint(theirs.fields))


def weigh(models: ModelBoard, candidates: Candidates) -> None:
    """Weighs every model's candidates."""
    vouched: defaultdict[int, list[int]] = defaultdict(list)
    for left, right in models.scale.vouchers:
        vouched[left].append(right)
    for ours in models.backend:
        if ours.order not in models.pinned:
            models.considered[ours.order] = candidates.of(ours, vouched[ours.order])


def assign(models: ModelBoard) -> None:
    """Links what is plausible, the best pair first, one struct to one model of each kind.

    Afterwards a struct may stand for a further model whose fields it has: a row model shares the
    struct of its table.
    """
    models.found = {order: models.found[order] for order in models.pinned}
    models.taken = {match.crate.order for match in models.found.values()}
    plausible = [
        match for matches in models.considered.values() for match in matches if not objection(match)
    ]
    plausible.sort(key=lambda one: (-one.rank, one.backend.order, one.crate.order))
    for tables in (True, False):
        used: set[int] = set()
        for match in plausible:
            ours, theirs = match.backend, match.crate
            free = ours.order not in models.found and theirs.order not in used
            if free and ours.is_table is tables:
                used.add(theirs.order)
                models.link(match)
    for match in plausible:
        if match.backend.order not in models.found and _may_share(match):
            models.link(match)


def objection(match: TypeMatch) -> str:
    """Why a pair can't become a link; empty where it can."""
    if match.score < LINK:
        return f"only {match.score:.2f} speaks for it, a link needs {LINK}"
    if match.linked:
        if match.fields >= _SOME / 2 or match.name >= _NAMED:
            return ""
        return "linked handlers use them, but neither fields nor names agree"
    if match.fields >= _SOME and match.name >= _NAMED:
        return ""
    if match.file < BELONG:
        return "names or fields alone don't link, and the files don't belong together"
    shared = len(match.backend.fields & match.crate.fields)
    if match.fields >= _MOST and shared >= _MANY:
        return ""
    return "the names differ, and too few fields agree"


def _may_share(match: TypeMatch) -> bool:
    """Whether a struct that is another model's may be this one's too."""
    if match.linked or match.name >= 1.0:
        return True
    return match.backend.fields == match.crate.fields and match.file >= BELONG
