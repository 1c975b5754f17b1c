"""What a writer asks of the crate's names: what is visible in a file, under which name, and by
which path something can be reached from there.

Rules: the Rust Reference, "Visibility and privacy" and "Use declarations". A path is taken for
reachable where every module on it is public or an ancestor of the place it is written in.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping

from port_lsp.rust.cargo import Package
from port_lsp.rust.declared import ModItem, TypeItem
from port_lsp.rust.module import Chunks, External, Found, Module
from port_lsp.rust.modules import Meaning, Modules

Path = tuple[str, ...]

# One thing under several paths: the first is what we say.
_SAME: tuple[tuple[Path, ...], ...] = (
    (("axum", "Json"), ("axum", "extract", "Json"), ("axum", "response", "Json")),
    (("axum", "Form"), ("axum", "extract", "Form")),
    (("axum", "Extension"), ("axum", "extract", "Extension")),
    (("axum", "Router"), ("axum", "routing", "Router")),
    (("axum", "http"), ("http",)),
    (("serde_json", "Value"), ("sqlx", "types", "JsonValue"), ("serde_json", "value", "Value")),
    (("sqlx", "FromRow"), ("sqlx", "prelude", "FromRow")),
    (("serde", "Serialize"), ("serde", "ser", "Serialize")),
    (("serde", "Deserialize"), ("serde", "de", "Deserialize")),
    (("chrono", "DateTime"), ("sqlx", "types", "chrono", "DateTime")),
    (("uuid", "Uuid"), ("sqlx", "types", "Uuid"), ("sqlx", "types", "uuid", "Uuid")),
)
_CANONICAL: dict[Path, Path] = {other: ones[0] for ones in _SAME for other in ones}
# What every module has without a `use` (std's prelude of edition 2021, and primitives).
_PRELUDE = """
    Option Some None Result Ok Err Vec String Box ToString ToOwned Clone Copy Send Sync Sized Drop
    Fn FnMut FnOnce Iterator IntoIterator Extend DoubleEndedIterator ExactSizeIterator Default
    PartialEq PartialOrd Eq Ord AsRef AsMut Into From TryFrom TryInto FromIterator Debug Hash
    bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 Self
    format vec println eprintln panic todo unimplemented unreachable assert matches write
