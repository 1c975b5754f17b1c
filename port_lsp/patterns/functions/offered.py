"""Which functions are worth an action in the editor: cheaply told from the text of their heads."""

from __future__ import annotations

import re

from port_lsp.facts.items import Function
from port_lsp.facts.source import SourceFile

_LONGEST = 4000  # bytes of a function's head that are looked at
_OWN = frozenset(("self", "cls", "*", "/", ""))


def says_its_types(source: SourceFile, function: Function) -> bool:
    """Whether each parameter of a function has an annotation, and what it gives, too; of a method,
    whether its class has an instance. What can't be written isn't offered."""
    if function.owner is not None and not function.instances:
        return False
    start = source.span(function.place).start
    text = source.text.data[start : start + _LONGEST].decode("utf-8", "replace")
    begin = text.find("(")
    end = _closing(text, begin)
    if end < 0 or not text[end + 1 :].lstrip().startswith("->"):
        return False
    params = [one.partition("=")[0].strip() for one in _parts(text[begin + 1 : end])]
    return all(one in _OWN or (":" in one and one[:1] not in "*/") for one in params)


def _closing(text: str, begin: int) -> int:
    """Where the bracket at an offset is closed; -1 where it isn't."""
    depth = 0
    for match in re.finditer(r"[()\[\]{}]", text[begin:] if begin >= 0 else ""):
        depth += 1 if match[0] in "([{" else -1
        if depth == 0:
            return begin + match.start()
    return -1


def _parts(text: str) -> list[str]:
    """What commas separate that stand in no brackets, without comments."""
    found, depth = [""], 0
    for one in re.sub(r"#[^\n]*", "", text):
        depth += (one in "([{") - (one in ")]}")
        if one == "," and depth == 0:
            found.append("")
        else:
            found[-1] += one
    return [one.strip() for one in found]
