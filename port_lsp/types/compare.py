"""How alike two wire types are for a JSON client.

A client sends what the backend takes, and reads what the backend gives: so for a request the crate
must take all that the backend takes, for an answer it must give nothing that the backend doesn't.
`same` is the same JSON. `compatible` is other JSON that a client of the backend hardly notices.
`different` is JSON that one side refuses or a client doesn't expect.
"""

from collections.abc import Callable, Iterable
from typing import Literal

from port_lsp.facts.source import Record
from port_lsp.types.wire import Wire

Level = Literal["same", "compatible", "different"]
Flow = Literal["in", "out", "both"]
Linked = Callable[[str, str], "bool | None"]
"""Whether a backend's model (item key or name) and a crate's are counterparts; None: not known."""

_RANK: dict[Level, int] = {"same": 0, "compatible": 1, "different": 2}
# What is text on the wire, of a certain form.
_TEXTS = frozenset({"uuid", "datetime", "date", "time", "decimal", "bytes", "timedelta"})
_NUMBERS = frozenset({"int", "float", "decimal"})
_SEQUENCES = frozenset({"list", "set", "tuple"})
_UNSIGNED = ("u8", "u16", "u32", "u64", "u128", "usize")
_SMALL = ("i8", "i16", "i32", "u8", "u16", "u32")
# Forms of a number that say another unit or shape, not only another range.
_UNITS = frozenset({"seconds", "milliseconds", "microseconds", "nanoseconds"})


class Verdict(Record, frozen=True):
    """How alike, and why not the same; the reason is part of a sentence about the two sides."""

    level: Level
    reason: str = ""

    def within(self, what: str) -> "Verdict":
        """The same of a part: "item: …"."""
        return self if self.level == "same" else Verdict(self.level, f"{what}: {self.reason}")


SAME = Verdict("same")


