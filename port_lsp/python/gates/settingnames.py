"""Which setting a name or an attribute in code is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

from port_lsp.facts.source import SourceFile, item_key
from port_lsp.python.parsing import parsed, text_of
from port_lsp.types.auth import Setting
from port_lsp.types.settings import Setting as Declared

_HOLDER = re.compile(r"setting|conf|\benv|cfg|option", re.I)
_DEEP = 6  # names for names


class AssignedNames:
    """Which names modules assign; each version of a file is looked at once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[SourceFile, frozenset[str]]] = {}

    def of(self, file: SourceFile) -> frozenset[str]:
        """Those of one file."""
        known = self._known.get(file.path)
        if known is None or known[0] is not file:
            names = [one.name for one in file.chunks if one.kind == "assignment" and one.name]
            known = self._known[file.path] = file, frozenset(names)
        return known[1]


class SettingNames:
    """The settings of a backend by what its code calls them."""

    def __init__(
        self,
        settings: Iterable[Declared],
        files: Mapping[str, SourceFile],
        assigned: AssignedNames | None = None,
    ) -> None:
        """Of the backend's files. `assigned` is what is kept of their earlier versions."""
        self._files = files
        assigned = assigned or AssignedNames()
        self._assigned = [(path, assigned.of(files[path])) for path in sorted(files)]
        self._by_key: dict[str, Declared] = {}
        self._by_name: dict[str, Declared] = {}
        for one in settings:
            self._by_key.setdefault(one.key, one)
            self._by_name.setdefault(one.name.lower(), one)

    def default(self, env: str) -> str | None:
        """The text that a setting (its variable) is where nothing sets it."""
        found = next((one for one in self._by_key.values() if one.env == env), None)
        return found.default if found is not None and isinstance(found.default, str) else None

    def named(self, name: str, file: str, deep: int = 0) -> Setting | None:
        """What a module's name is: a setting itself, or another name for one."""
        name = self._imported(name, file)
        places = self._places(name)
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

    def _places(self, name: str) -> list[str]:
        """The files whose modules assign a name."""
        return [path for path, names in self._assigned if name in names]

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

    def is_fixed(self, name: str, file: str, deep: int = 0) -> bool:
        """Whether a module's name stands for what the code says: a literal, or another name for
        one. What a call gives may be set from outside."""
        name = self._imported(name, file)
        places = self._places(name)
        for path in [file] if file in places else places:
            value = self._value(path, name)
            if value is None or any(isinstance(one, ast.Call) for one in ast.walk(value)):
                return False
            if isinstance(value, ast.Name) and value.id != name and deep < _DEEP:
                return self.is_fixed(value.id, path, deep + 1)
        return True

    def assigned(self, name: str, file: str) -> tuple[str, ast.expr] | None:
        """What a module's name is assigned, and the file that says it."""
        name = self._imported(name, file)
        places = self._places(name)
        path = file if file in places else places[0] if len(places) == 1 else ""
        value = self._value(path, name) if path else None
        return (path, value) if value is not None else None

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
                tree = parsed(text_of(file, chunk))
                for node in tree.body if tree is not None else ():
                    if isinstance(node, (ast.Assign, ast.AnnAssign)):
                        return node.value
        return None
