"""The oracle of the Rust fixtures: compiles them and asks which handler answers a request.

Only the crates that a fixture knows as `axum` and `actix_web` are stand-ins: they re-export the
framework whole, but `axum::serve` and `HttpServer::run` put the probe's requests to the
application instead of listening on a port. So a fixture's own `main` runs as it is written.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .rust_workspace import Program, write_workspace

_JOIN = "\x1f"
BUILD_SECONDS = 3600
RUN_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Ask:
    """One request without a body."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Requests to one program, with these variables in its environment."""

    program: str
    asks: tuple[Ask, ...]
    variables: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    `handler` is the word by which the handler names itself (else the framework's own text),
    `pattern` the route's path as the framework has it ("" where it names none), `layers` the
    middleware that marked the answer, outermost first.
    """

    status: int
    handler: str
    pattern: str
    layers: tuple[str, ...]


Answers = dict[Run, tuple[Answer, ...] | None]
"""What each run's requests were answered; None where the program never came to serve."""


def cargo_version() -> tuple[int, int] | None:
    """(1, 80) for cargo 1.80.x; None where there is none."""
    cargo = shutil.which("cargo")
    if cargo is None:
        return None
    said = subprocess.run([cargo, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"cargo (\d+)\.(\d+)", said.stdout)
    return (int(found[1]), int(found[2])) if found else None


def ask(programs: Iterable[Program], runs: Iterable[Run], folder: Path) -> Answers:
    """Builds the workspace in `folder` and makes the runs.

    What cargo builds goes to CARGO_TARGET_DIR, or into `folder`. Raises RuntimeError, with what
    cargo or the probe said, where something doesn't compile or run.
    """
    programs = tuple(programs)
    write_workspace(programs, folder)
    target = Path(os.environ.get("CARGO_TARGET_DIR") or folder / "target").absolute()
    _build(folder, target)
    frameworks = {program.name: program.framework for program in programs}
    groups: defaultdict[str, list[Run]] = defaultdict(list)
    for run in runs:
        groups[frameworks[run.program]].append(run)
    answers: Answers = {}
    for framework, group in groups.items():
        answers.update(_put(group, target / "debug" / f"rust-probe-{framework}"))
    return answers


def _build(folder: Path, target: Path) -> None:
    built = subprocess.run(
        ["cargo", "build", "--quiet", "--keep-going", "--bins"],
        cwd=folder,
        env={**os.environ, "CARGO_TARGET_DIR": str(target), "RUSTFLAGS": "-Awarnings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=BUILD_SECONDS,
    )
    if built.returncode:
        raise RuntimeError(f"cargo build failed in {folder}:\n{built.stderr}")


def _put(runs: list[Run], probe: Path) -> Answers:
    """Puts the requests of all runs to one probe; rust_probe/bin/main.rs says in which form."""
    lines: list[str] = []
    for run in runs:
        lines.append(f"{run.program}\t{_pairs(run.variables)}")
        lines += (f"\t{each.method}\t{each.path}\t{_pairs(each.headers)}" for each in run.asks)
    said = subprocess.run(
        [probe],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=RUN_SECONDS,
    )
    if said.returncode:
        raise RuntimeError(f"{probe} failed:\n{said.stderr}")
    blocks = re.split(r"^(?=[^\t])", said.stdout, flags=re.MULTILINE)[1:]
    answers: Answers = {}
    for run, block in zip(runs, blocks, strict=True):
        head, *rest = block.rstrip("\n").split("\n")
        served = head.split("\t")[1] == "served" and len(rest) == len(run.asks)
        answers[run] = tuple(map(_answer, rest)) if served else None
    return answers


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return _JOIN.join(f"{name}={value}" for name, value in pairs)


def _answer(line: str) -> Answer:
    _, status, handler, pattern, layers = line.split("\t")
    return Answer(int(status), handler, pattern, tuple(filter(None, layers.split(_JOIN)))[::-1])