def compare(
    backend: Wire, crate: Wire, flow: Flow = "both", linked: Linked | None = None
) -> Verdict:
    """How alike a backend's and a crate's type are.

    `flow` is "in" for what clients send, "out" for what they get, "both" for what isn't known to
    be only one of them (the worse of the two). `linked` says which models are counterparts;
    without it models are told by their names.
    """
    if backend == crate and linked is None:
        return SAME
    found: list[Verdict] = []
    if flow != "out":
        found.append(
            _Way("the backend", "the crate", linked, crate_takes=True).fits(backend, crate)
        )
    if flow != "in":
        found.append(
            _Way("the crate", "the backend", linked, crate_takes=False).fits(crate, backend)
        )
    return _worst(found)


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The first of the worst."""
    return max(verdicts, key=lambda verdict: _RANK[verdict.level], default=SAME)


def _best(verdicts: Iterable[Verdict]) -> Verdict:
    return min(verdicts, key=lambda verdict: _RANK[verdict.level], default=SAME)


class _Way:
    """Whether what one side has fits the other: `giver`'s values into `taker`'s type."""

    def __init__(self, giver: str, taker: str, linked: Linked | None, *, crate_takes: bool) -> None:
        self.giver, self.taker, self.linked = giver, taker, linked
        self.crate_takes = crate_takes

    def fits(self, given: Wire, taken: Wire) -> Verdict:
        """Whether all values of one type are values of the other, as far as a client cares."""
        if given.kind == "unknown" or taken.kind == "unknown":
            return Verdict(
                "compatible", f"{given if given.kind == 'unknown' else taken} isn't read"
            )
        if taken.kind == "any":
            return SAME if given.kind == "any" else self.loose(self.taker)
        if given.kind == "any":
            return self.loose(self.giver)
        if given.kind in ("optional", "null") or taken.kind in ("optional", "null"):
            return self.with_null(given, taken)
        if given.kind == "union":
            return _worst(self.fits(part, taken) for part in given.args)
        if taken.kind == "union":
            best = _best(self.fits(given, part) for part in taken.args)
            return self.not_fitting(given, taken) if best.level == "different" else best
        if given.kind == "ref" or taken.kind == "ref":
            return self.models(given, taken)
        if given.kind == taken.kind:
            return self.of_one_kind(given, taken)
        return self.of_two_kinds(given, taken)

    def loose(self, side: str) -> Verdict:
        return Verdict("compatible", f"{side} has any JSON there")

    def not_fitting(self, given: Wire, taken: Wire) -> Verdict:
        return Verdict("different", f"{self.giver} has {given}, {self.taker} {taken}")

    def with_null(self, given: Wire, taken: Wire) -> Verdict:
        if given.kind == "null":
            null = taken.kind in ("null", "optional")
            return SAME if null else Verdict("different", f"{self.taker} has no null there")
        if taken.kind == "null":
            return Verdict("different", f"{self.taker} has nothing but null there")
        if given.kind == "optional" and taken.kind == "optional":
            return self.fits(given.args[0], taken.args[0])
        if given.kind == "optional":
            inner = self.fits(given.args[0], taken)
            null = Verdict("different", f"{self.giver} may have null there, {self.taker} may not")
            return inner if inner.level == "different" else null
        inner = self.fits(given, taken.args[0])
        null = Verdict("compatible", f"{self.taker} may have null there, {self.giver} may not")
        return null if inner.level == "same" else inner

    def models(self, given: Wire, taken: Wire) -> Verdict:
        if given.kind != taken.kind:
            model, other = (given, taken) if given.kind == "ref" else (taken, given)
            # It may be an enum or a newtype; a model that is known is put in by whoever asks.
            return Verdict("compatible", f"{model} stands for {other}, it isn't looked into")
        backend, crate = (given, taken) if self.crate_takes else (taken, given)
        known = self.linked(backend.name, crate.name) if self.linked is not None else None
        if known is False:
            return Verdict("different", f"{backend} and {crate} aren't counterparts")
        if known is None and _bare(backend.name) != _bare(crate.name):
            return Verdict("compatible", f"{backend} and {crate} aren't known to be counterparts")
        if len(given.args) != len(taken.args):
            return SAME
        return _worst(
            self.fits(one, other).within(f"argument {index}")
            for index, (one, other) in enumerate(zip(given.args, taken.args, strict=True), 1)
        )

    def of_one_kind(self, given: Wire, taken: Wire) -> Verdict:
        kind = given.kind
        if kind == "literal":
            missing = [value for value in given.values if value not in taken.values]
            if missing:
                return Verdict("different", f"{self.taker} doesn't know {', '.join(missing)}")
            if len(set(given.values)) < len(set(taken.values)):
                more = [value for value in taken.values if value not in given.values]
                return Verdict("compatible", f"{self.taker} knows {', '.join(more)}, too")
            return SAME
        if kind in ("list", "set"):
            return self.fits(given.args[0], taken.args[0]).within("item")
        if kind == "map":
            return self.fits(given.args[1], taken.args[1]).within("value")
        if kind == "tuple":
            if len(given.args) != len(taken.args):
                return self.not_fitting(given, taken)
            pairs = zip(given.args, taken.args, strict=True)
            return _worst(
                self.fits(one, other).within(f"item {index}")
                for index, (one, other) in enumerate(pairs, 1)
            )
        return self.forms(given, taken)

    def forms(self, given: Wire, taken: Wire) -> Verdict:
        """Scalars of one kind: what form of it is asked."""
        if given.name == taken.name:
            return SAME
        if given.kind == "timedelta":
            return self.not_fitting(given, taken)
        if given.kind == "int" and self.crate_takes:
            if taken.name in _UNSIGNED and given.name not in _UNSIGNED:
                return Verdict("compatible", f"{self.taker}'s {taken.name} has no negative numbers")
            if taken.name in _SMALL:
                return Verdict("compatible", f"{self.taker}'s {taken.name} holds smaller numbers")
        if given.kind == "str" and taken.name not in ("", "char") and taken.name != given.name:
            return Verdict("compatible", f"{self.taker} asks for the form of {_a(taken.name)}")
        if given.kind == "str" and taken.name == "char":
            return Verdict("different", f"{self.taker} has a single character there")
        return SAME

    def of_two_kinds(self, given: Wire, taken: Wire) -> Verdict:
        one, other = given.kind, taken.kind
        if other == "str" and one in _TEXTS and given.name == "":
            return Verdict("compatible", f"{self.taker} has any text for {_a(one)}")
        if one == "str" and other in _TEXTS and taken.name == "":
            return Verdict("compatible", f"{self.taker} asks for the form of {_a(other)}")
        if one == "literal" or other == "literal":
            return self.literal(given, taken)
        if one in _NUMBERS and other in _NUMBERS:
            return self.numbers(given, taken)
        if one in _SEQUENCES and other in _SEQUENCES:
            return self.sequences(given, taken)
        return self.not_fitting(given, taken)

    def literal(self, given: Wire, taken: Wire) -> Verdict:
        """Certain values against their whole kind."""
        values = given.values if given.kind == "literal" else taken.values
        kinds = {_kind_of(value) for value in values}
        other = taken if given.kind == "literal" else given
        if kinds != {other.kind} and not (other.kind == "float" and kinds == {"int"}):
            return self.not_fitting(given, taken)
        if given.kind == "literal":
            return Verdict("compatible", f"{self.taker} has any {other.kind} there")
        return Verdict("different", f"{self.taker} has only {taken} there")

    def numbers(self, given: Wire, taken: Wire) -> Verdict:
        if {given.name, taken.name} & _UNITS:
            return self.not_fitting(given, taken)
        if given.kind == "int" and taken.kind == "float":
            return Verdict("compatible", f"{self.giver} has whole numbers, {self.taker} any")
        if taken.kind == "decimal" and self.crate_takes:
            return Verdict("compatible", f"{self.taker} has a decimal, which serde writes as text")
        if given.kind == "decimal" and self.crate_takes and taken.kind == "float":
            return Verdict("compatible", f"{self.taker} takes the decimal as a number, not as text")
        return self.not_fitting(given, taken)

    def sequences(self, given: Wire, taken: Wire) -> Verdict:
        if taken.kind == "tuple":
            return self.not_fitting(given, taken)
        items = given.args or (taken.args[0],)
        inner = _worst(self.fits(item, taken.args[0]).within("item") for item in items)
        said = Verdict(
            "compatible", f"{self.giver} has a {given.kind}, {self.taker} a {taken.kind}"
        )
        return inner if inner.level == "different" else said


def _bare(name: str) -> str:
    """A model's name for comparing: the last segment, without case and underscores."""
    return name.rpartition("::")[2].rpartition(".")[2].replace("_", "").lower()


def _a(name: str) -> str:
    article = "an" if name[:1] in "aeio" else "a"
    return f"{article} {name}"


def _kind_of(value: str) -> str:
    """The kind of a literal's value."""
    if value.startswith('"'):
        return "str"
    return "bool" if value in ("true", "false") else "int"
