"""Which setting a name or an attribute in code is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

from port_lsp.facts.source import SourceFile, item_key
from port_lsp.types.auth import Setting
from port_lsp.types.settings import Setting as Declared

_HOLDER = re.compile(r"setting|conf|\benv|cfg|option", re.I)
_DEEP = 6  # names for names


class SettingNames:
    """The settings of a backend by what its code calls them."""

    def __init__(self, settings: Iterable[Declared], files: Mapping[str, SourceFile]) -> None:
        """Of the backend's files."""
        self._files = files
        self._by_key: dict[str, Declared] = {}
        self._by_name: dict[str, Declared] = {}
        for one in settings:
            self._by_key.setdefault(one.key, one)
            self._by_name.setdefault(one.name.lower(), one)
        self._assigned: dict[str, list[str]] = {}
        for path in sorted(files):
            for chunk in files[path].chunks:
                if chunk.kind == "assignment" and chunk.name:
                    self._assigned.setdefault(chunk.name, []).append(path)

    def named(self, name: str, file: str, deep: int = 0) -> Setting | None:
        """What a module's name is: a setting itself, or another name for one."""
        name = self._imported(name, file)
        places = self._assigned.get(name, [])
        ordered = [file] if file in places else places
        for path in ordered if deep < _DEEP else ():
            declared = self._by_key.get(item_key(path, name))
            if declared is not None and declared.name == name.lower():
                return Setting(declared.env)
            value = self._value(path, name)
            if isinstance(value, ast.Call) and len(value.args) == 1:
                value = value.args[0]  # `str(settings.SECRET_KEY)`
            if isinstance(value, ast.Name) and (value.id != name or len(ordered) > 1):
                return self.named(value.id, path, deep + 1)
            if isinstance(value, ast.Attribute):
                return self.attribute(ast.unparse(value.value), value.attr)
        return None

    def _imported(self, name: str, file: str) -> str:
        """What a name is called where it is imported from: `from settings import SECRET as KEY`."""
        source = self._files.get(file)
        for chunk in source.chunks if source is not None else ():
            if source is not None and chunk.kind == "import":
                text = source.chunk_bytes(chunk).decode("utf-8", "replace")
                found = re.search(rf"\b(\w+)\s+as\s+{re.escape(name)}\b", text)
                if found is not None:
                    return found[1]
        return name

    def attribute(self, of: str, name: str, *, certain: bool = False) -> Setting | None:
        """`settings.secret`; `certain` says that it is an attribute of a settings object."""
        if not certain and _HOLDER.search(of) is None:
            return None
        declared = self._by_name.get(name.lower())
        return Setting(declared.env) if declared is not None else None

    def _value(self, path: str, name: str) -> ast.expr | None:
        file = self._files[path]
        for chunk in file.chunks:
            if chunk.kind == "assignment" and chunk.name == name:
                try:
                    tree = ast.parse(file.chunk_bytes(chunk).decode("utf-8", "replace"))
                except (SyntaxError, ValueError, RecursionError):
                    return None
                for node in tree.body:
                    if isinstance(node, (ast.Assign, ast.AnnAssign)):
                        return node.value
        return None
