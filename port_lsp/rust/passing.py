"""Middleware that only finds out who calls: it lets requests through that show nothing."""

import re

_MAYBE = re.compile(rb"\bif\s+let\s+(?:Some|Ok)\b[^{;]*\{")
_PUTS = re.compile(rb"\bextensions_mut\(\)\s*\.\s*insert\b")
_GOES_ON = re.compile(rb"\breturn\b|\bnext\s*\.\s*(?:run|call)\b|\.\s*call\s*\(")
# `let Some(token) = token else { return next.run(request).await };`, `None => next.run(…)`
_WITHOUT = re.compile(
    rb"(?:\belse\s*\{\s*return\s+|\b(?:None|Err\(_\))\s*=>\s*\{?\s*(?:return\s+)?)"
    rb"(?:Ok\s*\(\s*)?(?:self\s*\.\s*)?(?:next|service|inner)\s*\.\s*(?:run|call)\b"
)


def lets_through(text: bytes) -> bool:
    """Whether a body goes on where there is no credential: it hands the request on in so many
    words, or puts who calls into the extensions only if somebody is found, and goes on anyway."""
    if _WITHOUT.search(text):
        return True
    if b"extensions_mut" not in text:
        return False
    for match in _MAYBE.finditer(text):
        end = _closing(text, match.end())
        block = text[match.end() : end]
        if _PUTS.search(block) and not _GOES_ON.search(block):
            behind = text[end + 1 :].lstrip()
            if not behind.startswith(b"else"):
                return True
    return False


def _closing(text: bytes, at: int) -> int:
    """The offset of the brace that closes a block, which begins at an offset."""
    depth = 1
    for index in range(at, len(text)):
        if text[index] == 0x7B:
            depth += 1
        elif text[index] == 0x7D:
            depth -= 1
            if depth == 0:
                return index
    return len(text)
