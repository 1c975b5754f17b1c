"""The functions of the crate that say which of the backend's they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from port_lsp.facts.source import Record, SourceFile
from port_lsp.patterns.desk import Desk
from port_lsp.patterns.translate.calls import Home, Signature
from port_lsp.patterns.translate.receivers import item_of, result_parts, type_in
from port_lsp.writing.ir.types import UNIT, AnyType, Type

# What may stand between the documentation and the function: comments and attributes.
_BETWEEN = r"(?: *(?:#\[|// )[^\n]*\n)*"


class There(Record, frozen=True):
    """A function that the crate has: its name, whether it is async, the names of the type of its
    first parameter, if that is a reference."""

    name: str
    waits: bool
    first: tuple[str, ...] = ()

    def takes(self, state: AnyType | None) -> bool:
        """Whether its first parameter is a reference to this state."""
        return state is not None and list(self.first) == _heads(state)


def there_in(files: Mapping[str, SourceFile], file: str, docs: str) -> There | None:
    """The function of a file of the crate that has this line of documentation."""
    source = files.get(file)
    text = source.text.data.decode("utf-8", "replace") if source is not None else ""
    found = re.search(
        rf"^/// {re.escape(docs)}\n{_BETWEEN}pub (async )?fn (?:r#)?(\w+)"
        r"(?:\(\s*\w+: &([\w:<>, ]+?)[,)])?",
        text,
        re.M,
    )
    if found is None:
        return None
    return There(found[2], found[1] is not None, tuple(_words(found[3] or "")))


def is_alike(desk: Desk, file: str, there: There, said: Signature, result: AnyType | None) -> bool:
    """Whether a function of the crate takes and gives what one written now would, as far as its
    types can be read. Who wrote it may have known them otherwise: by another call of it."""
    item = item_of(desk, file, there.name)
    if item is None:
        return True
    kinds = [type_in(desk, file, text, None) for _, text in item.params]
    kinds = kinds[1:] if there.waits else kinds
    gives = type_in(desk, file, item.returns, None) if item.returns is not None else UNIT
    if there.waits and gives is not None:
        own, _ = result_parts(desk, gives)
        gives = own if result is not None else gives
    wanted = [one.type for one in said.params]
    if len(kinds) != len(wanted) or gives not in (None, said.gives):
        return False
    return all(one in (None, kind) for one, kind in zip(kinds, wanted, strict=True))


def method_in(files: Mapping[str, SourceFile], home: Home, docs: str) -> str | None:
    """The name of the function of a home's file that has this line of documentation."""
    source = files.get(home.owner.file)
    text = source.text.data.decode("utf-8", "replace") if source is not None else ""
    line = rf"^ +/// {re.escape(docs)}\n{_BETWEEN} *pub(?:\(crate\))? async fn (?:r#)?(\w+)\("
    found = re.search(line, text, re.M)
    return found[1] if found is not None else None


def struct_in(files: Mapping[str, SourceFile], file: str, docs: str) -> str | None:
    """The name of the struct of a file of the crate that has this line of documentation."""
    source = files.get(file)
    text = source.text.data.decode("utf-8", "replace") if source is not None else ""
    found = re.search(rf"^/// {re.escape(docs)}\n{_BETWEEN}pub struct (?:r#)?(\w+)", text, re.M)
    return found[1] if found is not None else None


def member_in(files: Mapping[str, SourceFile], file: str, docs: str) -> There | None:
    """The function of an impl of a file that has this line of documentation."""
    source = files.get(file)
    text = source.text.data.decode("utf-8", "replace") if source is not None else ""
    line = (
        rf"^    /// {re.escape(docs)}\n(?:    (?:#\[|// )[^\n]*\n)*    pub (async )?fn (?:r#)?(\w+)"
        r"\(\s*(?:&(?:mut )?self(?:,\s*)?)?(?:\w+: &([\w:<>, ]+?)[,)])?"
    )
    found = re.search(line, text, re.M)
    if found is None:
        return None
    return There(found[2], found[1] is not None, tuple(_words(found[3] or "")))


def is_generic(state: AnyType | None) -> bool:
    """Whether a state has a function's own type parameter for an argument: a bare name."""
    if not isinstance(state, Type):
        return False
    return any(isinstance(one, Type) and len(one.head.path) == 1 for one in state.args)


def _words(text: str) -> list[str]:
    """The names of a type that is written, without their paths."""
    return re.findall(r"(\w+)\b(?!::)", text)


def _heads(one: AnyType) -> list[str]:
    """The names of a type, without their paths."""
    if not isinstance(one, Type):
        return []
    return [one.head.name, *(name for arg in one.args for name in _heads(arg))]
