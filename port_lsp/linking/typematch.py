"""One model of the backend held against one of the crate: what speaks for the pair."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from port_lsp.facts.items import Model
from port_lsp.facts.links import Candidate, Evidence, EvidenceKind
from port_lsp.linking.files import Files, without_layers
from port_lsp.linking.names import word_set, words
from port_lsp.linking.typenames import alike_names, says_nothing
from port_lsp.linking.weights import BELOW, Weights

_TABLES = frozenset({"sqlalchemy", "peewee"})
_ROWS = frozenset({"FromRow", "Queryable", "QueryableByName", "Selectable", "DeriveEntityModel"})
_ROW = 0.1  # how much a struct that is read from rows goes before others for a table
_SAME_NAME = 0.05  # how much a struct of the very same name goes before others
_NO_ROW = 0.05  # how much it goes behind others for a model that isn't one
_COMMON_WEIGHT = 0.5  # what a field is worth that half of all models have
_SURE = 0.8  # from here on two names mean the same thing
_ONE_OF_A_KIND = 1.4  # what a telling name is worth that nothing else has on either side
_SEVERAL = 3  # fields from which on a struct is a part of the model, not something smaller
_PART = 0.8  # what fields are worth where the struct has nothing but some of the model's
_FEWER = 0.3  # what equal fields are worth less for being few, divided by how many they are
_MAPS = frozenset({"Map", "HashMap", "BTreeMap", "IndexMap"})
_NO_FIELDS = 0.4  # what it is worth that neither has any field of its own
_BARE_NAME = 0.85  # what a name that says nothing is worth where all of the fields are the same


class Shape(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A model made ready for linking; compared by identity.

    `fields` are names on the wire, spelled plainly; `is_table` says whether it is a table of an
    ORM, or a struct that is read from rows; `is_enum`, whether it is one value of several.
    """

    model: Model
    order: int
    fields: frozenset[str]
    file: str
    name: str
    is_table: bool
    is_enum: bool


@lru_cache(maxsize=32768)
def plain(name: str) -> str:
    """A field's name in one spelling: `createdAt`, `created_at` and `CREATED_AT` are one."""
    return "".join(words(name)) or name


# Fields that half of all models have: they tell no two apart.
_COMMON = frozenset(
    plain(name)
    for name in word_set(
        "id uuid name title description type status url email user_id owner_id created_at "
        "updated_at data meta key value content"
    )
)


