"""Files and the modules they are: which file an import means.

Rules: The Python Language Reference, "The import system". The root is on the path; so is, for a
file that the root doesn't explain, each folder above it that is no package itself (a script's own
folder, a member of a monorepo) and a `src` beside them. Where the root is a package, its own name
means it. What none of these explains is looked for among the members of a monorepo, which are
installed beside each other: `packages/a-b/a_b`, `libs/any/src/a_b`, `a-b/a` for a part of the
namespace `a`, and then in any folder that pyproject.toml or setup.py says to be installed; only
where one member alone has it.
"""

from collections.abc import Iterable


class Modules:
    """The modules of a tree of files, given by their paths relative to the root.

    `root_name` is the root folder's own name, `projects` are the paths of its pyproject.toml.
    """

    def __init__(
        self, paths: Iterable[str], root_name: str = "", projects: Iterable[str] = ()
    ) -> None:
        self.files = frozenset(paths)
        self._root_name = root_name
        setups = (path for path in self.files if path.endswith("/setup.py"))
        self._projects = {path.rpartition("/")[0] for path in (*projects, *setups)}
        self._folders = {folder for path in self.files for folder in _folders_above(path)}
        self._found: dict[tuple[str, str], str | None] = {}
        self._members: tuple[dict[str, list[str]], dict[str, list[str]]] | None = None

    def package_of(self, path: str) -> str:
        """The folder whose package a file belongs to."""
        return path.rpartition("/")[0]

    def relative(self, path: str, module: str, level: int) -> str | None:
        """The file or folder that `from ..module import` means in the file `path`."""
        folder = self.package_of(path)
        for _ in range(level - 1):
            folder = folder.rpartition("/")[0]
        return self._at(folder, module)

    def absolute(self, path: str, module: str) -> str | None:
        """The file or folder that `import module` means in the file `path`; None if outside."""
        folder = self.package_of(path)
        key = (folder, module)
        if key not in self._found:
            self._found[key] = self._search(folder, module)
        return self._found[key]

    def submodule(self, place: str, name: str) -> str | None:
        """The file or folder `name` inside the package that a file or folder is."""
        if place.endswith(".py"):
            if not _is_package_file(place):
                return None
            place = self.package_of(place)
        return self._at(place, name)

    def dotted(self, place: str) -> str:
        """The dotted name of a file or folder, counted from the root."""
        name = place.removesuffix(".py").removesuffix("/__init__")
        return name.replace("/", ".")

    def _search(self, folder: str, module: str) -> str | None:
        base = ""
        for part in ("", *folder.split("/")):
            base = f"{base}/{part}".strip("/")
            if base and f"{base}/__init__.py" in self.files:
                continue
            for candidate in (base, f"{base}/src".lstrip("/")):
                if found := self._at(candidate, module):
                    return found
        first, _, rest = module.partition(".")
        if first == self._root_name and (found := self._at("", rest)):
            return found
        if self._members is None:
            self._members = self._monorepo()
        for members in self._members:
            places = {self._at(base, module) for base in members.get(first, ())} - {None}
            if places:
                return places.pop() if len(places) == 1 else None
        return None

    def _monorepo(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """The folders that members of a monorepo are installed from, by what they hold: those that
        are named like it, and the others that are projects."""
        named: dict[str, list[str]] = {}
        others: dict[str, list[str]] = {}
        for folder in self._folders:
            base, _, name = folder.rpartition("/")
            if not base:
                continue
            if f"{base}/__init__.py" in self.files:
                if base in self._projects:  # a project's folder, whatever else it is
                    others.setdefault(name, []).append(base)
                continue
            above = base.rpartition("/")[2]
            project = above.replace("-", "_").replace(".", "_").lower()
            if above == "src" or project == name or project.startswith(f"{name}_"):
                named.setdefault(name, []).append(base)
            elif base in self._projects:
                others.setdefault(name, []).append(base)
        return named, others

    def _at(self, folder: str, module: str) -> str | None:
        path = "/".join(part for part in (folder, module.replace(".", "/")) if part)
        for candidate in (f"{path}/__init__.py" if path else "__init__.py", f"{path}.py"):
            if candidate in self.files:
                return candidate
        return path if path in self._folders else None


def _is_package_file(path: str) -> bool:
    return path == "__init__.py" or path.endswith("/__init__.py")


def _folders_above(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
