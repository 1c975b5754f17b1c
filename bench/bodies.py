"""Counts what of the handlers' bodies of a backend is translated.

    python -m bench.bodies BACKEND [--framework axum] [--shown 40]

Lays a new crate's ground, ports every endpoint onto it (nothing is written), and counts from the
syntax tree: statements, raises, try / except and whole bodies, each as translated / all; then the
constructs at which translation ended, by how often, and how many statements stand in such holes.
Handlers whose body nobody tries (they stream, or Python's parser refuses them) count as left.
Then the same of the backend's own functions that they call, of its handlers of Socket.IO's events,
of all of its functions that can be written by themselves, and the raises, tries and queries of the
whole backend, also where nothing is written: queries are the calls of a session's `query`, `get`,
`add`, `delete`, `merge` or `execute`, each counted as translated where its statement is; a shape of
queries (`bench/queries.py`) is translated where one of it is, and where each of them is.
"""

from __future__ import annotations

import ast
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import click

from bench.queries import queries_of
from port_lsp.facts.items import Endpoint, Function
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.desk import Desk, Desks
from port_lsp.patterns.endpoints.filling import Spans
from port_lsp.patterns.endpoints.pattern import EndpointPattern
from port_lsp.patterns.endpoints.pythontext import PythonBody, python_body
from port_lsp.patterns.events.filling import EventSpans
from port_lsp.patterns.events.pattern import EventPattern
from port_lsp.patterns.functions import FunctionPattern
from port_lsp.patterns.ground.start import lay
from port_lsp.patterns.port import CannotPortError, Target
from port_lsp.patterns.translate.body import Translated
from port_lsp.patterns.translate.functionbodies import FunctionSpans
from port_lsp.patterns.translate.noted import INSIDE
from port_lsp.patterns.translate.scene import Span
from port_lsp.writing.registering import Framework

UNTRIED = "a body that nobody tries"


class Count:
    """Translated and all, by kind of statement; what was left."""

    def __init__(self) -> None:
        """Of nothing yet."""
        self.all: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        self.behind: Counter[str] = Counter()

    def add(self, nodes: Iterable[ast.stmt], made: Translated | None) -> None:
        """One body: its statements, and what they were translated to."""
        every = [one for node in nodes for one in ast.walk(node) if isinstance(one, ast.stmt)]
        kinds = Counter(type(one).__name__ for one in every)
        self.all += kinds
        self.all["body"] += 1
        if made is None:
            self.left[UNTRIED] += 1
            self.behind[UNTRIED] += len(every)
            return
        spans = made.spans
        if Counter(one.kind for one in spans) != kinds:
            raise ValueError("statements were lost")
        self.done += Counter(one.kind for one in spans if not one.left)
        self.done["body"] += made.is_whole
        reason = ""
        for one in spans:
            reason = _reason(one, reason)
            if one.left:
                self.behind[reason] += 1
        self.left += Counter(one.left for one in spans if one.left and one.left != INSIDE)


def _reason(one: Span, before: str) -> str:
    return one.left if one.left and one.left != INSIDE else before


def called(desk: Desk) -> Count:
    """The functions that were written for handlers, when these have been ported."""
    found = Count()
    by_key = {one.key: one for one in _functions(desk)}
    for key, made in desk.shares(FunctionSpans).by_function.items():
        # A function inside of another is counted with that.
        body = _body(desk, by_key[key]) if key in by_key else None
        if body is not None:
            found.add(body.nodes, made)
    return found


def everywhere(desk: Desk) -> dict[str, tuple[int, int, int]]:
    """Of the whole backend, its raises, tries and queries: those that are translated, those in
    functions that were tried, and all."""
    made = desk.shares(FunctionSpans).by_function | desk.shares(Spans).by_handler
    backend, events = desk.snapshot.backend, desk.shares(EventSpans).by_event
    for one in backend.events if backend is not None else ():
        if one.id in events:
            made[one.key] = events[one.id]
    done, tried, every = Counter[str](), Counter[str](), Counter[str]()
    shapes, failed = Counter[str](), Counter[str]()
    for one in _functions(desk):
        body = _body(desk, one)
        if body is None:
            continue
        spans = made[one.key].spans if one.key in made else ()
        left = {(span.first, span.last, span.kind): bool(span.left) for span in spans}
        for node in (each for top in body.nodes for each in ast.walk(top)):
            if not isinstance(node, ast.stmt):
                continue
            asked = list(queries_of(node))
            count = Counter(queries=len(asked))
            count["HTTPException"] = isinstance(node, ast.Raise) and _is_http(node)
            count["raises"] = isinstance(node, ast.Raise)
            count["tries"] = isinstance(node, ast.Try)
            every += count
            tried += count if spans else Counter()
            line = node.end_lineno or node.lineno
            shapes.update(asked)
            if not left.get((node.lineno, line, type(node).__name__), True):
                done += count
            else:
                failed.update(asked)
    names = ("HTTPException", "raises", "tries", "queries")
    found = {name: (done[name], tried[name], every[name]) for name in names}
    whole = len(shapes) - len(failed)
    some = sum(failed[one] < count for one, count in shapes.items())
    return found | {"query shapes": (some, len(shapes), len(shapes)),
                    "  each of them": (whole, len(shapes), len(shapes))}  # fmt: skip