@lru_cache(maxsize=32768)
def alike_fields(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """How alike two sets of fields are, 0 to 1; telling ones weigh more, and many more than few."""
    shared = ours & theirs
    if not shared:
        return 0.0
    dice = 2 * _weight(shared) / (_weight(ours) + _weight(theirs))
    return dice * (1 - _FEWER / len(shared))


@lru_cache(maxsize=16384)
def _weight(fields: frozenset[str]) -> float:
    return len(fields) - (1 - _COMMON_WEIGHT) * len(fields & _COMMON)


@lru_cache(maxsize=8192)
def _field_set(names: tuple[str, ...]) -> frozenset[str]:
    """The names in one spelling; the same set for the same names, so that its hash is known."""
    return frozenset(plain(name) for name in names)


def shapes(models: Iterable[Model]) -> list[Shape]:
    """The models of one side made ready; what is flattened into a struct counts as its own."""
    listed = list(models)
    own = [_field_set((*_on_wire(model), *_variants(model))) for model in listed]
    flat = {at: inner for at, model in enumerate(listed) if (inner := _flattened(model))}
    if flat:
        by_name: dict[str, int] = {}
        for at, model in enumerate(listed):
            by_name.setdefault(model.name, at)
        for at, inner in flat.items():
            for name, kind in inner:
                if (source := by_name.get(kind)) is not None and source != at:
                    own[at] = (own[at] - {plain(name)}) | own[source]
                elif kind in _MAPS:  # whatever else there is: no field of its own
                    own[at] = own[at] - {plain(name)}
    return [
        Shape(
            model,
            at,
            own[at],
            model.place.file,
            called(model),
            _is_table(model),
            model.kind == "enum",
        )
        for at, model in enumerate(listed)
    ]


def _on_wire(model: Model) -> tuple[str, ...]:
    """What fields are called where they are written: those of a table by their columns."""
    if model.kind in _TABLES:
        return tuple([one.column or one.name for one in model.fields])
    return tuple([one.alias or one.name for one in model.fields])


def _variants(model: Model) -> tuple[str, ...]:
    """What an enum's values are called in code, which both sides may have in common, too."""
    return tuple([one.name for one in model.fields]) if model.kind == "enum" else ()


def called(model: Model) -> str:
    """What a model is called: sea-orm's `Model` in entities/user.rs is `user_Model`."""
    if not says_nothing(model.name):
        return model.name
    folders, _, file = model.place.file.rpartition(".")[0].rpartition("/")
    about = file if without_layers(words(file)) else folders.rpartition("/")[2]
    return f"{about}_{model.name}"


def _is_table(model: Model) -> bool:
    return model.kind in _TABLES or any(name.rpartition("::")[2] in _ROWS for name in model.derives)


def _flattened(model: Model) -> list[tuple[str, str]]:
    """Name and type of the fields that are flattened; of a map, the map's own name."""
    return [
        (one.alias or one.name, _last_name(one.annotation or ""))
        for one in model.fields
        if one.constraints and any(said.name == "flatten" for said in one.constraints)
    ]


@lru_cache(maxsize=4096)
def _last_name(annotation: str) -> str:
    """The name of the innermost type of an annotation: `Option<Vec<a::Item>>` is `Item`."""
    head = annotation.partition("<")[0].rpartition("::")[2].strip()
    if head in _MAPS:
        return head
    inner = annotation.rstrip("> ").rpartition("<")[2]
    return inner.rpartition("::")[2].strip()


class Voucher(msgspec.Struct, frozen=True, gc=False):
    """Linked items that use the two models in the same part: what they are, and how plainly."""

    strength: float
    kind: EvidenceKind
    detail: str


class TypeMatch(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A pair of models and how much each kind of evidence says for it, 0 to 1 each."""

    backend: Shape
    crate: Shape
    fields: float
    name: float
    linked: float
    file: float
    score: float
    rank: float
    via: "Voucher | None" = None


def _alike(backend: Shape, crate: Shape) -> float:
    """How alike two models' names are; a table's rows are `UserRow` where it is `User`."""
    name = alike_names(backend.name, crate.name)
    return max(name, alike_names(f"{backend.name}Row", crate.name)) if backend.is_table else name


def only_names(backend: Iterable[Shape], crate: Iterable[Shape]) -> frozenset[str]:
    """The names of more than one word that exactly one model of each side has."""
    sides = [Counter(shape.name for shape in side) for side in (backend, crate)]
    return frozenset(
        name
        for name, times in sides[0].items()
        if times == 1 == sides[1][name] and len(words(name)) > 1
    )


class TypeScale:
    """Weighs pairs of models: knows the files, the weights, and what vouches for a pair.

    `only` are names that can mean one model of each side alone.
    """

    __slots__ = ("_only", "_without", "files", "vouchers", "weights")

    def __init__(self, files: Files, weights: Weights, only: frozenset[str] = frozenset()) -> None:
        self._only = only
        without = weights.without
        self.weights = Weights(
            model_fields=0.0 if "fields" in without else weights.model_fields,
            model_name=0.0 if "handler-name" in without else weights.model_name,
            model_linked=weights.model_linked,
            model_file=0.0 if "file" in without else weights.model_file,
        )
        self.files = files
        self._without = without
        self.vouchers: dict[tuple[int, int], Voucher] = {}

    def vouch(self, backend: int, crate: int, voucher: Voucher) -> bool:
        """Notes that linked items use the two models; whether that is news."""
        known = self.vouchers.get((backend, crate))
        if voucher.kind in self._without or (known and known.strength >= voucher.strength):
            return False
        self.vouchers[backend, crate] = voucher
        return True

    def match(self, backend: Shape, crate: Shape) -> TypeMatch:
        """Weighs one pair."""
        weights = self.weights
        name = _alike(backend, crate)
        fields = alike_fields(backend.fields, crate.fields)
        if not backend.fields and not crate.fields and not backend.is_enum:
            fields = _NO_FIELDS
        same = backend.fields == crate.fields and len(crate.fields) >= _SEVERAL
        if same and backend.model.name == crate.model.name:
            name = max(name, _BARE_NAME)
        if name >= _SURE and crate.fields <= backend.fields and len(crate.fields) >= _SEVERAL:
            # A port leaves out what it has no use for.
            fields = max(fields, _PART * (1 - _FEWER / len(crate.fields)))
        via = self.vouchers.get((backend.order, crate.order))
        linked = via.strength if via else 0.0
        file = self.files.belong(backend.file, crate.file)
        if (file or linked) and backend.name == crate.name in self._only:
            name = _ONE_OF_A_KIND
        score = (
            weights.model_fields * fields
            + weights.model_name * name
            + weights.model_linked * linked
            + weights.model_file * file
        )
        rank = score + _SAME_NAME if name >= 1.0 else score
        if crate.is_table:
            rank += _ROW if backend.is_table else -_NO_ROW
        return TypeMatch(backend, crate, fields, name, linked, file, score, rank, via)

    def evidence(self, match: TypeMatch) -> tuple[Evidence, ...]:
        """The reasons of a match in words, each with its share of the confidence."""
        weights = self.weights
        ours, theirs = match.backend, match.crate
        shared = len(ours.fields & theirs.fields)
        found: list[tuple[EvidenceKind, str, float]] = [
            (
                "fields",
                f"{shared} of {len(ours.fields)} fields, of {len(theirs.fields)} there",
                weights.model_fields * match.fields,
            ),
            (
                "handler-name",
                f"{ours.name} ~ {theirs.name}",
                weights.model_name * match.name,
            ),
            ("file", f"{ours.file} ~ {theirs.file}", weights.model_file * match.file),
        ]
        if match.via:
            found.insert(0, (match.via.kind, match.via.detail, weights.model_linked * match.linked))
        return tuple(
            Evidence(kind, detail, round(weight, 3))
            for kind, detail, weight in found
            if weight >= 0.005
        )

    def candidate(self, match: TypeMatch, objection: str = "") -> Candidate:
        """The match as something that might be meant; with an objection it is below a link."""
        confidence = round(min(BELOW if objection else 1.0, match.score), 3)
        return Candidate(match.crate.model.key, confidence, self.evidence(match))