"""
PRELUDE = frozenset(_PRELUDE.split())
_DERIVES_ONLY = frozenset(("Debug", "Hash"))  # in the prelude as derives, not as traits


class Scopes:
    """Answers for one state of the crate."""

    def __init__(
        self, modules: Modules, facts: Mapping[str, Chunks], packages: tuple[Package, ...]
    ) -> None:
        """`facts` are what the chunks of each file declare."""
        self._modules, self._facts, self._packages = modules, facts, packages
        self._by_file: dict[str, Module] = {}
        self._roots: dict[str, str | None] = {}  # by folders of files that no `mod` declares
        several = len(packages) > 1
        self._libraries = {
            one.library: one.name for one in packages if several and one.library_root
        }
        for module in modules.modules:
            if not module.inline:
                self._by_file.setdefault(module.file, module)

    def module_path(self, file: str) -> Path | None:
        """The path of a file's module from its crate's root: `("crate", "routes", "users")`, which
        of a library among several packages begins with that library's name; None for a file that no
        `mod` declares."""
        module = self._by_file.get(file)
        if module is None or file in self._modules.orphans:
            return None
        return self._path_of(module)

    def planned_path(self, file: str) -> Path:
        """The path of a file's module, also of one that isn't part of the crate yet:
        `src/models/user.rs` is `crate::models::user` (the Rust Reference, "Module source
        filenames")."""
        known = self.module_path(file)
        if known is not None:
            return known
        inside = file.rpartition("src/")[2]
        parts = inside.removesuffix(".rs").split("/")
        if parts[-1] in ("mod", "lib", "main"):
            parts.pop()
        root = self._by_file.get(self.root_of(file) or "")
        return (self._root_name(root) if root is not None else "crate", *parts)

    def root_of(self, file: str) -> str | None:
        """The root file of the crate that a file is, or would be, of: src/lib.rs or src/main.rs.

        Of a package with both, the one whose modules lie beside the file.
        """
        module = self._by_file.get(file)
        if module is not None:
            return module.root.file
        folder = posixpath.dirname(file)
        if folder not in self._roots:
            self._roots[folder] = self._nearest_root(folder)
        return self._roots[folder]

    def _nearest_root(self, folder: str) -> str | None:
        inside = posixpath.join(folder, "")
        roots = [root for root in self._modules.roots if _is_in(inside, root.crate.package)]
        beside: Counter[Module] = Counter()
        for one in self._modules.modules:
            beside[one.root] += posixpath.dirname(one.file).startswith(folder)
        best = max(roots, key=lambda one: (beside[one], not one.crate.is_program), default=None)
        return best.file if best is not None else None

    def package_of(self, file: str) -> Package | None:
        """The package that a file is in: the one whose folder is the longest."""
        found = [one for one in self._packages if _is_in(file, one)]
        return max(found, key=lambda one: len(one.folder), default=None)

    def has_dependency(self, file: str, crate: str) -> bool:
        """Whether code in a file may name a crate: `serde_json`."""
        package = self.package_of(file)
        return package is not None and any(name == crate for name, _ in package.dependencies)

    def name_of(self, file: str, path: Path) -> str | None:
        """The name by which a thing is visible in a file; None where it isn't without its path."""
        module = self._by_file.get(file)
        if len(path) == 1:
            return path[0]
        if module is None:
            return None
        path = self.seen_from(file, path)
        wanted = self._identity(module, path)
        for name in (path[-1], *self._aliases(module, path)):
            for value in (False, True):
                meaning = self._modules.named(module, name, value=value)
                if meaning is not None and self._same(module, meaning, wanted, path):
                    return name
        return None

    def is_free(self, file: str, name: str) -> bool:
        """Whether a name means nothing in a file yet, so that a `use` may bring it in."""
        if name in PRELUDE and name not in _DERIVES_ONLY:
            return False
        module = self._by_file.get(file)
        if module is None:
            return True
        if name in module.names or name in module.uses or name in module.children:
            return False
        return all(
            self._modules.named(module, name, value=value) is None for value in (False, True)
        )

    def path_to(self, file: str, path: Path) -> Path:
        """The shortest path by which a thing of the crate can be named in a file (which may be
        new), re-exports included; what is not of the crate has the path that it has."""
        module = self._by_file.get(file) or self._above(file)
        if module is None or not self.is_ours(path):
            return path
        path = self.seen_from(file, path)
        target = self._modules.meaning(module, path, value=False)
        target = target or self._modules.meaning(module, path, value=True)
        here = set(map(id, _lineage(module)))
        if not isinstance(target, Found):
            if target is None:
                path = self.seen_from(file, self._path_to_new(module, path, here))
            return path
        found = [
            (*self._path_of(at), path[-1])
            for at in _lineage(target.module)
            if self._reaches(at, here) and self._offers(at, path[-1], target, here)
        ]
        return self.seen_from(file, min(found, key=len, default=path))

    def is_ours(self, path: Path) -> bool:
        """Whether a path leads into the crate, or one of its packages."""
        return path[0] == "crate" or path[0] in self._libraries

    def seen_from(self, file: str, path: Path) -> Path:
        """A path as code in a file begins it: with `crate` inside of its own library, with the name
        under which its package depends on another one's."""
        own = self.package_of(file)
        if own is None or path[0] not in self._libraries:
            return path
        root = self._by_file.get(self.root_of(file) or "")
        if root is not None and self._root_name(root) == path[0]:
            return ("crate", *path[1:])
        for name, real in own.dependencies:
            # Cargo's reference, "Renaming dependencies in Cargo.toml": else the library's own name.
            if self._libraries[path[0]] == real and name != real.replace("-", "_"):
                return (name, *path[1:])
        return path

    def can_name(self, file: str, path: Path) -> bool:
        """Whether code in a file may name a type of the crate by some path: the type is public, or
        the file's module is in the type's own. True for what isn't there (yet)."""
        module = self._by_file.get(file)
        if module is None or not self.is_ours(path):
            return True
        target = self._modules.meaning(module, self.seen_from(file, path), value=False)
        if not isinstance(target, Found):
            return True
        around = set(map(id, _lineage(module)))
        if id(target.module) in around:
            return True
        if not target.item.public:
            return False
        return any(
            self._reaches(at, around) and self._offers(at, path[-1], target, around)
            for at in _lineage(target.module)
        )

    def is_open(self, file: str, path: Path) -> bool:
        """Whether code in a file can go to a thing of the crate by the path where it is declared,
        through modules that are public or around that file."""
        module = self._by_file.get(file)
        if module is None:
            return False
        target = self._identity(module, path)
        here = set(map(id, _lineage(module)))
        return isinstance(target, Found) and self._reaches(target.module, here)

    def found_path(self, file: str, qualified: str) -> Path | None:
        """The path of an item of the crate by its file and its name in there (an item key's two
        halves); None where its file is no module."""
        module = self.module_path(file)
        return None if module is None else (*module, *qualified.split("::"))

    def meant(self, file: str, path: Path) -> Path | None:
        """The full path of a type or module that is written in a file; None where nothing of the
        crate or of another one is meant: the prelude, a generic parameter."""
        module = self._by_file.get(file)
        found = self._modules.meaning(module, path, value=False) if module is not None else None
        if isinstance(found, External):
            return canonical(found.path)
        if isinstance(found, Found):
            return (*self._path_of(found.module), found.item.name)
        return self._path_of(found) if isinstance(found, Module) else None

    def type_item(self, path: Path) -> tuple[str, TypeItem] | None:
        """The type of the crate that a full path names, and its file."""
        for root in self._modules.roots:
            found = self._modules.meaning(root, path, value=False)
            if isinstance(found, Found) and isinstance(found.item, TypeItem):
                return found.module.file, found.item
        return None

    def reexports(self, file: str) -> bool:
        """Whether a file with `mod`s mostly re-exports what is in them: `pub use name::*`."""
        module = self._by_file.get(file)
        if module is None or not module.children:
            return False
        globs = {use.path[-1] for use in module.globs if use.public and use.path}
        named = {one.path[-2] for uses in module.uses.values() for one in uses
                 if one.public and len(one.path) > 1}  # fmt: skip
        return 2 * len(globs.intersection(module.children)) > len(module.children) - len(
            named.intersection(module.children)
        )

    # Inside

    def _path_to_new(self, module: Module, path: Path, here: set[int]) -> Path:
        """The path of what will be there: through the module that it is in, or, where that is
        private, through the innermost one around it that gives away all that is in it."""
        home = self._modules.meaning(module, path[:-1], value=False)
        if not isinstance(home, Module) or self._reaches(home, here):
            return path
        for at in _lineage(home):
            given = any(
                use.public and self._modules.meaning(at, use.path, value=False) is home
                for use in at.globs
            )
            if given and self._reaches(at, here):
                return (*self._path_of(at), path[-1])
        return path

    def _above(self, file: str) -> Module | None:
        """The innermost module that there is of those that a new file would be in."""
        root = self._by_file.get(self.root_of(file) or "")
        for name in self.planned_path(file)[1:-1] if root is not None else ():
            child = root.children.get(name) if root is not None else None
            if child is None:
                break
            root = child
        return root

    def _path_of(self, module: Module) -> Path:
        names: list[str] = []
        while module.parent is not None:
            parent = module.parent
            name = next((n for n, child in parent.children.items() if child is module), "")
            names.append(name or posixpath.splitext(posixpath.basename(module.file))[0])
            module = parent
        return (self._root_name(module), *reversed(names))

    def _root_name(self, root: Module) -> str:
        """What paths begin with: the name of a library that other packages may depend on."""
        library = root.crate.package.library
        return library if library in self._libraries and not root.crate.is_program else "crate"

    def _identity(self, module: Module, path: Path) -> Meaning | None:
        found = self._modules.meaning(module, path, value=False)
        return found or self._modules.meaning(module, path, value=True)

    def _same(self, module: Module, meaning: Meaning, wanted: Meaning | None, path: Path) -> bool:
        if isinstance(meaning, External):
            return canonical(meaning.path) == canonical(path)
        if isinstance(meaning, Found) and isinstance(wanted, Found):
            return meaning.identity == wanted.identity
        return isinstance(meaning, Module) and meaning is wanted

    def _aliases(self, module: Module, path: Path) -> Iterator[str]:
        for name, uses in module.uses.items():
            if name != path[-1] and any(canonical(use.path) == canonical(path) for use in uses):
                yield name

    def _offers(self, module: Module, name: str, target: Found, here: set[int]) -> bool:
        """Whether a name of a module means an item to code with these modules around it: what the
        module's own `use` brings in is nobody else's."""
        uses = module.uses.get(name, ())
        own = bool(uses) and name not in module.names and not any(use.public for use in uses)
        if own and id(module) not in here:
            return False
        for value in (False, True):
            found = self._modules.named(module, name, value=value)
            if isinstance(found, Found) and found.identity == target.identity:
                return True
        return False

    def _reaches(self, module: Module, here: set[int]) -> bool:
        """Whether code with these modules around it may go through a module by its path."""
        while module.parent is not None:
            if id(module.parent) not in here and not self._is_public(module):
                return False
            module = module.parent
        return True

    def _is_public(self, module: Module) -> bool:
        parent = module.parent
        if parent is None:
            return True
        name = next((n for n, child in parent.children.items() if child is module), "")
        inline = tuple(parent.inline.split("::")) if parent.inline else ()
        for _, facts in self._facts.get(parent.file, ()):
            for item in facts.items:
                if isinstance(item, ModItem) and item.name == name and item.module == inline:
                    return item.public
        return False


def canonical(path: Path) -> Path:
    """The one path that we say of something that has several."""
    for length in range(len(path), 0, -1):
        known = _CANONICAL.get(path[:length])
        if known is not None:
            return (*known, *path[length:])
    return path


def _lineage(module: Module) -> Iterator[Module]:
    at: Module | None = module
    while at is not None:
        yield at
        at = at.parent


def _is_in(file: str, package: Package) -> bool:
    return not package.folder or file.startswith(package.folder + "/")
