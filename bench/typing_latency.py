"""How long findings take while somebody types: didChange to publishDiagnostics, over stdio.

    python -m bench.typing_latency BACKEND CRATE [FILE…] [--edits N]

Starts the real server on the two roots and types into FILEs (paths below either root; by default
the router with most routes, the module with most columns, the largest file of the backend and the
largest of the crate that registers routes, in bytes). Edits are spread over bodies, decorators or
registrations, and fields of classes or structs. Each is typed twice: so that the text stays sound,
and so that it is broken from there on. Every didChange is measured from before it is written until
the diagnostics of that very version have been read; nothing is debounced. Absolute times are one
machine's, with whatever else runs on it.
"""

from __future__ import annotations

import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from tests.server.client import NEOVIM, Client

BREAKERS = ("(", '{"a": [', '"""')
BREAKERS_RUST = ("(", "{", 'r#"')
LIMITS = {"sound": 25.0, "broken": 60.0}  # milliseconds at p95

_BODY = re.compile(r"^(?:    )+(?:return|if|await|let|raise|match|for)\b", re.M)
_DECORATOR = re.compile(r"""^@\w+\.(?:get|post|put|delete|patch)\(\s*"(?P<at>[^"]*)""", re.M)
_REGISTRATION = re.compile(r"""\.route\(\s*"(?P<at>[^"]*)|#\[(?:get|post)\("(?P<too>[^"]*)""")
_FIELD = re.compile(r"^    (?:pub )?\w+: [A-Z]?\w+", re.M)


@dataclass(frozen=True)
class Site:
    """A place to type at: what stands there, and its offset in code points."""

    kind: str
    offset: int


@dataclass(frozen=True)
class Sample:
    file: str
    kind: str
    state: str
    milliseconds: float


def sites(text: str, is_rust: bool) -> list[Site]:
    """The places of a file, in order of their kinds and offsets."""
    found = [Site("body", match.start()) for match in _BODY.finditer(text)]
    pattern = _REGISTRATION if is_rust else _DECORATOR
    found += [Site("route", match.end()) for match in pattern.finditer(text)]
    found += [Site("field", match.end()) for match in _FIELD.finditer(text)]
    return found


