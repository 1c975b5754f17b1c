"""What a name means in a module: `use`, globs, re-exports, other crates, members of types.

Rules of the Rust Reference, "Use declarations" and "Paths". Who may see what isn't checked, but for
what a glob brings in: the compiler does that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from port_lsp.facts.source import SourceFile
from port_lsp.rust.cargo import Package
from port_lsp.rust.declared import ConstItem, FnItem, MacroItem, TypeItem
from port_lsp.rust.known import is_known
from port_lsp.rust.module import Chunks, External, Found, Member, Module
from port_lsp.rust.moduletree import ModuleTree

Meaning: TypeAlias = Module | Found | External | Member
_Key: TypeAlias = tuple[int, tuple[str, ...], bool]


class Modules(ModuleTree):
    """Answers what names mean.

    `asked` gets the files whose names went into the answers, and for members and macros, which may
    be in any file, `::name` and `!name`: whoever keeps what came of an answer keeps these, too.
    """

    def __init__(
        self,
        files: Mapping[str, SourceFile],
        facts: Mapping[str, Chunks],
        packages: tuple[Package, ...],
        before: Modules | None = None,
    ) -> None:
        """`before` is used up, as ModuleTree has it."""
        super().__init__(files, facts, packages, before)
        self.asked: set[str] = set()
        self._meanings: dict[_Key, tuple[Meaning | None, frozenset[str]]] = {}
        self._asking: set[tuple[int, str, bool]] = set()
        self._finding: set[_Key] = set()
        self._cut = False
        self._functions: list[Found] | None = None
        self._attributed: list[Found] | None = None

    def names_changed(self, file: str, members: set[str]) -> None:
        """The names in a file mean other things now; `members` are those of its impls."""
        gone = {file, *(f"::{name}" for name in members)}
        self._meanings = {
            key: known for key, known in self._meanings.items() if gone.isdisjoint(known[1])
        }
        self._functions = self._attributed = None

    def go_on_from(self, before: Modules, names: set[str]) -> None:
        """Keeps what paths meant in the tree that this one was made of, but for what asked for one
        of these names, as Change has them."""
        there = {id(module) for module in self.modules}
        self._meanings = {
            key: known
            for key, known in before._meanings.items()
            if key[0] in there and names.isdisjoint(known[1])
        }

    # Lists

    def functions(self) -> list[Found]:
        """Every function that might register something, in the order of the modules."""
        if self._functions is None:
            found = [
                one
                for one in (*self._declared(), *self.members)
                if isinstance(one.item, FnItem) and one.item.registers
            ]
            self._functions = sorted(found, key=lambda one: one.order)
        return self._functions

    def attributed(self) -> list[Found]:
        """Every function of a module that attribute macros stand before, in the modules' order."""
        if self._attributed is None:
            self._attributed = [
                one for one in self._declared() if isinstance(one.item, FnItem) and one.item.macros
            ]
        return self._attributed

    def _declared(self) -> Iterator[Found]:
        return (one for module in self.modules for ones in module.names.values() for one in ones)

    def methods(self, name: str) -> list[Found]:
        """The functions of that name in impls whose bodies were read, each file's once."""
        self.asked.add(f"::{name}")
        found: dict[tuple[str, str, int], Found] = {}
        for member in self.members.named(name):
            known = member.module.file not in self.orphans
            if isinstance(member.item, FnItem) and member.item.body is not None and known:
                found.setdefault(member.identity, member)
        return list(found.values())

    def members_of(self, type_name: str, name: str) -> list[Found]:
        """The members of that name of types of that name, foreign ones among them."""
        self.asked.add(f"::{name}")
        return self.members.of(type_name, name)

    def declared_by_trait(self, name: str) -> str | None:
        """The trait of the tree that declares a function of that name without giving it a body."""
        self.asked.add(f"::{name}")
        for member in self.members.named(name):
            item = member.item
            if isinstance(item, FnItem) and item.trait == item.owner and item.body is None:
                return item.trait
        return None

    def twins(self, found: Found) -> list[Found]:
        """A function and those of the same name that stand under another `cfg`."""
        item = found.item
        if item.cfg is None or found.outer:
            return [found]
        self.asked.add(found.module.file)
        same = [
            other
            for other in found.module.names.get(item.name, ())
            if isinstance(other.item, FnItem) and other.item.cfg
        ]
        return same if found in same else [found]

    def macro(self, name: str) -> bool | None:
        """Whether a macro of the tree makes routes; None where there is none of that name."""
        self.asked.add(f"!{name}")
        return super().macro(name)

    # Meanings

    def meaning(self, module: Module, path: tuple[str, ...], *, value: bool) -> Meaning | None:
        """What a path means in a module; `value` where it should end in a function or a const.

        None for a name that nothing brings in: a local variable, the prelude, or a macro's.
        """
        key = (id(module), path, value)
        known = self._meanings.get(key)
        if known is not None:
            self.asked |= known[1]
            return known[0]
        if key in self._finding:  # a path that leads back to itself means nothing
            self._cut = True
            return None
        outer, self.asked = self.asked, set()
        was_cut, self._cut = self._cut, False
        self._finding.add(key)
        found = self._meaning(module, path, value=value)
        self._finding.discard(key)
        inside = bool(self._finding or self._asking)
        if not self._cut or not inside:
            self._meanings[key] = (found, frozenset(self.asked))
        self._cut = (self._cut or was_cut) and inside
        outer |= self.asked
        self.asked = outer
        return found

    def _meaning(self, module: Module, path: tuple[str, ...], *, value: bool) -> Meaning | None:
        first, rest = path[0], path[1:]
        at: Meaning | None
        if first == "crate" or first == "$crate":
            at = module.root
        elif first == "self":
            at = module
        elif first == "super":
            at = module.parent
        elif not first:
            return self._crate_named(rest[0], module, rest[1:], value=value) if rest else None
        else:
            at = self.named(module, first, value=value and not rest)
            if at is None:
                return self._crate_named(first, module, rest, value=value) if rest else None
        return self._follow(at, rest, value=value)

    def _follow(self, at: Meaning | None, rest: tuple[str, ...], *, value: bool) -> Meaning | None:
        for index, name in enumerate(rest):
            last = index == len(rest) - 1
            if isinstance(at, Module):
                at = at.parent if name == "super" else self.named(at, name, value=value and last)
            elif isinstance(at, External):
                return External(at.path + rest[index:])
            elif isinstance(at, Found) and isinstance(at.item, TypeItem):
                target = self.alias_target(at)
                if isinstance(target, External):
                    return External(target.path + rest[index:])
                return Member(target if isinstance(target, Found) else at, name) if last else None
            else:
                return None
        return at

    def alias_target(self, found: Found) -> Meaning | None:
        """What a type alias stands for; itself for every other type."""
        item = found.item
        if not isinstance(item, TypeItem) or item.kind != "alias" or not item.target:
            return found
        head = item.target.partition("<")[0].strip().removeprefix("&").strip()
        if not head.replace("::", "").replace("_", "").isalnum():
            return found
        target = self.meaning(found.module, tuple(head.split("::")), value=False)
        again = isinstance(target, Found) and target is not found
        return self.alias_target(target) if again and isinstance(target, Found) else target

    def _crate_named(
        self, name: str, module: Module, rest: tuple[str, ...], *, value: bool
    ) -> Meaning | None:
        """A path that starts with another crate's name."""
        root = self._member_crate(name, module)
        if root is not None:
            return self._follow(root, rest, value=value)
        known = dict(module.crate.package.dependencies)
        if name in known:
            return External((known[name].replace("-", "_"), *rest))
        return External((name, *rest))

    def _member_crate(self, name: str, module: Module) -> Module | None:
        for alias, real in module.crate.package.dependencies:
            if alias == name:
                return self.libraries.get(real.replace("-", "_")) or self.libraries.get(name)
        if module.crate.package.library == name:
            return self.libraries.get(name)
        return None

    def named(self, module: Module, name: str, *, value: bool) -> Meaning | None:
        """What one name means in a module, as a value or as a module or type."""
        return self._once(module, name, value=value, lent=False)

    def _once(self, module: Module, name: str, *, value: bool, lent: bool) -> Meaning | None:
        """What a name means in a module, or of that only what its own globs give away: nothing,
        where that is being asked already."""
        asked = (id(module), name, value)
        if asked in self._asking:
            self._cut = True
            return None
        self._asking.add(asked)
        self.asked.add(module.file)
        if lent:
            found = next(self._globbed(module, name, value=value, lent=True), None)
        else:
            found = self._named(module, name, value=value)
        self._asking.discard(asked)
        self._cut = self._cut and bool(self._finding or self._asking)
        return found

    def _named(self, module: Module, name: str, *, value: bool) -> Meaning | None:
        own = module.names.get(name, ())
        if value:
            for found in own:
                if not isinstance(found.item, (TypeItem, MacroItem)):
                    return found
        elif name in module.children:
            return module.children[name]
        for found in own:
            if isinstance(found.item, TypeItem):
                return found
        fallback: Meaning | None = module.children.get(name)
        for use in module.uses.get(name, ()):
            meaning = self.meaning(module, use.path, value=value)
            if meaning is None and value:
                meaning = self.meaning(module, use.path, value=False)
            if meaning is not None and not _other_kind(meaning, value=value):
                return meaning
            fallback = fallback or meaning
        for meaning in self._globbed(module, name, value=value):
            return meaning
        if fallback is None and own:
            fallback = own[0]
        return fallback

    def _globbed(
        self, module: Module, name: str, *, value: bool, lent: bool = False
    ) -> Iterator[Meaning]:
        """What a module's globs bring in, or those of them that are public and so give it away."""
        outside: list[External] = []
        for use in module.globs:
            if lent and not use.public:
                continue
            of = self.meaning(module, use.path, value=False)
            if of is None and len(use.path) == 1:  # a crate's own name: `use actix_web::*`
                of = self._crate_named(use.path[0], module, (), value=False)
            if isinstance(of, Module):
                private = not _is_inside(module, of) and _is_private(of, name)
                if private:
                    continue
                meaning = self._once(of, name, value=value, lent=private is None)
                if meaning is not None:
                    yield meaning
            elif isinstance(of, External):
                outside.append(External((*of.path, name)))
        for external in outside:
            if is_known(external.path):
                yield external

    def member(self, owner: Found | None, name: str, type_name: str) -> Found | None:
        """A function or const of a type: its own, its traits' defaults, then blanket impls."""
        self.asked.add(f"::{name}")
        candidates = self.members.of(type_name, name)
        if len(candidates) > 1 and owner is not None:
            near = [c for c in candidates if self.named(c.module, type_name, value=False) is owner]
            candidates = near or candidates
        if candidates:
            return candidates[0]
        for trait in self.members.traits_of(type_name):
            for found in self.members.of(trait, name):
                return found
        return next(iter(self.members.of_every(name)), None)


def _is_private(of: Module, name: str) -> bool | None:
    """Whether what a module itself calls so is for it and what is inside of it alone; None where it
    calls nothing so."""
    listed = [
        *(found.item.public for found in of.names.get(name, ())),
        *(use.public for use in of.uses.get(name, ())),
    ]
    if name in of.children:
        return False
    return not any(listed) if listed else None


def _is_inside(module: Module, of: Module) -> bool:
    at: Module | None = module
    while at is not None and at is not of:
        at = at.parent
    return at is of


def _other_kind(meaning: Meaning, *, value: bool) -> bool:
    """Whether a name was found that is a module or type where a value is asked, or the reverse."""
    is_value = isinstance(meaning, Found) and isinstance(meaning.item, (FnItem, ConstItem))
    if isinstance(meaning, External):
        return False
    return is_value != value