def _is_http(node: ast.Raise) -> bool:
    """Whether it raises FastAPI's HTTPException, by its name."""
    made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return made is not None and ast.unparse(made).rpartition(".")[2] == "HTTPException"


def _functions(desk: Desk) -> tuple[Function, ...]:
    return desk.snapshot.backend.functions if desk.snapshot.backend is not None else ()


def _body(desk: Desk, function: Function) -> PythonBody | None:
    file = desk.snapshot.backend_files.get(function.place.file)
    return python_body(file, function.place) if file is not None else None


def counted(desk: Desk) -> Count:
    """All handlers of a backend, ported one by one onto a crate."""
    found = Count()
    backend = desk.snapshot.backend
    handlers: dict[str, Endpoint] = {}
    for one in backend.endpoints if backend is not None else ():
        handlers.setdefault(one.key, one)
    for key, endpoint in handlers.items():
        file = desk.snapshot.backend_files.get(endpoint.place.file)
        body = python_body(file, endpoint.place) if file is not None else None
        if body is None:
            continue
        with suppress(CannotPortError):
            EndpointPattern().draft(desk, [Target("endpoint", endpoint.id)])
        found.add(body.nodes, desk.shares(Spans).by_handler.get(key))
    return found


def of_events(desk: Desk) -> Count:
    """All handlers of Socket.IO's events, ported together."""
    found = Count()
    backend = desk.snapshot.backend
    events = {
        one.id: one
        for one in (backend.events if backend is not None else ())
        if one.direction == "handled"
    }
    if not events:
        return found
    with suppress(CannotPortError):
        EventPattern().draft(desk, [Target("event", ident) for ident in events])
    made = desk.shares(EventSpans).by_event
    for ident, one in events.items():
        file = desk.snapshot.backend_files.get(one.place.file)
        body = python_body(file, one.place) if file is not None else None
        if body is not None:
            found.add(body.nodes, made.get(ident))
    return found


def by_themselves(desk: Desk) -> tuple[int, int]:
    """Ports each function of the backend by itself; how many can be written, and all."""
    done = 0
    keys = dict.fromkeys(one.key for one in _functions(desk))
    for key in keys:
        with suppress(CannotPortError):
            FunctionPattern().draft(desk, [Target("function", key)])
            done += 1
    return done, len(keys)


@click.command(help=__doc__)
@click.argument("backend", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--framework", type=click.Choice(("axum", "actix-web")), default="axum")
@click.option("--shown", default=40, show_default=True, help="How many constructs are shown.")
def main(backend: Path, framework: Framework, shown: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = str(backend.resolve())
        index = Index.open(Wanted(place, place, folder))
        lay(index, framework)
        desk = Desks().at(index)
        found = counted(desk)
        functions = called(desk)
        events = of_events(desk)
        written = by_themselves(desk)
        every = called(desk)
        whole = everywhere(desk)
    click.echo("translated / all")
    _shown(found, shown)
    click.echo("\nthe functions that they call: translated / all")
    _shown(functions, shown)
    click.echo("\nhandlers of Socket.IO's events: translated / all")
    _shown(events, shown)
    click.echo("\nall of the backend's functions that can be written: translated / all")
    _row("functions", *written)
    _shown(every, shown)
    click.echo("\nthe whole backend: translated / all, and of those in functions that were tried")
    for name, (done, tried, asked) in whole.items():
        _row(name, done, asked)
        _row("  tried", done, tried)


def _shown(found: Count, shown: int) -> None:
    total = sum(count for kind, count in found.all.items() if kind != "body")
    done = sum(count for kind, count in found.done.items() if kind != "body")
    _row("statements", done, total)
    _row("bodies", found.done["body"], found.all["body"])
    for kind, count in found.all.most_common():
        if kind != "body":
            _row(kind, found.done[kind], count)
    click.echo("\nleft: how often, statements in such holes, construct")
    for construct, count in found.left.most_common(shown):
        click.echo(f"{count:6} {found.behind[construct]:6}  {construct}")


def _row(name: str, done: int, every: int) -> None:
    share = 100 * done / every if every else 100.0
    click.echo(f"  {name:16} {done:6} / {every:<6} {share:5.1f} %")


if __name__ == "__main__":
    main()
