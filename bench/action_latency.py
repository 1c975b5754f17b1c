"""How long code actions take: textDocument/codeAction and codeAction/resolve, over stdio.

    python -m bench.action_latency BACKEND CRATE [FILE…] [--positions N]

Starts the real server on the two roots, opens FILEs (paths below BACKEND; by default the largest
router), and at up to N endpoints of each, evenly spread, asks for the actions and resolves every
one that ports a single item. Before half of the positions a line is typed at the file's end, so
that nothing of the last revision can be used again. `--wait` seconds are waited after the FILE was
opened, as its reader would: the server does the first port ahead in that time, and who asks at once
(`--wait 0`) waits for it. Absolute times are one machine's, with whatever else runs on it.

Then the handler with the longest body that isn't ported is resolved by itself, `--largest` times,
a line being typed before each; what the server's process worked for it is told beside the time
(Linux alone says it), which other programs make no longer.
"""

from __future__ import annotations

import os
import re
import sys
import time
from contextlib import suppress
from pathlib import Path

import click

from bench.typing_latency import Typist, defaults, percentile
from port_lsp.facts.items import Endpoint
from port_lsp.index.index import Index
from port_lsp.index.roots import Wanted
from port_lsp.patterns.endpoints.pythontext import python_body
from port_lsp.patterns.port import unfinished
from tests.server.client import NEOVIM, Client, Json, ResponseError

LIMITS = {"listing": 20.0, "resolve": 100.0}  # milliseconds at p95
LARGEST = 300.0  # milliseconds of work for the largest handler, in half of the cases
_HANDLER = re.compile(r"^(?:async )?def (?P<name>\w+)", re.M)


def positions(text: str, count: int) -> list[Json]:
    """Where the names of functions are, evenly spread."""
    found: list[Json] = []
    for match in _HANDLER.finditer(text):
        at = match.start("name")
        line, start = text.count("\n", 0, at), text.rfind("\n", 0, at) + 1
        found.append({"line": line, "character": at - start})
    step = max(1, len(found) // count)
    return found[::step][:count]


def measure(client: Client, typist: Typist, at: Json, taken: dict[str, list[float]]) -> None:
    """Lists at one position, and resolves what ports one item."""
    params: Json = {
        "textDocument": {"uri": typist.uri},
        "range": {"start": at, "end": at},
        "context": {"diagnostics": []},
    }
    began = time.perf_counter()
    listed = client.request("textDocument/codeAction", params)
    taken["listing"].append((time.perf_counter() - began) * 1000)
    for action in listed:
        if action["kind"].startswith("refactor.rewrite.port") and not action["kind"].endswith(
            ".file"
        ):
            began = time.perf_counter()
            with suppress(ResponseError):  # it says why it can't be written
                client.request("codeAction/resolve", action)
            taken["resolve"].append((time.perf_counter() - began) * 1000)


def largest(backend: Path, crate: Path) -> tuple[Path, str, Json, int] | None:
    """The handler with the longest body that isn't ported: its file, name and place, and how many
    lines it has."""
    index = Index.open(Wanted(str(backend), str(backend), str(crate)))
    snapshot = index.snapshot
    new = {one.id for one in unfinished(snapshot) if one.kind == "endpoint"}
    found: list[tuple[int, Endpoint]] = []
    for one in snapshot.backend.endpoints if snapshot.backend is not None else ():
        body = python_body(snapshot.backend_files[one.place.file], one.place)
        if one.id in new and body is not None and body.nodes:
            found.append((body.end - body.nodes[0].lineno + 1, one))
    if not found:
        return None
    lines, one = max(found, key=lambda pair: pair[0])
    source = snapshot.backend_files[one.place.file]
    line, column = source.text.line_column(source.span(one.place).start, "utf-16")
    at: Json = {"line": line, "character": column}
    return backend / one.place.file, one.handler, at, lines


def worked(client: Client) -> float:
    """The milliseconds that the server's process has worked; 0 where the system doesn't say it."""
    try:
        text = Path(f"/proc/{client.process.pid}/stat").read_text("utf-8")
    except OSError:
        return 0.0
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")


def measure_largest(client: Client, backend: Path, crate: Path, times: int) -> bool:
    """Resolves the largest handler's action, and prints how long it took; whether that is well."""
    one = largest(backend, crate)
    if one is None:
        return True
    path, name, at, lines = one
    typist = Typist(client, path)
    took: list[float] = []
    work: list[float] = []
    for number in range(times):
        typist.type(len(typist.text), 0, f"value_{number} = 1\n")
        params: Json = {
            "textDocument": {"uri": typist.uri},
            "range": {"start": at, "end": at},
            "context": {"diagnostics": []},
        }
        listed = client.request("textDocument/codeAction", params)
        action = next(one for one in listed if one["kind"] == "refactor.rewrite.port.endpoint")
        before, began = worked(client), time.perf_counter()
        client.request("codeAction/resolve", action)
        took.append((time.perf_counter() - began) * 1000)
        work.append(worked(client) - before)
    told = f"p50 {percentile(took, 0.5):.0f} ms, longest {max(took):.0f} ms"
    told += f"; of work p50 {percentile(work, 0.5):.0f} ms, most {max(work):.0f} ms"
    click.echo(f"resolve of the largest, {name} ({lines} lines): {times} times, {told}")
    is_well = percentile(work if any(work) else took, 0.5) <= LARGEST
    if not is_well:
        click.echo(f"above the limit of {LARGEST:g} ms: the largest handler's resolve")
    return is_well


@click.command(help=__doc__)
@click.argument("backend", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("crate", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("files", nargs=-1)
@click.option("--positions", "count", default=30, show_default=True, help="In each file.")
@click.option("--wait", default=3.0, show_default=True, help="Seconds before the first one.")
@click.option("--largest", "times", default=10, show_default=True, help="How often; 0: never.")
def main(
    backend: Path, crate: Path, files: tuple[str, ...], count: int, wait: float, times: int
) -> None:
    backend, crate = backend.resolve(), crate.resolve()
    named = [backend / file for file in files] or defaults(backend, crate)[:1]
    taken: dict[str, list[float]] = {"listing": [], "resolve": []}
    with Client(("--backend", str(backend), "--crate", str(crate))) as client:
        client.initialize(backend, NEOVIM)
        click.echo(client.ready()["message"])
        for path in named:
            typist = Typist(client, path)
            time.sleep(wait)
            for number, at in enumerate(positions(typist.text, count)):
                if number % 2:
                    typist.type(len(typist.text), 0, f"value_{number} = 1\n")
                measure(client, typist, at, taken)
        is_well = not times or measure_largest(client, backend, crate, times)
    for name, values in taken.items():
        shown = ", ".join(f"p{share:.0%}".rstrip("%") + f" {percentile(values, share):.1f} ms"
                          for share in (0.5, 0.95)) if values else "none"  # fmt: skip
        click.echo(f"{name}: {len(values)} times, {shown}")
    failed = [name for name, limit in LIMITS.items()
              if taken[name] and percentile(taken[name], 0.95) > limit]  # fmt: skip
    for name in failed:
        click.echo(f"above the limit of {LIMITS[name]:g} ms at p95: {name}")
    sys.exit(1 if failed or not is_well else 0)


if __name__ == "__main__":
    main()
