"""Which functions begin an application, which are never called, and what each makes.

A program's `main` begins one. So does a function that nothing we follow calls although its name
stands in code that we don't follow, and in a tree without a program every public one. What is left
is called by nobody: its registrations are mounted nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from port_lsp.facts.routing import Register
from port_lsp.facts.source import SourceFile
from port_lsp.rust.attribute_routes import attribute_routes
from port_lsp.rust.calls import apply
from port_lsp.rust.declared import ChunkFacts, FnItem
from port_lsp.rust.frames import Frame
from port_lsp.rust.interpret import Interpreter
from port_lsp.rust.memo import Word
from port_lsp.rust.module import Chunks, Found
from port_lsp.rust.modules import Modules
from port_lsp.rust.record import Identity, Record
from port_lsp.rust.values import Function, Routes

Named = dict[tuple[Identity, str], tuple[SourceFile, bool]]
FactsByFile = Mapping[str, Chunks]
_APPLICATIONS = frozenset({"axum", "app"})


class Made(msgspec.Struct, frozen=True, eq=False):
    """A router that nothing took in, and the function that made it."""

    routes: Routes
    function: Found


class Roots(msgspec.Struct, frozen=True, eq=False):
    """Applications, what nothing mounts, and the handlers whose attributes nobody served.

    `given` are handlers with attributes that a macro of the project was given: it serves them where
    we can't see. `doubtful` are the functions that may begin an application, each with whether it
    was taken to.
    """

    applications: tuple[Made, ...]
    unmounted: tuple[Made, ...]
    unserved: tuple[tuple[Register, ...], ...]
    given: tuple[tuple[Register, ...], ...]
    doubtful: tuple[tuple[Found, bool], ...]


def find_roots(run: Interpreter, files: Mapping[str, SourceFile], facts: FactsByFile) -> Roots:
    """Runs every function that matters, each once as a beginning unless another one calls it."""
    modules = run.modules
    applications: list[Made] = []
    unmounted: list[Made] = []
    programs = [root for root in modules.roots if root.crate.is_program]
    for root in programs:
        for found in root.names.get("main", ()):
            applications += _run(run, found)
            unmounted += (Made(value, found) for value in run.record.dropped if value.steps)
            run.record.dropped.clear()
    doubtful: list[tuple[Found, bool]] = []
    for found, made in _run_alone(run, _uncalled(run, modules)):
        doubtful.append((found, begins(run, files, facts, found)))
        if doubtful[-1][1]:
            applications += made
        else:
            unmounted += made
    unserved = list(_unserved(run, modules))
    return Roots(
        tuple(made for made in applications if made.routes.kind in _APPLICATIONS),
        tuple(unmounted)
        + tuple(made for made in applications if made.routes.kind not in _APPLICATIONS),
        tuple(steps for found, steps in unserved if found not in run.record.named),
        tuple(steps for found, steps in unserved if found in run.record.named),
        tuple(doubtful),
    )


def _run(run: Interpreter, found: Found) -> list[Made]:
    """Runs a function with unknown arguments; what it leaves behind are whole routers."""
    before = set(run.live)
    frame = Frame(found.module, found.chunk, found.qualified, None)
    for type_name in _selves(run, found):
        apply(run, Function(found, frame, (), type_name), [])
    left = [value for key, value in run.live.items() if key not in before and value.steps]
    return [Made(value, found) for value in left]


def _selves(run: Interpreter, found: Found) -> list[str] | list[None]:
    """Whose function it is: what a trait gives its types is each one's that has none of its own."""
    item = found.item
    if not isinstance(item, FnItem) or not item.trait or item.owner != item.trait:
        return [None]
    types = run.modules.members.implementors(item.trait)
    return [name for name in types if not run.modules.members_of(name, item.name)] or [None]


def _uncalled(run: Interpreter, modules: Modules) -> list[Found]:
    """Functions that deal with routers and that no `main` leads to."""
    found: dict[Identity, Found] = {}
    for one in modules.functions():
        if one.identity not in run.record.called:
            found.setdefault(one.identity, one)
    return list(found.values())


