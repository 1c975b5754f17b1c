"""Rust's string literals, and cutting Rust text at commas without a syntax tree.

Rules of the Rust Reference, "Tokens": escapes, the continuation of a line, raw and byte strings.
"""

import re
from collections.abc import Iterator

_RAW = re.compile(r'b?c?r(?P<hashes>#*)"(?P<content>.*)"(?P=hashes)', re.S)
_PLAIN = re.compile(r'[bc]?"(?P<content>.*)"', re.S)
_ESCAPE = re.compile(
    r"\\(?:(?P<newline>\r?\n)\s*|x(?P<byte>[0-9a-fA-F]{2})|u\{(?P<point>[0-9a-fA-F_]+)\}|(?P<char>.))",
    re.S,
)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}

# A comment, a string, a character (not a lifetime), or one of the characters that matter.
_TOKEN = re.compile(
    r"(?P<skip>//[^\n]*|/\*.*?\*/|b?r(?P<h>#*)\".*?\"(?P=h)|b?\"(?:\\.|[^\"\\])*\""
    r"|b?'(?:\\.[^']*|[^\\'])'|->|=>)|(?P<open>[(\[{<])|(?P<close>[)\]}>])|(?P<comma>,)",
    re.S,
)

_COMMENT = re.compile(
    r"(?P<comment>//[^\n]*|/\*.*?\*/)|b?r(?P<h>#*)\".*?\"(?P=h)|b?\"(?:\\.|[^\"\\])*\"", re.S
)


def unquote(text: str) -> str | None:
    """What a string literal means; None where the text is none."""
    if match := _RAW.fullmatch(text):
        return match["content"]
    if match := _PLAIN.fullmatch(text):
        content = match["content"]
        return _ESCAPE.sub(_escaped, content) if "\\" in content else content
    return None


def _escaped(match: re.Match[str]) -> str:
    if match["newline"] is not None:
        return ""
    if digits := match["byte"] or match["point"]:
        point = int(digits.replace("_", ""), 16)
        return chr(point) if point < 0x110000 else "\ufffd"
    return _NAMED.get(match["char"], match["char"])


def uncommented(text: str) -> str:
    """The text without its comments; what stands in strings stays."""
    if "//" not in text and "/*" not in text:
        return text
    return _COMMENT.sub(lambda match: " " if match["comment"] else match.group(), text)


def blanked(text: str) -> str:
    """The text without its comments, and with nothing in its strings."""
    return _COMMENT.sub(lambda match: " " if match["comment"] else '""', text)


def split(text: str) -> Iterator[str]:
    """The parts between top-level commas, stripped; empty ones are left out.

    Angle brackets count as brackets, as in types and attributes, where `<` never compares.
    """
    depth = start = 0
    for match in _TOKEN.finditer(text):
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth -= 1
        elif match["comma"] and depth == 0:
            if part := text[start : match.start()].strip():
                yield part
            start = match.end()
    if part := text[start:].strip():
        yield part
