"""Where the keys of a TOML file stand: tomlkit keeps the text, but says no line of a value."""

import re

_HEADER = re.compile(r"^\s*\[(?P<array>\[)?(?P<name>.+?)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*(?P<key>(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
                  r"""(?:\s*\.\s*(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*'))*)\s*=""")  # fmt: skip
_PART = re.compile(r"""[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")
_LONG = ('"""', "'''")

Keys = tuple[str, ...]


class KeyLines:
    """The 1-based line of each key of a file, below the table `prefix`.

    An entry of an array of tables has its index as a part: ("ignore", "0", "reason").
    """

    def __init__(self, text: str, prefix: Keys = ()) -> None:
        self._lines: dict[Keys, int] = {}
        counts: dict[Keys, int] = {}
        table: Keys = ()
        inside: str | None = None  # the quotes of a text over several lines
        for number, line in enumerate(text.splitlines(), 1):
            if inside is not None:
                inside = None if line.count(inside) % 2 else inside
                continue
            if header := _HEADER.match(line):
                table = _parts(header["name"])
                if header["array"]:
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, str(counts[table]))
                self._add(table, number)
            elif key := _KEY.match(line):
                self._add((*table, *_parts(key["key"])), number)
                inside = next((q for q in _LONG if line.count(q) % 2), None)
        self._prefix = prefix

    def _add(self, keys: Keys, number: int) -> None:
        for count in range(1, len(keys) + 1):
            self._lines.setdefault(keys[:count], number)

    def line(self, keys: Keys) -> int:
        """The line of a key, or of the nearest key around it; 1 where there is none."""
        wanted = (*self._prefix, *keys)
        while wanted and wanted not in self._lines:
            wanted = wanted[:-1]
        return self._lines.get(wanted, 1)


def _parts(name: str) -> Keys:
    return tuple(_unquoted(part) for part in _PART.findall(name))


def _unquoted(part: str) -> str:
    if part[0] == "'":
        return part[1:-1]
    return part[1:-1].replace('\\"', '"').replace("\\\\", "\\") if part[0] == '"' else part