def _run_alone(run: Interpreter, rest: list[Found]) -> list[tuple[Found, list[Made]]]:
    """Runs each; those that another of them calls are none of their own."""
    results: list[tuple[Found, list[Made], Record]] = []
    called_by_others: set[Identity] = set()
    whole = run.record
    for found in rest:
        run.recorded(Record())
        made = _run(run, found)
        if found.module.file not in run.modules.orphans:
            called_by_others |= run.record.called - {found.identity}
        results.append((found, made, run.record))
    run.recorded(whole)
    alone: list[tuple[Found, list[Made]]] = []
    for found, made, record in results:
        own = found.identity not in called_by_others
        whole.absorb(record, unresolved=own)
        if own and made:
            alone.append((found, made))
    whole.dropped.clear()
    return alone


def begins(
    run: Interpreter,
    files: Mapping[str, SourceFile],
    facts: FactsByFile,
    found: Found,
    known: Named | None = None,
) -> bool:
    """Whether a function that nothing we follow calls begins an application.

    `known` is what was found out of files since all was run.
    """
    if found.module.file in run.modules.orphans:
        return False
    if found.identity in run.record.named:
        return True
    if not any(root.crate.is_program for root in run.modules.roots):
        return found.item.public
    return is_named_elsewhere(run, files, facts, found, {} if known is None else known)


def is_named_elsewhere(
    run: Interpreter,
    files: Mapping[str, SourceFile],
    facts: FactsByFile,
    found: Found,
    kept: Named,
) -> bool:
    """Whether a function is named in code that wasn't followed, tests left out."""
    item = found.item
    if not isinstance(item, FnItem):
        return False
    if item.trait and item.owner:
        return True  # called through its trait
    word = Word(item.name.encode(), bool(item.owner))
    for path, chunks in facts.items():
        if path not in run.modules.files_read:
            continue
        file, key = files[path], (found.identity, path)
        known = kept.get(key)
        if known is None or known[0] is not file:
            known = file, run.memo.has_word(file, word) and _names(run, file, chunks, found, word)
            kept[key] = known
        if known[1]:
            return True
    return False


def _names(run: Interpreter, file: SourceFile, chunks: Chunks, found: Found, word: Word) -> bool:
    """Whether code of a file that wasn't followed names a function by this word."""
    item = found.item
    for ident, chunk_facts in chunks:
        chunk = file.by_id[ident]
        if not run.memo.chunk_has_word(file, chunk, word):
            continue
        text = file.chunk_bytes(chunk)
        if chunk.kind in ("import", "module") and b"{" not in text:
            continue
        if (file.path, ident) == found.identity[:2]:
            text = text[: item.start] + b" " * (item.end - item.start) + text[item.end :]
        if not word.stands_in(text) or _followed(run, file.path, ident, chunk_facts):
            continue
        if _may_mean(run, file.path, found, text):
            return True
    return False


def _followed(run: Interpreter, path: str, chunk: str, facts: ChunkFacts) -> bool:
    """Whether a chunk is one function that was run, or holds none."""
    functions = [item for item in facts.items if isinstance(item, FnItem)]
    return all((path, chunk, item.start) in run.record.called for item in functions)


def _may_mean(run: Interpreter, path: str, found: Found, text: bytes) -> bool:
    """Whether a name in a file may mean that function: it is there, or it is written out."""
    item = found.item
    if isinstance(item, FnItem) and item.owner:
        return True
    if path == found.module.file:
        return True
    for module in run.modules.modules:
        if module.file == path and run.modules.named(module, item.name, value=True) == found:
            return True
    behind = re.compile(rb"::\s*" + re.escape(item.name).encode() + rb"\b")
    return behind.search(text) is not None


def _unserved(
    run: Interpreter, modules: Modules
) -> Iterator[tuple[Identity, tuple[Register, ...]]]:
    """Handlers with an attribute macro that no `.service` ever got."""
    seen: set[Identity] = set()
    for found in modules.attributed():
        key = found.identity
        if key in seen or key in run.record.served:
            continue
        seen.add(key)
        if steps := attribute_routes(run, found):
            yield key, steps
