"""What the Python oracles share: imports of a fixture's modules, each in a process of its own.

An oracle runs foreign code, so that it is a program beside the tests, never a part of the
product. Many fixtures have modules of equal names; each job therefore runs in its own process,
forked from one that has imported the framework already where the system can fork.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import json
import multiprocessing
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Describe = Callable[[Path, str], dict[str, Any]]
"""(folder of the project, what to look at) -> what the framework says of it, as JSON."""


@dataclass(frozen=True, slots=True)
class Job:
    """One project: its folder, the targets to describe, variables of the environment to set."""

    folder: str
    targets: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict[str, str])


def main(describe: Describe, what: str) -> None:
    """Command line of an oracle: `DIR TARGET...`, or `--jobs FILE` with a JSON list of jobs."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--jobs", type=Path, help="JSON: [{folder, targets, env}]")
    parser.add_argument("dir", nargs="?", help="root of the project")
    parser.add_argument("target", nargs="*", help="module:attribute[ @ import root]")
    options = parser.parse_args()
    if options.jobs is not None:
        jobs = [
            Job(job["folder"], tuple(job["targets"]), job.get("env", {}))
            for job in json.loads(options.jobs.read_text(encoding="utf-8"))
        ]
        json.dump(_run_all(jobs, describe), sys.stdout)
        return
    if options.dir is None or not options.target:
        parser.error("DIR and at least one TARGET are needed")
    result = _run(Job(options.dir, tuple(options.target)), describe)
    json.dump(result, sys.stdout, indent=1)
    if any("error" in found for found in result.values()):
        sys.exit(1)


def load_module(folder: Path, target: str) -> Any:
    """Import the module `target` names; after ` @ ` the folders where imports start."""
    name, _, roots = target.partition(" @ ")
    # Not DIR itself: a loose module there must not hide one of the import root.
    sys.path[:0] = [str((folder / root).resolve()) for root in roots.split() or [""]]
    with contextlib.redirect_stdout(sys.stderr):
        return importlib.import_module(name.strip())


def load(folder: Path, target: str) -> Any:
    """Import what `module:expression[ @ root]` names; `root` is where imports start."""
    spec, at, root = target.partition(" @ ")
    module, _, expression = spec.partition(":")
    loaded = load_module(folder, f"{module}{at}{root}")
    with contextlib.redirect_stdout(sys.stderr):
        return _value(loaded, ast.parse(expression.strip(), mode="eval").body)


def _value(module: Any, node: ast.expr) -> Any:
    """The value of `name`, `a.b` or `f(literal, ...)` in a module: no more is needed."""
    if isinstance(node, ast.Name):
        return getattr(module, node.id)
    if isinstance(node, ast.Attribute):
        return getattr(_value(module, node.value), node.attr)
    if isinstance(node, ast.Call):
        keywords = {str(word.arg): ast.literal_eval(word.value) for word in node.keywords}
        return _value(module, node.func)(*map(ast.literal_eval, node.args), **keywords)
    raise ValueError(f"not a name, an attribute or a call: {ast.unparse(node)}")


def _run(job: Job, describe: Describe) -> dict[str, Any]:
    """Describe each target; one that can't be imported yields {"error": its traceback}."""
    sys.dont_write_bytecode = True
    os.environ.update(job.env)
    folder = Path(job.folder).resolve()
    return {target: _said_or_error(describe, folder, target) for target in job.targets}


def _said_or_error(describe: Describe, folder: Path, target: str) -> dict[str, Any]:
    try:
        return describe(folder, target)
    except Exception:  # noqa: BLE001 - foreign code may raise anything; the caller is told
        return {"error": traceback.format_exc()}


def _run_all(jobs: list[Job], describe: Describe) -> list[dict[str, Any]]:
    """Run every job in a process of its own, in order; at most as many at once as cores."""
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    with context.Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        work = [(job, describe) for job in jobs]
        return pool.starmap(_run, work, chunksize=1)
