"""Runs an oracle over fixtures and holds what it says against the committed files.

Metadata of a fixture that is read here:

* `app:` or `module:`, what the oracle is to look at; several lines, several targets.
* `variant:` a way to run it, words apart: `NAME=value` sets a variable of the environment,
  `-path` leaves a file out. Without any there is one variant that does neither. An endpoint
  that only some variants have gets `"when"`, the list of those that have it.
* `needs:` a requirement (`fastapi>=0.137`, `python>=3.12`) without which the oracle says
  something else; such a fixture is skipped then, with that as the reason.

`UPDATE_EXPECT=1` in the environment writes the committed files instead of comparing.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, cast

import pytest
from packaging.requirements import Requirement

from tests.fixturefile import Fixture, parse

Json = dict[str, Any]
_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Run:
    """One import: of one target of one fixture, in one variant."""

    fixture: Path
    target: str
    variant: str


def missing(fixture: Fixture) -> str | None:
    """The requirement of a fixture that this environment doesn't meet, or None."""
    for text in fixture.meta.get("needs", ()):
        need = Requirement(text)
        version = _version(need.name)
        if version is None:
            return f"needs {text}, which isn't installed"
        if not need.specifier.contains(version, prereleases=True):
            return f"needs {text}, this is {version}"
    return None


def _version(package: str) -> str | None:
    if package == "python":
        return platform.python_version()
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def ask(oracle: Path, fixtures: list[Path], key: str) -> dict[Path, Json]:
    """What `oracle` says of each fixture whose needs are met: target -> its description.

    Raises subprocess.CalledProcessError if the oracle itself fails; a target that can't be
    imported yields `{"error": traceback}`.
    """
    runs: list[Run] = []
    jobs: list[Json] = []
    with tempfile.TemporaryDirectory() as scratch:
        for path in fixtures:
            fixture = parse(path.read_text(encoding="utf-8"))
            if missing(fixture):
                continue
            for variant in fixture.meta.get("variant", ("",)):
                folder = Path(scratch) / str(len(jobs))
                env = _prepare(fixture, variant, folder)
                for target in fixture.meta[key]:
                    runs.append(Run(path, target, variant))
                    jobs.append({"folder": str(folder), "targets": [target], "env": env})
        answers = _run(oracle, jobs, Path(scratch))
    said: dict[Path, dict[str, list[tuple[str, Json]]]] = {}
    for run, answer in zip(runs, answers, strict=True):
        by_target = said.setdefault(run.fixture, {})
        by_target.setdefault(run.target, []).append((run.variant, answer[run.target]))
    return {
        path: {target: _merged(variants) for target, variants in targets.items()}
        for path, targets in said.items()
    }


def _prepare(fixture: Fixture, variant: str, folder: Path) -> dict[str, str]:
    """Write the variant's files; return its environment."""
    words = variant.split()
    env = dict(word.split("=", 1) for word in words if "=" in word)
    absent = {word[1:] for word in words if word.startswith("-")}
    kept = {path: text for path, text in fixture.files.items() if path not in absent}
    Fixture(kept).write_to(folder)
    return env


def _run(oracle: Path, jobs: list[Json], scratch: Path) -> list[Json]:
    listed = scratch / "jobs.json"
    listed.write_text(json.dumps(jobs), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(oracle), "--jobs", str(listed)],
        stdout=subprocess.PIPE,
        check=True,
        timeout=600,
    )
    return json.loads(done.stdout)


def _merged(variants: list[tuple[str, Json]]) -> Json:
    """The union of what the variants have; the rest as the first one says it."""
    if len(variants) == 1:
        return variants[0][1]
    failed = [said for _, said in variants if "error" in said]
    if failed:
        return failed[0]
    rows: dict[tuple[str, int], tuple[Json, list[str]]] = {}
    for variant, said in variants:
        texts = [json.dumps(row, sort_keys=True) for row in said["endpoints"]]
        for at, (text, row) in enumerate(zip(texts, said["endpoints"], strict=True)):
            # The same route may be there twice: its n-th time is the other variant's n-th.
            rows.setdefault((text, texts[:at].count(text)), (row, []))[1].append(variant)
    endpoints = [
        row if len(when) == len(variants) else {**row, "when": when} for row, when in rows.values()
    ]
    return {**variants[0][1], "endpoints": endpoints}


def is_committed(path: Path, said: dict[Path, Json]) -> None:
    """Asserts that what `ask` gave of a fixture is what is committed of it; skips a fixture whose
    needs aren't met."""
    if reason := missing(parse(path.read_text(encoding="utf-8"))):
        pytest.skip(reason)
    errors = [answer["error"] for answer in said[path].values() if "error" in answer]
    assert not errors, "\n".join(errors)
    expected = expected_path(path)
    if updating():
        expected.write_text(dumped(said[path]) + "\n", encoding="utf-8")
    assert said[path] == json.loads(expected.read_text(encoding="utf-8"))


def expected_path(fixture: Path) -> Path:
    """Where the oracle's word on a fixture is committed."""
    return fixture.with_suffix(".expected.json")


def updating() -> bool:
    """Whether the committed files are to be rewritten."""
    return os.environ.get("UPDATE_EXPECT") == "1"


def dumped(value: Any, indent: int = 0) -> str:
    """JSON with everything that fits into a line on one line: readable, and good to diff."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= _WIDTH or not isinstance(value, (dict, list)) or not value:
        return flat
    pad = " " * (indent + 1)
    if isinstance(value, list):
        items = cast(list[Any], value)
        lines = [pad + dumped(item, indent + 1) for item in items]
        return "[\n" + ",\n".join(lines) + "\n" + " " * indent + "]"
    entries = cast(Json, value)
    lines = [f"{pad}{json.dumps(k)}: {dumped(v, indent + 1)}" for k, v in entries.items()]
    return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