def spread(listed: list[Site], count: int) -> list[Site]:
    """At most `count` of the sites of each kind, evenly spread over the file."""
    kinds: defaultdict[str, list[Site]] = defaultdict(list)
    for site in listed:
        kinds[site.kind].append(site)
    chosen: list[Site] = []
    for group in kinds.values():
        step = max(1, len(group) // count)
        chosen += group[::step][:count]
    return chosen


class Typist:
    """Types into one open document and measures."""

    def __init__(self, client: Client, path: Path) -> None:
        self.client, self.path = client, path
        self.text = path.read_text(encoding="utf-8")
        self.uri = client.open(path, self.text, "rust" if path.suffix == ".rs" else "python")
        self.version = 1
        self.heard = 0
        self._hear()

    def type(self, offset: int, removed: int, new: str) -> float:
        """Replaces `removed` code points by `new`; milliseconds to the diagnostics."""
        before, after = self.text[:offset], self.text[offset + removed :]
        change = {
            "range": {
                "start": _position(self.text, offset),
                "end": _position(self.text, offset + removed),
            },
            "text": new,
        }
        self.text = before + new + after
        self.version += 1
        started = time.perf_counter()
        self.client.change(self.uri, self.version, change)
        self._hear()
        return (time.perf_counter() - started) * 1000

    def _hear(self) -> None:
        def is_ours(params: dict[str, object]) -> bool:
            return params["uri"] == self.uri and params.get("version") == self.version

        self.client.wait_for("textDocument/publishDiagnostics", is_ours, after=self.heard)
        self.heard = len(self.client.seen.messages)


def _position(text: str, offset: int) -> dict[str, int]:
    start = text.rfind("\n", 0, offset) + 1
    line = text.count("\n", 0, offset)
    return {"line": line, "character": len(text[start:offset].encode())}


def measure(typist: Typist, site: Site, breaker: str) -> Iterator[tuple[str, float]]:
    """Types at one site: sound text, then broken text, and takes both back."""
    is_rust = typist.path.suffix == ".rs"
    sound = "x"
    if site.kind == "body":
        sound = "    let value = 1;\n" if is_rust else ""
        indent = re.match(r" *", typist.text[site.offset :])
        sound = f"{indent[0] if indent else ''}{'let value = 1;' if is_rust else 'value = 1'}\n"
    yield "sound", typist.type(site.offset, 0, sound)
    yield "sound", typist.type(site.offset, len(sound), "")
    yield "broken", typist.type(site.offset, 0, breaker)
    yield "broken", typist.type(site.offset + len(breaker), 0, "x")
    yield "sound", typist.type(site.offset, len(breaker) + 1, "")


def sources(root: Path, glob: str, pattern: str) -> list[tuple[int, int, Path]]:
    """The files in which a pattern is found: how often, their sizes in bytes, their paths."""
    found = [
        (
            len(re.findall(pattern, path.read_text("utf-8", "replace"), re.M)),
            path.stat().st_size,
            path,
        )
        for path in sorted(root.rglob(glob))
        if path.is_file() and "site-packages" not in path.parts and "target" not in path.parts
    ]
    return [one for one in found if one[0]]


def richest(root: Path, glob: str, pattern: str) -> list[Path]:
    """The file with most matches of a pattern."""
    return [path for _, _, path in sorted(sources(root, glob, pattern), reverse=True)[:1]]


def largest(root: Path, glob: str, pattern: str = r"\n") -> list[Path]:
    """The largest file, in bytes, in which a pattern is found."""
    found = sorted((size, path) for _, size, path in sources(root, glob, pattern))
    return [path for _, path in found[-1:]]


def defaults(backend: Path, crate: Path) -> list[Path]:
    """The files that are typed into when none is named."""
    found = [
        *richest(backend, "*.py", r"^@\w+\.(?:get|post|put|delete|patch)\("),
        *richest(backend, "*.py", r"^    \w+ = Column\(|^    \w+: Mapped"),
        *largest(backend, "*.py"),
        *largest(crate, "*.rs", r"\.route\("),
    ]
    return list(dict.fromkeys(found))


def percentile(values: list[float], share: float) -> float:
    """The value below or at which a share of the values is."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(samples: list[Sample]) -> None:
    """Prints the samples by file, kind and state, then all together."""
    groups: defaultdict[tuple[str, str, str], list[float]] = defaultdict(list)
    for one in samples:
        groups[one.file, one.kind, one.state].append(one.milliseconds)
        groups["all", "", one.state].append(one.milliseconds)
    click.echo(f"{'file':<42} {'kind':<6} {'text':<7} {'n':>5} {'p50':>8} {'p95':>8} {'max':>8}")
    for (file, kind, state), values in groups.items():
        numbers = (percentile(values, 0.5), percentile(values, 0.95), max(values))
        shown = " ".join(f"{number:>8.1f}" for number in numbers)
        click.echo(f"{file[-42:]:<42} {kind:<6} {state:<7} {len(values):>5} {shown}")


@click.command(help=__doc__)
@click.argument("backend", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("crate", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("files", nargs=-1)
@click.option("--edits", default=8, show_default=True, help="Sites of each kind in each file.")
def main(backend: Path, crate: Path, files: tuple[str, ...], edits: int) -> None:
    backend, crate = backend.resolve(), crate.resolve()
    named = [next(p for p in (backend / file, crate / file) if p.exists()) for file in files]
    samples: list[Sample] = []
    with Client(("--backend", str(backend), "--crate", str(crate))) as client:
        client.initialize(backend, NEOVIM)
        click.echo(client.ready()["message"])
        for path in named or defaults(backend, crate):
            typist = Typist(client, path)
            is_rust = path.suffix == ".rs"
            for number, site in enumerate(spread(sites(typist.text, is_rust), edits)):
                breakers = BREAKERS_RUST if is_rust else BREAKERS
                breaker = breakers[number % len(breakers)]
                for state, took in measure(typist, site, breaker):
                    samples.append(Sample(path.name, site.kind, state, took))
    table(samples)
    failed = [
        state
        for state, limit in LIMITS.items()
        if percentile([s.milliseconds for s in samples if s.state == state], 0.95) > limit
    ]
    for state in failed:
        click.echo(f"above the limit of {LIMITS[state]:g} ms at p95: {state} text")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
