"""Attributes of Rust items: `#[serde(rename = "x")]`, `#[derive(A, b::C)]`, `#[cfg_attr(…)]`.

The same few attributes stand at thousands of fields, so what a text means is kept.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from port_lsp.facts.source import Record
from port_lsp.rust.literals import split, uncommented, unquote

_ITEM = re.compile(
    r"\s*(?P<path>[\w:#]+)\s*(?:=\s*(?P<value>.*?)|(?P<open>[(\[{])(?P<inside>.*)[)\]}])?\s*",
    re.S,
)
_TEST = re.compile(r"\btest\b")
_NOT_TEST = re.compile(r"\bnot\s*\(\s*test\s*\)")
_TEST_FUNCTIONS = frozenset(
    {"test", "bench", "rstest", "test_case", "proptest", "wasm_bindgen_test"}
)


class Meta(Record, frozen=True):
    """One attribute or one entry of its list.

    `value` is the text behind `=`, or the text between the brackets, as written; None where there
    is neither. `listed` says that it stands in brackets, `entries` reads them.
    """

    path: str
    value: str | None = None
    listed: bool = False

    @property
    def name(self) -> str:
        """The path's last segment."""
        return self.path.rpartition("::")[2]

    @property
    def text(self) -> str | None:
        """What the value means, where it is a string literal."""
        return None if self.value is None or self.listed else unquote(self.value)

    @property
    def entries(self) -> "tuple[Meta, ...]":
        """The list in the brackets; empty without one."""
        return _entries(self.value) if self.listed and self.value else ()


def attributes(items: Iterable[bytes]) -> tuple[Meta, ...]:
    """The attributes of an item from the texts of its attribute items, `cfg_attr` unfolded.

    What a `cfg_attr` adds is taken as if it always held; one that holds only in tests adds nothing.
    """
    return tuple(meta for item in items for meta in _attribute(item))


@lru_cache(maxsize=8192)
def _attribute(item: bytes) -> tuple[Meta, ...]:
    text = uncommented(item.decode("utf-8", "replace")).strip()
    inside = text[text.find("[") + 1 : text.rfind("]")]
    if inside.startswith("unsafe("):
        inside = inside[len("unsafe(") : -1]
    return tuple(_unfolded(_entries(inside)))


def _unfolded(metas: Iterable[Meta]) -> Iterable[Meta]:
    for meta in metas:
        if meta.path != "cfg_attr":
            yield meta
            continue
        parts = tuple(split(meta.value or ""))
        if parts and not _only_in_tests(parts[0]):
            yield from _unfolded(entry for part in parts[1:] for entry in _entries(part))


@lru_cache(maxsize=8192)
def _entries(text: str) -> tuple[Meta, ...]:
    found: list[Meta] = []
    for part in split(text):
        match = _ITEM.fullmatch(part)
        if match is None:  # a literal or an expression: `range(1..)`, `repr("x")`
            found.append(Meta("", part))
        elif match["open"]:
            found.append(Meta(match["path"], match["inside"].strip(), listed=True))
        else:
            found.append(Meta(match["path"], match["value"]))
    return tuple(found)


def derives(metas: Iterable[Meta]) -> tuple[str, ...]:
    """The traits of all `derive` attributes, as written."""
    return tuple(
        entry.path
        for meta in metas
        if meta.path == "derive"
        for entry in meta.entries
        if entry.path
    )


def is_test(metas: Sequence[Meta]) -> bool:
    """Whether an item is there in tests only: `#[cfg(test)]`, `#[test]`, `#[tokio::test]`."""
    return any(
        _only_in_tests(meta.value or "") if meta.path == "cfg" else meta.name in _TEST_FUNCTIONS
        for meta in metas
    )


def condition(metas: Iterable[Meta]) -> str | None:
    """The text of the `cfg` that an item stands under; several are joined with a comma."""
    return ", ".join(meta.value or "" for meta in metas if meta.path == "cfg") or None


def _only_in_tests(predicate: str) -> bool:
    """Whether a `cfg` predicate can hold only in tests; `any(test, …)` can hold elsewhere."""
    if not _TEST.search(predicate) or _NOT_TEST.search(predicate):
        return False
    entry = next(iter(_entries(predicate)), Meta(""))
    if entry.path == "all":
        return any(_only_in_tests(part) for part in split(entry.value or ""))
    return predicate.strip() == "test"
