"""How long code actions take: textDocument/codeAction and codeAction/resolve, over stdio.

    python -m bench.action_latency BACKEND CRATE [FILE…] [--positions N]

Starts the real server on the two roots, opens FILEs (paths below BACKEND; by default the largest
router), and at up to N endpoints of each, evenly spread, asks for the actions and resolves every
one that ports a single item. Before half of the positions a line is typed at the file's end, so
that nothing of the last revision can be used again. `--wait` seconds are waited after the FILE was
opened, as its reader would: the server does the first port ahead in that time, and who asks at once
(`--wait 0`) waits for it. Absolute times are one machine's, with whatever else runs on it.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import click

from bench.typing_latency import Typist, defaults, percentile
from tests.server.client import NEOVIM, Client, Json

LIMITS = {"listing": 20.0, "resolve": 100.0}  # milliseconds at p95
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
            client.request("codeAction/resolve", action)
            taken["resolve"].append((time.perf_counter() - began) * 1000)


@click.command(help=__doc__)
@click.argument("backend", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("crate", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("files", nargs=-1)
@click.option("--positions", "count", default=30, show_default=True, help="In each file.")
@click.option("--wait", default=3.0, show_default=True, help="Seconds before the first one.")
def main(backend: Path, crate: Path, files: tuple[str, ...], count: int, wait: float) -> None:
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
    for name, values in taken.items():
        shown = ", ".join(f"p{share:.0%}".rstrip("%") + f" {percentile(values, share):.1f} ms"
                          for share in (0.5, 0.95)) if values else "none"  # fmt: skip
        click.echo(f"{name}: {len(values)} times, {shown}")
    failed = [name for name, limit in LIMITS.items()
              if taken[name] and percentile(taken[name], 0.95) > limit]  # fmt: skip
    for name in failed:
        click.echo(f"above the limit of {LIMITS[name]:g} ms at p95: {name}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
