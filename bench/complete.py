"""How complete the models and tables are that are written into a new crate.

    python -m bench.complete BACKEND [--framework actix-web] [--shown 20]

Counted from Python's syntax tree: the classes that are models, tables, enums, typed dicts or
dataclasses by what their bases are called, and the fields that they declare. Complete is a class
that is written, and a field that its struct or enum has with a type of its own: JSON's `Value` for
an annotation that says more than "anything" isn't, nor is what is written with `todo!`,
`unimplemented!`, `panic!` or `Default::default()`. Prints both as complete / all, then what is
left, by how often. Exit status 1 if anything is.
"""

from __future__ import annotations

import ast
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from bench.port_compile import port
from port_lsp.facts.items import Model
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.index.snapshot import Snapshot
from port_lsp.patterns.desk import Desks
from port_lsp.patterns.ground.start import lay
from port_lsp.patterns.models import places_at
from port_lsp.types.wire import Wire
from port_lsp.writing.registering import Framework

_ROOTS = frozenset(
    ("BaseModel", "RootModel", "GenericModel", "BaseSettings", "Base", "DeclarativeBase", "Model",
     "Enum", "StrEnum", "IntEnum", "TypedDict", "SQLModel")
)  # fmt: skip
_COLUMNS = re.compile(r"(?:Column|mapped_column|\w+Field)$")
_HOLES = re.compile(r"\b(?:todo|unimplemented|panic)!|\bDefault::default\(\)")
_VALUE = re.compile(r"\b(?:Value|JsonValue)\b")
_OPEN = frozenset(("any", "unknown"))


def classes(snapshot: Snapshot) -> dict[str, ast.ClassDef]:
    """The classes of a backend that are models by their bases' names or their decorator, by item
    key; those inside of others or of functions aren't counted."""
    every: dict[str, ast.ClassDef] = {}
    for path, file in snapshot.backend_files.items():
        for node in ast.parse(file.text.data).body:
            if isinstance(node, ast.ClassDef):
                every[f"{path}::{node.name}"] = node
    known = set(_ROOTS)
    found: dict[str, ast.ClassDef] = {}
    while True:
        more = {
            key: node for key, node in every.items()
            if key not in found and (_names(node.bases) & known or _is_data(node))
        }  # fmt: skip
        if not more:
            return {key: node for key, node in found.items() if any(declared(node))}
        found |= more
        known |= {node.name for node in more.values()}


def _names(nodes: list[ast.expr]) -> set[str]:
    """The last names of what is written, without arguments in brackets."""
    return {ast.unparse(one).partition("[")[0].rpartition(".")[2] for one in nodes}


def _is_data(node: ast.ClassDef) -> bool:
    return any(
        ast.unparse(one).partition("(")[0].endswith("dataclass") for one in node.decorator_list
    )


def declared(node: ast.ClassDef) -> Iterator[str]:
    """The fields that a class declares, or the members of an enum."""
    is_enum = any(name.endswith("Enum") for name in _names(node.bases))
    for one in node.body:
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            if "ClassVar" not in ast.unparse(one.annotation) and one.target.id[0] != "_":
                yield one.target.id
        elif isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            call = ast.unparse(one.value.func) if isinstance(one.value, ast.Call) else ""
            # A function in an Enum is no member (Python's docs, "Enum HOWTO").
            is_member = is_enum and not isinstance(one.value, ast.Lambda)
            if (is_member or _COLUMNS.search(call)) and one.targets[0].id[0] != "_":
                yield one.targets[0].id


def says_anything(wire: Wire) -> bool:
    """Whether a type says nothing of what it holds, somewhere in it."""
    return wire.kind in _OPEN or any(map(says_anything, wire.args))


class Count:
    """Complete and all; what is left."""

    def __init__(self) -> None:
        """Of nothing yet."""
        self.classes = self.fields = self.all_classes = self.all_fields = self.anything = 0
        self.left: Counter[str] = Counter()

    def add(
        self, node: ast.ClassDef, model: Model | None, of: Model | None, open_: set[str]
    ) -> None:
        """A class with what stands for it: its fact `of` the backend, the struct's, and the fields
        whose annotation says that they are anything."""
        names = list(declared(node))
        self.all_classes += 1
        self.all_fields += len(names)
        if model is None or of is None:
            self.left[f"a class that isn't written: {node.name}"] += 1
            return
        self.classes += 1
        fields = {one.alias or one.name: one for one in model.fields}
        aliases = {one.name: (one.alias or one.name, one.column or "") for one in of.fields}
        for name in names:
            wanted = (*aliases.get(name, ()), name)
            there = next((fields[one] for one in wanted if one in fields), None)
            if there is None and of.kind == "enum":
                self.fields += 1  # its variant is named otherwise; verified when it was written
            elif there is None:
                self.left[f"a field that isn't written: {node.name}.{name}"] += 1
            elif _VALUE.search(there.annotation or "") and name not in open_:
                self.left[f"a Value for {node.name}.{name}"] += 1
            else:
                self.fields += 1
                self.anything += name in open_


def counted(backend: Path, framework: Framework, folder: Path) -> tuple[Count, Counter[str]]:
    """The models of a backend, written into a new crate in a folder; and the holes in them."""
    folder.mkdir(parents=True)
    before = Index.open(Wanted(str(backend), str(backend), str(folder)))
    lay(before, framework)
    places = places_at(Desks().at(before))
    port(backend, folder, ("model",), framework)
    index = Index.open(Wanted(str(folder), str(backend), str(folder)))
    snapshot, reader = index.snapshot, index.backend_reader
    assert snapshot.backend is not None
    assert snapshot.crate is not None
    assert reader is not None
    facts = {one.key: one for one in snapshot.backend.models}
    structs = {one.key: one for one in snapshot.crate.models}
    found, files = Count(), set[str]()
    ignored = {one.backend for one in snapshot.links.models if one.presence == "ignored"}
    for key, node in classes(snapshot).items():
        of = facts.get(key)
        if key in ignored:
            continue
        if of is None:
            found.add(node, None, None, set())
            continue
        file, symbol = places.written(key)
        files.add(file)
        open_ = {one.name for one in reader.schema(of).fields if says_anything(one.wire)}
        found.add(node, structs.get(f"{file}::{symbol.name}"), of, open_)
    texts = [(folder / one).read_text("utf-8") for one in sorted(files)]
    return found, Counter(match[0] for text in texts for match in _HOLES.finditer(text))


@click.command(help=__doc__)
@click.argument("backend", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--framework", type=click.Choice(("axum", "actix-web")), default="axum")
@click.option("--shown", default=20, show_default=True, help="How many kinds are shown.")
def main(backend: Path, framework: Framework, shown: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found, holes = counted(backend.resolve(), framework, Path(folder).resolve() / "crate")
    _row("classes", found.classes, found.all_classes)
    _row("fields", found.fields, found.all_fields)
    click.echo(f"  of them {found.anything} whose annotation says that they are anything")
    left = found.left + holes
    for what, count in left.most_common(shown):
        click.echo(f"{count:6}  {what}")
    sys.exit(1 if left else 0)


def _row(name: str, done: int, every: int) -> None:
    click.echo(f"  {name:8} {done:6} / {every:<6} {100 * done / every if every else 100:6.2f} %")


if __name__ == "__main__":
    main()
