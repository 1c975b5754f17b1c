"""What settings may name on one side, and the nearest of it to what they do name."""

import difflib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from port_lsp.facts.items import Side
from port_lsp.facts.links import SideName
from port_lsp.linking.globs import ends, named

SILENT = "items are named as `port-lsp export` says"  # the way out where nothing is near
_CUTOFF = 0.6
_SHOWN = 3
_ALIKE = 2  # letters with which names begin that are compared: all of a tree would take too long


class Names:
    """The names of a side's items by their kinds (ids and keys), its routes' paths and files.

    `items` are (key, id, path) as `linking.globs.ignored` takes them.
    """

    def __init__(self, side: Side, files: Iterable[str]) -> None:
        routes = (*side.endpoints, *(one.endpoint for one in side.unmounted))
        self.by_kind: Mapping[str, frozenset[str]] = {
            "endpoint": frozenset(name for one in routes for name in (one.id, one.key)),
            "model": frozenset(one.key for one in side.models),
            "event": frozenset(name for one in side.events for name in (one.id, one.key)),
            "function": frozenset(one.key for one in side.functions),
        }
        self.items = (
            *((one.key, one.id, one.path) for one in routes),
            *((one.key, one.id, "") for one in side.events),
            *((one.key, "", "") for one in side.models),
            *((one.key, "", "") for one in side.functions),
        )
        self.paths = frozenset(one.path for one in routes)
        self.files = frozenset(files)

    def is_as(self, other: "Names") -> bool:
        """Whether the same can be said of both."""
        return self.items == other.items and self.files == other.files

    def kinds(self, name: str) -> frozenset[str]:
        """The kinds of which a name is one item, in full or by its end."""
        exact = frozenset(kind for kind, names in self.by_kind.items() if name in names)
        return exact or frozenset(
            kind for kind, names in self.by_kind.items() if named(name, names) is not None
        )

    def missing(self, name: str, side: SideName) -> str | None:
        """What is wrong with a name: it is nobody's, or several items'; None where it is one's."""
        if self.kinds(name):
            return None
        several = [one for one in self._known if ends(one, name)]
        if several:
            shown = ", ".join(f"`{one}`" for one in several[:_SHOWN])
            more = ", …" if len(several) > _SHOWN else ""
            return f"`{name}` may be any of {shown}{more} of the {side}; name it in full"
        file, found, _ = name.partition("::")
        if found and not self._files_like(file):
            what = f"there is no file `{file}` in the {side}"
        else:
            what = (
                f"no {'endpoint' if '/' in name and not found else 'item'} `{name}` in the {side}"
            )
        return f"{what}; {sentence(self.near(name), SILENT)}"

    def near(self, name: str) -> str | None:
        """The item that was likely meant: of this file, of this name in another, spelled alike."""
        file, found, tail = name.partition("::")
        if not found and "/" in name:
            method = name.partition(" ")[0]
            routes = [one.partition("#")[2] for one in self._known if f"#{method} /" in one]
            return nearest(name, routes) or nearest(name, self.files)
        tail = tail if found else name
        files = self._files_like(file) if found else ()
        here = {one.partition("::")[2]: one for at in sorted(files) for one in self._by_file[at]}
        alike = nearest(tail, here)
        if alike is not None:
            return here[alike]
        there = self._by_begin.get(tail[:_ALIKE], {})
        alike = tail if tail in there else nearest(tail, there)
        return there[alike] if alike is not None else None

    def near_prefix(self, prefix: str) -> str | None:
        """The begin of a route's path that is spelled most like a prefix."""
        size = len(prefix.strip("/").split("/"))
        heads = {"/" + "/".join(path.strip("/").split("/")[:size]) for path in self.paths}
        return nearest(prefix, heads)

    def _files_like(self, file: str) -> frozenset[str]:
        return frozenset(one for one in self.files if one == file or one.endswith(f"/{file}"))

    @cached_property
    def _known(self) -> list[str]:
        return sorted(frozenset[str]().union(*self.by_kind.values()))

    @cached_property
    def _by_file(self) -> Mapping[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for one in self._known:
            found[one.partition("::")[0]].append(one)
        return found

    @cached_property
    def _by_begin(self) -> Mapping[str, Mapping[str, str]]:
        """Items (the first of several) by what their names in their files begin with and are."""
        found: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for one in self._known:
            tail = one.partition("::")[2]
            found[tail[:_ALIKE]].setdefault(tail, one)
        return found


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that is spelled most alike; None where none is."""
    return next(iter(difflib.get_close_matches(name, sorted(known), n=1, cutoff=_CUTOFF)), None)


def sentence(near: str | None, otherwise: str) -> str:
    """The way out: what was likely meant, or something else."""
    return f"did you mean `{near}`?" if near is not None else otherwise
